"""Blocks of cells to and from the grid with the real clipboard: over lines, below the last one, wrong cells."""

from __future__ import annotations

import json
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import RunCode, SignIn
from tests.browser.grid import MANY, OPEN, OTHER, amounts, cell, lines, open_grid, paste, saved, total, write
from tests.site import Site


def block_of(path: Path, rows: list[list[object]]) -> str:
    """A sheet's cells as a spreadsheet puts them on the clipboard."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    cells = load_workbook(path).active.iter_rows(values_only=True)
    return "\r\n".join("\t".join(str(value).replace(".", ",") for value in row) for row in cells) + "\r\n"


def test_pasted_sheet_is_undone_done_again_and_undone_after_a_reload(
    site: Site, sign_in: SignIn, run_code: RunCode, tmp_path: Path
) -> None:
    run_code(MANY)
    page = open_grid(sign_in("ekonom"), site, OTHER)
    rows = [[1000 + n, 2000.5 + n, -n] for n in range(50)]
    before, sum_before = amounts(page, 0, 50), total(page)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    paste(page, cell(page, 0), block_of(tmp_path / "block.xlsx", [list(row) for row in rows]))
    page.locator("#grid-slips [data-answer=keep]").click()
    saved(page)
    assert len(sent) == 1
    pasted = [[1000 + n, 2000 + n, -n] for n in range(50)]
    assert amounts(page, 0, 50) == pasted
    after = total(page)
    assert after == sum_before + sum(row[0] for row in pasted) - sum(row[0] for row in before)
    page.keyboard.press("Control+z")
    expect(page.locator("[data-step=redo]")).to_be_enabled()
    assert (amounts(page, 0, 50), total(page)) == (before, sum_before)
    page.keyboard.press("Control+y")
    expect(page.locator("[data-step=redo]")).to_be_disabled()
    assert (amounts(page, 0, 50), total(page)) == (pasted, after)
    page.reload()
    page.locator("[data-menu]").first.wait_for()
    assert amounts(page, 0, 50) == pasted
    cell(page, 0).click()
    page.keyboard.press("Control+z")
    expect(page.locator("[data-step=redo]")).to_be_enabled()
    assert (amounts(page, 0, 50), total(page)) == (before, sum_before)


def test_wrong_cells_of_a_paste_are_listed_and_the_good_ones_taken_if_agreed(site: Site, sign_in: SignIn) -> None:
    page = open_grid(sign_in("ekonom"), site)
    first = 4  # the lines of two products, without a closed one between
    before = amounts(page, first, 2)
    block = "100\t3.286\ttolv\n400\t500\t600"
    paste(page, cell(page, first), block)
    dialog = page.locator("#grid-ask")
    expect(dialog).to_be_visible()
    assert dialog.locator("li").count() == 2
    expect(dialog.locator("li").first).to_contain_text("3.286")
    assert Axe().run(page).response["violations"] == []
    dialog.locator("[data-no]").click()
    assert amounts(page, first, 2) == before
    page.reload()
    page.locator("[data-menu]").first.wait_for()
    assert amounts(page, first, 2) == before
    paste(page, cell(page, first), block)
    dialog.locator("[data-yes]").click()
    saved(page)
    assert amounts(page, first, 2) == [[100, before[0][1], before[0][2]], [400, 500, 600]]


def test_copied_block_is_what_a_spreadsheet_reads(site: Site, sign_in: SignIn) -> None:
    page = open_grid(sign_in("ekonom"), site)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    write(page, cell(page, 0), "1 234 567,5")
    write(page, cell(page, 0, "amount_2_ore"), "-5")
    saved(page)
    cell(page, 0).click()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Control+c")
    assert page.evaluate("navigator.clipboard.readText()") == "1234567,50\t-5"


def texts(page: Page) -> list[str]:
    found: list[str] = (
        lines(page)
        .locator("input:first-child")
        .evaluate_all("cells => cells.filter(cell => cell.name.endsWith(':text')).map(cell => cell.value)")
    )
    return found


def wait_for_lines(page: Page, count: int) -> None:
    expect(lines(page)).to_have_count(count)
    saved(page)


def check_what_the_paste_shows(page: Page) -> None:
    """The last note, the numbers of lines, what is said, and the selection from the first cell on."""
    assert cell(page, 5, "note").input_value() == "anm 6"
    counts = page.locator("[data-count-of='']"), page.locator("[data-count-of='Direkt kostnad']")
    assert [int(count.inner_text()) for count in counts] == [6 + page.locator("tr.fixed").count(), 6]
    expect(page.locator("#grid-told")).to_contain_text("3")
    expect(cell(page, 0, "text")).to_be_focused()
    assert page.locator("td.sel, th.sel").count() == 48
    assert Axe().run(page).response["violations"] == []


def test_paste_below_the_last_line_adds_lines_that_one_undo_takes_back(
    site: Site, sign_in: SignIn, one_product: str, tmp_path: Path
) -> None:
    page = open_grid(sign_in("ekonom"), site, one_product)
    before, sum_before = (texts(page), amounts(page, 0, 3)), total(page)
    assert len(before[0]) == 3
    count = page.locator("[data-count-of='']").inner_text()
    sum_after = sum_before - sum(row[0] for row in before[1]) + 2100
    rows = [[f"Rad <b>{n}</b>", "Direkt kostnad", n, 100, "", 10 * n, -n, f"anm {n}"] for n in range(1, 7)]
    pasted = ([str(row[0]) for row in rows], [[100 * n, 10 * n, -n] for n in range(1, 7)])
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    paste(page, cell(page, 0, "text"), block_of(tmp_path / "block.xlsx", rows).replace("None", ""))
    wait_for_lines(page, 6)
    assert len(sent) == 1
    assert (texts(page), amounts(page, 0, 6), total(page)) == (*pasted, sum_after)
    check_what_the_paste_shows(page)
    page.keyboard.press("Control+z")
    wait_for_lines(page, 3)
    assert (texts(page), amounts(page, 0, 3), total(page)) == (*before, sum_before)
    expect(page.locator("#grid-told")).to_be_empty()
    assert page.locator("[data-count-of='']").inner_text() == count
    page.keyboard.press("Control+y")
    wait_for_lines(page, 6)
    assert (texts(page), amounts(page, 0, 6), total(page)) == (*pasted, sum_after)
    page.reload()
    page.locator("[data-menu]").first.wait_for()
    assert (texts(page), amounts(page, 0, 6)) == pasted
    cell(page, 0).click()
    page.keyboard.press("Control+z")
    wait_for_lines(page, 3)
    assert (texts(page), amounts(page, 0, 3), total(page)) == (*before, sum_before)


def test_pasted_amounts_below_the_last_line_are_asked_about_and_wait_for_their_texts(
    site: Site, sign_in: SignIn, one_product: str
) -> None:
    page = open_grid(sign_in("ekonom"), site, one_product)
    before = texts(page), amounts(page, 0, 3)
    block = "1\t2\t3\n4\t5\t6\n\t\t\n7\ttolv\t9"
    paste(page, cell(page, 1), block)
    dialog = page.locator("#grid-ask")
    expect(dialog.locator("li")).to_have_count(2)
    expect(dialog.locator("li").filter(has_text="tolv")).to_have_count(1)
    assert Axe().run(page).response["violations"] == []
    dialog.locator("[data-no]").click()
    assert (texts(page), amounts(page, 0, 3)) == before
    paste(page, cell(page, 1), block)
    dialog.locator("[data-yes]").click()
    wait_for_lines(page, 4)
    assert texts(page) == [*before[0], "Ny rad"]
    assert amounts(page, 1, 3) == [[1, 2, 3], [4, 5, 6], [7, 0, 9]]
    expect(page.locator("#grid-told [data-unnamed]")).to_be_visible()
    page.locator("#grid-told [data-undo]").click()
    wait_for_lines(page, 3)
    assert (texts(page), amounts(page, 0, 3)) == before


def test_paste_goes_over_the_next_products_lines_and_adds_to_the_last_shown(
    site: Site, sign_in: SignIn, two_products: str
) -> None:
    page = open_grid(sign_in("ekonom"), site, two_products)
    products = page.locator("#lines tbody[data-product]")
    assert products.locator(OPEN).count() == 3
    paste(page, cell(page, 1, "text"), "\n".join(f"Rad {n}" for n in range(4)))
    wait_for_lines(page, 5)
    assert products.nth(1).locator("tr.line").count() == 3
    assert texts(page)[1:] == [f"Rad {n}" for n in range(4)]
    write(page, cell(page, 4, "note"), "klart")
    saved(page)
    expect(page.locator("#grid-told [data-undo]")).to_have_count(0)
    page.locator("#grid-told [data-close]").click()
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    wait_for_lines(page, 3)
    page.locator("#lines .twist").nth(1).click()
    paste(page, cell(page, 1, "text"), "Rad a\nRad b")
    wait_for_lines(page, 4)
    assert products.nth(0).locator(OPEN).count() == 3
    page.locator("#lines .twist").nth(0).click()
    page.locator("[data-step=undo]").click()
    expect(page.locator("[data-step=redo]")).to_be_enabled()
    page.locator("[data-step=redo]").click()
    wait_for_lines(page, 4)
    expect(products.nth(0).locator("tr.line").last).to_be_visible()
    page.locator("[data-step=undo]").click()
    wait_for_lines(page, 3)


def test_paste_under_a_filter_adds_no_lines_and_says_so(site: Site, sign_in: SignIn, one_product: str) -> None:
    page = open_grid(sign_in("ekonom"), site, one_product)
    page.locator("#grid-filter").fill("serverdrift")
    paste(page, page.locator("tr.line:visible input[name$=':amount_1_ore']").last, "1\n2\n3")
    dialog = page.locator("#grid-ask")
    expect(dialog.locator("li")).to_have_count(1)
    dialog.locator("[data-yes]").click()
    saved(page)
    assert lines(page).count() == 3
    page.keyboard.press("Control+z")
    expect(page.locator("[data-step=redo]")).to_be_enabled()
    page.locator("#grid-filter").fill("")
    paste(page, cell(page, 0), "1\n" * 1_005)
    expect(dialog.locator("li")).to_have_count(1)
    expect(dialog.locator("[data-yes]")).to_be_hidden()
    dialog.locator("[data-no]").click()
    assert lines(page).count() == 3


def test_pasted_lines_wait_for_the_connection(site: Site, sign_in: SignIn, one_product: str) -> None:
    page = open_grid(sign_in("ekonom"), site, one_product)
    page.route("**/grid/**", lambda route: route.abort())
    paste(page, cell(page, 2, "text"), "Avtal 2\tDirekt kostnad\nNytt avtal\tDirekt kostnad\t\t\t500")
    expect(page.locator("[data-grid-state]")).to_contain_text("3")
    page.unroute("**/grid/**")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    wait_for_lines(page, 4)
    assert (texts(page)[3], amounts(page, 3, 1)) == ("Nytt avtal", [[500, 0, 0]])
    page.locator("[data-step=undo]").click()
    wait_for_lines(page, 3)


def test_pasted_lines_of_a_product_that_is_gone_are_told_whole(site: Site, sign_in: SignIn, one_product: str) -> None:
    page = open_grid(sign_in("ekonom"), site, one_product)

    def refuse(route: Route) -> None:
        added = json.loads(route.request.post_data or "")["added"]
        gone = [{"line": row["line"], "field": "", "typed": "", "place": "", "reason": "Borta."} for row in added]
        route.fulfill(status=409, json={"bad": [], "gone": gone, "clashes": [], "lines": {}})

    page.route("**/grid/**", refuse)
    paste(page, cell(page, 2, "text"), "Avtal 2\tDirekt kostnad\nNytt avtal\tDirekt kostnad\t\t\t500")
    expect(page.locator("#grid-told")).to_contain_text("Nytt avtal · Direkt kostnad · 500")
