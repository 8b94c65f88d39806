"""Planning rates and indexes, and which budgets use them."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q, QuerySet

from budgets.models import Budget, ChosenRate, IndexRate, PlanningRate
from budgets.selectors.sub_budgets import is_economist
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


def list_same(rate: PlanningRate) -> QuerySet[PlanningRate]:
    """Return the others that hold for the same from the same day: a budget uses at most one of them."""
    same = PlanningRate.objects.filter(kind=rate.kind, age_class=rate.age_class, valid_from_on=rate.valid_from_on)
    return same.exclude(pk=rate.pk)
