"""The budgeted balance sheet: what is owned and owed at each year's end, and as a workbook."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from forecasts.selectors.balance import load_balance
from objects.selectors.registers import can_keep
from pages.base import InBudget
from reports.balance.rows import judge, list_beside_debt, list_changes, list_sides
from reports.balance.workbook import make_balance_workbook, name_balance_workbook
from web.views import Context
from web.workbook import CONTENT_TYPE

TITLE = gettext_lazy("Budgeted balance sheet")


class InBalance(InBudget):
    """A page about a budget's balance sheet."""

    nav_key = "balance"


class BalanceView(InBalance, TemplateView):
    """Levels, changes, book value beside debt, and what is missing."""

    title = TITLE
    template_name = "reports/balance/balance.html"

    def get_context_data(self, **kwargs: object) -> Context:
        """Read the stored forecasts and what is entered."""
        report = load_balance(self.budget, self.reader)
        owned, owed = list_sides(report)
        keeps = can_keep(self.reader)
        shown = {
            "report": report,
            "statable_on": min(report.opening_on, date(timezone.localdate().year - 1, 12, 31)),
            "verdict": judge(report),
            "owned": owned,
            "owed": owed,
            "changes": list_changes(report),
            "beside_debt": list_beside_debt(report),
            "can_keep": keeps,
            "can_plan": keeps and self.budget.status == self.budget.Status.DRAFT,
            "to_state": [item for item in report.missing if item != "debt"],
        }
        return super().get_context_data(**{**shown, **kwargs})


class BalanceWorkbookView(InBalance, TemplateView):
    """The file."""

    title = TITLE

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Return it."""
        content = make_balance_workbook(self.budget, load_balance(self.budget, self.reader))
        response = HttpResponse(content, content_type=CONTENT_TYPE)
        response["Content-Disposition"] = f'attachment; filename="{name_balance_workbook(self.budget)}"'
        return response
