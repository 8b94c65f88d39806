"""Each of the four users from sign-in to their result, in every appearance: owner, board, economist and municipality."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.grid import open_line_form
from tests.browser.test_pages import VARIANTS
from tests.site import Site

SUB_BUDGET = "/budgets/budget-2027/sub-budgets/socialtjanst/"
NUMBERED = [
    pytest.param(number, variant, id=f"{variant['language']}-{variant['color_scheme']}-{variant['viewport']['width']}",
                 marks=[pytest.mark.slow] if number > 1 else [])
    for number, variant in enumerate(VARIANTS, 1)
]  # fmt: skip
every_numbered_variant = pytest.mark.parametrize(("number", "variant"), NUMBERED)
every_variant = pytest.mark.parametrize(
    "variant", [pytest.param(row.values[1], id=row.id, marks=row.marks) for row in NUMBERED]
)


@every_numbered_variant
def test_owner_changes_a_line_and_the_total_follows(
    site: Site, sign_in: SignIn, number: int, variant: dict[str, Any]
) -> None:
    page = sign_in("objektagare", **variant)
    page.goto(site.url + SUB_BUDGET)
    total = page.locator("#total")
    before = total.inner_text()
    open_line_form(page, page.locator("tr.line:not(.fixed)").first)
    page.locator("#lines td form input[name=amount_1_ore]").fill(str(30_000 + number * 10_000))
    page.locator("#lines td form button[type=submit]").first.click()
    expect(total).not_to_have_text(before)


@every_variant
def test_board_reads_the_dashboard_first(sign_in: SignIn, variant: dict[str, Any]) -> None:
    page = sign_in("direktion", to="/", **variant)
    assert page.url.endswith("/dashboard/")
    assert page.locator("figure .chart svg:visible").count() == 8
    page.locator("details.as-table summary").first.click()
    page.locator("details.as-table a").first.click()
    page.wait_for_url("**/lines/**")


@every_variant
def test_economist_takes_the_budget_to_excel(sign_in: SignIn, variant: dict[str, Any], tmp_path: Path) -> None:
    page = sign_in("ekonom", to="/", **variant)
    with page.expect_download() as waiting:
        page.locator(".page-head .actions a", has_text="Excel").click()
    waiting.value.save_as(tmp_path / "budget.xlsx")
    assert len(load_workbook(tmp_path / "budget.xlsx").sheetnames) > 15


@every_numbered_variant
def test_municipality_fetches_by_machine_the_invoice_that_the_economist_made(
    site: Site, sign_in: SignIn, number: int, variant: dict[str, Any]
) -> None:
    economist = sign_in("ekonom", **variant)
    economist.goto(f"{site.url}/budgets/budget-2026/invoices/{number}/create/")
    economist.locator("main form[method=post] button[type=submit]").click()
    economist.wait_for_url("**/invoices/**")
    page = sign_in("vimmerby", to="/", **variant)
    assert page.url.endswith("/budgets/budget-2026/costs/")
    secret = _make_token(page, site)
    answer = page.request.get(f"{site.url}/api/v1/invoices", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status == 200
    invoices = answer.json()["invoices"]
    assert number in {invoice["month"] for invoice in invoices}
    assert {invoice["customerName"] for invoice in invoices} == {"Vimmerby kommun"}


def _make_token(page: Page, site: Site) -> str:
    page.goto(f"{site.url}/api-access/new/")
    page.locator("input[name=name]").fill("Ekonomisystemet")
    page.locator("main form button[type=submit]").click()
    return page.locator("#secret").input_value()
