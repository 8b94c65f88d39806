"""Reads a cell as a field: numbers as everywhere (`web.reading`), days, texts. What Excel keeps as a number is exact already."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engine.texts import compose
from records.import_kinds import Cell, CellFault, Value
from records.services.imports.sheets import Uncounted
from web.days import WithinYears
from web.numbers import format_decimal, format_whole
from web.reading import AMOUNT, NumberError, Scale, clean, fit, read, to_decimal

# What a spreadsheet shows of a formula that failed, in Swedish and English.
FAILED = re.compile(r"#[A-ZÅÄÖ/0]+[!?]|#N/A|#SAKNAS!|#{3,}", re.IGNORECASE)
DAYS = ("%Y-%m-%d", "%Y%m%d", "%d/%m/%Y", "%d.%m.%Y", "%Y/%m/%d")
LONGEST_PLAIN = 15


def show(cell: Cell) -> str:
    """Return a cell as text, as a person sees it."""
    if cell is None:
        return ""
    if type(cell) is str:
        return compose(cell).strip()
    if type(cell) is int:
        return format_whole(cell)
    if isinstance(cell, bool):
        return _("yes") if cell else _("no")
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat(" ", "minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float | Decimal):
        return format_decimal(to_exact(cell))
    return str(cell)


def to_exact(cell: float | Decimal) -> Decimal:
    """Return a number of Excel's as it is shown: it keeps fifteen digits, whatever else stands in the file."""
    try:
        exact = Decimal(f"{cell:.15g}") if isinstance(cell, float) else Decimal(cell)
    except InvalidOperation as error:
        raise CellFault(str(cell)) from error
    return exact


def is_empty(cell: Cell) -> bool:
    """Say whether a cell shows nothing."""
    return cell is None or (isinstance(cell, str) and not isinstance(cell, Uncounted) and not clean(cell))


def refuse_formula(cell: Cell) -> None:
    """Raise CellFault where a formula has no value, or an error instead of one."""
    if isinstance(cell, Uncounted):
        raise CellFault(
            _(
                "The formula has no stored value. Open the file in Excel, let it calculate, and save it, or write the value."
            )
        )
    if isinstance(cell, str) and "#" in cell and FAILED.fullmatch(cell.strip()):
        said = _("%(value)s is an error in the sheet that it comes from. Correct it there, or write the value here.")
        raise CellFault(said % {"value": cell.strip()})


def read_text(longest: int, *, empty: bool = False) -> Callable[[Cell], Value]:
    """Return a reader of one line of text, composed (NFC)."""

    def reader(cell: Cell) -> str:
        text = " ".join(show(cell).split())
        if not text and not empty:
            raise CellFault(_("The cell is empty."))
        if len(text) > longest:
            said = ngettext(
                "The text has %(count)s character; at most %(longest)s fit.",
                "The text has %(count)s characters; at most %(longest)s fit.",
                len(text),
            )
            raise CellFault(said % {"count": len(text), "longest": longest})
        return text

    return reader


def read_number(scale: Scale, *, empty: bool = False) -> Callable[[Cell], Value]:
    """Return a reader of an exact number."""

    def reader(cell: Cell) -> Decimal | None:
        value = _read(cell, scale, empty=empty)
        return None if value is None else to_decimal(Fraction(value))

    return reader


def read_whole(most: int, *, least: int = 0, empty: bool = False) -> Callable[[Cell], Value]:
    """Return a reader of a whole number."""
    scale = Scale(0, Decimal(least), Decimal(most))

    def reader(cell: Cell) -> int | None:
        value = _read(cell, scale, empty=empty)
        return None if value is None else int(value)

    return reader


def read_ore(*, empty: bool = False) -> Callable[[Cell], Value]:
    """Return a reader of kronor as öre; a number may carry its own unit."""

    def reader(cell: Cell) -> int | None:
        value = _read(cell, AMOUNT, empty=empty)
        return None if value is None else value.numerator * 100 // value.denominator

    return reader


def _read(cell: Cell, scale: Scale, *, empty: bool) -> Fraction | int | None:
    plain = _read_plain(cell)
    if plain is not None and scale.least <= plain <= scale.most:
        return plain
    if is_empty(cell):
        if empty:
            return None
        raise CellFault(_("The cell is empty."))
    try:
        if isinstance(cell, bool | date):
            raise CellFault(_("%(value)s is not a number.") % {"value": show(cell)})
        if isinstance(cell, int | float | Decimal):
            return fit(Fraction(to_exact(cell)), show(cell), scale)
        return read(str(cell), scale)
    except NumberError as error:
        raise CellFault(str(error)) from error


def _read_plain(cell: Cell) -> int | None:
    """Return a whole number that has nothing but digits, as most of a long file are; it can be read in one way only."""
    if type(cell) is int:
        return cell
    if type(cell) is str and cell.isdigit() and cell.isascii() and len(cell) <= LONGEST_PLAIN:
        return int(cell)
    return None


def read_day(bounds: WithinYears, *, empty: bool = False) -> Callable[[Cell], Value]:
    """Return a reader of a day within bounds."""

    def reader(cell: Cell) -> date | None:
        if is_empty(cell):
            if empty:
                return None
            raise CellFault(_("The cell is empty."))
        day = _to_day(cell)
        try:
            bounds(day)
        except ValidationError as error:
            raise CellFault(" ".join(error.messages)) from error
        return day

    return reader


def _to_day(cell: Cell) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = clean(show(cell)).replace(" 00:00", "")
    for form in DAYS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
    if isinstance(cell, int) and 20_000 < cell < 80_000:  # a day that lost its format: Excel counts from 1899-12-30
        meant = date(1899, 12, 30) + timedelta(days=cell)
        raise CellFault(_("%(value)s is a day without its format. Write %(day)s.") % {"value": text, "day": meant})
    raise CellFault(_("%(value)s is not a day. Write it as 2026-12-31.") % {"value": text[:40]})
