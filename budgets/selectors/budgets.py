"""Budgets, the one before each, and how far their forecasts have come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, F, QuerySet

from budgets.models import (
    Budget,
    ForecastState,
    RollUpState,
)
from budgets.models.budget import BudgetQuerySet
from objects.models.roles import Role, roles_of
from objects.selectors.reader import compiled_for_reader
from web.compiled import compiled

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User


def list_budgets(user: User) -> BudgetQuerySet:
    """Return the budgets the user may see, newest year first."""
    rows: BudgetQuerySet = Budget.objects.visible_to(user).select_related("adopted_by", "based_on", "replaces")
    return rows


read_budgets = compiled_for_reader(list_budgets)


# They read what is in force, where what others prepare is not yet laid before them.
READERS = frozenset({Role.BOARD, Role.CHIEF_EXECUTIVE, Role.AUDITOR})


def find_default_budget(user: User) -> Budget | None:
    """Return the budget a first page shows: the newest draft, else the newest that is in force.

    To who only reads, a revision is shown once it is proposed.
    """
    budgets = [row for row in read_budgets(user) if row.status != Budget.Status.PUBLISHED_FIGURES]
    drafts = [row for row in budgets if row.status == Budget.Status.DRAFT and row.kind != Budget.Kind.SCENARIO]
    if roles_of(user) <= READERS:
        drafts = [row for row in drafts if row.replaces is None or row.phase == Budget.Phase.PROPOSED]
    replaced = {row.replaces_id for row in budgets if row.is_adopted}
    in_force = [row for row in budgets if row.is_adopted and row.pk not in replaced]
    return next(iter(drafts or in_force or budgets), None)


def find_earlier(budget: Budget) -> Budget | None:
    """Find what a budget is compared with, on every page and in every file: that of its year it is made from, else the year before's."""
    return budget.made_from or find_year_before(budget)


def find_year_before(budget: Budget) -> Budget | None:
    """Find the budget of the year before: the one it is based on, else the adopted or published one."""
    if budget.based_on is not None and budget.based_on.fiscal_year == budget.fiscal_year - 1:
        return budget.based_on
    earlier = Budget.objects.filter(fiscal_year=budget.fiscal_year - 1).exclude(status=Budget.Status.DRAFT)
    return earlier.not_replaced().order_by("-adopted_at").first()


def is_behind(budget: Budget) -> bool:
    """Return whether totals or forecasts lack a change."""
    behind = RollUpState.objects.filter(sub_budget__budget=budget).exclude(changed=F("summed"))
    forecasts = ForecastState.objects.filter(budget=budget).exclude(changed=F("computed"))
    return behind.exists() or forecasts.exists()


def find_budget(user: User, slug: str) -> Budget | None:
    """Return the budget with this slug, if the user may see it."""
    return next(iter(_find_by_slug(user, slug)), None)


@compiled_for_reader
def _find_by_slug(user: User, slug: str) -> BudgetQuerySet:
    return list_budgets(user).filter(slug=slug)


def find_newest_adopted(user: User) -> Budget | None:
    """Return the adopted budget of the latest year that the user may see."""
    return list_budgets(user).adopted().not_replaced().first()


@dataclass(frozen=True)
class Progress:
    """How far the forecasts are: the counter that is computed, when, whether changes are waiting and the last try failed."""

    computed: int
    computed_at: datetime | None
    behind: bool
    has_failed: bool = False


def load_progress(budget: Budget) -> Progress:
    """Return a budget's progress, in one query."""
    states = _load_states(budget.pk)
    if not states:
        return Progress(0, None, behind=True)
    changed, computed, computed_at, is_waiting, has_failed, failed_at = states[0]
    behind = is_waiting or changed != computed
    return Progress(computed, computed_at, behind=behind, has_failed=has_failed or (behind and failed_at is not None))


@compiled
def _load_states(
    budget_id: int,
) -> QuerySet[ForecastState, tuple[int, int, datetime | None, bool, bool, datetime | None]]:
    waiting = RollUpState.objects.filter(sub_budget__budget=budget_id).exclude(changed=F("summed"))
    failed = waiting.exclude(failed_at=None)
    states = ForecastState.objects.filter(budget=budget_id).annotate(waiting=Exists(waiting), failed=Exists(failed))
    return states.values_list("changed", "computed", "computed_at", "waiting", "failed", "failed_at")
