"""Pages of what a budget adds up to: loans, and the reconciliation."""

from forecasts.views.loans import LoansView
from forecasts.views.reconciliation import ReasonView, ReconciliationView, RemoveReasonView, UndoReasonView

__all__ = ["LoansView", "ReasonView", "ReconciliationView", "RemoveReasonView", "UndoReasonView"]
