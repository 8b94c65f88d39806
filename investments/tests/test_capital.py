"""What a budget buys reaches its loans and the products that carry its classes, without another act (rule 8)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from budgets.models import Budget, BudgetProduct, CostLine
from engine.result import CostKind
from forecasts.models import Forecast
from forecasts.selectors.stored import load_amounts_by_kind
from forecasts.services.roll_up import roll_up_budget
from forecasts.services.versions import copy_forward
from investments.models import CapitalState, Investment, InvestmentItem, PlannedLoan, ProductClass
from investments.selectors.capital import compute_capital, is_capital_behind
from investments.selectors.purchases import list_investments
from pricing.models import CapitalCost
from pricing.services.switching import switch_to_calculated
from tests.cast import get_budget, get_user

pytestmark = pytest.mark.django_db

LAPTOPS = 120 * 9_500_00


def row_of(budget: Budget, slug: str = "computers") -> Investment:
    return next(row for row in list_investments(budget) if row.asset_class.slug == slug)


def add_laptops(budget: Budget, **values: Any) -> InvestmentItem:
    given = {"name": "Bärbara datorer", "year": 2027, "month": 3, "quantity": 120, "unit_price_ore": 9_500_00}
    row: InvestmentItem = InvestmentItem.objects.create(
        budget=budget, investment=row_of(budget), amount_ore=LAPTOPS, **{**given, **values}
    )
    return row


def leasing(budget: Budget) -> BudgetProduct:
    return BudgetProduct.objects.get(budget=budget, name="Datorer och surfplattor leasing")


def shown(budget: Budget) -> dict[str, Any]:
    """All that follows from what is bought."""
    lines = CostLine.objects.filter(budget=budget, is_calculated=True).order_by("lineage")
    return {
        "lines": list(lines.values_list("lineage", "amount_1_ore", "amount_2_ore", "amount_3_ore", "provenance")),
        "loans": sorted(PlannedLoan.objects.filter(budget=budget).values_list("year", "asset_class__slug", "principal_ore", "provenance"), key=str),
        "forecasts": load_amounts_by_kind(budget, *Forecast.Kind),
    }  # fmt: skip


def test_laptops_bought_in_march_reach_loans_depreciation_and_forecasts_and_leave_no_trace_when_removed() -> None:
    budget, user = get_budget(), get_user("ekonom")
    roll_up_budget(budget)
    switch_to_calculated(leasing(budget), CostKind.DEPRECIATION, by=user)
    roll_up_budget(budget)
    before = shown(budget)
    item = add_laptops(budget)
    roll_up_budget(budget)
    after = shown(budget)

    def computers(state: dict[str, Any]) -> int:
        return sum(ore for year, slug, ore, _source in state["loans"] if (year, slug) == (2027, "computers"))

    assert computers(after) - computers(before) == LAPTOPS
    line = CostLine.objects.get(budget_product=leasing(budget), cost_kind="depreciation")
    was = next(row for row in before["lines"] if row[0] == line.lineage)
    assert [line.amount_1_ore - was[1], line.amount_2_ore - was[2], line.amount_3_ore - was[3]] == [
        237_500_00, 285_000_00, 285_000_00,
    ]  # fmt: skip
    debt = [state["forecasts"]["loan"]["closing_debt"] for state in (before, after)]
    assert debt[1][2027] - debt[0][2027] == LAPTOPS
    assert debt[1][2028] - debt[0][2028] == LAPTOPS * 3 // 4
    customers = [state["forecasts"]["result"]["customers"][2027] for state in (before, after)]
    assert customers[1] - customers[0] == 237_500_00
    item.delete()
    roll_up_budget(budget)
    assert shown(budget) == before


def test_chain_runs_once_for_a_change_and_leaves_nothing_behind() -> None:
    budget = get_budget()
    roll_up_budget(budget)
    assert not is_capital_behind(budget)
    add_laptops(budget)
    assert is_capital_behind(budget)
    roll_up_budget(budget)
    assert not is_capital_behind(budget)
    placed = CapitalState.objects.get(pk=budget.pk).placed
    roll_up_budget(budget)
    assert CapitalState.objects.get(pk=budget.pk).placed == placed


def test_products_carry_each_class_whole_and_what_nobody_carries_is_named() -> None:
    budget = get_budget()
    ProductClass.objects.filter(budget=budget, asset_class__slug="switches").delete()
    roll_up_budget(budget)
    capital = compute_capital(budget)
    assert capital.uncarried == ["social_services_locks", "switches"]
    for part, cost in capital.parts[CostKind.DEPRECIATION].items():
        rows = CapitalCost.objects.filter(budget_product__budget=budget, part=part, cost_kind="depreciation")
        carried = tuple(sum(row.amounts[year] for row in rows) for year in range(3))
        assert carried == ((0, 0, 0) if part in capital.uncarried else cost.amounts)
    assert {"problem": "not_carried", "part": "switches"} in CapitalState.objects.get(pk=budget.pk).problems


def test_a_loan_of_its_own_stands_in_the_place_of_one_that_follows() -> None:
    budget = get_budget()
    add_laptops(budget)
    PlannedLoan.objects.filter(budget=budget, asset_class__slug="computers", year=2027).update(follows=False)
    roll_up_budget(budget)
    (loan,) = PlannedLoan.objects.filter(budget=budget, asset_class__slug="computers", year=2027)
    assert loan.principal_ore == 17_650_000_00


def test_adopted_budget_keeps_its_derived_lines_and_its_capital_cost_can_be_compared() -> None:
    budget = get_budget("budget-2026")
    lines = CostLine.objects.filter(budget=budget, cost_kind="depreciation")
    assert not lines.filter(is_calculated=True).exists()
    assert CapitalCost.objects.filter(budget_product__budget=budget, cost_kind="depreciation").exists()
    with pytest.raises(IntegrityError, match="is adopted"), transaction.atomic():
        add_laptops(budget, year=2026)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"month": 13}, "item_month_of_the_year"),
        ({"quantity": 119}, "item_amount_is_quantity_times_price"),
        ({"quantity": None}, "item_amount_is_quantity_times_price"),
        ({"quantity": None, "unit_price_ore": None, "amount_ore": -1}, "item_amount_ore_in_range"),
        ({"year": 2030}, "one of its budget's years"),
    ],
)
def test_what_a_purchase_cannot_be_the_database_refuses(values: dict[str, Any], constraint: str) -> None:
    budget = get_budget()
    amount = values.pop("amount_ore", LAPTOPS)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        item = add_laptops(budget)
        InvestmentItem.objects.filter(pk=item.pk).update(**values, amount_ore=amount)
        connection.check_constraints()


def test_copy_forward_keeps_purchases_of_its_years_and_drops_those_that_have_passed() -> None:
    budget = get_budget()
    add_laptops(budget)
    later = add_laptops(budget, year=2028, name="Skärmar")
    target = copy_forward(budget, slug="b28", name="B 2028", on=date(2026, 6, 1), by="ekonom@demo.example")
    assert list(InvestmentItem.objects.filter(budget=target).values_list("lineage", "year")) == [(later.lineage, 2028)]
    loan = PlannedLoan.objects.get(budget=target, asset_class__slug="computers", year=2028)
    assert (loan.follows, loan.principal_ore) == (True, row_of(target).amounts[0])


def test_lives_are_the_budgets_own() -> None:
    budget = get_budget()
    row = row_of(budget)
    Investment.objects.filter(pk=row.pk).update(useful_life_years=5)
    roll_up_budget(budget)
    (cost,) = CapitalCost.objects.filter(budget_product__budget=budget, part="computers", cost_kind="depreciation")
    assert row_of(get_budget("budget-2026")).life_years == 4
    before = CapitalCost.objects.get(
        budget_product__budget=get_budget("budget-2026"), part="computers", cost_kind="depreciation"
    )
    assert cost.amounts[1] != before.amounts[2]
