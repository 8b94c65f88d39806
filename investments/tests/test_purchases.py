"""The investment budget as it is typed: cells, purchases, classes, and taking back."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from budgets.models import CostLine
from investments.models import Investment, InvestmentItem, ProductClass
from investments.selectors.carried import load_carried
from investments.services.cells import SavedCells, TypedCell, key_of, save_cells, show_cell
from investments.services.counting import count_capital, enter_capital
from investments.services.purchases import REGISTER, remove_item, save_item, save_row, undo_purchases
from objects.selectors.registers import list_register_acts
from tests.cast import get_budget, get_user

from .test_capital import add_laptops, row_of

pytestmark = pytest.mark.django_db


def type_in(row: Investment | InvestmentItem, by: str = "ekonom", **typed: str) -> SavedCells:
    cells = [TypedCell(key_of(row), column, text, show_cell(row, column) or "") for column, text in typed.items()]
    return save_cells(get_budget(), cells, by=get_user(by))


def read(item: InvestmentItem) -> tuple[Any, ...]:
    item.refresh_from_db()
    return (item.month, item.quantity, item.unit_price_ore, item.amount_ore, item.priority)


def test_quantity_and_price_give_the_amount_and_a_typed_amount_clears_them() -> None:
    item = add_laptops(get_budget())
    assert type_in(item, quantity="100", unit_price_ore="10 000").count == 3
    assert read(item) == (3, 100, 10_000_00, 1_000_000_00, None)
    assert type_in(item, amount_1_ore="750 tkr").refused == []
    assert read(item) == (3, None, None, 750_000_00, None)
    assert type_in(item, amount_1_ore="x", priority="2", month="11").refused == []
    assert read(item) == (11, None, None, None, 2)


def test_price_of_the_class_stands_in_where_only_a_quantity_is_typed() -> None:
    budget = get_budget()
    item = add_laptops(budget, quantity=None, unit_price_ore=None)
    refused = type_in(item, quantity="10").refused
    assert [cell.cell.column for cell in refused] == ["quantity"]
    assert read(item) == (3, None, None, 1_140_000_00, None)
    Investment.objects.filter(pk=item.investment_id).update(unit_price_ore=9_000_00)
    assert type_in(item, quantity="10").refused == []
    assert read(item) == (3, 10, 9_000_00, 90_000_00, None)


def test_what_cannot_be_read_is_named_by_cell_and_the_rest_is_saved() -> None:
    row, item = row_of(get_budget()), add_laptops(get_budget())
    saved = save_cells(
        get_budget(),
        [
            TypedCell(key_of(item), "month", "13", "3"),
            TypedCell(key_of(item), "quantity", "0", "120"),
            TypedCell(key_of(row), "amount_2_ore", "-5", "16 000 000"),
            TypedCell(key_of(row), "amount_1_ore", "1 000 000", "17 650 000"),
            TypedCell("item.gone", "month", "1", ""),
        ],
        by=get_user("ekonom"),
    )
    assert [cell.cell.column for cell in saved.refused] == ["month", "quantity", "amount_2_ore", "month"]
    assert saved.count == 1
    assert row_of(get_budget()).own_amounts[0] == 1_000_000_00


def test_cell_that_somebody_else_has_changed_is_asked_about() -> None:
    row = row_of(get_budget())
    cell = TypedCell(key_of(row), "amount_1_ore", "5", "4")
    (refused,) = save_cells(get_budget(), [cell], by=get_user("ekonom")).refused
    assert "17" in refused.reason
    assert refused.stored == show_cell(row, "amount_1_ore")


def test_every_act_can_be_taken_back_and_the_latest_first() -> None:
    budget, user = get_budget(), get_user("ekonom")
    item = save_item(
        InvestmentItem(
            budget=budget, investment=row_of(budget), name="Skärmar", year=2027, quantity=2, unit_price_ore=100
        ),
        by=user,
    )
    remove_item(item, by=user)
    (removed, added) = list_register_acts(REGISTER, user, budget_id=budget.pk)
    with pytest.raises(ValidationError):
        undo_purchases(budget, added.id, by=user)
    undo_purchases(budget, removed.id, by=user)
    assert InvestmentItem.objects.get(lineage=item.lineage).amount_ore == 200


@pytest.mark.parametrize("who", ["objektagare", "direktion", "revisor", "vimmerby", "administrator"])
def test_only_the_economist_changes_what_is_bought(who: str) -> None:
    with pytest.raises(PermissionDenied):
        type_in(row_of(get_budget()), by=who, amount_1_ore="1")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"year": 2030}, "year"),
        ({"month": 0}, "month"),
        ({"quantity": 5}, "unit_price_ore"),
        ({"amount_ore": -1}, "amount_ore"),
        ({"unit_price_ore": -1, "quantity": 1}, "unit_price_ore"),
        ({"name": ""}, "name"),
    ],
)
def test_purchase_that_cannot_be_is_refused_by_field(values: dict[str, Any], field: str) -> None:
    budget = get_budget()
    given = {"name": "Skärmar", "year": 2027, **values}
    with pytest.raises(ValidationError) as refused:
        save_item(InvestmentItem(budget=budget, investment=row_of(budget), **given), by=get_user("ekonom"))
    assert field in refused.value.message_dict


def test_class_is_in_the_budget_once_for_each_way_of_paying_and_has_a_life_within_reason() -> None:
    budget = get_budget()
    again = Investment(budget=budget, asset_class=row_of(budget).asset_class, useful_life_years=0)
    with pytest.raises(ValidationError) as refused:
        save_row(again, by=get_user("ekonom"))
    assert refused.value.message_dict.keys() == {"asset_class", "useful_life_years"}


def test_all_capital_is_calculated_in_one_act_and_entered_again_as_it_was() -> None:
    budget, user = get_budget(), get_user("ekonom")
    lines = CostLine.objects.filter(budget=budget, cost_kind__in=["depreciation", "interest"]).order_by("lineage")
    fields = ("lineage", "text", "amount_1_ore", "amount_2_ore", "amount_3_ore", "provenance", "is_calculated")
    before = list(lines.values_list(*fields))
    count = count_capital(budget, by=user)
    rows = load_carried(budget)
    assert count == sum(row.is_calculated for row in rows) > 3
    assert all(row.difference == (0, 0, 0) for row in rows if row.is_calculated)
    assert enter_capital(budget, by=user) == count
    assert list(lines.values_list(*fields)) == before


def test_carriers_share_a_class_by_weight() -> None:
    budget = get_budget()
    (carrier,) = ProductClass.objects.filter(budget=budget, asset_class__slug="computers")
    assert carrier.weight == 1
