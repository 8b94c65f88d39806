"""The register of decisions in a real browser: planned, decided with a wrong day corrected, and met by a council."""

from __future__ import annotations

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.site import Site

PHONE = {"width": 390, "height": 844}


def is_without_fault(page: Page) -> bool:
    assert Axe().run(page).response["violations"] == []
    return not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")


def plan_decision(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/decisions/next-meeting/")
    page.get_by_role("main").locator("a.btn-primary").click()
    page.locator("#id_text").fill("Taxa för skrivare")
    page.locator("#id_kind").select_option("other")
    page.locator("main button[type=submit]").click()
    expect(page.locator("h1")).to_have_text("Taxa för skrivare")


def test_economist_plans_a_decision_and_enters_it_when_it_is_taken(site: Site, sign_in: SignIn) -> None:
    page = sign_in("ekonom")
    plan_decision(page, site)
    page.locator("main .page-head a[href$='/change/']").click()
    page.locator("#id_stage").select_option("decided")
    page.locator("#id_meeting_on").fill("2026-03-26")
    page.locator("#id_paragraph").fill("21")
    page.locator("#id_noticed_on").fill("2026-03-25")
    page.locator("main button[type=submit]").click()

    expect(page.locator("#id_noticed_on")).to_have_attribute("aria-describedby", re.compile("id_noticed_on_error"))
    expect(page.locator("#id_noticed_on_error")).to_contain_text("2026-03-25")
    expect(page.locator("#id_paragraph")).to_have_value("21")
    assert is_without_fault(page)

    page.locator("#id_noticed_on").fill("2026-04-02")
    page.locator("main button[type=submit]").click()
    expect(page.locator(".page-head .pill")).to_contain_text("2026-04-24")
    assert is_without_fault(page)
    page.goto(f"{site.url}/decisions/next-meeting/")
    expect(page.get_by_text("Taxa för skrivare")).to_have_count(0)


def test_condition_tied_to_councils_is_met_by_one_of_them_on_a_phone(site: Site, sign_in: SignIn) -> None:
    page = sign_in("ekonom", viewport=PHONE, language="en")
    page.goto(f"{site.url}/decisions/?kind=accession_process")
    page.locator("main table tbody th a").click()
    page.locator("main a[href$='/conditions/new/']").click()
    page.locator("#id_text").fill("all councils decide the same")
    for box in page.locator("input[name=councils]").all():
        box.check()
    page.locator("main button[type=submit]").click()
    expect(page.locator(".page-head .pill")).to_contain_text("5 of 5 councils")
    assert is_without_fault(page)

    page.locator("main a[href*='/decisions/conditions/']").first.click()
    page.locator("#id_met_on").fill("2026-06-01")
    page.locator("main button[type=submit]").click()
    expect(page.locator(".page-head .pill")).to_contain_text("4 of 5 councils")
