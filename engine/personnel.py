"""Rule 4, a post's cost: five rows a year, each rounded once, made of its months' pay by dated rates.

The trick: everything is an exact fraction of the months' pay until a row is rounded; the rows of a post are then split on
whoever carries it, row by row and never the total, so that what the parts bear adds up to each row of the personnel table.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from engine.money import Exact, allocate, round_ore, to_fraction

MONTHS = range(1, 13)


class PersonnelRow(StrEnum):
    """The rows that a post's cost has in the personnel table, in its order."""

    SALARY = "salary"
    HOLIDAY_PAY = "holiday_pay"
    EMPLOYER_CONTRIBUTIONS = "employer_contributions"
    PENSION = "pension"
    INSURANCE = "insurance"


class RateKind(StrEnum):
    """What a planning rate of personnel says, in per cent."""

    WAGE_REVISION = "wage_revision"
    ABSENCE = "absence"
    HOLIDAY_PAY = "holiday_pay"
    EMPLOYER_CONTRIBUTIONS = "employer_contributions"
    PENSION = "pension"
    INSURANCE = "insurance"


# Without one of these a year's cost can't be told; without a revision or an absence deduction there is none.
NEEDED = (RateKind.HOLIDAY_PAY, RateKind.EMPLOYER_CONTRIBUTIONS, RateKind.PENSION, RateKind.INSURANCE)


@dataclass(frozen=True)
class PersonnelRate:
    """A dated rate, `percent` from a month on.

    Contributions may differ by age: then `age_class` names whose, and the rate holds for the part of a month's pay up to
    `ceiling_ore`; None is all of it.
    """

    kind: str
    valid_from: date
    percent: Exact
    age_class: str = ""
    ceiling_ore: int | None = None


@dataclass(frozen=True)
class Post:
    """A post: pay a month in full time (öre) as agreed on `pay_from`, and the rate of employment in per cent.

    Paid from the month of `from_month` to that of `to_month`; None leaves an end open.
    """

    monthly_pay_ore: int
    employment_percent: Exact
    pay_from: date
    from_month: date | None = None
    to_month: date | None = None
    age_class: str = ""


class RateMissingError(ValueError):
    """No rate of a kind is valid in a month; `kind` and `month` say which."""

    def __init__(self, kind: str, month: date) -> None:
        super().__init__(f"no {kind} is valid in {month:%Y-%m}")
        self.kind, self.month = kind, month


def cost_post(
    post: Post, year: int, rates: Sequence[PersonnelRate], indexes: Mapping[int, Exact]
) -> dict[PersonnelRow, int]:
    """Return a post's cost in a year, öre by row, each rounded once (rule 4).

    `indexes` are per cent by year, for years that no wage revision is dated in. Raise RateMissingError.
    """
    rows = dict.fromkeys(PersonnelRow, Fraction(0))
    for month in (date(year, number, 1) for number in MONTHS):
        if _is_paid(post, month):
            for row, ore in _cost_month(post, month, rates, indexes).items():
                rows[row] += ore
    return {row: round_ore(ore) for row, ore in rows.items()}


def split_post(cost: Mapping[PersonnelRow, int], weights: Sequence[Exact]) -> list[dict[PersonnelRow, int]]:
    """Return what each carrier bears of a post, row by row, by `money.allocate`."""
    parts = {row: allocate(ore, weights) for row, ore in cost.items()}
    return [{row: parts[row][place] for row in cost} for place in range(len(weights))]


def count_full_time(posts: Iterable[Post], year: int) -> Fraction:
    """Return full-time equivalents: rates of employment times the part of the year's months that are paid."""
    return sum(
        (
            to_fraction(post.employment_percent)
            / 100
            * sum(_is_paid(post, date(year, month, 1)) for month in MONTHS)
            / 12
            for post in posts
        ),
        Fraction(0),
    )


def _is_paid(post: Post, month: date) -> bool:
    starts = post.from_month is None or post.from_month.replace(day=1) <= month
    return starts and (post.to_month is None or month <= post.to_month)


def _cost_month(
    post: Post, month: date, rates: Sequence[PersonnelRate], indexes: Mapping[int, Exact]
) -> dict[PersonnelRow, Fraction]:
    """Return a month's rows, exact."""
    percents = {kind: _find_percent(rates, kind, month) for kind in NEEDED}
    absence = _find_rate(rates, RateKind.ABSENCE, month)
    pay = _pay_month(post, month, rates, indexes)
    salary = pay * (1 - (_share(absence.percent) if absence else 0))
    holiday = salary * percents[RateKind.HOLIDAY_PAY]
    base = salary + holiday
    return {
        PersonnelRow.SALARY: salary,
        PersonnelRow.HOLIDAY_PAY: holiday,
        PersonnelRow.EMPLOYER_CONTRIBUTIONS: base
        * _contribute(post, pay, month, rates, percents[RateKind.EMPLOYER_CONTRIBUTIONS]),
        PersonnelRow.PENSION: base * percents[RateKind.PENSION],
        PersonnelRow.INSURANCE: base * percents[RateKind.INSURANCE],
    }


def _pay_month(post: Post, month: date, rates: Sequence[PersonnelRate], indexes: Mapping[int, Exact]) -> Fraction:
    """Return a month's pay before the absence deduction: raised by each revision since, and by the index of other years."""
    pay = Fraction(post.monthly_pay_ore) * _share(post.employment_percent)
    revisions = [rate for rate in rates if rate.kind == RateKind.WAGE_REVISION]
    for rate in revisions:
        if post.pay_from < rate.valid_from <= month:
            pay *= 1 + _share(rate.percent)
    revised = {rate.valid_from.year for rate in revisions}
    for year in range(post.pay_from.year + 1, month.year + 1):
        if year not in revised:
            pay *= 1 + _share(indexes.get(year, 0))
    return pay


def _contribute(post: Post, pay: Fraction, month: date, rates: Sequence[PersonnelRate], standard: Fraction) -> Fraction:
    """Return the contributions' share of the base; the ceiling of an age is held against the month's whole pay."""
    own = _find_rate(rates, RateKind.EMPLOYER_CONTRIBUTIONS, month, post.age_class) if post.age_class else None
    if own is None:
        return standard
    under = 1 if own.ceiling_ore is None or pay <= own.ceiling_ore else Fraction(own.ceiling_ore) / pay
    return under * _share(own.percent) + (1 - under) * standard


def _find_percent(rates: Sequence[PersonnelRate], kind: str, month: date) -> Fraction:
    found = _find_rate(rates, kind, month)
    if found is None:
        raise RateMissingError(kind, month)
    return _share(found.percent)


def _find_rate(rates: Sequence[PersonnelRate], kind: str, month: date, age_class: str = "") -> PersonnelRate | None:
    """Return the newest rate of a kind that is valid in a month."""
    valid = [r for r in rates if r.kind == kind and r.age_class == age_class and r.valid_from <= month]
    return max(valid, key=lambda rate: rate.valid_from, default=None)


def _share(percent: Exact) -> Fraction:
    return to_fraction(percent) / 100
