"""The switch of a product's cost of a kind: entered by people, or calculated from pools and posts.

The trick: the lines that stood there are kept whole with the switch, so that switching back puts them back as they were.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.utils.translation import gettext as _

from budgets.models import Budget, BudgetProduct, CostLine, SubBudget
from budgets.services.editing import request_roll_up
from pricing.models import CalculatedKind, CalculationState
from pricing.services.calculating import calculate_budget
from pricing.services.editing import open_pools
from records.models import Provenance
from records.reasons import Reason

if TYPE_CHECKING:
    from accounts.models import User

# What a line that is put back gets anew.
OWN = frozenset({"id", "edited_at"})


def switch_to_calculated(product: BudgetProduct, kind: str, *, by: User) -> None:
    """Put what pools and posts give in place of the entered lines of a kind, which are kept.

    Raise ValidationError where the sub-budget is locked or nothing can be calculated now, PermissionDenied.
    """
    with open_pools(product.budget, by=by, reason=Reason.SWITCH_TO_CALCULATED):
        _require_unlocked(product)
        if _find(product, kind) is None:
            lines = _list_lines(product, kind)
            replaced = [keep_line(line) for line in lines]
            _delete(lines)
            CalculatedKind.objects.create(
                budget=product.budget, budget_product=product, cost_kind=kind, replaced=replaced
            )
            _calculate(product.budget)
            request_roll_up(product.sub_budget_id)


def switch_to_entered(product: BudgetProduct, kind: str, *, by: User) -> None:
    """Put the lines back that were replaced; where none were, the calculated line stays as an entered one.

    Raise ValidationError where the sub-budget is locked, PermissionDenied.
    """
    with open_pools(product.budget, by=by, reason=Reason.SWITCH_TO_ENTERED):
        _require_unlocked(product)
        switched = _find(product, kind)
        if switched is None:
            return
        calculated = CostLine.objects.filter(budget_product=product, cost_kind=kind, is_calculated=True)
        if switched.replaced:
            calculated.delete()
            own = {"budget_id": str(product.budget_id), "budget_product_id": str(product.pk)}
            CostLine.objects.bulk_create([make_line({**kept, **own}) for kept in switched.replaced])
        else:
            calculated.update(is_calculated=False, provenance=Provenance.ENTERED)
        switched.delete()
        request_roll_up(product.sub_budget_id)


def _find(product: BudgetProduct, kind: str) -> CalculatedKind | None:
    rows = CalculatedKind.objects.select_for_update().filter(budget_product=product, cost_kind=kind)
    return rows.order_by().first()


def _require_unlocked(product: BudgetProduct) -> None:
    """Hold the sub-budget; one that is locked takes no other lines than calculated ones."""
    held = SubBudget.objects.select_for_update(no_key=True).get(pk=product.sub_budget_id)
    if held.status == SubBudget.Status.LOCKED:
        raise ValidationError(_("The sub-budget is locked. Unlock it first, then switch."))


def _list_lines(product: BudgetProduct, kind: str) -> list[CostLine]:
    rows = CostLine.objects.select_for_update().filter(budget_product=product, cost_kind=kind, is_calculated=False)
    return list(rows.order_by("position", "pk"))


def _delete(lines: list[CostLine]) -> None:
    try:
        CostLine.objects.filter(pk__in=[line.pk for line in lines]).delete()
    except IntegrityError as error:
        if "is adopted" in str(error):
            raise PermissionDenied from error
        raise


def _calculate(budget: Budget) -> None:
    """Write the calculated line at once, so that the product is never without its cost. Raise ValidationError."""
    calculate_budget(budget.pk)
    if CalculationState.objects.get(pk=budget.pk).problems:
        raise ValidationError(_("Nothing can be calculated now. Mend what the page of cost pools lists first."))


def keep_line(line: CostLine) -> dict[str, str | None]:
    """Return a line as it is kept: its fields as text, by their columns."""
    return {
        field.attname: None if field.value_from_object(line) is None else field.value_to_string(line)
        for field in CostLine._meta.concrete_fields
        if field.name not in OWN
    }


def make_line(kept: dict[str, str | None]) -> CostLine:
    """Return a kept line as a new row."""
    values = {
        field.attname: getattr(field, "target_field", field).to_python(kept[field.attname])
        for field in CostLine._meta.concrete_fields
        if field.attname in kept and kept[field.attname] is not None
    }
    return CostLine(**values)
