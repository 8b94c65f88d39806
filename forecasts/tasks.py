"""Jobs: take an id, call one service. Late-acknowledged and idempotent, so a killed worker loses nothing."""

from celery import shared_task

from budgets.models import Budget
from forecasts.selectors import budgets_behind, sub_budgets_behind
from forecasts.services.roll_up import compute_forecasts, roll_up_sub_budget


@shared_task(name="forecasts.roll_up")
def roll_up(sub_budget_id: int) -> None:
    """Rolls up one changed sub-budget."""
    roll_up_sub_budget(sub_budget_id)


@shared_task(name="forecasts.sweep")
def sweep() -> None:
    """Picks up what a lost broker or a killed worker missed."""
    for sub_budget_id in sub_budgets_behind():
        roll_up_sub_budget(sub_budget_id)
    for budget in Budget.objects.filter(pk__in=budgets_behind()):
        compute_forecasts(budget.pk)
