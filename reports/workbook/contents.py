"""The first sheet: what the others hold, with a link to each."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from web.workbook import Cell, Column, Form, Sheet


def contents_columns() -> list[Column]:
    """Return the columns of the contents."""
    return [Column(_("Sheet"), 36, Form.LINK), Column(_("What it holds"), 90)]


def write_contents(sheet: Sheet, others: Iterable[tuple[Sheet, str | Promise, str | Promise]]) -> None:
    """Write a row for each of the other sheets, given with its whole name, which a tab may cut, and what it holds."""
    sheet.start_table()
    for other, name, about in others:
        sheet.add([Cell(name, Form.LINK, leads_to=other.name), about])


def way_back(sheet: Sheet) -> Cell:
    """Return a link to the contents, for the head of another sheet."""
    return Cell(_("Contents"), Form.LINK, leads_to=sheet.name)
