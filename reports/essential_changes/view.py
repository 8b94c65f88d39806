"""What the objects write on the year's essential changes, on one page to print for the budget document."""

from __future__ import annotations

from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from budgets.selectors.sub_budgets import can_edit, list_sub_budgets
from pages.base import InBudget
from web.views import Context


class EssentialChangesView(InBudget, TemplateView):
    """All texts of a budget, in the order of the objects; those that are not written are named."""

    title = gettext_lazy("Essential changes")
    nav_key = "overview"
    help_key = "together"
    template_name = "reports/essential_changes/essential_changes.html"

    def get_context_data(self, **kwargs: object) -> Context:
        """Read the texts."""
        rows = list(list_sub_budgets(self.budget, self.reader))
        missing = [(row, can_edit(self.reader, row)) for row in rows if not row.changes_sv]
        shown = {"written": [row for row in rows if row.changes_sv], "missing": missing}
        return super().get_context_data(**{**kwargs, **shown})
