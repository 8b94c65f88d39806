"""What is printed, and what a phone shows: whole pages, nothing beyond an edge, no screen of fields before the first row."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import RunCode, SignIn
from tests.browser.test_pages import PHONE
from tests.site import Site

pytestmark = pytest.mark.slow

BUDGET = "/budgets/budget-2027/"
OWN = f"{BUDGET}sub-budgets/socialtjanst/"
PRINTED = [
    BUDGET, OWN, f"{BUDGET}sub-budgets/", f"{BUDGET}lines/", f"{BUDGET}loans/", f"{BUDGET}dashboard/",
    f"{BUDGET}essential-changes/", f"{BUDGET}costs/?products=1", "/budgets/budget-2026/reconciliation/", "/decisions/",
    "/invoices/", "/budgets/budget-2026/invoices/2/create/", "/objects/", "/objects/socialtjanst/",
]  # fmt: skip
INVOICES = """
from accounts.models import User
from budgets.models import Budget
from invoices.models import Invoice
from invoices.services import run_billing
by = User.objects.get(email="ekonom@demo.example")
run = run_billing(Budget.objects.get(slug="budget-2026"), 1, by=by)
print("invoice", run.invoices.first().uuid)
"""
LONG = """
import pghistory
from budgets.models import CostLine
lines = CostLine.objects.filter(budget__slug="budget-2027", budget_product__sub_budget__slug="socialtjanst")
with pghistory.context(by="test"):
    for pk, values in zip(lines.values_list("pk", flat=True)[:2], ({"note": "Å" * 500}, {"text": "Y" * 240})):
        CostLine.objects.filter(pk=pk).update(**values)
"""
# The pixels of A4 between its margins, standing and lying.
STANDING, LYING = 687, 1015
BEYOND = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Numbers that lie outside the screen or are cut by their own cell, in tables that scroll or not.
CUT = """() => [...document.querySelectorAll("main td.n, main th.n, main .facts .big")].filter(cell => {
    const box = cell.getBoundingClientRect();
    return box.width && (box.right > innerWidth + 1 || box.left < -1 || cell.scrollWidth > cell.clientWidth + 1);
}).map(cell => cell.textContent.trim())"""
# Rows that are wider or narrower than their table's headings, counted in the columns that are shown.
UNEVEN = """() => [...document.querySelectorAll("main table")].flatMap(table => {
    const shown = cell => getComputedStyle(cell).display !== "none";
    const width = row => [...row.cells].filter(shown).reduce((sum, cell) => sum + cell.colSpan, 0);
    const heads = table.tHead ? [...table.tHead.rows].map(width) : [];
    if (heads.length !== 1 || !table.offsetParent) return [];
    return [...table.querySelectorAll(":scope > tbody > tr, :scope > tfoot > tr")]
        .filter(row => row.cells.length > 1 && shown(row) && width(row) > heads[0])
        .map(row => row.textContent.trim().replace(/\\s+/g, " ").slice(0, 60));
})"""


def count_pages(page: Page) -> int:
    """The pages that the browser prints on A4."""
    content = page.pdf(prefer_css_page_size=True)
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", content))


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("budget", ["budget-2027", "budget-2026"])
def test_dashboard_is_printed_on_two_pages(site: Site, sign_in: SignIn, budget: str, language: str) -> None:
    page = sign_in("direktion", language=language)
    page.goto(f"{site.url}/budgets/{budget}/dashboard/")
    assert count_pages(page) == 2


@pytest.mark.parametrize("language", ["sv", "en"])
def test_nothing_is_printed_beyond_the_edge_of_the_paper(
    site: Site, sign_in: SignIn, run_code: RunCode, language: str
) -> None:
    run_code(LONG)
    for person in ("ekonom", "revisor"):
        page = sign_in(person, language=language)
        page.emulate_media(media="print")
        for address in PRINTED:
            page.set_viewport_size({"width": STANDING, "height": 1000})
            page.goto(site.url + address)
            page.wait_for_load_state("networkidle")
            page.evaluate("dispatchEvent(new Event('beforeprint'))")
            if page.locator(".many-columns, .t.grid").count():
                page.set_viewport_size({"width": LYING, "height": 700})
            assert page.evaluate(BEYOND) <= 1, (person, address)


def test_long_note_is_printed_whole(site: Site, sign_in: SignIn, run_code: RunCode) -> None:
    run_code(LONG)
    page = sign_in("ekonom")
    page.goto(site.url + OWN)
    page.locator("[data-menu]").first.wait_for()
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    cell = page.locator("td[data-written^=ÅÅÅ]")
    assert len(cell.get_attribute("data-written") or "") == 500
    shown = cell.bounding_box()
    assert shown and shown["height"] > 100 and shown["width"] < 400


@pytest.mark.parametrize("language", ["sv", "en"])
def test_invoice_and_lists_show_their_amounts_on_a_phone(
    site: Site, sign_in: SignIn, run_code: RunCode, language: str
) -> None:
    run_code(INVOICES) if language == "sv" else None
    page = sign_in("ekonom", language=language, viewport=PHONE)
    page.goto(f"{site.url}/invoices/")
    invoice = (
        page.locator("main td a, main th a").filter(has_text=re.compile(r"^2026-\d+$")).first.get_attribute("href")
    )
    addresses = [
        invoice,
        "/invoices/",
        f"{BUDGET}lines/",
        f"{BUDGET}sub-budgets/",
        "/budgets/budget-2026/invoices/2/create/",
    ]
    for address in addresses:
        page.goto(f"{site.url}{address}")
        assert page.evaluate(CUT) == [], address
        assert page.evaluate(BEYOND) <= 1, address


@pytest.mark.parametrize("viewport", [PHONE, {"width": 1280, "height": 900}], ids=["phone", "desktop"])
def test_rows_have_the_columns_of_their_headings(site: Site, sign_in: SignIn, viewport: Any) -> None:
    page = sign_in("ekonom", viewport=viewport)
    for address in PRINTED:
        page.goto(site.url + address)
        assert page.evaluate(UNEVEN) == [], address
        assert page.evaluate(BEYOND) <= 1, address


@pytest.mark.parametrize("address", [
    f"{BUDGET}lines/?cost_kind=interest", f"{BUDGET}sub-budgets/", "/invoices/", "/decisions/", f"{BUDGET}reconciliation/",
])  # fmt: skip
def test_filter_is_folded_on_a_phone_and_open_on_a_desktop(site: Site, sign_in: SignIn, address: str) -> None:
    page = sign_in("ekonom", viewport=PHONE)
    page.goto(site.url + address)
    filters = page.locator("details.filters")
    if not filters.count():
        return
    field, heading = filters.locator("input:not([type=hidden]), select").first, filters.locator("summary")
    assert heading.is_visible()
    assert not field.is_visible()
    if "interest" in address:
        assert "Kostnadsslag Ränta" in heading.inner_text()
    heading.click()
    assert field.is_visible()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(site.url + address)
    assert field.is_visible()
    assert not heading.is_visible()
