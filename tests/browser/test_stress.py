"""The stress test under a real hand: a slider moves the chart, the sentence and the shares, and a typed number the slider."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SignIn
from tests.browser.test_dashboard import CUT, OVER, SHOWN
from tests.browser.test_pages import DESKTOP, PHONE
from tests.site import Site

PAGE = "/budgets/budget-2027/loans/"


def test_slider_moves_the_sentence_and_the_shares_and_keeps_its_number(site: Site, sign_in: SignIn) -> None:
    page = sign_in("ekonom", language="en", viewport=DESKTOP)
    page.goto(site.url + PAGE)
    stressed, slider = page.locator("#stressed"), page.locator("[data-range-of=id_price]")
    expect(stressed).to_contain_text("As budgeted")
    before = stressed.locator("summary").last.inner_text()
    slider.focus()
    for _step in range(5):
        page.keyboard.press("ArrowRight")
    expect(page.locator("#id_price")).to_have_value("5")
    expect(stressed).not_to_contain_text("As budgeted")
    expect(stressed).to_contain_text("Dashed line: debt under stress")
    expect(stressed.locator("summary").last).not_to_have_text(before)
    expect(slider).to_be_focused()
    page.fill("#id_price", "\u221212,5")
    expect(slider).to_have_value("-12")
    expect(stressed).to_contain_text(re.compile("The debt fits the framework|exceeds the framework"))
    page.fill("#id_price", "dear")
    expect(stressed).to_contain_text("1 thing to correct")
    page.get_by_role("link", name="Reset").click()
    expect(stressed).to_contain_text("As budgeted")


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_no_label_of_the_chart_is_cut_or_over_another(site: Site, sign_in: SignIn, viewport: dict[str, int]) -> None:
    page = sign_in("ekonom", viewport=viewport)
    page.goto(site.url + PAGE + "?chosen=1&classes=computers&classes=mobile_phones&price=30")
    images = page.locator(SHOWN)
    assert images.count() == 1
    assert images.evaluate_all(CUT) == []
    assert images.evaluate_all(OVER) == []
