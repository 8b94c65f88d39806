"""Pools whose hours on products and other pools are no longer those of their posts; their cost is placed all the same."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import Sum

from budgets.models import Budget
from engine.money import to_fraction
from engine.personnel import count_full_time
from pricing.models import CostPool, PoolWeight, Post, PostPart
from pricing.selectors.inputs import to_post
from pricing.selectors.matrix import NONE, load_hours

CENT = 100


@dataclass(frozen=True)
class UnevenPool:
    """A pool with the sum of its hours in a year, and the hours that its posts work."""

    pool: CostPool
    given: Decimal
    worked: Decimal

    @property
    def lacking(self) -> Decimal:
        """Hours that nobody takes; negative where more are taken than worked."""
        return self.worked - self.given


def list_uneven(budget: Budget, year: int) -> list[UnevenPool]:
    """List the pools counted in hours that have posts and do not give those posts' hours in a year, counted from 0."""
    hours = load_hours(budget)
    worked = _sum_worked(budget, year) if hours else {}
    if not worked:
        return []
    pools = CostPool.objects.filter(budget=budget, unit=CostPool.Unit.HOURS, pk__in=worked).order_by("position", "pk")
    sums = PoolWeight.objects.filter(pool__budget=budget).order_by().values_list("pool")
    given = dict(sums.annotate(total=Sum(f"weight_{year + 1}")))
    found = [
        UnevenPool(pool, given.get(pool.pk, NONE), _in_cents(worked[pool.pk] * to_fraction(hours or NONE)))
        for pool in pools
    ]
    return [row for row in found if row.lacking]


def _in_cents(hours: Fraction) -> Decimal:
    """Return hours with two decimals, as weights have."""
    return Decimal(round(hours * CENT)) / CENT


def _sum_worked(budget: Budget, year: int) -> dict[int, Fraction]:
    """Return the full-time equivalents of each pool's posts; on-call pay is nobody's working time."""
    parts = PostPart.objects.filter(post__budget=budget, post__kind=Post.Kind.POST).select_related("post")
    of_post = defaultdict[int, list[PostPart]](list)
    for part in parts.order_by("pk"):
        of_post[part.post_id].append(part)
    found = defaultdict[int, Fraction](Fraction)
    for own in of_post.values():
        whole = count_full_time([to_post(own[0].post)], budget.years[year])
        weights = sum((to_fraction(part.weight) for part in own), Fraction(0))
        for part in own:
            if part.pool_id is not None:
                found[part.pool_id] += whole * to_fraction(part.weight) / weights
    return dict(found)
