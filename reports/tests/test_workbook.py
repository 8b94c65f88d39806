"""The workbook of a budget: its formulas, calculated by another program, give the system's figures to the öre."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from openpyxl import load_workbook

from accounts.models import User
from budgets.models import Budget, BudgetProduct, CostLine, SubBudget
from budgets.selectors.sheets import load_sheet
from budgets.selectors.sub_budgets import list_sub_budgets
from budgets.selectors.totals import load_totals_by_category
from forecasts.models import Forecast
from forecasts.selectors import load_amounts
from forecasts.selectors.stored import load_result
from forecasts.services.roll_up import roll_up_budget
from records.models import Job, StoredFile
from records.services.files import path_of
from reports.tasks import make_workbook as task
from reports.workbook import making as workbook
from reports.workbook.making import make_workbook
from reports.workbook.selectors import load_parts
from tests.cast import client_of, get_budget, get_user
from web.names import name_of
from web.workbook import CONTENT_TYPE

pytestmark = pytest.mark.django_db

ADDRESS = "/budgets/budget-2027/export/workbook/"
# LibreOffice keeps the values it finds in files unless told to calculate them anew.
CALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item></oor:items>"""
Calculate = Callable[[bytes], Any]


@pytest.fixture
def economist() -> User:
    return get_user("ekonom")


@pytest.fixture
def draft() -> Budget:
    return get_budget()


@pytest.fixture(scope="module")
def calculate(tmp_path_factory: pytest.TempPathFactory) -> Calculate:
    """Opens a workbook in LibreOffice, which calculates every formula, and returns what it stored."""
    program = shutil.which("soffice")
    if program is None:
        message = "LibreOffice was not found; install the package libreoffice-calc to have workbooks calculated."
        if os.environ.get("ITSAM_REQUIRE_LIBREOFFICE") == "1":
            pytest.fail(message)
        pytest.skip(message)
    folder = tmp_path_factory.mktemp("libreoffice")
    profile = folder / "profile" / "user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(CALCULATE, encoding="utf-8")
    return lambda content: _calculate(program, folder, content)


def _calculate(program: str, folder: Path, content: bytes) -> Any:
    file, out = folder / "book.xlsx", folder / "calculated"
    file.write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    convert = ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out)]
    command = [program, profile, "--headless", *convert, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (out / "book.xlsx").exists(), f"LibreOffice could not read the workbook:\n{done.stdout}\n{done.stderr}"
    found = load_workbook(out / "book.xlsx", data_only=True)
    (out / "book.xlsx").unlink()
    return found


def read(content: bytes, *, values: bool = False) -> Any:
    return load_workbook(BytesIO(content), data_only=values)


def formulas(book: Any) -> Iterator[Any]:
    for sheet in book:
        for row in sheet.iter_rows():
            yield from (cell for cell in row if cell.data_type == "f")


def rows_of(sheet: Any, column: str = "A") -> dict[str, int]:
    """The last row of each text in a column."""
    return {str(cell.value): cell.row for cell in sheet[column] if cell.value is not None}


def in_ore(value: Any) -> int:
    ore: int = round(value * 100)
    return ore


def find_differences(content: bytes, calculated: Any) -> list[str]:
    """The formulas whose calculated value is not the one the system wrote, to the öre."""
    stored, found = read(content, values=True), []
    for cell in formulas(read(content)):
        told, counted = (book[cell.parent.title][cell.coordinate].value for book in (stored, calculated))
        if (told or 0) != pytest.approx(counted or 0, abs=0.004):
            found.append(f"{cell.parent.title} {cell.coordinate} {cell.value}: {told} is calculated as {counted}")
    return found


def add_lines(budget: Budget, texts: list[str], **amounts: int) -> BudgetProduct:
    product: BudgetProduct = BudgetProduct.objects.filter(budget=budget, sub_budget__slug="klient").earliest("pk")
    CostLine.objects.bulk_create(
        CostLine(budget=budget, budget_product=product, text=text, cost_kind="direct_cost", **amounts) for text in texts
    )
    return product


@pytest.mark.parametrize("slug", ["budget-2026", "budget-2027"])
def test_calculated_totals_are_the_systems_to_the_ore(slug: str, economist: User, calculate: Calculate) -> None:
    budget = get_budget(slug)
    with override("en"):
        content = make_workbook(budget, economist)
    found = calculate(content)
    assert find_differences(content, found) == []
    result, rows = found["Result"], rows_of(found["Result"])
    for label, code in (("Operating revenue", "operating_revenue"), ("Net result", "net_result")):
        cells = [result.cell(rows[label], place).value for place in (2, 3, 4)]
        assert tuple(map(in_ore, cells)) == load_result(budget)[code]
    overview = found["Overview"]
    total = [overview.cell(rows_of(overview)["Total sub-budgets"], place).value for place in (5, 6, 7)]
    assert tuple(map(in_ore, total)) == load_result(budget)["operating_revenue"]
    loans, forecast = found["Loans and framework"], load_amounts(budget, Forecast.Kind.LOAN)
    for label, code in (("Closing debt", "closing_debt"), ("Headroom", "headroom")):
        row = rows_of(loans)[label]
        places = range(2, 2 + len(forecast[code]))
        found_years = {int(loans.cell(5, place).value): in_ore(loans.cell(row, place).value) for place in places}
        assert found_years == forecast[code]
    revenue, categories = found["Revenue by category"], load_totals_by_category(budget)
    assert in_ore(revenue.cell(rows_of(revenue)["Base grant"], 3).value) == categories["base_grant"][0]


def test_changed_line_moves_every_total_above_it(draft: Budget, economist: User, calculate: Calculate) -> None:
    with override("en"):
        content = make_workbook(draft, economist)
    book = read(content)
    before = read(content, values=True)
    part = book[SubBudget.objects.get(budget=draft, slug="klient").name_en]
    line = next(cell for cell in part["C"] if cell.row > 5 and cell.value == "Direct cost")
    sheet = line.parent
    sheet.cell(line.row, 6).value += 1_000.25
    changed = BytesIO()
    book.save(changed)
    after = calculate(changed.getvalue())
    for name, label, place, moved in (
        ("Overview", "Total sub-budgets", 5, 1_000.25),
        ("Result", "Operating revenue", 2, 1_000.25),
        ("Result", "Operating costs", 2, -1_000.25),
        ("Result", "Net result", 2, 0),
        ("Revenue by category", "Operating revenue", 3, 1_000.25),
    ):
        row = rows_of(before[name])[label]
        difference = after[name].cell(row, place).value - before[name].cell(row, place).value
        assert difference == pytest.approx(moved, abs=0.004), (name, label)


def test_sheets_show_what_the_pages_show(draft: Budget, economist: User) -> None:
    for budget in (draft, get_budget("budget-2026")):
        for part in load_parts(budget, economist, budget.based_on):
            page = load_sheet(part.sub_budget, economist)
            assert (part.sheet.amounts, part.sheet.earlier) == (page.amounts, page.earlier)
            assert part.sheet.products == page.products


def test_totals_are_formulas_and_never_numbers(draft: Budget, economist: User) -> None:
    with override("en"):
        book = read(make_workbook(draft, economist))
    sheet = book["Overview"]
    total = rows_of(sheet)["Total sub-budgets"]
    assert all(sheet.cell(total, place).data_type == "f" for place in range(4, 11))
    part = book[book.sheetnames[5]]
    product = next(row for row in range(6, part.max_row) if part.cell(row, 6).data_type == "f")
    assert part.cell(product, 6).value.startswith(f"=SUM(F{product + 1}:F")
    assert part.cell(product, 10).value == f"=ROUND(F{product}-I{product},2)"
    assert part.row_dimensions[product + 1].outlineLevel == 1


def test_every_sheet_says_which_budget_in_the_readers_language(draft: Budget, economist: User) -> None:
    for language, kind in (("sv", "Budget 2027, ursprunglig, utkast"), ("en", "Budget 2027, original, draft")):
        with override(language):
            book = read(make_workbook(draft, economist))
        for sheet in book:
            assert sheet["A2"].value == kind
            assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d", sheet["A3"].value)
            assert sheet.print_title_rows == "$5:$5"
            assert sheet.freeze_panes in ("B6", "C6")


def test_unknown_and_assumed_figures_are_marked_with_words(economist: User) -> None:
    with override("en"):
        book = read(make_workbook(get_budget(), economist))
    words = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.font and cell.font.i}
    assert {"not known", "assumed", "No plan"} <= words


def test_texts_are_never_formulas(draft: Budget, economist: User, calculate: Calculate) -> None:
    texts = ['=cmd|"/c calc"!A1', "+1", "-1", "@x", 'Rad "med" citat', "två\nrader", "'x'"]
    add_lines(draft, texts, amount_1_ore=1)
    roll_up_budget(draft)
    SubBudget.objects.filter(budget=draft, slug="klient").update(name_sv="=Klient[1]: drift/nät?", name_en="=K")
    content = make_workbook(draft, economist)
    book = read(content)
    sheet = book["=Klient 1 drift nät"]
    found = {cell.value: cell.data_type for cell in sheet["B"]}
    assert {text: found.get(text) for text in texts} == dict.fromkeys(texts, "s")
    assert find_differences(content, calculate(content)) == []


def test_five_hundred_lines_large_amounts_and_long_names(draft: Budget, economist: User, calculate: Calculate) -> None:
    add_lines(draft, [f"Rad {n}" for n in range(500)], amount_1_ore=1, amount_2_ore=-33)
    # A spreadsheet's number has 15 digits, so a thousand billion kronor is the most it adds up to the öre.
    add_lines(draft, ["störst"], amount_1_ore=10**14, amount_2_ore=-(10**14), amount_3_ore=10**14 - 1)
    long = "Förvaltningsobjekt för äldreomsorg, hemtjänst och funktionsstöd"
    for place, part in enumerate(draft.sub_budgets.order_by("position")):
        SubBudget.objects.filter(pk=part.pk).update(name_sv=f"{long} {place}")
    roll_up_budget(draft)
    content = make_workbook(draft, economist)
    book = read(content)
    assert len({name.casefold() for name in book.sheetnames}) == len(book.sheetnames)
    assert max(map(len, book.sheetnames)) <= 31
    with CaptureQueriesContext(connection) as queries:
        make_workbook(draft, economist)
    assert len(queries) <= 30
    found = calculate(content)
    assert find_differences(content, found) == []
    overview = found["Overview"] if "Overview" in found.sheetnames else found[found.sheetnames[1]]
    row = max(row for row in range(6, overview.max_row + 1) if overview.cell(row, 5).value is not None)
    assert in_ore(overview.cell(row, 5).value) == load_result(draft)["operating_revenue"][0]


def test_budget_without_lines_and_one_without_sub_budgets(economist: User, calculate: Calculate) -> None:
    empty = Budget.objects.create(slug="tom", name="Tom", fiscal_year=2040)
    SubBudget.objects.create(budget=empty, slug="a", name_sv="Utan produkter", name_en="Without products")
    content = make_workbook(empty, economist)
    assert find_differences(content, calculate(content)) == []
    bare = Budget.objects.create(slug="bar", name="Bar", fiscal_year=2041)
    content = make_workbook(bare, economist)
    assert find_differences(content, calculate(content)) == []


def test_published_figures_are_written_as_printed(economist: User) -> None:
    with override("en"):
        book = read(make_workbook(get_budget("budget-2025"), economist))
    assert book.sheetnames == ["Sub-budgets", "Result", "Revenue by category"]
    sheet = book["Result"]
    assert not list(formulas(book))
    assert sheet.cell(rows_of(sheet)["Net result"], 2).value == -4_000_000
    assert {cell.value for cell in sheet["C"][5:] if cell.value} == {"published"}


# Pages


def test_small_budget_is_downloaded_at_once() -> None:
    response = client_of("ekonom").get(ADDRESS)
    assert (response.status_code, response["Content-Type"]) == (200, CONTENT_TYPE)
    assert response["Content-Disposition"] == 'attachment; filename="budget-2027.xlsx"'
    assert read(response.content).sheetnames


@pytest.mark.parametrize(("name", "slug", "status"), [
    ("vimmerby", "budget-2027", 404), ("vimmerby", "budget-2026", 200), ("utan.roll", "budget-2026", 404),
    ("ekonom", "finns-inte", 404),
])  # fmt: skip
def test_only_those_who_see_the_budget_get_its_workbook(name: str, slug: str, status: int) -> None:
    assert client_of(name).get(f"/budgets/{slug}/export/workbook/").status_code == status
    if status == 404:
        assert client_of(name).post(f"/budgets/{slug}/export/workbook/").status_code == 404
        assert not Job.objects.exists()


def test_large_budget_is_made_by_a_job(monkeypatch: pytest.MonkeyPatch, economist: User) -> None:
    monkeypatch.setattr("reports.workbook.view.LINES_AT_ONCE", 10)
    client = client_of("ekonom")
    page = client.get(ADDRESS)
    assert "text/html" in page["Content-Type"]
    response = client.post(ADDRESS, headers={"accept-language": "en"})
    job = Job.objects.get()
    assert response["Location"].endswith(f"/{job.uuid}/")
    assert (job.task, job.arguments["budget"]) == ("reports.make_workbook", "budget-2027")
    task(str(job.uuid))
    job.refresh_from_db()
    assert (job.status, job.progress) == (Job.Status.DONE, 100)
    file = StoredFile.objects.get(uuid=job.result["file"])
    assert (file.name, file.started_by, file.about) == ("budget-2027.xlsx", economist, job.uuid)
    assert read(path_of(file.path).read_bytes()).sheetnames


def test_job_for_a_budget_that_may_not_be_seen_any_more_says_so(economist: User, draft: Budget) -> None:
    workbook.start_workbook(draft, economist, language="en")
    economist.role_assignments.all().delete()
    job = Job.objects.get()
    task(str(job.uuid))
    job.refresh_from_db()
    assert job.status == Job.Status.FAILED
    assert "may no longer see it" in job.message
    assert not StoredFile.objects.exists()


def test_sub_budgets_have_sheets_in_their_order(draft: Budget, economist: User) -> None:
    names = [name_of(row) for row in list_sub_budgets(draft, economist)]
    sheets = read(make_workbook(draft, economist)).sheetnames[4:]
    for name, sheet in zip(names, sheets, strict=False):
        assert name.replace("/", " ").startswith(sheet.rstrip("…"))
