"""The table of hours with real keys and the real clipboard: each cell saved as typed, refused in its place, undone."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import SignIn
from tests.site import Site

PAGE = "/budgets/budget-2027/pools/"
PRODUCTS = ("Skolon", "IST", "Skola 24")


def open_matrix(page: Page, site: Site) -> Page:
    page.goto(site.url + PAGE)
    expect(page.locator("[data-show=bad]")).to_be_visible()
    return page


def cell(page: Page, product: str, team: str = "Support") -> Locator:
    column = page.locator("th[data-pool]", has_text=re.compile(f"^{team}$")).get_attribute("id")
    row = page.locator("tr[data-row]").filter(has=page.get_by_role("rowheader", name=product, exact=True))
    return row.locator(f"input[aria-labelledby$=' {column}']")


def saved(page: Page) -> None:
    expect(page.locator("[data-matrix-state]")).to_contain_text(re.compile("Sparat|Saved"), timeout=20_000)


def undo(page: Page) -> None:
    with page.expect_response(re.compile("/undo/")):
        page.locator("[data-step=undo]").click()


def test_hours_typed_down_a_column_are_all_stored_and_undone_one_by_one(site: Site, sign_in: SignIn) -> None:
    page = open_matrix(sign_in("ekonom"), site)
    before = [cell(page, name).input_value() for name in PRODUCTS]
    cell(page, PRODUCTS[0]).click()
    for hours in ("10", "20,5", "30"):
        page.keyboard.type(hours)
        page.keyboard.press("Enter")
    saved(page)
    page.reload()
    assert [cell(page, name).input_value() for name in PRODUCTS] == ["10", "20,5", "30"]
    for _step in PRODUCTS:
        undo(page)
    page.reload()
    assert [cell(page, name).input_value() for name in PRODUCTS] == before


def test_pasted_block_is_one_step_and_the_sums_and_proof_follow(site: Site, sign_in: SignIn) -> None:
    page = open_matrix(sign_in("ekonom"), site)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site.url)
    before = [cell(page, name).input_value() for name in PRODUCTS]
    cell(page, PRODUCTS[0]).click()
    page.evaluate("text => navigator.clipboard.writeText(text)", "1\n2\n3,25\n")
    page.keyboard.press("Control+v")
    saved(page)
    page.reload()
    assert [cell(page, name).input_value() for name in PRODUCTS] == ["1", "2", "3,25"]
    expect(page.locator("#matrix-overview")).to_have_attribute("data-behind", "", timeout=30_000)
    expect(page.locator(".proof h2")).to_contain_text("0,00")
    undo(page)
    page.reload()
    assert [cell(page, name).input_value() for name in PRODUCTS] == before


def test_hours_that_cannot_be_read_stand_in_their_cell_with_the_reason_and_escape_takes_them_back(
    site: Site, sign_in: SignIn
) -> None:
    page = open_matrix(sign_in("ekonom"), site)
    place = cell(page, PRODUCTS[1])
    before = place.input_value()
    place.click()
    page.keyboard.type("3.024")
    page.keyboard.press("Enter")
    expect(place).to_have_attribute("aria-invalid", "true")
    expect(page.locator("tr.cell-msg.is-bad")).to_contain_text("3.024")
    expect(page.locator("[data-bad-count]")).to_have_text("1")
    assert Axe().run(page).response["violations"] == []
    place.click()
    page.keyboard.press("Escape")
    expect(place).to_have_value(before)
    expect(page.locator("tr.cell-msg.is-bad")).to_have_count(0)


@pytest.mark.parametrize("width", [1280, 1440])
def test_heads_stay_in_sight_and_no_column_is_outside_the_screen(site: Site, sign_in: SignIn, width: int) -> None:
    page = sign_in("ekonom")
    page.set_viewport_size({"width": width, "height": 900})
    open_matrix(page, site)
    page.evaluate("scrollTo(0, 2000)")
    head = page.locator("th[data-pool]").first.bounding_box()
    table = page.locator("table.grid-hours").bounding_box()
    assert head and table
    assert 0 <= head["y"] < 200
    assert table["x"] + table["width"] <= width
    costs = page.locator(".pool-costs")
    assert costs.evaluate("table => table.parentElement.scrollWidth <= table.parentElement.clientWidth")
