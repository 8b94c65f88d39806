"""The worked examples in the tables that pages and commands show."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from budgets.models import BudgetProduct, ChosenRate, CostLine, IndexRate, PlanningRate
from engine.personnel import RateKind
from forecasts.services.roll_up import roll_up_budget, roll_up_calculated
from forecasts.services.versions import copy_forward
from objects.models import Product
from pricing.models import CostPool, PoolLine, PoolProduct, PoolWeight, Post, PostPart
from pricing.selectors.personnel import load_personnel_table
from pricing.selectors.tables import load_pool_table, sum_untold
from pricing.tests.test_calculating import RATES, START, Cast, make_cast, weigh


def run_json(command: str, slug: str) -> Any:
    out = StringIO()
    call_command(command, slug, "--json", stdout=out)
    return json.loads(out.getvalue())


def add_post_a(cast: Cast) -> Post:
    """Post A of the worked example, 60 to 40 on the team and the base grant."""
    for kind, valid_from, value in (
        *((kind, START, value) for kind, value in RATES.items()),
        (RateKind.WAGE_REVISION, date(2026, 4, 1), "3"),
    ):
        rate = PlanningRate.objects.create(kind=kind, valid_from_on=valid_from, value=Decimal(value))
        ChosenRate.objects.create(budget=cast.budget, rate=rate)
    post = Post.objects.create(
        budget=cast.budget, title="A", monthly_pay_ore=4_850_000, employment_percent=80, pay_from_on=START
    )
    PostPart.objects.create(post=post, pool=cast.team, weight=60)
    PostPart.objects.create(post=post, budget_product=cast.products["director"], weight=40)
    return post


class Tables(TestCase):
    cast: Cast

    @classmethod
    def setUpTestData(cls) -> None:
        cls.cast = make_cast()
        roll_up_budget(cls.cast.budget)

    def test_pools_command_tells_the_worked_example(self) -> None:
        overhead, team = (row for row in run_json("pools", "small") if row["year"] == 2026)
        assert (overhead["cost_ore"], team["cost_ore"]) == (123_456_789, 481_234_567)
        assert [(to["kind"], to["name"], to["ore"]) for to in overhead["to"]] == [
            ("pool", "support", 12_345_679),
            ("base_grant", "director", 30_864_197),
            ("product", "computers", 49_382_716),
            ("product", "phones", 30_864_197),
        ]
        assert [to["ore"] for to in team["to"]] == [314_021_832, 173_442_291, 6_116_123]

    def test_personnel_command_tells_the_worked_example(self) -> None:
        add_post_a(self.cast)
        roll_up_calculated(self.cast.budget.pk)
        rows = [row["ore"] for row in run_json("personnel", "small") if row["year"] == 2026]
        assert rows == [45_798_511, 632_019, 14_588_473, 4_536_263, 92_861, 65_648_127, 0, 65_648_127]

    def test_a_product_told_in_a_pool_brings_what_it_costs_by_itself(self) -> None:
        add_post_a(self.cast)
        roll_up_calculated(self.cast.budget.pk)
        before = load_pool_table(self.cast.budget)
        assert sum_untold(self.cast.budget, before)[0] == 26_259_250
        PoolProduct.objects.create(pool=self.cast.team, budget_product=self.cast.products["director"])
        table = load_pool_table(self.cast.budget)
        assert sum_untold(self.cast.budget, table) == (0, 0, 0)
        assert table.own_costs[self.cast.team.pk][0] == 481_234_567 + 65_648_127

    def test_income_and_deductions_of_the_base_grant_are_no_cost_of_the_pools(self) -> None:
        add_post_a(self.cast)
        roll_up_calculated(self.cast.budget.pk)
        before = sum_untold(self.cast.budget, load_pool_table(self.cast.budget))
        director = self.cast.products["director"]
        for kind, ore in (("grants", 500), ("deduction", -300)):
            CostLine.objects.create(
                budget=self.cast.budget, budget_product=director, cost_kind=kind, text=kind, amount_1_ore=ore
            )
        roll_up_budget(self.cast.budget)
        assert sum_untold(self.cast.budget, load_pool_table(self.cast.budget)) == before

    def test_a_pool_that_is_part_of_another_is_told_in_its_row(self) -> None:
        CostPool.objects.filter(pk=self.cast.overhead.pk).update(part_of="support")
        (row,) = load_pool_table(self.cast.budget).rows
        assert (row.pool.slug, [part.slug for part in row.parts]) == ("support", ["overhead"])
        assert (row.cost[0], row.received) == (604_691_356, (0, 0, 0))
        assert sum(taken.amounts[0] for taken in row.taken) == 604_691_356

    def test_hired_staff_is_a_row_and_other_staff_stands_beside_the_table(self) -> None:
        for row, ore in (("hired_staff", 100), ("other_staff", 7)):
            PoolLine.objects.create(pool=self.cast.team, text=row, row=row, amount_1_ore=ore)
        table = load_personnel_table(self.cast.budget)
        assert (table.rows["hired_staff"][0], table.rows["TOTAL_LABOUR"][0], table.other_staff[0]) == (100, 100, 7)

    def test_on_call_pay_is_nobodys_working_time(self) -> None:
        post = add_post_a(self.cast)
        assert load_personnel_table(self.cast.budget).full_time == (Fraction(4, 5),) * 3
        Post.objects.filter(pk=post.pk).update(kind=Post.Kind.ON_CALL)
        assert load_personnel_table(self.cast.budget).full_time == (Fraction(0),) * 3

    def test_lines_and_weights_move_a_year_and_the_last_year_rises_by_what_the_pool_gives(self) -> None:
        IndexRate.objects.filter(cost_kind="staff_time", year=2029).update(percent=3, provenance="entered")
        IndexRate.objects.create(cost_kind="server_operation", year=2029, valid_from_on=START, percent=5)
        servers = CostPool.objects.create(
            budget=self.cast.budget, slug="servers", name_sv="S", name_en="S", gives="server_operation", position=3
        )
        for pool in (self.cast.team, servers):
            years = {f"amount_{n}_ore": n * 1000 for n in (1, 2, 3)} | {"provenance": "entered"}
            PoolLine.objects.create(pool=pool, text="moves", **years)
        PoolWeight.objects.create(
            pool=servers, budget_product=self.cast.products["phones"], weight_1=1, weight_2=2, weight_3=3
        )
        target = copy_forward(self.cast.budget, slug="next", name="next", on=START, by="ekonom@demo.example")
        lines = PoolLine.objects.filter(pool__budget=target, text="moves").order_by("pool__position")
        assert [(line.amounts, line.provenance) for line in lines] == [
            ((2000, 3000, 3090), "copied"),
            ((2000, 3000, 3000), "copied"),
        ]
        weight = PoolWeight.objects.get(pool__budget=target, pool__slug="servers")
        assert (weight.weight_1, weight.weight_2, weight.weight_3, weight.provenance) == (
            Decimal(2),
            Decimal(3),
            Decimal(3),
            "copied",
        )


@pytest.mark.django_db
def test_the_table_takes_as_many_queries_however_much_is_shared() -> None:
    counts = []
    for slug, more in (("few", 0), ("many", 12)):
        cast = make_cast(slug)
        for place in range(more):
            known, product = cast.products["phones"], Product.objects.create(name=f"more {place}")
            row = BudgetProduct.objects.create(
                budget=cast.budget, sub_budget=known.sub_budget, product=product, name=product.name,
                category=known.category, position=100 + place,
            )  # fmt: skip
            weigh(cast.team, row, 7)
        roll_up_budget(cast.budget)
        with CaptureQueriesContext(connection) as queries:
            table = load_pool_table(cast.budget)
        counts.append(len(queries))
        assert sum(len(row.taken) for row in table.rows) == 7 + more
    assert counts[0] == counts[1]
