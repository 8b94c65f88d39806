"""Ending, splitting and merging products of a draft: their lines go, are divided or follow, and no öre is lost on the way.

What pools and posts give to a product goes with it, stays, or follows. Calculated lines are never moved by a split.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Max, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from budgets.models import Budget, BudgetProduct, CostLine
from budgets.product_givers import list_givers, name_gifts
from budgets.selectors.products import count_lines
from budgets.services.products.holding import open_products
from budgets.services.products.pointing import list_pointing
from budgets.services.products.register import ProductValues, place_product
from budgets.services.shown import require_shown
from engine.years import AMOUNTS
from records.reasons import Reason
from web.faults import retried

if TYPE_CHECKING:
    from accounts.models import User


@retried
def end_product(row: BudgetProduct, *, by: User, with_lines: bool = False, shown: str = "") -> None:
    """Take a product out of a draft budget; earlier budgets keep it. `shown` is the mark of the page that asked.

    ValidationError with words while it has lines or something gives to it, unless `with_lines` says that these are deleted
    too; ChangedError when somebody has changed the sub-budget since it was shown.
    """
    with open_products([row.sub_budget], by=by, reason=Reason.END_PRODUCT, product=row.name):
        require_shown(row.sub_budget, shown)
        remove_product(row, with_lines=with_lines)


def remove_product(row: BudgetProduct, *, with_lines: bool) -> None:
    """Take a held product away, with its lines and what gives to it where that is agreed to."""
    if not with_lines:
        _require_bare(row)
    for model, keys in reversed(list_pointing()):
        for key in keys:
            model._default_manager.filter(**{key: row}).delete()
    _remove(row)


def _require_bare(row: BudgetProduct) -> None:
    """Raise ValidationError with all that keeps a product from being ended by itself."""
    count, given = count_lines(row), name_gifts(row)
    said = [say_has_lines(row.name, count)] if count else []
    said += [say_is_given(row.name, given)] if given else []
    if said:
        raise ValidationError([ValidationError(words) for words in said])


def say_is_given(name: str, given: list[str]) -> str:
    """Say that what is given to keeps on being given, and what to do."""
    said = _("“%(name)s” is still given: %(given)s. Take that away from it, or agree to end that too.")
    return said % {"name": name, "given": ", ".join(given)}


def say_has_lines(name: str, count: int) -> str:
    """Say that a product with lines can't be ended, and what to do."""
    said = ngettext(
        "“%(name)s” has %(count)s cost line. Move it to another product, or agree to delete it too.",
        "“%(name)s” has %(count)s cost lines. Move them to another product, or agree to delete them too.",
        count,
    )
    return said % {"name": name, "count": count}


@retried
def split_product(
    row: BudgetProduct, values: ProductValues, lines: Collection[UUID], *, by: User, shown: str = ""
) -> BudgetProduct:
    """Give some of a product's lines to a new one beside it; what the two cost together stays. Errors as for `end_product`."""
    places = [row.sub_budget, values.sub_budget]
    with open_products(places, by=by, reason=Reason.SPLIT_PRODUCT, product=row.name):
        require_shown(row.sub_budget, shown)
        chosen = row.cost_lines.filter(lineage__in=lines, is_calculated=False)
        if not chosen.exists():
            raise ValidationError({"lines": _("Choose at least one line for the new product.")})
        new = place_product(values)
        _move_lines(chosen, new)
    return new


@retried
def merge_products(row: BudgetProduct, into: BudgetProduct, *, by: User, shown: str = "") -> None:
    """Let a product's lines, and what gives to it, follow it into another one of the budget, and end it.

    Errors as for `end_product`; ValidationError, which says why, where what gives to the two can't be put together.
    """
    places = [row.sub_budget, into.sub_budget]
    with open_products(places, by=by, reason=Reason.MERGE_PRODUCTS, product=row.name, into=into.name):
        require_shown(row.sub_budget, shown)
        if row.pk == into.pk or row.budget_id != into.budget_id:
            raise ValidationError({"into": _("Choose another product of the same budget.")})
        for giver in list_givers():
            giver.follow(row, into)
        _move_lines(row.cost_lines.all(), into)
        _remove(row)


def _move_lines(lines: QuerySet[CostLine], to: BudgetProduct) -> None:
    """Put lines last in a product, in their order; what the budget costs stays to the öre, or nothing is done."""
    budget = CostLine.objects.filter(budget=to.budget_id)
    before = _sum(budget)
    last = to.cost_lines.aggregate(last=Max("position"))["last"] or 0
    moved = list(lines.order_by("position", "pk"))
    now = timezone.now()
    for place, line in enumerate(moved, start=last + 1):
        line.budget_product, line.position, line.edited_at = to, place, now
    CostLine.objects.bulk_update(moved, ["budget_product", "position", "edited_at"])
    if _sum(budget) != before:
        raise AssertionError(f"moved lines changed the sum of budget {to.budget_id}")


def _sum(lines: QuerySet[CostLine]) -> dict[str, int]:
    return lines.order_by().aggregate(**{name: Sum(name, default=0) for name in AMOUNTS})


def _remove(row: BudgetProduct) -> None:
    """Take a product without lines away; where no draft of the year or later has it, the lasting one ends before it."""
    lasting, year = row.product, row.budget.fiscal_year
    row.delete()
    drafts = lasting.budget_products.filter(budget__status=Budget.Status.DRAFT, budget__fiscal_year__gte=year)
    if not drafts.exists():
        lasting.ended_on = date(year - 1, 12, 31)
        lasting.save(update_fields=["ended_on"])
