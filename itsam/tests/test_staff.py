"""The demo's personnel and pools: what is published comes out of posts, pools and weights, and commands tell it."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from budgets.models import Budget, CostLine
from budgets.services.copying import copy_as_revision
from engine.money import round_to_tkr
from forecasts.services.roll_up import roll_up_budget, roll_up_calculated
from itsam.demo.loader import DATA
from itsam.demo.solve_pools import main
from itsam.demo.solving import TARGETS
from pricing.models import CostPool, PoolShare, PoolWeight, Post, PostPart
from pricing.selectors.inputs import load_inputs
from pricing.selectors.personnel import load_personnel_table
from pricing.selectors.tables import load_pool_table, sum_untold
from tests.cast import forget_revision, get_budget, read_demo_file

pytestmark = pytest.mark.django_db

SOLVED = ("posts.csv", "post_parts.csv", "pool_lines.csv", "pool_weights.csv")


@pytest.fixture
def budget() -> Budget:
    return get_budget("budget-2026")


def run_json(command: str, slug: str) -> Any:
    out = StringIO()
    call_command(command, slug, "--json", stdout=out)
    return json.loads(out.getvalue())


def read_printed(file: str, name: str) -> dict[str, int]:
    """The published tkr of 2026."""
    return {row[name]: int(row["budget_2026"]) for row in read_demo_file(file)}


# What is published


def test_every_row_of_the_personnel_table_is_exact_in_tkr(budget: Budget) -> None:
    rows = load_personnel_table(budget).rows
    assert {row: round_to_tkr(ore) for row, (ore, *_plan) in rows.items()} == read_printed(
        "personnel_costs.csv", "line"
    )


def test_every_pool_and_their_sum_is_exact_in_tkr(budget: Budget) -> None:
    table = load_pool_table(budget)
    pools = {row.pool.slug: round_to_tkr(row.cost[0]) for row in table.rows} | {"TOTAL": round_to_tkr(table.total[0])}
    assert pools == read_printed("influenceable_costs.csv", "cost_pool")


@pytest.mark.parametrize("slug", ["budget-2026", "budget-2027"])
def test_base_grant_and_products_take_the_pools_to_the_ore(slug: str) -> None:
    table = load_pool_table(get_budget(slug))
    assert sum_untold(get_budget(slug), table) == (0, 0, 0)
    for row in table.rows:
        whole = tuple(own + given for own, given in zip(row.cost, row.received, strict=True))
        taken = [part.amounts for part in row.taken]
        assert tuple(sum(year) for year in zip(*taken, strict=True)) == whole


def test_calculated_lines_are_what_was_derived_to_half_a_thousand_kronor(budget: Budget) -> None:
    with TARGETS.open(encoding="utf-8") as stream:
        wanted = {(r["sub_budget"], r["product"], r["cost_kind"]): r for r in csv.DictReader(stream)}
    lines = CostLine.objects.filter(budget=budget, is_calculated=True).select_related("budget_product__sub_budget")
    found = {(ln.budget_product.sub_budget.slug, ln.budget_product.name, ln.cost_kind): ln.amounts for ln in lines}
    assert found.keys() == wanted.keys()
    for key, amounts in found.items():
        assert all(abs(ore - int(wanted[key][f"sek_{y}"]) * 100) < 50_000 for y, ore in enumerate(amounts, 2026))


def test_weights_of_a_team_are_the_hours_of_its_posts(budget: Budget) -> None:
    inputs = load_inputs(budget)
    hours = defaultdict[str, Decimal](Decimal)
    for post in Post.objects.filter(budget=budget, parts__pool__isnull=False).distinct():
        parts = list(PostPart.objects.filter(post=post).select_related("pool"))
        whole = sum(part.weight for part in parts)
        for part in parts:
            hours[part.pool.slug] += post.employment_percent / 100 * part.weight / whole * (inputs.hours or 0)  # type: ignore[union-attr]
    for pool in CostPool.objects.filter(budget=budget, part_of="personnel"):
        weights = [(w.weight_1, w.weight_2, w.weight_3) for w in PoolWeight.objects.filter(pool=pool)]
        assert [sum(year) for year in zip(*weights, strict=True)] == [hours[pool.slug]] * 3


def test_the_script_writes_what_the_demo_reads(tmp_path: Path) -> None:
    for path in DATA.glob("*.csv"):
        if path.name not in SOLVED:
            (tmp_path / path.name).write_bytes(path.read_bytes())
    main(tmp_path)
    assert all((tmp_path / name).read_bytes() == (DATA / name).read_bytes() for name in SOLVED)


# What moves


def test_a_thousand_kronor_on_a_posts_pay_move_the_receivers_of_its_pools_and_nothing_else(budget: Budget) -> None:
    forget_revision()
    draft = copy_as_revision(budget, slug="revised", name="Revised", by="ekonom@demo.example")
    roll_up_budget(draft)
    before = {line.lineage: line for line in CostLine.objects.filter(budget=draft)}
    post = Post.objects.filter(budget=draft, title="Systemspecialist identitet").get()
    teams = set(PostPart.objects.filter(post=post).values_list("pool", flat=True))
    cost = sum(load_personnel_table(draft).rows["TOTAL"][:1])
    Post.objects.filter(pk=post.pk).update(monthly_pay_ore=post.monthly_pay_ore + 100_000)
    roll_up_calculated(draft.pk)
    after = {line.lineage: line for line in CostLine.objects.filter(budget=draft)}
    moved = {line.budget_product_id for key, line in after.items() if line.amounts != before[key].amounts}
    assert moved == set(PoolShare.objects.filter(pool__in=teams).values_list("budget_product", flat=True))
    sums = [sum(line.amount_1_ore for line in lines.values()) for lines in (before, after)]
    assert sums[1] - sums[0] == load_personnel_table(draft).rows["TOTAL"][0] - cost > 0
    assert {line.cost_kind for key, line in after.items() if line.amounts != before[key].amounts} == {"staff_time"}


# Commands


def test_personnel_prints_the_rows_of_the_published_table(budget: Budget) -> None:
    rows = run_json("personnel", budget.slug)
    names = [row["line"] for row in read_demo_file("personnel_costs.csv")]
    assert [(row["row"], row["year"]) for row in rows] == [(name, year) for name in names for year in budget.years]
    assert all(list(row) == ["row", "year", "ore", "tkr"] and row["tkr"] == round_to_tkr(row["ore"]) for row in rows)


def test_pools_print_who_takes_them_and_nothing_is_left(budget: Budget) -> None:
    rows = run_json("pools", budget.slug)
    assert [(row["pool"], row["year"]) for row in rows] == [
        (pool["cost_pool"], year)
        for pool in read_demo_file("influenceable_costs.csv")
        if pool["cost_pool"] != "TOTAL"
        for year in budget.years
    ]
    for year in budget.years:
        of_year = [row for row in rows if row["year"] == year]
        taken = [to["ore"] for row in of_year for to in row["to"] if to["kind"] != "pool"]
        assert sum(row["cost_ore"] for row in of_year) == sum(taken)
    assert round_to_tkr(sum(row["cost_ore"] for row in rows if row["year"] == 2026)) == 50_603
    overhead = next(row for row in rows if row["pool"] == "overhead")
    assert {(to["kind"], to["name"]) for to in overhead["to"]} == {("pool", "personnel")}


@pytest.mark.parametrize("command", ["personnel", "pools"])
def test_without_json_a_table_is_printed(command: str, budget: Budget) -> None:
    out = StringIO()
    call_command(command, budget.slug, stdout=out)
    assert "2026" in out.getvalue() and "2 026" not in out.getvalue()


@pytest.mark.parametrize("command", ["personnel", "pools"])
def test_unknown_budget_is_told_with_those_there_are(command: str) -> None:
    with pytest.raises(CommandError, match="budget-2026"):
        call_command(command, "budget-1999")
