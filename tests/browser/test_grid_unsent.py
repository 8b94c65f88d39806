"""What was typed and not saved, on the page of a sub-budget whose lines are no longer open to who typed it."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, ViewportSize, expect

from tests.browser.conftest import SignIn
from tests.browser.grid import OWN, cell, kronor, lines, open_grid, paste, saved, write
from tests.site import Site

SIZES = [ViewportSize(width=390, height=844), ViewportSize(width=1280, height=900)]


def take(page: Page, site: Site, step: str) -> None:
    page.goto(f"{site.url}{OWN}steps/{step}/")
    page.locator("main form[method=post] button[type=submit]").last.click()
    expect(page.locator(".msg-ok")).to_be_visible()


def type_without_connection(page: Page, site: Site) -> None:
    """Two cells and a line that reach nobody."""
    page.on("dialog", lambda dialog: dialog.accept())
    open_grid(page, site)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.context.set_offline(True)
    write(page, cell(page, 0), "4711")
    write(page, cell(page, 0), "4712")
    write(page, cell(page, 1, "note"), "<b>varför</b>")
    paste(page, cell(page, lines(page).count() - 1, "text"), "Sist\nTillagd rad\tDirekt kostnad")
    expect(page.locator("[data-grid-retry]")).to_be_visible()


def reload(page: Page) -> Locator:
    page.context.set_offline(False)
    page.reload()
    return page.locator("#unsent")


def check_sizes(page: Page) -> None:
    for size in SIZES:
        page.set_viewport_size(size)
        assert Axe().run(page).response["violations"] == []
        assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")


@pytest.mark.parametrize("language", ["sv", pytest.param("en", marks=pytest.mark.slow)])
def test_what_was_typed_before_the_sub_budget_was_submitted_is_listed_and_comes_back(
    site: Site, sign_in: SignIn, language: str
) -> None:
    owner, economist = sign_in("objektagare", language=language), sign_in("ekonom")
    type_without_connection(owner, site)
    texts = [owner.locator("#lines .twist").first.text_content(), cell(owner, 0, "text").input_value()]
    take(economist, site, "submit")
    box = reload(owner)
    expect(box).to_be_visible()
    expect(box.locator("tbody tr")).to_have_count(5)
    first = f"{re.escape(', '.join(map(str, texts)))}.*2027.*4712"
    expect(box.locator("tbody tr").first).to_have_text(re.compile(first))
    expect(box).to_contain_text("<b>varför</b>")
    expect(box).to_contain_text("Tillagd rad")
    expect(box).to_contain_text("Eva Ekonom")
    check_sizes(owner)
    box.locator("[data-copy-rows]").focus()
    owner.keyboard.press("Enter")
    expect(box.locator("[role=status]")).not_to_be_empty()
    assert owner.evaluate("navigator.clipboard.readText()").count("\n") == 4
    take(economist, site, "withdraw")
    owner.reload()
    saved(owner)
    expect(box).to_have_count(0)
    assert kronor(cell(owner, 0).input_value()) == 4712
    assert cell(owner, 1, "note").input_value() == "<b>varför</b>"
    assert cell(owner, lines(owner).count() - 1, "text").input_value() == "Tillagd rad"
    for _step in range(4):
        owner.locator("[data-step=undo]").click()
        expect(owner.locator("[data-step=redo]")).to_be_enabled()


def test_what_was_typed_can_be_discarded_on_the_page_that_lists_it(site: Site, sign_in: SignIn) -> None:
    owner, economist = sign_in("objektagare"), sign_in("ekonom")
    before = kronor(cell(open_grid(owner, site), 0).input_value())
    type_without_connection(owner, site)
    take(economist, site, "submit")
    box = reload(owner)
    box.locator("[data-discard]").focus()
    owner.keyboard.press("Enter")
    expect(box.locator("[data-listed]")).to_be_hidden()
    assert Axe().run(owner).response["violations"] == []
    owner.keyboard.press("Enter")
    expect(box.locator("tbody tr")).to_have_count(5)
    box.locator("[data-discard]").click()
    owner.reload()
    expect(box).to_be_hidden()
    take(economist, site, "withdraw")
    open_grid(owner, site)
    assert kronor(cell(owner, 0).input_value()) == before
    expect(owner.locator("[data-grid-state]")).to_be_empty()


def test_page_of_who_typed_nothing_lists_nothing(site: Site, sign_in: SignIn) -> None:
    group = sign_in("styrgrupp")
    group.goto(site.url + OWN)
    expect(group.locator("#unsent")).to_be_hidden()
