"""Imports in a real browser: an Excel file with errors corrected by hand, CSV, pasted rows, saved and undone."""

from __future__ import annotations

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from openpyxl import Workbook
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.site import Site

PHONE = {"width": 390, "height": 844}


def is_without_fault(page: Page) -> bool:
    assert Axe().run(page).response["violations"] == []
    return not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")


def write_excel(path: Path, *rows: tuple[object, ...]) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def begin(page: Page, site: Site, source: str = "SCB", period: str = "2024") -> None:
    page.goto(f"{site.url}/imports/")
    page.locator(".import-kinds a[href$='/new/inhabitants/']").click()
    page.locator("#id_source").fill(source)
    page.locator("#id_period").select_option(period)


def read_file(page: Page) -> None:
    page.locator("main form[enctype] button[type=submit]").click()
    expect(page.locator(".t-import")).to_be_visible()


def save(page: Page) -> None:
    page.locator("form[action$='/save/'] button").click()
    expect(page.locator("a[href$='/undo/']")).to_be_visible()


def test_excel_file_is_corrected_saved_and_undone(site: Site, sign_in: SignIn, tmp_path: Path) -> None:
    page = sign_in("ekonom")
    head = ("Kommun", "Antal", "Anm")
    begin(page, site)
    page.locator("#id_file").set_input_files(write_excel(tmp_path / "fel.xlsx", head, ("Ydre", "1.050"), ("Kindaa", 5)))
    read_file(page)
    assert is_without_fault(page)
    links = page.locator("#obstacles a")
    expect(links).to_have_count(2)
    links.first.click()
    expect(page.locator(":target")).to_have_text("1.050")
    expect(page.locator("form[action$='/save/'] button")).to_have_attribute("aria-disabled", "true")

    begin(page, site)
    page.locator("#id_file").set_input_files(write_excel(tmp_path / "rätt.xlsx", ("Kommun", "X"), ("Ydre", 3700)))
    page.locator("main form[enctype] button[type=submit]").click()
    page.get_by_role("combobox").nth(1).select_option("count")
    page.locator("#map + p, #map button").first.click()
    expect(page.locator("#obstacles")).to_have_count(0)
    save(page)
    assert is_without_fault(page)
    page.locator("a[href$='/undo/']").click()
    page.locator("main form .btn-danger").click()
    expect(page.locator("a[href$='/undo/']")).to_have_count(0)


def test_csv_and_pasted_rows_are_saved_on_a_phone(site: Site, sign_in: SignIn, tmp_path: Path) -> None:
    page = sign_in("ekonom", viewport=PHONE, language="en")
    begin(page, site, period="2023")
    assert is_without_fault(page)
    file = tmp_path / "antal.csv"
    file.write_bytes("Kommun;Antal\r\nÖdeshög;5 200\r\n".encode("cp1252"))
    page.locator("#id_file").set_input_files(file)
    read_file(page)
    assert is_without_fault(page)
    save(page)
    begin(page, site, period="2022")
    page.locator("#id_text").fill("Kommun\tAntal\nÖdeshög\t5100\n")
    read_file(page)
    save(page)
    page.goto(f"{site.url}/imports/?status=saved")
    expect(page.locator("main table tbody tr")).to_have_count(2)
    assert is_without_fault(page)
