"""The choice of hardware: strategies are entered, stand side by side, and one is taken into the budget."""

from __future__ import annotations

from typing import Any

import pytest

from investments.models import HardwareStrategy, Investment, InvestmentItem, StrategyRow
from tests.cast import BOARD, DRAFT, ECONOMIST, OFFICER, OWNER, client_of, get_budget, get_customer, get_page

pytestmark = pytest.mark.django_db
PAGE = f"/budgets/{DRAFT}/hardware/"


def typed(*rows: tuple[str, str, str, str, str], name: str = "Längre liv") -> dict[str, str]:
    """A form with rows of category, class, units, price and life, all of Vimmerby's."""
    given = {"name": name, "note": "", "seen": ""}
    for place, (category, kind, units, price, life) in enumerate(rows):
        given |= {
            f"customer_{place}": str(get_customer().uuid), f"category_{place}": category, f"asset_class_{place}": kind,
            f"units_{place}": units, f"unit_price_ore_{place}": price, f"life_years_{place}": life,
        }  # fmt: skip
    return given


STAFF, CARE = ("Administration", "computers", "301", "9 500", "5"), ("Hemtjänst", "mobile_phones", "90", "4000", "3")


def add(*rows: tuple[str, str, str, str, str], name: str = "Längre liv") -> HardwareStrategy:
    answer = client_of(ECONOMIST).post(f"{PAGE}new/", typed(*(rows or (STAFF, CARE)), name=name))
    assert answer.status_code == 302
    return HardwareStrategy.objects.get(name=name)


def show() -> Any:
    return get_page(ECONOMIST, PAGE, "sv").context["compared"]


def test_strategies_stand_side_by_side_with_what_each_leads_to() -> None:
    add()
    add(("Administration", "computers", "301", "9 500", "3"), CARE, name="Kortare liv")
    longer, shorter = show()
    assert (longer.units, longer.lives[0][1], shorter.lives[0][1]) == (391, 5, 3)
    for kind in ("Inköp som betalas med lån", "Skuld 31 december"):
        less, more = (next(row for row in each.rows if row.label == kind).change for each in (longer, shorter))
        assert less.now == more.now and (less.then[0] or 0) < (more.then[0] or 0)
    assert get_page(BOARD, PAGE).status_code == 200


def test_strategy_is_taken_with_its_lives_and_undone_in_one_act() -> None:
    row, client = add(), client_of(ECONOMIST)
    shown = next(each for each in show()[0].rows if each.label == "Inköp som betalas med lån").change.then
    assert client.post(f"{PAGE}{row.lineage}/take/").status_code == 302
    items = InvestmentItem.objects.filter(budget=get_budget(DRAFT), investment__asset_class__slug="computers")
    assert sorted((item.year, item.quantity) for item in items) == [(2027, 61), (2028, 60), (2029, 60)]
    computers = Investment.objects.get(budget=get_budget(DRAFT), asset_class__slug="computers")
    assert (computers.useful_life_years, computers.own_amounts) == (5, (0, 0, 0))
    again = next(each for each in show()[0].rows if each.label == "Inköp som betalas med lån").change
    assert again.now == again.then == shown
    client.post(client.get(f"/budgets/{DRAFT}/investments/").context["acts"][0].undo_url)
    computers.refresh_from_db()
    assert (computers.useful_life_years, items.all().count()) == (4, 0)


def test_strategy_is_changed_and_removed() -> None:
    row, client = add(), client_of(ECONOMIST)
    form = get_page(ECONOMIST, f"{PAGE}{row.lineage}/change/").context["form"]
    assert form["units_0"].value() == 301
    more = typed(STAFF, name="Längre liv") | {"seen": form["seen"].value()}
    assert client.post(f"{PAGE}{row.lineage}/change/", more).status_code == 302
    assert StrategyRow.objects.filter(strategy=row).count() == 1
    assert client.post(f"{PAGE}{row.lineage}/change/", more).status_code == 422
    assert client.post(f"{PAGE}{row.lineage}/remove/").status_code == 302
    assert show() == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"units_0": ""}, "units_0"),
        ({"units_0": "0"}, "units_0"),
        ({"life_years_0": "0"}, "life_years_0"),
        ({"unit_price_ore_0": "0"}, "unit_price_ore_0"),
        ({"customer_0": ""}, "customer_0"),
        ({"name": ""}, "name"),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_nothing_is_kept(wrong: dict[str, str], field: str) -> None:
    answer = client_of(ECONOMIST).post(f"{PAGE}new/", typed(STAFF) | wrong)
    assert answer.status_code == 422 and list(answer.context["form"].errors) == [field]
    assert not HardwareStrategy.objects.exists()


def test_a_type_of_device_has_one_life_and_a_strategy_has_rows_and_a_name_of_its_own() -> None:
    client = client_of(ECONOMIST)
    assert client.post(f"{PAGE}new/", typed(STAFF, (*STAFF[:4], "4"))).status_code == 422
    assert client.post(f"{PAGE}new/", typed()).status_code == 422
    add()
    assert client.post(f"{PAGE}new/", typed(STAFF)).status_code == 422
    assert HardwareStrategy.objects.count() == 1


def test_only_who_changes_the_budget_keeps_strategies() -> None:
    row = add()
    assert get_page(OFFICER, PAGE).status_code in (403, 404)
    for act in ("take/", "remove/", "change/"):
        assert client_of(OWNER).post(f"{PAGE}{row.lineage}/{act}", typed(STAFF)).status_code == 403
