"""What the tests of the grid share: opening it, its cells, keys and the real clipboard."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import SignIn
from tests.site import Site

OWN, OTHER = "/budgets/budget-2027/sub-budgets/socialtjanst/", "/budgets/budget-2027/sub-budgets/klient/"
OPEN, EVERY = "tr.line:not(.fixed)", "tr.line"
MANY = """
from budgets.models import BudgetProduct, CostLine
product = BudgetProduct.objects.filter(budget__slug="budget-2027", sub_budget__slug="klient").earliest("pk")
line = {"budget": product.budget, "budget_product": product, "cost_kind": "direct_cost"}
CostLine.objects.bulk_create(CostLine(text=f"Rad {n}", position=1000 + n, **line) for n in range(60))
"""


def open_grid(page: Page, site: Site, path: str = OWN, unit: str = "kr") -> Page:
    page.goto(site.url + path + ("?unit=kr" if unit == "kr" else ""))
    page.locator("[data-menu]").first.wait_for()
    return page


def open_two(sign_in: SignIn, site: Site) -> tuple[Page, Page]:
    """The owner and the economist, who have the same table open."""
    return open_grid(sign_in("objektagare"), site), open_grid(sign_in("ekonom"), site)


def lines(page: Page) -> Locator:
    """The lines that the person may type in; what is calculated stands closed between them."""
    return page.locator(OPEN)


def cell(page: Page, row: int, field: str = "amount_1_ore", among: str = OPEN) -> Locator:
    """A cell of a line, counted among the open ones unless all are meant."""
    return page.locator(among).nth(row).locator(f"input[name$=':{field}']")


def same_line(page: Page, at: Locator) -> Locator:
    """The line of a cell in another person's table, where other lines may be open."""
    return page.locator("#" + at.evaluate("input => input.closest('tr.line').id"))


def same_cell(page: Page, at: Locator) -> Locator:
    """The cell of the same line and column in another person's table."""
    field = str(at.get_attribute("name")).partition(":")[2]
    return same_line(page, at).locator(f"input[name$=':{field}']")


def kronor(text: str | None) -> int:
    """Shown kronor as a number."""
    return int(re.sub(r"[^0-9-]", "", (text or "").replace("−", "-").split(",")[0]))


def saved(page: Page) -> None:
    expect(page.locator("[data-grid-state]")).to_contain_text(re.compile("Sparat|Saved"))


def total(page: Page) -> int:
    return kronor(page.locator("#lines tfoot td.now").text_content())


def choose(page: Page, line: Locator, act: str) -> None:
    """Choose from a line's menu."""
    line.locator("[data-menu]").click()
    page.locator(f"#grid-menu [data-act={act}]:visible").first.click()


def open_line_form(page: Page, line: Locator) -> Locator:
    """The form of a whole line, in the row below it."""
    choose(page, line, "form")
    form = page.locator("#lines td form")
    form.wait_for()
    return form


def write(page: Page, at: Locator, text: str, key: str = "Enter") -> None:
    at.click()
    page.keyboard.type(text)
    page.keyboard.press(key)


def paste(page: Page, at: Locator, block: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("text => navigator.clipboard.writeText(text)", block)
    at.click()
    page.keyboard.press("Control+v")


def amounts(page: Page, first: int, count: int, among: str = OPEN) -> list[list[int]]:
    """The three years of some lines, in kronor."""
    script = """(rows, [first, count]) => rows.slice(first, first + count).map(row =>
        [4, 5, 6].map(at => row.querySelectorAll("input")[at].value))"""
    texts = page.locator(among).evaluate_all(script, [first, count])
    return [[kronor(text) for text in row] for row in texts]


def left_of(at: Locator) -> float:
    """Where an element begins, in pixels."""
    box = at.bounding_box()
    assert box
    return box["x"]


def right_of(at: Locator) -> float:
    """Where it ends."""
    box = at.bounding_box()
    assert box
    return box["x"] + box["width"]
