"""Numbers in the grid with real keys: the unit of the column, and writing down a column past the products' headings."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from playwright.sync_api import Page, expect

from tests import services
from tests.browser.conftest import SignIn
from tests.browser.grid import OTHER, OWN, cell, lines, open_grid, paste, saved, write
from tests.site import Site

FIELDS = ("amount_1_ore", "amount_2_ore", "amount_3_ore", "unit_price_ore", "quantity")


def stored(site: Site, page: Page, row: int) -> dict[str, Any]:
    """A shown line's figures as they are in the database, amounts in öre."""
    line = str(lines(page).nth(row).get_attribute("id")).removeprefix("line-")
    query = """SELECT to_jsonb(line) FROM budgets_costline line JOIN budgets_budget budget ON budget.id = line.budget_id
        WHERE line.lineage = %s AND budget.slug = 'budget-2027'"""
    with psycopg.connect(services.url_of(services.SERVERS.admin_url, site.database)) as database:
        found = database.execute(query, [line]).fetchone()
    assert found is not None
    values: dict[str, Any] = found[0]
    return values


def amount(site: Site, page: Page, row: int, field: str = "amount_1_ore") -> Any:
    return stored(site, page, row)[field]


# What is typed, what it is in öre, and what the cell shows then.
TYPED_IN_TKR = (
    ("40", 4_000_000, "40"),
    ("1,5", 150_000, "2"),
    ("12,345", 1_234_500, "12"),
    ("40 kr", 4_000, "0"),
    ("1,2 mkr", 120_000_000, "1\u202f200"),
    ("=12*4,5", 5_400_000, "54"),
)


def test_number_typed_in_a_column_of_tkr_is_tkr(site: Site, sign_in: SignIn) -> None:
    page = open_grid(sign_in("ekonom"), site, unit="tkr")
    for typed, ore, shown in TYPED_IN_TKR:
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            write(page, cell(page, 0), typed)
        saved(page)
        expect(cell(page, 0), typed).to_have_value(shown)
        assert amount(site, page, 0) == ore, typed


def test_cell_opened_and_left_as_it_is_keeps_its_ore(site: Site, sign_in: SignIn) -> None:
    page = open_grid(sign_in("ekonom"), site, unit="tkr")
    write(page, cell(page, 1), "1 234 567,89 kr")
    saved(page)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    cell(page, 1).click()
    page.keyboard.press("F2")
    expect(cell(page, 1)).to_have_value("1\u202f234,56789")
    page.keyboard.press("Enter")
    cell(page, 1).click()
    page.keyboard.type("1 234,56789")
    page.keyboard.press("Enter")
    assert sent == []
    assert amount(site, page, 1) == 123_456_789


def test_more_decimals_than_ore_allow_are_refused_in_tkr(site: Site, sign_in: SignIn) -> None:
    page = open_grid(sign_in("ekonom"), site, unit="tkr")
    before = amount(site, page, 2)
    write(page, cell(page, 2), "1,234567")
    expect(cell(page, 2)).to_have_attribute("aria-invalid", "true")
    expect(cell(page, 2)).to_have_value("1,234567")
    expect(page.locator("tr.cell-msg")).to_contain_text("5 decimaler")
    assert amount(site, page, 2) == before


def test_quantity_and_unit_price_keep_their_own_units(site: Site, sign_in: SignIn) -> None:
    page = open_grid(sign_in("ekonom"), site, unit="tkr")
    write(page, cell(page, 3, "quantity"), "12", "Tab")
    page.keyboard.type("4500")
    expect(page.locator(".cell-unit")).to_have_text("kr")
    page.keyboard.press("Enter")
    saved(page)
    found = stored(site, page, 3)
    assert (found["quantity"], found["unit_price_ore"], found["amount_1_ore"]) == (12, 450_000, 5_400_000)
    expect(cell(page, 3)).to_have_value("54")


@pytest.mark.parametrize(
    ("unit", "language", "ore"), [("tkr", "sv", 81), ("tkr", "en", 82), ("kr", "sv", 83), ("kr", "en", 84)]
)
def test_copied_amounts_pasted_back_are_the_same_to_the_ore(
    site: Site, sign_in: SignIn, unit: str, language: str, ore: int
) -> None:
    page = open_grid(sign_in("ekonom", language=language), site, unit=unit)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    texts = (f"1 0{ore} kr", f"−1 2{ore} kr", f"1 234 567.{ore} kr")
    for field, text in zip(FIELDS[:3], texts, strict=True):
        write(page, cell(page, 4, field), text)
    saved(page)
    cell(page, 4).click()
    for _year in FIELDS[1:3]:
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Control+c")
    paste(page, cell(page, 5), str(page.evaluate("navigator.clipboard.readText()")))
    saved(page)
    assert [amount(site, page, 5, field) for field in FIELDS[:3]] == [
        (1000 + ore) * 100,
        -(1200 + ore) * 100,
        123_456_700 + ore,
    ]


def test_pasted_numbers_are_in_the_unit_of_the_column(site: Site, sign_in: SignIn) -> None:
    page = open_grid(sign_in("ekonom"), site, OTHER, unit="tkr")
    paste(page, cell(page, 0, "quantity"), "2\t30000\t\t1,5\t2 kr\n")
    saved(page)
    found = stored(site, page, 0)
    assert [found[field] for field in FIELDS] == [6_000_000, 150_000, 200, 3_000_000, 2]
    paste(page, cell(page, 1), "7")
    saved(page)
    assert amount(site, page, 1) == 700_000


def test_number_kept_over_a_change_of_unit_means_what_it_meant(site: Site, sign_in: SignIn) -> None:
    page = open_grid(sign_in("ekonom"), site, unit="tkr")
    page.route("**/grid/**", lambda route: route.abort())
    write(page, cell(page, 6), "41")
    expect(page.locator("[data-grid-retry]")).to_be_visible()
    page.unroute("**/grid/**")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{site.url}{OWN}?unit=kr")
    saved(page)
    expect(cell(page, 6)).to_have_value("41\u202f000")
    assert amount(site, page, 6) == 4_100_000


@pytest.mark.parametrize("unit", ["tkr", "kr"])
@pytest.mark.parametrize("key", ["Enter", "ArrowDown"])
def test_amounts_typed_down_a_column_are_all_stored_past_the_headings(
    site: Site, sign_in: SignIn, unit: str, key: str
) -> None:
    page = open_grid(sign_in("ekonom"), site, OTHER, unit=unit)
    products = lines(page).evaluate_all('rows => rows.map(row => row.closest("tbody").dataset.product)')
    first = next(at for at in range(len(products)) if len(set(products[at : at + 5])) > 2)
    factor, start = (100_000, 51) if unit == "tkr" else (100, 61_000)
    cell(page, first).click()
    for number in range(start, start + 5):
        page.keyboard.type(str(number))
        page.keyboard.press(key)
    saved(page)
    expect(page.locator("[data-grid-state]")).not_to_contain_text("inte")
    numbers = [amount(site, page, first + at) for at in range(5)]
    assert numbers == [number * factor for number in range(start, start + 5)]
    expect(page.locator("#lines .twist[aria-expanded=false]")).to_have_count(0)


def test_heading_is_reached_by_arrows_and_folded_by_its_own_key(site: Site, sign_in: SignIn) -> None:
    page = open_grid(sign_in("ekonom"), site, OTHER)
    twists = page.locator("#lines .twist")
    cell(page, 0).click()
    page.keyboard.press("ArrowUp")
    expect(twists.first).to_be_focused()
    page.keyboard.press("Space")
    expect(twists.first).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    expect(twists.first).to_have_attribute("aria-expanded", "true")


def test_digits_typed_where_no_cell_is_below_are_told(site: Site, sign_in: SignIn) -> None:
    page = open_grid(sign_in("ekonom"), site, OTHER)
    last = page.locator("#lines .twist").last
    last.click()
    expect(last).to_have_attribute("aria-expanded", "false")
    page.keyboard.type("5")
    expect(page.locator("[data-grid-cell]")).to_have_text("Det finns ingen cell nedanför att skriva i.")
    expect(page.locator("#announce")).to_have_text("Det finns ingen cell nedanför att skriva i.")
    last.click()
