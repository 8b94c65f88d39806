"""The list of a budget's sub-budgets."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from accounts.models import User
from budgets.models import SubBudget
from budgets.selectors.budgets import find_earlier
from budgets.selectors.sub_budgets import (
    SubBudgetRow,
    list_sub_budget_rows,
    list_sub_budgets,
    with_line_count,
)
from desk.sub_budget_list.filter import SubBudgetFilter
from desk.sub_budget_list.table import SubBudgetTable
from pages.base import InBudget
from web.views import BaseListView


class SubBudgetListView(InBudget, BaseListView[SubBudget]):
    """All sub-budgets, filtered."""

    title = gettext_lazy("Sub-budgets")
    nav_key = "sub_budgets"
    template_name = "pages/list.html"
    table_class = SubBudgetTable
    filterset_class = SubBudgetFilter

    def get_rows(self, user: User) -> QuerySet[SubBudget]:
        """Return those the reader may see."""
        return with_line_count(list_sub_budgets(self.budget, user))

    def get_table_data(self) -> list[SubBudgetRow]:
        """Add totals and the year before's."""
        return list_sub_budget_rows(self.object_list, self.budget, find_earlier(self.budget))

    def get_table_kwargs(self) -> dict[str, object]:
        """Give the table its budget."""
        return {"budget": self.budget}
