"""The grid with real keys and the real clipboard: writing, pasting, undoing, two people, and a lost connection."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Locator, Page, expect

from itsam.web.formulas import parse_sum
from itsam.web.numbers import NumberError, format_sek, format_tkr
from tests import services
from tests.browser.conftest import SignIn
from tests.browser.test_main_path import tkr
from tests.site import Site

OWN, OTHER = "/budgets/budget-2027/sub-budgets/socialtjanst/", "/budgets/budget-2027/sub-budgets/klient/"
MANY = """
from budgets.models import BudgetProduct, CostLine
product = BudgetProduct.objects.filter(budget__slug="budget-2027", sub_budget__slug="klient").earliest("pk")
line = {"budget": product.budget, "budget_product": product, "cost_kind": "direct_cost"}
CostLine.objects.bulk_create(CostLine(text=f"Rad {n}", position=1000 + n, **line) for n in range(60))
"""


def open_grid(page: Page, site: Site, path: str = OWN) -> Page:
    page.goto(site.url + path)
    page.locator("[data-menu]").first.wait_for()
    return page


def cell(page: Page, row: int, field: str = "amount_1_ore") -> Locator:
    return page.locator("tr.line").nth(row).locator(f"input[name$=':{field}']")


def saved(page: Page) -> None:
    expect(page.locator("[data-grid-state]")).to_contain_text(re.compile("Sparat|Saved"))


def total(page: Page) -> int:
    return tkr(page.locator("#lines tfoot td.now").text_content())


def write(page: Page, at: Locator, text: str, key: str = "Enter") -> None:
    at.click()
    page.keyboard.type(text)
    page.keyboard.press(key)


def test_typed_amount_is_saved_and_the_totals_follow_while_it_is_written(site: Site, sign_in: SignIn) -> None:
    page = open_grid(sign_in("objektagare"), site)
    before = total(page)
    first = cell(page, 0)
    was = tkr(first.input_value())
    first.click()
    page.keyboard.type("9 000 000")
    assert total(page) == before - was + 9000
    assert tkr(page.locator("#total .num").first.text_content()) == total(page)
    page.keyboard.press("Escape")
    assert total(page) == before
    write(page, first, "=2*4500000")
    saved(page)
    assert first.input_value() == "9\u202f000"
    expect(cell(page, 1)).to_be_focused()
    page.reload()
    assert cell(page, 0).input_value() == "9\u202f000"
    assert total(page) == before - was + 9000
