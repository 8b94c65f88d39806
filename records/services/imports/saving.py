"""Starts an import from a file, saves it whole or not at all, and undoes it from its own rows."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from records.import_kinds import ImportKind, kind_of
from records.models import Import
from records.reasons import Reason
from records.services import change
from records.services.files import remove_files, store_file
from records.services.imports.forbidden import find_forbidden
from records.services.imports.headings import join_words
from records.services.imports.matching import BY_HASH, has_moved, list_columns, match_rows, parts_of
from records.services.imports.opening import find_content_type
from records.services.imports.source import SourceError

if TYPE_CHECKING:
    from accounts.models import User

# A file that is larger, and an import with more rows, is a job with progress.
BYTES_AT_ONCE, ROWS_AT_ONCE = 400_000, 5_000
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('records.import ' || %s, 0))"
REMOVE = """
    DELETE FROM {table} AS t USING records_importrow AS r
    WHERE r.import_id = %(import)s AND r.status = %(status)s AND t.id = r.target_id"""
SET = """
    UPDATE {table} AS t SET {assigned}
    FROM records_importrow AS r CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, r.{origin}) AS p
    WHERE r.import_id = %(import)s AND r.status = 'changed' AND t.id = r.target_id"""
ADD = """
    INSERT INTO {table} (id, {names})
    SELECT r.target_id, {p_names}
    FROM records_importrow AS r CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, r.{origin}) AS p
    WHERE r.import_id = %(import)s AND r.status = %(status)s ORDER BY r.id"""
# Rows that are no more as the import left them, by their number in the file.
TOUCHED = """
    SELECT r.number FROM records_importrow AS r
    CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, r.values) AS p
    LEFT JOIN {table} AS t ON t.id = r.target_id
    WHERE r.import_id = %(import)s AND r.status IN ('new', 'changed')
        AND (t.id IS NULL OR ({t_columns}) IS DISTINCT FROM ({p_columns})) ORDER BY 1"""
LATER = """
    SELECT DISTINCT i.file_name FROM records_importrow AS r
    JOIN records_importrow AS o ON o.target_id = r.target_id AND o.import_id <> r.import_id
    JOIN records_import AS i ON i.id = o.import_id
    WHERE r.import_id = %(import)s AND i.kind = %(kind)s AND i.status = 'saved' AND i.saved_at > %(saved_at)s
        AND o.status IN ('new', 'changed', 'gone')"""
NAMED_AT_MOST = 5
NOT_SAVED = (Import.Status.REVIEW, Import.Status.CHECKING)


def start_import(content: bytes, *, name: str, kind: ImportKind, source: str, period: str, by: User) -> Import:
    """Keep a file as an import that is still to be read. Raise PermissionDenied, SourceError for what is no table.

    ValidationError tells of what may not be in such a file at all, which is then not kept either.
    """
    if not kind.may(by) or period not in dict(kind.list_periods(by)):
        raise PermissionDenied
    content_type = find_content_type(content)
    _refuse_forbidden(content, content_type, kind, period)
    with change(by=by.email, reason=Reason.BEGIN_IMPORT):
        file = store_file(content, name=name, content_type=content_type, by=by, page="imports")
        row: Import = Import.objects.create(
            kind=kind.key,
            source=source,
            period=period,
            file=file,
            file_name=file.name,
            sha256=hashlib.sha256(content).hexdigest(),
            by=by,
        )
    return row


def _refuse_forbidden(content: bytes, content_type: str, kind: ImportKind, period: str) -> None:
    try:
        forbidden = find_forbidden(content, content_type, kind, period)
    except SourceError as error:
        raise ValidationError(str(error)) from error
    if forbidden:
        raise ValidationError([_("Nothing of the file is kept, because of what is in it:"), *forbidden])


def find_same_file(row: Import) -> Import | None:
    """Return the last saved import of the same content for the same kind and period."""
    same = Import.objects.filter(sha256=row.sha256, kind=row.kind, period=row.period, status=Import.Status.SAVED)
    return same.exclude(pk=row.pk).select_related("saved_by").order_by("-saved_at").first()


def save_import(row: Import, *, by: User, version: int) -> None:
    """Write what an import says, whole or not at all; `version` is that of the rows that `by` saw.

    Raise PermissionDenied, and ValidationError where it is not as it was shown, or can't be written.
    """
    kind = kind_of(row.kind)
    _require(kind, row, by)
    try:
        with change(by=by.email, reason=Reason.SAVE_IMPORT, file=row.file_name, source=row.source):
            _take(row, Import.Status.REVIEW)
            if row.version != version:
                raise ValidationError(
                    _("The file has been read again since you looked. Look at it once more before you save.")
                )
            if row.bad or not row.counts.get("rows"):
                raise ValidationError(
                    _("Nothing is saved: there are errors left. The file is saved whole or not at all.")
                )
            kind.lock(row, by)
            _refuse_moved(row, kind, by)
            kind.prepare(row)
            _write(row, kind)
            row.status, row.saved_at, row.saved_by = Import.Status.SAVED, timezone.now(), by
            row.save()
            kind.finish(row)
    except IntegrityError as error:
        raise ValidationError(
            _("Nothing is saved: something that the rows need was changed meanwhile. Read the file again.")
        ) from error


def undo_import(row: Import, *, by: User) -> None:
    """Put back what was there before. Raise PermissionDenied, and ValidationError where something rests on it since."""
    kind = kind_of(row.kind)
    _require(kind, row, by)
    try:
        with change(by=by.email, reason=Reason.UNDO_IMPORT, file=row.file_name, source=row.source):
            _take(row, Import.Status.SAVED)
            kind.lock(row, by)
            why = find_obstacles(row)
            if why:
                raise ValidationError(why)
            kind.unmake(row)
            _put_back(row, kind)
            row.status, row.undone_at, row.undone_by = Import.Status.UNDONE, timezone.now(), by
            row.save()
            kind.finish(row)
    except IntegrityError as error:
        raise ValidationError(
            _("It can't be undone: something that was made since rests on what it added. Remove that first.")
        ) from error


def find_obstacles(row: Import) -> list[str]:
    """Return in words why an import can't be undone now; nothing where it can."""
    kind = kind_of(row.kind)
    given: dict[str, int | str | datetime | None] = {"import": row.pk, "kind": row.kind, "saved_at": row.saved_at}
    found = list(kind.find_users(row))
    with connection.cursor() as cursor:
        cursor.execute(BY_HASH)
        cursor.execute(LATER, given)
        later = [name for (name,) in cursor.fetchall()]
        if later:
            names = join_words(_("“%(text)s”") % {"text": name} for name in later[:NAMED_AT_MOST])
            return [*found, _("A later import changed the same rows: %(names)s. Undo that first.") % {"names": names}]
        cursor.execute(TOUCHED.format(**parts_of(kind, "")), given)
        touched = [number for (number,) in cursor.fetchall()]
    if touched:
        said = ngettext(
            "%(count)s row has been changed since: row %(numbers)s of the file. Undoing would lose that.",
            "%(count)s rows have been changed since, among them row %(numbers)s of the file. Undoing would lose that.",
            len(touched),
        )
        numbers = join_words(str(number) for number in touched[:NAMED_AT_MOST])
        found.append(said % {"count": len(touched), "numbers": numbers})
    return found


def discard_import(row: Import, *, by: User) -> None:
    """Forget an import that was never saved, and its file. Raise PermissionDenied, ValidationError."""
    _require(kind_of(row.kind), row, by)
    _discard(row, by=by.email)


def _discard(row: Import, *, by: str) -> None:
    with change(by=by, reason=Reason.DISCARD_IMPORT, file=row.file_name):
        _take(row, *NOT_SAVED)
        file = row.file
        row.delete()
        remove_files([file], reason=Reason.DISCARD_IMPORT, by=by, file=file.name)


def remove_old_drafts() -> int:
    """Forget what was read in longer ago than the setting IMPORT_DRAFT_DAYS and never saved; return how many.

    Such a file may hold pay, and nobody needs it any more. One that is being saved or discarded at this moment is left.
    """
    before = timezone.now() - timedelta(days=settings.IMPORT_DRAFT_DAYS)
    removed = 0
    for row in Import.objects.filter(status__in=NOT_SAVED, created_at__lt=before).order_by("pk"):
        try:
            _discard(row, by="system")
        except ValidationError:
            continue
        removed += 1
    return removed


def read_again(row: Import, *, by: User) -> None:
    """Compare the rows anew with what there is."""
    with transaction.atomic():
        _take(row, Import.Status.REVIEW)
        row.counts = match_rows(row, kind_of(row.kind), by)
        row.version += 1
        row.save()


def _require(kind: ImportKind, row: Import, by: User) -> None:
    if not kind.may(by):
        raise PermissionDenied


def _take(row: Import, *statuses: str) -> None:
    """Hold the import, and every other of its kind and period, and read it as it is now."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [f"{row.kind} {row.period}"])
    held = Import.objects.select_for_update(no_key=True, of=("self",)).select_related("file").filter(pk=row.pk).first()
    if held is None or held.status not in statuses:
        raise ValidationError(_("The import is not as it was shown any more. Look at it again."))
    row.__dict__.update(held.__dict__)


def _refuse_moved(row: Import, kind: ImportKind, by: User) -> None:
    if has_moved(row, kind):
        raise ValidationError(
            _("What is in the system has changed since the file was read. Look at the changes again before you save."),
            code="moved",
        )


def _write(row: Import, kind: ImportKind) -> None:
    names = {**parts_of(kind, ""), **_names(kind.columns, kind.changed_at)}
    with connection.cursor() as cursor:
        cursor.execute(REMOVE.format(**names), {"import": row.pk, "status": "gone"})
        cursor.execute(SET.format(**names, origin="values"), {"import": row.pk})
        new = ADD.format(**names | _names(kind.columns + kind.only_new), origin="values")
        cursor.execute(new, {"import": row.pk, "status": "new"})
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _put_back(row: Import, kind: ImportKind) -> None:
    names = {**parts_of(kind, ""), **_names(kind.columns, kind.changed_at)}
    whole = tuple(field.column for field in kind.model._meta.concrete_fields if field.column and not field.primary_key)
    with connection.cursor() as cursor:
        cursor.execute(REMOVE.format(**names), {"import": row.pk, "status": "new"})
        cursor.execute(SET.format(**names, origin="before"), {"import": row.pk})
        cursor.execute(ADD.format(**names | _names(whole), origin="before"), {"import": row.pk, "status": "gone"})
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _names(columns: tuple[str, ...], changed_at: str = "") -> dict[str, str]:
    assigned = [f'"{column}" = p."{column}"' for column in columns]
    if changed_at:
        assigned.append(f'"{changed_at}" = now()')
    return {
        "names": ", ".join(f'"{column}"' for column in columns),
        "p_names": list_columns(columns, "p"),
        "assigned": ", ".join(assigned),
    }
