"""Figures beside the year before's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet

from budgets.models import (
    Budget,
    CostLine,
    SubBudget,
)
from engine.growth import Growth, growth
from engine.money import percent, round_to_tkr
from engine.years import Amounts
from web.compiled import compiled


def load_earlier_amounts(sub_budget: SubBudget, earlier: Budget | None) -> dict[UUID, int]:
    """Return the year before's first amount of each line, öre by lineage."""
    if earlier is None:
        return {}
    return dict(_list_amounts(earlier.pk, sub_budget.lineage))


@compiled
def _list_amounts(budget_id: int, sub_budget: UUID) -> QuerySet[CostLine, tuple[UUID, int]]:
    rows = CostLine.objects.filter(budget=budget_id, budget_product__sub_budget__lineage=sub_budget)
    return rows.values_list("lineage", "amount_1_ore")


@dataclass(frozen=True)
class Compared:
    """Three years' amounts beside the first of the year before, öre; None where that is not known."""

    amounts: Amounts
    earlier: int | None

    @property
    def change(self) -> int | None:
        """By how much the budget year differs from the year before."""
        return None if self.earlier is None else self.amounts[0] - self.earlier

    @property
    def percent(self) -> Decimal | None:
        """The change in per cent of the year before."""
        return None if self.earlier is None else percent(self.amounts[0] - self.earlier, abs(self.earlier))

    @property
    def growth(self) -> Growth:
        """The change as it is shown: in per cent, or new."""
        return growth(self.amounts[0], self.earlier)


def differ_by_rounding(parts: Sequence[int], total: int) -> bool:
    """Return whether the parts as shown in tkr miss the total as shown (rule 1 then asks for a footnote)."""
    return sum(round_to_tkr(part) for part in parts) != round_to_tkr(total)
