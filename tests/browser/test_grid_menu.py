"""A line's menu: what it offers where there is no keyboard, and the way to what a calculated line rests on."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import SignIn
from tests.browser.grid import EVERY, cell, open_grid
from tests.site import Site


def test_lines_are_chosen_on_a_phone_from_the_one_that_was_touched_to_the_one_of_the_menu(
    site: Site, sign_in: SignIn
) -> None:
    page = open_grid(sign_in("ekonom"), site)
    page.set_viewport_size({"width": 390, "height": 844})
    cell(page, 1, "text", among=EVERY).click()
    page.locator("tr.line [data-menu]").nth(3).click()
    page.locator("#grid-menu [data-act=choose]").click()
    expect(page.locator("tr.line:has(.sel)")).to_have_count(3)
    page.locator("[data-many]").click()
    expect(page.locator("#grid-many [name=scope]")).to_have_value("selected")


def test_menu_of_a_calculated_line_leads_to_what_it_rests_on_and_of_another_it_does_not(
    site: Site, sign_in: SignIn
) -> None:
    page = open_grid(sign_in("ekonom"), site)
    link = page.locator("#grid-menu [data-rests]")
    page.locator("tr.line:not(.fixed) [data-menu]").first.click()
    expect(link).to_be_hidden()
    page.keyboard.press("Escape")
    page.locator("tr.line.fixed [data-menu]").first.click()
    link.click()
    expect(page.locator("h1")).to_be_visible()
    assert "/rests-on/" in page.url


def test_menu_moves_no_line_beyond_its_product(site: Site, sign_in: SignIn) -> None:
    page = open_grid(sign_in("ekonom"), site)
    places = page.locator("tbody[data-product]", has=page.locator("tr.line:nth-child(4)")).first.locator("tr.line")
    for place, up, down in ((places.first, 0, 1), (places.nth(1), 1, 1), (places.last, 1, 0)):
        place.locator("[data-menu]").click()
        for act, count in (("up", up), ("down", down)):
            expect(page.locator(f"#grid-menu [data-act={act}]:visible")).to_have_count(count)
        page.keyboard.press("Escape")
