"""The grid with real keys: writing, undoing, two people, a lost connection, and without script."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import SignIn
from tests.browser.grid import (
    OTHER,
    OWN,
    amounts,
    cell,
    choose,
    kronor,
    lines,
    open_grid,
    open_two,
    same_cell,
    saved,
    total,
    write,
)
from tests.browser.test_main_path import tkr
from tests.site import Site
from web.formulas import parse_sum
from web.numbers import format_sek, format_tkr
from web.reading import NumberError


def test_typed_amount_is_saved_and_the_totals_follow_while_it_is_written(site: Site, sign_in: SignIn) -> None:
    page = open_grid(sign_in("objektagare"), site)
    before, first = total(page), cell(page, 1)
    was = kronor(first.input_value())
    first.click()
    page.keyboard.type("9 000 000")
    assert total(page) == before - was + 9_000_000
    page.keyboard.press("Escape")
    assert total(page) == before
    assert kronor(first.input_value()) == was
    write(page, first, "=2*4500000")
    saved(page)
    assert first.input_value() == "9\u202f000\u202f000"
    expect(cell(page, 2)).to_be_focused()  # past the closed lines between
    expect(page.locator("#announce")).to_contain_text(re.compile("Summa|Total"))
    page.reload()
    assert kronor(cell(page, 1).input_value()) == 9_000_000
    assert total(page) == before - was + 9_000_000
    assert tkr(page.locator("#total .num").first.text_content()) == round(total(page) / 1000)


def test_cells_show_tkr_and_the_exact_amount_while_they_are_edited(site: Site, sign_in: SignIn) -> None:
    page = open_grid(sign_in("ekonom"), site, unit="tkr")
    at = cell(page, 2, "amount_2_ore")
    write(page, at, "1 234 567,50 kr")
    saved(page)
    assert at.input_value() == "1\u202f235"
    at.click()
    expect(page.locator("[data-grid-cell]")).to_contain_text("1\u202f234\u202f567,50 kr")
    page.keyboard.press("F2")
    assert at.input_value() == "1\u202f234,5675"
    expect(page.locator(".cell-unit")).to_have_text("tkr")
    assert Axe().run(page).response["violations"] == []
    page.keyboard.press("Escape")
    assert at.input_value() == "1\u202f235"
    expect(page.locator(".cell-unit")).to_have_count(0)


def test_every_cell_has_the_name_of_its_line_and_column_also_after_the_line_is_renamed(
    site: Site, sign_in: SignIn
) -> None:
    page = open_grid(sign_in("ekonom", language="en"), site)
    names = "inputs => inputs.map(input => input.getAttribute('aria-label'))"
    for text in (cell(page, 0, "text").input_value(), "Licences"):
        expect(cell(page, 0, "text")).to_have_attribute("aria-label", f"text, {text}")
        assert lines(page).first.locator("input").evaluate_all(names) == [
            f"text, {text}",
            *(
                f"{text}, {column}"
                for column in ("Cost kind", "Quantity", "Unit price, SEK", "2027", "2028", "2029", "Note")
            ),
        ]
        write(page, cell(page, 0, "text"), "Licences")
        saved(page)


@pytest.mark.parametrize("person", ["ekonom", "direktion"])
def test_sign_of_a_source_is_printed_in_its_own_cell(site: Site, sign_in: SignIn, person: str) -> None:
    page = sign_in(person)
    page.goto(site.url + OWN)
    page.emulate_media(media="print")
    beside = page.locator("tbody .sign").evaluate_all("""signs => signs.map(sign => {
        const [own, cell] = [sign, sign.closest("td")].map(element => element.getBoundingClientRect());
        return own.top >= cell.top && own.bottom <= cell.bottom && own.left >= cell.left && own.right <= cell.right;
    })""")
    assert beside and all(beside)


def test_keys_move_and_one_cell_is_in_the_tab_order(site: Site, sign_in: SignIn) -> None:
    page = open_grid(sign_in("ekonom"), site, OTHER)
    assert page.locator("#lines table [tabindex='0']").count() == 1
    cell(page, 0).click()
    assert page.locator("#lines table [tabindex='0']").count() == 1
    page.keyboard.press("ArrowRight")
    expect(cell(page, 0, "amount_2_ore")).to_be_focused()
    page.keyboard.press("Home")
    expect(cell(page, 0, "text")).to_be_focused()
    page.keyboard.press("End")
    expect(cell(page, 0, "note")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#lines .twist").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#lines .twist").first).to_have_attribute("aria-expanded", "false")
    expect(cell(page, 0)).to_be_hidden()
    page.reload()
    expect(cell(page, 0)).to_be_hidden()
    page.locator("#lines .twist").first.click()
    cell(page, 0, "text").click()
    page.keyboard.press("Control+End")
    page.keyboard.press("F6")
    assert page.evaluate("!document.activeElement.closest('#lines table')")


def test_wrong_number_is_told_at_its_cell_and_stays(site: Site, sign_in: SignIn) -> None:
    page = open_grid(sign_in("ekonom"), site)
    before = total(page)
    for row, typed in enumerate(["3.286", "tolv", "=1/0", "=2*(3", "1 000 000 000 000 000 000"], 1):
        at = cell(page, row)
        write(page, at, typed)
        expect(at, typed).to_have_attribute("aria-invalid", "true")
        assert at.input_value() == typed
        told = page.locator(f"#{at.get_attribute('aria-describedby')}")
        expect(told).to_contain_text(typed.replace("1 000 000 000 000 000 000", "1 000"))
        assert total(page) == before, typed
    assert Axe().run(page).response["violations"] == []


def test_two_people_on_one_cell_see_both_values_and_choose(site: Site, sign_in: SignIn) -> None:
    owner, economist = open_two(sign_in, site)
    own = cell(owner, 1)
    other = same_cell(economist, own)
    write(owner, own, "111")
    saved(owner)
    write(economist, other, "222")
    clash = economist.locator("tr.cell-msg.is-clash")
    expect(clash).to_contain_text("111")
    expect(clash).to_contain_text("222")
    assert Axe().run(economist).response["violations"] == []
    clash.get_by_role("button").nth(1).click()
    assert kronor(other.input_value()) == 111
    write(owner, own, "333")
    saved(owner)
    write(economist, other, "444")
    clash.get_by_role("button").first.click()
    expect(clash).to_have_count(0)
    saved(economist)
    owner.reload()
    assert kronor(own.input_value()) == 444


def test_cut_connection_loses_nothing_that_is_typed(site: Site, sign_in: SignIn) -> None:
    page = open_grid(sign_in("objektagare"), site)
    page.context.set_offline(True)
    for row in (2, 3, 4):
        write(page, cell(page, row, "amount_3_ore"), str(7000 + row))
    state = page.locator("[data-grid-state]")
    expect(state).to_contain_text("3")
    expect(page.locator("[data-grid-retry]")).to_be_visible()
    page.context.set_offline(False)
    saved(page)
    page.reload()
    assert [row[2] for row in amounts(page, 2, 3)] == [7002, 7003, 7004]


def test_reload_without_connection_keeps_what_was_typed(site: Site, sign_in: SignIn) -> None:
    page = open_grid(sign_in("objektagare"), site)
    page.route("**/grid/**", lambda route: route.abort())
    write(page, cell(page, 5, "amount_3_ore"), "4711")
    expect(page.locator("[data-grid-retry]")).to_be_visible()
    page.unroute("**/grid/**")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    saved(page)
    assert kronor(cell(page, 5, "amount_3_ore").input_value()) == 4711


def test_ended_session_keeps_what_was_typed_and_says_what_to_do(site: Site, sign_in: SignIn) -> None:
    page = open_grid(sign_in("ekonom"), site)
    kept = page.context.cookies()
    page.context.clear_cookies(name="sessionid")
    at = cell(page, 5, "amount_2_ore")
    write(page, at, "8888")
    expect(page.locator("[data-grid-retry]")).to_be_visible()
    expect(page.locator("#errors .msg")).to_be_visible()
    assert kronor(at.input_value()) == 8888
    session = next(one["value"] for one in kept if one["name"] == "sessionid")
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": site.url}])
    page.locator("[data-grid-retry]").click()
    saved(page)
    page.reload()
    assert kronor(cell(page, 5, "amount_2_ore").input_value()) == 8888


def texts_of(rows: Locator) -> list[str]:
    texts: list[str] = rows.evaluate_all("rows => rows.map(row => row.querySelector('input').value)")
    return texts


def test_lines_are_added_copied_moved_and_deleted_and_each_is_undone(site: Site, sign_in: SignIn) -> None:
    page = open_grid(sign_in("ekonom"), site, OTHER)
    every = page.locator("tr.line")
    count, sum_before, before = every.count(), total(page), texts_of(every)
    choose(page, every.nth(0), "below")
    expect(every).to_have_count(count + 1)
    expect(cell(page, 1, "text")).to_be_focused()
    write(page, cell(page, 1, "text"), "Ny <b>rad</b>")
    saved(page)
    write(page, cell(page, 1), "1000")
    saved(page)
    choose(page, every.nth(1), "copy")
    expect(every).to_have_count(count + 2)
    assert texts_of(every)[1:3] == ["Ny <b>rad</b>", "Ny <b>rad</b>"]
    assert total(page) == sum_before + 2000
    choose(page, every.nth(1), "up")
    expect(cell(page, 0, "text")).to_have_value("Ny <b>rad</b>")
    choose(page, every.nth(0), "to")
    expect(cell(page, 0, "text")).not_to_have_value("Ny <b>rad</b>")
    assert total(page) == sum_before + 2000
    saved(page)
    cell(page, 1, "text").click()
    choose(page, every.nth(1), "delete")
    expect(every).to_have_count(count + 1)
    page.locator("tr.line input").first.click()
    for _step in range(7):
        page.keyboard.press("Control+z")
    expect(every).to_have_count(count)
    assert texts_of(every) == before
    assert total(page) == sum_before


def test_quantity_waits_for_its_price(site: Site, sign_in: SignIn) -> None:
    page = open_grid(sign_in("ekonom"), site)
    write(page, cell(page, 6, "quantity"), "12", "Tab")
    expect(page.locator("tr.cell-msg")).to_have_count(1)
    expect(cell(page, 6, "unit_price_ore")).to_be_focused()
    page.keyboard.type("4500")
    page.keyboard.press("Enter")
    saved(page)
    expect(page.locator("tr.cell-msg")).to_have_count(0)
    assert kronor(cell(page, 6).input_value()) == 54_000


def test_lines_are_found_by_their_text(site: Site, sign_in: SignIn) -> None:
    page = open_grid(sign_in("ekonom"), site, OTHER)
    every = page.locator("tr.line:visible").count()
    page.locator("#grid-filter").fill("avskrivning")
    assert 0 < page.locator("tr.line:visible").count() < every
    page.locator("#grid-filter").fill("finns inte alls")
    assert page.locator("tr.line:visible").count() == 0


def test_several_amounts_are_changed_by_per_cent_after_a_look_at_the_sums(site: Site, sign_in: SignIn) -> None:
    page = open_grid(sign_in("ekonom"), site)
    before, typed = total(page), sum(row[0] for row in amounts(page, 0, lines(page).count()))
    assert page.locator("tr.fixed").count() > 0
    page.locator("[data-many]").click()
    dialog = page.locator("#grid-many")
    dialog.locator("[name=value]").fill("10")
    dialog.locator("[name=preview]").click()
    expect(dialog.locator("tbody tr")).to_have_count(3)
    assert Axe().run(page).response["violations"] == []
    dialog.locator("[name=apply]").click()
    expect(dialog).to_be_hidden()
    page.locator("[data-menu]").first.wait_for()
    assert abs(total(page) - (before + typed * 0.1)) < 50
    cell(page, 0).click()
    page.keyboard.press("Control+z")
    expect(page.locator("[data-step=redo]")).to_be_enabled()
    assert total(page) == before


def test_grid_is_a_form_without_script(site: Site, sign_in: SignIn) -> None:
    page = sign_in("objektagare", java_script_enabled=False)
    page.goto(site.url + OWN)
    cell(page, 1).fill("50 000")
    cell(page, 3).fill("3.286")
    page.locator("[data-without-script]").click()
    expect(cell(page, 3)).to_have_attribute("aria-invalid", "true")
    assert (cell(page, 1).input_value(), cell(page, 3).input_value()) == ("50 000", "3.286")
    cell(page, 3).fill("3286")
    page.locator("[data-without-script]").click()
    assert [kronor(cell(page, row).input_value()) for row in (1, 3)] == [50000, 3286]
    page.locator("[data-step=undo]").click()
    assert kronor(cell(page, 3).input_value()) != 3286


# What is typed in a column of a unit, what is sent for it, and what that means in öre; Python is held to it too.
TABLE = json.loads((Path(__file__).parents[1] / "number_cases.json").read_text())
CASES = [case for case in TABLE if "ore" in case and "language" not in case]
NUMBERS = [
    "1 234,5", "1234.5", "1\u00a0234,5", "1\u2009234", "1\u202f234", "\u22125", "-5", "+5", "12 tkr", "12,5tkr", "7 kr", "1.234",
    "1,234", "1.234.567", "12 34", "", "x", "=", "=1+2*3", "=(1+2)*-3", "=1/3", "=1/0", "=12*4 500", "=1.234*2", "=2(3)", "=--2",
    "1e5", "0,005", "0,05", "9999999999999", "10000000000001", "=10000000000001", "=" + "9" * 50, "= 5 ", "=5 kr", "−0", "1,2 mkr", "7 SEK",
]  # fmt: skip


# Imports the script's own module of numbers, whose name has a hash in it, by the modules that lead to it.
READ = """async ([main, texts, units]) => {
    const find = async address => {
        const code = await (await fetch(address)).text();
        for (const [, name] of code.matchAll(/^import .* from "([^"]*)";/gm)) {
            const next = new URL(name, address);
            const found = name.startsWith("./numbers.") ? next : await find(next);
            if (found) return found;
        }
    };
    const numbers = await import(await find(new URL(main, location.href)));
    return texts.map((text, at) => {
        const sent = numbers.inUnit(text, units[at]);
        const ore = numbers.parseOre(sent);
        return [sent, ore === null ? null : [String(ore), numbers.formatSek(ore), numbers.formatTkr(ore)]];
    });
}"""


def read_by_script(page: Page, texts: list[str], units: list[str]) -> list[Any]:
    source = str(page.locator("script[type=module]").first.get_attribute("src"))
    found: list[Any] = page.evaluate(READ, [source, texts, units])
    return found


@pytest.mark.parametrize("language", ["sv", "en"])
def test_script_reads_and_shows_numbers_as_the_server_does(site: Site, sign_in: SignIn, language: str) -> None:
    page = open_grid(sign_in("ekonom", language=language), site)
    found = [shown for _sent, shown in read_by_script(page, NUMBERS, ["kr"] * len(NUMBERS))]

    def expected(text: str) -> list[str] | None:
        try:
            ore = parse_sum(text, language=language)
        except NumberError:
            return None
        return [str(ore), format_sek(ore, language=language), format_tkr(ore)]

    assert dict(zip(NUMBERS, found, strict=True)) == {text: expected(text) for text in NUMBERS}


def test_script_reads_a_number_in_the_unit_of_its_column(site: Site, sign_in: SignIn) -> None:
    page = open_grid(sign_in("ekonom"), site)
    found = read_by_script(page, [case["typed"] for case in CASES], [case["unit"] for case in CASES])
    assert [(sent, shown and int(shown[0])) for sent, shown in found] == [(case["sent"], case["ore"]) for case in CASES]


PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}}


@pytest.mark.parametrize(
    "options", [{}, PHONE, {"color_scheme": "dark", "language": "en"}], ids=["desktop", "phone", "dark"]
)
def test_grid_is_without_fault(site: Site, sign_in: SignIn, options: dict[str, Any]) -> None:
    page = open_grid(sign_in("ekonom", **options), site, OTHER)
    assert Axe().run(page).response["violations"] == []
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")
