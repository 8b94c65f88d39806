"""One post's pay changed until calculated lines, totals and forecasts are stored; the demo, and ten times its staff."""

from __future__ import annotations

from datetime import date
from statistics import median
from uuid import uuid4

from benchmarks import servers
from benchmarks.measuring import Figure, Sizes, in_ms, medians, ratio_of, seconds_of
from budgets.models import Budget, BudgetProduct
from forecasts.services.roll_up import roll_up_budget, roll_up_calculated
from forecasts.services.versions import copy_forward
from objects.models import Product
from pricing.models import PoolWeight, Post, PostPart
from records.reasons import Reason
from records.services import change

BY = "benchmarks"
DEMO, TIMES = "budget-2027", 10
DATABASE = "pools"


def measure(sizes: Sizes) -> list[Figure]:
    """The chain for the demo, and how much longer it is with ten times the products, weights and posts."""
    servers.make_empty_database(DATABASE, servers.with_demo())
    servers.use(DATABASE)
    small = Budget.objects.get(slug=DEMO)
    large = _make_large(small)
    rounds = [{"small": _raise_pay(small), "large": _raise_pay(large)} for _round in range(max(sizes.repetitions, 3))]
    details = {
        "posts": Post.objects.filter(budget=large).count(),
        "weights": PoolWeight.objects.filter(pool__budget=large).count(),
        **in_ms(medians(rounds)),
    }
    return [
        Figure(
            "Chain from posts to forecasts, the demo", median(r["small"] for r in rounds) * 1000, "ms", 100, details
        ),
        Figure(
            f"Chain, {TIMES} × products and posts",
            ratio_of(rounds, "large", "small"),
            "× the demo's",
            TIMES + 1,
            details,
        ),
    ]


def _raise_pay(budget: Budget) -> float:
    post = Post.objects.filter(budget=budget, parts__pool__slug="support").order_by("pk")[0]
    Post.objects.filter(pk=post.pk).update(monthly_pay_ore=post.monthly_pay_ore + 10_000)
    return seconds_of(lambda: roll_up_calculated(budget.pk))


def _make_large(source: Budget) -> Budget:
    """A copy in which every product that a pool serves, its weights, and every post are there ten times."""
    with change(by=BY, reason=Reason.DEMO):
        target = copy_forward(source, slug="ten-times", name="Ten times", on=date(2026, 1, 1), by=BY)
        weights = list(PoolWeight.objects.filter(pool__budget=target, budget_product__isnull=False))
        served = [weight.budget_product_id for weight in weights if weight.budget_product_id is not None]
        products = list(BudgetProduct.objects.filter(pk__in=served).select_related("product"))
        parts = list(PostPart.objects.filter(post__budget=target).select_related("post"))
        for number in range(1, TIMES):
            _add_products(products, weights, number)
            _add_posts(parts)
        roll_up_budget(target)
    return target


def _add_products(products: list[BudgetProduct], weights: list[PoolWeight], number: int) -> None:
    new = {}
    for product in products:
        lasting = Product.objects.create(
            name=f"{product.name} {number}", governance_object_id=product.product.governance_object_id
        )
        new[product.pk] = BudgetProduct.objects.create(
            budget_id=product.budget_id,
            sub_budget_id=product.sub_budget_id,
            product=lasting,
            name=lasting.name,
            category=product.category,
            position=product.position + 100 * number,
        )
    PoolWeight.objects.bulk_create(
        PoolWeight(
            pool_id=weight.pool_id,
            budget_product=new[weight.budget_product_id or 0],
            weight_1=weight.weight_1,
            weight_2=weight.weight_2,
            weight_3=weight.weight_3,
        )
        for weight in weights
    )


def _add_posts(parts: list[PostPart]) -> None:
    posts = {part.post_id: part.post for part in parts}
    new = {}
    for pk, post in posts.items():
        new[pk] = Post.objects.create(
            budget_id=post.budget_id,
            lineage=uuid4(),
            title=post.title,
            kind=post.kind,
            employment_percent=post.employment_percent,
            monthly_pay_ore=post.monthly_pay_ore,
            pay_from_on=post.pay_from_on,
        )
    PostPart.objects.bulk_create(
        PostPart(
            post=new[part.post_id], pool_id=part.pool_id, budget_product_id=part.budget_product_id, weight=part.weight
        )
        for part in parts
    )
