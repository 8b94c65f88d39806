"""What a person did in a budget's table of hours, one step per save, so that it can be undone and done again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from budgets.models import Budget, EditStep

if TYPE_CHECKING:
    from accounts.models import User


class WeightStepQuerySet(models.QuerySet["WeightStep"]):
    def visible_to(self, user: User) -> Self:
        """Return a person's own steps; what others did is read in the history."""
        return self.filter(user=user.pk)


class WeightStep(models.Model):
    """One save. It proves nothing, history does: it is untracked, and forgotten when it is old.

    `changes` holds {"pool": lineage, "to": key of the row, "year": 1 to 3, "before": weight, "after": weight} as text.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="weight_steps", verbose_name=_("User")
    )
    budget = models.ForeignKey(
        Budget, models.CASCADE, db_index=False, related_name="weight_steps", verbose_name=_("Budget")
    )
    action = models.CharField(_("Step"), max_length=10, choices=EditStep.Action, default=EditStep.Action.CELLS)
    changes = models.JSONField(_("What changed"))
    undone = models.BooleanField(_("Undone"), default=False)
    made_at = models.DateTimeField(_("When"), auto_now_add=True)

    objects = WeightStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("edit in the table of hours")
        verbose_name_plural = _("edits in the table of hours")
        ordering = ["pk"]
        indexes = [models.Index(fields=["budget", "user"], name="weight_steps_of_a_person")]
        constraints = [models.CheckConstraint(condition=~Q(changes=[]), name="weight_step_changes_something")]

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.made_at:%Y-%m-%d %H:%M}"
