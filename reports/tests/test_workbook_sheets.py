"""The workbook's further sheets: contents with links, all lines, what members pay, repayments; and a sub-budget's own."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.utils.translation import override
from openpyxl import load_workbook

from budgets.models import COST_KINDS, CostLine
from budgets.selectors.shares import load_customer_totals
from engine.result import INCOMES
from forecasts.models import Forecast
from forecasts.selectors import load_amounts
from objects.models import Customer
from records.models import Job, StoredFile
from reports.tasks import make_workbook as task
from reports.tests.test_workbook import in_ore, rows_of
from reports.workbook.making import HEAD_ROW, make_workbook
from tests.cast import client_of, get_budget, get_page, get_user
from web.workbook import CONTENT_TYPE

pytestmark = pytest.mark.django_db

OWN = "/budgets/budget-2027/sub-budgets/socialtjanst/export/workbook/"


@pytest.fixture(scope="module")
def content(django_db_setup: None, django_db_blocker: Any) -> bytes:
    """The workbook of the draft, made once."""
    with django_db_blocker.unblock(), override("en"):
        return make_workbook(get_budget(), get_user("ekonom"))


def open_book(content: bytes, *, values: bool = True) -> Any:
    return load_workbook(BytesIO(content), data_only=values)


def test_contents_lead_to_every_sheet_and_back(content: bytes) -> None:
    book = open_book(content, values=False)
    first, *others = book
    names = [first.cell(HEAD_ROW + 1 + place, 1) for place in range(len(others))]
    quoted = [sheet.title.replace("'", "''") for sheet in others]
    assert [cell.hyperlink.location for cell in names] == [f"'{name}'!A1" for name in quoted]
    assert {sheet["A4"].hyperlink.location for sheet in others} == {"'Contents'!A1"}


def test_all_lines_are_one_table_that_adds_up_to_the_overview(content: bytes) -> None:
    book = open_book(content)
    sheet, overview = book["All lines"], book["Overview"]
    rows = list(sheet.iter_rows(min_row=HEAD_ROW + 1, values_only=True))
    lines = CostLine.objects.filter(budget__slug="budget-2027")
    assert len([row for row in rows if row[3]]) == lines.count()
    total = rows_of(overview)["Total sub-budgets"]
    with override("en"):
        earned = {str(label) for kind, label in COST_KINDS if kind in INCOMES}
    assert earned & {row[3] for row in rows}
    for place, column in zip((7, 8, 9), (5, 6, 7), strict=True):
        # Cost and its reductions add up to it; income has a kind of its own, by which it is filtered out.
        counted = [row for row in rows if row[3] not in earned]
        assert sum(in_ore(row[place - 1] or 0) for row in counted) == in_ore(overview.cell(total, column).value)
    headings = [cell.value for cell in sheet[HEAD_ROW]]
    assert len(set(headings)) == len(headings) and None not in headings
    formulas = open_book(content, values=False)["All lines"]
    assert all(formulas.cell(row, 9).value.startswith("='") for row in range(HEAD_ROW + 1, HEAD_ROW + 11))


def test_members_cost_is_what_the_system_says_each_customer_pays(content: bytes) -> None:
    sheet = open_book(content)["Members' cost"]
    totals = load_customer_totals(get_budget())
    rows = rows_of(sheet)
    for customer in Customer.objects.filter(pk__in=totals):
        assert tuple(in_ore(sheet.cell(rows[customer.name], place).value) for place in (2, 3, 4)) == totals[customer.pk]
    check = next(row for label, row in rows.items() if label.startswith("Check"))
    assert [sheet.cell(check, place).value for place in (2, 3, 4)] == [0, 0, 0]


def test_repayments_are_formulas_that_the_loan_forecast_sums(content: bytes) -> None:
    book, formulas = open_book(content), open_book(content, values=False)
    amortisation = load_amounts(get_budget(), Forecast.Kind.LOAN)["amortisation"]
    sheet = book["Repayments"]
    row, years = rows_of(sheet)["Repaid"], sorted(amortisation)
    assert [-in_ore(sheet.cell(row, 6 + place).value) for place in range(len(years))] == [
        amortisation[y] for y in years
    ]
    texts = [str(cell.value) for line in formulas["Repayments"].iter_rows() for cell in line if cell.data_type == "f"]
    assert any("ROUND($C" in text for text in texts)
    loans = formulas["Loans and framework"]
    assert loans.cell(rows_of(loans)["Amortisation"], 2).value.startswith("=-'Repayments'!")


def test_officer_finds_only_the_own_municipality_in_the_workbook() -> None:
    with override("en"):
        book = open_book(make_workbook(get_budget("budget-2026"), get_user("vimmerby")))
    names = {row[0] for row in book["Members' shares"].iter_rows(min_row=HEAD_ROW + 1, values_only=True)}
    assert names == {"Vimmerby kommun"}
    assert not any(label.startswith("Check") for label in rows_of(book["Members' cost"]))


def test_sub_budget_has_a_workbook_of_its_own_that_its_page_leads_to() -> None:
    assert OWN in get_page("objektagare", OWN.removesuffix("export/workbook/")).content.decode()
    response = get_page("objektagare", OWN)
    assert (response["Content-Type"], response["Content-Disposition"]) == (
        CONTENT_TYPE, 'attachment; filename="budget-2027-socialtjanst.xlsx"',
    )  # fmt: skip
    book = open_book(response.content)
    assert book.sheetnames == ["Contents", "Social services", "All lines", "Members' cost", "Members' shares"]
    places = {row[0] for row in book["All lines"].iter_rows(min_row=HEAD_ROW + 1, values_only=True)}
    assert places == {"Social services"}


@pytest.mark.parametrize(
    ("name", "status"), [("vimmerby", 404), ("utan.roll", 404), ("revisor", 200), ("direktion", 200)]
)
def test_sub_budgets_workbook_is_for_those_who_see_its_page(name: str, status: int) -> None:
    page = client_of(name).get(OWN.removesuffix("export/workbook/"))
    assert (page.status_code, client_of(name).get(OWN).status_code) == (status, status)


def test_large_sub_budget_is_made_by_a_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.workbook.view.LINES_AT_ONCE", 3)
    client = client_of("objektagare")
    assert f'action="{OWN}"' in client.get(OWN).content.decode()
    client.post(OWN)
    job = Job.objects.get()
    task(str(job.uuid))
    job.refresh_from_db()
    assert job.status == Job.Status.DONE
    assert StoredFile.objects.get(uuid=job.result["file"]).name == "budget-2027-socialtjanst.xlsx"


def test_swedish_sheets_have_no_english_above_them() -> None:
    with override("sv"):
        book = open_book(make_workbook(get_budget(), get_user("ekonom")))
    for sheet in book:
        assert sheet["A3"].value.endswith("Belopp i kronor."), sheet.title
