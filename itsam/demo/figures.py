"""The published figures of the demo, as rows ready to store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from itsam.demo.reader import UNKNOWN, Reader, Row

SUB_BUDGET_COLUMNS = ("budget_2025", "budget_2026", "forecast_2027", "forecast_2028")
RESULT_COLUMNS = ("forecast_2024", "budget_2025", "budget_2026", "plan_2027", "plan_2028")
THREE = ("forecast_2024", "budget_2025", "budget_2026")
INVESTMENT_COLUMNS = ("forecast_2024", "budget_2025", "budget_2026", "forecast_2027", "forecast_2028")
ACCOUNTS_COLUMNS = ("actual_2025", "actual_2024", "budget_2025")
# A document's forecast of a year after its budget year is its plan for it.
FIRST_PLAN_YEAR = 2027


@dataclass(frozen=True)
class PrintedFigure:
    """One printed figure; tkr is None where an x is printed."""

    table: str
    row: str
    label: str
    column: str
    edition: str
    tkr: int | None
    note: str


def read_edition(column: str) -> str:
    """budget_2025 is budget:2025; forecast_2027 and plan_2027 are the same plan:2027."""
    kind, year = column.rsplit("_", 1)
    return f"plan:{year}" if kind == "forecast" and int(year) >= FIRST_PLAN_YEAR else f"{kind}:{year}"


def read_figures(reader: Reader) -> list[PrintedFigure]:
    """Return every published table."""
    figures = [
        *_read_sub_budgets(reader),
        *_read_table(reader, "result_budget.csv", "result_budget", "line", RESULT_COLUMNS),
        *_read_table(reader, "revenue_by_category.csv", "revenue_by_category", "category", THREE),
        *_read_table(reader, "influenceable_costs.csv", "influenceable_costs", "cost_pool", THREE),
        *_read_table(reader, "personnel_costs.csv", "personnel_costs", "line", THREE),
        *_read_investments(reader),
        *_read_loans(reader),
        *_read_table(reader, "annual_accounts_2025.csv", "annual_accounts", "line", ACCOUNTS_COLUMNS),
    ]
    counted = Counter((figure.table, figure.row, figure.column, figure.edition) for figure in figures)
    for (table, row, column, _edition), count in counted.items():
        if count > 1:
            place = {"table": table, "row": row, "column": column}
            reader.problems.append(_("%(table)s, row “%(row)s”, column %(column)s occurs twice.") % place)
    return figures


def _figures(row: Row, table: str, name: str, columns: tuple[str, ...]) -> Iterator[PrintedFigure]:
    label = row.text("name_sv", required=False) or name
    for column in columns:
        tkr = row.whole(column)
        if tkr is not None or row.cells[column] == UNKNOWN:
            yield PrintedFigure(
                table, name, label, column, read_edition(column), tkr, row.text("note", required=False, longest=240)
            )


def _read_table(reader: Reader, file: str, table: str, name: str, columns: tuple[str, ...]) -> Iterator[PrintedFigure]:
    for row in reader.rows(file, name, *columns):
        yield from _figures(row, table, row.text(name), columns)


def _read_sub_budgets(reader: Reader) -> Iterator[PrintedFigure]:
    for row in reader.rows("published_sub_budgets.csv", "sub_budget", "line", *SUB_BUDGET_COLUMNS):
        yield from _figures(row, f"sub_budget/{row.text('sub_budget')}", row.text("line"), SUB_BUDGET_COLUMNS)


def _read_investments(reader: Reader) -> Iterator[PrintedFigure]:
    for row in reader.rows("investments.csv", "asset_class", "financing", *INVESTMENT_COLUMNS):
        table = "investments" if row.text("financing") == "loan" else "finance_leases"
        yield from _figures(row, table, row.text("asset_class"), INVESTMENT_COLUMNS)


def _read_loans(reader: Reader) -> Iterator[PrintedFigure]:
    """Rows such as amortisation_2025 and closing_debt_2026-12-31; the opening debt is that of the year after."""
    for row in reader.rows("loan_forecast_2026.csv", "line", "name_sv", "tkr"):
        name, _underscore, when = row.text("line").rpartition("_")
        if not when[:4].isdigit():
            name, when = row.text("line"), "2026"
        year = int(when[:4]) + (1 if name == "opening_debt" else 0)
        yield PrintedFigure(
            "loan_forecast", name, row.text("name_sv"), when, f"budget:{year}", row.required_whole("tkr"), ""
        )
