"""The budgeted balance sheet: it balances to the öre or says what is missing, and what it shows is what is stored."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from openpyxl import load_workbook

from engine.balance import Item
from forecasts.models import ForecastRow
from investments.models import BalanceChange, BalanceStatement
from tests.cast import ADOPTED, DRAFT, ECONOMIST, OFFICER, OUTSIDER, OWNER, client_of, get_budget, get_page

pytestmark = pytest.mark.django_db
PAGE = f"/budgets/{ADOPTED}/balance/"
# The loans at the end of 2025 are the published 57 477 tkr.
OPENING = {
    Item.FIXED_ASSETS: 7_000_000_000, Item.OTHER_ASSETS: 1_200_000_000, Item.EQUITY: 1_000_000_000,
    Item.PROVISIONS: 200_000_000, Item.OTHER_LIABILITIES: 1_252_300_000,
}  # fmt: skip


def state(changed: dict[Item, int] | None = None) -> None:
    for item, ore in {**OPENING, **(changed or {})}.items():
        BalanceStatement.objects.create(item=item, stated_on="2025-12-31", amount_ore=ore, note="Bokslut 2025")


def report(address: str = PAGE) -> Any:
    return get_page(ECONOMIST, address).context["report"]


def test_it_balances_at_every_year_end_with_the_debt_of_the_loan_forecast_and_the_equity_of_the_results() -> None:
    state()
    page = get_page(ECONOMIST, PAGE)
    rows = page.context["report"].rows
    assert [row.year for row in rows] == [2025, 2026, 2027, 2028]
    assert [row.difference.ore for row in rows] == [0, 0, 0, 0]
    assert [row.levels[Item.DEBT].ore for row in rows][:2] == [5_747_700_000, 6_763_400_000]
    stored = ForecastRow.objects.filter(forecast__budget__slug=ADOPTED, row="closing_debt", year__gte=2025)
    assert [row.levels[Item.DEBT].ore for row in rows] == list(
        stored.order_by("year").values_list("amount_ore", flat=True)
    )
    assert [row.levels[Item.EQUITY].ore for row in rows] == [1_000_000_000, *[700_000_000] * 3]
    # 70 000 + 32 865 − 31 312 (31 311,7 unrounded)
    assert rows[1].levels[Item.FIXED_ASSETS].ore == 7_000_000_000 + 3_286_500_000 - 3_131_170_000
    assert "balances at every year" in page.content.decode()


def test_without_an_opening_levels_are_not_known_and_changes_are_shown() -> None:
    page = get_page(ECONOMIST, PAGE)
    assert page.context["report"].missing == [
        Item.FIXED_ASSETS, Item.OTHER_ASSETS, Item.EQUITY, Item.PROVISIONS, Item.OTHER_LIABILITIES
    ]  # fmt: skip
    text = page.content.decode()
    assert (
        "what is missing at 2025-12-31 is fixed assets, other assets, equity, provisions and other liabilities" in text
    )
    assert page.context["report"].years[0].changes[Item.FIXED_ASSETS].ore == 3_286_500_000 - 3_131_170_000
    assert page.context["report"].years[0].levels[Item.DEBT].ore == 6_763_400_000
    for item in page.context["report"].missing:
        assert f"statement/new/?item={item}&amp;to=balance&amp;day=2025-12-31" in text


def test_an_opening_that_does_not_balance_says_by_how_much_and_stays_so() -> None:
    state({Item.OTHER_ASSETS: 1_200_100_000})
    page = get_page(ECONOMIST, PAGE)
    assert "assets are 1 tkr more than equity" in page.content.decode()
    assert {row.difference.ore for row in page.context["report"].rows} == {100_000}


def test_purchases_that_nobody_knows_are_named() -> None:
    text = get_page(ECONOMIST, PAGE, "sv").content.decode()
    assert "Ekonomisystem 2026" in text


def test_a_draft_starts_from_the_budget_in_force_where_the_opening_is_a_year_earlier() -> None:
    state()
    rows = report(f"/budgets/{DRAFT}/balance/").rows
    assert [row.year for row in rows] == [2025, 2026, 2027, 2028, 2029]
    assert {row.difference.ore for row in rows} == {0}
    assert rows[1].levels[Item.FIXED_ASSETS].ore == 7_155_330_000


def test_a_planned_change_moves_the_item_and_other_assets_and_is_frozen_with_its_budget() -> None:
    state()
    before = report(f"/budgets/{DRAFT}/balance/")
    typed = {
        "item": "provisions",
        "year": "2027",
        "amount_ore": "100 000",
        "provenance": "entered",
        "note": "Pensioner",
    }
    client = client_of(ECONOMIST, "en")
    new = f"/budgets/{DRAFT}/equity/change/new/?to=balance"
    response = client.post(new, typed)
    assert response.status_code == 302 and response["Location"] == f"/budgets/{DRAFT}/balance/"
    after = report(f"/budgets/{DRAFT}/balance/")
    for item in Item:
        moved = after.rows[2].levels[item].ore - before.rows[2].levels[item].ore
        assert moved == (10_000_000 if item in (Item.PROVISIONS, Item.OTHER_ASSETS) else 0)
    assert {row.difference.ore for row in after.rows} == {0}
    assert "2027 to 2029" in client.post(new, {**typed, "year": "2026"}).context["form"].errors["year"][0]
    refused = client.post(f"/budgets/{ADOPTED}/equity/change/new/?to=balance", {**typed, "year": "2026"})
    assert refused.status_code == 422 and "adopted" in str(refused.context["form"].errors)
    with pytest.raises(IntegrityError), transaction.atomic():
        BalanceChange.objects.create(budget=get_budget(ADOPTED), item="provisions", year=2026, amount_ore=1, note="x")


def test_the_workbook_sums_by_formulas_and_says_what_is_not_known() -> None:
    def cells() -> list[list[object]]:
        answer = client_of(ECONOMIST, "sv").get(f"{PAGE}workbook/")
        assert "balansrakning" in answer["Content-Disposition"] or "balansräkning" in answer["Content-Disposition"]
        sheet = load_workbook(BytesIO(answer.content)).active
        assert sheet is not None
        return [[cell.value for cell in row] for row in sheet.iter_rows()]

    assert any(row[0] == "Anläggningstillgångar" and row[1] == "inte känt" for row in cells())
    state()
    rows = cells()
    total = next(row for row in rows if row[0] == "Summa tillgångar")
    assert str(total[1]).startswith("=SUM(")
    assert any(row[0] == "Skillnad, 0 när den balanserar" and str(row[2]).startswith("=ROUND(") for row in rows)
    assert any(row[0] == "Anläggningstillgångar" and row[2] == 71_553_300 for row in rows)


def test_whoever_sees_the_budget_reads_it_and_nobody_else() -> None:
    for who in (OWNER, OFFICER):
        assert get_page(who, PAGE).status_code == 200
        assert "equity/statement/new" not in get_page(who, PAGE).content.decode()
    assert get_page(OFFICER, f"/budgets/{DRAFT}/balance/").status_code == 404
    assert get_page(OUTSIDER, PAGE).status_code == 404
