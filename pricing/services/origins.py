"""Lines that are made of a contract or of a development item, and know it."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import override

from budgets.models import Budget, BudgetProduct, CostLine
from budgets.services.lines import add_line, change_line
from engine.result import CostKind
from engine.years import AMOUNTS, Amounts
from objects.models import Contract, DevelopmentItem
from objects.selectors.plans import can_plan
from pricing.models import LineOrigin
from pricing.selectors.origins import cost_item, price_contract
from records.reasons import Reason
from records.services import change
from web.faults import retried

if TYPE_CHECKING:
    from accounts.models import User

# What is still to be done.
OPEN_STATES = frozenset(
    {DevelopmentItem.State.PROPOSED, DevelopmentItem.State.PLANNED, DevelopmentItem.State.IN_PROGRESS}
)
TEXT_LENGTH = 240


@retried
def make_contract_line(contract: Contract, product: BudgetProduct, *, by: User) -> CostLine:
    """Give a draft's product the contract's line, or bring the one it has up to the price of the contract.

    PermissionDenied when `by` may not edit the sub-budget; ValidationError for another product.
    """
    if product.product_id != contract.product_id:
        raise ValidationError(_("The contract is of another product."))
    amounts = price_contract(contract, product.budget)
    with change(by=by.email, reason=Reason.LINE_OF_CONTRACT):
        line = _find_line(product.budget, contract)
        if line is not None:
            values = {"quantity": None, "unit_price_ore": None, **_values(amounts)}
            return change_line(line, values, by=by)
        values = {"text": str(contract)[:TEXT_LENGTH], "note": _say_contract(contract), **_values(amounts)}
        line = add_line(product, {**values, "cost_kind": CostKind.DIRECT_COST.value}, by=by)
        _remember(line, Reason.LINE_OF_CONTRACT, by, contract=contract)
    return line


@retried
def make_item_lines(
    item: DevelopmentItem, products: Collection[BudgetProduct], cost_kind: str, *, by: User
) -> list[CostLine]:
    """Give products of one draft a line each of a development item, which share its effect evenly.

    PermissionDenied when `by` may not plan the object or edit the sub-budgets; ValidationError says what is missing.
    """
    if not can_plan(by, item.plan.governance_object):
        raise PermissionDenied
    _check_item(item, products)
    first = next(iter(products))
    with change(by=by.email, reason=Reason.LINE_OF_ITEM):
        lines = []
        for product, amounts in zip(products, cost_item(item, first.budget, len(products)), strict=True):
            values = {"text": item.title, "cost_kind": cost_kind, "note": item.text, **_values(amounts)}
            line = add_line(product, values, by=by)
            _remember(line, Reason.LINE_OF_ITEM, by, item=item)
            lines.append(line)
    return lines


def _check_item(item: DevelopmentItem, products: Collection[BudgetProduct]) -> None:
    if item.effect_ore is None:
        raise ValidationError(_("Write the effect on a year's cost first: it is what the line is made of."))
    if item.state not in OPEN_STATES:
        raise ValidationError(_("What is done or dropped costs nothing more."))
    if not products:
        raise ValidationError(_("Choose at least one product."))
    if len({product.budget_id for product in products}) > 1:
        raise ValidationError(_("Choose products of one budget."))
    objects = {product.sub_budget.governance_object_id for product in products}
    if objects != {item.plan.governance_object_id}:
        raise ValidationError(_("Choose products of the object's own sub-budget."))
    lineages = LineOrigin.objects.filter(item=item, budget__in={product.budget_id for product in products})
    taken = CostLine.objects.filter(
        budget_product__in=[product.pk for product in products], lineage__in=lineages.values("lineage")
    ).select_related("budget_product")
    if (line := taken.first()) is not None:
        said = _("%(product)s has a line of it already. Change that one.")
        raise ValidationError(said % {"product": line.budget_product.name})


def _find_line(budget: Budget, contract: Contract) -> CostLine | None:
    """Return the line of a budget that comes from a contract, if it is still there."""
    lineages = LineOrigin.objects.filter(budget=budget, contract=contract).values("lineage")
    lines = CostLine.objects.filter(budget=budget, lineage__in=lineages)
    found: CostLine | None = lines.select_related("budget_product__sub_budget__budget").order_by("pk").first()
    return found


def _remember(line: CostLine, reason: Reason, by: User, **origin: Contract | DevelopmentItem) -> None:
    with change(by=by.email, reason=reason):
        LineOrigin.objects.create(budget_id=line.budget_id, lineage=line.lineage, **origin)


def _values(amounts: Amounts) -> dict[str, object]:
    return dict(zip(AMOUNTS, amounts, strict=True))


def _say_contract(contract: Contract) -> str:
    """Return what a line's note says of its contract, in the language that budgets are written in."""
    with override("sv"):
        said = _("Contract: %(contract)s") % {"contract": contract}
        return f"{said}, {contract.registry_no}" if contract.registry_no else said
