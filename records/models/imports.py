"""An import: a file that somebody read in, what it said row by row, and what it changed.

The trick: a row keeps what stood in the table before it and what it set, so an import is undone from its own rows, and what
it made is found from them: the tables it writes need no column for it.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from records.import_kinds import kind_of, list_kinds
from records.models.files import StoredFile
from web.tracking import tracked

if TYPE_CHECKING:
    from accounts.models import User


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, user: User) -> Self:
        """Return those of the kinds that the person imports."""
        return self.filter(kind__in=[kind.key for kind in list_kinds(user)])


@tracked(
    key="import",
    shown=("kind", "source", "period", "status", "file_name"),
    title="file_name",
    hidden=("file", "sha256", "sheets", "headings", "mapping", "counts", "faults", "notes", "header_row", "by")
    + ("saved_at", "saved_by", "undone_at", "undone_by", "version"),
    exclude=["counts", "faults", "notes", "sheets", "headings"],
)
class Import(models.Model):
    """One file for one kind, source and period.

    `period` is a key of the kind's own, such as a year or a budget's slug. `mapping` holds for each column the key of the
    field that it is read as, empty where it is left out. `counts` are those of the rows by their status; `faults` concern the
    file as a whole, `notes` are said and stop nothing. `version` counts how often the rows were read anew, so that nobody
    saves other rows than were shown.
    """

    class Status(models.TextChoices):
        CHECKING = "checking", pgettext_lazy("import", "being read")
        REVIEW = "review", pgettext_lazy("import", "to review")
        SAVED = "saved", pgettext_lazy("import", "saved")
        UNDONE = "undone", pgettext_lazy("import", "undone")

    uuid = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(pgettext_lazy("of an import", "Kind"), max_length=30)
    source = models.CharField(_("Name of the source"), max_length=80)
    period = models.CharField(_("Period"), max_length=80)
    status = models.CharField(pgettext_lazy("import", "State"), max_length=10, choices=Status, default=Status.CHECKING)
    file = models.ForeignKey(StoredFile, models.PROTECT, db_index=False, related_name="imports", verbose_name=_("File"))
    file_name = models.CharField(_("Name of the file"), max_length=200)
    sha256 = models.CharField(_("SHA-256"), max_length=64, db_index=True)
    sheet = models.CharField(_("Sheet"), max_length=120, blank=True, default="")
    sheets = models.JSONField(_("Sheets"), default=list, blank=True)
    header_row = models.PositiveIntegerField(_("Row of the headings"), default=0)
    headings = models.JSONField(_("Headings"), default=list, blank=True)
    mapping = models.JSONField(_("What columns are read as"), default=list, blank=True)
    counts = models.JSONField(_("Number of rows"), default=dict, blank=True)
    faults = models.JSONField(_("Faults of the file"), default=list, blank=True)
    notes = models.JSONField(_("Notes on the file"), default=list, blank=True)
    version = models.PositiveIntegerField(_("Version"), default=0)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Read in by")
    )
    created_at = models.DateTimeField(_("Created"), auto_now_add=True, db_index=True)
    saved_at = models.DateTimeField(_("Saved"), null=True, blank=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, db_index=False, related_name="+",
        verbose_name=_("Saved by"),
    )  # fmt: skip
    undone_at = models.DateTimeField(_("Undone"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, db_index=False, related_name="+",
        verbose_name=_("Undone by"),
    )  # fmt: skip

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["kind", "period", "source"], name="imports_of_a_period")]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["checking", "review", "saved", "undone"]), name="import_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["saved", "undone"]) ^ Q(saved_at__isnull=True), name="saved_import_says_when"
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def kind_label(self) -> str:
        """What its kind is called."""
        return str(kind_of(self.kind).label)

    @property
    def period_label(self) -> str:
        """Its period in words."""
        return kind_of(self.kind).name_period(self.period)

    @property
    def bad(self) -> int:
        """How many rows and other things are to be corrected."""
        return int(self.counts.get("bad", 0)) + len(self.faults)


class ImportRowQuerySet(models.QuerySet["ImportRow"]):
    def visible_to(self, user: User) -> Self:
        """Return those of the imports that the person sees."""
        return self.filter(of__in=Import.objects.visible_to(user))


class ImportRow(models.Model):
    """A row of the file: its number there, what its cells hold as text, and what they come to by column of the table.

    `errors` are pairs of a column's place (-1 of the row as a whole) and what is wrong. `target_id` is the row of the table
    that it is about or will make, `before` the whole of that as it was. A row that the source says no more has no number.
    """

    class Status(models.TextChoices):
        READ = "read", pgettext_lazy("row", "read")
        BAD = "bad", pgettext_lazy("row", "wrong")
        NEW = "new", pgettext_lazy("row", "new")
        CHANGED = "changed", pgettext_lazy("row", "changes")
        SAME = "same", pgettext_lazy("row", "same as now")
        GONE = "gone", pgettext_lazy("row", "removed")

    of = models.ForeignKey(
        Import, models.CASCADE, db_index=False, related_name="rows", verbose_name=_("Import"), db_column="import_id"
    )
    number = models.PositiveIntegerField(_("Row in the file"), null=True)
    cells = models.JSONField(_("Cells"), default=list)
    values = models.JSONField(_("Values"), default=dict)
    errors = models.JSONField(_("Errors"), default=list)
    status = models.CharField(pgettext_lazy("row", "State"), max_length=8, choices=Status, default=Status.READ)
    target_id = models.BigIntegerField(_("Row of the table"), null=True)
    before = models.JSONField(_("Before"), null=True)

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("imported row")
        verbose_name_plural = _("imported rows")
        ordering = ["of", "number"]
        indexes = [
            models.Index(fields=["of", "number"], name="import_rows_in_order"),
            models.Index(fields=["of", "status"], name="import_rows_by_status"),
            models.Index(fields=["target_id"], name="import_rows_by_target", condition=Q(target_id__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.of}, {self.number}"
