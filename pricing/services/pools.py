"""Keeping a budget's cost pools: adding, changing and removing one, with its own costs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from pricing.models import CostPool, PoolLine, PoolProduct, PoolWeight, PostPart
from pricing.services.editing import open_pools
from records.reasons import Reason
from records.services.stale import require_same

if TYPE_CHECKING:
    from accounts.models import User

FIELDS = ("name_sv", "name_en", "unit", "gives", "part_of")
LONGEST_SLUG = 60


def save_pool(
    pool: CostPool, lines: Iterable[PoolLine], removed: Iterable[PoolLine], *, by: User, seen: str | None = None
) -> CostPool:
    """Add a pool or change one, with its lines; `seen` is the digest of the row that the author saw.

    Raise ValidationError, StaleError, PermissionDenied.
    """
    reason = Reason.CHANGE_POOL if pool.pk else Reason.ADD_POOL
    with open_pools(pool.budget, by=by, reason=reason):
        if pool.pk:
            require_same(pool, FIELDS, seen)
        else:
            _place_last(pool)
        _require_unit(pool)
        pool.full_clean()
        pool.save()
        for line in lines:
            line.pool = pool
            line.full_clean()
            line.save()
        PoolLine.objects.filter(pool=pool, pk__in=[line.pk for line in removed if line.pk]).delete()
    return pool


def _place_last(pool: CostPool) -> None:
    """Give a new pool the next place, and a name for addresses that no other of the budget has."""
    pools = CostPool.objects.filter(budget=pool.budget)
    pool.position = (pools.aggregate(last=Max("position"))["last"] or 0) + 1
    taken = set(pools.values_list("slug", flat=True))
    stem = slugify(pool.name_sv)[: LONGEST_SLUG - 4] or "pool"
    names = [stem, *(f"{stem}-{number}" for number in range(2, 1000))]
    pool.slug = next(name for name in names if name not in taken)


def _require_unit(pool: CostPool) -> None:
    """Hours and per cent mean different things: a pool that is used changes its unit only once nobody uses it."""
    before = CostPool.objects.filter(pk=pool.pk).values_list("unit", flat=True).first() if pool.pk else pool.unit
    if before != pool.unit and PoolWeight.objects.filter(pool=pool).exists():
        raise ValidationError({"unit": _("The pool is used. Empty its column in the table of hours first.")})


def list_obstacles(pool: CostPool) -> list[str]:
    """Say what keeps a pool from being removed: posts that it carries, pools that serve it, and parts of it."""
    found = []
    if PostPart.objects.filter(pool=pool).exists():
        found.append(_("It carries posts. Give them another carrier first."))
    if PoolWeight.objects.filter(to_pool=pool).exists():
        found.append(_("Other pools serve it. Empty its row in the table of hours first."))
    if CostPool.objects.filter(budget=pool.budget_id, part_of=pool.slug).exists():
        found.append(_("Other pools are part of it."))
    if PoolProduct.objects.filter(pool=pool).exists():
        found.append(_("Products of the base grant are told in it."))
    return found


def remove_pool(pool: CostPool, *, by: User) -> None:
    """Remove a pool with its lines and weights. Raise ValidationError where something rests on it."""
    with open_pools(pool.budget, by=by, reason=Reason.REMOVE_POOL):
        obstacles = list_obstacles(pool)
        if obstacles:
            raise ValidationError(obstacles)
        PoolWeight.objects.filter(pool=pool).delete()
        PoolLine.objects.filter(pool=pool).delete()
        pool.delete()
