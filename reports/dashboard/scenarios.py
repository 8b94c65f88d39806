"""The kept scenarios of the stress test that the economist has chosen for the board."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse

from budgets.models import Budget
from forecasts.selectors.scenarios import answer_kept, list_on_board
from pages.stress_words import say_breach

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class ShownScenario:
    """A scenario with the figures that it was saved with: its first month above the framework, and its highest debt, öre."""

    name: str
    url: str
    saved_at: datetime
    breach: str
    is_broken: bool
    highest: int


def show_scenarios(budget: Budget, user: User) -> list[ShownScenario]:
    """Return what the board sees of a budget's scenarios, each leading to the stress test; one query."""
    url, shown = reverse("forecasts:stress", args=[budget.slug]), []
    for row in list_on_board(user, budget):
        found = answer_kept(row).found
        breach, last = found.first_breach, found.year_ends[-1].year
        highest = max(month.debt for month in found.months)
        address = f"{url}?scenario={row.uuid}"
        shown.append(
            ShownScenario(row.name, address, row.saved_at, say_breach(breach, last), breach is not None, highest)
        )
    return shown
