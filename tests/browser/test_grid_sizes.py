"""Long tables and common screens: the grid is whole, soon, and within its frame."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import RunCode, SignIn
from tests.browser.grid import (
    MANY,
    OTHER,
    cell,
    lines,
    open_grid,
)
from tests.site import Site


def test_long_table_is_shown_whole_soon_after_its_first_lines(site: Site, sign_in: SignIn, run_code: RunCode) -> None:
    run_code(MANY)
    page = open_grid(sign_in("ekonom"), site, OTHER)
    assert page.locator("tr.line").count() > 60
    expect(page.locator("tr.line.later")).to_have_count(0)
    expect(cell(page, lines(page).count() - 1)).to_be_visible()
    page.reload()
    cell(page, 0).click()
    page.keyboard.press("Control+End")
    expect(page.locator("tr.line").last.locator("input").last).to_be_focused()


def test_rest_of_a_long_table_is_there_as_soon_as_it_is_scrolled(
    site: Site, sign_in: SignIn, run_code: RunCode
) -> None:
    run_code(MANY)
    page = sign_in("ekonom")
    page.add_init_script("window.requestIdleCallback = () => 0")  # a browser that is never idle
    page.goto(site.url + OTHER)
    page.locator("[data-menu]").first.wait_for()
    assert page.locator("tr.line.later").count() > 0
    page.mouse.wheel(0, 60)
    expect(page.locator("tr.line.later")).to_have_count(0)


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("path", [OTHER.replace("klient", "grundanslag"), OTHER], ids=["longest", "widest"])
def test_a_table_on_a_common_screen_stays_within_its_frame(
    site: Site, sign_in: SignIn, language: str, path: str
) -> None:
    """Where the table does not scroll in its frame, a column more would stand beside the page's right edge."""
    page = open_grid(sign_in("ekonom", language=language), site, path, "tkr")
    for width in (1280, 1366, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        beyond = page.locator(".grid-scroll").evaluate(
            "frame => frame.querySelector('table').getBoundingClientRect().right - frame.getBoundingClientRect().right"
        )
        assert beyond <= 0, (width, beyond)
