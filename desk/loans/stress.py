"""The stress test as the loans page shows it: one sentence, the chart, what it rests on, and each member's share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from desk.loans.stress_form import StressForm
from engine.money import round_ore
from engine.stress import Inputs, Stressed, YearEnd, stress
from forecasts.selectors.loans import YearDebt
from forecasts.selectors.scenarios import Tried, try_inputs
from forecasts.selectors.stress import (
    EXISTING,
    OTHER_INVESTMENTS,
    USE_OF_EQUITY,
    Assumed,
    InterestRate,
    RecourseShare,
    share_recourse,
)
from pages.debt_chart import limit_frameworks, limit_proposed, name_edition, place_debt
from pages.stress_words import say_month
from pages.words import join, say_condition, say_years
from web import marks
from web.charts import Chart, Colour, ColumnPlot, Line, Row, Table, TableCell
from web.numbers import format_percent, format_tkr


@dataclass(frozen=True)
class InterestRow:
    """What interest costs in a year as budgeted and as tried, öre; None where no rate is known."""

    year: int
    before: int | None
    after: int | None

    @property
    def difference(self) -> int | None:
        """What is tried adds."""
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True)
class Answer:
    """What the page tells; `is_broken` says that the debt is above the framework in force in some month.

    `helps` stand below the sliders, by field.
    """

    headline: str
    said: str
    is_broken: bool
    helps: dict[str, str]
    figure: SafeString
    shares: Sequence[RecourseShare]
    shared_on: str
    shared_ore: int
    interest: list[InterestRow]
    interest_note: SafeString | str


def answer(
    form: StressForm, tried: Tried, debts: Sequence[YearDebt], shares: Sequence[RecourseShare] | None = None
) -> Answer:
    """Return the answer to a form that is valid, beside the debt as budgeted; `shares` are those of a kept scenario."""
    found, inputs = tried.found, tried.inputs
    planned = try_inputs(tried.base, Inputs(until_year=inputs.until_year))
    others = frozenset(form.names) - frozenset(form.chosen)
    other_change = stress(
        tried.base.debt, replace(inputs, break_even_classes=others), tried.frameworks
    ).break_even_price_change
    highest = max(found.months, key=lambda row: row.debt)
    proposed = [row.amount for row in tried.frameworks if row.from_on is None]
    if shares is None:
        shares = share_recourse(highest.debt, date(highest.year, highest.month, 1), tried.base.frameworks)
    interest = [InterestRow(year, ore, tried.interest[year]) for year, ore in planned.interest.items()]
    return Answer(
        headline=_say_headline(found, form, debts),
        said=_say_more(found, proposed),
        is_broken=found.first_breach is not None,
        helps={
            "price": say_break_even(found.break_even_price_change),
            "other_price": say_break_even(other_change),
            "interest": say_interest(interest),
        },
        figure=_draw(form, tried, debts, proposed).show("panel"),
        shares=shares,
        shared_on=say_month(highest.year, highest.month),
        shared_ore=highest.debt,
        interest=interest,
        interest_note=say_rate(tried.base.interest),
    )


def say_interest(rows: Sequence[InterestRow]) -> str:
    """Return what interest costs in the year in which what is tried changes it most."""
    known = [row for row in rows if row.difference is not None]
    if not known:
        return _("Affects the cost, not the debt. The budget has chosen no rate of interest.")
    most = max(known, key=lambda row: abs(row.difference or 0))
    if not most.difference:
        return _("Affects the cost, not the debt: %(before)s tkr in %(year)s") % {
            "before": format_tkr(most.before),
            "year": most.year,
        }
    words = _("Interest in %(year)s: %(after)s tkr instead of %(before)s")
    return words % {"year": most.year, "before": format_tkr(most.before), "after": format_tkr(most.after)}


def say_rate(rate: InterestRate | None) -> SafeString | str:
    """Return what interest is counted by, with its mark where it is assumed."""
    if rate is None:
        return _("The budget has chosen no rate of interest.")
    shown = {"rate": format_percent(Decimal(round_ore(rate.rate * 10_000)).scaleb(-2), decimals=2)}
    if rate.is_chosen:
        return _("Average debt × the budget's rate of interest, %(rate)s %%.") % shown
    said = _("Average debt × %(rate)s %%, the budget's planned interest by its average debt in that year:")
    return marks.say_doubt(said % shown, "assumed")


def say_break_even(change: Fraction | None) -> str:
    """Return the change of price at which the whole headroom is used."""
    if change is None:
        return _("No change of this price alone uses the headroom exactly")
    return _("Uses the whole headroom at %(change)s") % {"change": _format_change(change)}


def _format_change(change: Fraction) -> str:
    """Return a fraction as a signed percentage with one decimal."""
    percent = Decimal(round_ore(change * 1000)).scaleb(-1)
    return _("%(percent)s %%") % {"percent": format_percent(percent, signed=True)}


def _say_headline(found: Stressed, form: StressForm, debts: Sequence[YearDebt]) -> str:
    """Return the month of the breach, or that there is none, with the assumed movements that it rests on until then."""
    rests_on = {row.year: row.assumed for row in debts}
    if (breach := found.first_breach) is not None:
        words = (
            _("The debt exceeds the framework in force from %(month)s")
            if form.is_tried
            else _("As budgeted, the debt exceeds the framework in force from %(month)s")
        )
        said = words % {"month": say_month(breach.year, breach.month)}
        return say_condition(said, rests_on.get(breach.year, frozenset()))
    if all(row.framework is None for row in found.year_ends):
        return _("No borrowing framework is in force")
    said = _("The debt fits the framework in force every month")
    return say_condition(said, rests_on.get(found.year_ends[-1].year, frozenset()))


def _say_more(found: Stressed, proposed: Sequence[int]) -> str:
    """Return the year end with the least headroom, and whether a proposed framework would do."""
    known = [row for row in found.year_ends if row.headroom is not None]
    said = []
    if known:
        least = min(known, key=lambda row: row.headroom or 0)
        said.append(_say_least(least))
    highest = max(row.debt for row in found.months)
    for amount in proposed:
        words = (
            _(
                "The proposed framework of %(amount)s tkr would be enough, but applies only when all councils' decisions have gained legal force."
            )
            if amount >= highest
            else _("The proposed framework of %(amount)s tkr would not be enough either.")
        )
        said.append(words % {"amount": format_tkr(amount)})
    return " ".join(said)


def _say_least(row: YearEnd) -> str:
    left = row.headroom or 0
    words = (
        _("At the end of %(year)s the debt is %(debt)s tkr, %(over)s above the framework.")
        if left < 0
        else _("Least headroom: %(left)s tkr at the end of %(year)s, when the debt is %(debt)s tkr.")
    )
    return words % {"year": row.year, "debt": format_tkr(row.debt), "over": format_tkr(-left), "left": format_tkr(left)}


def _draw(form: StressForm, answered: Tried, debts: Sequence[YearDebt], proposed: Sequence[int]) -> Chart:
    tried = {row.year: row for row in answered.found.year_ends} if form.is_tried else {}
    unit = _("31 December, tkr. Columns: debt by budget and forecast")
    lines = []
    if tried:
        unit += ". " + _("Dashed line: debt under stress")
        amounts = [tried[row.year].debt if row.year in tried else None for row in debts]
        shown = ["" if ore is None else format_tkr(ore) for ore in amounts]
        lines.append(Line(amounts, colour=Colour.SECOND, is_dashed=True, shown=shown))
    limits = [*limit_frameworks(debts), *limit_proposed(proposed, len(debts))]
    plot = ColumnPlot([place_debt(row) for row in debts], limits, lines)
    notes: list[str | SafeString] = [say_assumed(answered.assumed, answered.base.classes)] if answered.assumed else []
    return Chart("debt-stress", _("Debt against the borrowing framework"), unit, plot, _tell(debts, tried, unit), notes)


def _tell(debts: Sequence[YearDebt], tried: Mapping[int, YearEnd], unit: str) -> Table:
    heads = [_("31 December"), _("Debt"), _("Framework in force"), _("Headroom")]
    if tried:
        heads += [_("Debt under stress"), _("Headroom under stress")]
    rows = []
    for row in debts:
        figures = (row.debt, row.framework, row.headroom)
        cells = [TableCell(format_tkr(ore), "#forecast" if ore is not None else "", "n") for ore in figures]
        if tried:
            under = tried.get(row.year)
            told = (None, None) if under is None else (under.debt, under.headroom)
            cells += [TableCell(format_tkr(ore), css="n") for ore in told]
        rows.append(Row(f"{row.year} ({name_edition(row.edition)})", cells))
    return Table(unit, heads, rows)


def say_assumed(assumed: Sequence[Assumed], classes: Mapping[str, str]) -> SafeString:
    """Return what of the debt is assumed, in words."""
    names = {
        EXISTING: _("existing loans"),
        USE_OF_EQUITY: _("use of equity"),
        OTHER_INVESTMENTS: _("other investments"),
        **classes,
    }
    words = {
        "amount": _("purchases of %(parts)s"),
        "repayment": _("repayments of %(parts)s"),
        "life": _("the life of %(parts)s"),
        "no_plan": _("that nothing is repaid of %(parts)s, which has no plan"),
        "unknown": _("that %(parts)s, whose amounts are not known, cost nothing"),
        "repeats": _("that %(parts)s repeat the purchases of the last plan year"),
    }
    told = []
    for kind, said in words.items():
        parts = [
            f"{names.get(row.part, row.part)} {say_years(row.years)}".strip() for row in assumed if row.kind == kind
        ]
        if parts:
            told.append(said % {"parts": join(parts)})
    months = _("purchases are even over the months, repayments known by year fall on the quarter ends")
    said = "; ".join([*told, months])
    return marks.say_doubt(f"{said[0].upper()}{said[1:]}:", "assumed")
