"""What a product's cost comes from, walked both ways."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from budgets.models import Budget, BudgetProduct
from engine.result import sum_amounts
from engine.trace import prorate
from forecasts.services.roll_up import roll_up_budget, roll_up_calculated
from pricing.models import CostPool, PoolLine, Post, PostCost, PostPart
from pricing.selectors.trace import Node, load_chain
from pricing.tests.test_calculating import make_cast
from pricing.tests.test_rates import make_rates
from tests.cast import get_budget

parts = st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=12).filter(lambda rows: sum(rows) != 0)


@given(st.integers(-(10**12), 10**12), parts)
def test_split_by_what_a_whole_is_made_of_adds_up(amount: int, rows: list[int]) -> None:
    split = prorate(amount, rows)
    assert sum(split) == amount
    assert all(abs(own * sum(rows) - amount * row) < abs(sum(rows)) for own, row in zip(split, rows, strict=True))


def walk(budget: Budget) -> dict[int, Node]:
    """Every product's tree, held to its cost: every node is the sum of its parts, and nothing is unexplained."""
    chain = load_chain(budget)
    trees = {}
    for product in BudgetProduct.objects.filter(budget=budget).select_related("sub_budget"):
        tree = chain.trace(product)
        wanted = sum_amounts(line.amounts for line in product.cost_lines.all())
        assert tree.amounts == wanted
        assert sum_amounts(leaf.amounts for leaf in tree.list_leaves()) == wanted
        assert "rest" not in {leaf.kind for leaf in tree.list_leaves()}
        trees[product.pk] = tree
    return trees


def sum_sources(trees: dict[int, Node]) -> dict[tuple[str, str], list[int]]:
    """What all products together take of each cost of the pools, by the pool's name and the cost's."""
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])

    def add(node: Node, pool: str) -> None:
        if not node.children and pool:
            sums[pool, node.name] = [old + new for old, new in zip(sums[pool, node.name], node.amounts, strict=True)]
        for child in node.children:
            add(child, node.name if node.kind == "pool" else pool)

    for tree in trees.values():
        add(tree, "")
    return dict(sums)


def assert_explained_both_ways(budget: Budget) -> None:
    """What products take of each pool's own cost and of its posts is all of it."""
    sums = sum_sources(walk(budget))
    for pool in CostPool.objects.filter(budget=budget):
        wanted: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        for line in PoolLine.objects.filter(pool=pool):
            wanted[line.text] = [old + new for old, new in zip(wanted[line.text], line.amounts, strict=True)]
        for cost in PostCost.objects.filter(part__pool=pool):
            wanted[""] = [old + new for old, new in zip(wanted[""], cost.amounts, strict=True)]
        for name, amounts in wanted.items():
            # A pool's cost is placed on many, and each rounds its own part to the öre.
            if (pool.name_sv, name) in sums and PostPart.objects.filter(pool=pool).count() != 1:
                assert sums[pool.name_sv, name] == pytest.approx(amounts, abs=len(sums) * 200)
    placed = [sum(amounts[year] for amounts in sums.values()) for year in range(3)]
    own = [line.amounts for line in PoolLine.objects.filter(pool__budget=budget)]
    own += [cost.amounts for cost in PostCost.objects.filter(part__pool__budget=budget)]
    assert placed == list(sum_amounts(own))


@pytest.mark.django_db
@pytest.mark.parametrize("slug", ["budget-2026", "budget-2027"])
def test_every_product_of_the_demo_is_explained_both_ways(slug: str) -> None:
    assert_explained_both_ways(get_budget(slug))


@pytest.mark.django_db
def test_pools_posts_and_pools_that_serve_pools_are_explained_and_no_single_post_is_told() -> None:
    cast = make_cast("traced")
    make_rates(cast.budget)
    for title, pay in (("Tekniker", 4_850_000), ("Arkitekt", 6_100_000)):
        post = Post.objects.create(
            budget=cast.budget, title=title, monthly_pay_ore=pay, pay_from_on=date(2026, 1, 1), provenance="published"
        )
        PostPart.objects.create(post=post, pool=cast.team, weight=1)
        PostPart.objects.create(post=post, budget_product=cast.products["director"], weight=3)
    roll_up_budget(cast.budget)
    roll_up_calculated(cast.budget.pk)
    assert_explained_both_ways(cast.budget)
    tree = walk(cast.budget)[cast.products["lifecare"].pk]
    (line,) = tree.children
    (team,) = line.children
    assert [(node.kind, node.titles) for node in team.children] == [
        ("posts", ["Tekniker 25 %", "Arkitekt 25 %"]), ("own", []), ("pool", []),
    ]  # fmt: skip


@pytest.mark.django_db
def test_command_prints_the_tree_and_helps_with_names() -> None:
    product = BudgetProduct.objects.filter(budget__slug="budget-2026", sub_budget__slug="socialtjanst").earliest("pk")
    out = StringIO()
    call_command("trace", "budget-2026", f"socialtjanst/{product.name}", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert told["ore"] == told["tree"]["ore"]
    assert [sum(part["ore"][year] for part in told["tree"]["parts"]) for year in range(3)] == told["ore"]
    out = StringIO()
    call_command("trace", "budget-2026", f"socialtjanst/{product.name}", stdout=out)
    assert product.name in out.getvalue()
    with pytest.raises(CommandError, match=r"has no product 'nothing'"):
        call_command("trace", "budget-2026", "nothing")
