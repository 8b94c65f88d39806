"""The sheets on investments and on loans against the borrowing framework."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from budgets.models import Budget
from forecasts.models import Forecast
from forecasts.selectors import Borrowing, FrameworkState
from forecasts.selectors.stored import Figures
from investments.models import Investment, InvestmentItem, PlannedLoan
from investments.models.classes import HasLife
from investments.selectors.loans import is_life_assumed, loan_life, trace_whole_loan
from reports.workbook.lines import source_of, year_columns
from reports.workbook.selectors import Contents
from web.numbers import format_sek
from web.workbook import Cell, Column, Form, Formula, Sheet, Value, Weight, sek, span

DEBT = ("opening_debt", "borrowing_investments", "borrowing_use_of_equity", "amortisation")


@dataclass(frozen=True)
class Place:
    """Where something stands, for the formulas of other sheets: the rows of a table, or the row of its sum."""

    sheet: Sheet
    first: int
    last: int

    def span(self, letter: str) -> str:
        """Return the table's part of a column."""
        return f"{self.sheet.ref('$' + letter, self.first)}:${letter}{self.last}"


def investment_columns(budget: Budget) -> list[Column]:
    """Return the columns of the investment budget."""
    heads = [Column(_("Asset class"), 40), Column(_("Useful life, years"), 18, Form.COUNT)]
    note = Column(pgettext("of a line", "Note"), 50, Form.WRAPPED)
    return [*heads, *year_columns(budget), Column(_("Source"), 16), note]


def planned_columns() -> list[Column]:
    """Return the columns of the planned loans."""
    return [
        Column(_("Purpose"), 32),
        Column(_("Asset class"), 30),
        Column(_("Year"), 10, Form.YEAR),
        Column(_("Amount, SEK"), 12, Form.AMOUNT),
        Column(_("Repayment"), 20),
        Column(_("Source"), 16),
        Column(pgettext("of a line", "Note"), 50, Form.WRAPPED),
    ]


def loan_columns(contents: Contents) -> list[Column]:
    """Return the columns of the loan forecast."""
    years = contents.loan_years
    amounts = [Column(str(year), 16, Form.AMOUNT) for year in years]
    return [Column(_("31 December, SEK"), 40), *(amounts or [Column("", 16)])]


def write_investments(sheet: Sheet, contents: Contents) -> Place:
    """Write the investment budget, and finance leases as a table of their own; return where the first is summed."""
    financed = [row for row in contents.investments if row.financing == Investment.Financing.LOAN]
    leased = [row for row in contents.investments if row.financing != Investment.Financing.LOAN]
    sheet.start_table()
    total = _add_investments(sheet, financed, _("Total investments financed by loans"))
    if leased:
        sheet.start_table(title=_("Finance leases"))
        _add_investments(sheet, leased, _("Total finance leases"))
    _add_items(sheet, contents)
    if any(row.unknown_years for row in contents.investments):
        sheet.note(_("The sums lack the amounts that are not yet known."))
    return Place(sheet, total, total)


def _add_investments(sheet: Sheet, rows: Sequence[Investment], label: str) -> int:
    first = sheet.row + 1
    for row in rows:
        sheet.add([row.asset_class.name, _life_of(row), *map(_known, row.amounts), source_of(row.provenance), row.note])
    if not rows:
        sheet.add([Cell(_("No investment is planned."), Form.MUTED)])
    sums = [sum(row.amounts[place] or 0 for row in rows) for place in range(3)]
    formulas = [
        Formula(f"SUM({span(letter, first, sheet.row)})", sek(ore)) for letter, ore in zip("CDE", sums, strict=True)
    ]
    return sheet.add([label, None, *formulas], Weight.TOTAL)


def _add_items(sheet: Sheet, contents: Contents) -> None:
    """Write the purchases one by one; they are in the rows above."""
    years = contents.budget.years
    rows = [(row, item) for row in contents.investments for item in row.items.all()]
    if not rows:
        return
    sheet.start_table(title=_("Purchases, which the classes above hold"))
    for row, item in rows:
        amounts = [_known(item.amount_ore) if year == item.year else None for year in years]
        said = [row.asset_class.name, item.customer.name if item.customer else "", _say_when(item), item.note]
        name = f"{item.name} ({item.quantity} × {format_sek(item.unit_price_ore)} kr)" if item.quantity else item.name
        sheet.add([name, None, *amounts, source_of(item.provenance), ", ".join(filter(None, said))])


def _say_when(item: InvestmentItem) -> str:
    return f"{item.year}-{item.month:02}" if item.month else ""


def _life_of(about: HasLife) -> Value | Cell:
    if about.useful_life_years is not None:
        return about.useful_life_years
    if about.assumed_life_years is None:
        return _known(None)
    return Cell(_("%(years)s, assumed") % {"years": about.assumed_life_years}, Form.WORD)


def _known(ore: int | None) -> Value:
    """Return an amount, or the word for one that nobody knows, which sums pass over."""
    return _("not known") if ore is None else sek(ore)


def write_loans(sheet: Sheet, invested: Place, planned: Place, repaid: Sequence[Value], contents: Contents) -> None:
    """The loan forecast against the framework with what is repaid each year, and investments against borrowing."""
    _write_forecast(sheet, repaid, contents)
    _write_borrowing(sheet, invested, planned, contents)
    _write_frameworks(sheet, contents.frameworks)


def _write_forecast(sheet: Sheet, repaid: Sequence[Value], contents: Contents) -> None:
    figures = contents.loan_forecast
    years = sorted(figures.get("closing_debt", {}))
    sheet.start_table()
    if not years:
        sheet.add([Cell(_("There is no loan forecast"), Form.MUTED)])
        return
    first = sheet.row + 1
    closing = first + len(DEBT)
    letters = [chr(ord("B") + place) for place in range(len(years))]
    _write_debt(sheet, figures, dict(zip(letters, years, strict=True)), closing, repaid)
    debts = [
        Formula(f"ROUND(SUM({span(letter, first, closing - 1)}),2)", sek(figures["closing_debt"][year]))
        for letter, year in zip(letters, years, strict=True)
    ]
    sheet.add([_("Closing debt"), *debts], Weight.SUM)
    frameworks, headrooms = figures.get("borrowing_framework", {}), figures.get("headroom", {})
    sheet.add([_("Framework in force"), *(_known(frameworks.get(year)) for year in years)])
    room = [_headroom(letter, closing, headrooms.get(year)) for letter, year in zip(letters, years, strict=True)]
    sheet.add([_("Headroom"), *room], Weight.TOTAL)
    stored = contents.sources[Forecast.Kind.LOAN]
    sheet.add([_("Weakest source"), *(source_of(stored.source_of("closing_debt", year)) for year in years)])


def _write_debt(sheet: Sheet, figures: Figures, columns: dict[str, int], closing: int, repaid: Sequence[Value]) -> None:
    """The rows that the closing debt sums; each year opens with the debt, in row `closing`, of the one before."""
    labels = _("Opening debt"), _("Borrowing for investments"), _("Borrowing for use of equity"), _("Amortisation")
    letters, years = list(columns), list(columns.values())
    for code, label in zip(DEBT, labels, strict=True):
        values = [_known(figures[code].get(year)) for year in years]
        if code == "opening_debt":
            opened = zip(letters, years[1:], strict=False)
            later = [Formula(f"{letter}{closing}", sek(figures[code].get(year))) for letter, year in opened]
            values = [values[0], *later]
        elif code == "amortisation":
            values = [
                own if figures[code].get(year) is not None else _known(None)
                for own, year in zip(repaid, years, strict=True)
            ]
        sheet.add([label, *values])


def _headroom(letter: str, closing: int, ore: int | None) -> Value:
    return _known(None) if ore is None else Formula(f"ROUND({letter}{closing + 1}-{letter}{closing},2)", sek(ore))


def write_planned(sheet: Sheet, contents: Contents) -> Place:
    """Write the planned loans; return their rows."""
    sheet.start_table()
    first = sheet.row + 1
    for loan in contents.loans:
        about = loan.asset_class.name if loan.asset_class else None
        repaid = _repayment(loan, is_missing=loan in contents.without_plan)
        source = source_of(trace_whole_loan(loan))
        sheet.add(
            [loan.get_purpose_display(), about, loan.year, sek(loan.principal_ore), repaid, source, loan.note or None]
        )
    if not contents.loans:
        sheet.add([Cell(_("No loan is planned."), Form.MUTED)])
    return Place(sheet, first, sheet.row)


def _repayment(loan: PlannedLoan, *, is_missing: bool) -> Value | Cell:
    """Return how a planned loan is repaid, in words."""
    if is_missing:
        return Cell(_("No plan"), Form.MARK)
    if loan.repayments.all():
        return _("own plan")
    years = loan_life(loan) or 0
    text = ngettext("%(count)s year", "%(count)s years", years) % {"count": years}
    if loan.plan != PlannedLoan.Plan.EQUAL:
        text = f"{text}, {loan.get_plan_display()}"
    return Cell(_("%(years)s, assumed") % {"years": text}, Form.MARK) if is_life_assumed(loan) else text


def _write_borrowing(sheet: Sheet, invested: Place, planned: Place, contents: Contents) -> None:
    sheet.start_table(
        [
            Column(_("Year"), 40, Form.YEAR),
            Column(_("Investments, SEK"), 20, Form.AMOUNT),
            Column(_("Borrowing, SEK"), 15, Form.AMOUNT),
            Column(_("Difference"), 15, Form.CHANGE),
            Column("", 15),
        ],
        title=_("Investments against borrowing"),
    )
    purpose = PlannedLoan.Purpose.INVESTMENTS.label
    for place, row in enumerate(contents.borrowing):
        number = sheet.row + 1
        criteria = f'{planned.span("A")},"{purpose}",{planned.span("C")},A{number}'
        sheet.add(
            [
                row.year,
                Formula(invested.sheet.ref("CDE"[place], invested.last), sek(row.investments)),
                Formula(f"SUMIFS({planned.span('D')},{criteria}){_beside(row, contents)}", sek(row.borrowing)),
                Formula(f"ROUND(C{number}-B{number},2)", sek(row.difference)),
                Cell(_("without what is not known"), Form.MARK) if row.unknown else None,
            ]
        )


def _beside(row: Borrowing, contents: Contents) -> str:
    """Return what has been raised beside the plan as the end of a formula; empty where nothing is."""
    own = (row.year, PlannedLoan.Purpose.INVESTMENTS)
    more = row.borrowing - sum(loan.principal_ore for loan in contents.loans if (loan.year, loan.purpose) == own)
    return f"+{sek(more)}" if more > 0 else ""


def _write_frameworks(sheet: Sheet, states: Sequence[FrameworkState]) -> None:
    sheet.start_table(
        [
            Column(_("Framework"), 40),
            Column(_("Amount, SEK"), 20, Form.AMOUNT),
            Column(_("In force from"), 15, Form.DATE),
            Column(_("Councils awaited"), 15, Form.COUNT),
            Column(_("Source"), 15),
        ],
        title=_("Borrowing frameworks"),
    )
    for state in states:
        label = _("decided by every council") if state.in_force_on else _("proposed, not in force")
        source = source_of(state.framework.provenance)
        sheet.add([label, sek(state.framework.amount_ore), state.in_force_on, len(state.missing), source])
    if not states:
        sheet.add([Cell(_("No framework is entered."), Form.MUTED)])
