"""Lines that are not typed stand closed in the grid: keys pass them, and what is laid over them is asked about or told."""

from __future__ import annotations

import re
from functools import partial

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser import grid, test_grid_keys
from tests.browser.conftest import SignIn
from tests.browser.grid import EVERY, choose, kronor, open_grid, open_two, paste, saved, total, write
from tests.browser.test_grid_losses import look
from tests.site import Site

# Here all lines are counted. The first product of the table has working time, which is calculated, and a line of direct costs
# below it; the second begins alike, and goes on with a copy that waits to be calculated.
CALCULATED, TYPED, NEXT_CALCULATED, NEXT_TYPED, COPY = range(5)
cell, amounts = partial(grid.cell, among=EVERY), partial(grid.amounts, among=EVERY)
focused = partial(test_grid_keys.focused, among=EVERY)


def told(page: Page) -> str:
    return page.locator("[data-grid-cell]").inner_text()


def test_keys_pass_closed_cells_and_what_is_typed_in_one_is_told(site: Site, sign_in: SignIn) -> None:
    page = open_grid(sign_in("objektagare"), site)
    before = amounts(page, CALCULATED, 4)
    cell(page, CALCULATED).click()
    page.keyboard.type("5")
    assert "ekonomen" in told(page)
    page.keyboard.press("Delete")
    assert "1 cell " in told(page)
    cell(page, CALCULATED).dblclick()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+x")
    assert amounts(page, CALCULATED, 4) == before
    expect(page.locator("[data-step=undo]")).to_be_disabled()
    write(page, cell(page, TYPED), "91")
    assert focused(page) == (NEXT_TYPED, "amount_1_ore")
    cell(page, TYPED, "note").click()
    for expected in ((NEXT_CALCULATED, "text"), (NEXT_CALCULATED, "note"), (NEXT_TYPED, "text")):
        page.keyboard.press("Tab")
        assert focused(page) == expected
    saved(page)
    assert amounts(page, CALCULATED, 4) == [before[0], [91, *before[1][1:]], *before[2:]]
    assert Axe().run(page).response["violations"] == []


def test_block_over_closed_cells_is_asked_about_and_the_others_are_taken_if_agreed(site: Site, sign_in: SignIn) -> None:
    page = open_grid(sign_in("objektagare"), site)
    before = amounts(page, CALCULATED, 4)
    block = f"{cell(page, CALCULATED, 'amount_2_ore').input_value()}\t501\n502\t503\n504\t\n"
    dialog = page.locator("#grid-ask")
    paste(page, cell(page, CALCULATED, "amount_2_ore"), block)
    expect(dialog.locator("li")).to_have_count(1)
    expect(dialog.locator("li")).to_contain_text("2 celler behåller")
    assert Axe().run(page).response["violations"] == []
    dialog.locator("[data-no]").click()
    assert amounts(page, CALCULATED, 4) == before
    paste(page, cell(page, CALCULATED, "amount_2_ore"), block)
    dialog.locator("[data-yes]").click()
    saved(page)
    slips = page.locator("#grid-slips")
    if slips.is_visible():
        slips.locator("[data-answer=keep]").click()
        saved(page)
    assert amounts(page, CALCULATED, 4) == [before[0], [before[1][0], 502, 503], *before[2:]]
    cell(page, CALCULATED, "amount_2_ore").click()
    for key in ("Shift+ArrowDown", "Delete"):
        page.keyboard.press(key)
    assert "1 cell behåller" in told(page)
    saved(page)
    expect(cell(page, TYPED, "amount_2_ore")).to_have_value("0")
    assert amounts(page, CALCULATED, 1) == before[:1]


def test_closed_line_is_noted_moved_and_copied_and_not_deleted(site: Site, sign_in: SignIn) -> None:
    page = open_grid(sign_in("objektagare"), site)
    line = page.locator("tr.line").nth(NEXT_CALCULATED)
    expect(line).to_have_class(re.compile(r"\bfixed\b"))
    line.locator("[data-menu]").click()
    expect(page.locator("#grid-menu [data-act=copy]")).to_be_visible()
    expect(page.locator("#grid-menu [data-act=delete]")).to_be_hidden()
    page.keyboard.press("Escape")
    write(page, cell(page, NEXT_CALCULATED, "note"), "väntar på kalkylen")
    saved(page)
    expect(line).to_have_class(re.compile(r"\bfixed\b"))
    count = page.locator("tr.line").count()
    choose(page, line, "copy")
    expect(page.locator("tr.line")).to_have_count(count + 1)
    copy = page.locator("tr.line").nth(NEXT_CALCULATED + 1)
    expect(copy).not_to_have_class(re.compile(r"\bfixed\b"))
    expect(cell(page, NEXT_CALCULATED + 1)).to_be_editable()
    copy.locator("[data-menu]").click()
    expect(page.locator("#grid-menu [data-act=delete]")).to_be_visible()
    page.locator("#grid-menu [data-act=delete]").click()
    expect(page.locator("tr.line")).to_have_count(count)
    choose(page, line, "down")
    expect(cell(page, NEXT_CALCULATED + 1, "note")).to_have_value("väntar på kalkylen")
    expect(cell(page, NEXT_CALCULATED + 1)).not_to_be_editable()
    page.locator("[data-step=undo]").click()
    expect(cell(page, NEXT_CALCULATED, "note")).to_have_value("väntar på kalkylen")
    expect(cell(page, NEXT_CALCULATED)).not_to_be_editable()


def test_line_opens_when_the_economist_has_typed_in_it_and_closes_with_the_undo(site: Site, sign_in: SignIn) -> None:
    owner, economist = open_two(sign_in, site)
    at, before = cell(owner, COPY), cell(owner, COPY).input_value()
    expect(at).not_to_be_editable()
    write(economist, cell(economist, COPY), "5400000")
    saved(economist)
    look(owner)
    expect(at).to_be_editable()
    assert kronor(at.input_value()) == 5_400_000
    economist.locator("[data-step=undo]").click()
    expect(cell(economist, COPY)).to_have_value(before)
    expect(cell(economist, COPY)).to_be_editable()
    look(owner)
    expect(at).to_have_value(before)
    expect(at).not_to_be_editable()


def test_new_sum_of_a_product_is_laid_on_its_open_lines_and_says_which_keep_theirs(site: Site, sign_in: SignIn) -> None:
    page = open_grid(sign_in("objektagare"), site)
    before, sum_before = amounts(page, CALCULATED, 2), total(page)
    page.locator("#lines tr.grp .sum-act").first.focus()
    ore = cell(page, CALCULATED).input_value().partition(",")[2]
    page.keyboard.type(f"{before[0][0] + 12_000},{ore}")
    page.keyboard.press("Enter")
    dialog = page.locator("#grid-many[open]")
    expect(dialog.locator("[data-hidden]")).to_have_text("1 beräknad rad behåller sitt belopp.")
    assert Axe().run(page).response["violations"] == []
    dialog.locator("[name=apply]").click()
    expect(cell(page, TYPED)).to_have_value("12\u202f000")
    assert amounts(page, CALCULATED, 1) == before[:1]
    assert total(page) == sum_before - before[1][0] + 12_000
