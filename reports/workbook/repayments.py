"""The sheet of repayments: what each loan repays in each year of the loan forecast, by formulas of amount and life."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from investments.selectors.loans import loan_life, trace_whole_loan
from reports.workbook.lines import source_of
from web.workbook import Cell, Column, Form, Formula, Sheet, Value, Weight, sek, span

if TYPE_CHECKING:
    from forecasts.selectors.loans import Repayments
    from investments.models import PlannedLoan
    from reports.workbook.loans import Place

# Where the years begin: after the loan, its asset class, amount, year and life.
BEFORE_YEARS = 5


def repayment_columns(years: Sequence[int]) -> list[Column]:
    """Return the columns of the repayments in the years of the forecast."""
    return [
        Column(_("Loan"), 30),
        Column(_("Asset class"), 26),
        Column(_("Amount, SEK"), 14, Form.AMOUNT),
        Column(_("Raised"), 10, Form.YEAR),
        Column(_("Years of repayment"), 14, Form.COUNT),
        *(Column(_("%(year)s, SEK") % {"year": year}, 14, Form.AMOUNT) for year in years),
        Column(_("Source"), 14),
    ]


def write_repayments(sheet: Sheet, planned: Place, repayments: Repayments, years: Sequence[int]) -> list[Value]:
    """Write them, planned loans in the order of their own sheet; return what each year repays, as a negative amount."""
    first = sheet.start_table() + 1
    for place, (loan, amounts) in enumerate(repayments.planned):
        raised = repayments.raised.get(loan.pk, 0)
        _add_loan(sheet, planned, planned.first + place, loan, dict(zip(years, amounts, strict=True)), raised)
    sheet.add([_("Existing loans"), *[None] * (BEFORE_YEARS - 1), *map(sek, repayments.existing)])
    parts = [*(amounts for _loan, amounts in repayments.planned), repayments.existing]
    counted = [sum(column) for column in zip(*parts, strict=True)]
    letters = [get_column_letter(BEFORE_YEARS + 1 + place) for place in range(len(years))]
    sums = [
        Formula(f"SUM({span(letter, first, sheet.row)})", sek(ore))
        for letter, ore in zip(letters, counted, strict=True)
    ]
    row = sheet.add([_("Repaid"), *[None] * (BEFORE_YEARS - 1), *sums], Weight.TOTAL)
    # A forecast that waits to be computed may not yet have what the loans say now; then its own figure stands.
    return [
        Formula(f"-{sheet.ref(letter, row)}", sek(-ore)) if ore == stored else sek(-stored)
        for letter, ore, stored in zip(letters, counted, repayments.total, strict=True)
    ]


def _add_loan(sheet: Sheet, planned: Place, at: int, loan: PlannedLoan, amounts: dict[int, int], raised: int) -> None:
    """Add a planned loan less what has been raised of it, which is repaid with the existing ones."""
    row = sheet.row + 1
    has_own_plan = bool(loan.repayments.all())
    life = None if has_own_plan else loan_life(loan)
    term: Value | Cell = life or Cell(_("own plan") if has_own_plan else _("No plan"), Form.WORD)
    # A loan that was raised before the forecast begins is repaid with the existing ones.
    by_life = life is not None and any(amounts.values()) and loan.plan == loan.Plan.EQUAL
    amount = planned.sheet.ref("D", at) + (f"-{sek(raised)}" if raised else "")
    sheet.add(
        [
            f"{loan.year}, {loan.get_purpose_display()}",
            loan.asset_class.name if loan.asset_class else None,
            Formula(amount, sek(loan.principal_ore - raised)),
            Formula(planned.sheet.ref("C", at), loan.year),
            term,
            *(Formula(_by_life(row, year), sek(ore)) if by_life else sek(ore) for year, ore in amounts.items()),
            source_of(trace_whole_loan(loan)),
        ]
    )


def _by_life(row: int, year: int) -> str:
    """Return what is repaid in a year by the engine's rule: equal parts from the year after, the last takes the rest."""
    amount, raised, life = f"$C{row}", f"$D{row}", f"$E{row}"
    part = f"ROUND({amount}/{life},2)"
    each = f"MIN({part},MAX(0,ROUND({amount}-{part}*({year}-{raised}-1),2)))"
    rest = f"MAX(0,ROUND({amount}-{part}*({life}-1),2))"
    return f"IF({year}={raised}+{life},{rest},IF(AND({year}>{raised},{year}<{raised}+{life}),{each},0))"
