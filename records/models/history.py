"""Digests of history: every event of every tracked table is in one part, and every digest follows the one before it.

Parts go by the numbers of the events, not by their time: a part covers all numbers after its `after` up to its `last`,
so that an event which comes late can only come after it, and nothing lies between two parts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from web.tracking import tracked

if TYPE_CHECKING:
    from accounts.models import User

# The names of these roles are those of `objects`, which lies above.
READERS = ("administrator", "auditor", "economist")


class DigestQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """For those who look after history."""

    def visible_to(self, user: User) -> Self:
        if user.is_authenticated and user.role_assignments.filter(role__in=READERS).exists():
            return self
        return self.none()


class HistoryDigest(models.Model):
    """What is sealed at one time of one day (UTC): `tables` holds the number of events and the hash of each table."""

    number = models.PositiveIntegerField(unique=True)
    day = models.DateField()
    tables = models.JSONField()
    count = models.PositiveBigIntegerField()
    previous_hash = models.CharField(max_length=64, unique=True)
    hash = models.CharField(max_length=64, unique=True)
    sealed_at = models.DateTimeField()

    objects = DigestQuerySet.as_manager()

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number}, {self.day}"


class HistoryPart(models.Model):
    """A run of one table's events. `runs` are their numbers, `marks` the first bytes of the hash of each."""

    digest = models.ForeignKey(HistoryDigest, models.PROTECT, related_name="parts")
    table = models.CharField(max_length=100)
    columns = models.JSONField()
    after = models.BigIntegerField()
    last = models.BigIntegerField()
    runs = models.JSONField(default=list)
    marks = models.BinaryField()
    count = models.PositiveIntegerField()
    hash = models.CharField(max_length=64)

    objects = DigestQuerySet.as_manager()

    class Meta:
        ordering = ["digest", "table", "after"]
        constraints = [models.UniqueConstraint(fields=["table", "after"], name="history_part_follows_one")]

    def __str__(self) -> str:
        return f"{self.table} {self.after}–{self.last}"


class HistoryMark(models.Model):
    """How far each table's numbers had come when every id below `next_transaction` was taken.

    When all transactions before it have ended, every event up to `bounds` is there or never will be.
    """

    taken_at = models.DateTimeField(auto_now_add=True)
    next_transaction = models.BigIntegerField()
    bounds = models.JSONField()

    objects = DigestQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.taken_at}"


@tracked()
class HistoryDisposal(models.Model):
    """The owner's act of removing a digest's events for good, as the law asks; the digest's hash stays."""

    digest = models.OneToOneField(HistoryDigest, models.PROTECT, related_name="disposal")
    disposed_at = models.DateTimeField()
    reason = models.TextField()
    disposed_by = models.CharField(max_length=200)
    count = models.PositiveBigIntegerField()

    objects = DigestQuerySet.as_manager()

    class Meta:
        ordering = ["digest"]

    def __str__(self) -> str:
        return f"{self.digest}: {self.reason}"
