"""A new sum typed on a total is spread on lines, and quantity × price yields to an amount and fills the plan years."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.grid import EVERY, amounts, cell, kronor, open_grid, saved, total, write
from tests.site import Site


def prepare(page: Page) -> None:
    before = amounts(page, 0, 3)
    wanted = [1000, 2000, 3000]
    for row, amount in enumerate(wanted):
        write(page, cell(page, row), str(amount))
    if [row[0] for row in before] != wanted:
        saved(page)


def read_closed(page: Page) -> tuple[int, str]:
    """What the calculated line above the open ones has: its kronor, and its öre as they are typed."""
    kr, _, ore = cell(page, 0, among=EVERY).input_value().partition(",")
    return kronor(kr), ore


def test_new_sum_on_a_product_is_shown_per_line_spread_and_undone_as_one_act(
    site: Site, sign_in: SignIn, two_products: str
) -> None:
    page = open_grid(sign_in("ekonom"), site, two_products)
    prepare(page)
    kept, ore = read_closed(page)
    cell(page, 0, among=EVERY).click()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#lines .grp .sum-act").first).to_be_focused()
    page.keyboard.type(f"{kept + 3300},{ore}")
    assert Axe().run(page).response["violations"] == []
    page.keyboard.press("Enter")
    dialog = page.locator("#grid-many")
    expect(dialog.locator("tbody tr")).to_have_count(2)
    expect(dialog.locator("[name=apply]")).to_be_focused()
    assert [kronor(text) for text in dialog.locator("tbody td:last-child").all_text_contents()] == [1100, 2200]
    assert Axe().run(page).response["violations"] == []
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    page.locator("[data-menu]").first.wait_for()
    assert [row[0] for row in amounts(page, 0, 3)] == [1100, 2200, 3000]
    cell(page, 0).click()
    page.keyboard.press("Control+z")
    expect(page.locator("[data-step=redo]")).to_be_enabled()
    assert [row[0] for row in amounts(page, 0, 3)] == [1000, 2000, 3000]


def test_new_total_is_spread_in_equal_parts_on_what_the_filter_shows(
    site: Site, sign_in: SignIn, two_products: str
) -> None:
    page = open_grid(sign_in("ekonom"), site, two_products)
    prepare(page)
    cell(page, 2).click()
    page.keyboard.press("ArrowDown")
    foot = page.locator("#lines tfoot .sum-act").first
    expect(foot).to_be_focused()
    page.keyboard.type("1")
    page.keyboard.press("Escape")
    assert total(page) == 6000 + read_closed(page)[0]
    expect(foot).to_be_focused()
    page.locator("#grid-filter").fill(cell(page, 2, "text").input_value())
    shown = page.locator("tr.line:visible").count()
    foot.click()
    page.keyboard.type("9000")
    page.keyboard.press("Enter")
    dialog = page.locator("#grid-many")
    expect(dialog.locator("tbody tr")).to_have_count(shown)
    dialog.locator("[name=how]").select_option("alike")
    dialog.locator("[name=preview]").click()
    expect(dialog.locator("tbody td:last-child").first).to_contain_text(f"{9000 // shown:,}".replace(",", "\u202f"))
    dialog.locator("[data-close-dialog]").click()
    assert [row[0] for row in amounts(page, 0, 3)] == [1000, 2000, 3000]


def test_amount_over_quantity_and_price_says_that_they_go_and_gives_them_back(
    site: Site, sign_in: SignIn, two_products: str
) -> None:
    page = open_grid(sign_in("ekonom"), site, two_products)
    write(page, cell(page, 0, "quantity"), "3", "Tab")
    page.keyboard.type("500")
    page.keyboard.press("Enter")
    saved(page)
    assert kronor(cell(page, 0).input_value()) == 1500
    write(page, cell(page, 0), "1700")
    told = page.locator("tr.cell-msg.is-news")
    expect(told).to_contain_text("3")
    expect(told).to_contain_text("500")
    saved(page)
    expect(cell(page, 0, "quantity")).to_have_value("")
    assert Axe().run(page).response["violations"] == []
    told.get_by_role("button").click()
    saved(page)
    expect(cell(page, 0, "quantity")).to_have_value("3")
    assert kronor(cell(page, 0).input_value()) == 1500


def test_quantity_and_price_fill_the_plan_years_as_chosen_and_the_choice_is_remembered(
    site: Site, sign_in: SignIn, two_products: str
) -> None:
    page = open_grid(sign_in("ekonom"), site, two_products)
    before = amounts(page, 1, 1)[0]
    write(page, cell(page, 1, "quantity"), "4", "Tab")
    page.keyboard.type("250")
    page.keyboard.press("Enter")
    saved(page)
    assert amounts(page, 1, 1)[0] == [1000, *before[1:]]
    page.locator("[data-plan-years]").select_option("same")
    page.reload()
    page.locator("[data-menu]").first.wait_for()
    expect(page.locator("[data-plan-years]")).to_have_value("same")
    write(page, cell(page, 1, "quantity"), "6")
    expect(cell(page, 1, "amount_3_ore")).to_have_value("1\u202f500")
    assert amounts(page, 1, 1)[0] == [1500, 1500, 1500]
    page.keyboard.press("Control+z")
    expect(cell(page, 1, "amount_3_ore")).not_to_have_value("1\u202f500")
    assert amounts(page, 1, 1)[0] == [1000, *before[1:]]
