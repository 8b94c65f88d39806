"""What happens to that which gives to a product when the product is moved or merged.

The trick of a merge: hours, posts and calculated lines are added to those of the other product, so that pools keep their
hours and the budget costs the same to the öre before anything is calculated anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from budgets.models import COST_KINDS, BudgetProduct, CostLine, SubBudget
from budgets.product_givers import ProductGiver
from engine.provenance import weakest
from engine.years import AMOUNTS
from pricing.models import CalculatedKind, CalculationState, MovedCost, PoolProduct, PoolWeight, PostPart
from pricing.selectors.gifts import count_posts, name_pools
from pricing.services.editing import request_calculation

WEIGHTS = ("weight_1", "weight_2", "weight_3")


class PoolsAndPosts(ProductGiver):
    """Pools with weights on a product, posts that it carries, and what was calculated of them."""

    def hold(self, budget_id: int) -> None:
        """Lock the budget's calculation, which comes before its rows, and ask for it after commit."""
        CalculationState.objects.select_for_update().filter(pk=budget_id).first()
        request_calculation(budget_id)

    def name_gifts(self, product: BudgetProduct) -> list[str]:
        """Return the pools' names, and how many posts the product carries."""
        count = count_posts(product)
        posts = ngettext("%(count)s post", "%(count)s posts", count) % {"count": count}
        return [*name_pools(product), *([posts] if count else [])]

    def check_place(self, product: BudgetProduct, place: SubBudget) -> None:
        """Refuse a move into or out of the base grant: it takes time as personnel, which products do not."""
        if product.sub_budget.is_base_grant != place.is_base_grant and (names := self.name_gifts(product)):
            said = _(
                "The base grant and other sub-budgets take pools and posts in different ways, and “%(name)s” is given: "
                "%(names)s. Take that away from it first."
            )
            raise ValidationError(said % {"name": product.name, "names": ", ".join(names)})

    def follow(self, product: BudgetProduct, into: BudgetProduct) -> None:
        """Add what gives to a product to what gives to the other."""
        self.check_place(product, into.sub_budget)
        _check_pool(product, into)
        _check_kinds(product, into)
        _add_up(PoolWeight.objects.filter(budget_product=product), into, "pool_id", WEIGHTS)
        _add_up(PostPart.objects.filter(budget_product=product), into, "post_id", ("weight",))
        PoolProduct.objects.filter(budget_product=product).delete()
        _move_kinds(product, into)
        _move_cost(product, into)


def _check_pool(product: BudgetProduct, into: BudgetProduct) -> None:
    """Refuse to put lines that count in a pool's cost together with lines that do not."""
    rows = PoolProduct.objects.filter(budget_product__in=[product, into])
    pools = dict(rows.values_list("budget_product", "pool"))
    if pools.get(product.pk) != pools.get(into.pk):
        said = _("The lines of “%(name)s” and “%(into)s” do not count in the same cost pool, so they can't be merged.")
        raise ValidationError(said % {"name": product.name, "into": into.name})


def _check_kinds(product: BudgetProduct, into: BudgetProduct) -> None:
    """Refuse a cost that is calculated on one of the two and entered on the other: one of them would be lost."""
    switched = CalculatedKind.objects.filter(budget_product__in=[product, into])
    entered = CostLine.objects.filter(budget_product__in=[product, into], is_calculated=False)
    lines = set(entered.order_by().values_list("budget_product", "cost_kind"))
    other = {product.pk: into.pk, into.pk: product.pk}
    for row in switched.order_by("cost_kind"):
        if (other[row.budget_product_id], row.cost_kind) in lines:
            names = {"name": product.name, "into": into.name, "kind": dict(COST_KINDS)[row.cost_kind]}
            said = _(
                "%(kind)s is calculated on one of “%(name)s” and “%(into)s” and entered on the other. Have it "
                "calculated or entered on both, then merge."
            )
            raise ValidationError(said % names)


def _add_up(rows: Iterable[Any], into: BudgetProduct, of: str, weights: tuple[str, ...]) -> None:
    """Give weights to another product; where it has one of the same pool or post already, the two are added."""
    for row in rows:
        same = type(row).objects.filter(budget_product=into, **{of: getattr(row, of)}).first()
        if same is None:
            row.budget_product = into
            row.save(update_fields=["budget_product"])
            continue
        for name in weights:
            setattr(same, name, getattr(same, name) + getattr(row, name))
        row.delete()
        same.save(update_fields=weights)


def _move_kinds(product: BudgetProduct, into: BudgetProduct) -> None:
    """Put the calculated lines of a kind together, and the entered lines that they once replaced."""
    own = {row.cost_kind: row for row in CalculatedKind.objects.filter(budget_product=into)}
    lines = {row.cost_kind: row for row in CostLine.objects.filter(budget_product=into, is_calculated=True)}
    for line in CostLine.objects.filter(budget_product=product, is_calculated=True):
        if line.cost_kind in lines:
            _add_line(lines[line.cost_kind], line)
    for kind in CalculatedKind.objects.filter(budget_product=product):
        kept = [{**line, "budget_product_id": str(into.pk)} for line in kind.replaced]
        same = own.get(kind.cost_kind)
        if same is None:
            kind.budget_product, kind.replaced = into, kept
            kind.save(update_fields=["budget_product", "replaced"])
            continue
        same.replaced = [*same.replaced, *kept]
        same.save(update_fields=["replaced"])
        kind.delete()


def _add_line(line: CostLine, other: CostLine) -> None:
    for name in AMOUNTS:
        setattr(line, name, getattr(line, name) + getattr(other, name))
    line.provenance, line.edited_at = weakest([line.provenance, other.provenance]), timezone.now()
    other.delete()
    line.save(update_fields=[*AMOUNTS, "provenance", "edited_at"])


def _move_cost(product: BudgetProduct, into: BudgetProduct) -> None:
    """Let moved cost name the other product; what was moved between the two has not moved any more."""
    between = Q(from_product=product, to_product=into) | Q(from_product=into, to_product=product)
    MovedCost.objects.filter(between).delete()
    MovedCost.objects.filter(from_product=product).update(from_product=into)
    MovedCost.objects.filter(to_product=product).update(to_product=into)
