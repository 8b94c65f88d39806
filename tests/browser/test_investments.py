"""120 laptops entered in the browser reach debt, depreciation, the product and every member's cost, and leave no trace."""

from __future__ import annotations

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import SignIn
from tests.site import Site

BUDGET = "/budgets/budget-2027/"
PAGE = f"{BUDGET}investments/"
FOLLOWS = ("investments/", "loans/", "costs/", "sub-budgets/klient/?unit=kr", "")


def wait_for_chain(page: Page, site: Site) -> None:
    page.goto(site.url + PAGE)
    expect(page.locator("#matrix-overview")).to_have_attribute("data-behind", "", timeout=60_000)


def read_all(page: Page, site: Site) -> list[list[str]]:
    """Every figure of the pages that follow from what is bought."""
    found = []
    for path in FOLLOWS:
        page.goto(site.url + BUDGET + path)
        expect(page.get_by_text("ligger efter")).to_have_count(0)
        found.append(page.locator("main table td.n, main dd").all_inner_texts())
    return found


def cell(page: Page, name: str, column: str) -> Locator:
    head = page.locator("#matrix th[data-pool]", has_text=re.compile(f"^{column}")).get_attribute("id")
    row = page.locator("#matrix tr[data-row]").filter(has=page.get_by_role("rowheader", name=name))
    return row.locator(f"input[aria-labelledby$=' {head}']")


def test_laptops_are_followed_to_every_members_cost_and_leave_no_trace(site: Site, sign_in: SignIn) -> None:
    page = sign_in("ekonom")
    page.goto(f"{site.url}{PAGE}capital/")
    page.get_by_role("button", name="Låt räkna fram allt").click()
    wait_for_chain(page, site)
    before = read_all(page, site)

    page.goto(f"{site.url}{PAGE}new/")
    assert Axe().run(page).response["violations"] == []
    page.get_by_label("Tillgångsslag").select_option(label="Datorer och surfplattor")
    page.get_by_label("Vad", exact=True).fill("Bärbara datorer till förskolorna")
    page.get_by_label("År", exact=True).select_option("2027")
    page.get_by_label("Tas i bruk i månaden").select_option(label="Mars")
    page.get_by_label("Antal").fill("120")
    page.get_by_label("Styckpris").fill("9 500")
    page.get_by_role("button", name="Spara").click()
    expect(page.locator(".msg-ok")).to_contain_text("Bärbara datorer")
    wait_for_chain(page, site)
    expect(cell(page, "Bärbara datorer", "2027")).to_have_value(re.compile(r"1\s140\s000"))
    assert Axe().run(page).response["violations"] == []
    after = read_all(page, site)
    assert all(was != now for was, now in zip(before, after, strict=True))

    wait_for_chain(page, site)
    cell(page, "Bärbara datorer", "Antal").click()
    page.keyboard.type("100")
    page.keyboard.press("Enter")
    expect(page.locator("[data-matrix-state]")).to_contain_text("Sparat", timeout=20_000)
    expect(cell(page, "Bärbara datorer", "2027")).to_have_value(re.compile(r"950\s000"))
    with page.expect_response(re.compile("/undo/")):
        page.locator("[data-step=undo]").click()
    expect(cell(page, "Bärbara datorer", "2027")).to_have_value(re.compile(r"1\s140\s000"))

    page.get_by_role("link", name="Bärbara datorer till förskolorna").click()
    expect(page.get_by_role("heading", name="Hur långt det har kommit")).to_be_visible()
    assert Axe().run(page).response["violations"] == []
    page.get_by_role("button", name="Ta bort").click()
    expect(page.locator(".msg-ok")).to_contain_text("borttagen")
    wait_for_chain(page, site)
    assert read_all(page, site) == before


def test_cell_that_cannot_be_read_says_why_in_its_place(site: Site, sign_in: SignIn) -> None:
    page = sign_in("ekonom")
    page.goto(site.url + PAGE)
    place = cell(page, "Mobiltelefoner", "2028")
    before = place.input_value()
    place.click()
    page.keyboard.type("-5")
    page.keyboard.press("Enter")
    expect(place).to_have_attribute("aria-invalid", "true")
    expect(page.locator("tr.cell-msg.is-bad")).to_contain_text("Skriv")
    place.click()
    page.keyboard.press("Escape")
    expect(place).to_have_value(before)


def test_undone_paste_stays_undone_when_its_cell_is_left(site: Site, sign_in: SignIn) -> None:
    page = sign_in("ekonom")
    page.goto(site.url + PAGE)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site.url)
    places = [cell(page, "Mobiltelefoner", year) for year in ("2028", "2029")]
    before = [place.input_value() for place in places]
    places[0].click()
    page.evaluate("text => navigator.clipboard.writeText(text)", "1000\t2000")
    with page.expect_response(re.compile("/cells/")):
        page.keyboard.press("Control+v")
    expect(places[0]).to_have_value(re.compile(r"1\s000"))
    with page.expect_response(re.compile("/undo/")):
        page.keyboard.press("Control+z")
    expect(places[0]).to_have_value(before[0])
    page.keyboard.press("Tab")
    page.reload()
    assert [place.input_value() for place in places] == before
