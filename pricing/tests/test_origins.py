"""Contracts and development items become lines that know where they come from."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from budgets.models import BudgetProduct, CostLine
from desk.year.selectors import load_clock
from engine.contracts import find_last_notice, index_price
from engine.items import phase_in
from forecasts.services.versions import copy_forward
from objects.models import Contract, DevelopmentItem
from objects.services.contracts import InUseError, find_contract_faults, remove_contract, save_contract
from pricing.selectors.origins import find_origin, list_contract_lines, load_item_costs
from pricing.services.origins import make_contract_line, make_item_lines
from tests.cast import ECONOMIST, OFFICER, OWNER, client_of, get_budget, get_user

pytestmark = pytest.mark.django_db
TYPED = {
    "name": "Journalsystem", "supplier": "Tieto", "starts_on": date(2025, 1, 1), "ends_on": date(2028, 6, 30),
    "notice_months": 9, "amount_ore": 100_000_000, "price_year": 2026, "index_percent": Decimal("2.5"), "registry_no": "2025/7",
}  # fmt: skip


def make_contract() -> tuple[Contract, BudgetProduct]:
    """A contract of the owner's product in the draft."""
    product = BudgetProduct.objects.filter(budget__slug="budget-2027", sub_budget__slug="socialtjanst").earliest("pk")
    contract = save_contract(Contract(product=product.product, **TYPED), by=get_user(ECONOMIST))
    return contract, product


def test_history_of_a_contract_says_kronor_where_the_name_does() -> None:
    contract, _product = make_contract()
    contract.amount_ore, contract.index_percent = 160_000_050, Decimal("2.75")
    save_contract(contract, by=get_user(ECONOMIST))
    page = client_of(ECONOMIST).get(f"/contracts/{contract.uuid}/").content.decode()
    assert "1\u202f000\u202f000 → <b>1\u202f600\u202f000,50</b>" in page and "2,5 → <b>2,75</b>" in page


def get_item(effect_ore: int | None = 40_000_001) -> DevelopmentItem:
    item: DevelopmentItem = DevelopmentItem.objects.filter(plan__governance_object__slug="socialtjanst")[0]
    DevelopmentItem.objects.filter(pk=item.pk).update(effect_ore=effect_ore, year=2028, quarter=3, state="planned")
    item.refresh_from_db()
    return item


def test_contract_becomes_a_line_by_its_clause_that_leads_back_to_it() -> None:
    contract, product = make_contract()
    line = make_contract_line(contract, product, by=get_user(OWNER))
    assert line.amounts == (102_500_000, 105_062_500, 107_689_063)
    origin = find_origin(line)
    assert origin is not None
    assert origin.contract == contract
    assert [row.line for row in list_contract_lines(get_user(ECONOMIST), contract)] == [line]
    assert "2025/7" in line.note


def test_changed_price_brings_the_same_line_up_to_it() -> None:
    contract, product = make_contract()
    line = make_contract_line(contract, product, by=get_user(OWNER))
    contract.amount_ore, contract.index_percent = 120_000_000, None
    save_contract(contract, by=get_user(ECONOMIST))
    assert make_contract_line(contract, product, by=get_user(OWNER)).pk == line.pk
    line.refresh_from_db()
    assert line.amounts == (120_000_000,) * 3


def test_copied_budgets_line_still_knows_its_contract() -> None:
    contract, product = make_contract()
    make_contract_line(contract, product, by=get_user(OWNER))
    target = copy_forward(
        get_budget("budget-2027"), slug="next", name="next", on=date(2027, 1, 1), by="ekonom@demo.example"
    )
    found = list_contract_lines(get_user(ECONOMIST), contract)
    assert [row.line.budget_id for row in found] == [target.pk, product.budget_id]


def test_contract_that_a_line_comes_from_is_not_removed() -> None:
    contract, product = make_contract()
    make_contract_line(contract, product, by=get_user(OWNER))
    with pytest.raises(InUseError):
        remove_contract(contract, by=get_user(ECONOMIST))
    page = client_of(ECONOMIST).post(f"/contracts/{contract.uuid}/remove/")
    assert page.status_code == 422


def test_owner_of_another_object_makes_no_line() -> None:
    contract, _product = make_contract()
    other = BudgetProduct.objects.filter(budget__slug="budget-2027", sub_budget__governance_object=None).earliest("pk")
    Contract.objects.filter(pk=contract.pk).update(product=other.product)
    contract.refresh_from_db()
    with pytest.raises(PermissionDenied):
        make_contract_line(contract, other, by=get_user(OWNER))
    assert client_of(OFFICER).get(f"/contracts/{contract.uuid}/").status_code == 403


def test_last_day_of_notice_follows_from_the_end_and_is_told_to_the_year() -> None:
    contract, _product = make_contract()
    assert contract.notice_by == date(2027, 9, 30)
    budget = copy_forward(
        get_budget("budget-2027"), slug="budget-2028", name="Budget 2028", on=date(2026, 6, 1), by=ECONOMIST
    )
    days = [day for day in load_clock(budget, get_user(ECONOMIST)) if day.code == "notice"]
    assert [(day.on, day.subject) for day in days] == [(date(2027, 9, 30), str(contract))]
    assert contract.is_due(date(2027, 7, 2))
    assert not contract.is_due(date(2027, 7, 1))
    assert not contract.is_due(date(2027, 10, 1))


def test_months_of_notice_end_with_a_month_as_the_contract_does() -> None:
    assert find_last_notice(date(2027, 5, 31), 3) == date(2027, 2, 28)
    assert find_last_notice(date(2028, 2, 29), 1) == date(2028, 1, 31)
    assert find_last_notice(date(2027, 1, 15), 1) == date(2026, 12, 15)


def test_price_is_raised_for_each_year_and_rounded_once() -> None:
    assert index_price(1_000, 2027, Decimal("0.5"), (2026, 2027, 2028)) == (1_000, 1_000, 1_005)
    assert index_price(100, 2026, Decimal("0.5"), (2026, 2027, 2028)) == (100, 101, 101)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"ends_on": date(2024, 1, 1)}, "ends_on"),
        ({"last_notice_on": date(2027, 1, 1)}, "notice_months"),
        ({"last_notice_on": date(2029, 1, 1), "notice_months": None}, "last_notice_on"),
        ({"ends_on": None}, "ends_on"),
        ({"amount_ore": -1}, "amount_ore"),
        ({"index_month": 3}, "index_name"),
        ({"index_percent": Decimal(60)}, "index_percent"),
    ],
)
def test_what_can_not_be_of_a_contract_is_told_at_its_field(changed: dict[str, object], field: str) -> None:
    assert [name for name, _said in find_contract_faults(Contract(**{**TYPED, **changed}))] == [field]


def test_item_becomes_lines_that_share_its_effect_to_the_ore() -> None:
    item, owner = get_item(), get_user(OWNER)
    products = list(BudgetProduct.objects.filter(budget__slug="budget-2027", sub_budget__slug="socialtjanst")[:3])
    lines = make_item_lines(item, products, "direct_cost", by=owner)
    assert [sum(line.amounts[year] for line in lines) for year in range(3)] == [0, 20_000_001, 40_000_001]
    (cost,) = load_item_costs(owner, [item])[item.pk]
    assert cost.amounts == (0, 20_000_001, 40_000_001)
    CostLine.objects.filter(pk=lines[0].pk).update(amount_1_ore=500)
    assert load_item_costs(owner, [item])[item.pk][0].amounts[0] == 500
    with pytest.raises(ValidationError):
        make_item_lines(item, products[:1], "direct_cost", by=owner)


def test_item_without_a_known_effect_asks_for_it() -> None:
    products = list(BudgetProduct.objects.filter(budget__slug="budget-2027", sub_budget__slug="socialtjanst")[:1])
    with pytest.raises(ValidationError):
        make_item_lines(get_item(None), products, "direct_cost", by=get_user(OWNER))


def test_effect_begins_with_the_quarter() -> None:
    assert phase_in(400, 2027, 4, (2026, 2027, 2028)) == (0, 100, 400)
    assert phase_in(400, None, None, (2026, 2027, 2028)) == (400, 400, 400)


def test_pages_make_the_lines_by_one_click_and_show_them() -> None:
    contract, product = make_contract()
    owner = client_of(OWNER)
    wanted = f"{product.budget.slug}/{product.lineage}"
    assert owner.post(f"/contracts/{contract.uuid}/line/", {"product": wanted}).status_code == 302
    page = owner.get(f"/contracts/{contract.uuid}/").content.decode()
    assert "Tieto: Journalsystem</a>" in page
    line = CostLine.objects.get(text="Tieto: Journalsystem")
    form = owner.get(f"/budgets/budget-2027/sub-budgets/socialtjanst/lines/{line.lineage}/").content.decode()
    assert f"/contracts/{contract.uuid}/" in form
    item = get_item()
    url = f"/objects/items/{item.uuid}/lines/"
    assert owner.post(url, {"products": [wanted], "cost_kind": "direct_cost"}).status_code == 302
    assert "2027" in owner.get("/objects/socialtjanst/").content.decode().split("#plan")[0]
    assert owner.post(f"/objects/items/{item.uuid}/remove/").status_code == 422


def test_contract_that_is_due_warns_on_the_list() -> None:
    contract, _product = make_contract()
    today = timezone.localdate()
    Contract.objects.filter(pk=contract.pk).update(last_notice_on=today, notice_months=None)
    page = client_of(ECONOMIST).get("/contracts/")
    assert page.context["due"] == [contract]
    assert client_of(OFFICER).get("/contracts/").status_code == 403
