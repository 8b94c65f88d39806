"""What somebody tried in the stress test and kept by a name."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from budgets.models import Budget, BudgetScopedQuerySet
from web.tracking import tracked


@tracked(shown=("name", "is_on_board"), hidden=("uuid", "inputs", "base", "author", "saved_at"))
class StressScenario(models.Model):
    """What is tried, by the keys of the command's file, and the debt it was tried on; its answer is counted each time.

    Never frozen: it says nothing of what the budget is, and may be saved on an adopted one.
    """

    budget = models.ForeignKey(Budget, models.PROTECT, related_name="stress_scenarios", verbose_name=_("Budget"))
    uuid = models.UUIDField(_("Name in the address"), default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("Name"), max_length=80)
    inputs = models.JSONField(_("What is tried"), blank=True)
    base = models.JSONField(_("The debt it is tried on"))
    is_on_board = models.BooleanField(_("Shown on the board's dashboard"), default=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="stress_scenarios", verbose_name=_("Author")
    )
    saved_at = models.DateTimeField(_("Saved"))

    objects = BudgetScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("scenario of the stress test")
        verbose_name_plural = _("scenarios of the stress test")
        ordering = ["budget", "pk"]
        constraints = [
            models.UniqueConstraint("budget", Lower("name"), name="scenario_name_once_a_budget"),
            models.CheckConstraint(condition=~models.Q(name=""), name="scenario_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
