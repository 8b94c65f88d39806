"""Rule 8, stress: what prices, deferral, quantity, interest and more purchases do to the debt of each month.

The trick: every part of the debt is a list of what it adds and repays month by month, so a year end is a sum, months add up
to years, and a price is solved for instead of searched for.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import accumulate
from typing import NamedTuple, TypeVar

from engine.depreciation import MONTHS, split_evenly
from engine.framework import Framework, framework_at, headroom
from engine.loan_terms import LoanTerms, list_movements
from engine.loans import AS_DEPRECIATION, INVESTMENTS, QUARTER_ENDS, Loan, instalments, resize, split_by_quarter
from engine.money import allocate, round_ore

BUFFER = "buffer"
# What a price is solved for is counted in parts of an öre.
FINER = 10**9

Given = TypeVar("Given")
Fractions = Fraction | Mapping[int, Fraction]
"""A change, the same for all years or by year; 0.1 is ten per cent more. A year that is not named has none."""


class Borrowed(NamedTuple):
    """A loan that pays for something: `part` is what the answer calls it, and the loan's own plan or life repays it.

    `months` is what is raised in which months (1–12) of the loan's year, öre, the principal together; even over the year
    where it is None.
    """

    part: str
    loan: Loan
    months: Mapping[int, int] | None = None


class Termed(NamedTuple):
    """A loan by its own days; `has_rate` says that its own rates are known as well."""

    part: str
    loan: LoanTerms
    has_rate: bool = True


class Pot(NamedTuple):
    """Purchases of öre a year from a first year to a last one, each repaid over a life; in place of a class, if named."""

    name: str
    yearly_amount: int
    first_year: int
    last_year: int
    life_years: int
    replaces: str | None = None


@dataclass(frozen=True)
class Debt:
    """The debt that a budget plans: öre owed before its first year, by part, and what becomes of it.

    `fixed` are loans that no input changes, `purchases` those by asset class in the years of the budget; `repaid` is what
    is repaid of the opening debt by part and year, in positive öre. `termed` are the loans by their own days, from the day
    that each is raised: what they owe is not in `opening`. `parents` names the class that a class is a child of.
    """

    years: Sequence[int]
    opening: Mapping[str, int]
    repaid: Sequence[tuple[str, Mapping[int, int]]]
    fixed: Sequence[Borrowed]
    purchases: Sequence[Borrowed]
    termed: Sequence[Termed] = ()
    parents: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Inputs:
    """What is tried (rule 8). Changes and months are by asset class, and a parent's are its children's too, unless they
    have their own; a negative deferral is earlier.
    """

    price_change: Mapping[str, Fractions] = field(default_factory=dict)
    defer_months: Mapping[str, int] = field(default_factory=dict)
    quantity_change: Mapping[str, Fraction] = field(default_factory=dict)
    interest_shift: Fraction = Fraction(0)
    pots: Sequence[Pot] = ()
    buffer: int = 0
    until_year: int | None = None
    break_even_classes: frozenset[str] = frozenset()


class MonthEnd(NamedTuple):
    """What is owed on the last day of a month, öre, and the framework in force that day; None while there is none."""

    year: int
    month: int
    debt: int
    framework: int | None


class YearEnd(NamedTuple):
    """The debt on 31 December with what it consists of, öre; `average` is the mean of the year's month ends.

    `averages` are its parts, and `average_by_terms` what of it bears a rate of its own.
    """

    year: int
    debt: int
    framework: int | None
    headroom: int | None
    parts: dict[str, int]
    average: Fraction
    averages: dict[str, Fraction]
    average_by_terms: Fraction


@dataclass(frozen=True)
class Stressed:
    """The answer: months, year ends, the first month above the framework, and the price change that uses all headroom.

    `opening` is what was owed before the first month, but for the buffer, öre; `repeated` are the years whose purchases
    repeat those of the budget's last year, by part.
    """

    opening: int
    months: list[MonthEnd]
    year_ends: list[YearEnd]
    first_breach: MonthEnd | None
    break_even_price_change: Fraction | None
    repeated: dict[str, list[int]]


Deltas = dict[int, int]
"""What a part adds to the debt, öre by month; a month is counted as year × 12 + month − 1."""


def stress(debt: Debt, inputs: Inputs, frameworks: Sequence[Framework]) -> Stressed:
    """Return the debt by month and year end under `inputs` (rule 8), until the end of `until_year` or the last plan year.

    A purchase of a year is even over its months; an instalment known by year falls in equal parts on the quarter ends.
    What is brought forward before the first month is bought in it. Changed amounts are rounded once a loan. ValueError for
    a horizon before the budget's first year, or a loan whose months are none or do not add up to it.
    """
    first, last = debt.years[0], inputs.until_year or debt.years[-1]
    if last < first:
        raise ValueError(f"the horizon {last} is before the first year {first}")
    for row in (*debt.fixed, *debt.purchases):
        _check_months(row)
    return _stress(*_give_to_children(debt, inputs), frameworks)


def _check_months(row: Borrowed) -> None:
    months = row.months
    if months is None:
        return
    if not all(1 <= month <= MONTHS and ore >= 0 for month, ore in months.items()):
        raise ValueError(f"{row.part}: months 1 to {MONTHS} with amounts from 0 on are needed, not {dict(months)}")
    if sum(months.values()) != row.loan.principal:
        raise ValueError(f"{row.part}: the months {dict(months)} do not add up to {row.loan.principal}")


def _give_to_children(debt: Debt, inputs: Inputs) -> tuple[Debt, Inputs]:
    """Return the debt without the classes that pots replace, and what is tried by the classes that are bought."""
    lines = {row.part: _list_ancestors(row.part, debt.parents) for row in debt.purchases}
    replaced = {pot.replaces for pot in inputs.pots if pot.replaces is not None}
    kept = [row for row in debt.purchases if replaced.isdisjoint(lines[row.part])]
    given = replace(
        inputs,
        price_change=_of_nearest(inputs.price_change, lines),
        defer_months=_of_nearest(inputs.defer_months, lines),
        quantity_change=_of_nearest(inputs.quantity_change, lines),
        break_even_classes=frozenset(
            part for part, line in lines.items() if not inputs.break_even_classes.isdisjoint(line)
        ),
    )
    return replace(debt, purchases=kept, parents={}), given


def _list_ancestors(part: str, parents: Mapping[str, str]) -> list[str]:
    """Return a class with its parent, the parent's, and so on; a circle ends where it meets itself."""
    line = [part]
    while (above := parents.get(line[-1])) is not None and above not in line:
        line.append(above)
    return line


def _of_nearest(given: Mapping[str, Given], lines: Mapping[str, Sequence[str]]) -> dict[str, Given]:
    nearest = {part: next((name for name in line if name in given), None) for part, line in lines.items()}
    return {part: given[name] for part, name in nearest.items() if name is not None}


def _stress(debt: Debt, inputs: Inputs, frameworks: Sequence[Framework]) -> Stressed:
    first, last = debt.years[0], inputs.until_year or debt.years[-1]
    purchases, repeated = _repeat(debt, inputs, last)
    parts: dict[str, Deltas] = {}
    _add_opening(parts, debt, inputs)
    for row in debt.fixed:
        _add_loan(parts.setdefault(row.part, {}), row.loan, _raise(row, row.loan))
    for row in purchases:
        changed = _change(row.loan, row.part, inputs)
        shifted = _shift(_raise(row, changed), inputs.defer_months.get(row.part, 0), first)
        _add_loan(parts.setdefault(row.part, {}), changed, shifted)
    own_rates: Deltas = {}
    _add_termed(parts, own_rates, debt.termed)
    balances = {part: _roll(deltas, first, last) for part, deltas in parts.items()}
    at_own_rates = _roll(own_rates, first, last)
    months = _list_months(balances, frameworks, first, last)
    year_ends = [_close(year, months, balances, at_own_rates, first) for year in range(first, last + 1)]
    breach = next((row for row in months if row.framework is not None and row.debt > row.framework), None)
    opening = sum(_sum_before(deltas, first) for part, deltas in parts.items() if part != BUFFER)
    return Stressed(opening, months, year_ends, breach, _break_even(debt, inputs, frameworks), repeated)


def _repeat(debt: Debt, inputs: Inputs, last: int) -> tuple[list[Borrowed], dict[str, list[int]]]:
    """Return the purchases with those that repeat the last plan year's, as long as any can be felt, and the pots'."""
    rows = list(debt.purchases)
    repeated: dict[str, list[int]] = {}
    for row in [row for row in rows if row.loan.raised_year == debt.years[-1] and row.loan.principal]:
        ahead = -(min(inputs.defer_months.get(row.part, 0), 0) // MONTHS)
        for year in range(debt.years[-1] + 1, last + ahead + 1):
            rows.append(row._replace(loan=_in_year(row.loan, year)))
            if year <= last and year not in repeated.setdefault(row.part, []):
                repeated[row.part].append(year)
    for pot in inputs.pots:
        rows += [
            Borrowed(pot.name, Loan(INVESTMENTS, pot.yearly_amount, year, pot.life_years, {}))
            for year in range(pot.first_year, min(pot.last_year, last) + 1)
        ]
    return rows, repeated


def _in_year(loan: Loan, year: int) -> Loan:
    """Return the same loan raised in another year, with its own plan as far from it as before."""
    later = year - loan.raised_year
    return loan._replace(raised_year=year, plan={due + later: ore for due, ore in loan.plan.items()})


def _change(loan: Loan, part: str, inputs: Inputs) -> Loan:
    """Return the loan at the tried price and quantity."""
    price = change_in(inputs.price_change.get(part, Fraction(0)), loan.raised_year)
    return resize(loan, round_ore(loan.principal * (1 + price) * (1 + inputs.quantity_change.get(part, Fraction(0)))))


def change_in(change: Fractions, year: int) -> Fraction:
    """Return a change in a year, 0 where none is given."""
    return change.get(year, Fraction(0)) if isinstance(change, Mapping) else change


def _raise(row: Borrowed, changed: Loan) -> Deltas:
    """Return what is raised by month of a row's loan as it is changed: in its months' proportions, or even."""
    start = changed.raised_year * MONTHS
    if not row.months or not row.loan.principal:
        return dict(enumerate(split_evenly(changed.principal, MONTHS), start=start))
    parts = allocate(changed.principal, list(row.months.values()))
    return {start + month - 1: ore for month, ore in zip(row.months, parts, strict=True)}


def _shift(raised: Deltas, months: int, first: int) -> Deltas:
    """Return what is raised some months later; nothing is raised before the first year."""
    shifted: Deltas = {}
    for month, ore in raised.items():
        _add(shifted, max(month + months, first * MONTHS), ore)
    return shifted


def _add_loan(deltas: Deltas, loan: Loan, raised: Deltas) -> None:
    """Add what is raised by month, and what is repaid of what each year raised."""
    by_year: dict[int, int] = {}
    for month, ore in raised.items():
        _add(deltas, month, ore)
        _add(by_year, month // MONTHS, ore)
    for year, ore in by_year.items():
        repaid = instalments(resize(_in_year(loan, year), ore))
        if loan.repaid == AS_DEPRECIATION and not loan.plan and year in repaid:
            # Nothing is repaid before the year's last purchase.
            _add(deltas, year * MONTHS + QUARTER_ENDS[-1][0] - 1, -repaid.pop(year))
        _repay(deltas, repaid)


def _add_termed(parts: dict[str, Deltas], own_rates: Deltas, termed: Sequence[Termed]) -> None:
    """Add loans by their own days, of which refinancing sums to nothing."""
    rows = {row.loan.name: row for row in termed}
    for movement in list_movements([row.loan for row in termed]):
        row, month = rows[movement.loan], movement.on.year * MONTHS + movement.on.month - 1
        _add(parts.setdefault(row.part, {}), month, movement.ore)
        if row.has_rate:
            _add(own_rates, month, movement.ore)


def _repay(deltas: Deltas, plan: Mapping[int, int]) -> None:
    for year, ore in plan.items():
        for (month, _day), part in split_by_quarter(ore).items():
            _add(deltas, year * MONTHS + month - 1, -part)


def _add(deltas: dict[int, int], place: int, ore: int) -> None:
    deltas[place] = deltas.get(place, 0) + ore


def _add_opening(parts: dict[str, Deltas], debt: Debt, inputs: Inputs) -> None:
    before = debt.years[0] * MONTHS - 1
    for part, ore in debt.opening.items():
        _add(parts.setdefault(part, {}), before, ore)
    for part, plan in debt.repaid:
        _repay(parts.setdefault(part, {}), plan)
    if inputs.buffer:
        parts[BUFFER] = {before: inputs.buffer}


def _roll(deltas: Deltas, first: int, last: int) -> list[int]:
    """Return what is left at each month end; what came before the first month is its opening."""
    start, end = first * MONTHS, (last + 1) * MONTHS
    opening = _sum_before(deltas, first)
    return list(accumulate((deltas.get(month, 0) for month in range(start, end)), initial=opening))[1:]


def _sum_before(deltas: Deltas, first: int) -> int:
    return sum(ore for month, ore in deltas.items() if month < first * MONTHS)


def _list_months(
    balances: Mapping[str, list[int]], frameworks: Sequence[Framework], first: int, last: int
) -> list[MonthEnd]:
    rows = []
    for place in range((last + 1 - first) * MONTHS):
        year, month = first + place // MONTHS, place % MONTHS + 1
        after = date(year + month // MONTHS, month % MONTHS + 1, 1)
        owed = sum(balance[place] for balance in balances.values())
        rows.append(MonthEnd(year, month, owed, framework_at(frameworks, after - timedelta(days=1))))
    return rows


def _close(
    year: int, months: Sequence[MonthEnd], balances: Mapping[str, list[int]], at_own_rates: Sequence[int], first: int
) -> YearEnd:
    start = (year - first) * MONTHS
    of_year = months[start : start + MONTHS]
    end = of_year[-1]
    parts = {part: balance[start + MONTHS - 1] for part, balance in balances.items()}
    average = Fraction(sum(row.debt for row in of_year), MONTHS)
    left = headroom(end.framework, end.debt)
    averages = {part: _mean(balance, start) for part, balance in balances.items()}
    return YearEnd(year, end.debt, end.framework, left, parts, average, averages, _mean(at_own_rates, start))


def _mean(balance: Sequence[int], start: int) -> Fraction:
    """Return the mean of a year's twelve month ends."""
    return Fraction(sum(balance[start : start + MONTHS]), MONTHS)


def _break_even(debt: Debt, inputs: Inputs, frameworks: Sequence[Framework]) -> Fraction | None:
    """Return the one price change of the named classes at which the least headroom is 0; None where there is none.

    It stands in the place of the price change tried for them. What they owe grows by the same share as their prices, so
    each year end says how far they may; the nearest of them is the answer. Rounding moves it by an öre a loan at most.
    """
    named = inputs.break_even_classes
    if not named:
        return None
    others = {part: change for part, change in inputs.price_change.items() if part not in named}
    at_budget = replace(inputs, price_change=others, break_even_classes=frozenset())
    enlarged = [_enlarge(row) if row.part in named else row for row in debt.purchases]
    bounds: list[Fraction] = []
    for row in _stress(replace(debt, purchases=enlarged), at_budget, frameworks).year_ends:
        if row.framework is None:
            continue
        owed = Fraction(sum(ore for part, ore in row.parts.items() if part in named), FINER)
        left = row.framework - sum(ore for part, ore in row.parts.items() if part not in named)
        if owed > 0:
            bounds.append(left / owed - 1)
        elif left < 0:
            return None
    change = min(bounds, default=None)
    return change if change is not None and change >= -1 else None


def _enlarge(row: Borrowed) -> Borrowed:
    """Return a loan in parts of an öre, so that what it owes is not rounded before it is multiplied."""
    loan = row.loan
    plan = {year: ore * FINER for year, ore in loan.plan.items()}
    months = None if row.months is None else {month: ore * FINER for month, ore in row.months.items()}
    return row._replace(loan=loan._replace(principal=loan.principal * FINER, plan=plan), months=months)


def yearly_interest(year_ends: Iterable[YearEnd], rate: Fraction) -> dict[int, int]:
    """Return interest by year in öre: average debt × rate, where loans' own terms are not known (rule 8)."""
    return {row.year: round_ore(row.average * rate) for row in year_ends}
