"""Reconciliation, error pages that keep what was typed, and the pages of the house, in a real browser."""

from __future__ import annotations

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import SignIn
from tests.browser.grid import open_line_form
from tests.services import DEMO_PASSWORD
from tests.site import Site

pytestmark = pytest.mark.slow

RECONCILIATION = "/budgets/budget-2026/reconciliation/"
REASON = f"{RECONCILIATION}reason/?figure=loan_forecast|borrowing_investments|2025"
OWN = "/budgets/budget-2027/sub-budgets/socialtjanst/"
TEXT = "Upplåningen för några inköp flyttades till 2026, se årsredovisningen."
PHONE = {"width": 390, "height": 844}


def assert_without_fault(page: Page) -> None:
    assert Axe().run(page).response["violations"] == []
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")


def end_session(page: Page) -> None:
    page.context.clear_cookies(name="sessionid")


def sign_in_again(page: Page, site: Site) -> None:
    other = page.context.new_page()
    other.goto(f"{site.url}/account/login/")
    other.locator("input[name=login]").fill("ekonom@demo.example")
    other.locator("input[name=password]").fill(DEMO_PASSWORD)
    other.locator("main button[type=submit]").first.click()
    other.wait_for_url(lambda url: "/account/login" not in url)
    other.close()


def read_unexplained(page: Page) -> int:
    return int(re.sub(r"\D", "", page.locator(".chips li").nth(2).inner_text()))


def expect_unexplained(page: Page, count: int) -> None:
    expect(page.locator(".chips li").nth(2)).to_have_text(re.compile(rf"\D{count}\s*$"))


def test_economist_finds_a_difference_links_a_reason_and_takes_it_back(site: Site, sign_in: SignIn) -> None:
    page = sign_in("ekonom")
    page.goto(site.url + "/budgets/budget-2026/")
    page.locator(".todo a[href*='reconciliation']").click()
    expect(page.locator("tbody tr")).not_to_have_count(0)
    before = read_unexplained(page)
    assert page.locator("tbody tr").count() == before > 0
    page.locator("select[name=table]").select_option("loan_forecast")
    page.locator("main form[method=get] button").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    before = read_unexplained(page)  # of the chosen table, which stays chosen
    page.locator("tbody a[href*='reason']").click()
    page.locator("textarea[name=text]").fill(TEXT)
    page.locator("form.prose button[type=submit]").click()
    expect_unexplained(page, before - 1)
    page.locator(".chips li").nth(3).locator("a").click()
    expect(page.locator("tbody")).to_contain_text(TEXT)
    expect(page.locator("tbody")).to_contain_text("Eva Ekonom")
    assert_without_fault(page)

    page.locator("tbody a[href*='reason']").click()
    page.locator("form.prose a.btn-danger").click()
    expect(page.locator("main")).to_contain_text(TEXT)
    page.locator("main form[method=post] button").click()
    expect_unexplained(page, before)
    page.locator("main form[action*='undo'] button").click()
    expect_unexplained(page, before - 1)
    page.goto(site.url + REASON)
    expect(page.locator("textarea[name=text]")).to_have_value(TEXT)
    assert page.locator(".thread > li").count() >= 3
    assert_without_fault(page)


@pytest.mark.parametrize("person", ["direktion", "objektagare"])
def test_reader_sees_the_differences_and_has_no_way_to_change_reasons(site: Site, sign_in: SignIn, person: str) -> None:
    page = sign_in(person)
    page.goto(site.url + f"{RECONCILIATION}?outcome=unexplained")
    assert page.locator("tbody tr").count() > 0
    assert page.locator("main form[method=post], tbody a[href*='remove']").count() == 0
    page.goto(site.url + REASON)
    assert page.locator("main textarea, main form[method=post]").count() == 0
    assert page.request.get(site.url + REASON.replace("reason/", "reason/remove/")).status == 403


def test_what_was_typed_before_the_session_ended_is_shown_and_sent_after_signing_in(
    site: Site, sign_in: SignIn
) -> None:
    page = sign_in("ekonom")
    page.goto(site.url + REASON.replace("borrowing_investments", "amortisation"))
    page.locator("textarea[name=text]").fill(TEXT)
    end_session(page)
    page.locator("form.prose button[type=submit]").click()
    expect(page.locator("#typed-1")).to_have_value(TEXT)
    assert "csrf" not in page.locator("main").inner_text().lower()
    assert_without_fault(page)
    sign_in_again(page, site)
    page.locator("form[data-resend] button").click()
    expect(page).to_have_url(re.compile(RECONCILIATION))
    page.goto(site.url + REASON.replace("borrowing_investments", "amortisation"))
    expect(page.locator("textarea[name=text]")).to_have_value(TEXT)


def test_form_in_a_row_keeps_what_was_typed_when_the_session_has_ended(site: Site, sign_in: SignIn) -> None:
    page = sign_in("ekonom")
    page.goto(site.url + OWN)
    form = open_line_form(page, page.locator("tr.line").first)
    form.locator("input[name=text]").fill("Ny text före utloggning")
    end_session(page)
    form.locator("button[type=submit]").click()
    expect(page.locator("#errors .msg")).to_be_visible()
    assert page.locator("input[name=password]").count() == 0
    expect(form.locator("input[name=text]")).to_have_value("Ny text före utloggning")
    assert_without_fault(page)
    sign_in_again(page, site)
    form.locator("button[type=submit]").click()
    expect(page.get_by_role("rowheader", name="Ny text före utloggning")).to_have_count(1)
    expect(page.locator("#errors .msg")).to_have_count(0)


def test_form_opened_before_a_new_sign_in_is_sent_again_with_one_press(site: Site, sign_in: SignIn) -> None:
    page = sign_in("ekonom", java_script_enabled=False)
    address = REASON.replace("loan_forecast|borrowing_investments|2025", "annual_accounts|operating_costs|budget_2025")
    page.goto(site.url + address)
    page.locator("textarea[name=text]").fill(TEXT)
    end_session(page)
    sign_in_again(page, site)
    page.locator("form.prose button[type=submit]").click()
    expect(page.locator("#typed-1")).to_have_value(TEXT)
    page.locator("form[data-resend] button").click()
    expect(page).to_have_url(re.compile(RECONCILIATION))


@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 900}, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("path", ["/accessibility/", "/help/", "/is-not-there/"])
def test_page_of_the_house_is_without_fault_also_without_signing_in(
    browser: Browser, site: Site, path: str, viewport: Any
) -> None:
    for scheme in ("light", "dark"):
        context = browser.new_context(viewport=viewport, color_scheme=scheme, locale="sv-SE")
        page = context.new_page()
        page.goto(site.url + path)
        assert page.locator("h1").count() == 1
        assert page.locator("footer a[href='/accessibility/']").count() == 1
        assert_without_fault(page)
        context.close()


@pytest.mark.parametrize("path", ["/help/", "/accessibility/", RECONCILIATION, REASON])
def test_page_is_without_fault_on_a_phone_in_the_dark(site: Site, sign_in: SignIn, path: str) -> None:
    page = sign_in("ekonom", viewport=PHONE, color_scheme="dark", language="en")
    page.goto(site.url + path)
    assert_without_fault(page)


def test_question_mark_leads_to_the_part_of_the_help_about_the_page(site: Site, sign_in: SignIn) -> None:
    page = sign_in("ekonom")
    for path in (RECONCILIATION, OWN, "/budgets/budget-2027/", "/budgets/budget-2027/loans/"):
        page.goto(site.url + path)
        page.locator(".help-link").click()
        assert page.locator(f"h2#{page.url.partition('#')[2]}").count() == 1


def test_sign_in_page_links_to_the_statement(browser: Browser, site: Site) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(site.url + "/account/login/")
    page.locator("footer a[href='/accessibility/']").click()
    expect(page.locator("h1")).to_have_count(1)
    context.close()


@pytest.mark.parametrize("path", ["/budgets/budget-2027/", OWN, "/budgets/budget-2027/loans/", RECONCILIATION])
def test_printed_page_names_its_budget_and_has_no_controls(site: Site, sign_in: SignIn, path: str) -> None:
    page = sign_in("ekonom", color_scheme="dark")
    page.goto(site.url + path)
    page.emulate_media(media="print")
    expect(page.locator(".print-only").first).to_be_visible()
    assert page.locator("main .btn:visible, .topbar:visible, .side:visible, main form:visible").count() == 0
    colours = page.evaluate(
        "(() => { const s = getComputedStyle(document.body); return [s.color, s.backgroundColor]; })()"
    )
    assert colours == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
