"""Pools whose hours on products and other pools are no longer those of their posts; their cost is placed all the same."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import QuerySet

from budgets.models import Budget
from engine.money import to_fraction
from engine.personnel import count_full_time
from pricing.models import CostPool, Post, PostPart
from pricing.selectors.inputs import to_post
from pricing.selectors.matrix import Matrix, add_up
from web.compiled import compiled

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


def list_uneven(matrix: Matrix) -> list[UnevenPool]:
    """List the pools counted in hours that have posts and do not give those posts' hours in the table's year."""
    if not matrix.hours:
        return []
    worked, hours = _sum_worked(matrix.budget, matrix.year), to_fraction(matrix.hours)
    found = [
        UnevenPool(pool, add_up(matrix.rows, pool), _in_cents(worked[pool.pk] * hours))
        for pool in matrix.pools
        if pool.unit == CostPool.Unit.HOURS and pool.pk in worked
    ]
    return [row for row in found if row.lacking]


def _in_cents(hours: Fraction) -> Decimal:
    """Return hours with two decimals, as weights have."""
    return Decimal(round(hours * CENT)) / CENT


def _sum_worked(budget: Budget, year: int) -> dict[int, Fraction]:
    """Return the full-time equivalents of each pool's posts; on-call pay is nobody's working time."""
    of_post = defaultdict[int, list[PostPart]](list)
    for part in _list_parts(budget.pk):
        of_post[part.post_id].append(part)
    found = defaultdict[int, Fraction](Fraction)
    for own in of_post.values():
        whole = count_full_time([to_post(own[0].post)], budget.years[year])
        weights = sum((to_fraction(part.weight) for part in own), Fraction(0))
        for part in own:
            if part.pool_id is not None:
                found[part.pool_id] += whole * to_fraction(part.weight) / weights
    return dict(found)


@compiled
def _list_parts(budget_id: int) -> QuerySet[PostPart]:
    parts = PostPart.objects.filter(post__budget=budget_id, post__kind=Post.Kind.POST).select_related("post")
    rows: QuerySet[PostPart] = parts.order_by("pk")
    return rows
