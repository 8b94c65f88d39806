"""Keeping a budget's posts: adding, changing, copying and removing one with its parts, and putting a removed one back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _

from budgets.models import Budget, BudgetProduct
from pricing.models import CostPool, Post, PostPart
from pricing.selectors.posts import RemovedPost, load_removed_post
from pricing.services.editing import open_pools
from pricing.services.personal import find_personal
from records.reasons import Reason
from records.services.stale import require_fresh

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User

MOST_PERCENT = 100
Part = tuple[CostPool | BudgetProduct, Decimal]


def save_post(post: Post, parts: Sequence[Part], *, by: User, seen: datetime | None = None) -> Post:
    """Add a post or change one, carried by `parts` with their weights. Raise ValidationError, StaleError, PermissionDenied."""
    reason = Reason.CHANGE_POST if post.pk else Reason.ADD_POST
    with open_pools(post.budget, by=by, reason=reason):
        require_fresh(post, seen)
        if faults := find_post_faults(vars(post)):
            raise ValidationError(faults)
        _require_parts(post, parts)
        if not post.pk:
            last = Post.objects.filter(budget=post.budget).aggregate(last=Max("position"))["last"]
            post.position = (last or 0) + 1
        post.full_clean()
        post.save()
        _write_parts(post, parts)
    return post


def find_post_faults(values: Mapping[str, Any]) -> dict[str, str]:
    """Return by field what can't be with a post; the table's own rules would name no field and no remedy."""
    told = {name: said for name in ("title", "unit", "note") if (said := find_personal(values.get(name) or ""))}
    percent, pay = values.get("employment_percent"), values.get("monthly_pay_ore")
    first, last = values.get("from_on"), values.get("to_on")
    if percent is not None and not 0 < percent <= MOST_PERCENT:
        told["employment_percent"] = _("Write a rate of employment over 0 and at most 100 per cent.")
    if pay is not None and pay < 0:
        told["monthly_pay_ore"] = _("Write the pay without a minus.")
    if first and last and last < first:
        told["to_on"] = _("The last month is before the first one.")
    return told


def _require_parts(post: Post, parts: Sequence[Part]) -> None:
    if not parts:
        raise ValidationError(_("Choose at least one pool or product that carries the post."))
    carriers = [carrier for carrier, _weight in parts]
    if len(set(carriers)) != len(carriers):
        raise ValidationError(_("The same carrier is named twice. Put its parts together."))
    for carrier in carriers:
        if carrier.budget_id != post.budget_id:
            raise ValidationError(_("A carrier is of another budget."))
        if isinstance(carrier, BudgetProduct) and not carrier.sub_budget.is_base_grant:
            raise ValidationError(_("Only pools and products of the base grant carry posts."))


def _write_parts(post: Post, parts: Sequence[Part]) -> None:
    """Make the post's parts say what is wanted: change those that differ, add and delete the rest."""
    kept = {(part.pool_id, part.budget_product_id): part for part in PostPart.objects.filter(post=post)}
    for carrier, weight in parts:
        key = (carrier.pk, None) if isinstance(carrier, CostPool) else (None, carrier.pk)
        part = kept.pop(key, None) or PostPart(post=post, pool_id=key[0], budget_product_id=key[1])
        if part.pk is None or part.weight != weight:
            part.weight = weight
            part.full_clean()
            part.save()
    PostPart.objects.filter(pk__in=[part.pk for part in kept.values()]).delete()


def copy_post(post: Post, *, by: User) -> Post:
    """Add a post that is as this one. Raise PermissionDenied."""
    parts: list[Part] = [(carrier, part.weight) for part in _list_parts(post) if (carrier := carrier_of(part))]
    values = {field.attname: getattr(post, field.attname) for field in Post._meta.concrete_fields}
    made = Post(**{**values, "id": None, "lineage": uuid4()})
    return save_post(made, parts, by=by)


def carrier_of(part: PostPart) -> CostPool | BudgetProduct | None:
    """Return who carries a part."""
    return part.pool or part.budget_product


def _list_parts(post: Post) -> list[PostPart]:
    rows = PostPart.objects.filter(post=post).select_related("pool", "budget_product__sub_budget")
    return list(rows.order_by("pk"))


def remove_post(post: Post, *, by: User) -> None:
    """Remove a post with its parts; history keeps it, and `restore_post` puts it back. Raise PermissionDenied."""
    with open_pools(post.budget, by=by, reason=Reason.REMOVE_POST):
        PostPart.objects.filter(post=post).delete()
        Post.objects.filter(pk=post.pk).delete()


def restore_post(budget: Budget, lineage: UUID, *, by: User) -> Post:
    """Put a removed post back as it was. Raise ValidationError where none was removed, PermissionDenied."""
    with open_pools(budget, by=by, reason=Reason.RESTORE_POST):
        removed: RemovedPost | None = load_removed_post(budget, lineage)
        if removed is None:
            raise ValidationError(_("There is no such removed post."))
        post = Post(**removed.values)
        post.save()
        for pool, product, weight in removed.parts:
            if (
                CostPool.objects.filter(pk__in=[pool or 0]).exists()
                or BudgetProduct.objects.filter(pk__in=[product or 0]).exists()
            ):
                PostPart.objects.create(post=post, pool_id=pool, budget_product_id=product, weight=weight)
    return post
