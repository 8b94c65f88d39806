"""Every page as its readers see it: no accessibility finding, no console error, no sideways scrolling, no cut number."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.conftest import SignIn
from tests.browser.grid import lines, open_line_form
from tests.site import Site

BUDGET = "/budgets/budget-2027/"
PAGES = {
    "ekonom": [
        BUDGET,
        "/budgets/budget-2026/",
        "/budgets/budget-2025/",
        f"{BUDGET}sub-budgets/",
        f"{BUDGET}sub-budgets/grundanslag/",
        f"{BUDGET}sub-budgets/klient/",
        f"{BUDGET}sub-budgets/klient/comments/",
        f"{BUDGET}sub-budgets/klient/files/",
        f"{BUDGET}sub-budgets/klient/tasks/",
        f"{BUDGET}sub-budgets/klient/changes/",
        "/tasks/",
        "/tasks/?show=given",
        "/account/mail/",
        f"{BUDGET}sub-budgets/klient/steps/submit/",
        f"{BUDGET}workflow/",
        f"{BUDGET}workflow/compile/",
        f"{BUDGET}workflow/deadlines/",
        "/budgets/budget-2026/workflow/",
        "/budgets/budget-2026-reviderad/workflow/",
        f"{BUDGET}essential-changes/",
        f"{BUDGET}lines/",
        f"{BUDGET}lines/?text=hittas+inte",
        f"{BUDGET}history/",
        f"{BUDGET}compare/?first=budget-2027&second=budget-2027&first_at=2020-01-01T00:00",
        f"{BUDGET}sub-budgets/klient/history/",
        f"{BUDGET}sub-budgets/klient/history/?since=x",
        "/history/seals/",
        f"{BUDGET}loans/",
        f"{BUDGET}stress/",
        f"{BUDGET}stress/scenarios/",
        f"{BUDGET}dashboard/",
        f"{BUDGET}reconciliation/",
        "/budgets/budget-2026/reconciliation/",
        "/budgets/budget-2026/costs/",
        f"{BUDGET}costs/?object=socialtjanst",
        "/budgets/budget-2026/keys/",
        "/invoices/",
        "/budgets/budget-2026/invoices/1/create/",
        "/decisions/",
        "/decisions/?q=hittas+inte",
        "/decisions/new/",
        "/decisions/next-meeting/",
        "/objects/",
        "/objects/klient/",
        "/objects/socialtjanst/",
        "/objects/socialtjanst/texts/",
        "/objects/socialtjanst/plans/new/",
        "/jobs/",
        f"{BUDGET}pools/",
        f"{BUDGET}pools/?unit=fte",
        f"{BUDGET}pools/new/",
        f"{BUDGET}posts/",
        f"{BUDGET}posts/new/",
        f"{BUDGET}year/",
        f"{BUDGET}year/change/",
        f"{BUDGET}start/",
        f"{BUDGET}started/",
        f"{BUDGET}products/",
        f"{BUDGET}products/new/",
        f"{BUDGET}keys/new/",
        "/imports/",
        "/imports/new/lines/",
        "/imports/new/staff/",
        "/rates/",
        "/rates/new/",
        "/contracts/",
        "/contracts/new/",
        "/customers/",
        "/customers/new/",
        "/customers/inhabitants/",
        "/federation/",
        "/federation/change/",
        "/governance-objects/",
        "/governance-objects/new/",
        "/asset-classes/",
        "/asset-classes/new/",
        "/budgets/budget-2026/published/",
        "/budgets/budget-2026/moved-cost/",
        f"{BUDGET}products/assumed/",
        "/people/",
        "/history/",
        "/api-access/",
        "/api-access/reference/",
        "/help/",
        "/accessibility/",
        "/account/",
        "/account/2fa/",
        "/account/password/change/",
    ],
    "administrator": ["/people/", "/people/invite/", "/history/"],
    "objektagare": ["/", f"{BUDGET}sub-budgets/socialtjanst/", f"{BUDGET}products/propose/"],
    "styrgrupp": ["/"],
    "direktion": [f"{BUDGET}dashboard/", "/budgets/budget-2026/dashboard/"],
    "vimmerby": [
        "/budgets/budget-2026/",
        "/budgets/budget-2026/essential-changes/",
        "/budgets/budget-2026/loans/",
        "/budgets/budget-2026/costs/",
        "/budgets/budget-2026/costs/?products=1",
        "/invoices/",
        "/api-access/",
        "/api-access/new/",
    ],
    "utan.roll": ["/"],
}
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
VARIANTS: list[dict[str, Any]] = [
    {"language": language, "color_scheme": scheme, "viewport": viewport}
    for language, scheme, viewport in product(("sv", "en"), ("light", "dark"), (DESKTOP, PHONE))
]

# It would write style sheets that import others into the page, which the content policy refuses it.
AXE = {"preload": False, "resultTypes": ["violations"]}
# The rules of axe that ask for colours.
COLOUR_RULES = ["color-contrast", "link-in-text-block"]

# Numbers that their own cell cuts; a table that is wider than its box scrolls, and loses none.
CUT = """() => [...document.querySelectorAll("main :is(td, th).n, main .big, main td input")].filter(
    part => part.offsetParent && part.scrollWidth > part.clientWidth + 1
).map(part => (part.value ?? part.textContent).trim()).filter(text => /\\d/.test(text))"""

# Parts of a page that scroll sideways, with how far; on a phone a wide table does, on a desk none has to.
SCROLLING = """() => [...document.querySelectorAll("main *")].filter(
    part => /auto|scroll/.test(getComputedStyle(part).overflowX) && part.scrollWidth > part.clientWidth + 1
).map(part => `${part.ariaLabel ?? part.getAttribute("aria-labelledby") ?? part.className}: ${part.scrollWidth - part.clientWidth} px`)"""


def find_faults(page: Page, url: str) -> list[str]:
    """What is wrong with a page, in words."""
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    response = page.goto(url)
    faults = [] if response and response.status == 200 else [f"status {response.status if response else None}"]
    faults += run_axe(page)
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"):
        faults.append("scrolls sideways")
    faults += [f"cut: {text}" for text in page.evaluate(CUT)]
    return faults + errors


def run_axe(page: Page, **options: Any) -> list[str]:
    """What axe finds on the open page."""
    found = Axe().run(page, options={**AXE, **options}).response["violations"]
    return [f"axe {rule['id']}: {[node['target'] for node in rule['nodes']][:3]}" for rule in found]


def find_dark_faults(page: Page) -> list[str]:
    """What is wrong with the open page in the dark, where its colours are others and nothing else is."""
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    found = run_axe(page, runOnly=COLOUR_RULES)
    page.emulate_media(color_scheme="light", reduced_motion="no-preference")
    return [f"dark: {fault}" for fault in found]


def find_scrolling(page: Page) -> list[str]:
    """What scrolls sideways within the page that is shown, where there is room for all."""
    is_wide = page.evaluate("innerWidth") >= DESKTOP["width"]
    return [f"scrolls within: {part}" for part in page.evaluate(SCROLLING)] if is_wide else []


@pytest.mark.parametrize("person", PAGES)
def test_pages_are_without_fault(site: Site, sign_in: SignIn, person: str) -> None:
    page = sign_in(person)
    faults = {path: find_faults(page, site.url + path) + find_scrolling(page) for path in PAGES[person]}
    assert {path: found for path, found in faults.items() if found} == {}


@pytest.mark.slow
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("person", PAGES)
def test_pages_are_without_fault_in_every_variant(
    site: Site, sign_in: SignIn, person: str, language: str, viewport: dict[str, int]
) -> None:
    """Each page is opened once in a language and a size, looked at in the light, then in the dark."""
    page, is_seen = sign_in(person, language=language, viewport=viewport), (language, viewport) == ("sv", DESKTOP)

    def look(url: str) -> list[str]:
        if is_seen:  # in the light, by the test above
            page.goto(url)
        seen = [] if is_seen else find_faults(page, url) + find_scrolling(page)
        return seen + find_dark_faults(page)

    faults = {path: found for path in PAGES[person] if (found := look(site.url + path))}
    assert faults == {}


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_sign_in_and_lost_password_are_without_fault(browser: Browser, site: Site, viewport: Any) -> None:
    context = browser.new_context(viewport=viewport)
    page = context.new_page()
    paths = ("/account/login/", "/account/password/reset/")
    faults = {path: found for path in paths if (found := find_faults(page, site.url + path))}
    context.close()
    assert faults == {}


def test_open_line_form_is_without_fault_on_a_phone(site: Site, sign_in: SignIn) -> None:
    page = sign_in("objektagare", viewport=PHONE)
    page.goto(site.url + PAGES["objektagare"][1])
    open_line_form(page, lines(page).first)
    assert Axe().run(page).response["violations"] == []
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")


@pytest.mark.parametrize(("language", "heading"), [("sv", "Budgetöversikt"), ("en", "Budget overview")])
def test_page_is_in_the_language_that_was_chosen(site: Site, sign_in: SignIn, language: str, heading: str) -> None:
    page = sign_in("direktion", language=language)
    page.goto(site.url + BUDGET)
    assert page.locator("h1").text_content() == heading
    assert page.locator("html").get_attribute("lang") == language
