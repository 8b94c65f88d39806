"""Imports and their rows: which are shown, what they come to in sums, and which import a row of a table is from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import F, Q, QuerySet

from records.import_kinds import kind_of
from records.models import Import, ImportRow

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.models import User

ROWS_A_PAGE = 100
FAULTS_AT_MOST = 20
GROUPS_AT_MOST = 15
MARKED_AT_MOST = 10_000
SUMS = """
    SELECT coalesce(r.values ->> '{groups}', r.before ->> '{groups}') AS name,
        coalesce(sum((r.before ->> '{figure}')::numeric), 0), coalesce(sum((r.values ->> '{figure}')::numeric), 0)
    FROM records_importrow AS r WHERE r.import_id = %s AND r.status NOT IN ('bad', 'read')
    GROUP BY 1 ORDER BY abs(coalesce(sum((r.values ->> '{figure}')::numeric), 0)) DESC, 1"""


class Shown(StrEnum):
    """Which rows of the file are shown."""

    NEAR = "near"
    ALL = "all"
    BAD = "bad"
    GONE = "gone"


@dataclass(frozen=True)
class GroupSum:
    """What a group's figure sums to now, and in the file."""

    name: str
    before: int
    after: int


def list_imports(user: User) -> QuerySet[Import]:
    """Return the imports the user may see, newest first."""
    return Import.objects.visible_to(user).select_related("by", "saved_by", "undone_by", "file").order_by("-created_at")


def find_import(user: User, uuid: UUID | str) -> Import | None:
    """Return one import, if the user may see it."""
    return list_imports(user).filter(uuid=uuid).first()


def list_rows(row: Import, shown: Shown) -> QuerySet[ImportRow]:
    """Return an import's rows in the order of the file: all, those with errors, with those beside them, or those that go."""
    rows: QuerySet[ImportRow] = ImportRow.objects.filter(of=row)
    if shown == Shown.GONE:
        return rows.filter(status=ImportRow.Status.GONE).order_by("pk")
    rows = rows.exclude(status=ImportRow.Status.GONE).order_by("number")
    if shown == Shown.BAD:
        return rows.filter(status=ImportRow.Status.BAD)
    if shown == Shown.NEAR:
        bad = ImportRow.objects.filter(of=row, status=ImportRow.Status.BAD)
        near = Q(number__in=bad.values("number"))
        for step in (-1, 1):
            near |= Q(number__in=bad.annotate(near=F("number") + step).values("near"))
        return rows.filter(near)
    return rows


def list_bad(row: Import, most: int = FAULTS_AT_MOST) -> list[ImportRow]:
    """Return the first rows with errors."""
    return list(list_rows(row, Shown.BAD)[:most])


def sum_groups(row: Import) -> list[GroupSum]:
    """Return what the kind's figure sums to in each group, the largest first; none where the kind has no groups."""
    kind = kind_of(row.kind)
    if not (kind.groups and kind.figure):
        return []
    with connection.cursor() as cursor:
        cursor.execute(SUMS.format(groups=kind.groups, figure=kind.figure), [row.pk])
        found = cursor.fetchall()
    names = kind.name_groups(name for name, _before, _after in found)
    return [GroupSum(names.get(name, name), int(before), int(after)) for name, before, after in found]


def find_origin(kind: str, target_id: int) -> ImportRow | None:
    """Return the row of the last saved import of a kind that a row of its table is from, if any."""
    rows = ImportRow.objects.filter(target_id=target_id, of__kind=kind, of__status=Import.Status.SAVED)
    return (
        rows.filter(status__in=["new", "changed", "same"])
        .select_related("of__saved_by")
        .order_by("-of__saved_at")
        .first()
    )
