"""Amounts typed without looking: all of them are stored, and each costs no more clicks and keys than it must."""

from __future__ import annotations

import psycopg
import pytest
from playwright.sync_api import Page

from engine.slips import is_slip
from tests import services
from tests.browser.conftest import SignIn
from tests.browser.grid import OTHER, amounts, cell, lines, open_grid, saved
from tests.browser.test_grid_choosing import Counter
from tests.site import Site


def list_keys(page: Page) -> list[str]:
    keys: list[str] = lines(page).evaluate_all("rows => rows.map(row => row.id.slice(5))")
    return keys


def stored(site: Site, keys: list[str]) -> list[list[int]]:
    """The three years' öre of lines, as the database has them."""
    query = "SELECT amount_1_ore, amount_2_ore, amount_3_ore FROM budgets_costline WHERE lineage = %s AND budget_id = "
    query += "(SELECT id FROM budgets_budget WHERE slug = 'budget-2027')"
    with psycopg.connect(services.url_of(services.SERVERS.admin_url, site.database)) as connection:
        return [list(connection.execute(query, [key]).fetchone() or ()) for key in keys]


def beside(amount: int, more: int, ore: int) -> int:
    """A new amount in units of `ore` öre, which nobody takes for a slip of the old one."""
    new = max(abs(amount) // ore, 5) + more
    return new * 10 if is_slip(amount, new * ore) else new


@pytest.mark.parametrize(("unit", "ore"), [("kr", 100), pytest.param("tkr", 100_000, marks=pytest.mark.slow)])
def test_forty_amounts_typed_down_and_across_are_all_stored(site: Site, sign_in: SignIn, unit: str, ore: int) -> None:
    page = open_grid(sign_in("ekonom"), site, OTHER, unit=unit)
    keys = list_keys(page)[:18]
    assert len(keys) == 18
    before = stored(site, keys)
    down = [beside(row[0], 2, ore) for row in before]
    across = [[beside(row[1], 3, ore), beside(row[2], 4, ore)] for row in before[:11]]
    cell(page, 0).click()
    for amount in down:
        page.keyboard.type(str(amount))
        page.keyboard.press("Enter")
    cell(page, 0, "amount_2_ore").click()
    for second, third in across:
        page.keyboard.type(str(second))
        page.keyboard.press("Tab")
        page.keyboard.type(str(third))
        page.keyboard.press("Enter")
    saved(page)
    after = stored(site, keys)
    assert [row[0] for row in after] == [amount * ore for amount in down]
    assert [row[1:] for row in after[:11]] == [[amount * ore for amount in row] for row in across]


def test_an_amount_is_a_click_its_digits_and_enter_and_five_over_products_are_five_enters(
    site: Site, sign_in: SignIn
) -> None:
    page = open_grid(sign_in("ekonom"), site, OTHER)
    rows = amounts(page, 0, 6)
    products = lines(page).evaluate_all('rows => rows.slice(0, 5).map(row => row.closest("tbody").dataset.product)')
    assert len(set(products)) > 1
    hand = Counter(page)
    wanted = [row[0] + 7 for row in rows[:5]]
    cell(page, 0).click()
    hand.count += 1
    for amount in wanted:
        for digit in str(amount):
            hand.press(digit)
        hand.press("Enter")
    saved(page)
    assert [row[0] for row in amounts(page, 0, 5)] == wanted
    assert hand.count == 1 + sum(len(str(amount)) + 1 for amount in wanted)
