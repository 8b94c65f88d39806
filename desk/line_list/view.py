"""All cost lines of a budget, filtered: what figures elsewhere open."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from accounts.models import User
from budgets.models import CostLine
from budgets.selectors.lines import list_choices, list_lines, read_governance_objects, sum_all
from desk.line_list.filter import LineFilter
from desk.line_list.table import LineTable
from pages.base import InBudget
from pages.imports import find_import_url
from web.views import BaseListView, Context, Rows


class LineListView(InBudget, BaseListView[CostLine]):
    """All cost lines, filtered: what figures elsewhere open."""

    title = gettext_lazy("Cost lines")
    nav_key = "sub_budgets"
    template_name = "pages/list.html"
    table_class = LineTable
    object_list: QuerySet[CostLine]

    def get_rows(self, user: User) -> QuerySet[CostLine]:
        """Return those the reader may see."""
        return list_lines(self.budget, user)

    def get_filterset(self, rows: Rows[CostLine]) -> LineFilter:
        """Filter by what this budget holds."""
        return LineFilter(
            self.request.GET,
            queryset=rows,
            request=self.request,
            products=list_choices(self.reader, self.budget.pk),
            governance_objects=read_governance_objects(),
        )

    def get_context_data(self, **kwargs: object) -> Context:
        """Lead to where lines are read in."""
        import_url = find_import_url("lines", self.reader, self.budget.slug)
        return super().get_context_data(**{"import_url": import_url, **kwargs})

    def get_table_kwargs(self) -> dict[str, object]:
        """Give the table its budget, and the sum of all lines, not only of this page."""
        return {"budget": self.budget, "totals": sum_all(self.object_list)}
