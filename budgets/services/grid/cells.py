"""Reads what was typed in a cell. Every refusal says what is wrong and what to write, in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from budgets.models import COST_KINDS, MAX_ORE, CostLine
from budgets.services.grid.edits import AMOUNTS, FACTORS
from engine.money import multiply
from engine.result import CostKind
from web.formulas import parse_exact, parse_sum
from web.numbers import NumberError, format_sek

LARGEST_QUANTITY = Decimal(10) ** 10
LONGEST_TEXT = 240
LONGEST_NOTE = 2000
# In Excel and LibreOffice, in Swedish and English.
ERROR = re.compile(
    r"#(?:REF|REFERENS|DIV/0|DIVISION/0|VALUE|VÄRDE|VÄRDEFEL|NUM|OGILTIGT|NULL|SKÄRNING|SPILL|SPILLD|CALC|BERÄKNA"
    r"|FIELD|FÄLT|BLOCKED|BLOCKERAD|CONNECT|ANSLUT|BUSY|UPPTAGEN|UNKNOWN|OKÄND|PYTHON|SAKNAS)!"
    r"|#(?:NAME|NAMN)\?|#N/A|#GETTING_DATA|#HÄMTAR_DATA|#{3,}|\b(?:Err|Fel):[0-9]{3}\b",
    re.IGNORECASE,
)


class CellError(ValueError):
    """The text can't be stored in its cell; the message says why and what to write."""


def read_cell(name: str, typed: str) -> Any:
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
    """What a spreadsheet shows of a formula that failed, or of a column too narrow; in words only where nothing else is."""
    if "#" not in typed and ":" not in typed:
        return ""
    found = ERROR.fullmatch(typed.strip()) if name in ("text", "note") else ERROR.search(typed)
    return found[0] if found else ""


def read_quantity(typed: str) -> Decimal:
    """Return a quantity with at most four decimals. NumberError."""
    exact = Fraction(parse_exact(typed))
    number = Decimal(exact.numerator) / Decimal(exact.denominator)
    if Fraction(round(exact, 4)) != exact:
        raise NumberError(_("Write at most four decimals."))
    if abs(number) >= LARGEST_QUANTITY:
        raise NumberError(_("The quantity is too large."))
    return number


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
    """Cost kinds by key and by name in both languages."""
    found = {kind: kind for kind, _label in COST_KINDS}
    for language in ("sv", "en"):
        with override(language):
            found |= {str(label).casefold(): kind for kind, label in COST_KINDS}
    return found


def _read_kind(typed: str) -> str:
    kind = _kinds().get(" ".join(typed.split()).casefold())
    if kind is None:
        names = ", ".join(str(label) for _kind, label in COST_KINDS)
        raise CellError(
            _("%(value)s is no cost kind. Write one of: %(names)s.") % {"value": typed.strip() or "–", "names": names}
        )
    return kind


def _read_amount(typed: str) -> int | None:
    return parse_sum(typed) if typed.strip() else None


def _read_optional_quantity(typed: str) -> Decimal | None:
    return read_quantity(typed) if typed.strip() else None


READERS: dict[str, Callable[[str], Any]] = {
    "text": _read_text,
    "cost_kind": _read_kind,
    "quantity": _read_optional_quantity,
    "unit_price_ore": _read_amount,
    **dict.fromkeys(AMOUNTS, _read_amount),
    "note": _read_note,
}


def settle(line: CostLine, values: dict[str, Any]) -> dict[str, CellError]:
    """Complete the read `values` of a line: an empty amount is zero, quantity times unit price is the first amount.

    `values` is changed in place; returned are the cells that can't be stored beside the others.
    """
    wrong: dict[str, CellError] = {}
    try:
        _settle_first_amount(line, values)
    except _CellOf as error:
        wrong[error.field] = CellError(str(error))
    for name in AMOUNTS:
        if values.get(name, 0) is None:
            values[name] = 0
    if values.get("cost_kind", line.cost_kind) == CostKind.USE_OF_EQUITY:
        wrong |= _check_equity(line, values)
    return wrong


class _CellOf(ValueError):
    """A cell that does not go with the others."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def _settle_first_amount(line: CostLine, values: dict[str, Any]) -> None:
    typed_factors = [name for name in FACTORS if name in values]
    quantity, price = (values.get(name, getattr(line, name)) for name in FACTORS)
    if (quantity is None) != (price is None):
        empty = "quantity" if quantity is None else "unit_price_ore"
        if empty in typed_factors and len(typed_factors) == 1:
            # One of a pair was emptied: the pair goes, the amount stays.
            values["quantity"] = values["unit_price_ore"] = None
            return
        other = next(name for name in FACTORS if name != empty)
        raise _CellOf(other if other in values else empty, _("Write both quantity and unit price, or neither."))
    if quantity is not None and price is not None:
        _multiply(values, quantity, price, is_typed=bool(typed_factors))


def _multiply(values: dict[str, Any], quantity: Decimal, price: int, *, is_typed: bool) -> None:
    product, amount = multiply(quantity, price), values.get("amount_1_ore")
    if abs(product) > MAX_ORE:
        raise _CellOf(
            "quantity" if "quantity" in values else "unit_price_ore", _("Quantity times unit price is too large.")
        )
    if amount is None or amount == product:
        if is_typed or "amount_1_ore" in values:
            values["amount_1_ore"] = product
    elif is_typed:
        shown = {"product": format_sek(product)}
        raise _CellOf(
            "amount_1_ore",
            _("Quantity times unit price is %(product)s. Write that, or leave the amount empty.") % shown,
        )
    else:
        values["quantity"] = values["unit_price_ore"] = None


def _check_equity(line: CostLine, values: dict[str, Any]) -> dict[str, CellError]:
    if "cost_kind" in values and not line.budget_product.sub_budget.is_base_grant:
        return {"cost_kind": CellError(_("Use of equity belongs to the base grant only. Choose another cost kind."))}
    words = _("Use of equity lowers the base grant: write zero or a negative amount.")
    above = [name for name in AMOUNTS if values.get(name, getattr(line, name)) > 0]
    return {(name if name in values else "cost_kind"): CellError(words) for name in above}
