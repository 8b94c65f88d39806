"""What a started budget takes along and what stays: rates, lines that a switch replaced, posts of products that end."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db.models import Sum

from budgets.models import BudgetProduct, ChosenRate, CostLine, IndexRate, KeyWeight, StartedIndex
from budgets.selectors.starting import list_started_sums
from budgets.services.starting import StartKind
from budgets.services.undoing_start import undo_start
from desk.tests.test_start_year import PAGE, proposed, run, start
from engine.result import CostKind
from pricing.models import CalculatedKind, PostCost
from pricing.services.switching import switch_to_calculated, switch_to_entered
from tests.cast import ECONOMIST, client_of, get_budget, get_user

pytestmark = pytest.mark.django_db


def test_empty_budget_has_no_amounts_whatever_is_ticked_but_the_rates_to_reckon_by() -> None:
    target = start(kind=StartKind.EMPTY)
    assert not target.cost_lines.exists() and not CalculatedKind.objects.filter(budget=target).exists()
    assert list_started_sums(get_budget(), target)[0].after == (0, 0, 0)
    weights = [KeyWeight.objects.filter(key__budget=budget).count() for budget in (get_budget(), target)]
    rates = [ChosenRate.objects.filter(budget=budget).count() for budget in (get_budget(), target)]
    assert weights[0] == weights[1] and rates[0] == rates[1] > 0


def test_rate_that_is_taken_from_the_year_before_raises_what_is_calculated_too() -> None:
    answer = client_of(ECONOMIST).post(PAGE.format("budget-2027"), proposed(client_of(ECONOMIST)))
    assert answer.status_code == 302
    rate = IndexRate.objects.get(cost_kind=CostKind.PERSONNEL, year=2030)
    assert (rate.percent, rate.provenance) == (Decimal(3), "assumed")
    costs = PostCost.objects.filter(part__post__budget__slug="budget-2028", row="salary")
    sums = costs.aggregate(second=Sum("amount_2_ore"), third=Sum("amount_3_ore"))
    assert abs(sums["third"] - sums["second"] * 103 // 100) < costs.count() + 1


def test_preview_tells_what_ends_with_a_product_and_posts_keep_their_cost() -> None:
    """A post that nobody carries stops the calculation: the others are shown with their cost, and the page says so."""
    product = BudgetProduct.objects.filter(budget=get_budget(), post_parts__isnull=False).earliest("position")
    (title,) = product.post_parts.values_list("post__title", flat=True)
    client = client_of(ECONOMIST, "en")
    sent = {**proposed(client), "ended": str(product.lineage)}
    looked = client.get(PAGE.format("budget-2027"), sent).content.decode()
    told = looked[looked.index("What ends with the products") :]
    assert f"{product.name}: " in told and "1 post" in told
    assert "Nobody carries these posts then" in told and title in told.partition("Nobody carries")[2][:200]
    assert client.post(PAGE.format("budget-2027"), sent).status_code == 302
    costs = PostCost.objects.filter(part__post__budget__slug="budget-2028")
    assert costs.aggregate(total=Sum("amount_1_ore"))["total"] > 0
    page = client.get("/budgets/budget-2028/posts/").content.decode()
    assert "The calculation is stopped" in page and "1 thing keeps the pools from being placed" in page


def test_what_a_switch_replaced_stays_with_its_budget() -> None:
    """Put back in the new budget, the lines landed in the old one, and the new one's product lost its cost."""
    kind, by = CostKind.STAFF_TIME, get_user(ECONOMIST)
    of_source = CalculatedKind.objects.filter(budget=get_budget(), cost_kind=kind).earliest("pk").budget_product
    switch_to_entered(of_source, kind, by=by)
    CostLine.objects.filter(budget_product=of_source, cost_kind=kind).update(amount_2_ore=123_45)
    switch_to_calculated(of_source, kind, by=by)
    target = start()
    made = target.budget_products.get(lineage=of_source.lineage)
    before = [sum_of_kind(product, kind) for product in (of_source, made)]
    switch_to_entered(made, kind, by=by)
    assert [sum_of_kind(product, kind) for product in (of_source, made)] == before
    assert made.cost_lines.get(cost_kind=kind).provenance == "entered"


def sum_of_kind(product: BudgetProduct, kind: str) -> tuple[int, int]:
    lines = product.cost_lines.filter(cost_kind=kind)
    return lines.count(), lines.aggregate(total=Sum("amount_1_ore"))["total"]


def test_command_takes_the_rates_that_the_page_proposes() -> None:
    run("budget-2027", "--json")
    kept = list_kept()
    undo_start(get_budget("budget-2028"), by=get_user(ECONOMIST))
    assert (
        client_of(ECONOMIST, "en").post(PAGE.format("budget-2027"), proposed(client_of(ECONOMIST))).status_code == 302
    )
    assert ("personnel", Decimal(3)) in kept and kept == list_kept()


def list_kept() -> list[tuple[str, Decimal]]:
    rows = StartedIndex.objects.filter(start__budget__slug="budget-2028").order_by("cost_kind")
    return list(rows.values_list("cost_kind", "percent"))
