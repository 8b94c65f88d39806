"""Jobs: take an id, call one service. Late-acknowledged and idempotent, so a killed worker loses nothing."""

import logging
from collections.abc import Callable
from datetime import timedelta

from celery import shared_task
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from forecasts.selectors import budgets_behind, sub_budgets_behind
from forecasts.services.roll_up import (
    compute_forecasts,
    note_failed_calculation,
    note_failed_forecasts,
    note_failed_sum,
    remake_states,
    roll_up_calculated,
    roll_up_sub_budget,
)
from investments.selectors.capital import capital_behind
from pricing.selectors.behind import calculations_behind

log = logging.getLogger(__name__)

# What failed would fail at every sweep until somebody mends it.
FAILED_SECONDS = 60


@shared_task(name="forecasts.roll_up")
def roll_up(sub_budget_id: int) -> None:
    """Roll up one changed sub-budget."""
    _try(roll_up_sub_budget, sub_budget_id, note_failed_sum)


@shared_task(name="forecasts.calculate")
def calculate(budget_id: int) -> None:
    """Calculate one budget whose posts, pools or rates changed, and roll it up."""
    _try(roll_up_calculated, budget_id, note_failed_calculation)


@shared_task(name="forecasts.sweep")
def sweep() -> None:
    """Pick up what a lost broker or a killed worker missed, also a state that is not there; what failed is tried again after a while."""
    remake_states()
    before = timezone.now() - timedelta(seconds=FAILED_SECONDS)
    for budget_id in dict.fromkeys([*capital_behind(), *calculations_behind(not_failed_since=before)]):
        _try(roll_up_calculated, budget_id, note_failed_calculation)
    for sub_budget_id in sub_budgets_behind(not_failed_since=before):
        _try(roll_up_sub_budget, sub_budget_id, note_failed_sum)
    for budget_id in budgets_behind(not_failed_since=before):
        _try(compute_forecasts, budget_id, note_failed_forecasts)


def _try(service: Callable[[int], None], key: int, note_failed: Callable[[int], None]) -> None:
    """One that fails is logged with its trace and noted, for pages and health to show; the others do not wait for it.

    Who only met another change, or a database that is away, has not failed: the next sweep comes to it.
    """
    try:
        service(key)
    except (OperationalError, InterfaceError):
        log.exception("%s of %s had to wait; the sweep will do it.", service.__name__, key)
    except Exception:
        log.exception("%s of %s failed.", service.__name__, key)
        note_failed(key)
