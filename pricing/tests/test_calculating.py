"""The calculation on a budget of its own: the worked example of two pools, and what stands when it can't be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from budgets.models import Budget, BudgetProduct, ChosenRate, CostLine, PlanningRate, RevenueCategory, SubBudget
from engine.personnel import RateKind
from forecasts.services.roll_up import roll_up_budget, roll_up_calculated
from forecasts.services.versions import copy_forward
from objects.models import GovernanceObject, Product
from pricing.models import CalculationState, CostPool, PoolLine, PoolShare, PoolWeight, Post, PostCost, PostPart
from pricing.services.calculating import calculate_budget

START = date(2026, 1, 1)
RATES = {
    RateKind.ABSENCE: "3.8",
    RateKind.HOLIDAY_PAY: "1.38",
    RateKind.EMPLOYER_CONTRIBUTIONS: "31.42",
    RateKind.PENSION: "9.77",
    RateKind.INSURANCE: "0.20",
}


@dataclass
class Cast:
    """A budget with a base grant, three products and the two pools of the worked example."""

    budget: Budget
    products: dict[str, BudgetProduct]
    overhead: CostPool
    team: CostPool


def make_cast(slug: str = "small") -> Cast:
    budget = Budget.objects.create(slug=slug, name=slug, fiscal_year=2026)
    governed = GovernanceObject.objects.create(slug=f"{slug}-klient", name_sv="Klient", name_en="Client")
    grant = SubBudget.objects.create(budget=budget, slug="grundanslag", name_sv="Grundanslag", name_en="Base grant")
    client = SubBudget.objects.create(
        budget=budget, slug="klient", name_sv="Klient", name_en="Client", governance_object=governed
    )
    products = {}
    for place, (name, sub_budget) in enumerate(
        {"director": grant, "computers": client, "phones": client, "lifecare": client}.items(), 1
    ):
        products[name] = BudgetProduct.objects.create(
            budget=budget,
            sub_budget=sub_budget,
            product=Product.objects.create(name=f"{slug} {name}"),
            name=name,
            category=RevenueCategory.USAGE,
            position=place,
        )
    overhead = CostPool.objects.create(
        budget=budget, slug="overhead", name_sv="Overhead", name_en="Overhead", unit="percent", position=1
    )
    team = CostPool.objects.create(budget=budget, slug="support", name_sv="Support", name_en="Support", position=2)
    for pool, ore in ((overhead, 123_456_789), (team, 481_234_567)):
        PoolLine.objects.create(pool=pool, text="kostnad", amount_1_ore=ore, amount_2_ore=ore, amount_3_ore=ore)
    weigh(overhead, team, 10)
    for name, weight in (("director", 25), ("computers", 40), ("phones", 25)):
        weigh(overhead, products[name], weight)
    for name, hours in (("computers", "1720"), ("phones", "950"), ("lifecare", "33.5")):
        weigh(team, products[name], Decimal(hours))
    return Cast(budget, products, overhead, team)


def weigh(pool: CostPool, to: CostPool | BudgetProduct, weight: Decimal | int) -> PoolWeight:
    whom = {"to_pool": to} if isinstance(to, CostPool) else {"budget_product": to}
    return PoolWeight.objects.create(pool=pool, weight_1=weight, weight_2=weight, weight_3=weight, **whom)


def list_lines(budget: Budget) -> dict[tuple[str, str], int]:
    """What is calculated, öre of the first year by product and kind."""
    lines = CostLine.objects.filter(budget=budget, is_calculated=True)
    return {(line.budget_product.name, line.cost_kind): line.amount_1_ore for line in lines}


class WorkedExample(TestCase):
    cast: Cast

    @classmethod
    def setUpTestData(cls) -> None:
        cls.cast = make_cast()
        roll_up_budget(cls.cast.budget)

    def test_products_get_what_the_worked_example_says(self) -> None:
        assert list_lines(self.cast.budget) == {
            ("director", "personnel"): 30_864_197,
            ("computers", "staff_time"): 363_404_548,
            ("phones", "staff_time"): 204_306_488,
            ("lifecare", "staff_time"): 6_116_123,
        }
        assert sum(list_lines(self.cast.budget).values()) == 604_691_356

    def test_what_each_pool_gives_is_stored(self) -> None:
        given = PoolShare.objects.filter(pool=self.cast.team).order_by("budget_product__position")
        assert [share.amount_1_ore for share in given] == [314_021_832, 173_442_291, 6_116_123]

    def test_a_second_calculation_finds_nothing_to_do(self) -> None:
        assert not calculate_budget(self.cast.budget.pk)

    def test_any_number_of_new_lines_takes_as_many_statements_as_one(self) -> None:
        few, many = make_cast("few"), make_cast("many")
        for place in range(20):
            product = Product.objects.create(name=f"more {place}")
            known = many.products["phones"]
            row = BudgetProduct.objects.create(
                budget=many.budget, sub_budget=known.sub_budget, product=product, name=product.name,
                category=known.category, position=100 + place,
            )  # fmt: skip
            weigh(many.team, row, 7)
        counts = []
        for cast in (few, many):
            with CaptureQueriesContext(connection) as queries:
                assert calculate_budget(cast.budget.pk)
            counts.append(len(queries))
        assert counts[0] == counts[1]
        assert len(list_lines(many.budget)) == len(list_lines(few.budget)) + 20

    def test_a_new_line_stands_before_what_is_entered_of_its_product(self) -> None:
        cast, places = make_cast("placed"), {"computers": 0, "phones": 5}
        for name, place in places.items():
            CostLine.objects.create(
                budget=cast.budget, budget_product=cast.products[name], text="egen", cost_kind="direct_cost", position=place
            )  # fmt: skip
        roll_up_budget(cast.budget)
        lines = CostLine.objects.filter(budget=cast.budget, is_calculated=True)
        found = {line.budget_product.name: line.position for line in lines}
        assert found == {"computers": 0, "phones": 4, "lifecare": 0, "director": 0}

    def test_a_circle_keeps_the_lines_and_is_told_with_its_path(self) -> None:
        before = list_lines(self.cast.budget)
        weigh(self.cast.team, self.cast.overhead, 142)
        PoolLine.objects.filter(pool=self.cast.team).update(amount_1_ore=1)
        roll_up_calculated(self.cast.budget.pk)
        assert list_lines(self.cast.budget) == before
        (first, *_others) = CalculationState.objects.get(pk=self.cast.budget.pk).problems
        overhead, team = self.cast.overhead.pk, self.cast.team.pk
        assert (first["problem"], first["pools"]) == ("circle", [overhead, team, overhead])

    def test_a_posts_pay_moves_its_pools_receivers_and_nothing_else(self) -> None:
        self._choose_rates()
        post = Post.objects.create(
            budget=self.cast.budget,
            title="Tekniker",
            monthly_pay_ore=4_850_000,
            employment_percent=80,
            pay_from_on=START,
        )
        PostPart.objects.create(post=post, pool=self.cast.team, weight=60)
        PostPart.objects.create(post=post, budget_product=self.cast.products["director"], weight=40)
        roll_up_calculated(self.cast.budget.pk)
        assert sum(row.amount_1_ore for row in PostCost.objects.filter(part__post=post)) == 65_648_127
        before = list_lines(self.cast.budget)
        Post.objects.filter(pk=post.pk).update(monthly_pay_ore=4_950_000)
        roll_up_calculated(self.cast.budget.pk)
        after = list_lines(self.cast.budget)
        assert after.keys() == before.keys()
        assert all(after[key] > before[key] for key in before)
        assert (
            sum(after.values()) - sum(before.values())
            == sum(row.amount_1_ore for row in PostCost.objects.filter(part__post=post)) - 65_648_127
        )

    def test_a_locked_sub_budget_takes_what_is_calculated_and_nothing_else(self) -> None:
        SubBudget.objects.filter(budget=self.cast.budget).update(status=SubBudget.Status.LOCKED)
        PoolLine.objects.filter(pool=self.cast.team).update(amount_1_ore=100)
        roll_up_calculated(self.cast.budget.pk)
        assert list_lines(self.cast.budget)["lifecare", "staff_time"] < 6_116_123
        line = CostLine.objects.filter(budget=self.cast.budget).first()
        with pytest.raises(IntegrityError, match="is locked"), transaction.atomic():
            CostLine.objects.filter(pk=line.pk).update(is_calculated=False)  # type: ignore[union-attr]

    def test_a_proposed_budget_no_longer_follows(self) -> None:
        before = list_lines(self.cast.budget)
        Budget.objects.filter(pk=self.cast.budget.pk).update(phase=Budget.Phase.PROPOSED)
        PoolLine.objects.filter(pool=self.cast.team).update(amount_1_ore=100)
        roll_up_calculated(self.cast.budget.pk)
        assert list_lines(self.cast.budget) == before

    def test_a_copy_is_calculated_at_once(self) -> None:
        target = copy_forward(self.cast.budget, slug="next", name="next", on=START, by="ekonom@demo.example")
        assert list_lines(target) == list_lines(self.cast.budget)
        assert PoolShare.objects.filter(pool__budget=target).count() == 7

    def _choose_rates(self) -> None:
        rows = [(kind, START, value) for kind, value in RATES.items()]
        for kind, valid_from, value in (*rows, (RateKind.WAGE_REVISION, date(2026, 4, 1), "3")):
            rate = PlanningRate.objects.create(kind=kind, valid_from_on=valid_from, value=Decimal(value))
            ChosenRate.objects.create(budget=self.cast.budget, rate=rate)
