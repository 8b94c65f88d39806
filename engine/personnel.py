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


class Tariff:
    """What posts cost by a budget's rates; what a month's rates come to is worked out once for all posts.

    `indexes` are per cent by year, for years that no wage revision is dated in.
    """

    def __init__(self, rates: Sequence[PersonnelRate], indexes: Mapping[int, Exact]) -> None:
        self._rates, self._indexes = rates, indexes
        self._shares: dict[date, dict[PersonnelRow, Fraction]] = {}
        self._raises: dict[tuple[date, date], Fraction] = {}
        self._years: dict[tuple[object, ...], dict[PersonnelRow, Fraction]] = {}

    def cost(self, post: Post, year: int) -> dict[PersonnelRow, int]:
        """Return a post's cost in a year, öre by row, each rounded once (rule 4). Raise RateMissingError."""
        pay = post.monthly_pay_ore * _share(post.employment_percent)
        shares = self._sum_year(post, year, pay if post.age_class else None)
        return {row: round_ore(pay * shares[row]) for row in PersonnelRow}

    def _sum_year(self, post: Post, year: int, pay: Fraction | None) -> dict[PersonnelRow, Fraction]:
        """Return what a year's rows are of a month's pay; it says the same of all posts that no age is told of."""
        key = (year, post.pay_from, post.from_month, post.to_month, post.age_class, pay)
        if key not in self._years:
            months = [month for month in _list_months(year) if _is_paid(post, month)]
            sums = dict.fromkeys(PersonnelRow, Fraction(0))
            for month in months:
                raised = self._raise(post.pay_from, month)
                for row, share in self._share_month(month, post.age_class, pay and pay * raised).items():
                    sums[row] += raised * share
            self._years[key] = sums
        return self._years[key]

    def raise_of(self, before: int, year: int) -> Fraction:
        """Return what pay that is not agreed on anew rises to from one year to a later one: 1.03 is three per cent more.

        A revision in the middle of a year counts by its months.
        """
        agreed = date(before - 1, 12, 31)
        was, now = (sum(self._raise(agreed, month) for month in _list_months(each)) for each in (before, year))
        return Fraction(now) / was

    def _share_month(self, month: date, age_class: str, pay: Fraction | None) -> dict[PersonnelRow, Fraction]:
        """Return what a month's rows are of its pay before the absence deduction."""
        if month not in self._shares:
            self._shares[month] = self._share_standard(month)
        standard = self._shares[month]
        own = _find_rate(self._rates, RateKind.EMPLOYER_CONTRIBUTIONS, month, age_class) if age_class else None
        if own is None or not pay:
            return standard
        # The ceiling is held against the month's whole pay.
        under = 1 if own.ceiling_ore is None else min(Fraction(1), Fraction(own.ceiling_ore) / pay)
        base = standard[PersonnelRow.SALARY] + standard[PersonnelRow.HOLIDAY_PAY]
        paid = under * _share(own.percent) * base + (1 - under) * standard[PersonnelRow.EMPLOYER_CONTRIBUTIONS]
        return {**standard, PersonnelRow.EMPLOYER_CONTRIBUTIONS: paid}

    def _share_standard(self, month: date) -> dict[PersonnelRow, Fraction]:
        percents = {kind: self._find_percent(kind, month) for kind in NEEDED}
        absence = _find_rate(self._rates, RateKind.ABSENCE, month)
        salary = 1 - (_share(absence.percent) if absence else Fraction(0))
        base = salary * (1 + percents[RateKind.HOLIDAY_PAY])
        return {
            PersonnelRow.SALARY: salary,
            PersonnelRow.HOLIDAY_PAY: salary * percents[RateKind.HOLIDAY_PAY],
            PersonnelRow.EMPLOYER_CONTRIBUTIONS: base * percents[RateKind.EMPLOYER_CONTRIBUTIONS],
            PersonnelRow.PENSION: base * percents[RateKind.PENSION],
            PersonnelRow.INSURANCE: base * percents[RateKind.INSURANCE],
        }

    def _raise(self, pay_from: date, month: date) -> Fraction:
        """Return what pay has risen to: by each revision since it was agreed on, and by the index of other years."""
        if (pay_from, month) not in self._raises:
            revisions = [rate for rate in self._rates if rate.kind == RateKind.WAGE_REVISION]
            revised = {rate.valid_from.year for rate in revisions}
            raised = Fraction(1)
            for rate in revisions:
                if pay_from < rate.valid_from <= month:
                    raised *= 1 + _share(rate.percent)
            for year in range(pay_from.year + 1, month.year + 1):
                if year not in revised:
                    raised *= 1 + _share(self._indexes.get(year, 0))
            self._raises[pay_from, month] = raised
        return self._raises[pay_from, month]

    def _find_percent(self, kind: str, month: date) -> Fraction:
        found = _find_rate(self._rates, kind, month)
        if found is None:
            raise RateMissingError(kind, month)
        return _share(found.percent)


def split_post(cost: Mapping[PersonnelRow, int], weights: Sequence[Exact]) -> list[dict[PersonnelRow, int]]:
    """Return what each carrier bears of a post, row by row, by `money.allocate`."""
    parts = {row: allocate(ore, weights) for row, ore in cost.items()}
    return [{row: parts[row][place] for row in cost} for place in range(len(weights))]


def count_full_time(posts: Iterable[Post], year: int) -> Fraction:
    """Return full-time equivalents: rates of employment times the part of the year's months that are paid."""
    return sum(
        (
            to_fraction(post.employment_percent) / 100 * sum(_is_paid(post, month) for month in _list_months(year)) / 12
            for post in posts
        ),
        Fraction(0),
    )


def _list_months(year: int) -> list[date]:
    return [date(year, month, 1) for month in range(1, 13)]


def _is_paid(post: Post, month: date) -> bool:
    starts = post.from_month is None or post.from_month.replace(day=1) <= month
    return starts and (post.to_month is None or month <= post.to_month)


def _find_rate(rates: Sequence[PersonnelRate], kind: str, month: date, age_class: str = "") -> PersonnelRate | None:
    """Return the newest rate of a kind that is valid in a month."""
    valid = [r for r in rates if r.kind == kind and r.age_class == age_class and r.valid_from <= month]
    return max(valid, key=lambda rate: rate.valid_from, default=None)


def _share(percent: Exact) -> Fraction:
    return to_fraction(percent) / 100
