"""The rows of the personnel table in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from engine.personnel import PersonnelRow
from engine.years import Amounts
from pricing.models import PoolLine
from pricing.selectors.personnel import TOTAL, TOTAL_LABOUR, PersonnelTable


def list_personnel_rows(table: PersonnelTable) -> list[tuple[str, str, Amounts]]:
    """Return each row's name, style and three years' öre, in the order of the published table."""
    names = {
        PersonnelRow.SALARY: _("Salaries"),
        PersonnelRow.HOLIDAY_PAY: _("Holiday pay"),
        PersonnelRow.EMPLOYER_CONTRIBUTIONS: _("Employer contributions"),
        PersonnelRow.PENSION: _("Pension"),
        PersonnelRow.INSURANCE: _("Insurance"),
        TOTAL: _("Personnel together"),
        PoolLine.Row.HIRED_STAFF: _("Hired staff"),
        TOTAL_LABOUR: _("Personnel incl. hired staff"),
    }
    sums = {TOTAL: "sub", TOTAL_LABOUR: "total"}
    rows = [(names.get(row, row), sums.get(row, ""), amounts) for row, amounts in table.rows.items()]
    return [*rows, (_("Other staff cost"), "", table.other_staff)]
