"""A revised budget bills the rest of the year: what it says less what is invoiced, over the months left (rule 7)."""

from __future__ import annotations

from collections import Counter

import pytest

from budgets.models import Budget, BudgetProduct, CostLine
from budgets.selectors.shares import load_shares
from forecasts.services.versions import adopt_budget, revise_budget
from invoices.models import InvoiceLine
from invoices.selectors.billing import load_billing, load_planned_invoices
from invoices.services import run_billing
from objects.models import Decision
from tests.cast import ECONOMIST, forget_revision, get_budget, get_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def adopted_is_not_revised(db: None) -> None:
    """The demo's adopted budget is revised already; these revise it themselves."""
    forget_revision()


Pairs = dict[tuple[int, int], int]


def bill(budget: Budget, *months: int) -> None:
    for month in months:
        run_billing(budget, month, by=get_user(ECONOMIST))


def revise(source: Budget) -> Budget:
    """A revision in which one product costs more, one nothing, and one is paid by other customers."""
    target = revise_budget(source, slug="reviderad", name="Reviderad", by=get_user(ECONOMIST))
    products = list(BudgetProduct.objects.filter(budget=target, category="usage").order_by("pk")[:2])
    raised = CostLine.objects.filter(budget_product=products[0]).earliest("pk")
    CostLine.objects.filter(pk=raised.pk).update(
        amount_1_ore=raised.amount_1_ore + 13_000_007, quantity=None, unit_price_ore=None
    )
    CostLine.objects.filter(budget_product=products[1]).delete()
    moved = BudgetProduct.objects.filter(budget=target, category="mandatory").earliest("pk")
    other = next(key for key in target.allocation_keys.all() if key != moved.allocation_key and key.weights.exists())
    BudgetProduct.objects.filter(pk=moved.pk).update(allocation_key=other)
    target.sub_budgets.update(status="locked")
    decision = Decision.objects.create(body="board", kind="adopt_budget", text="Revidering", meeting_on="2026-06-01")
    adopt_budget(target, decision=decision, by="test", reason="x")
    return target


def load_invoiced() -> Pairs:
    invoiced: Counter[tuple[int, int]] = Counter()
    rows = InvoiceLine.objects.values_list("budget_product__product", "invoice__customer", "net_ore")
    for product, customer, net in rows:
        invoiced[product, customer] += net
    return {key: net for key, net in invoiced.items() if net}


def load_planned(budget: Budget) -> Pairs:
    products = dict(BudgetProduct.objects.filter(budget=budget).values_list("pk", "product"))
    return {
        (products[share.budget_product_id], share.customer_id): share.amounts[0]
        for share in load_shares(budget)
        if share.amounts[0]
    }


def test_a_budget_revised_in_mid_year_is_invoiced_in_full_by_product_and_customer() -> None:
    source = get_budget("budget-2026")
    bill(source, 1, 2, 3, 4, 5)
    target = revise(source)
    assert load_planned(target) != load_planned(source)
    state = load_billing(target).state
    assert (state.difference_ore, state.invoiced_ore > 0, state.left_ore > 0) == (0, True, True)
    bill(target, 6, 7, 8, 9, 10, 11, 12)
    assert load_invoiced() == load_planned(target)
    state = load_billing(target).state
    assert (state.left_ore, state.difference_ore) == (0, 0)


def test_what_the_months_left_hold_is_what_the_year_shows_of_them() -> None:
    source = get_budget("budget-2026")
    bill(source, 3, 1)
    target = revise(source)
    for row in load_billing(target).months:
        if row.run is None:
            planned = load_planned_invoices(target, row.month)
            assert sum(invoice.net_ore for invoice in planned) == row.planned_ore
    assert load_planned_invoices(target, 3) == []
