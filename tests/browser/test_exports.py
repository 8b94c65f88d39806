"""Files from pages: the workbook of a budget, and lists as Excel and CSV, downloaded as people do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from openpyxl import load_workbook
from playwright.sync_api import Page

from tests.browser.conftest import RunCode, SignIn
from tests.site import Site

pytestmark = pytest.mark.slow

BUDGET = "/budgets/budget-2027/"
MORE_LINES = """
from budgets.models import BudgetProduct, CostLine
product = BudgetProduct.objects.filter(budget__slug="budget-2027").earliest("pk")
line = {"budget": product.budget, "budget_product": product, "cost_kind": "direct_cost"}
CostLine.objects.bulk_create(CostLine(text=f"Rad {n}", **line) for n in range(2_001))
"""
PHONE = {"width": 390, "height": 844}


def download(page: Page, link: str, folder: Path) -> Path:
    """Clicks a link of the page's head by its first word and returns the file."""
    with page.expect_download() as waiting:
        page.locator(".page-head .actions a", has_text=link).first.click()
    file = folder / waiting.value.suggested_filename
    waiting.value.save_as(file)
    return file


@pytest.mark.parametrize(
    ("path", "name", "sheet", "place"),
    [
        ("", "budget-2027.xlsx", "Grundanslag", 4),
        ("loans/", "budget-2027.xlsx", "Grundanslag", 4),
        ("sub-budgets/klient/", "budget-2027-klient.xlsx", "Klient", 1),
    ],
)
def test_workbook_is_downloaded_from_the_budgets_pages(
    site: Site, sign_in: SignIn, tmp_path: Path, path: str, name: str, sheet: str, place: int
) -> None:
    page = sign_in("ekonom")
    page.goto(site.url + BUDGET + path)
    file = download(page, "Excel", tmp_path)
    assert file.name == name
    assert load_workbook(file, read_only=True).sheetnames.index(sheet) == place


def test_published_figures_are_downloaded_in_english(site: Site, sign_in: SignIn, tmp_path: Path) -> None:
    page = sign_in("direktion", language="en")
    page.goto(f"{site.url}/budgets/budget-2025/")
    assert load_workbook(download(page, "Excel", tmp_path)).sheetnames[0] == "Sub-budgets"


def test_filtered_list_is_downloaded_as_excel_and_csv(site: Site, sign_in: SignIn, tmp_path: Path) -> None:
    page = sign_in("objektagare")
    page.goto(f"{site.url}{BUDGET}lines/?cost_kind=interest")
    book = load_workbook(download(page, "Excel", tmp_path)).worksheets[0]
    rows = download(page, "CSV", tmp_path).read_text(encoding="utf-8-sig").splitlines()
    assert len(rows) == book.max_row - 6  # the head, and the row of totals
    assert rows[0].startswith("Rad;Produkt;Delbudget;Kostnadsslag;2027, ")


@pytest.mark.parametrize("options", [{}, {"viewport": PHONE}], ids=["desktop", "phone"])
def test_lists_with_their_links_are_without_fault(site: Site, sign_in: SignIn, options: dict[str, Any]) -> None:
    page = sign_in("ekonom", **options)
    page.goto(f"{site.url}{BUDGET}lines/")
    assert page.locator(".page-head .actions a[href*='export=']").count() == 2
    assert Axe().run(page).response["violations"] == []
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")


def test_large_budget_is_made_in_the_background_and_fetched_from_its_job(
    site: Site, sign_in: SignIn, run_code: RunCode, tmp_path: Path
) -> None:
    run_code(MORE_LINES)
    page = sign_in("ekonom")
    page.goto(site.url + BUDGET)
    page.locator(".page-head .actions a", has_text="Excel").click()
    assert Axe().run(page).response["violations"] == []
    page.locator("main form.actions button[type=submit]").click()
    page.wait_for_url("**/jobs/*/")
    link = page.locator("main a[href*='/files/']")
    link.wait_for(timeout=60_000)
    with page.expect_download() as waiting:
        link.click()
    waiting.value.save_as(tmp_path / "large.xlsx")
    assert load_workbook(tmp_path / "large.xlsx")["Grundanslag"].max_row > 2_000
