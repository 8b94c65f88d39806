"""Long tables and common screens: the grid is whole, soon, and within its frame."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import RunCode, SignIn
from tests.browser.grid import (
    MANY,
    OTHER,
    cell,
    left_of,
    lines,
    open_grid,
    right_of,
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


LONG_NAME = "Verksamhetssystem för bygglov, miljötillsyn och detaljplaner med e-tjänster, kartportal och arkivlösning"
RENAMED = f"""
from budgets.models import BudgetProduct
product = BudgetProduct.objects.filter(budget__slug="budget-2027", sub_budget__slug="klient").order_by("position")[1]
BudgetProduct.objects.filter(pk=product.pk).update(name="{LONG_NAME}")
"""
ROW = 33
TALL = f"rows => rows.filter(row => row.getBoundingClientRect().height > {ROW}).map(row => row.innerText)"


@pytest.mark.parametrize("unit", ["tkr", "kr"])
@pytest.mark.parametrize("path", [OTHER.replace("klient", "grundanslag"), OTHER], ids=["longest", "widest"])
def test_heading_of_a_product_is_one_row_high_however_long_its_name(
    site: Site, sign_in: SignIn, run_code: RunCode, path: str, unit: str
) -> None:
    run_code(RENAMED)
    page = open_grid(sign_in("ekonom"), site, path, unit)
    for width in (1280, 1100, 700):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.locator("#lines tr.grp").evaluate_all(TALL) == [], width


def test_heading_is_one_row_high_for_those_who_only_read_too(site: Site, sign_in: SignIn) -> None:
    page = sign_in("direktion")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(site.url + OTHER.replace("klient", "grundanslag"))
    assert page.locator("#lines tr.grp").evaluate_all(TALL) == []
    assert page.locator(".grid-scroll").evaluate("frame => frame.scrollWidth - frame.clientWidth") <= 0


def test_long_name_of_a_product_is_read_whole_by_pointer_and_keys_and_covers_no_figure(
    site: Site, sign_in: SignIn, run_code: RunCode
) -> None:
    run_code(RENAMED)
    page = open_grid(sign_in("ekonom"), site, OTHER, "tkr")
    page.set_viewport_size({"width": 1280, "height": 900})
    button = page.locator("#lines .twist").filter(has_text=LONG_NAME)
    name = button.locator(".product-name")
    assert name.get_attribute("title") == LONG_NAME
    assert name.evaluate("name => name.scrollWidth > name.clientWidth")
    figure = button.locator("xpath=ancestor::tr/td[contains(@class, 'now')]")
    assert right_of(button) <= left_of(figure)

    button.locator("xpath=ancestor::tbody").locator("tr.line input").first.click()
    page.keyboard.press("ArrowUp")
    expect(button).to_be_focused()
    assert name.evaluate("name => name.scrollWidth <= name.clientWidth && name.scrollHeight <= name.clientHeight")
    assert right_of(button) <= left_of(figure)


def test_name_keeps_to_its_column_where_the_table_is_scrolled_sideways(
    site: Site, sign_in: SignIn, run_code: RunCode
) -> None:
    run_code(RENAMED)
    page = open_grid(sign_in("ekonom"), site, OTHER, "kr")
    page.set_viewport_size({"width": 900, "height": 900})
    frame, button = page.locator(".grid-scroll"), page.locator("#lines .twist").filter(has_text=LONG_NAME)
    heading = button.locator("xpath=ancestor::th")
    assert right_of(button) > right_of(heading)
    frame.evaluate("frame => frame.scrollBy(200, 0)")
    expect(frame).to_have_class(re.compile("is-moved"))
    assert right_of(button) <= right_of(heading)
