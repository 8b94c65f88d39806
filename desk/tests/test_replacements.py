"""The replacement plan in the pages: waves, prices, deferral, what a proposal changes, and taking it in one act."""

from __future__ import annotations

from typing import Any

import pytest

from budgets.models import Budget
from forecasts.tasks import calculate
from investments.models import AssetClass, DeviceBatch, Investment, InvestmentItem, PlannedLoan
from investments.selectors.capital import compute_capital
from tests.cast import ADOPTED, BOARD, DRAFT, ECONOMIST, OFFICER, OWNER, client_of, count_queries, get_budget, get_page

pytestmark = pytest.mark.django_db
PAGE = f"/budgets/{DRAFT}/replacements/"


def show(**asked: str) -> Any:
    answer = get_page(ECONOMIST, PAGE, "sv", **asked)
    assert answer.status_code == 200
    return answer.context


def sums(context: Any, slug: str) -> list[int]:
    row = next(row for row in context["waves"].classes if row.planned.slug == slug)
    return [each.number for each in row.sums]


def take(**asked: str) -> Any:
    return client_of(ECONOMIST).post(PAGE, {"plan": "1", **asked})


def draft() -> Budget:
    return get_budget(DRAFT)


def test_what_falls_due_follows_from_ages_and_cycles() -> None:
    context = show()
    assert sums(context, "computers") == [900, 1000, 500, 1630, 900, 1000]
    assert sums(context, "student_computers") == [1375, 858, 1270, 1375, 858, 1270]
    assert sums(context, "mobile_phones")[0] == 1060
    assert context["waves"].overdue.number == 60
    members = context["waves"].members
    for place, total in enumerate(context["waves"].totals):
        assert sum(row.sums[place].amount for row in members) == total.amount


def test_a_deferred_wave_moves_as_a_whole_and_prices_rise_by_the_index() -> None:
    context = show(plan="1", defer_computers_2027="12", index_2028="10", take_computers="1")
    assert sums(context, "computers")[:2] == [0, 1900]
    row = next(row for row in context["waves"].classes if row.planned.slug == "computers")
    assert row.sums[1].amount == 1900 * 10_450_00
    earlier = show(plan="1", defer_computers_2028="-12", take_computers="1")
    assert sums(earlier, "computers")[:2] == [1900, 0]


def test_only_the_federation_reads_it_and_only_who_changes_the_budget_takes_it() -> None:
    assert get_page(BOARD, PAGE).status_code == 200
    assert get_page(OFFICER, PAGE).status_code == 403 or get_page(OFFICER, PAGE).status_code == 404
    assert client_of(OWNER).post(PAGE, {"plan": "1", "take_computers": "1"}).status_code == 403
    adopted = f"/budgets/{ADOPTED}/replacements/"
    assert not get_page(ECONOMIST, adopted).context["can_take"]
    assert client_of(ECONOMIST).post(adopted, {"plan": "1", "take_computers": "1"}).status_code == 403


def test_proposal_is_shown_before_it_is_taken_and_comes_to_what_was_shown() -> None:
    before = Investment.objects.filter(budget=draft()).count()
    effect = show()["effect"]
    assert Investment.objects.filter(budget=draft()).count() == before
    assert take(take_computers="1", take_mobile_phones="1").status_code == 302
    calculate(draft().pk)
    loan = get_page(ECONOMIST, f"/budgets/{DRAFT}/loans/").context
    closing = next(row for row in loan["rows"] if row.code == "closing_debt").amounts
    room = next(row for row in loan["rows"] if row.code == "headroom").amounts
    years = draft().years
    assert tuple(ore for year, ore in closing if year in years) == effect.debt.then
    assert tuple(ore for year, ore in room if year in years) == effect.headroom.then
    capital = compute_capital(draft())
    total = tuple(
        sum(part.amounts[place] for parts in capital.parts.values() for part in parts.values()) for place in range(3)
    )
    assert total == effect.depreciation.then
    again = show(plan="1", take_computers="1", take_mobile_phones="1")["effect"]
    assert again.purchases.now == effect.purchases.then == again.purchases.then


def test_members_pay_what_their_products_carry_and_all_of_it_adds_up() -> None:
    effect = show()["effect"]
    assert effect.members
    for place in range(3):
        changed = sum(change.years[place][2] for _customer, change in effect.members)
        assert changed == effect.depreciation.years[place][2]


def test_taking_it_gives_purchases_by_member_and_month_and_is_undone_in_one_act() -> None:
    items = InvestmentItem.objects.filter(budget=draft())
    assert take(take_computers="1").status_code == 302
    found = list(items.filter(investment__asset_class__slug="student_computers", year=2027))
    assert {item.month for item in found} == {8} and sum(item.quantity or 0 for item in found) == 1375
    assert {item.provenance for item in found} == {"assumed"} and all(item.customer for item in found)
    row = Investment.objects.get(budget=draft(), asset_class__slug="computers")
    assert row.own_amounts == (0, 0, 0)
    calculate(draft().pk)
    loans = PlannedLoan.objects.filter(budget=draft(), asset_class__slug="student_computers", follows=True)
    assert sum(loan.principal_ore for loan in loans) == sum(
        item.amount_ore or 0 for item in items.filter(investment__asset_class__slug="student_computers")
    )
    client = client_of(ECONOMIST)
    client.post(client.get(f"/budgets/{DRAFT}/investments/").context["acts"][0].undo_url)
    assert not items.exists()
    assert not Investment.objects.filter(budget=draft(), asset_class__slug="student_computers").exists()
    assert Investment.objects.get(pk=row.pk).amount_1_ore == 17_650_000_00


def test_taking_it_again_replaces_the_earlier_proposal_but_not_what_a_person_entered() -> None:
    take(take_mobile_phones="1")
    items = InvestmentItem.objects.filter(budget=draft(), investment__asset_class__slug="mobile_phones")
    count = items.count()
    own = items.first()
    assert own is not None
    InvestmentItem.objects.filter(pk=own.pk).update(provenance="entered", name="Extra")
    take(take_mobile_phones="1")
    assert items.count() == count + 1 and items.filter(name="Extra").exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"price_computers": "0"}, "price_computers"),
        ({"price_computers": "-5"}, "price_computers"),
        ({"index_2028": "900"}, "index_2028"),
        ({"defer_computers_2027": "-48"}, "defer_computers_2027"),
        ({"defer_computers_2027": "1,5"}, "defer_computers_2027"),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_nothing_is_taken(wrong: dict[str, str], field: str) -> None:
    answer = take(take_computers="1", **wrong)
    assert answer.status_code == 422 and list(answer.context["form"].errors) == [field]
    assert not InvestmentItem.objects.filter(budget=draft()).exists()
    assert take().status_code == 422


def test_empty_register_says_so() -> None:
    DeviceBatch.objects.all().delete()
    assert "/devices/" in get_page(ECONOMIST, PAGE).content.decode()


def test_page_asks_as_little_of_the_database_however_much_falls_due() -> None:
    client = client_of(ECONOMIST)
    few = count_queries(client, PAGE)
    laptop = DeviceBatch.objects.filter(asset_class__slug="computers", state="in_use").earliest("pk")
    for month in range(1, 9):
        DeviceBatch.objects.create(
            asset_class=AssetClass.objects.get(slug="computers"), customer=laptop.customer, model="Ny",
            taken_on=laptop.taken_on.replace(month=month), number=3, unit_price_ore=100,
        )  # fmt: skip
    assert count_queries(client, PAGE) == few
