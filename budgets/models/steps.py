"""What a person did in a sub-budget's grid, one step per save, so that it can be undone and done again after a reload."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from budgets.models.budget import SubBudget

if TYPE_CHECKING:
    from accounts.models import User


class EditStepQuerySet(models.QuerySet["EditStep"]):
    def visible_to(self, user: User) -> Self:
        """Return a person's own steps; what others did is read in the history."""
        return self.filter(user=user.pk)


class EditStep(models.Model):
    """One save. It proves nothing, history does: it is untracked, and forgotten when it is old.

    `changes` holds {"line": lineage, "before": values or null, "after": values or null}: of a changed line only what
    changed, of an added or deleted one all of it.
    """

    class Action(models.TextChoices):
        CELLS = "cells", _("typing")
        PASTE = "paste", _("paste")
        ADD = "add", _("new line")
        COPY = "copy", _("copied line")
        MOVE = "move", _("move")
        DELETE = "delete", _("deletion")
        MANY = "many", _("change of several amounts")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="edit_steps", verbose_name=_("User")
    )
    sub_budget = models.ForeignKey(
        SubBudget, models.CASCADE, db_index=False, related_name="edit_steps", verbose_name=_("Sub-budget")
    )
    action = models.CharField(_("Step"), max_length=10, choices=Action, default=Action.CELLS)
    changes = models.JSONField(_("What changed"))
    undone = models.BooleanField(_("Undone"), default=False)
    made_at = models.DateTimeField(_("When"), auto_now_add=True)

    objects = EditStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("edit in the grid")
        verbose_name_plural = _("edits in the grid")
        ordering = ["pk"]
        indexes = [models.Index(fields=["sub_budget", "user"], name="edit_steps_of_a_person")]
        constraints = [models.CheckConstraint(condition=~Q(changes=[]), name="edit_step_changes_something")]

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.made_at:%Y-%m-%d %H:%M}"
