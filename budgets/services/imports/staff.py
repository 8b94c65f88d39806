"""Staff lists: posts with their pay, and no people. What looks like a name or a personal number is refused, and not kept.

Reading and checking are whole; where the posts are kept is for the app of prices to say: `StaffImport` is to be given `model`,
`keys`, `columns` and `make_post`, and to be registered (see docs/decisions/0045).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budgets.services.imports.base import BudgetImport
from records.import_kinds import Cell, CellFault, Check, Fault, Field, Form, Value, Values
from records.services.imports.cells import is_empty, read_number, read_text, read_whole, show
from records.services.imports.headings import fold
from web.reading import Scale

MOST_PAY = 100_000_000
# Excel keeps 80 % as 0.8, which is not to be read as less than one per cent.
RATE = Scale(2, Decimal(5), Decimal(100))
PERSONAL = re.compile(r"(?<!\d)(?:19|20)?(\d{2})(\d{2})(\d{2})\s?([-+]?)\s?(\d{4})(?!\d)")
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


def has_personal_number(text: str) -> bool:
    """Say whether a text holds what looks like a personal number, or a coordination number (its day plus 60)."""
    return any(_is_personal(*match.groups()) for match in PERSONAL.finditer(text))


def _is_personal(year: str, month: str, day: str, mark: str, last: str) -> bool:
    is_day = 1 <= int(month) <= 12 and 1 <= (int(day) - 60 if int(day) > 60 else int(day)) <= 31
    return is_day and (bool(mark) or _has_check_digit(f"{year}{month}{day}{last}"))


def _has_check_digit(digits: str) -> bool:
    """Say whether ten digits end with the sum that personal numbers have (Luhn's)."""
    parts = (int(digit) * (2 - place % 2) for place, digit in enumerate(digits))
    return sum(part // 10 + part % 10 for part in parts) % 10 == 0


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
    return PostRow(title, rate, pay, first, last, str(read.get("unit") or ""))


def make_post(post: PostRow, period: str) -> Values:
    """Return the columns of a post. Where posts are kept is not settled here: the app of prices fills this in."""
    raise NotImplementedError


class StaffImport(BudgetImport):
    """Posts of a draft budget."""

    key = "staff"
    label = gettext_lazy("Staff list")
    about = gettext_lazy("Title, rate of employment, monthly pay, months and unit. No names and no personal numbers.")
    period_label = gettext_lazy("Budget")
    fields: ClassVar[Sequence[Field]] = (
        Field("title", gettext_lazy("Title"), ("titel", "befattning", "title", "tjänst"), read_text(160)),
        Field("rate", gettext_lazy("Rate of employment, %"), ("sysselsättningsgrad", "ssg", "tjänstgöringsgrad", "grad", "omfattning", "rate"), read_number(RATE), is_number=True),
        Field("pay", gettext_lazy("Monthly pay, SEK"), ("månadslön", "lön", "grundlön", "monthly pay", "pay", "salary"), read_pay, is_number=True),
        Field("from_month", gettext_lazy("From month"), ("från månad", "fr o m", "from", "start", "från"), read_month, is_required=False),
        Field("to_month", gettext_lazy("To month"), ("till månad", "t o m", "to", "slut", "till"), read_month, is_required=False),
        Field("unit", gettext_lazy("Unit"), ("enhet", "avdelning", "unit", "pool", "team"), read_text(120, empty=True), is_required=False),
    )  # fmt: skip
    form = Form.ORE
    is_unique = False

    def find_head_faults(self, headings: Sequence[str]) -> list[tuple[int, str]]:
        """Return the columns that are about people."""
        why = _(
            "a staff list holds no names or personal numbers. Remove the column from the file, and read it in again."
        )
        return [
            (place, why)
            for place, heading in enumerate(map(fold, headings))
            if OF_PEOPLE.search(heading) and not OF_THINGS.search(heading)
        ]

    def find_cell_fault(self, cell: Cell) -> str:
        """Return that a cell holds a personal number."""
        if isinstance(cell, int | str) and has_personal_number(str(cell)):
            return _("The cell looks like a personal number. Remove it from the file, and read it in again.")
        return ""

    def start(self, period: str, by: object) -> Check:
        """Check posts, and have them written as the app of prices says."""

        def check(read: Mapping[str, Value], fault: Fault) -> Values:
            post = check_post(read, fault)
            return make_post(post, period) if post else {}

        return check
