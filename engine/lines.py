"""Rule 11, cost lines: which of quantity, unit price and first amount yields, and the sign of what is no cost.

The trick: what is typed is told apart from what stood there. A typed amount clears quantity and price, typed factors give
the amount, and a value that can't stand is put back and named, until what is left fits together.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum

from engine.money import MAX_ORE, Exact, multiply
from engine.result import CostKind, sign_of
from engine.years import AMOUNTS

FACTORS = ("quantity", "unit_price_ore")
# These belong together: whoever saw one of them saw the others.
TIED = frozenset({*FACTORS, "amount_1_ore"})
# What the rule counts with; texts beside them are free.
FIGURES = ("cost_kind", *FACTORS, *AMOUNTS)


@dataclass(frozen=True)
class Figures:
    """The figures of a line. An amount is None only while it is typed as empty."""

    cost_kind: str = CostKind.DIRECT_COST.value
    quantity: Exact | None = None
    unit_price_ore: int | None = None
    amount_1_ore: int | None = 0
    amount_2_ore: int | None = 0
    amount_3_ore: int | None = 0


class Problem(StrEnum):
    """Why a typed value can't stand beside the others."""

    ALONE = "alone"
    """A quantity without a unit price, or the other way round."""
    DIFFERS = "differs"
    """An amount typed together with factors of which it is not the product."""
    TOO_LARGE = "too_large"
    """The product is beyond MAX_ORE."""
    ABOVE_ZERO = "above_zero"
    """Use of equity and deductions lower what is charged, so they are zero or negative."""
    BELOW_ZERO = "below_zero"
    """An income is an income without a sign, so it is zero or positive."""
    NOT_IN_GRANT = "not_in_grant"
    """Use of equity belongs to the base grant only."""


@dataclass(frozen=True)
class Settled:
    """What a line then holds, and the problem of each value that was put back; factors go with the product they give."""

    figures: Figures
    problems: dict[str, Problem]


class _CannotStandError(Exception):
    def __init__(self, problem: Problem, *names: str) -> None:
        super().__init__(problem)
        self.problems = dict.fromkeys(names, problem)


def settle(stored: Figures, wanted: Figures, typed: Collection[str], *, is_base_grant: bool) -> Settled:
    """Return `wanted` made whole (rule 11), where its `typed` fields were typed over those of `stored`.

    An empty amount is zero; the first amount follows quantity and unit price. Rounds by money.multiply, once.
    """
    left, problems = set(typed), dict[str, Problem]()
    while True:
        try:
            return Settled(_fit(wanted, left, is_base_grant=is_base_grant), problems)
        except _CannotStandError as refused:
            problems |= refused.problems
            if not left & refused.problems.keys():
                return Settled(stored, problems)
            left -= refused.problems.keys()
            wanted = replace(wanted, **{name: getattr(stored, name) for name in refused.problems})


def _fit(wanted: Figures, typed: set[str], *, is_base_grant: bool) -> Figures:
    tied = _tie(wanted, typed)
    filled = _fill(tied)
    if filled.cost_kind == CostKind.USE_OF_EQUITY and not is_base_grant and "cost_kind" in typed:
        raise _CannotStandError(Problem.NOT_IN_GRANT, "cost_kind")
    _check_sign(filled, typed, sign_of(filled.cost_kind))
    return filled


def _fill(line: Figures) -> Figures:
    if None not in (line.amount_1_ore, line.amount_2_ore, line.amount_3_ore):
        return line
    first, second, third = (getattr(line, name) or 0 for name in AMOUNTS)
    return replace(line, amount_1_ore=first, amount_2_ore=second, amount_3_ore=third)


def _tie(wanted: Figures, typed: set[str]) -> Figures:
    """Quantity and unit price are both set or both empty."""
    quantity, price = wanted.quantity, wanted.unit_price_ore
    if quantity is not None and price is not None:
        return _follow(wanted, typed, multiply(quantity, price))
    if quantity is None and price is None:
        return wanted
    empty = "quantity" if quantity is None else "unit_price_ore"
    if typed & set(FACTORS) == {empty}:
        return replace(wanted, quantity=None, unit_price_ore=None)  # one of a pair was emptied: the amount stays
    (other,) = {*FACTORS} - {empty}
    raise _CannotStandError(Problem.ALONE, other if other in typed else empty)


def _follow(wanted: Figures, typed: set[str], product: int) -> Figures:
    """The first amount is the product, or was typed instead of it."""
    if abs(product) > MAX_ORE:
        raise _CannotStandError(Problem.TOO_LARGE, *(typed & set(FACTORS) or FACTORS))
    if "amount_1_ore" not in typed or wanted.amount_1_ore in (None, product):
        return replace(wanted, amount_1_ore=product)
    if typed & set(FACTORS):
        raise _CannotStandError(Problem.DIFFERS, "amount_1_ore")
    return replace(wanted, quantity=None, unit_price_ore=None)


def _check_sign(line: Figures, typed: set[str], sign: int) -> None:
    """What is no cost has the sign of its kind; a cost may have either."""
    against = {name for name in AMOUNTS if getattr(line, name) * sign < 0}
    product = typed & set(FACTORS) if "amount_1_ore" in against and line.quantity is not None else set[str]()
    wrong = against & typed | ({"amount_1_ore"} | product if product else set())
    if against:
        raise _CannotStandError(Problem.BELOW_ZERO if sign > 0 else Problem.ABOVE_ZERO, *(wrong or {"cost_kind"}))
