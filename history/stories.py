"""The story of a line, sub-budget, budget or person: who changed what, when and why, newest first.

Everybody who sees a page sees its history; somebody outside the federation only what happened from the adoption on, so
that no draft is told of, and nothing of what only the federation sees.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cached_property, reduce
from operator import or_
from typing import Any, overload
from uuid import UUID

from django.db.models import Q, Value
from django.db.models.fields.json import KT

from accounts.models import User
from budgets.models import Budget, BudgetProduct, SubBudget
from budgets.selectors.collaboration import page_of
from history.nouns import (
    BUDGET,
    COMMENT,
    CONDITION,
    DECISION,
    FILE,
    ITEM,
    LINE,
    OBJECT,
    PLAN,
    PRODUCT,
    STEP,
    SUB_BUDGET,
    TASK,
    Kind,
    kind_of,
    load_kinds,
    load_kinds_told_to,
)
from history.told import Change, tell
from pages.authors import authors_like, is_inside, load_periods
from records.changes import Events

CHUNK = 500
Parts = dict[str, Events]


class Story(Sequence[Change]):
    """Changes, newest first, for a reader inside the federation or not; what is asked for is fetched page by page."""

    def __init__(self, parts: Parts, *, inside: bool) -> None:
        self.parts, self.inside = parts, inside

    @cached_property
    def _count(self) -> int:
        return self._rows().count()

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> Change: ...
    @overload
    def __getitem__(self, place: slice) -> list[Change]: ...
    def __getitem__(self, place: int | slice) -> Change | list[Change]:
        if isinstance(place, slice):
            start, stop, _step = place.indices(len(self))
            # One row at least is asked for, so that an empty page costs what any other does.
            return self._load(list(self._rows()[start : max(stop, start + 1)])[: stop - start])
        return self._load(list(self._rows()[place : place + 1]))[0]

    def __iter__(self) -> Iterator[Change]:
        rows = list(self._rows())  # asked for once, since every page of it costs the sorting of all
        for start in range(0, len(rows), CHUNK):
            yield from self._load(rows[start : start + CHUNK])

    def narrow(self, *conditions: Q) -> Story:
        """Keep only the changes that meet the conditions."""
        if not conditions:
            return self
        return Story({key: rows.filter(*conditions) for key, rows in self.parts.items()}, inside=self.inside)

    def choose(self, kind: str) -> Story:
        """Keep what is of one kind of thing; without one all but what is told beside what it is about."""
        kinds = load_kinds()
        kept = {
            key: rows for key, rows in self.parts.items() if (key == kind if kind else not kinds[key].noun.is_beside)
        }
        return Story(kept, inside=self.inside)

    def narrow_to_author(self, text: str) -> Story:
        """Keep only the changes by those whose name, and inside the federation address, holds the text."""
        by = authors_like(text, inside=self.inside)
        return Story({key: _with_author(rows).filter(by) for key, rows in self.parts.items()}, inside=self.inside)

    def narrow_to_number(self, number: int) -> Story:
        """Keep only the event with this number, of a story of one kind."""
        return self.narrow(Q(pgh_id=number))

    def none(self) -> Story:
        """Return a story of no changes."""
        return Story({}, inside=self.inside)

    def _rows(self) -> Events:
        """Return (kind, number, moment) of every event, newest first."""
        told = [
            rows.annotate(kind_key=Value(key)).values_list("kind_key", "pgh_id", "pgh_created_at")
            for key, rows in self.parts.items()
        ]
        if not told:
            return LINE.events.none()
        joined = told[0].union(*told[1:], all=True) if len(told) > 1 else told[0]
        newest_first: Events = joined.order_by("-pgh_created_at", "kind_key", "-pgh_id")
        return newest_first

    def _load(self, rows: list[tuple[str, int, datetime]]) -> list[Change]:
        return tell(
            rows, {key: kind.table for key, kind in load_kinds().items() if key in self.parts}, inside=self.inside
        )


def tell_line(budget: Budget, lineage: UUID, user: User) -> Story:
    """Return the story of one line, also of one that is gone."""
    return _as_seen({LINE.key: LINE.events.filter(budget=budget, lineage=lineage)}, budget, user)


def tell_sub_budget(sub_budget: SubBudget, user: User) -> Story:
    """Tell of a sub-budget: itself, its products and their lines, also those that are gone; and for the federation
    its steps, what was written on its page, and its object's texts and plans while the budget was worked on."""
    budget, products = sub_budget.budget, PRODUCT.events.filter(sub_budget=sub_budget)
    parts = {
        LINE.key: LINE.events.filter(budget=budget, budget_product__in=products.values("pgh_obj")),
        PRODUCT.key: products,
        SUB_BUDGET.key: SUB_BUDGET.events.filter(pgh_obj=sub_budget.pk),
        STEP.key: STEP.events.filter(sub_budget=sub_budget),
        **_written_on([sub_budget]),
        **_of_object(sub_budget),
    }
    return _as_seen(parts, budget, user)


def tell_budget(budget: Budget, user: User) -> Story:
    """Tell of a whole budget: all that names it, what lies in that, what adopted it and what is written on it."""
    kinds = load_kinds_told_to(user).values()
    parts = {kind.key: kind.events.filter(budget=budget) for kind in kinds if kind.is_of_a_budget}
    parts |= {
        **_lying_in(parts, kinds),
        BUDGET.key: BUDGET.events.filter(pgh_obj=budget.pk),
        DECISION.key: DECISION.events.filter(pgh_obj=budget.adopted_by_id),
        CONDITION.key: CONDITION.events.filter(decision=budget.adopted_by_id),
        **_written_on(SubBudget.objects.filter(budget=budget)),
    }
    return _as_seen(parts, budget, user)


def tell_person(person: User, user: User) -> Story:
    """Return all that a person has done, also under earlier addresses; only for a user who may_read_people."""
    periods = reduce(or_, (period.condition for period in load_periods(person)))
    kinds = load_kinds_told_to(user)
    return Story({key: _with_author(kind.events).filter(periods) for key, kind in kinds.items()}, inside=True)


def tell_all(user: User) -> Story:
    """Return all that anybody has done, whatever it belongs to; only for a user who may_read_people."""
    return Story({key: kind.events for key, kind in load_kinds_told_to(user).items()}, inside=True)


def _with_author(rows: Events) -> Events:
    authored: Events = rows.annotate(change_by=KT("pgh_context__by"))
    return authored


def _lying_in(parts: Parts, kinds: Iterable[Kind]) -> Parts:
    """Return what has its place in the things of a story and is not there itself, as the weights of keys."""
    homes = {kind_of(rows.model.pgh_tracked_model): rows for rows in parts.values()}
    inner = {}
    for kind in kinds:
        home = homes.get(kind.home) if kind.home and kind.key not in parts else None
        if home is not None:
            inner[kind.key] = kind.events.filter(**{f"{kind.noun.place}__in": home.values("pgh_obj")})
    return inner


def _written_on(sub_budgets: Iterable[SubBudget]) -> Parts:
    """Return comments, tasks and attachments on the pages of sub-budgets."""
    pages = [page_of(sub_budget) for sub_budget in sub_budgets]
    return {kind.key: kind.events.filter(page__in=pages) for kind in (COMMENT, TASK, FILE)}


def _of_object(sub_budget: SubBudget) -> Parts:
    """Return its object's texts and plans for the budget's years, from the budget's beginning to its adoption."""
    budget, pk = sub_budget.budget, sub_budget.governance_object_id
    meanwhile = Q(pgh_created_at__gte=budget.created_at)
    if budget.adopted_at:
        meanwhile &= Q(pgh_created_at__lte=budget.adopted_at)
    of_years = PLAN.events.filter(
        governance_object=pk, from_year__lte=budget.years[-1], to_year__gte=budget.fiscal_year
    )
    plans = of_years.values("pgh_obj")
    return {
        OBJECT.key: OBJECT.events.filter(meanwhile, pgh_obj=pk),
        PLAN.key: PLAN.events.filter(meanwhile, pgh_obj__in=plans),
        ITEM.key: ITEM.events.filter(meanwhile, plan__in=plans),
    }


def find_start(budget: Budget, user: User) -> datetime | None:
    """Return the moment from which the user may read the budget's history; None for all of it."""
    if is_inside(user):
        return None
    adopted = BUDGET.events.filter(pgh_obj=budget.pk, status=Budget.Status.ADOPTED).order_by("pgh_id").first()
    return adopted.pgh_created_at if adopted else budget.adopted_at


def _as_seen(parts: Parts, budget: Budget, user: User) -> Story:
    if is_inside(user):
        return Story(parts, inside=True)
    kinds = load_kinds()
    story = Story({key: rows for key, rows in parts.items() if not kinds[key].inside}, inside=False)
    start = find_start(budget, user)
    return story.narrow(Q(pgh_created_at__gte=start)) if start else story.none()


def find_last_event(sub_budget: SubBudget, lineage: UUID) -> Any:
    """Return a line's last event, if it was in this sub-budget; None when there never was such a line."""
    last = LINE.events.filter(budget=sub_budget.budget_id, lineage=lineage).order_by("-pgh_id").first()
    products = PRODUCT.events.filter(sub_budget=sub_budget, pgh_obj=last.budget_product_id) if last else None
    return last if products is not None and products.exists() else None


def find_lost_product(sub_budget: SubBudget, lineage: UUID) -> str:
    """Return the name of the product that a deleted line lay in, when it is gone from the sub-budget too.

    It is empty otherwise.
    """
    last = LINE.events.filter(budget=sub_budget.budget_id, lineage=lineage).order_by("-pgh_id").first()
    if last is None or BudgetProduct.objects.filter(pk=last.budget_product_id, sub_budget=sub_budget).exists():
        return ""
    named = PRODUCT.events.filter(pgh_obj=last.budget_product_id).order_by("-pgh_id").first()
    return str(named.name) if named else ""
