"""The sums of a start as its page shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from budgets.models import Budget
from budgets.selectors.starting import StartedSum
from web.names import name_of


@dataclass(frozen=True)
class ShownSum:
    """A sub-budget's first year before and after, öre, with the page of its own amounts."""

    name: str
    url: str
    before: int
    after: int

    @property
    def difference(self) -> int:
        return self.after - self.before


@dataclass(frozen=True)
class ShownSums:
    """All of them, with their total."""

    before_year: int
    after_year: int
    rows: list[ShownSum]

    @property
    def before(self) -> int:
        return sum(row.before for row in self.rows)

    @property
    def after(self) -> int:
        return sum(row.after for row in self.rows)

    @property
    def difference(self) -> int:
        return self.after - self.before


def show_sums(rows: Sequence[StartedSum], source: Budget, year: int, *, of: Budget) -> ShownSums:
    """Return the sums with links to the sub-budgets of the budget `of`: the source until the new one is there."""
    shown = [
        ShownSum(
            name_of(row.sub_budget),
            reverse("budgets:sub_budget", args=[of.slug, row.sub_budget.slug]),
            row.before[0],
            row.after[0],
        )
        for row in rows
    ]
    return ShownSums(source.fiscal_year, year, shown)
