"""The list of a budget's sub-budgets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.utils.translation import gettext_lazy

from budgets.models import SubBudget
from budgets.selectors.budgets import find_earlier
from budgets.selectors.sub_budgets import (
    list_sub_budget_rows,
    list_sub_budgets,
)
from desk.sub_budgets.filter import SubBudgetFilter
from desk.sub_budgets.table import SubBudgetTable
from web.views import BaseListView

if TYPE_CHECKING:
    from django.db.models import QuerySet
from pages.base import InBudget


class SubBudgetListView(InBudget, BaseListView[SubBudget]):
    """All sub-budgets, filtered."""

    title = gettext_lazy("Sub-budgets")
    nav_key = "sub_budgets"
    template_name = "pages/list.html"
    table_class = SubBudgetTable
    filterset_class = SubBudgetFilter

    def get_rows(self, user: Any) -> Any:
        """Those the reader may see."""
        return list_sub_budgets(self.budget, user)

    def get_table_data(self) -> Any:
        """Add totals and the year before's."""
        rows = cast("QuerySet[SubBudget]", self.object_list)
        return list_sub_budget_rows(rows, self.budget, find_earlier(self.budget))

    def get_table_kwargs(self) -> dict[str, Any]:
        """Tell the table its budget."""
        return {"budget": self.budget}
