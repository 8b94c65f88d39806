"""Lines that are not typed stand closed in the grid: keys pass them, and what is laid over them is asked about or told."""

from __future__ import annotations

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.grid import amounts, cell, choose, kronor, open_grid, open_two, paste, saved, total, write
from tests.browser.test_grid_keys import focused
from tests.browser.test_grid_losses import look
from tests.site import Site

# The first product of the table has a copy of working time, and a line of direct costs below it; the second begins alike.
COPY, OPEN, NEXT_COPY, NEXT_OPEN = range(4)


def told(page: Page) -> str:
    return page.locator("[data-grid-cell]").inner_text()


def test_keys_pass_closed_cells_and_what_is_typed_in_one_is_told(site: Site, sign_in: SignIn) -> None:
    page = open_grid(sign_in("objektagare"), site)
    before = amounts(page, COPY, 4)
    cell(page, COPY).click()
    page.keyboard.type("5")
    assert "ekonomen" in told(page)
    page.keyboard.press("Delete")
    assert "1 cell " in told(page)
    cell(page, COPY).dblclick()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+x")
    assert amounts(page, COPY, 4) == before
    expect(page.locator("[data-step=undo]")).to_be_disabled()
    write(page, cell(page, OPEN), "91")
    assert focused(page) == (NEXT_OPEN, "amount_1_ore")
    cell(page, OPEN, "note").click()
    for expected in ((NEXT_COPY, "text"), (NEXT_COPY, "note"), (NEXT_OPEN, "text")):
        page.keyboard.press("Tab")
        assert focused(page) == expected
    saved(page)
    assert amounts(page, COPY, 4) == [before[0], [91, *before[1][1:]], *before[2:]]
    assert Axe().run(page).response["violations"] == []


def test_block_over_closed_cells_is_asked_about_and_the_others_are_taken_if_agreed(site: Site, sign_in: SignIn) -> None:
    page = open_grid(sign_in("objektagare"), site)
    before = amounts(page, COPY, 4)
    block = f"{before[0][1]}\t501\n502\t503\n504\t\n"
    dialog = page.locator("#grid-ask")
    paste(page, cell(page, COPY, "amount_2_ore"), block)
    expect(dialog.locator("li")).to_have_count(1)
    expect(dialog.locator("li")).to_contain_text("2 celler behåller")
    assert Axe().run(page).response["violations"] == []
    dialog.locator("[data-no]").click()
    assert amounts(page, COPY, 4) == before
    paste(page, cell(page, COPY, "amount_2_ore"), block)
    dialog.locator("[data-yes]").click()
    saved(page)
    slips = page.locator("#grid-slips")
    if slips.is_visible():
        slips.locator("[data-answer=keep]").click()
        saved(page)
    assert amounts(page, COPY, 4) == [before[0], [before[1][0], 502, 503], *before[2:]]
    cell(page, COPY, "amount_2_ore").click()
    for key in ("Shift+ArrowDown", "Delete"):
        page.keyboard.press(key)
    assert "1 cell behåller" in told(page)
    saved(page)
    expect(cell(page, OPEN, "amount_2_ore")).to_have_value("0")
    assert amounts(page, COPY, 1) == before[:1]


def test_closed_line_is_noted_moved_and_copied_and_not_deleted(site: Site, sign_in: SignIn) -> None:
    page = open_grid(sign_in("objektagare"), site)
    line = page.locator("tr.line").nth(NEXT_COPY)
    expect(line).to_have_class(re.compile(r"\bfixed\b"))
    line.locator("[data-menu]").click()
    expect(page.locator("#grid-menu [data-act=copy]")).to_be_visible()
    expect(page.locator("#grid-menu [data-act=delete]")).to_be_hidden()
    page.keyboard.press("Escape")
    write(page, cell(page, NEXT_COPY, "note"), "väntar på kalkylen")
    saved(page)
    expect(line).to_have_class(re.compile(r"\bfixed\b"))
    count = page.locator("tr.line").count()
    choose(page, line, "copy")
    expect(page.locator("tr.line")).to_have_count(count + 1)
    copy = page.locator("tr.line").nth(NEXT_COPY + 1)
    expect(copy).not_to_have_class(re.compile(r"\bfixed\b"))
    expect(cell(page, NEXT_COPY + 1)).to_be_editable()
    copy.locator("[data-menu]").click()
    expect(page.locator("#grid-menu [data-act=delete]")).to_be_visible()
    page.locator("#grid-menu [data-act=delete]").click()
    expect(page.locator("tr.line")).to_have_count(count)
    choose(page, line, "down")
    expect(cell(page, NEXT_COPY + 1, "note")).to_have_value("väntar på kalkylen")
    expect(cell(page, NEXT_COPY + 1)).not_to_be_editable()
    page.locator("[data-step=undo]").click()
    expect(cell(page, NEXT_COPY, "note")).to_have_value("väntar på kalkylen")
    expect(cell(page, NEXT_COPY)).not_to_be_editable()


def test_line_opens_when_the_economist_has_typed_in_it_and_closes_with_the_undo(site: Site, sign_in: SignIn) -> None:
    owner, economist = open_two(sign_in, site)
    at, before = cell(owner, 6), cell(owner, 6).input_value()
    expect(at).not_to_be_editable()
    write(economist, cell(economist, 6), "5400000")
    saved(economist)
    look(owner)
    expect(at).to_be_editable()
    assert kronor(at.input_value()) == 5_400_000
    economist.locator("[data-step=undo]").click()
    expect(cell(economist, 6)).to_have_value(before)
    expect(cell(economist, 6)).to_be_editable()
    look(owner)
    expect(at).to_have_value(before)
    expect(at).not_to_be_editable()


def test_new_sum_of_a_product_is_laid_on_its_open_lines_and_says_which_keep_theirs(site: Site, sign_in: SignIn) -> None:
    page = open_grid(sign_in("objektagare"), site)
    before, sum_before = amounts(page, COPY, 2), total(page)
    page.locator("#lines tr.grp .sum-act").first.focus()
    page.keyboard.type(str(before[0][0] + 12_000))
    page.keyboard.press("Enter")
    dialog = page.locator("#grid-many[open]")
    expect(dialog.locator("[data-hidden]")).to_have_text("1 beräknad rad behåller sitt belopp.")
    assert Axe().run(page).response["violations"] == []
    dialog.locator("[name=apply]").click()
    expect(cell(page, OPEN)).to_have_value("12\u202f000")
    assert amounts(page, COPY, 1) == before[:1]
    assert total(page) == sum_before - before[1][0] + 12_000
