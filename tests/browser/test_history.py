"""A figure's story in the browser: changed, told, and taken back to what it was."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.site import Site

HISTORY = "/budgets/budget-2027/sub-budgets/socialtjanst/history/"


def no_findings(page: Page) -> bool:
    return bool(Axe().run(page).response["violations"] == [])


def test_owner_changes_a_figure_reads_its_story_and_restores_it(site: Site, sign_in: SignIn) -> None:
    page = sign_in("objektagare", language="en")
    page.goto(site.url + HISTORY)
    page.locator("main tbody tr").filter(has_text="copied forward").locator("summary").click()
    line = page.get_by_role("link", name="Direkta kostnader").first
    text = line.text_content() or ""
    line.click()
    expect(page.locator("h1")).to_have_text(f"History of “{text}”")
    history = page.url
    page.goto(history.replace("history/", ""))
    amount = page.get_by_label(re.compile("^Amount 2028"))
    before = amount.input_value()
    amount.fill("4321")
    page.get_by_role("button", name="Save", exact=True).click()
    page.goto(history)
    story = page.locator("main tbody tr")
    newest = story.first
    expect(newest).to_contain_text(f"Amount 2028, SEK: {before} → 4 321")
    expect(newest).to_contain_text("Olivia Objektägare changed the line")
    assert no_findings(page)
    story.nth(1).get_by_role("link", name="Restore").click()
    expect(page.locator("h1")).to_contain_text(f"Restore “{text}”")
    expect(page.locator("main table")).to_contain_text("Amount 2028, SEK")
    assert no_findings(page)
    page.get_by_role("button", name="Restore").click()
    expect(story.first).to_contain_text(f"4 321 → {before}")
    expect(story.first).to_contain_text("Olivia Objektägare gave the line")
    page.goto(history.replace("history/", ""))
    expect(page.get_by_label(re.compile("^Amount 2028"))).to_have_value(before)


# Choices of a field that is narrower than their words.
CUT_CHOICES = """selects => selects.flatMap(select => {
    const style = getComputedStyle(select), pen = document.createElement("canvas").getContext("2d");
    pen.font = style.font;
    const room = select.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    return [...select.options].map(option => option.label).filter(text => pen.measureText(text).width > room);
})"""


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("width", [1280, 390])
def test_what_can_be_compared_is_read_whole(site: Site, sign_in: SignIn, width: int, language: str) -> None:
    page = sign_in("ekonom", language=language, viewport={"width": width, "height": 900})
    page.goto(f"{site.url}/budgets/budget-2027/compare/")
    page.locator("main details > summary").first.click()
    expect(page.locator("#id_first")).to_be_visible()
    assert page.eval_on_selector_all("main form select", CUT_CHOICES) == []
    labels = page.locator("main form .form-label")
    assert len(set(labels.all_text_contents())) == labels.count()
