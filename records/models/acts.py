"""Why somebody did something, in the own words, written when it was done or later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from web.tracking import tracked

if TYPE_CHECKING:
    from accounts.models import User

LONGEST_WORDS = 500


class ActReasonQuerySet(models.QuerySet["ActReason"]):
    def visible_to(self, user: User) -> Self:
        """Return what the person wrote; what others did is read beside their acts, by who may read those."""
        return self.filter(by=user.pk)


@tracked(key="act_reason", shown=("words",), hidden=("act", "by", "written_at"), is_beside=True)
class ActReason(models.Model):
    """The words of the one who did an act. History is sealed and stays as it is, so they lie beside it.

    `act` is the id of the change that the act's events carry (pgh_context_id).
    """

    act = models.UUIDField(_("What was done"), unique=True, editable=False)
    words = models.CharField(_("Why"), max_length=LONGEST_WORDS)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Written by")
    )
    written_at = models.DateTimeField(_("Written"), auto_now=True)

    objects = ActReasonQuerySet.as_manager()

    class Meta:
        verbose_name = _("reason for a change")
        verbose_name_plural = _("reasons for changes")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.words
