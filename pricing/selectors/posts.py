"""Posts of a budget, for the economist only: each with who carries it and what it costs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from budgets.models import Budget
from engine.result import sum_amounts
from engine.years import Amounts
from pricing.models import Post, PostCost, PostPart
from records.changes import events_of

if TYPE_CHECKING:
    from accounts.models import User

NOTHING: Amounts = (0, 0, 0)


@dataclass(frozen=True)
class PostRow:
    """A post, its parts, and its cost in three years, öre."""

    post: Post
    parts: list[PostPart]
    amounts: Amounts


@dataclass(frozen=True)
class OwnRow:
    """What a product of the base grant carries of posts, told to everybody: a published total, never what it is made of."""

    name: str
    lineage: UUID
    amounts: Amounts


def find_post(budget: Budget, lineage: UUID, user: User) -> Post | None:
    """Return a budget's post that the user may see."""
    post: Post | None = Post.objects.visible_to(user).filter(budget=budget, lineage=lineage).first()
    return post


def list_parts(post: Post) -> list[PostPart]:
    """Return who carries a post, with what products need to be told."""
    rows = PostPart.objects.filter(post=post).select_related("pool", "budget_product__sub_budget")
    return list(rows.order_by("pk"))


def list_post_rows(budget: Budget, user: User) -> list[PostRow]:
    """Return a budget's posts as far as the user may see them, by a number of queries that no size changes."""
    posts = list(Post.objects.visible_to(user).filter(budget=budget).order_by("position", "pk"))
    parts = defaultdict[int, list[PostPart]](list)
    rows = PostPart.objects.visible_to(user).filter(post__budget=budget)
    for part in rows.select_related("pool", "budget_product").order_by("pk"):
        parts[part.post_id].append(part)
    costs = defaultdict[int, list[Amounts]](list)
    for post_id, *amounts in (
        PostCost.objects.visible_to(user)
        .filter(part__post__budget=budget)
        .values_list("part__post_id", "amount_1_ore", "amount_2_ore", "amount_3_ore")
    ):
        costs[post_id].append((amounts[0], amounts[1], amounts[2]))
    return [PostRow(post, parts[post.pk], sum_amounts(costs[post.pk]) if costs[post.pk] else NOTHING) for post in posts]


def list_own_rows(budget: Budget) -> list[OwnRow]:
    """Return what products of the base grant carry of posts, three years' öre each."""
    costs: dict[tuple[str, UUID], list[Amounts]] = defaultdict(list)
    rows = PostCost.objects.filter(part__post__budget=budget, part__budget_product__isnull=False)
    for name, lineage, *amounts in rows.order_by("part__budget_product__position", "pk").values_list(
        "part__budget_product__name",
        "part__budget_product__lineage",
        "amount_1_ore",
        "amount_2_ore",
        "amount_3_ore",
    ):
        costs[name, lineage].append((amounts[0], amounts[1], amounts[2]))
    return [OwnRow(name, lineage, sum_amounts(found)) for (name, lineage), found in costs.items()]


@dataclass(frozen=True)
class RemovedPost:
    """A removed post as history keeps it: the values of its fields, and pool, product and weight of its parts."""

    values: dict[str, Any]
    parts: list[tuple[int | None, int | None, Decimal]]


def load_removed_post(budget: Budget, lineage: UUID) -> RemovedPost | None:
    """Return a removed post of a budget; None where it is there, or never was."""
    if Post.objects.filter(budget=budget, lineage=lineage).exists():
        return None
    event = events_of(Post).filter(budget_id=budget.pk, lineage=lineage, pgh_label="delete").order_by("-pgh_id").first()
    if event is None:
        return None
    fields = [field.attname for field in Post._meta.concrete_fields if field.attname not in ("id", "edited_at")]
    parts = events_of(PostPart).filter(
        post_id=event.pgh_obj_id, pgh_label="delete", pgh_context_id=event.pgh_context_id
    )
    carried = [(part.pool_id, part.budget_product_id, part.weight) for part in parts.order_by("pgh_obj_id", "pgh_id")]
    return RemovedPost({name: getattr(event, name) for name in fields}, carried)
