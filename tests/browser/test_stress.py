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
OWN, BOARD = "/budgets/budget-2027/stress/", "/budgets/budget-2027/dashboard/"
# What a hand on a slider waits for: the month of the breach and the members' shares have both moved.
MOVED = """async ([id, value]) => {
    const told = () => [document.querySelector("#stressed h2"), ...document.querySelectorAll("#stressed summary")]
        .map((each) => each.textContent).join();
    const slider = document.querySelector(`[data-range-of="${id}"]`), before = told(), start = performance.now();
    slider.value = value;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    while (told() === before && performance.now() - start < 5000) await new Promise((go) => setTimeout(go, 5));
    return [performance.now() - start, told() !== before];
}"""
MOST_MS = 200


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


@pytest.mark.parametrize("address", [PAGE, OWN], ids=["loans", "stress"])
def test_slider_moves_the_breach_and_the_shares_within_a_fifth_of_a_second(
    site: Site, sign_in: SignIn, address: str
) -> None:
    page = sign_in("ekonom", language="en", viewport=DESKTOP)
    page.goto(site.url + address)
    taken = []
    for price in (40, 10, 50, 5, 60, 20, 55, 15):
        ms, has_moved = page.evaluate(MOVED, ["id_price", str(price)])
        assert has_moved
        taken.append(ms)
    # The first ones warm the server up, and the machine of a test has other things to do: what it can do counts.
    assert min(taken[2:]) <= MOST_MS, taken


def test_scenario_is_saved_found_on_the_board_s_page_and_opened_later_with_the_same_figures(
    site: Site, sign_in: SignIn
) -> None:
    page = sign_in("ekonom", language="en", viewport=DESKTOP)
    page.goto(site.url + OWN)
    stressed = page.locator("#stressed")
    page.fill("#id_price", "30")
    expect(stressed).to_contain_text("Dashed line: debt under stress")
    page.get_by_role("button", name="Add a row").click()
    expect(page.locator("#id_pot_1_name")).to_be_visible()
    page.fill("#id_pot_1_name", "Pott")
    page.fill("#id_pot_1_yearly_amount_ore", "2 mkr")
    page.fill("#id_pot_1_life_years", "3")
    expect(page.locator("#given")).to_have_value(re.compile("Pott"))
    expect(stressed).not_to_contain_text("to correct")
    told = stressed.locator("h2").first.inner_text()
    page.get_by_role("textbox", name="Keep what is tried as a scenario named").fill("Dearer, with a pot")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The scenario “Dearer, with a pot” is saved.")).to_be_visible()
    expect(stressed.locator("h2").first).to_have_text(told)
    page.get_by_role("link", name="Compare scenarios").click()
    expect(page.get_by_role("table", name="Scenarios side by side, tkr")).to_contain_text("Dearer, with a pot")
    page.get_by_role("link", name="Dearer, with a pot", exact=True).click()
    expect(page.locator("#id_pot_0_name")).to_have_value("Pott")
    page.get_by_role("link", name="Compare scenarios").click()
    page.get_by_role("link", name=re.compile("^Change.*Dearer, with a pot")).click()
    page.get_by_label("Shown on the board's dashboard").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("on the board's dashboard")).to_be_visible()
    board = sign_in("direktion", language="en", viewport=DESKTOP)
    board.goto(site.url + BOARD)
    board.get_by_role("link", name="Dearer, with a pot").click()
    expect(board.locator("#stressed h2").first).to_have_text(told)
    expect(board.locator("#id_pot_0_name")).to_have_value("Pott")
    expect(board.get_by_role("button", name="Save")).to_have_count(0)
