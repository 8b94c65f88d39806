"""Which budgets' calculated lines lack a change of posts, pools or rates."""

from datetime import UTC, datetime

from django.db.models import F

from budgets.models import Budget
from pricing.models import CalculationState

NEVER = datetime.max.replace(tzinfo=UTC)


def calculations_behind(*, not_failed_since: datetime | None = None) -> list[int]:
    """Return the drafts to calculate, but for those that have failed since the moment, and those that are proposed."""
    behind = CalculationState.objects.exclude(changed=F("calculated")).exclude(failed_at__gt=not_failed_since or NEVER)
    drafts = behind.filter(budget__status=Budget.Status.DRAFT).exclude(budget__phase=Budget.Phase.PROPOSED)
    return list(drafts.order_by("pk").values_list("pk", flat=True))


def is_calculation_behind(budget: Budget) -> bool:
    """Return whether a budget's calculated lines lack a change."""
    return CalculationState.objects.filter(pk=budget.pk).exclude(changed=F("calculated")).exists()
