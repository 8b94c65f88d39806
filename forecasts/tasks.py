"""Jobs: take an id, call one service. Late-acknowledged and idempotent, so a killed worker loses nothing."""

import logging
from collections.abc import Callable

from celery import shared_task

from forecasts.selectors import budgets_behind, sub_budgets_behind
from forecasts.services.roll_up import compute_forecasts, roll_up_sub_budget

log = logging.getLogger(__name__)


@shared_task(name="forecasts.roll_up")
def roll_up(sub_budget_id: int) -> None:
    """Roll up one changed sub-budget."""
    roll_up_sub_budget(sub_budget_id)


@shared_task(name="forecasts.sweep")
def sweep() -> None:
    """Pick up what a lost broker or a killed worker missed."""
    for sub_budget_id in sub_budgets_behind():
        _try(roll_up_sub_budget, sub_budget_id)
    for budget_id in budgets_behind():
        _try(compute_forecasts, budget_id)


def _try(service: Callable[[int], None], key: int) -> None:
    """One that fails is logged with its trace and tried again next time; the others do not wait for it."""
    try:
        service(key)
    except Exception:
        log.exception("The sweep could not run %s for %s.", service.__name__, key)
