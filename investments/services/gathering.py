"""Granted requests become rows of a revised budget: cost lines, purchases and loans of their own, tied by lineage.

The trick: what a request changes is either a row that is its own or a line that is lowered by so much, so that it is taken
out again by removing and raising exactly that, whatever else has happened in the budget since.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _

from budgets.models import Budget, BudgetProduct, CostLine
from budgets.selectors.sub_budgets import can_edit, is_economist
from budgets.services.grid.edits import GridRefusedError
from budgets.services.lines import add_line, change_line, delete_line
from engine.result import CostKind, subtract_amounts, sum_amounts
from engine.years import AMOUNTS, Amounts
from investments.models import Investment, InvestmentItem, PlannedLoan, RequestedRow, SupplementaryRequest
from web.names import name_of
from web.numbers import format_sek

if TYPE_CHECKING:
    from accounts.models import User

Financing, Kind = SupplementaryRequest.Financing, RequestedRow.Kind


def put_in(request: SupplementaryRequest, target: Budget, *, by: User) -> None:
    """Give a draft revised budget the rows of what a request is granted, in the transaction at hand.

    PermissionDenied for all but the economist, ValidationError with words for what can't be stored.
    """
    if not is_economist(by):
        raise PermissionDenied
    if target.status != Budget.Status.DRAFT or target.phase == Budget.Phase.PROPOSED:
        raise ValidationError(_("%(budget)s can't be changed any more. Open it again first.") % {"budget": target.name})
    rows = _buy(request, target) if request.asset_class_id else _spend(request, target, by)
    RequestedRow.objects.bulk_create(RequestedRow(request=request, kind=kind, row_lineage=key) for kind, key in rows)
    request.gathered_in = target


def _buy(request: SupplementaryRequest, target: Budget) -> list[tuple[str, UUID]]:
    row = _find_investment(request, target)
    last = InvestmentItem.objects.filter(investment=row).aggregate(last=Max("position"))["last"] or 0
    made: list[tuple[str, UUID]] = []
    for place, (year, ore) in enumerate(zip(target.years, request.granted, strict=True)):
        if not ore:
            continue
        item = InvestmentItem(
            budget=target,
            investment=row,
            name=request.name,
            year=year,
            month=request.month if place == 0 else None,
            amount_ore=ore,
            decision=request.decision,
            note=_say_request(request),
            position=last + place + 1,
        )
        item.full_clean()
        item.save()
        made.append((Kind.ITEM, item.lineage))
        made += _borrow_beside(request, row, year, ore)
    return made


def _find_investment(request: SupplementaryRequest, target: Budget) -> Investment:
    """Return the class's row in the investment budget that loans pay for; a new one with the class's life where it has none."""
    rows = Investment.objects.filter(
        budget=target, asset_class=request.asset_class_id, financing=Investment.Financing.LOAN
    )
    found = rows.order_by("position", "pk").first()
    if found is not None:
        return found
    about = request.asset_class
    assert about is not None
    last = Investment.objects.filter(budget=target).aggregate(last=Max("position"))["last"] or 0
    lives = {"useful_life_years": about.useful_life_years, "assumed_life_years": about.assumed_life_years}
    zeros = dict.fromkeys(AMOUNTS, 0)
    return Investment.objects.create(budget=target, asset_class=about, position=last + 1, **zeros, **lives)


def _borrow_beside(request: SupplementaryRequest, row: Investment, year: int, ore: int) -> list[tuple[str, UUID]]:
    """Return a loan of the purchase's own where the class's loan of the year is told by itself and follows nothing."""
    own = PlannedLoan.objects.filter(
        budget=row.budget_id, asset_class=row.asset_class_id, year=year, purpose="investments", follows=False
    )
    if not own.exists():
        return []
    loan = PlannedLoan.objects.create(
        budget=row.budget,
        purpose=PlannedLoan.Purpose.INVESTMENTS,
        year=year,
        principal_ore=ore,
        asset_class=row.asset_class,
        investment=row,
        note=_say_request(request),
    )
    return [(Kind.LOAN, loan.lineage)]


def _spend(request: SupplementaryRequest, target: Budget, by: User) -> list[tuple[str, UUID]]:
    product = (
        BudgetProduct.objects.filter(budget=target, product=request.product_id)
        .select_related("sub_budget__budget")
        .first()
    )
    if product is None:
        said = _("%(budget)s has no product “%(product)s”. Ask for another product.")
        raise ValidationError(said % {"budget": target.name, "product": request.product})
    made = [(Kind.LINE, _add(request, product, CostKind.DIRECT_COST, request.granted, by))]
    if request.financing == Financing.EQUITY:
        lowered = _find_grant_product(target)
        made.append((Kind.LINE, _add(request, lowered, CostKind.USE_OF_EQUITY, _negate(request.granted), by)))
    if request.financing == Financing.WITHIN_OBJECT:
        line = _find_line(request, target)
        _raise(request, line, _negate(request.granted), by)
        made.append((Kind.LOWERED, line.lineage))
    return [(str(kind), key) for kind, key in made]


def _find_grant_product(target: Budget) -> BudgetProduct:
    """Return the product of the base grant that use of equity lowers (rule 3): the one that it lowers already, else the first."""
    products = BudgetProduct.objects.filter(budget=target, sub_budget__governance_object=None)
    rows = products.select_related("sub_budget__budget").order_by("position", "pk")
    found = rows.filter(cost_lines__cost_kind=CostKind.USE_OF_EQUITY).first() or rows.first()
    if found is None:
        said = _("%(budget)s has no base grant that equity could lower.")
        raise ValidationError(said % {"budget": target.name})
    return found


def _add(request: SupplementaryRequest, product: BudgetProduct, kind: CostKind, amounts: Amounts, by: User) -> UUID:
    _require_open(product, by)
    values = dict(zip(AMOUNTS, amounts, strict=True))
    about = {"text": request.name, "cost_kind": kind.value, "note": _say_request(request)}
    try:
        return add_line(product, {**about, **values}, by=by).lineage
    except GridRefusedError as refused:
        said = "; ".join(cell.reason for cell in (*refused.bad, *refused.gone))
        raise ValidationError(said) from refused


def _require_open(product: BudgetProduct, by: User) -> None:
    if not can_edit(by, product.sub_budget):
        said = _("The sub-budget %(name)s is locked. Unlock it before the request is gathered.")
        raise ValidationError(said % {"name": name_of(product.sub_budget)})


def _find_line(request: SupplementaryRequest, target: Budget) -> CostLine:
    rows = CostLine.objects.filter(budget=target, lineage__in=[request.taken_from] if request.taken_from else [])
    line: CostLine | None = rows.select_related("budget_product__sub_budget__budget").first()
    if line is None:
        raise ValidationError(_("%(budget)s no longer has the line that is to be lowered.") % {"budget": target.name})
    return line


def _raise(request: SupplementaryRequest, line: CostLine, by_ore: Amounts, by: User) -> None:
    """Change a line's amounts by so much; its first year's quantity and price are told no more."""
    _require_open(line.budget_product, by)
    amounts = sum_amounts([line.amounts, by_ore])
    if min(amounts) < 0:
        said = _("“%(line)s” would be %(amount)s kr. Lower another line.")
        raise ValidationError(said % {"line": line.text, "amount": format_sek(min(amounts))})
    values: dict[str, Any] = dict(zip(AMOUNTS, amounts, strict=True))
    if amounts[0] != line.amount_1_ore:
        values |= {"quantity": None, "unit_price_ore": None}
    change_line(line, values, by=by)


def _negate(amounts: Amounts) -> Amounts:
    return subtract_amounts((0, 0, 0), amounts)


def _say_request(request: SupplementaryRequest) -> str:
    """Return what a row says of the request that it comes from."""
    return _("Supplementary request: %(name)s") % {"name": request.name}


def take_out(request: SupplementaryRequest, *, by: User) -> Budget:
    """Take what a request put into a revised budget out again; return the budget. Errors as of `put_in`."""
    target = request.gathered_in
    if not is_economist(by):
        raise PermissionDenied
    if target is None or target.status != Budget.Status.DRAFT:
        raise ValidationError(_("What is granted stands in no revised budget that can be changed."))
    for row in request.rows.all():
        _take_out_row(request, target, row, by)
    request.rows.all().delete()
    request.gathered_in = None
    return target


def _take_out_row(request: SupplementaryRequest, target: Budget, row: RequestedRow, by: User) -> None:
    own = {"budget": target, "lineage": row.row_lineage}
    if row.kind == Kind.ITEM:
        InvestmentItem.objects.filter(**own).delete()
    elif row.kind == Kind.LOAN:
        PlannedLoan.objects.filter(**own).delete()
    else:
        line = CostLine.objects.filter(**own).select_related("budget_product__sub_budget__budget").first()
        if line is None:
            return
        if row.kind == Kind.LOWERED:
            _raise(request, line, request.granted, by)
        else:
            _require_open(line.budget_product, by)
            delete_line(line, by=by)
