"""Planning rates and indexes: added, changed while nothing keeps them, and chosen for budgets, each time as one act."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from budgets.models import Budget, ChosenRate, IndexRate, PlanningRate
from budgets.selectors.rates import (
    FOLLOWS,
    can_set_rates,
    find_index_keeper,
    find_rate_keeper,
    list_following,
    list_same,
)
from budgets.services.editing import JOB_EXPIRES_SECONDS
from engine.personnel import RateKind
from engine.result import CostKind
from objects.services.rows import save_checked
from records.models import Provenance
from records.reasons import Reason
from records.services import change
from records.services.sending import send_task
from records.services.stale import require_same

if TYPE_CHECKING:
    from accounts.models import User

RATE_FIELDS = ("kind", "age_class", "valid_from_on", "value", "ceiling_ore", "is_uncapped", "source")
INDEX_FIELDS = ("cost_kind", "year", "valid_from_on", "percent")


def save_rate(rate: PlanningRate, budgets: Collection[Budget], *, by: User, seen: str | None = None) -> PlanningRate:
    """Add or change a planning rate, and have just these of the drafts that follow their rates use it.

    `seen` is the digest of the fields that the author saw. PermissionDenied, ValidationError by field, StaleError.
    """
    _require(by)
    with change(by=by.email, reason=Reason.CHANGE_RATE if rate.pk else Reason.ADD_RATE):
        if rate.pk is None or _is_changed(rate, RATE_FIELDS):
            _store_rate(rate, seen)
        _choose(rate, {budget.pk for budget in budgets})
    return rate


def choose_rate(rate: PlanningRate, budgets: Collection[Budget], *, by: User) -> None:
    """Have just these of the drafts that follow their rates use a planning rate. PermissionDenied."""
    _require(by)
    with change(by=by.email, reason=Reason.CHOOSE_RATE):
        _choose(rate, {budget.pk for budget in budgets})


def save_index(index: IndexRate, *, by: User, seen: str | None = None) -> IndexRate:
    """Add or change an index; one of personnel moves every draft. Errors as for a planning rate."""
    _require(by)
    with change(by=by.email, reason=Reason.CHANGE_INDEX if index.pk else Reason.ADD_INDEX):
        if index.pk:
            require_same(index, INDEX_FIELDS, seen)
            if keeper := find_index_keeper(IndexRate.objects.get(pk=index.pk)):
                raise ValidationError(say_kept(keeper))
        index.provenance = Provenance.ENTERED
        save_checked(index, find_index_faults(index))
        if index.cost_kind == CostKind.PERSONNEL:
            for budget in list_following():
                _request(budget.pk)
    return index


def find_rate_faults(rate: PlanningRate) -> list[tuple[str, str]]:
    """Return what can't be with a planning rate, as (field, words)."""
    faults = []
    if rate.age_class and rate.kind != RateKind.EMPLOYER_CONTRIBUTIONS:
        faults.append(("age_class", _("Only employer contributions differ by age. Choose them, or no age class.")))
    elif rate.age_class and rate.ceiling_ore is None and not rate.is_uncapped:
        said = _("Write the month's pay that the rate holds up to, or say that it has no ceiling.")
        faults.append(("ceiling_ore", said))
    elif rate.age_class and rate.ceiling_ore is not None and rate.is_uncapped:
        faults.append(("ceiling_ore", _("Write a ceiling or say that there is none, not both.")))
    elif not rate.age_class and (rate.ceiling_ore is not None or rate.is_uncapped):
        faults.append(("age_class", _("A ceiling belongs to an age class. Choose which.")))
    if rate.ceiling_ore is not None and rate.ceiling_ore <= 0:
        faults.append(("ceiling_ore", _("The ceiling is a month's pay above zero.")))
    if rate.value is not None:
        faults += _find_value_faults(rate)
    if rate.valid_from_on and _is_double(rate):
        said = _(
            "There is one of the same kind and age class from %(day)s already. Change that one, or choose another day."
        )
        faults.append(("valid_from_on", said % {"day": rate.valid_from_on}))
    return faults


def _find_value_faults(rate: PlanningRate) -> list[tuple[str, str]]:
    if rate.kind == PlanningRate.Kind.HOURS:
        is_sane, said = 0 < rate.value <= 2500, _("Write the hours of a year, above 0 and at most 2,500.")
    elif rate.kind in (PlanningRate.Kind.WAGE_REVISION, PlanningRate.Kind.INTEREST):
        is_sane, said = -20 <= rate.value <= 50, _("Write per cent from −20 to 50.")
    else:
        is_sane, said = 0 <= rate.value <= 100, _("Write per cent from 0 to 100.")
    return [] if is_sane else [("value", said)]


def _is_double(rate: PlanningRate) -> bool:
    """Return whether another says the same, or can be changed instead: what a budget keeps can't be."""
    return any(same.value == rate.value or not find_rate_keeper(same) for same in list_same(rate))


def find_index_faults(index: IndexRate) -> list[tuple[str, str]]:
    """Return what can't be with an index, as (field, words)."""
    faults = []
    if index.percent is not None and not -20 <= index.percent <= 50:
        faults.append(("percent", _("Write per cent from −20 to 50.")))
    same = IndexRate.objects.filter(cost_kind=index.cost_kind, year=index.year, valid_from_on=index.valid_from_on)
    if same.exclude(pk=index.pk).exists():
        said = _("There is one of the same kind and year from %(day)s already. Change that one, or choose another day.")
        faults.append(("valid_from_on", said % {"day": index.valid_from_on}))
    return faults


def say_kept(budget: Budget) -> str:
    """Return why what a budget keeps can't be changed, and what to do instead."""
    said = _(
        "%(budget)s was calculated by it, so it stays as it is. Add a new one and choose that for the next budget."
    )
    return said % {"budget": budget.name}


def _store_rate(rate: PlanningRate, seen: str | None) -> None:
    if rate.pk:
        require_same(rate, RATE_FIELDS, seen)
        if keeper := find_rate_keeper(rate):
            raise ValidationError(say_kept(keeper))
    rate.provenance = Provenance.ENTERED
    save_checked(rate, find_rate_faults(rate))
    for budget in Budget.objects.filter(FOLLOWS, chosen_rates__rate=rate):
        _request(budget.pk)


def _is_changed(rate: PlanningRate, names: Collection[str]) -> bool:
    stored = PlanningRate.objects.get(pk=rate.pk)
    return any(getattr(stored, name) != getattr(rate, name) for name in names)


def _choose(rate: PlanningRate, wanted: set[int]) -> None:
    """Change which drafts use a rate; it takes the place of another of the same day."""
    drafts = Budget.objects.select_for_update().filter(FOLLOWS).order_by("pk")
    now = set(ChosenRate.objects.filter(rate=rate).values_list("budget", flat=True))
    for budget in drafts:
        if budget.pk in wanted and budget.pk not in now:
            ChosenRate.objects.filter(budget=budget, rate__in=list_same(rate)).delete()
            ChosenRate.objects.create(budget=budget, rate=rate)
        elif budget.pk in now and budget.pk not in wanted:
            ChosenRate.objects.filter(budget=budget, rate=rate).delete()
        else:
            continue
        _request(budget.pk)


def _request(budget_id: int) -> None:
    """Start the calculation after commit; the sweep finds what a lost broker was not told."""
    send = partial(send_task, "forecasts.calculate", budget_id, expires=JOB_EXPIRES_SECONDS)
    transaction.on_commit(send, robust=True)


def _require(user: User) -> None:
    if not can_set_rates(user):
        raise PermissionDenied
