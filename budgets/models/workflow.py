"""The way from draft to adopted: each step with who took it, and how far each person has read.

The trick: a step and a look keep the number of the newest history event (`event_mark`), not a moment. Events of one
sub-budget are numbered in the order in which they are committed, so what came after is exactly what has a higher number.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from budgets.models.budget import Budget, SubBudget
from objects.models.roles import FederationQuerySet
from records.models.jobs import OwnedQuerySet
from web.tracking import tracked


class Action(models.TextChoices):
    """What a step does; the label tells it as done."""

    SUBMIT = "submit", _("Submitted")
    WITHDRAW = "withdraw", _("Taken back")
    RETURN = "return", _("Returned")
    APPROVE = "approve", _("Approved by the steering group")
    LOCK = "lock", _("Locked")
    UNLOCK = "unlock", _("Unlocked")
    COMPILE = "compile", _("Compiled")
    PROPOSE = "propose", _("Proposed to the board")
    REOPEN = "reopen", _("Reopened")
    ADOPT = "adopt", pgettext_lazy("a step", "Adopted")


BUDGET_ACTIONS = (Action.COMPILE, Action.PROPOSE, Action.REOPEN, Action.ADOPT)
# They undo what somebody else has done, who is owed a word.
NEED_COMMENT = (Action.RETURN, Action.UNLOCK, Action.REOPEN)

LONGEST_COMMENT = 4000
# What a step leads from and to: the states of a sub-budget, or of a budget.
STATES = {**dict(SubBudget.Status.choices), **dict(Budget.Phase.choices), **dict(Budget.Status.choices)}


@tracked(
    key="step",
    shown=("from_state", "to_state", "on_behalf"),
    title="action",
    hidden=("by", "event_mark"),
    values={"from_state": STATES, "to_state": STATES},
)
class WorkflowStep(models.Model):
    """One step of a sub-budget, or of the whole budget; it is never changed or deleted."""

    uuid = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    budget = models.ForeignKey(Budget, models.PROTECT, related_name="steps", verbose_name=_("Budget"))
    sub_budget = models.ForeignKey(
        SubBudget, models.PROTECT, null=True, blank=True, related_name="steps", verbose_name=_("Sub-budget")
    )
    action = models.CharField(_("Step"), max_length=10, choices=Action)
    from_state = models.CharField(_("From"), max_length=10)
    to_state = models.CharField(_("To"), max_length=10)
    # Empty when a command took the step; its history event names it.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="workflow_steps", verbose_name=_("By whom")
    )
    on_behalf = models.BooleanField(_("On somebody's behalf"), default=False)
    comment = models.TextField(_("Comment"), blank=True)
    at = models.DateTimeField(_("When"), auto_now_add=True)
    event_mark = models.BigIntegerField(_("Newest event at that time"), default=0)

    objects = FederationQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of the workflow")
        verbose_name_plural = _("steps of the workflow")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(action__in=Action.values), name="step_is_known"),
            models.CheckConstraint(condition=~Q(from_state=F("to_state")), name="step_leads_somewhere"),
            models.CheckConstraint(
                condition=Q(action__in=[action.value for action in BUDGET_ACTIONS]) ^ Q(sub_budget__isnull=False),
                name="step_is_of_a_budget_or_a_sub_budget",
            ),
            models.CheckConstraint(
                condition=~Q(action__in=[action.value for action in NEED_COMMENT]) | ~Q(comment=""),
                name="step_back_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.at:%Y-%m-%d}"


class LookQuerySet(OwnedQuerySet["Look"]):
    owner_field = "user"


class Look(models.Model):
    """How far a person has read a sub-budget's changes; nobody's business but theirs, so it has no history."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="looks", verbose_name=_("User"))
    sub_budget = models.ForeignKey(SubBudget, models.CASCADE, related_name="looks", verbose_name=_("Sub-budget"))
    seen_at = models.DateTimeField(_("Seen"), auto_now=True)
    event_mark = models.BigIntegerField(_("Newest event at that time"), default=0)

    objects = LookQuerySet.as_manager()

    class Meta:
        verbose_name = _("reading of changes")
        verbose_name_plural = _("readings of changes")
        constraints = [models.UniqueConstraint(fields=["user", "sub_budget"], name="one_look_a_person")]

    def __str__(self) -> str:
        return f"{self.user}: {self.sub_budget}"
