"""Equity and a supplementary request in a real browser: what is missing is entered, money is asked for, and its effects are seen."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.test_decisions import is_without_fault
from tests.site import Site

ADOPTED = "/budgets/budget-2026"


def save(page: Page) -> None:
    page.locator("main form button.btn-primary").last.click()


def test_equity_is_asked_for_and_judged_once_it_is_entered(site: Site, sign_in: SignIn) -> None:
    page = sign_in("ekonom", language="en")
    page.goto(f"{site.url}{ADOPTED}/equity/")
    expect(page.locator("tr[data-row=verdict]")).to_contain_text("cannot be judged")
    assert is_without_fault(page)
    page.locator("main .msg a.btn").first.click()
    page.locator("#id_stated_on").fill("2025-11-30")
    page.locator("#id_amount_ore").fill("10 000 000")
    page.locator("#id_note").fill("Annual accounts 2025")
    save(page)
    expect(page.locator("#id_stated_on_error")).to_contain_text("2025-12-31")
    assert is_without_fault(page)
    page.locator("#id_stated_on").fill("2025-12-31")
    save(page)
    expect(page.locator("tr[data-row=verdict]")).to_contain_text("at the floor or above it")
    page.goto(f"{site.url}{ADOPTED}/balance/")
    expect(page.locator("tr[data-row=equity] td").first).to_have_text(re.compile("10.000"))
    assert is_without_fault(page)


def test_money_is_asked_for_and_answered_by_a_decision_after_its_effects_are_seen(site: Site, sign_in: SignIn) -> None:
    page = sign_in("objektagare", language="en")
    page.goto(f"{site.url}{ADOPTED}/requests/")
    page.get_by_role("main").locator("a.btn-primary").first.click()
    page.locator("#id_name").fill("Computers for home care")
    page.locator("#id_reason").fill("Twelve new colleagues.")
    page.locator("#id_asset_class").select_option(label="Datorer och surfplattor")
    page.locator("#id_amount_1_ore").fill("1 140 000")
    page.locator("#id_financing").select_option("members")
    save(page)
    expect(page.locator("#id_financing_error")).to_contain_text("paid by a loan")
    page.locator("#id_financing").select_option("loan")
    save(page)
    expect(page.locator("h1")).to_have_text("Computers for home care")
    assert is_without_fault(page)
    page.locator("form[action$='/submit/'] button").click()
    expect(page.locator(".page-head .pill")).to_contain_text("Submitted")
    address = page.url

    page = sign_in("ekonom", language="en")
    page.goto(f"{site.url}/decisions/new/")
    page.locator("#id_text").fill("Supplementary requests")
    page.locator("#id_kind").select_option("grant_request")
    page.locator("#id_stage").select_option("decided")
    page.locator("#id_body").select_option("board")
    page.locator("#id_meeting_on").fill("2026-05-07")
    save(page)
    page.goto(f"{address}answer/")
    page.locator("#id_decision").select_option(index=1)
    save(page)
    expect(page.locator("tr[data-effect=closing_debt] td").first).to_have_text(re.compile("1.140"))
    assert is_without_fault(page)
    save(page)
    expect(page.locator(".page-head .pill")).to_contain_text("Granted")
    page.goto(f"{site.url}{ADOPTED}/requests/")
    expect(page.get_by_role("main").locator("form[action$='/gather/'], a[href$='/gather/']").first).to_be_visible()
    assert is_without_fault(page)
