"""What is stored of forecasts, what is behind, what the loans page shows, and the reconciliation."""

from forecasts.selectors.computed import load_computed
from forecasts.selectors.loans import (
    Borrowing,
    Council,
    FrameworkState,
    Repayments,
    compare_borrowing,
    list_awaited,
    list_faulty_loans,
    list_framework_states,
    list_loans_without_plan,
    list_unknown,
    load_repayments,
)
from forecasts.selectors.reconciliation import Difference, count_unexplained, list_differences, reconcile
from forecasts.selectors.stored import budgets_behind, load_amounts, load_forecast, sub_budgets_behind

__all__ = [
    "Borrowing",
    "Council",
    "Difference",
    "FrameworkState",
    "Repayments",
    "budgets_behind",
    "compare_borrowing",
    "count_unexplained",
    "list_awaited",
    "list_differences",
    "list_faulty_loans",
    "list_framework_states",
    "list_loans_without_plan",
    "list_unknown",
    "load_amounts",
    "load_computed",
    "load_forecast",
    "load_repayments",
    "reconcile",
    "sub_budgets_behind",
]
