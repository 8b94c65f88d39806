"""Reconciliation: every published figure of a budget with what it is compared with, and the reasons people linked.

The trick: what must agree is the federation's own word (`published`), what the rules make of it is the engine's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, cast

from django.core.cache import cache
from django.db.models import Exists, QuerySet, Subquery

from budgets.models import Budget, PublishedFigure
from budgets.selectors.published import compared_figures, list_compared_figures
from engine.money import ORE_PER_TKR
from engine.reconcile import (
    Comparison,
    Figure,
    Key,
    Outcome,
    Part,
    classify,
    compare_computed,
    compare_published,
)
from engine.years import edition_of
from forecasts.models import ReconciliationReason
from forecasts.selectors.computed import load_computed
from forecasts.selectors.published import load_relations
from objects.models.roles import Role, roles_of
from records.changes import events_of, newest_of
from web.compiled import compiled

if TYPE_CHECKING:
    from accounts.models import User

NOT_COMPUTED = "not_computed"
# What asks for something comes first.
OUTCOMES = (Outcome.UNEXPLAINED, Outcome.EXPLAINED, Outcome.ROUNDING, Outcome.EXACT, NOT_COMPUTED)
Place = tuple[str, str, str]
"""Table, row and column of a printed figure."""


@dataclass(frozen=True)
class Difference:
    """A published figure beside what it should be, in tkr; nothing to compare with where `computed_tkr` is None.

    `parts` is which printed figures were summed; none when the system computed from true amounts.
    """

    table: str
    row: str
    column: str
    label: str
    position: int
    published_tkr: int
    computed_tkr: int | None
    difference_tkr: int | None
    outcome: str
    parts: tuple[Part, ...] = ()
    reason: ReconciliationReason | None = None

    @property
    def place(self) -> Place:
        """Where the figure is printed."""
        return self.table, self.row, self.column

    @property
    def severity(self) -> int:
        """Its class's rank; what asks for something comes first."""
        return OUTCOMES.index(self.outcome)

    @property
    def published_ore(self) -> int:
        """The printed figure, öre."""
        return self.published_tkr * ORE_PER_TKR

    @property
    def computed_ore(self) -> int | None:
        """What it should be, öre."""
        return None if self.computed_tkr is None else self.computed_tkr * ORE_PER_TKR

    @property
    def difference_ore(self) -> int | None:
        """Published less computed, öre."""
        return None if self.difference_tkr is None else self.difference_tkr * ORE_PER_TKR


def reconcile(budget: Budget) -> list[dict[str, object]]:
    """Return every published figure of a budget's documents against the computed one and against each other (rule 12).

    A figure that nothing in the system computes has no computed amount and the class "not computed"; one printed as
    not yet known has no published amount.
    """
    return [
        {
            "table": difference.table,
            "row": difference.row,
            "column": difference.column,
            "published_tkr": difference.published_tkr,
            "computed_tkr": difference.computed_tkr,
            "difference_tkr": difference.difference_tkr,
            "class": difference.outcome,
        }
        for difference in list_differences(budget)
    ]


def list_differences(budget: Budget) -> list[Difference]:
    """List all comparisons: with the system, then between documents, then figures compared with nothing.

    A budget is also held against the plan that the year before's documents print for its years; what those print among
    themselves is compared with their own budget.
    """
    stored = list_compared_figures(budget)
    if not stored:
        return []
    describe = _Describer(budget, stored)
    computed = load_computed(budget)
    own = [_read(figure) for figure in stored if figure.budget_id == budget.pk]
    planned = [_read(figure) for figure in stored if figure.budget_id != budget.pk]
    return [
        *(describe(comparison) for comparison in compare_computed(own, computed)),
        *(describe(comparison) for comparison in compare_published(own, load_relations())),
        *(describe.alone(f) for f in own if (f.table, f.row, f.edition) not in computed),
        *(describe(comparison) for comparison in compare_computed(planned, as_planned(budget, computed, planned))),
    ]


def _read(figure: PublishedFigure) -> Figure:
    return Figure(figure.table, figure.row, figure.column, figure.edition, figure.tkr or 0)


def as_planned(budget: Budget, computed: Mapping[Key, int], planned: Sequence[Figure]) -> dict[Key, int]:
    """Return what is computed of a budget under the names that the plan before it has for the same figures.

    A printed product that the budget does not hold costs nothing, as in its own documents.
    """
    names = {edition_of(budget.fiscal_year, year): edition_of(budget.fiscal_year - 1, year) for year in budget.years}
    named = {(table, row, names[edition]): ore for (table, row, edition), ore in computed.items() if edition in names}
    tables = {table for table, _row, _edition in named if table.startswith("sub_budget/")}
    gone = {(f.table, f.row, f.edition): 0 for f in planned if f.table in tables}
    return gone | named


class _Describer:
    """Adds to a comparison its printed label, its place in the documents, and the reason that is linked."""

    def __init__(self, budget: Budget, stored: list[PublishedFigure]) -> None:
        self.printed = {(f.table, f.row, f.column): (f.label, f.position) for f in stored}
        reasons = _list_reasons(budget.pk)
        self.reasons = {(reason.table, reason.row, reason.column): reason for reason in reasons}

    def __call__(self, comparison: Comparison) -> Difference:
        place = (comparison.table, comparison.row, comparison.column)
        reason = self.reasons.get(place)
        outcome = classify(comparison.difference_tkr, comparison.parts, reason is not None)
        amounts = (comparison.published_tkr, comparison.computed_tkr, comparison.difference_tkr)
        return Difference(*place, *self.printed[place], *amounts, str(outcome), comparison.basis, reason)

    def alone(self, figure: Figure) -> Difference:
        """Return a figure that the system does not compute."""
        place = (figure.table, figure.row, figure.column)
        return Difference(*place, *self.printed[place], figure.tkr, None, None, NOT_COMPUTED)


@compiled
def _list_reasons(budget_id: int) -> QuerySet[ReconciliationReason]:
    return ReconciliationReason.objects.filter(budget=budget_id).select_related("author")


def has_plan(budget: Budget) -> bool:
    """Return whether the year before's documents print a plan that the budget is held against."""
    return bool(_find_planned(budget.pk, budget.fiscal_year))


@compiled
def _find_planned(budget_id: int, year: int) -> QuerySet[PublishedFigure, int]:
    return compared_figures(budget_id, year).exclude(budget=budget_id).values_list("pk", flat=True)[:1]


def count_unexplained(budget: Budget) -> int:
    """Return how many differences wait for a reason; remembered until something that decides them changes."""
    state = _state_of(budget)
    if state is None:
        return 0
    key = f"unexplained:{budget.pk}:{state}"
    count: int | None = cache.get(key)
    if count is None:
        count = sum(difference.outcome == Outcome.UNEXPLAINED for difference in list_differences(budget))
        cache.set(key, count)
    return count


def _state_of(budget: Budget) -> str | None:
    """Return what moves whenever a comparison may come out otherwise; None when the budget has no published figures."""
    found = _list_movers(budget.pk, budget.fiscal_year)
    return "-".join(map(str, found[0])) if found else None


@compiled
def _list_movers(budget_id: int, year: int) -> QuerySet[Budget, tuple[object, ...]]:
    moved = Budget.objects.filter(pk=budget_id).values_list(
        "forecast_state__changed",
        "forecast_state__computed",
        Subquery(newest_of(events_of(PublishedFigure).filter(budget__fiscal_year__in=(year, year - 1)))),
        Subquery(newest_of(events_of(ReconciliationReason).filter(budget=budget_id))),
    )
    return moved.filter(Exists(compared_figures(budget_id, year)))


# Reasons


class ReasonEvent(Protocol):
    """What was done with a reason (insert, update, delete): as it was after that, or as it was when deleted."""

    pgh_label: str
    text: str
    author: User
    author_id: int
    created_at: datetime


def can_explain(user: User) -> bool:
    """Say whether the user may link reasons: the economist, also when it is adopted, since they never freeze."""
    return Role.ECONOMIST in roles_of(user)


def find_figure(budget: Budget, place: Place) -> PublishedFigure | None:
    """Return the printed figure at a place."""
    table, row, column = place
    found = (f for f in list_compared_figures(budget) if (f.table, f.row, f.column) == (table, row, column))
    return next(found, None)


def find_reason(budget: Budget, place: Place) -> ReconciliationReason | None:
    """Return the reason linked to a figure."""
    table, row, column = place
    reasons = ReconciliationReason.objects.filter(budget=budget, table=table, row=row, column=column)
    return reasons.select_related("author").first()


def list_reason_events(budget: Budget, place: Place, most: int) -> list[ReasonEvent]:
    """Return what has been done with a figure's reason, newest first, at most so many."""
    table, row, column = place
    events = events_of(ReconciliationReason).filter(budget=budget, table=table, row=row, column=column)
    # pghistory makes the events' model from the reason's, so no class says what fields it has.
    return cast(list[ReasonEvent], list(events.select_related("author").order_by("-pgh_id")[:most]))


def count_not_known(budget: Budget) -> int:
    """Return how many figures the documents print as not yet known, which nothing is compared with."""
    return len(_list_not_known(budget.pk))


@compiled
def _list_not_known(budget_id: int) -> QuerySet[PublishedFigure, int]:
    return PublishedFigure.objects.filter(budget=budget_id, is_unknown=True).values_list("pk", flat=True)
