"""What the cells of a staff list are read as, and which headings are about people."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from records.import_kinds import Cell, CellFault, Fault, Value
from records.services.imports.cells import is_empty, read_whole, show
from web.reading import Scale

MOST_PAY = 100_000_000
# Excel keeps 80 % as 0.8, which is not to be read as less than one per cent.
RATE = Scale(2, Decimal(5), Decimal(100))
# Headings of what is about a person; “namn” alone too, since a post has a title.
OF_PEOPLE = re.compile(
    r"\b(?:\w*namn|name|first name|last name|surname|person|personal|anställd|anställda|medarbetare|employee|staff|personnummer"
    r"|personnr|person nr|pnr|födelse\w*|birth\w*|ssn|anställningsnummer|anstnr|e post|epost|email|e mail|mejl|telefon|phone)\b"
)
# Names of things that are no people.
OF_THINGS = re.compile(r"\b(?:enhetsnamn|unit name|titelnamn|befattningsnamn|poolnamn|pool name)\b")
MONTHS = {
    name: number
    for number, names in enumerate(
        (("januari", "january", "jan"), ("februari", "february", "feb"), ("mars", "march", "mar"), ("april", "apr"),
         ("maj", "may"), ("juni", "june", "jun"), ("juli", "july", "jul"), ("augusti", "august", "aug"),
         ("september", "sep", "sept"), ("oktober", "october", "okt", "oct"), ("november", "nov"),
         ("december", "dec")), start=1
    )
    for name in names
}  # fmt: skip


@dataclass(frozen=True)
class PostRow:
    """A post as a staff list says it: pay in öre a month, rate of employment in per cent, months of the budget's year."""

    title: str
    rate: Decimal
    pay_ore: int
    from_month: int
    to_month: int
    unit: str
    pay_from_on: date | None = None


def read_month(cell: Cell) -> Value:
    """Return a month by its number or name; None where it is left empty."""
    if is_empty(cell):
        return None
    text = show(cell).casefold().rstrip(".")
    if text in MONTHS:
        return MONTHS[text]
    if text.isdecimal() and 1 <= int(text) <= 12:
        return int(text)
    raise CellFault(_("%(value)s is not a month. Write 1 to 12, or its name.") % {"value": show(cell)[:40]})


def read_pay(cell: Cell) -> Value:
    """Return monthly pay in öre; whole kronor, as pay is agreed."""
    kronor = read_whole(MOST_PAY // 100)(cell)
    assert isinstance(kronor, int)
    return kronor * 100


def check_post(read: Mapping[str, Value], fault: Fault) -> PostRow | None:
    """Return the post of a row that could be read; tell of months in the wrong order, and return None where any is missing."""
    first, last = read.get("from_month") or 1, read.get("to_month") or 12
    assert isinstance(first, int) and isinstance(last, int)
    if first > last:
        fault("to_month", _("The last month is before the first one."))
    title, pay, rate = read.get("title"), read.get("pay"), read.get("rate")
    if not (isinstance(title, str) and isinstance(pay, int) and isinstance(rate, Decimal)):
        return None
    day = read.get("pay_from")
    assert day is None or isinstance(day, date)
    return PostRow(title, rate, pay, first, last, str(read.get("unit") or ""), day)
