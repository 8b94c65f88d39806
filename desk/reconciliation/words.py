"""Published tables, rows and columns in plain words, and the lines behind a computed figure.

What the system computes has a code and is named here; what only the federation's documents print is named by its own
data (`published`), in both languages. Any other row keeps the label it is printed with, which is Swedish.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from budgets.models import Budget, BudgetProduct, RevenueCategory
from budgets.selectors.sub_budgets import load_sub_budget_names
from engine.reconcile import Part
from engine.result import OPERATING, CostKind
from forecasts.selectors.published import PublishedNames, load_names
from forecasts.selectors.reconciliation import NOT_COMPUTED, Difference
from pages.addresses import lines_url
from web.compiled import compiled
from web.names import name_of

SUB_BUDGET: Final = "sub_budget/"
TABLES: Final[dict[str, Promise]] = {
    "result_budget": gettext_lazy("Result budget"),
    "revenue_by_category": gettext_lazy("Revenue by category"),
    "influenceable_costs": gettext_lazy("Controllable costs"),
    "investments": gettext_lazy("Investments"),
    "finance_leases": gettext_lazy("Finance leases"),
    "loan_forecast": gettext_lazy("Loan forecast"),
}
ROWS: Final[dict[str, str | Promise]] = {
    "TOTAL": gettext_lazy("Total"),
    "TOTAL_LEASE": gettext_lazy("Total finance leases"),
    "operating_revenue": gettext_lazy("Operating revenue"),
    "operating_costs": gettext_lazy("Operating costs"),
    "depreciation": gettext_lazy("Depreciation and write-downs"),
    "operating_result": gettext_lazy("Operating result"),
    "financial_costs": gettext_lazy("Financial costs"),
    "result_after_financial_items": gettext_lazy("Result after financial items"),
    "net_result": gettext_lazy("Net result"),
    "opening_debt": gettext_lazy("Opening debt"),
    "borrowing_investments": gettext_lazy("Borrowing for investments"),
    "borrowing_use_of_equity": gettext_lazy("Borrowing for use of equity"),
    "amortisation": gettext_lazy("Amortisation"),
    "closing_debt": gettext_lazy("Closing debt"),
    "borrowing_framework": gettext_lazy("Framework in force"),
    "headroom": gettext_lazy("Headroom"),
    **{category.value: category.label for category in RevenueCategory},
}
COLUMNS: Final[dict[str, Promise]] = {
    "budget": gettext_lazy("Budget"),
    "forecast": pgettext_lazy("column", "Forecast"),
    "plan": pgettext_lazy("year", "Plan"),
    "actual": pgettext_lazy("column", "Actual"),
}
OUTCOMES: Final[dict[str, Promise]] = {
    "unexplained": pgettext_lazy("difference", "Unexplained"),
    "explained": pgettext_lazy("difference", "Explained"),
    "rounding": pgettext_lazy("difference", "Rounding"),
    "exact": pgettext_lazy("difference", "Exact"),
    NOT_COMPUTED: pgettext_lazy("difference", "Not computed"),
}
RESULT_KINDS: Final = {
    "operating_costs": OPERATING,
    "depreciation": frozenset({CostKind.DEPRECIATION}),
    "financial_costs": frozenset({CostKind.INTEREST}),
}


def name_column(column: str) -> str:
    """Name a column as printed: `budget_2026` is Budget 2026; dates and years are their own name."""
    kind, _underscore, year = column.rpartition("_")
    return f"{COLUMNS[kind]} {year}" if kind in COLUMNS else column


@dataclass(frozen=True)
class Words:
    """A budget's names and addresses, read once: sub-budgets by slug, product lineages by sub-budget and name."""

    budget: Budget
    sub_budgets: dict[str, str]
    products: dict[tuple[str, str], str]
    published: PublishedNames

    def name_table(self, table: str) -> str:
        """Name a table; a sub-budget's by the sub-budget's name."""
        if table.startswith(SUB_BUDGET):
            slug = table.removeprefix(SUB_BUDGET)
            return _("Sub-budget %(name)s") % {"name": self.sub_budgets.get(slug, slug)}
        published = self.published.tables.get(table)
        return name_of(published) if published else str(TABLES.get(table, table))

    def name_row(self, row: str, label: str = "") -> str:
        """Name a row by its code's word, else by its printed label."""
        published = self.published.rows.get(row)
        return name_of(published) if published else str(ROWS.get(row) or label or row)

    def name_basis(self, difference: Difference) -> str:
        """Say what a figure is compared with."""
        if difference.outcome == NOT_COMPUTED:
            return _("Not computed by the system")
        if not difference.parts:
            return _("Computed by the system")
        if difference.parts == (Part(1, difference.table, difference.row),):
            return _("The same figure, printed once more")
        return self._name_parts(difference.parts, difference.table)

    def _name_parts(self, parts: tuple[Part, ...], own: str) -> str:
        if len(parts) == 1 and parts[0].row == "*":
            return _("The sum of its rows")
        if len(parts) == 1 and parts[0].is_pattern:
            return _("The sum of all sub-budgets' totals")
        text = "".join((" + " if part.sign > 0 else " − ") + self.name_row(part.row) for part in parts)
        shown = text.removeprefix(" + ").strip()
        return shown if {part.table for part in parts} == {own} else f"{self.name_table(parts[0].table)}: {shown}"

    def find_url(self, difference: Difference) -> str:
        """Return where the lines behind a computed figure, the page that computes it, or the rows of a printed sum are."""
        if difference.outcome == NOT_COMPUTED:
            return ""
        if difference.parts:
            return self._printed_url(difference)
        if difference.table.startswith(SUB_BUDGET):
            return self._sub_budget_url(difference.table.removeprefix(SUB_BUDGET), difference.row)
        if difference.table == "result_budget":
            return lines_url(self.budget, cost_kind=sorted(RESULT_KINDS.get(difference.row, ())))
        if difference.table == "revenue_by_category":
            return lines_url(self.budget, **({} if difference.row == "TOTAL" else {"category": difference.row}))
        page = (
            "forecasts:loans"
            if difference.table in ("loan_forecast", "investments", "finance_leases")
            else "reports:overview"
        )
        return reverse(page, args=[self.budget.slug])

    def _sub_budget_url(self, slug: str, row: str) -> str:
        if slug not in self.sub_budgets:
            return ""
        lineage = self.products.get((slug, row))
        return lines_url(self.budget, sub_budget=slug, **({"product": lineage} if lineage else {}))

    def _printed_url(self, difference: Difference) -> str:
        """Return the address of the printed figures that were summed: those of one table, or of all."""
        table = difference.parts[0].table
        query = (
            {"q": _("Total"), "column": difference.column, "outcome": "all"}
            if table.endswith("/*")
            else {"table": table, "column": difference.column, "outcome": "all"}
        )
        return f"{reverse('forecasts:reconciliation', args=[self.budget.slug])}?{urlencode(query)}"


def load_words(budget: Budget) -> Words:
    """Read the names and addresses of a budget's published figures."""
    lineages = {(slug, name): str(lineage) for slug, name, lineage in _list_products(budget.pk)}
    return Words(budget, load_sub_budget_names(), lineages, load_names())


@compiled
def _list_products(budget_id: int) -> QuerySet[BudgetProduct, tuple[str, str, UUID]]:
    return BudgetProduct.objects.filter(budget=budget_id).values_list("sub_budget__slug", "name", "lineage")
