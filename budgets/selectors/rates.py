"""Planning rates and indexes, which budgets use them, and what is wrong with one."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from budgets.models import Budget, ChosenRate, IndexRate, PlanningRate
from budgets.selectors.sub_budgets import is_economist
from engine.personnel import RateKind
from objects.models.roles import FEDERATION_ROLES, roles_of

if TYPE_CHECKING:
    from accounts.models import User

FOLLOWS = Q(status=Budget.Status.DRAFT) & ~Q(phase=Budget.Phase.PROPOSED)


def can_read_rates(user: User) -> bool:
    """Return whether the user is of the federation, which reads the planning rates."""
    return bool(roles_of(user) & FEDERATION_ROLES)


def can_set_rates(user: User) -> bool:
    """Return whether the user sets them."""
    return is_economist(user)


def list_rates(user: User) -> list[PlanningRate]:
    """Return the planning rates by kind, age and day."""
    order = {kind: place for place, kind in enumerate(PlanningRate.Kind.values)}
    rows = PlanningRate.objects.visible_to(user)
    return sorted(rows, key=lambda rate: (order[rate.kind], rate.age_class, rate.valid_from_on))


def find_rate(user: User, uuid: UUID) -> PlanningRate | None:
    """Return one, if the user may see it."""
    found: PlanningRate | None = PlanningRate.objects.visible_to(user).filter(uuid=uuid).first()
    return found


def list_indexes(user: User) -> list[IndexRate]:
    """Return the indexes by kind of cost, year and day."""
    return list(IndexRate.objects.visible_to(user).order_by("cost_kind", "year", "valid_from_on"))


def find_index(user: User, cost_kind: str, year: int, valid_from_on: date) -> IndexRate | None:
    """Return one by what names it, if the user may see it."""
    rows = IndexRate.objects.visible_to(user).filter(cost_kind=cost_kind, year=year, valid_from_on=valid_from_on)
    found: IndexRate | None = rows.first()
    return found


def list_budgets_by_rate() -> dict[int, list[Budget]]:
    """Return the budgets that use each planning rate, by the rate's key."""
    found: dict[int, list[Budget]] = defaultdict(list)
    for chosen in ChosenRate.objects.select_related("budget").order_by("budget__fiscal_year", "budget"):
        found[chosen.rate_id].append(chosen.budget)
    return found


def list_users_of(rate: PlanningRate | None) -> list[Budget]:
    """Return the budgets that use a planning rate; none of a new one."""
    if rate is None or rate.pk is None:
        return []
    return list(Budget.objects.filter(chosen_rates__rate=rate).order_by("fiscal_year", "pk"))


def list_following() -> list[Budget]:
    """Return the drafts that follow their rates: a proposed or adopted budget keeps what it was calculated by."""
    return list(Budget.objects.filter(FOLLOWS).order_by("fiscal_year", "pk"))


def is_following(budget: Budget) -> bool:
    """Return whether a budget follows its rates."""
    return budget.status == Budget.Status.DRAFT and budget.phase != Budget.Phase.PROPOSED


def find_rate_keeper(rate: PlanningRate) -> Budget | None:
    """Return a budget that was proposed or adopted with a planning rate, which keeps it as it is."""
    return next((budget for budget in list_users_of(rate) if not is_following(budget)), None)


def find_index_keeper(index: IndexRate) -> Budget | None:
    """Return a budget that was proposed or adopted with an index among those of its years."""
    if index.pk is None:
        return None
    rows = Budget.objects.filter(fiscal_year__range=(index.year - 2, index.year)).exclude(FOLLOWS)
    # Figures that are only printed were made by nothing here.
    return rows.exclude(status=Budget.Status.PUBLISHED_FIGURES).order_by("fiscal_year").first()


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


def list_same(rate: PlanningRate) -> QuerySet[PlanningRate]:
    """Return the others that hold for the same from the same day: a budget uses at most one of them."""
    same = PlanningRate.objects.filter(kind=rate.kind, age_class=rate.age_class, valid_from_on=rate.valid_from_on)
    return same.exclude(pk=rate.pk)


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
