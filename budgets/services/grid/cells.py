"""Reads what was typed in a cell. Every refusal says what is wrong and what to write, in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import cache

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from budgets.models import COST_KINDS, CostLine
from budgets.services.grid.edits import CellValue, Values
from engine.lines import FIGURES, Figures, Problem, Settled, settle
from engine.years import AMOUNTS
from records.models import Provenance
from web.formulas import parse_exact, parse_sum
from web.numbers import format_sek
from web.reading import NumberError, Scale, clean

_LARGEST_QUANTITY = Decimal("9999999999.9999")
QUANTITY = Scale(4, -_LARGEST_QUANTITY, _LARGEST_QUANTITY)
LONGEST_TEXT = 240
LONGEST_NOTE = 2000
LONGEST = {"text": LONGEST_TEXT, "note": LONGEST_NOTE}
# In Excel and LibreOffice, in Swedish and English.
ERROR = re.compile(
    r"#(?:REF|REFERENS|DIV/0|DIVISION/0|VALUE|VÄRDE|VÄRDEFEL|NUM|OGILTIGT|NULL|SKÄRNING|SPILL|SPILLD|CALC|BERÄKNA"
    r"|FIELD|FÄLT|BLOCKED|BLOCKERAD|CONNECT|ANSLUT|BUSY|UPPTAGEN|UNKNOWN|OKÄND|PYTHON|SAKNAS)!"
    r"|#(?:NAME|NAMN)\?|#N/A|#GETTING_DATA|#HÄMTAR_DATA|#{3,}|\b(?:Err|Fel):[0-9]{3}\b",
    re.IGNORECASE,
)


class CellError(ValueError):
    """The text can't be stored in its cell; the message says why and what to write."""


def read_cell(name: str, typed: str) -> CellValue:
    """Return the value of a typed cell: text, cost kind, Decimal or öre; None where it is left empty. CellError."""
    error_word = _find_error(name, typed)
    if error_word:
        words = _("%(value)s is an error in the sheet that it comes from. Correct it there, or write the value here.")
        raise CellError(words % {"value": error_word})
    try:
        return READERS[name](typed.replace("\0", ""))
    except NumberError as error:
        raise CellError(str(error)) from error


def _find_error(name: str, typed: str) -> str:
    """Return what a spreadsheet shows of a formula that failed, or of a column too narrow.

    Among words it counts only where it stands alone.
    """
    if "#" not in typed and ":" not in typed:
        return ""
    match = ERROR.fullmatch(typed.strip()) if name in ("text", "note") else ERROR.search(typed)
    return match[0] if match else ""


def _read_text(typed: str) -> str:
    text = " ".join(typed.split())
    if not text:
        raise CellError(_("A line needs a text: write what the cost is for."))
    return _within(text, LONGEST_TEXT)


def _read_note(typed: str) -> str:
    return _within(" ".join(typed.split()), LONGEST_NOTE)


def _within(text: str, longest: int) -> str:
    if len(text) > longest:
        words = ngettext(
            "The text has %(count)s character; at most %(longest)s fit.",
            "The text has %(count)s characters; at most %(longest)s fit.",
            len(text),
        )
        raise CellError(words % {"count": len(text), "longest": longest})
    return text


@cache
def _kinds() -> dict[str, str]:
    """Return cost kinds by key and by name in both languages."""
    kinds = {kind: kind for kind, _label in COST_KINDS}
    for language in ("sv", "en"):
        with override(language):
            kinds |= {str(label).casefold(): kind for kind, label in COST_KINDS}
    return kinds


def _read_kind(typed: str) -> str:
    kind = _kinds().get(" ".join(typed.split()).casefold())
    if kind is None:
        names = ", ".join(str(label) for _kind, label in COST_KINDS)
        raise CellError(
            _("%(value)s is an unknown cost kind. Write one of: %(names)s.")
            % {"value": typed.strip() or "–", "names": names}
        )
    return kind


def _read_amount(typed: str) -> int | None:
    return parse_sum(typed) if clean(typed) else None


def _read_optional_quantity(typed: str) -> Decimal | None:
    return parse_exact(typed, QUANTITY) if clean(typed) else None


def say_closed(line: CostLine) -> str:
    """Return why a closed line's figures can't be changed, and what can be done instead."""
    if line.provenance == Provenance.CALCULATED:
        return _("The line is calculated, so its figures can't be typed. Its text and note can be changed.")
    return _(
        "The line will be calculated. Until then it is a copy from the earlier budget, and only the economist can change its figures. Its text and note can be changed."
    )


READERS: dict[str, Callable[[str], CellValue]] = {
    "text": _read_text,
    "cost_kind": _read_kind,
    "quantity": _read_optional_quantity,
    "unit_price_ore": _read_amount,
    **dict.fromkeys(AMOUNTS, _read_amount),
    "note": _read_note,
}


def find_long_texts(values: Values) -> dict[str, CellError]:
    """Return the texts that are longer than a line's may be, by whichever way they came."""
    wrong = {}
    for name, longest in LONGEST.items():
        try:
            _within(str(values.get(name) or ""), longest)
        except CellError as error:
            wrong[name] = error
    return wrong


def settle_line(line: CostLine, values: Values) -> dict[str, CellError]:
    """Complete the read `values` of a line by the rule of the engine, which is told which of them were typed.

    `values` is changed in place: it holds what the line's figures come to; returned are the cells that can't be stored
    beside the others.
    """
    stored = Figures(**{name: getattr(line, name) for name in FIGURES})
    typed = {name: values[name] for name in FIGURES if name in values}
    is_base_grant = line.budget_product.sub_budget.is_base_grant
    settled = settle(stored, replace(stored, **typed), typed.keys(), is_base_grant=is_base_grant)
    figures = {name: getattr(settled.figures, name) for name in FIGURES}
    values |= {name: value for name, value in figures.items() if name in values or value != getattr(stored, name)}
    return {name: CellError(_say(problem, settled)) for name, problem in settled.problems.items()}


def _say(problem: Problem, settled: Settled) -> str:
    match problem:
        case Problem.ALONE:
            return _("Write both quantity and unit price, or neither.")
        case Problem.TOO_LARGE:
            return _("Quantity times unit price is too large.")
        case Problem.ABOVE_ZERO:
            return _("Use of equity and deductions lower what is charged: write zero or a negative amount.")
        case Problem.BELOW_ZERO:
            return _("An income is written without a minus: the kind says that it lowers what customers pay.")
        case Problem.NOT_IN_GRANT:
            return _("Use of equity belongs to the base grant only. Choose another cost kind.")
        case Problem.DIFFERS:
            shown = {"product": format_sek(settled.figures.amount_1_ore)}
            return _("Quantity times unit price is %(product)s. Write that, or leave the amount empty.") % shown
