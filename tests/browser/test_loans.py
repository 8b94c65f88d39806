"""Loans under a real hand: a loan is entered with its rates, refinanced, stated by its lender, and equity gets its plan."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.test_pages import DESKTOP, PHONE
from tests.site import Site


def enter(page: Page, site: Site) -> None:
    """Type the worked loan."""
    page.goto(f"{site.url}/loans/")
    page.get_by_role("link", name="New loan").click()
    page.fill("[name=lender]", "Kommuninvest")
    page.fill("[name=number]", "26031601")
    page.fill("[name=raised_on]", "2026-03-16")
    page.fill("[name=principal_ore]", "20 000 000")
    page.fill("[name=matures_on]", "2029-03-16")
    page.select_option("[name=plan]", "equal")
    page.select_option("[name=every_months]", "6")
    page.fill("[name=instalment_ore]", "1 000 000")
    page.fill("[name=term_0_from_on]", "2026-03-16")
    page.fill("[name=term_0_rate_percent]", "285")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main .msg-bad")).to_contain_text("Rate, row 1: per cent")
    page.fill("[name=term_0_rate_percent]", "2.85")
    page.fill("[name=term_1_from_on]", "2027-09-16")
    page.fill("[name=term_1_rate_percent]", "3.40")
    page.check("[name=term_1_resets]")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("h1")).to_have_text("Kommuninvest 26031601")


def test_loan_is_entered_with_its_rates_refinanced_and_held_to_its_lender(site: Site, sign_in: SignIn) -> None:
    page = sign_in("ekonom", language="en", viewport=DESKTOP)
    enter(page, site)
    expect(page.locator("main")).to_contain_text(re.compile(r"537.895\.83"))
    page.get_by_role("link", name="Plan its refinancing").click()
    expect(page.locator("[name=raised_on]")).to_have_value("2029-03-16")
    page.fill("[name=number]", "29031601")
    page.fill("[name=matures_on]", "2032-03-16")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("Refinanced")
    page.goto(f"{site.url}/loans/")
    page.locator("table").first.get_by_role("link", name="Kommuninvest 26031601").click()
    page.get_by_role("link", name="New statement").click()
    page.fill("[name=stated_on]", "2026-10-01")
    page.fill("[name=debt_ore]", "20 000 000")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("By the plan")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("seems not to have been paid yet")
    page.goto(f"{site.url}/loans/")
    expect(page.locator("main")).to_contain_text("differs from the plan")


def test_warning_on_borrowing_without_a_plan_leads_to_where_it_is_planned(site: Site, sign_in: SignIn) -> None:
    page = sign_in("ekonom", language="en", viewport=DESKTOP)
    page.goto(f"{site.url}/budgets/budget-2027/loans/")
    page.get_by_role("link", name=re.compile("use of equity 2025")).first.click()
    page.fill("[name=life_years]", "4")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("1 planned loan has no repayment plan")


@pytest.mark.parametrize("path", ["/loans/", "/loans/new/"])
def test_pages_on_loans_fit_a_phone(site: Site, sign_in: SignIn, path: str) -> None:
    page = sign_in("ekonom", viewport=PHONE)
    page.goto(site.url + path)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
