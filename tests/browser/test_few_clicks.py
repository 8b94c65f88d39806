"""From the first page to an adopted budget, counted in clicks."""

from __future__ import annotations

import psycopg
from playwright.sync_api import Page, expect

from tests import services
from tests.browser.conftest import SignIn
from tests.browser.test_workflow import DECIDE
from tests.site import Site

MOST_CLICKS = 10
COUNT = """addEventListener('click', () => {
    sessionStorage.setItem('clicks', 1 + Number(sessionStorage.getItem('clicks')));
}, true);"""


def confirm(page: Page) -> None:
    page.locator("main form[method=post] button[type=submit]").last.click()
    expect(page.locator("main .msg").first).to_be_visible()


def test_budget_is_compiled_proposed_and_adopted_in_few_clicks(site: Site, sign_in: SignIn) -> None:
    with psycopg.connect(services.url_of(services.SERVERS.admin_url, site.database)) as database:
        database.execute(DECIDE)
    economist = sign_in("ekonom")
    economist.add_init_script(COUNT)
    economist.goto(f"{site.url}/")
    economist.get_by_role("main").get_by_role("link", name="Arbetsflöde").click()
    for step in ("compile", "propose", "adopt"):
        economist.locator(f"main a[href$='/workflow/{step}/']").click()
        if step == "compile":
            economist.locator("input[name=confirmed]").check()
        confirm(economist)
    expect(economist.locator("h1 + .status")).to_have_text("Fastställd")
    # The board's decision is named on the page that the last step leads to.
    expect(economist.locator("main .meta a[href^='/decisions/']")).to_have_count(1)
    assert int(economist.evaluate("sessionStorage.getItem('clicks')")) <= MOST_CLICKS
