"""An object's plan in a real browser, without script: an item is added, moved up, and seen on the sub-budget page."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import SignIn
from tests.site import Site

PAGE = "/objects/socialtjanst/"
SUB_BUDGET = "/budgets/budget-2027/sub-budgets/socialtjanst/"


def test_owner_adds_an_item_and_moves_it_up_without_script(site: Site, sign_in: SignIn) -> None:
    page = sign_in("objektagare", java_script_enabled=False)
    page.goto(site.url + SUB_BUDGET)
    page.locator("#object-plan a[href$='#plan']").click()
    page.locator("main a[href$='/items/new/']").click()
    page.locator("#id_title").fill("Ny digital signering")
    page.locator("#id_year").fill("2031")
    page.locator("main button[type=submit]").click()
    expect(page.locator("#id_year_error")).to_contain_text("2025–2027")

    page.locator("#id_year").fill("2027")
    page.locator("#id_effect_ore").fill("−12 tkr")
    page.locator("main button[type=submit]").click()
    rows = page.locator("section[aria-labelledby=plan] tbody tr")
    expect(rows.last).to_contain_text("Ny digital signering")
    expect(rows.last).to_contain_text("−12")

    rows.last.locator("button[value=up]").click()
    expect(rows.nth(5)).to_contain_text("Ny digital signering")
    page.goto(site.url + SUB_BUDGET)
    expect(page.locator("#object-plan tbody tr").nth(5)).to_contain_text("Ny digital signering")
