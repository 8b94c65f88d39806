"""Keys in the grid never vanish: what is typed goes to the next cell, and each key does what it does in a spreadsheet."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import RunCode, SignIn
from tests.browser.grid import EVERY, MANY, OPEN, OTHER, amounts, cell, kronor, lines, open_grid, paste, saved
from tests.site import Site


def focused(page: Page, among: str = OPEN) -> tuple[int, str]:
    """The line, counted among the open ones, and the column that have the focus."""
    row, name = page.evaluate(
        """lines => {
        const { activeElement } = document;
        return [[...document.querySelectorAll(lines)].indexOf(activeElement.closest("tr.line")), activeElement.name ?? ""];
    }""",
        among,
    )
    return row, name.partition(":")[2]


def is_in_table(page: Page) -> bool:
    return bool(page.evaluate("Boolean(document.activeElement.closest('#lines table'))"))


def test_tab_goes_from_cell_to_cell_over_rows_and_headings_and_never_out_of_the_table(
    site: Site, sign_in: SignIn, two_products: str
) -> None:
    page = open_grid(sign_in("ekonom"), site, two_products)
    cell(page, 1, "note").click()
    page.keyboard.press("Tab")
    assert focused(page) == (2, "text")
    page.keyboard.press("Shift+Tab")
    assert focused(page) == (1, "note")
    cell(page, 2, "note").click()
    page.keyboard.press("Tab")
    assert focused(page) == (2, "note")
    expect(page.locator("[data-grid-cell]")).to_contain_text("F6")
    cell(page, 0, "text", EVERY).click()
    page.keyboard.press("Shift+Tab")
    assert focused(page, EVERY) == (0, "text")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Tab")
    assert focused(page, EVERY) == (0, "text")


def test_escape_and_f6_leave_the_table_and_what_was_written_is_taken(
    site: Site, sign_in: SignIn, two_products: str
) -> None:
    page = open_grid(sign_in("ekonom"), site, two_products)
    for key in ("Escape", "F6", "Shift+F6"):
        cell(page, 0).click()
        page.keyboard.press(key)
        assert not is_in_table(page), key
    page.locator(".grid-scroll").focus()
    page.keyboard.press("Tab")
    assert is_in_table(page)
    cell(page, 0).click()
    page.keyboard.type("61")
    page.keyboard.press("F6")
    saved(page)
    assert kronor(cell(page, 0).input_value()) == 61
    cell(page, 0).click()
    page.keyboard.type("62")
    page.keyboard.press("Escape")
    assert is_in_table(page)
    assert kronor(cell(page, 0).input_value()) == 61
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Escape")
    assert not is_in_table(page)


def test_enter_after_tabs_goes_to_the_column_where_they_began(site: Site, sign_in: SignIn, two_products: str) -> None:
    page = open_grid(sign_in("ekonom"), site, two_products)
    cell(page, 0).click()
    for key in ["1", "Tab", "2", "Tab", "3", "Enter", "4", "Tab", "5", "Tab", "6", "Enter", "7", "Shift+Enter"]:
        page.keyboard.type(key) if key.isdigit() else page.keyboard.press(key)
    assert focused(page) == (1, "amount_1_ore")
    saved(page)
    assert amounts(page, 0, 2) == [[1, 2, 3], [4, 5, 6]]
    assert amounts(page, 2, 1)[0][0] == 7
    cell(page, 2).click()
    page.keyboard.type("8")
    page.keyboard.press("Enter")
    assert focused(page) == (2, "amount_1_ore")
    expect(page.locator("[data-grid-cell]")).to_contain_text(re.compile("nedanför|below"))


def test_folded_products_are_passed_and_digits_beside_the_cells_are_written_in_one(
    site: Site, sign_in: SignIn, two_products: str
) -> None:
    page = open_grid(sign_in("ekonom"), site, two_products)
    page.locator("#lines .twist").nth(1).click()
    cell(page, 1).click()
    page.keyboard.type("11")
    page.keyboard.press("Enter")
    assert focused(page) == (1, "amount_1_ore")
    page.locator("#lines .twist").nth(1).click()
    cell(page, 1).click()
    lines(page).nth(1).locator("[data-menu]").focus()
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    assert focused(page) == (2, "amount_1_ore")
    page.keyboard.press("ArrowUp")
    page.keyboard.type("13")
    page.keyboard.press("Enter")
    saved(page)
    assert [row[0] for row in amounts(page, 1, 2)] == [12, 13]


@pytest.fixture
def long(site: Site, sign_in: SignIn, run_code: RunCode) -> Page:
    run_code(MANY)
    return open_grid(sign_in("ekonom"), site, OTHER)


def test_jumps_fills_and_repeated_pastes_are_each_one_act(long: Page) -> None:
    page = long
    before = amounts(page, 0, 5)
    cell(page, 0).click()
    page.keyboard.press("Control+ArrowDown")
    assert focused(page)[0] > 40
    page.keyboard.press("Control+ArrowUp")
    page.keyboard.type("900000")
    page.keyboard.press("Enter")
    saved(page)
    cell(page, 0).click()
    for key in ("Shift+ArrowDown", "Shift+ArrowDown", "Control+d"):
        page.keyboard.press(key)
    page.keyboard.press("Control+ArrowUp")
    cell(page, 0).click()
    for key in ("Shift+ArrowDown", "Shift+ArrowRight", "Control+r"):
        page.keyboard.press(key)
    saved(page)
    assert [row[0] for row in amounts(page, 0, 3)] == [900_000, 900_000, 900_000]
    assert [row[1] for row in amounts(page, 0, 3)] == [900_000, 900_000, before[2][1]]
    page.keyboard.press("Control+z")
    expect(cell(page, 1, "amount_2_ore")).not_to_have_value("900\u202f000")
    assert [row[1] for row in amounts(page, 0, 2)] == [row[1] for row in before[:2]]
    page.keyboard.press("Control+z")
    expect(cell(page, 1)).not_to_have_value("900\u202f000")
    assert [row[0] for row in amounts(page, 0, 3)] == [900_000, *(row[0] for row in before[1:3])]
    row = "500000\t600000\t700000\r\n"
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("text => navigator.clipboard.writeText(text)", row)
    cell(page, 0).click()
    for key in ("Shift+ArrowDown", "Shift+ArrowDown", "Shift+ArrowDown", "Control+v"):
        page.keyboard.press(key)
    saved(page)
    assert amounts(page, 0, 5) == [[500_000, 600_000, 700_000]] * 4 + [before[4]]
    page.keyboard.press("Control+z")
    expect(cell(page, 3)).not_to_have_value("500\u202f000")
    assert amounts(page, 1, 4) == before[1:5]


def test_headings_of_a_pasted_block_are_left_out_and_said_and_can_be_had_back(
    site: Site, sign_in: SignIn, two_products: str
) -> None:
    page = open_grid(sign_in("ekonom"), site, two_products)
    before = amounts(page, 0, 3)
    paste(page, cell(page, 0), "Belopp\tPlan 2028\r\n21\t22\r\n23\t24\r\n")
    saved(page)
    assert [row[:2] for row in amounts(page, 0, 3)] == [[21, 22], [23, 24], before[2][:2]]
    told = page.locator("tr.cell-msg.is-news")
    expect(told).to_contain_text("Belopp · Plan 2028")
    assert Axe().run(page).response["violations"] == []
    told.get_by_role("button").first.click()
    page.locator("#grid-slips [data-answer=keep]").click()
    expect(page.locator("#grid-ask")).to_be_visible()
    page.keyboard.press("Escape")


def test_copied_rows_name_their_product_and_come_back_without_it(
    site: Site, sign_in: SignIn, two_products: str
) -> None:
    page = open_grid(sign_in("ekonom"), site, two_products)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    cell(page, 1, "text").click()
    page.keyboard.press("Shift+ArrowDown")
    for _step in range(7):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Control+c")
    copied = page.evaluate("navigator.clipboard.readText()")
    products = page.locator("#lines .twist").all_text_contents()
    assert [row.split("\t")[0] for row in copied.splitlines()] == products
    before = [cell(page, row, "text").input_value() for row in (1, 2)]
    cell(page, 0, "text").click()
    page.keyboard.press("Control+v")
    slips = page.locator("#grid-slips")
    if slips.is_visible():  # amounts that another test has written
        slips.locator("[data-answer=keep]").click()
    saved(page)
    assert [cell(page, row, "text").input_value() for row in (0, 1)] == before
    page.keyboard.press("Control+z")
    expect(cell(page, 1, "text")).to_have_value(before[0])


def test_cost_kind_is_completed_while_it_is_typed(site: Site, sign_in: SignIn, two_products: str) -> None:
    page = open_grid(sign_in("ekonom"), site, two_products)
    at = cell(page, 0, "cost_kind")
    at.click()
    page.keyboard.type("avs")
    assert at.input_value() == "Avskrivning"
    page.keyboard.press("Enter")
    saved(page)
    assert at.input_value() == "Avskrivning"
    page.keyboard.press("Control+z")
    expect(at).not_to_have_value("Avskrivning")
