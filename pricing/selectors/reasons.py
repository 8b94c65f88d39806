"""What people wrote about why lines differ from the earlier budget: a line's note, and the words given with a change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from budgets.models import Budget, CostLine
from objects.models.roles import FEDERATION_ROLES, roles_of
from records.changes import events_of
from records.models import ActReason

if TYPE_CHECKING:
    from accounts.models import User

# Words are given one act at a time; more than these of one budget are read in its history.
NEWEST_ACTS = 500


@dataclass(frozen=True)
class LineReason:
    """Words about a line, which they name by its text."""

    words: str
    line: str


def load_reasons(budget: Budget, earlier: Budget, user: User) -> dict[int, list[LineReason]]:
    """Return what is written about the lines whose first amount differs from the earlier budget's, by the product's id.

    Notes are read by all who see the line; what somebody said of a change by those inside the federation, as its history.
    """
    acts = _load_acts(budget) if roles_of(user) & FEDERATION_ROLES else {}
    lines = CostLine.objects.visible_to(user).filter(budget=budget).order_by("position", "pk")
    noted = list(lines.exclude(note="")) + list(lines.filter(note="", lineage__in=acts))
    if not noted:
        return {}
    before = _load_amounts(earlier, [line.lineage for line in noted])
    found: dict[int, list[LineReason]] = defaultdict(list)
    for line in noted:
        if before.get(line.lineage) != line.amount_1_ore:
            words = [line.note, *acts.get(line.lineage, ())]
            found[line.budget_product_id] += [LineReason(said, line.text) for said in words if said]
    return dict(found)


def _load_amounts(budget: Budget, lineages: Collection[UUID]) -> dict[UUID, int]:
    rows = CostLine.objects.filter(budget=budget, lineage__in=lineages).order_by()
    return dict(rows.values_list("lineage", "amount_1_ore"))


def _load_acts(budget: Budget) -> dict[UUID, list[str]]:
    """Return the words that were given with changes of a budget's lines, oldest first, by the line's lineage."""
    words = dict(ActReason.objects.order_by("-pk").values_list("act", "words")[:NEWEST_ACTS])
    if not words:
        return {}
    events = events_of(CostLine).filter(budget=budget, pgh_context_id__in=list(words)).order_by("pgh_id")
    found: dict[UUID, dict[str, None]] = defaultdict(dict)
    for lineage, act in events.values_list("lineage", "pgh_context_id"):
        found[lineage][words[act]] = None
    return {lineage: list(said) for lineage, said in found.items()}
