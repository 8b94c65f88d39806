"""What the calculation could not do, in words, with the places to mend it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import cast

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from budgets.models import Budget, PlanningRate
from pricing.models import CostPool, Post
from pricing.selectors.uneven import UnevenPool
from web.names import name_of
from web.numbers import format_decimal, trim

Link = tuple[str, str]


@dataclass(frozen=True)
class Problem:
    """A problem: what is said of it, the places to mend it, and of a circle its path and the uses that make it."""

    text: str
    links: list[Link] = field(default_factory=list)
    path: list[Link] = field(default_factory=list)
    uses: list[tuple[CostPool, CostPool, str]] = field(default_factory=list)


def tell_problems(
    budget: Budget, problems: Iterable[dict[str, object]], pools: Iterable[CostPool], *, with_posts: bool
) -> list[Problem]:
    """Return what a calculation found, each once with its years. Posts are named only to who may see them."""
    grouped: dict[str, tuple[dict[str, object], list[int]]] = {}
    for found in problems:
        same = {name: value for name, value in found.items() if name != "year"}
        years = grouped.setdefault(str(sorted(same.items(), key=str)), (found, []))[1]
        years += [cast(int, found["year"])] if "year" in found else []
    by_key = {pool.pk: pool for pool in pools}
    titles = _load_titles(budget, [found for found, _years in grouped.values()]) if with_posts else {}
    return [_tell(budget, found, years, by_key, titles) for found, years in grouped.values()]


def _load_titles(budget: Budget, problems: Iterable[dict[str, object]]) -> dict[int, Post]:
    keys = [cast(int, found["post"]) for found in problems if "post" in found]
    return {post.pk: post for post in Post.objects.filter(budget=budget, pk__in=keys)} if keys else {}


def _tell(
    budget: Budget, found: dict[str, object], years: list[int], pools: Mapping[int, CostPool], posts: Mapping[int, Post]
) -> Problem:
    kind = found["problem"]
    named = [pools[key] for key in cast("list[int]", found.get("pools", [])) if key in pools]
    when = f" ({', '.join(map(str, years))})" if years and len(years) < len(budget.years) else ""
    links = [(name_of(pool), pool_url(budget, pool)) for pool in dict.fromkeys(named)]
    names = {"pool": links[0][0] if links else "–", "total": _percent(found.get("total"))}
    if kind == "circle":
        path = [(name_of(pool), pool_url(budget, pool)) for pool in named]
        uses = [(one, two, use_url(budget, one, two)) for one, two in pairwise(named)]
        return Problem(_("Pools pay each other in a circle and are not placed") + when, [], path, uses)
    if kind == "rate_missing":
        return Problem(_tell_rate(found))
    if kind == "post_without_carrier":
        return _tell_post(budget, posts.get(cast(int, found["post"])))
    if kind == "ended_product":
        names |= {"product": str(found.get("product"))}
        return Problem(_("%(pool)s: weights on %(product)s, which has ended") % names + when, links)
    said = {
        "no_weights": _("%(pool)s: nobody uses the pool, so its cost is not placed"),
        "negative": _("%(pool)s: a weight is negative"),
        "not_a_hundred": _("%(pool)s: the per cents come to %(total)s, not 100"),
    }
    return Problem(said.get(str(kind), _("%(pool)s: can't be placed")) % names + when, links)


def _percent(total: object) -> str:
    return format_decimal(trim(Decimal(str(total or 0))))


def _tell_rate(found: dict[str, object]) -> str:
    month = date.fromisoformat(str(found["month"]))
    names = {
        "rate": str(dict(PlanningRate.Kind.choices).get(str(found["rate"]), found["rate"])),
        "month": date_format(month, "F Y"),
    }
    return _("No rate for %(rate)s is valid in %(month)s among those that the budget uses") % names


def _tell_post(budget: Budget, post: Post | None) -> Problem:
    if post is None:
        return Problem(_("A post has no carrier. The economist sees which."))
    url = reverse("budgets:edit_post", args=[budget.slug, post.lineage])
    return Problem(_("No pool and no product carries the post %(post)s") % {"post": post.title}, [(post.title, url)])


def tell_uneven(budget: Budget, uneven: Iterable[UnevenPool], *, with_posts: bool) -> list[Problem]:
    """Return the pools whose hours are not those of their posts; how many hours only to who may see posts."""
    told = []
    for row in uneven:
        names = {
            "pool": name_of(row.pool),
            "given": format_decimal(trim(row.given)),
            "worked": format_decimal(trim(row.worked)),
        }
        said = _("%(pool)s: products and pools take %(given)s hours, and its posts work %(worked)s")
        hidden = _("%(pool)s: the hours that products and pools take are not those that its posts work")
        told.append(Problem((said if with_posts else hidden) % names, [(names["pool"], pool_url(budget, row.pool))]))
    return told


def pool_url(budget: Budget, pool: CostPool) -> str:
    """Return a pool's page."""
    return reverse("budgets:pool", args=[budget.slug, pool.lineage])


def use_url(budget: Budget, pool: CostPool, to: CostPool) -> str:
    """Return the cell in which one pool uses another."""
    return f"{reverse('budgets:pools', args=[budget.slug])}#row-pool.{to.lineage}"
