"""An income is typed without a minus, is no part of the cost, and lowers what customers pay."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.grid import OTHER, cell, kronor, lines, open_grid, saved, total, write
from tests.site import Site


def pays(page: Page) -> int:
    return kronor(page.locator("[data-income=customers] td.n").first.text_content())


def test_typed_income_leaves_the_cost_and_lowers_what_customers_pay(site: Site, sign_in: SignIn) -> None:
    page = open_grid(sign_in("ekonom"), site, OTHER)
    kinds = [field.input_value() for field in lines(page).locator("input[name$=':cost_kind']").all()]
    row = next(place for place, kind in enumerate(kinds) if kind.startswith(("Intäkt", "Income")))
    before, paid, earned = total(page), pays(page), kronor(cell(page, row).input_value())
    assert before - paid == earned
    write(page, cell(page, row), "900000")
    saved(page)
    assert (total(page), pays(page)) == (before, paid - (900_000 - earned))
    write(page, cell(page, row), "-5")
    expect(page.locator(".cell-msg")).to_contain_text("minus")
