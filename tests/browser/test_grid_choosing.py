"""Which lines are meant: changing several, what a filter shows and sums, and what stands against going on."""

from __future__ import annotations

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.grid import OTHER, OWN, amounts, cell, kronor, open_grid, saved, total, write
from tests.site import Site


class Counter:
    """Clicks and keys, as a person makes them."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.count += 1

    def click(self, selector: str) -> None:
        self.page.locator(selector).click()
        self.count += 1


def test_three_selected_lines_are_raised_by_per_cent_in_at_most_five_clicks_and_keys(
    site: Site, sign_in: SignIn
) -> None:
    page = open_grid(sign_in("ekonom"), site)
    for row, amount in enumerate(("1000", "2000", "3000")):
        write(page, cell(page, row, "amount_2_ore"), amount)
    saved(page)
    rest = amounts(page, 3, 3)
    cell(page, 0, "amount_2_ore").click()
    cell(page, 2, "amount_2_ore").click(modifiers=["Shift"])
    hand, dialog = Counter(page), page.locator("#grid-many")
    hand.click("[data-many]")
    expect(dialog.locator("[name=value]")).to_be_focused()
    hand.press("3")
    hand.press("Enter")
    expect(dialog.locator("[name=apply]")).to_be_focused()
    expect(dialog.locator("caption")).to_contain_text("3")
    assert Axe().run(page).response["violations"] == []
    hand.press("Enter")
    expect(dialog).to_be_hidden()
    page.locator("[data-menu]").first.wait_for()
    assert [row[1] for row in amounts(page, 0, 3)] == [1030, 2060, 3090]
    assert amounts(page, 3, 3) == rest
    assert hand.count <= 5


def test_change_of_what_the_filter_shows_leaves_the_hidden_lines_and_says_how_many(site: Site, sign_in: SignIn) -> None:
    page = open_grid(sign_in("ekonom"), site, OTHER)
    every, before = page.locator("tr.line").count(), amounts(page, 0, 40)
    page.locator("#grid-filter").fill("avskrivning")
    shown = page.locator("tr.line:visible").count()
    page.locator("[data-many]").click()
    dialog = page.locator("#grid-many")
    expect(dialog.locator("[name=scope]")).to_have_value("visible")
    dialog.locator("[name=value]").fill("10")
    page.keyboard.press("Enter")
    expect(dialog.locator("[data-hidden]")).to_contain_text(str(every - shown))
    dialog.locator("[name=apply]").click()
    expect(dialog).to_be_hidden()
    page.locator("[data-menu]").first.wait_for()
    after = amounts(page, 0, 40)
    assert 0 < sum(one != other for one, other in zip(before, after, strict=True)) <= shown


def test_changed_cells_are_marked_until_the_change_is_undone_and_after_a_reload(site: Site, sign_in: SignIn) -> None:
    page = open_grid(sign_in("ekonom"), site)
    place = cell(page, 4, "note").locator("xpath=..")
    expect(place).not_to_have_class(re.compile("edited"))
    write(page, cell(page, 4, "note"), "Avtalet löper ut")
    saved(page)
    expect(place).to_have_class(re.compile("edited"))
    page.locator("[data-step=undo]").click()
    expect(place).not_to_have_class(re.compile("edited"))
    page.locator("[data-step=redo]").click()
    expect(place).to_have_class(re.compile("edited"))
    page.reload()
    page.locator("[data-menu]").first.wait_for()
    expect(place).to_have_class(re.compile("edited"))
    expect(cell(page, 4, "text").locator("xpath=..")).not_to_have_class(re.compile("edited"))


def test_foot_of_a_filter_sums_what_it_shows(site: Site, sign_in: SignIn) -> None:
    page = open_grid(sign_in("ekonom"), site, OTHER)
    whole, head = total(page), page.locator("#total .num").first.text_content()
    page.locator("#grid-filter").fill("avskrivning")
    script = "rows => rows.filter(row => !row.hidden).map(row => row.querySelectorAll('input')[4].value)"
    shown = [kronor(text) for text in page.locator("tr.line").evaluate_all(script)]
    assert total(page) == sum(shown) != whole
    expect(page.locator("#lines tfoot tr").first.locator("th")).to_have_text(re.compile("visade|shown"))
    assert page.locator("#total .num").first.text_content() == head
    page.locator("#grid-filter").fill("")
    assert total(page) == whole


def test_changed_lines_and_those_to_correct_are_chosen_by_buttons_with_their_counts(
    site: Site, sign_in: SignIn
) -> None:
    page = open_grid(sign_in("objektagare"), site)
    buttons = {name: page.locator(f"[data-show={name}]") for name in ("all", "changed", "wrong")}

    def count(name: str) -> int:
        return kronor(re.sub(r"[^0-9]", "", buttons[name].text_content() or ""))

    every, changed = count("all"), count("changed")
    assert every == page.locator("tr.line").count()
    assert count("wrong") == 0
    write(page, cell(page, 5), "5150")
    write(page, cell(page, 6), "3.286")
    expect(cell(page, 6)).to_have_attribute("aria-invalid", "true")
    assert (count("changed"), count("wrong")) == (changed + 2, 1)
    assert Axe().run(page).response["violations"] == []
    buttons["wrong"].focus()
    page.keyboard.press("Enter")
    expect(buttons["wrong"]).to_have_attribute("aria-pressed", "true")
    assert page.locator("tr.line:visible").count() == 1
    write(page, cell(page, 6), "3286")
    saved(page)
    assert count("wrong") == 0
    expect(cell(page, 6)).to_be_visible()
    buttons["changed"].click()
    assert page.locator("tr.line:visible").count() == count("changed")
    page.reload()
    page.locator("[data-menu]").first.wait_for()
    assert count("changed") == changed + 2


def test_submitting_with_a_refused_cell_is_closed_and_leads_to_it(site: Site, sign_in: SignIn) -> None:
    page = open_grid(sign_in("objektagare"), site, OWN)
    page.on("dialog", lambda dialog: dialog.accept())
    write(page, cell(page, 3), "3.286")
    expect(cell(page, 3)).to_have_attribute("aria-invalid", "true")
    step = page.locator("a[data-goes-on]")
    expect(step).to_have_attribute("data-closed", "")
    step.click()
    box = page.locator("#grid-closed")
    expect(box).to_be_focused()
    expect(box).to_contain_text("3.286")
    assert Axe().run(page).response["violations"] == []
    box.get_by_role("link").click()
    expect(cell(page, 3)).to_be_focused()
    page.goto(site.url + str(step.get_attribute("href")))
    held = page.locator("#held")
    expect(held).to_be_visible()
    assert Axe().run(page).response["violations"] == []
    page.locator("[data-step-form] [type=submit]").click()
    expect(held).to_be_focused()
    held.get_by_role("link").click()
    page.locator("[data-menu]").first.wait_for()
    expect(cell(page, 3)).to_have_attribute("aria-invalid", "true")
    cell(page, 3).click()
    page.keyboard.press("Escape")
    expect(box).to_be_empty()
    page.locator("a[data-goes-on]").click()
    page.locator("[data-step-form]").wait_for()
    expect(held).to_be_hidden()


def test_what_is_on_its_way_is_saved_before_a_step_is_asked_about(site: Site, sign_in: SignIn) -> None:
    page = open_grid(sign_in("objektagare"), site, OWN)
    cell(page, 7).click()
    page.keyboard.type("7250")
    page.locator("a[data-goes-on]").click()
    page.locator("[data-step-form]").wait_for()
    open_grid(page, site, OWN)
    page.locator("[data-menu]").first.wait_for()
    assert kronor(cell(page, 7).input_value()) == 7250
