"""Starts a budget from another one: the copy, with what was chosen for it, and what is kept of the choice.

What belongs to apps above (loans of the new last year, the chain of calculated lines, the roll-up) is done by
`forecasts.services.versions`, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from budgets.models import (
    AllocationKey,
    Budget,
    BudgetProduct,
    BudgetStart,
    ChosenRate,
    CostLine,
    IndexRate,
    KeyWeight,
    StartedIndex,
    SubBudget,
)
from budgets.services.compiling import check_days
from budgets.services.copying import NEVER_INDEXED, Changed, copy_rows, list_copied, write_indexes
from budgets.services.workflow import RefusedError
from engine.result import CostKind
from records.changes import events_of, find_newest_numbers
from records.models import Provenance
from web.names import name_of

if TYPE_CHECKING:
    from uuid import UUID

Days = tuple[date | None, date | None]


class StartKind(StrEnum):
    """What is made: the next year's budget, one of the same year that tells how it goes, or one without amounts."""

    NEXT = "next"
    FORECAST = "forecast"
    EMPTY = "empty"


class Part(StrEnum):
    """What may be left out of a copy."""

    PRODUCTS = "products"
    KEYS = "keys"
    LINES = "lines"


OF_PART: Mapping[Part, type[Model]] = {Part.PRODUCTS: BudgetProduct, Part.KEYS: AllocationKey, Part.LINES: CostLine}
# A budget without amounts has these at most: what costs are entered in, who pays, and the rates it is reckoned by.
WITHOUT_AMOUNTS = frozenset({SubBudget, BudgetProduct, AllocationKey, KeyWeight, ChosenRate})


@dataclass(frozen=True)
class ChosenIndex:
    """By how many per cent a cost kind rises in the new last year, and where that comes from.

    `is_new` if the year has no such rate yet: it is typed now, or taken from the year before.
    """

    percent: Decimal
    valid_from_on: date | None = None
    provenance: str = Provenance.ENTERED
    source_text: str = ""
    is_new: bool = False


@dataclass(frozen=True)
class StartPlan:
    """What is to be started, and how. `ended` are lineages of products, `own_days` days by a sub-budget's slug."""

    name: str
    slug: str
    kind: StartKind = StartKind.NEXT
    budget_kind: str = Budget.Kind.ORIGINAL
    parts: frozenset[Part] = frozenset(Part)
    ended: Sequence[UUID] = ()
    keeps_notes: bool = True
    indexes: Mapping[str, ChosenIndex] = field(default_factory=dict)
    due_on: date | None = None
    approval_due_on: date | None = None
    own_days: Mapping[str, Days] = field(default_factory=dict)

    @property
    def is_year_on(self) -> bool:
        return self.kind != StartKind.FORECAST


def list_indexed_kinds() -> list[str]:
    """Return the cost kinds that an index is chosen for; the others are copied, and calculated anew where they are."""
    return [kind.value for kind in CostKind if kind not in NEVER_INDEXED]


def list_rates(year: int) -> list[IndexRate]:
    """Return the stored rates of a year for the kinds that are indexed, the newest first."""
    rows = IndexRate.objects.filter(year=year, cost_kind__in=list_indexed_kinds())
    return list(rows.order_by("cost_kind", "-valid_from_on"))


def choose_rate(rate: IndexRate, year: int) -> ChosenIndex:
    """Return a stored rate as chosen for a year; another year's is no more than assumed, and new to this one."""
    if rate.year == year:
        return ChosenIndex(rate.percent, rate.valid_from_on, rate.provenance)
    said = _("the rate of %(year)s") % {"year": rate.year}
    return ChosenIndex(rate.percent, rate.valid_from_on, Provenance.ASSUMED, said, is_new=True)


def choose_newest(year: int, on: date) -> dict[str, ChosenIndex]:
    """Return of each indexed kind the newest rate that is valid on a day."""
    newest = find_newest_rates(list_rates(year), year, on)
    return {kind: choose_rate(rate, year) for kind, rate in newest.items()}


def propose_indexes(year: int, on: date) -> dict[str, ChosenIndex]:
    """Return what is proposed for a year, in the page and by the command: as above, else as the year before had it."""
    newest = find_newest_rates([*list_rates(year), *list_rates(year - 1)], year, on)
    return {kind: choose_rate(rate, year) for kind, rate in newest.items()}


def find_newest_rates(rates: Sequence[IndexRate], year: int, on: date) -> dict[str, IndexRate]:
    """Return of each kind the newest rate valid on a day: that of the year, else that of the year before if given."""
    known = [rate for rate in rates if rate.valid_from_on <= on and rate.year <= year]
    ordered = sorted(known, key=lambda rate: (rate.year, rate.valid_from_on))
    return {rate.cost_kind: rate for rate in ordered}


def copy_by_plan(source: Budget, plan: StartPlan) -> Budget:
    """Make the new draft with its rows, inside a transaction whose author is named; its totals are not summed yet.

    Raise IntegrityError when the slug or name is taken, ValidationError for days or rates that can't be.
    """
    check_days(plan.due_on, plan.approval_due_on)
    target = Budget.objects.create(
        slug=plan.slug,
        name=plan.name,
        kind=Budget.Kind.FORECAST if plan.kind == StartKind.FORECAST else plan.budget_kind,
        fiscal_year=source.fiscal_year + int(plan.is_year_on),
        based_on=source,
        jump_percent=source.jump_percent,
        due_on=plan.due_on,
        approval_due_on=plan.approval_due_on,
    )
    indexes = {kind: chosen for kind, chosen in plan.indexes.items() if kind not in NEVER_INDEXED}
    _store_new_rates(indexes, target.years[2])
    copy_rows(source, target, choose_models(plan), changed=_list_changed(plan), **_give_indexes(plan, indexes))
    _set_own_days(target, plan.own_days)
    _keep_choice(source, target, plan, indexes if plan.is_year_on else {})
    return target


def choose_models(plan: StartPlan) -> list[type[Model]]:
    """Return what is copied, in order: without a part that is left out, and without what can't be without it."""
    copied = list_copied()
    left: set[type[Model]] = {OF_PART[part] for part in Part if part not in plan.parts}
    if plan.kind == StartKind.EMPTY:
        left |= {model for model in copied if model not in WITHOUT_AMOUNTS}
    for model in copied:
        if _is_part(model, left):
            left.add(model)
    return [model for model in copied if model not in left]


def _is_part(model: type[Model], wholes: Iterable[type[Model]]) -> bool:
    """Return whether a row can't be without one of the wholes; what every row is in, a sub-budget, is not asked."""
    needed = {key.related_model for key in model._meta.concrete_fields if key.is_relation and not key.null}
    return bool(needed & (set(wholes) - {SubBudget}))


def _list_changed(plan: StartPlan) -> Changed:
    values: dict[type[Model], dict[str, str]] = {} if plan.keeps_notes else {CostLine: {"note": "''"}}
    return Changed(values=values, left_out={BudgetProduct: list(plan.ended)} if plan.ended else {})


def _give_indexes(plan: StartPlan, indexes: Mapping[str, ChosenIndex]) -> dict[str, dict[str, str]]:
    """Return the arguments of `copy_rows` by which rows go a year on; none for a budget of the same year."""
    if not plan.is_year_on:
        return {}
    percents = {kind: chosen.percent for kind, chosen in indexes.items()}
    sources = {kind: str(chosen.provenance) for kind, chosen in indexes.items()}
    return {"indexes": write_indexes(percents), "index_sources": sources}


def _store_new_rates(indexes: Mapping[str, ChosenIndex], year: int) -> None:
    """Store the percentages that the year has no rate of, so that what is calculated rises by what was chosen too."""
    for kind, chosen in indexes.items():
        if not chosen.is_new:
            continue
        given = {"cost_kind": kind, "year": year, "valid_from_on": chosen.valid_from_on}
        own = {"percent": chosen.percent, "provenance": chosen.provenance}
        rate, _is_made = IndexRate.objects.get_or_create(**given, defaults=own)
        if rate.percent != chosen.percent:
            said = _("There is already a rate of %(percent)s %% that is decided the same day. Choose that one.")
            raise ValidationError({f"percent-{kind}": said % {"percent": rate.percent}})


def _set_own_days(target: Budget, own_days: Mapping[str, Days]) -> None:
    for row in SubBudget.objects.filter(budget=target, slug__in=own_days).order_by("pk"):
        row.own_due_on, row.own_approval_due_on = own_days[row.slug]
        if row.submit_by and row.approve_by and row.approve_by < row.submit_by:
            said = _("%(name)s: the day of approval is before the day of submission. Write a later day.")
            raise ValidationError({f"approval-{row.slug}": said % {"name": name_of(row)}})
        row.save(update_fields=["own_due_on", "own_approval_due_on"])


def _keep_choice(source: Budget, target: Budget, plan: StartPlan, indexes: Mapping[str, ChosenIndex]) -> None:
    names = BudgetProduct.objects.filter(budget=source, lineage__in=list(plan.ended)).order_by("position", "pk")
    start = BudgetStart.objects.create(
        budget=target,
        source=source,
        ended="\n".join(names.values_list("name", flat=True)) if plan.ended else "",
        keeps_notes=plan.keeps_notes,
    )
    StartedIndex.objects.bulk_create(
        StartedIndex(
            start=start,
            cost_kind=kind,
            year=target.years[2],
            percent=chosen.percent,
            valid_from_on=chosen.valid_from_on,
            source_text=chosen.source_text,
            provenance=chosen.provenance,
        )
        for kind, chosen in indexes.items()
    )


def mark_started(target: Budget) -> None:
    """Keep the mark of the budget as it was started: what is newer, somebody has changed.

    The newest event of all budgets will do: until the start is committed nobody else reaches the new one.
    """
    numbers = find_newest_numbers({model: events_of(model) for model in list_copied()})
    mark = " ".join(f"{label}:{number}" for label, number in numbers.items())
    BudgetStart.objects.filter(budget=target).update(mark=mark)


def find_original(fiscal_year: int) -> Budget | None:
    """Return the original budget of a year, if there is one."""
    return Budget.objects.filter(fiscal_year=fiscal_year, kind=Budget.Kind.ORIGINAL).order_by("pk").first()


class YearExistsError(RefusedError):
    """There is an original budget of the year already; `found` is it."""

    def __init__(self, found: Budget) -> None:
        said = _(
            "There is already an original budget of %(year)s: %(name)s. Work in that one, or undo its start first."
        )
        super().__init__(said % {"year": found.fiscal_year, "name": found.name})
        self.found = found


def check_start(source: Budget, plan: StartPlan) -> None:
    """Raise RefusedError, in words, when a budget can't be started so."""
    if source.status == Budget.Status.PUBLISHED_FIGURES:
        raise RefusedError(
            _("%(name)s has published figures only, no lines. Start from another budget.") % {"name": source}
        )
    if plan.kind == StartKind.FORECAST:
        if not source.is_adopted:
            raise RefusedError(
                _("A forecast budget is made from an adopted budget. %(name)s is not adopted.") % {"name": source}
            )
        return
    found = find_original(source.fiscal_year + 1) if plan.budget_kind == Budget.Kind.ORIGINAL else None
    if found is not None:
        raise YearExistsError(found)
