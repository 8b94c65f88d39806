"""From every calculated line to its pools, weights, posts and rates, and from every post to where its cost ends up."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache

import pytest

from budgets.models import BudgetProduct, CostLine
from engine.result import sum_amounts
from pricing.models import Post, PostCost
from pricing.selectors.ends import follow_post
from pricing.selectors.places import CALCULABLE_HERE
from pricing.selectors.trace import Node, load_chain
from tests.cast import ADOPTED, DRAFT, ECONOMIST, INSIDE, OFFICER, client_of, get_budget

pytestmark = pytest.mark.django_db
WAY = f"/budgets/{ADOPTED}/"
RESTS, POOL, POST = (re.compile(f'href="({WAY}{part})"') for part in
                     (r"products/[0-9a-f-]{36}/rests-on/", r"pools/[0-9a-f-]{36}/", r"posts/[0-9a-f-]{36}/"))  # fmt: skip


def test_every_calculated_line_leads_to_its_posts_and_each_of_these_back() -> None:
    client = client_of(ECONOMIST)

    @cache
    def read(address: str) -> str:
        page = client.get(address)
        assert page.status_code == 200, address
        return str(page.content.decode())

    def posts_of(address: str, seen: frozenset[str] = frozenset()) -> set[str]:
        """The posts that a page leads to, by way of the pools that it leads to."""
        own = read(address).split('id="given"')[0]
        further = set(POOL.findall(own)) - seen - {address}
        return set(POST.findall(own)).union(*(posts_of(pool, seen | further | {address}) for pool in further))

    lines = CostLine.objects.filter(budget__slug=ADOPTED, is_calculated=True, cost_kind__in=CALCULABLE_HERE)
    products = BudgetProduct.objects.filter(pk__in=lines.values("budget_product"))
    forth: dict[str, set[str]] = {}
    for lineage in products.values_list("lineage", flat=True):
        address = f"{WAY}products/{lineage}/rests-on/"
        assert POOL.findall(read(address)) or POST.findall(read(address))
        assert "/pools/#row-product." in read(address) or POST.findall(read(address))
        assert 'href="/rates/"' in read(address)
        forth[address] = posts_of(address)
    back = defaultdict(set)
    for lineage in Post.objects.filter(budget__slug=ADOPTED).values_list("lineage", flat=True):
        post = f"{WAY}posts/{lineage}/"
        for address in RESTS.findall(read(post).split('id="ends"')[1]):
            back[address].add(post)
    assert len(forth) == products.count() >= 50
    # Server operation rests on no post.
    assert {address: found for address, found in forth.items() if found} == dict(back)


def test_ends_of_each_post_sum_to_its_cost_and_all_of_them_to_what_products_take_of_staff() -> None:
    budget = get_budget(ADOPTED)
    taken: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for post in Post.objects.filter(budget=budget):
        followed = follow_post(post)
        costs = [cost.amounts for cost in PostCost.objects.filter(part__post=post)]
        assert followed.total == sum_amounts(costs) == sum_amounts(end.amounts for end in followed.ends)
        for end in followed.ends:
            assert end.product is not None
            taken[end.product.pk].append(end.amounts)
    chain, posts = load_chain(budget), Post.objects.filter(budget=budget).count()
    for product in BudgetProduct.objects.filter(budget=budget).select_related("sub_budget"):
        told = [leaf.amounts for leaf in chain.trace(product).list_leaves() if _is_staff(leaf)]
        forth = sum_amounts(taken[product.pk]) if taken[product.pk] else (0, 0, 0)
        back = sum_amounts(told) if told else (0, 0, 0)
        # Each post rounds by itself, and so does each product.
        assert all(abs(one - two) <= 2 * posts for one, two in zip(forth, back, strict=True)), product.name


def _is_staff(leaf: Node) -> bool:
    return leaf.kind == "posts"


def test_page_of_a_post_tells_pay_and_ends_to_the_economist_only() -> None:
    post = Post.objects.filter(budget__slug=DRAFT).earliest("pk")
    address = f"/budgets/{DRAFT}/posts/{post.lineage}/"
    page = client_of(ECONOMIST, "en").get(address).content.decode()
    assert post.title in page and "Where its cost ends up" in page and "Change the post" in page
    for name in (*INSIDE, OFFICER):
        if name != ECONOMIST:
            assert client_of(name).get(address).status_code in (403, 404), name
