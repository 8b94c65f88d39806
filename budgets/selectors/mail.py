"""What mail tells of the sub-budgets' way: steps that are new to a person, who is notified of each, and what is due."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias, TypedDict

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User as UserModel
from budgets.models import Action, Budget, ProductProposal, SubBudget, WorkflowStep
from budgets.selectors.collaboration import list_role_holders
from objects.models.roles import EDITORS, REVIEWERS, Role, objects_of, roles_of
from records.models import MailPreference, OutboxMessage

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    from accounts.models import User

    ApprovedStep: TypeAlias = "WithAnnotations[WorkflowStep, Approved]"


class Approved(TypedDict):
    """Who took the last approval before a step."""

    approved_by: int | None


# Who is notified of a step: whose turn it is, whose work it was, and for whom it no longer waits.
TOLD = {
    Action.SUBMIT: REVIEWERS,
    Action.WITHDRAW: REVIEWERS,
    Action.RETURN: EDITORS,
    Action.APPROVE: EDITORS,
    Action.UNLOCK: EDITORS,
}
Status = SubBudget.Status
# An unlocking after which an approval stands.
TO_APPROVED = Q(action=Action.UNLOCK, to_state=Status.APPROVED)


def list_told(sub_budget: SubBudget, step: WorkflowStep) -> list[User]:
    """Return who is notified of a step of a sub-budget; never the one who took it.

    Taking back is told those who were told of the submission, unlocking also the one whose approval stands.
    """
    roles = TOLD.get(Action(step.action))
    if roles is None:
        return []
    approvers = _with_approver(WorkflowStep.objects.filter(TO_APPROVED, pk=step.pk)).values("approved_by")
    concerned = Q(pk__in=list_role_holders(sub_budget, roles)) | Q(pk__in=approvers)
    people = list(UserModel.objects.filter(concerned).exclude(pk=step.by_id).order_by("pk"))
    known = _find_informed(step, people)
    return [user for user in people if user.pk in known]


def list_new_steps(user: User, *, since: datetime, until: datetime) -> list[WorkflowStep]:
    """Return the steps that others took in a time and that the user is notified of, oldest first.

    A step that another has followed is no news.
    """
    mine = TO_APPROVED & Q(approved_by=user.pk)
    for action, roles in TOLD.items():
        mine |= Q(action=action, sub_budget__governance_object__in=objects_of(user, roles))
    if Role.ECONOMIST in roles_of(user):
        mine |= Q(action__in=list(TOLD), sub_budget__isnull=False, sub_budget__governance_object=None)
    later = WorkflowStep.objects.filter(sub_budget=OuterRef("sub_budget"), pk__gt=OuterRef("pk"))
    rows = _with_approver(WorkflowStep.objects.visible_to(user)).filter(mine, ~Exists(later), at__gt=since)
    rows = rows.filter(at__lte=until).exclude(by=user).select_related("by", "sub_budget__budget")
    return [step for step in rows if user.pk in _find_informed(step, [user])]


def list_answerers() -> list[User]:
    """Return those who answer proposals on products: the economists."""
    economists = UserModel.objects.filter(is_active=True, role_assignments__role=Role.ECONOMIST)
    return list(economists.distinct().order_by("pk"))


def list_new_proposals(user: User, *, since: datetime, until: datetime) -> list[ProductProposal]:
    """Return what is new of proposals on products to a person in a time: those to answer, and answers to own ones."""
    rows = ProductProposal.objects.select_related("budget", "sub_budget__budget", "proposed_by", "answered_by")
    mine = Q(proposed_by=user, answered_at__gt=since, answered_at__lte=until) & ~Q(answered_by=user)
    if Role.ECONOMIST in roles_of(user):
        made = Q(state=ProductProposal.State.OPEN, proposed_at__gt=since, proposed_at__lte=until)
        mine |= made & ~Q(proposed_by=user)
    return list(rows.filter(mine).order_by("pk"))


def step_key(step: WorkflowStep, user: User) -> str:
    """Return what tells the mail to a person about a step from every other."""
    return f"step {step.uuid} {user.pk}"


def _with_approver(steps: QuerySet[WorkflowStep]) -> QuerySet[ApprovedStep]:
    """Return steps with `approved_by`, who took the last approval of the same sub-budget before them."""
    rows = WorkflowStep.objects.filter(sub_budget=OuterRef("sub_budget"), pk__lt=OuterRef("pk"))
    last = rows.filter(action=Action.APPROVE).order_by("-pk")
    return steps.annotate(approved_by=Subquery(last.values("by")[:1]))


def _find_informed(step: WorkflowStep, people: Collection[User]) -> set[int]:
    """Return for whom of these a step is news.

    It is for all, but that a sub-budget was taken back only for who heard that it was submitted.

    That was at once or in a digest. When it is so long ago that its mail is forgotten, all count as told.
    """
    everybody = {user.pk for user in people}
    if step.action != Action.WITHDRAW:
        return everybody
    rows = WorkflowStep.objects.filter(sub_budget=step.sub_budget_id, action=Action.SUBMIT, pk__lt=step.pk)
    submission = rows.last()
    if submission is None or submission.at < timezone.now() - timedelta(days=settings.JOB_RETENTION_DAYS):
        return everybody
    at_once = OutboxMessage.objects.filter(key__in=[step_key(submission, user) for user in people])
    daily = MailPreference.objects.filter(user__in=everybody, digested_at__gte=submission.at)
    return {*at_once.values_list("recipient", flat=True), *daily.values_list("user", flat=True)}


def list_due(today: date, *, within_days: int) -> list[SubBudget]:
    """Return drafts to submit and submitted ones to approve, late or due within so many days.

    Scenarios have no deadline.
    """
    last = today + timedelta(days=within_days)
    rows = SubBudget.objects.filter(budget__status=Budget.Status.DRAFT).annotate(
        submitted_by=Coalesce("own_due_on", "budget__due_on"),
        approved_by=Coalesce("own_approval_due_on", "budget__approval_due_on"),
    )
    rows = rows.filter(
        Q(status=Status.DRAFT, submitted_by__lte=last) | Q(status=Status.SUBMITTED, approved_by__lte=last)
    )
    return list(rows.exclude(budget__kind=Budget.Kind.SCENARIO).select_related("budget").order_by("budget", "position"))
