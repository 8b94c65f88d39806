"""What is typed in the grid and can't be saved at once is never lost: refused cells, lines that are gone, others' news."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import RunCode, SignIn
from tests.browser.grid import (
    OTHER,
    cell,
    kronor,
    lines,
    open_grid,
    open_two,
    paste,
    same_cell,
    same_line,
    saved,
    write,
)
from tests.site import Site

COMMENT = """
from uuid import UUID
from accounts.models import User
from budgets.models import SubBudget
from budgets.services.collaboration import add_comment
sub_budget = SubBudget.objects.get(budget__slug="budget-2027", slug="socialtjanst")
add_comment(sub_budget, about=UUID("LINE"), text="Varför?", by=User.objects.get(email="ekonom@demo.example"))
"""


def reload(page: Page) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.locator("[data-menu]").first.wait_for()


def look(page: Page) -> None:
    """As when the page is seen again."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_refused_cell_stays_marked_while_others_are_written_and_after_a_reload(site: Site, sign_in: SignIn) -> None:
    page = open_grid(sign_in("objektagare"), site)
    at, before = cell(page, 3, "amount_2_ore"), cell(page, 3, "amount_2_ore").input_value()
    write(page, at, "3.286")
    expect(at).to_have_attribute("aria-invalid", "true")
    write(page, cell(page, 3, "note"), "en anteckning")
    expect(page.locator("[data-grid-state]")).to_contain_text("1")
    expect(at).to_have_attribute("aria-invalid", "true")
    assert at.input_value() == "3.286"
    reload(page)
    expect(at).to_have_attribute("aria-invalid", "true")
    assert at.input_value() == "3.286"
    assert cell(page, 3, "note").input_value() == "en anteckning"
    at.click()
    page.keyboard.press("Escape")
    expect(at).not_to_have_attribute("aria-invalid", "true")
    assert at.input_value() == before
    reload(page)
    expect(page.locator("tr.cell-msg")).to_have_count(0)


def test_clash_is_asked_again_after_a_reload(site: Site, sign_in: SignIn) -> None:
    owner, economist = open_two(sign_in, site)
    own = cell(owner, 2)
    write(owner, own, "1111")
    saved(owner)
    write(economist, same_cell(economist, own), "2222")
    clash = economist.locator("tr.cell-msg.is-clash")
    expect(clash).to_contain_text("2222")
    reload(economist)
    expect(clash).to_contain_text("2222")
    clash.get_by_role("button").first.click()
    saved(economist)
    owner.reload()
    assert kronor(own.input_value()) == 2222


def test_what_others_change_is_told_in_words_with_both_values(site: Site, sign_in: SignIn) -> None:
    owner, economist = open_two(sign_in, site)
    own = cell(owner, 3)
    write(owner, own, "310")
    saved(owner)
    write(owner, own, "320")
    expect(own).not_to_be_focused()
    saved(owner)
    for _question in range(3):  # on their way at once
        look(economist)
    news = economist.locator("tr.cell-msg.is-news")
    expect(news).to_contain_text("320")
    expect(news).to_contain_text("Olivia")
    assert kronor(same_cell(economist, own).input_value()) == 320
    news.get_by_role("button").click()
    expect(news).to_have_count(0)


def test_value_typed_for_a_line_that_is_gone_is_told_until_it_is_closed(site: Site, sign_in: SignIn) -> None:
    economist, other = sign_in("ekonom"), sign_in("objektagare")
    open_grid(economist, site)
    at, text = cell(economist, 6), cell(economist, 6, "text").input_value()
    economist.context.set_offline(True)
    write(economist, at, "123456")
    expect(economist.locator("[data-grid-retry]")).to_be_visible()
    open_grid(other, site)
    same_line(other, at).locator("[data-menu]").click()
    other.locator("#grid-menu [data-act=delete]").click()
    saved(other)
    economist.context.set_offline(False)
    told = economist.locator("#grid-told .msg")
    expect(told).to_contain_text("123456")
    expect(told).to_contain_text(text)
    reload(economist)
    expect(told).to_contain_text("123456")
    told.get_by_role("button").click()
    reload(economist)
    expect(told).to_have_count(0)


def test_paste_with_a_bad_cell_and_a_clash_asks_about_both(site: Site, sign_in: SignIn) -> None:
    owner, economist = open_two(sign_in, site)
    own = cell(owner, 5)
    write(owner, own, "71000")
    saved(owner)
    paste(economist, same_cell(economist, own), "72000\tx\n73000\t74000")
    dialog = economist.locator("#grid-ask")
    expect(dialog.locator("li")).to_have_count(1)
    dialog.locator("[data-yes]").click()
    expect(economist.locator("tr.cell-msg.is-clash")).to_contain_text("72")
    below = same_cell(economist, cell(owner, 6, "amount_2_ore"))
    assert kronor(below.input_value()) == 74_000


def test_table_stays_in_the_tab_order_when_the_cell_in_it_is_hidden(site: Site, sign_in: SignIn) -> None:
    page = open_grid(sign_in("ekonom"), site, OTHER)
    cell(page, 0).click()
    page.locator("#grid-filter").fill(cell(page, 1, "text").input_value())
    expect(cell(page, 0)).to_be_hidden()
    assert page.locator("#lines table [tabindex='0']:visible").count() == 1


def test_undo_under_a_filter_of_cost_kinds_shows_what_was_undone(site: Site, sign_in: SignIn) -> None:
    page = open_grid(sign_in("ekonom"), site, OTHER)
    count = page.locator("tr.line").count()
    page.locator("tr.line").nth(0).locator("[data-menu]").click()
    page.locator("#grid-menu [data-act=delete]").click()
    expect(page.locator("tr.line")).to_have_count(count - 1)
    saved(page)
    page.goto(f"{site.url}{OTHER}?kind=depreciation")
    page.locator("[data-menu]").first.wait_for()
    page.locator("[data-step=undo]").click()
    expect(page.locator("[data-step=redo]")).to_be_enabled()
    open_grid(page, site, OTHER)
    expect(page.locator("tr.line")).to_have_count(count)


def test_site_that_fails_is_told_apart_from_a_lost_connection_and_the_change_can_be_given_up(
    site: Site, sign_in: SignIn
) -> None:
    page = open_grid(sign_in("ekonom"), site)
    at = cell(page, 1, "amount_3_ore")
    before = at.input_value()
    page.route("**/grid/**", lambda route: route.fulfill(status=400, body="{}"))
    write(page, at, "99")
    expect(page.locator("[data-grid-drop]")).to_be_visible()
    page.unroute("**/grid/**")
    page.locator("[data-grid-drop]").click()
    expect(page.locator("[data-grid-retry]")).to_be_hidden()
    assert at.input_value() == before


def test_keys_stay_in_their_column_on_lines_with_comments(site: Site, sign_in: SignIn, run_code: RunCode) -> None:
    page = open_grid(sign_in("ekonom"), site)
    first, second = 1, 2  # of one product, without a closed line between
    line = str(lines(page).nth(second).get_attribute("id"))[5:]
    run_code(COMMENT.replace("LINE", line))
    open_grid(page, site)
    expect(lines(page).nth(second).locator("th a.row-act")).to_have_count(1)
    cell(page, first).click()
    page.keyboard.press("ArrowDown")
    expect(cell(page, second)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(cell(page, first)).to_be_focused()


def test_refused_cell_of_a_line_that_a_filter_hides_is_told_in_words(site: Site, sign_in: SignIn) -> None:
    page = open_grid(sign_in("ekonom"), site, OTHER)
    hidden = page.locator("tr.line").filter(has_not=page.locator("input[value='Avskrivning']")).first
    at, text = hidden.locator("input[name$=':amount_2_ore']"), hidden.locator("input").first.input_value()
    write(page, at, "3.286")
    expect(at).to_have_attribute("aria-invalid", "true")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{site.url}{OTHER}?kind=depreciation")
    told = page.locator("#grid-told .msg")
    expect(told).to_contain_text("3.286")
    expect(told).to_contain_text(text)
    page.reload()
    page.locator("[data-menu]").first.wait_for()
    expect(told).to_have_count(1)
    expect(told).to_contain_text("3.286")
