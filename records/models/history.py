"""Digests of history: every event of every tracked table is in one part, and every digest follows the one before it.

Parts go by the numbers of the events, not by their time: a part covers all numbers after its `after` up to its `last`,
so that an event which comes late can only come after it, and nothing lies between two parts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from web.days import day_checks
from web.tracking import refused_to_site, tracked

if TYPE_CHECKING:
    from accounts.models import User

# What is sealed stays: the site adds digests, and only the owner disposes of events.

# The names of these roles are those of `objects`, which lies above.
READERS = ("administrator", "auditor", "economist")


Row = TypeVar("Row", bound=models.Model, covariant=True)


class DigestQuerySet(models.QuerySet[Row]):
    """For those who look after history."""

    def visible_to(self, user: User) -> Self:
        if user.is_authenticated and user.role_assignments.filter(role__in=READERS).exists():
            return self
        return self.none()


@refused_to_site("UPDATE", "DELETE")
class HistoryDigest(models.Model):
    """What is sealed at one time of one day (UTC): `tables` holds the number of events and the hash of each table."""

    number = models.PositiveIntegerField(_("Number"), unique=True)
    day = models.DateField(_("Day (UTC)"))
    tables = models.JSONField(_("Tables"))
    count = models.PositiveBigIntegerField(_("Events"))
    previous_hash = models.CharField(_("Hash of the one before"), max_length=64, unique=True)
    hash = models.CharField(_("Hash"), max_length=64, unique=True)
    sealed_at = models.DateTimeField(_("Sealed"))

    objects = DigestQuerySet.as_manager()

    class Meta:
        verbose_name = _("seal of history")
        verbose_name_plural = _("seals of history")
        ordering = ["number"]
        constraints = day_checks("digest", "day")

    def __str__(self) -> str:
        return f"{self.number}, {self.day}"


@refused_to_site("UPDATE", "DELETE")
class HistoryPart(models.Model):
    """A run of one table's events. `runs` are their numbers, `marks` the first bytes of the hash of each."""

    digest = models.ForeignKey(HistoryDigest, models.PROTECT, related_name="parts", verbose_name=_("Seal"))
    table = models.CharField(_("Table"), max_length=100)
    columns = models.JSONField(_("Columns"))
    after = models.BigIntegerField(_("After the number"))
    last = models.BigIntegerField(_("Last number"))
    runs = models.JSONField(_("Numbers"), default=list)
    marks = models.BinaryField(_("Marks"))
    count = models.PositiveIntegerField(_("Events"))
    hash = models.CharField(_("Hash"), max_length=64)

    objects = DigestQuerySet.as_manager()

    class Meta:
        verbose_name = _("part of a seal")
        verbose_name_plural = _("parts of seals")
        ordering = ["digest", "table", "after"]
        constraints = [models.UniqueConstraint(fields=["table", "after"], name="history_part_follows_one")]

    def __str__(self) -> str:
        return f"{self.table} {self.after}–{self.last}"


class HistoryMark(models.Model):
    """How far each table's numbers had come when every id below `next_transaction` was taken.

    When all transactions before it have ended, every event up to `bounds` is there or never will be.
    """

    taken_at = models.DateTimeField(_("Taken"), auto_now_add=True)
    next_transaction = models.BigIntegerField(_("Next transaction"))
    bounds = models.JSONField(_("Bounds"))

    objects = DigestQuerySet.as_manager()

    class Meta:
        verbose_name = _("mark of history")
        verbose_name_plural = _("marks of history")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.taken_at}"


@refused_to_site("INSERT", "UPDATE", "DELETE")
@tracked(key="disposal", shown=("count",), hidden=("digest", "disposed_at", "disposed_by"))
class HistoryDisposal(models.Model):
    """The owner's act of removing a digest's events for good, as the law asks; the digest's hash stays."""

    digest = models.OneToOneField(HistoryDigest, models.PROTECT, related_name="disposal", verbose_name=_("Seal"))
    disposed_at = models.DateTimeField(_("Disposed of"))
    reason = models.TextField(_("Reason"))
    disposed_by = models.CharField(_("Disposed of by"), max_length=200)
    count = models.PositiveBigIntegerField(_("Number of events"))

    objects = DigestQuerySet.as_manager()

    class Meta:
        verbose_name = _("disposal of history")
        verbose_name_plural = _("disposals of history")
        ordering = ["digest"]

    def __str__(self) -> str:
        return f"{self.digest}: {self.reason}"
