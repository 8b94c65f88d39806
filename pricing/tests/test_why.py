"""Why customers pay otherwise than in the budget before: the causes add up to the shares, and records tell their part."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from budgets.models import AllocationKey, BudgetProduct, CostLine, IndexRate, KeyWeight, ProductTotal
from budgets.selectors.shares import load_shares
from engine.bill import Cause
from engine.money import round_ore
from forecasts.services.roll_up import roll_up_budget
from objects.models import Contract, Customer
from pricing.models import LineOrigin, MovedCost
from pricing.selectors.reasons import load_reasons
from pricing.selectors.wages import load_pay
from pricing.selectors.why import Why, load_why
from records.changes import events_of
from records.models import ActReason
from tests.cast import get_budget, get_customer, get_user, list_open

pytestmark = pytest.mark.django_db
EARLIER = "budget-2026"


def explain(customer: Customer | None = None) -> Why:
    why = load_why(get_budget(), get_budget(EARLIER), customer)
    assert why is not None
    return why


def sum_of(why: Why, *causes: Cause) -> int:
    return sum(told.ore for told in why.sum_causes() if told.cause in causes)


def product_of(line: CostLine) -> BudgetProduct:
    product: BudgetProduct = line.budget_product
    return product


def test_causes_lead_from_every_share_of_the_demo_to_the_next_to_the_ore() -> None:
    now, before = get_budget(), get_budget(EARLIER)
    lineages = dict(BudgetProduct.objects.values_list("pk", "lineage"))
    shares = {
        budget.pk: {(s.customer_id, lineages[s.budget_product_id]): s.amounts[0] for s in load_shares(budget)}
        for budget in (now, before)
    }
    for customer in Customer.objects.all():
        why = explain(customer)
        for row in why.products:
            key = (customer.pk, row.product.lineage)
            assert (row.before, row.after) == (shares[before.pk].get(key, 0), shares[now.pk].get(key, 0))
        assert why.change == sum(told.ore for told in why.sum_causes())
        told = {row.product.lineage for row in why.products}
        assert {lineage for who, lineage in [*shares[now.pk], *shares[before.pk]] if who == customer.pk} <= told


def test_worked_example_of_the_demo_is_equity_wages_and_the_kinds_of_cost() -> None:
    why = explain(get_customer())
    causes = {(told.cause, told.kind): told.ore for told in why.sum_causes()}
    assert causes[Cause.EQUITY, ""] == 60_000_000
    assert causes[Cause.WAGES, ""] == 27_591_023
    assert causes[Cause.KIND, "depreciation"] == 33_788_746
    assert (why.before, why.change) == (3_852_079_190, 169_758_698)
    assert why.wage_percent == 3


def test_all_customers_together_are_the_sum_of_each() -> None:
    whole = {(told.cause, told.kind): told.ore for told in explain().sum_causes()}
    parts: dict[object, int] = dict.fromkeys(whole, 0)
    for customer in Customer.objects.all():
        for told in explain(customer).sum_causes():
            parts[told.cause, told.kind] = parts.get((told.cause, told.kind), 0) + told.ore
    assert {key: ore for key, ore in parts.items() if ore} == whole


def test_wages_are_the_revision_on_what_posts_cost_before() -> None:
    grant = BudgetProduct.objects.filter(budget=get_budget(EARLIER), sub_budget__governance_object=None)
    pay = load_pay(get_budget(EARLIER), set(grant.values_list("pk", flat=True)))
    for row in explain().products:
        told = sum(cause.ore for cause in row.causes if cause.cause == Cause.WAGES)
        kinds = pay.get(row.earlier.pk, {}) if row.earlier else {}
        assert told == sum(round_ore(Fraction(3, 100) * ore) for ore in kinds.values())


def test_moved_cost_is_told_at_both_ends_and_sums_to_zero() -> None:
    budget = get_budget()
    start, end = (BudgetProduct.objects.get(budget=budget, name=name) for name in ("Lifecare Grundmodul", "IST"))
    MovedCost.objects.create(
        budget=budget,
        from_product=start,
        to_product=end,
        amount_1_ore=5_000_000,
        reason="Flyttad.",
        provenance="assumed",
    )
    why = explain()
    told = {row.product.name: cause for row in why.products for cause in row.causes if cause.cause == Cause.MOVED}
    assert {name: cause.ore for name, cause in told.items()} == {start.name: -5_000_000, end.name: 5_000_000}
    assert {(cause.source, str(cause.about)) for cause in told.values()} == {("assumed", "Flyttad.")}
    assert sum_of(why, Cause.MOVED) == 0
    for customer in Customer.objects.all():
        own = explain(customer)
        assert own.change == sum(told.ore for told in own.sum_causes())


def test_new_key_is_told_as_one_and_sums_to_zero() -> None:
    KeyWeight.objects.filter(key__budget=get_budget(), key__slug="invanare", customer=get_customer()).update(
        weight=Decimal(20_000)
    )
    AllocationKey.objects.filter(budget=get_budget(), slug="invanare").update(provenance="entered")
    assert sum_of(explain(), Cause.KEY) == 0
    own = explain(get_customer())
    assert sum_of(own, Cause.KEY) > 0
    # The key of the budget before is still a guess.
    assert {told.source for told in own.sum_causes() if told.cause == Cause.KEY} == {"assumed"}


def test_product_that_ended_and_one_that_is_new_are_told_whole() -> None:
    gone = BudgetProduct.objects.get(budget=get_budget(EARLIER), name="IST")
    before = ProductTotal.objects.filter(budget_product=gone)
    here = BudgetProduct.objects.get(budget=get_budget(), lineage=gone.lineage)
    BudgetProduct.objects.filter(pk=here.pk).update(lineage="11111111-1111-4111-8111-111111111111")
    why = explain()
    assert sum_of(why, Cause.ENDED) == -sum(total.amount_1_ore for total in before)
    assert sum_of(why, Cause.NEW) == sum(t.amount_1_ore for t in ProductTotal.objects.filter(budget_product=here))
    assert [row.is_gone for row in why.products if row.product.name == "IST"] == [False, True]


def test_line_of_a_contract_is_told_by_it_and_no_index_is_counted_on_it() -> None:
    line = next(row for row in list_open() if row.cost_kind == "direct_cost")
    contract = Contract.objects.create(
        name="Drift", supplier="Leverantören", product=product_of(line).product, price_year=2027, amount_ore=1,
        starts_on=date(2026, 1, 1), provenance="entered",
    )  # fmt: skip
    LineOrigin.objects.create(budget=get_budget(), lineage=line.lineage, contract=contract)
    IndexRate.objects.create(
        cost_kind="direct_cost", year=2027, percent=Decimal(2), valid_from_on=date(2026, 1, 1), provenance="assumed"
    )
    was = CostLine.objects.get(budget=get_budget(EARLIER), lineage=line.lineage).amount_1_ore
    row = next(row for row in explain().products if row.product == product_of(line))
    told = {cause.cause: cause.ore for cause in row.causes if cause.kind == "direct_cost"}
    whole = ProductTotal.objects.get(budget_product=row.earlier, cost_kind="direct_cost").amount_1_ore
    assert told[Cause.CONTRACT] == line.amount_1_ore - was
    assert told.get(Cause.INDEX, 0) == round_ore(Fraction(2, 100) * (whole - was))


def test_index_of_the_year_is_told_of_what_was_there_before() -> None:
    IndexRate.objects.create(
        cost_kind="direct_cost", year=2027, percent=Decimal("2.5"), valid_from_on=date(2026, 6, 1), provenance="entered"
    )
    IndexRate.objects.create(
        cost_kind="interest", year=2027, percent=Decimal(9), valid_from_on=date(2027, 6, 1), provenance="entered"
    )
    before = ProductTotal.objects.filter(sub_budget__budget=get_budget(EARLIER), cost_kind="direct_cost")
    expected = sum(round_ore(Fraction(25, 1000) * total.amount_1_ore) for total in before)
    assert sum_of(explain(), Cause.INDEX) == expected


def test_nothing_is_told_where_a_budget_has_no_keys() -> None:
    assert load_why(get_budget(EARLIER), get_budget("budget-2025"), get_customer()) is None


def test_notes_of_changed_lines_are_reasons_and_what_somebody_said_is_for_the_federation() -> None:
    line, same = list_open()[:2]
    CostLine.objects.filter(pk=line.pk).update(note="Fler användare.", amount_1_ore=line.amount_1_ore + 100)
    was = CostLine.objects.get(budget=get_budget(EARLIER), lineage=same.lineage)
    CostLine.objects.filter(pk=same.pk).update(note="Som förut.", amount_1_ore=was.amount_1_ore)
    act = events_of(CostLine).filter(pgh_obj=line.pk).order_by("-pgh_id").values_list("pgh_context_id", flat=True)[0]
    if act is not None:
        ActReason.objects.create(act=act, words="Avtalet ökar.", by=get_user("objektagare"))
    given = load_reasons(get_budget(), get_budget(EARLIER), get_user("ekonom"))
    words = [reason.words for reason in given[line.budget_product_id] if reason.line == line.text]
    assert words[0] == "Fler användare."
    assert "Som förut." not in [reason.words for own in given.values() for reason in own]
    assert load_reasons(get_budget(), get_budget(EARLIER), get_user("vimmerby")) == {}


def test_changed_amounts_wait_for_the_roll_up_as_the_shares_do() -> None:
    line = list_open()[0]
    before = explain().change
    CostLine.objects.filter(pk=line.pk).update(amount_1_ore=line.amount_1_ore + 700, quantity=None, unit_price_ore=None)
    assert explain().change == before
    roll_up_budget(get_budget())
    assert explain().change == before + 700
