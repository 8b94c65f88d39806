"""What mail tells of the sub-budgets' way: steps that are new to a person, and what is due."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from budgets.models import Action, Budget, SubBudget, WorkflowStep
from objects.models.roles import EDITORS, REVIEWERS, Role, objects_of, roles_of

if TYPE_CHECKING:
    from accounts.models import User

# Whom a step is told: whose turn it is, and whose work it was.
TOLD = {Action.SUBMIT: REVIEWERS, Action.RETURN: EDITORS, Action.APPROVE: EDITORS}
Status = SubBudget.Status


def list_new_steps(user: User, *, since: datetime, until: datetime) -> list[WorkflowStep]:
    """The steps that others took in a time and that the user is told of, where they are still the latest; oldest first."""
    mine = Q()
    for action, roles in TOLD.items():
        mine |= Q(action=action, sub_budget__governance_object__in=objects_of(user, roles))
    if Role.ECONOMIST in roles_of(user):
        mine |= Q(action__in=list(TOLD), sub_budget__isnull=False, sub_budget__governance_object=None)
    later = WorkflowStep.objects.filter(sub_budget=OuterRef("sub_budget"), pk__gt=OuterRef("pk"))
    rows = WorkflowStep.objects.visible_to(user).filter(mine, ~Exists(later), at__gt=since, at__lte=until)
    return list(rows.exclude(by=user).select_related("by", "sub_budget__budget"))


def list_due(today: date, *, within_days: int) -> list[SubBudget]:
    """Drafts to submit and submitted ones to approve, late or due within so many days; scenarios have no deadline."""
    last = today + timedelta(days=within_days)
    due = Q(status=Status.DRAFT, budget__due_on__lte=last)
    due |= Q(status=Status.SUBMITTED, budget__approval_due_on__lte=last)
    rows = SubBudget.objects.filter(due, budget__status=Budget.Status.DRAFT)
    return list(rows.exclude(budget__kind=Budget.Kind.SCENARIO).select_related("budget").order_by("budget", "position"))
