"""Amounts in the wrong unit: asked about at the cell and for a block, and blocks that keep their unit on the clipboard."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.grid import OTHER, OWN, cell, open_grid, paste, saved, write
from tests.browser.test_grid_units import amount, stored
from tests.site import Site

# As a spreadsheet's accounting format puts them on the clipboard, and as an English one does with thousands.
ACCOUNTING = " 1 200,00 kr \r\n -   kr \r\n-350,00 kr \r\n -   kr \r\n"
THOUSANDS = "12,500\r\n7,250\r\n"


def put(page: Page, row: int, *texts: str) -> None:
    """Amounts of the first year, typed over nothing so that none is asked about."""
    for at, text in enumerate(texts, row):
        write(page, cell(page, at), "0")
        write(page, cell(page, at), text)
    saved(page)


def question(page: Page) -> str:
    return page.locator("tr.cell-msg.is-ask").inner_text().replace("\u202f", " ")


def test_amount_in_the_other_unit_is_asked_about_and_kept_by_keys_alone(site: Site, sign_in: SignIn) -> None:
    page = open_grid(sign_in("ekonom"), site, unit="tkr")
    row = 1  # the line below it is open too, and of the same product
    put(page, row, "40")
    write(page, cell(page, row), "40 000")
    assert "40 tkr blev 40 000 tkr. Menade du 40 tkr?" in question(page)
    expect(page.locator("#announce")).to_contain_text("Enter går till svaren")
    assert amount(site, page, row) == 4_000_000
    assert Axe().run(page).response["violations"] == []
    page.keyboard.press("ArrowUp")
    expect(cell(page, row)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".cell-msg button").first).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    saved(page)
    expect(page.locator("tr.cell-msg")).to_have_count(0)
    expect(cell(page, row)).to_be_focused()
    assert amount(site, page, row) == 4_000_000_000
    page.keyboard.press("Control+z")
    expect(cell(page, row)).to_have_value("40")
    write(page, cell(page, row), "40 000")
    expect(page.locator("tr.cell-msg")).to_have_count(0)
    expect(cell(page, row)).to_have_value("40\u202f000")


def test_asked_amount_is_corrected_by_a_click_and_survives_a_reload_unanswered(site: Site, sign_in: SignIn) -> None:
    page = open_grid(sign_in("ekonom"), site, unit="kr")
    put(page, 1, "41000")
    write(page, cell(page, 1), "42")
    assert "41 000 kr blev 42 kr. Menade du 42 000 kr?" in question(page)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.locator("[data-menu]").first.wait_for()
    expect(cell(page, 1)).to_have_value("42")
    page.locator(".cell-msg button", has_text="Ändra till").click()
    saved(page)
    expect(cell(page, 1)).to_have_value("42\u202f000")
    assert amount(site, page, 1) == 4_200_000


def test_unit_price_is_asked_about_and_taken_back_by_escape(site: Site, sign_in: SignIn) -> None:
    page = open_grid(sign_in("ekonom"), site, unit="tkr")
    write(page, cell(page, 2, "quantity"), "2", "Tab")
    page.keyboard.type("4500")
    page.keyboard.press("Enter")
    saved(page)
    write(page, cell(page, 2, "unit_price_ore"), "4,50")
    assert "4 500 kr blev 4,50 kr. Menade du 4 500 kr?" in question(page)
    cell(page, 2, "unit_price_ore").click()
    page.keyboard.press("Escape")
    expect(page.locator("tr.cell-msg")).to_have_count(0)
    expect(cell(page, 2, "unit_price_ore")).to_have_value("4\u202f500")
    assert stored(site, page, 2)["unit_price_ore"] == 450_000


def test_pasted_block_in_the_other_unit_is_one_question(site: Site, sign_in: SignIn) -> None:
    page = open_grid(sign_in("ekonom"), site, unit="tkr")
    first = 4  # three lines without a closed one between
    put(page, first, "51", "52", "0")
    paste(page, cell(page, first), "51500\n52000\n7000")
    dialog = page.locator("#grid-slips")
    expect(dialog.locator("li")).to_have_count(2)
    product = page.locator("tbody:has(tr.line) .twist").filter(visible=True)
    names = [name.strip() for name in product.all_inner_texts()]
    for told in dialog.locator("li").all_inner_texts():  # a line's text is that of others in other products
        assert any(told.startswith(f"{name}, ") for name in names), told
    assert Axe().run(page).response["violations"] == []
    dialog.locator("[data-answer=no]").click()
    assert [amount(site, page, row) for row in range(first, first + 3)] == [5_100_000, 5_200_000, 0]
    paste(page, cell(page, first), "51500\n52000\n7000")
    expect(dialog.locator("[data-answer=mend]")).to_have_text("Läs blocket i kr")
    dialog.locator("[data-answer=mend]").click()
    saved(page)
    assert [amount(site, page, row) for row in range(first, first + 3)] == [5_150_000, 5_200_000, 700_000]
    paste(page, cell(page, first), "51500\n52000\n7000")
    dialog.locator("[data-answer=keep]").click()
    saved(page)
    expect(page.locator("tr.cell-msg")).to_have_count(0)
    assert [amount(site, page, row) for row in range(first, first + 3)] == [5_150_000_000, 5_200_000_000, 700_000_000]


@pytest.mark.parametrize(("copied_in", "pasted_in"), [("tkr", "kr"), ("kr", "tkr")])
def test_copied_amounts_keep_their_unit_in_a_table_of_the_other(
    site: Site, sign_in: SignIn, copied_in: str, pasted_in: str
) -> None:
    page = open_grid(sign_in("ekonom"), site, unit=copied_in)
    put(page, 6, "1 234 567,89 kr", "83 kr")
    cell(page, 6).click()
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Control+c")
    page.goto(site.url + OWN + ("?unit=kr" if pasted_in == "kr" else "?unit=tkr"))
    page.locator("[data-menu]").first.wait_for()
    put(page, 8, "0", "0")
    cell(page, 8).click()
    page.keyboard.press("Control+v")
    saved(page)
    assert [amount(site, page, row) for row in (8, 9)] == [123_456_789, 8_300]


@pytest.mark.parametrize("unit", ["tkr", "kr"])
def test_pasted_accounting_format_is_kronor_with_zeros_as_dashes(site: Site, sign_in: SignIn, unit: str) -> None:
    page = open_grid(sign_in("ekonom"), site, OTHER, unit=unit)
    first = 8  # four lines without a closed one between, none of them an income
    put(page, first, "0", "7 kr", "0", "7 kr")
    paste(page, cell(page, first), ACCOUNTING)
    saved(page)
    assert [amount(site, page, row) for row in range(first, first + 4)] == [120_000, 0, -35_000, 0]


def test_pasted_thousands_with_commas_are_kronor_of_tkr_and_refused_as_kronor(site: Site, sign_in: SignIn) -> None:
    page = open_grid(sign_in("ekonom"), site, OTHER, unit="tkr")
    put(page, 4, "0", "0")
    paste(page, cell(page, 4), THOUSANDS)
    saved(page)
    assert [amount(site, page, row) for row in (4, 5)] == [1_250_000, 725_000]
    open_grid(page, site, OTHER, unit="kr")
    paste(page, cell(page, 4), THOUSANDS)
    dialog = page.locator("#grid-ask")
    expect(dialog.locator("li")).to_have_count(2)
    assert "Skriv 12 500 eller 12,50." in dialog.inner_text().replace("\u202f", " ")
    dialog.locator("[data-no]").click()
    assert [amount(site, page, row) for row in (4, 5)] == [1_250_000, 725_000]


def test_unit_stands_in_the_cell_while_it_is_edited_and_moves_nothing(site: Site, sign_in: SignIn) -> None:
    page = open_grid(sign_in("ekonom"), site, unit="tkr")
    cell(page, 1).click()
    before = cell(page, 1).bounding_box()
    assert before
    page.keyboard.press("F2")
    expect(page.locator(".cell-unit")).to_have_text("tkr")
    assert cell(page, 1).bounding_box() == pytest.approx(before, abs=0.5)
    page.keyboard.press("Escape")
    expect(page.locator(".cell-unit")).to_have_count(0)
