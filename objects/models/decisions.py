"""Decisions of the board and the councils; a budget is adopted and a framework raised only by one of them."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from itsam.web.history import tracked
from objects.models.roles import VisibleQuerySet


@tracked()
class Decision(models.Model):
    """One item of minutes. What is not known stays empty."""

    class Body(models.TextChoices):
        BOARD = "board", _("board")
        COUNCIL = "council", _("municipal council")

    class Kind(models.TextChoices):
        ADOPT_BUDGET = "adopt_budget", _("adopt budget")
        ADOPT_FRAMEWORK = "adopt_framework", _("adopt borrowing framework")
        PROPOSE_FRAMEWORK = "propose_framework", _("propose borrowing framework")
        APPROVE_ACCOUNTS = "approve_accounts", _("approve accounts")
        ACCESSION = "accession_process", _("accession process")
        INFORMATION = "information", _("information")
        OTHER = "other", _("other")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    body = models.CharField(max_length=10, choices=Body)
    kind = models.CharField(max_length=20, choices=Kind)
    meeting_on = models.DateField(null=True, blank=True)
    announced_on = models.DateField(null=True, blank=True)
    approved_on = models.DateField(null=True, blank=True)
    noticed_on = models.DateField(null=True, blank=True)
    paragraph = models.PositiveSmallIntegerField(null=True, blank=True)
    registry_no = models.CharField(max_length=40, blank=True)
    text = models.TextField()
    state = models.CharField(max_length=200, blank=True)
    supersedes = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="superseded_by")

    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["-meeting_on", "paragraph", "pk"]

    def __str__(self) -> str:
        return self.text[:80]
