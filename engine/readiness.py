"""What to look at before a sub-budget is submitted: findings that warn and say where, and never stop anybody."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from engine.money import percent
from engine.result import CostKind
from engine.years import Amounts

# The only cost that is meant to be negative: it lowers the base grant (rule 3).
MAY_BE_NEGATIVE = frozenset({CostKind.USE_OF_EQUITY})


class Check(StrEnum):
    """What is looked for."""

    NEGATIVE = "negative"
    NO_LINES = "no_lines"
    NO_TEXT = "no_text"
    ASSUMED = "assumed"
    JUMP = "jump"


class ReadyLine(NamedTuple):
    """A line: three years' amounts and the year before's first, in öre; None where that is not known."""

    key: str
    text: str
    cost_kind: str
    amounts: Amounts
    earlier: int | None
    note: str
    is_assumed: bool


class ReadyProduct(NamedTuple):
    """A product with its lines."""

    key: str
    name: str
    lines: list[ReadyLine]


class Finding(NamedTuple):
    """One thing to look at: in which product, on which line (empty for the product itself), and by how many per cent."""

    check: Check
    product: ReadyProduct
    line: ReadyLine | None
    percent: Decimal | None = None


def find_warnings(products: Iterable[ReadyProduct], *, jump_percent: Decimal) -> list[Finding]:
    """Return what to look at, in the order of the products and their lines.

    A jump is a first amount that differs from the year before's by more than `jump_percent`; a note explains it.
    A line that was zero or not there the year before has no percentage and is no jump.
    """
    found: list[Finding] = []
    for product in products:
        if not product.lines:
            found.append(Finding(Check.NO_LINES, product, None))
        for line in product.lines:
            found += [Finding(check, product, line, by) for check, by in _check(line, jump_percent)]
    return found


def _check(line: ReadyLine, jump_percent: Decimal) -> Iterator[tuple[Check, Decimal | None]]:
    if any(line.amounts) and not line.text.strip():
        yield Check.NO_TEXT, None
    if line.cost_kind not in MAY_BE_NEGATIVE and min(line.amounts) < 0:
        yield Check.NEGATIVE, None
    if line.is_assumed:
        yield Check.ASSUMED, None
    if line.earlier and not line.note.strip() and _jumps(line.amounts[0], line.earlier, jump_percent):
        yield Check.JUMP, percent(line.amounts[0] - line.earlier, abs(line.earlier))


def _jumps(now: int, earlier: int, limit: Decimal) -> bool:
    """Judged on exact amounts: what is shown as the limit can be just beyond it."""
    return 100 * abs(now - earlier) > limit * abs(earlier)
