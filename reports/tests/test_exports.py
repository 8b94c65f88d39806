"""Lists as files: all rows of the reader's filter and order, exact amounts, nothing that becomes a formula."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape
from openpyxl import load_workbook

from budgets.models import BudgetProduct, CostLine
from records.models import Job, StoredFile
from records.services.files import path_of
from reports.lists.making import start_list
from reports.tasks import make_list
from tests.cast import client_of, get_user
from web import exports

pytestmark = pytest.mark.django_db

LINES = "/budgets/budget-2027/lines/"
SUB_BUDGETS = "/budgets/budget-2027/sub-budgets/"


@pytest.fixture
def client() -> Client:
    return client_of("ekonom")


def read_csv(client: Client, address: str) -> list[list[str]]:
    response = client.get(address)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(StringIO(response.content.decode("utf-8-sig"), newline=""), delimiter=";"))


def read_xlsx(client: Client, address: str) -> Any:
    response = client.get(address)
    assert response.status_code == 200
    return load_workbook(BytesIO(response.content)).worksheets[0]


def add_line(text: str, ore: int = 123_456) -> CostLine:
    product = BudgetProduct.objects.filter(budget__slug="budget-2027").earliest("pk")
    line: CostLine = CostLine.objects.create(
        budget=product.budget, budget_product=product, text=text, cost_kind="direct_cost", amount_1_ore=ore
    )
    return line


def test_file_holds_all_rows_and_not_only_the_page(client: Client) -> None:
    count = CostLine.objects.filter(budget__slug="budget-2027").count()
    assert count > 50
    assert len(read_csv(client, f"{LINES}?export=csv&page=2")) == 1 + count
    assert read_xlsx(client, f"{LINES}?export=xlsx").max_row == 6 + count + 1


def test_file_has_the_filter_and_order_of_the_page(client: Client) -> None:
    rows = read_csv(client, f"{LINES}?export=csv&cost_kind=interest&sort=-amount_1_ore")
    lines = CostLine.objects.filter(budget__slug="budget-2027", cost_kind="interest").order_by("-amount_1_ore")
    assert [row[4] for row in rows[1:]] == [str(line.amount_1_ore // 100) for line in lines]
    assert {row[3] for row in rows[1:]} == {"Ränta"}


def test_amounts_are_numbers_in_kronor_to_the_ore(client: Client) -> None:
    add_line("Med ören", 123_456)
    add_line("Sänker", -1)
    amounts = {row[0]: row[4] for row in read_csv(client, f"{LINES}?export=csv")}
    assert (amounts["Med ören"], amounts["Sänker"]) == ("1234,56", "-0,01")
    sheet = read_xlsx(client, f"{LINES}?export=xlsx")
    found = {row[0].value: row[4] for row in sheet.iter_rows(min_row=7)}
    assert (found["Med ören"].value, found["Med ören"].data_type) == (1234.56, "n")
    assert found["Med ören"].number_format.startswith("#,##0.00;")


def test_amounts_shown_in_tkr_are_kronor_in_the_file(client: Client) -> None:
    rows = read_csv(client, f"{SUB_BUDGETS}?export=csv")
    assert rows[0][4].startswith("2027, ")
    assert (kronor := float(rows[1][4].replace(",", "."))) > 1_000_000
    assert {row[2] for row in rows[1:]} == {"utkast"}
    assert rows[1][1] == "grundanslag"
    sheet = read_xlsx(client, f"{SUB_BUDGETS}?export=xlsx")
    assert sheet["E7"].value == pytest.approx(kronor)
    assert sheet["J7"].value == pytest.approx(float(rows[1][9].replace(",", ".")) / 100)


@pytest.mark.parametrize("text", ["=1+1", "+46 8 123", "-rabatt", "@alla", '=cmd|"/c calc"!A1'])
def test_text_never_becomes_a_formula(client: Client, text: str) -> None:
    add_line(text)
    assert f"'{text}" in {row[0] for row in read_csv(client, f"{LINES}?export=csv")}
    cells = {cell.value: cell for cell in read_xlsx(client, f"{LINES}?export=xlsx")["A"]}
    assert (cells[text].data_type, cells[text].quotePrefix) == ("s", True)


def test_quotes_semicolons_and_newlines_stay_in_their_cell(client: Client) -> None:
    text = 'Rad; "två"\noch tre'
    add_line(text)
    rows = read_csv(client, f"{LINES}?export=csv")
    assert [row[0] for row in rows].count(text) == 1
    assert {len(row) for row in rows} == {8}


def test_file_is_named_after_budget_list_and_day(client: Client) -> None:
    name = client.get(f"{LINES}?export=csv")["Content-Disposition"]
    assert name.startswith('attachment; filename="budget-2027-kostnadsrader-20')
    assert name.endswith('.csv"')


def test_workbook_says_what_it_shows(client: Client) -> None:
    sheet = read_xlsx(client, f"{LINES}?export=xlsx&cost_kind=interest")
    assert (sheet["A1"].value, sheet["A2"].value) == ("Kostnadsrader", "Budget 2027")
    assert sheet.freeze_panes == "B7"
    assert sheet.auto_filter.ref == f"A6:H{sheet.max_row - 1}"
    whole = read_xlsx(client, f"{LINES}?export=xlsx")
    assert len(sheet["A3"].value) > len(whole["A3"].value)


def test_list_without_rows_has_its_headings(client: Client) -> None:
    assert len(read_csv(client, f"{LINES}?export=csv&q=hittas+inte")) == 1
    assert read_xlsx(client, f"{LINES}?export=xlsx&q=hittas+inte").max_row == 6


def test_unknown_format_is_refused_with_what_is_known(client: Client) -> None:
    response = client.get(f"{LINES}?export=pdf")
    assert response.status_code == 400
    assert "xlsx, csv" in response.content.decode()


def test_filter_with_an_error_shows_the_page_and_offers_no_file(client: Client) -> None:
    response = client.get(f"{LINES}?export=csv&provenance=nix")
    assert response["Content-Type"].startswith("text/html")
    assert "export=xlsx" not in response.content.decode()


def test_page_links_to_both_files_with_its_filter(client: Client) -> None:
    page = client.get(f"{LINES}?cost_kind=interest&page=1").content.decode()
    for ending in ("xlsx", "csv"):
        assert f'href="?cost_kind=interest&amp;export={ending}"' in page


def test_list_of_a_budget_that_may_not_be_seen_is_no_file() -> None:
    officer = client_of("vimmerby")
    assert officer.get(f"{LINES}?export=csv").status_code == 404
    assert Client().get(f"{LINES}?export=csv").status_code == 302


# Long lists


def test_long_list_is_made_by_a_job_and_is_what_the_page_shows(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    address = f"{LINES}?export=csv&cost_kind=interest&sort=-amount_1_ore"
    at_once = client.get(address).content
    monkeypatch.setattr(exports, "ROWS_AT_ONCE", 3)
    offer = client.get(address)
    page = offer.content.decode()
    assert offer.status_code == 200
    assert (StoredFile.objects.count(), Job.objects.count()) == (0, 0)
    assert "rader, så filen tar en stund" in page
    assert f'name="address" value="{escape(address)}"' in page
    response = client.post("/lists/file/", {"address": address, "title": "Kostnadsrader"})
    job = Job.objects.get()
    assert response["Location"].endswith(f"/{job.uuid}/")
    make_list(str(job.uuid))
    job.refresh_from_db()
    assert (job.status, job.progress, job.title) == (Job.Status.DONE, 100, "Kostnadsrader")
    file = StoredFile.objects.get(uuid=job.result["file"])
    assert path_of(file.path).read_bytes() == at_once
    assert file.name.startswith("budget-2027-") and file.name.endswith(".csv")
    assert file.started_by == job.started_by


def test_job_answers_what_its_starter_may_see_and_says_when_that_is_nothing(client: Client) -> None:
    economist = get_user("ekonom")
    start_list(f"{LINES}?export=xlsx", economist, title="Rader", language="en")
    economist.role_assignments.all().delete()
    job = Job.objects.get()
    make_list(str(job.uuid))
    job.refresh_from_db()
    assert job.status == Job.Status.FAILED
    assert job.message == "The list no longer exists, or you may no longer see it."


@pytest.mark.parametrize(
    "address", ["", "https://example.com/?export=csv", "/help/?export=csv", LINES, "/nothing/?export=csv"]
)
def test_address_that_is_no_lists_starts_no_job(client: Client, address: str) -> None:
    assert client.post("/lists/file/", {"address": address, "title": "x"}).status_code == 404
    assert not Job.objects.exists()
