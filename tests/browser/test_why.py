"""Four questions, answered from the screen in both languages and at both widths: what changed, why, what it rests on, what I decide.

| | officer of a member | board member |
|---|---|---|
| what changed | the costs' "By category" and the panel beside it | "Revenue" among the four figures, and the chart of the change |
| why | the panel "Why does the cost change?" and the page Why | "Why what the customers pay changes", and its page |
| what it rests on | the mark of assumed keys below the title; Source beside a cause | the marks beside figures and causes |
| what do I decide | the panel "What … decides" | "To decide or fix" at the top |
"""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.site import Site

pytestmark = pytest.mark.slow

SIZES = ({"width": 1280, "height": 900}, {"width": 390, "height": 844})
LANGUAGES = ("sv", "en")
COSTS, WHY = "/budgets/budget-2026/costs/", "/budgets/budget-2026/costs/why/"
BOARD = "/budgets/budget-2027/dashboard/"
MEMBER_REASON = "Verksamhetsutvecklare lyfts ur kostnaden för Lifecare grundmodul"
EQUITY_REASON = "Eget kapital används: 3 000 tkr sänker grundanslaget 2026."
WORDS = {
    "sv": {
        "why": "Varför ändras kostnaden?", "most": "Det som ändrades mest för alla kunder", "assumed": "antagna nycklar och invånare",
        "decides": "Vad Vimmerby kommun beslutar", "council": "Fullmäktige beslutar om borgensramen", "none": "Inget skäl är angivet",
        "board_why": "Varför det kunderna betalar ändras", "mark": "antaget", "todo": "Att avgöra eller rätta",
        "products": "Produkt för produkt, med skäl", "wages": "Lönerevision", "total": "Summa",
    },
    "en": {
        "why": "Why does the cost change?", "most": "What changed most for all customers", "assumed": "assumed keys and inhabitants",
        "decides": "What Vimmerby kommun decides", "council": "The council decides on the borrowing framework", "none": "No reason is stated",
        "board_why": "Why what the customers pay changes", "mark": "assumed", "todo": "To decide or fix",
        "products": "Product by product, with reasons", "wages": "Wage revision", "total": "Total",
    },
}  # fmt: skip


def expect_whole(page: Page) -> None:
    assert Axe().run(page).response["violations"] == []
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size["width"]))
def test_officer_finds_what_changed_why_what_it_rests_on_and_what_to_decide(
    site: Site, sign_in: SignIn, language: str, size: dict[str, int]
) -> None:
    words = WORDS[language]
    page = sign_in("vimmerby", language=language, viewport=size)
    page.goto(f"{site.url}{COSTS}")
    panel = page.get_by_role("region", name=words["why"])
    expect(panel).to_contain_text(words["most"])
    expect(panel.locator("tbody tr")).to_have_count(4)
    expect(panel).to_contain_text(EQUITY_REASON)
    expect(page.locator(".meta")).to_contain_text(words["assumed"])
    expect(page.get_by_role("region", name=words["decides"])).to_contain_text(words["council"])
    expect_whole(page)
    panel.get_by_role("link").last.click()
    page.wait_for_url(f"**{WHY}**")
    table = page.locator("table").first
    expect(table).to_contain_text(MEMBER_REASON)
    expect(table).to_contain_text(words["none"])
    expect(table.locator("tr.total")).to_contain_text(words["total"])
    expect(page.get_by_role("region", name=words["decides"])).to_contain_text(words["council"])
    expect_whole(page)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size["width"]))
def test_board_member_finds_them_on_the_dashboard_and_a_click_below(
    site: Site, sign_in: SignIn, language: str, size: dict[str, int]
) -> None:
    words = WORDS[language]
    page = sign_in("direktion", language=language, viewport=size)
    page.goto(f"{site.url}{BOARD}")
    expect(page.locator("[data-figure=operating_revenue]")).to_have_text("119\u202f849 tkr " + words["mark"])
    panel = page.get_by_role("region", name=words["board_why"])
    expect(panel.locator("[data-cause=equity]")).to_contain_text(EQUITY_REASON)
    expect(panel.locator("[data-cause=wages]")).to_contain_text(words["mark"])
    expect(page.locator("[data-todo]")).to_contain_text(words["todo"])
    assert page.locator("[data-todo] li").count() > 0
    panel.get_by_role("link", name=words["products"]).click()
    page.wait_for_url("**/costs/why/?customer=all")
    first = page.locator("[data-product]").first
    expect(first).to_contain_text(EQUITY_REASON)
    expect(page.locator("[data-product]").nth(3)).to_contain_text(words["wages"])
    expect(page.locator("main")).to_contain_text("130\u202f000")
    expect_whole(page)
