"""What to look at before a sub-budget is submitted: findings that warn and say where, and never stop anybody."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from engine.money import percent
from engine.result import REDUCTIONS, counted, customers_pay, is_income, sum_amounts
from engine.years import Amounts


class Check(StrEnum):
    """What is looked for."""

    NEGATIVE = "negative"
    NO_LINES = "no_lines"
    NO_TEXT = "no_text"
    ASSUMED = "assumed"
    COPIED = "copied"
    NEW = "new"
    EMPTY_YEAR = "empty_year"
    JUMP = "jump"
    INCOME = "income"


class ReadyLine(NamedTuple):
    """A line: three years' amounts and the year before's first, in öre; None where that is not known, 0 where it was not.

    `is_copied` says that its kind is calculated but the amounts are last year's plan.
    """

    key: str
    text: str
    cost_kind: str
    amounts: Amounts
    earlier: int | None
    note: str
    is_assumed: bool
    is_copied: bool = False


class ReadyProduct(NamedTuple):
    """A product with its lines, and the year before's first amount as of a line, also of lines that are gone."""

    key: str
    name: str
    lines: list[ReadyLine]
    earlier: int | None = None


class Finding(NamedTuple):
    """One thing to look at: in which product (None for the whole), on which line (None for the product itself).

    `percent` is by how much a jump differs.
    """

    check: Check
    product: ReadyProduct | None
    line: ReadyLine | None
    percent: Decimal | None = None


def find_warnings(
    products: Iterable[ReadyProduct], *, jump_percent: Decimal, earlier: int | None = None
) -> list[Finding]:
    """Return what to look at, in the order of the products and their lines; the whole comes last.

    A jump is a first amount that differs from the year before's by more than `jump_percent`; a note explains it, as it
    does a line that is new or has an empty plan year. What was zero or not there the year before has no percentage. A
    product jumps by itself when none of its lines does or is new: some are gone, or many moved a little. `earlier` is
    the whole's, öre.
    """
    found: list[Finding] = []
    total = 0
    for product in products:
        total += _sum_first(product.lines)
        found += _check_product(product, jump_percent)
        for line in product.lines:
            found += [Finding(check, product, line, by) for check, by in _check(line, product, jump_percent)]
    by = _jump(total, earlier, jump_percent)
    return found if by is None else [*found, Finding(Check.JUMP, None, None, by)]


def _check_product(product: ReadyProduct, limit: Decimal) -> Iterator[Finding]:
    lines = product.lines
    if not lines:
        yield Finding(Check.NO_LINES, product, None)
    if any(line.is_copied for line in lines):
        yield Finding(Check.COPIED, product, None)
    if min(customers_pay((line.cost_kind, line.amounts) for line in lines)) < 0 < max(_sum_income(lines)):
        yield Finding(Check.INCOME, product, None)
    if _is_new(product) and not any(line.note.strip() for line in lines):
        yield Finding(Check.NEW, product, None)
    by = _jump(_sum_first(lines), product.earlier, limit)
    if by is not None and not any(_moves(line, limit) for line in lines):
        yield Finding(Check.JUMP, product, None, by)


def _check(line: ReadyLine, product: ReadyProduct, limit: Decimal) -> Iterator[tuple[Check, Decimal | None]]:
    if any(line.amounts) and not line.text.strip():
        yield Check.NO_TEXT, None
    if line.cost_kind not in REDUCTIONS and min(line.amounts) < 0:
        yield Check.NEGATIVE, None
    if line.is_assumed:
        yield Check.ASSUMED, None
    if line.note.strip() or line.is_copied:
        return
    if line.earlier == 0 and line.amounts[0] and not _is_new(product):
        yield Check.NEW, None
    if line.amounts[0] and not all(line.amounts):
        yield Check.EMPTY_YEAR, None
    by = _jump(line.amounts[0], line.earlier, limit)
    if by is not None:
        yield Check.JUMP, by


def _sum_first(lines: Iterable[ReadyLine]) -> int:
    """Income is no part of a product's cost."""
    return sum(counted(line.cost_kind, line.amounts)[0] for line in lines)


def _sum_income(lines: Iterable[ReadyLine]) -> Amounts:
    return sum_amounts(line.amounts for line in lines if is_income(line.cost_kind))


def _is_new(product: ReadyProduct) -> bool:
    return product.earlier == 0 and any(line.amounts[0] for line in product.lines)


def _moves(line: ReadyLine, limit: Decimal) -> bool:
    is_new = line.earlier == 0 and line.amounts[0] != 0
    return is_new or _jump(line.amounts[0], line.earlier, limit) is not None


def _jump(now: int, earlier: int | None, limit: Decimal) -> Decimal | None:
    """Return the per cent of a jump, None where there is none: judged on exact amounts, since what is shown as the limit
    can be just beyond it.
    """
    if not earlier or 100 * abs(now - earlier) <= limit * abs(earlier):
        return None
    return percent(now - earlier, abs(earlier))
