"""Keeps a budget's investment budget: its rows, their items, and which products carry a class. Every act can be taken back."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _

from budgets.models import Budget
from investments.models import CapitalState, Investment, InvestmentItem, PlannedLoan, ProductClass
from investments.services.capital import request_capital
from objects.selectors.registers import Register
from objects.services.registers import hold, take_back
from objects.services.rows import save_checked
from pricing.selectors.editing import can_edit_pools
from records.models import Provenance
from records.reasons import Reason
from records.services import Act, change
from records.services.stale import require_same
from web.faults import retried

if TYPE_CHECKING:
    from accounts.models import User

REGISTER = Register(
    (Investment, InvestmentItem, ProductClass),
    frozenset(
        {
            Reason.ADD_PURCHASE, Reason.CHANGE_PURCHASE, Reason.CHANGE_PURCHASES, Reason.PASTE_INTO_PURCHASES,
            Reason.REMOVE_PURCHASE, Reason.ADD_INVESTMENT, Reason.CHANGE_INVESTMENT, Reason.REMOVE_INVESTMENT,
            Reason.CHANGE_CARRIERS, Reason.TAKE_REPLACEMENTS, Reason.UNDO_PURCHASES,
        }
    ),
)  # fmt: skip
MONTHS = range(1, 13)


@contextmanager
def open_investments(budget: Budget, *, by: User, reason: Reason, **of: object) -> Iterator[Act]:
    """A change of what a budget buys, one at a time; its chain is asked for after commit. PermissionDenied.

    Whether `by` may is asked under the lock, of the budget as it is now.
    """
    with change(by=by.email, reason=reason, **of) as act:
        CapitalState.objects.select_for_update().filter(pk=budget.pk).first()
        budget.refresh_from_db(fields=["status", "phase"])
        if not can_edit_pools(by, budget):
            raise PermissionDenied
        yield act
        request_capital(budget.pk)


def find_item_faults(item: InvestmentItem) -> list[tuple[str, str]]:
    """Return what can't be with a purchase, as (field, words)."""
    faults = []
    years = item.budget.years
    if item.year not in years:
        words = _("Write a year of the budget: %(first)s to %(last)s.")
        faults.append(("year", words % {"first": years[0], "last": years[2]}))
    if item.month is not None and item.month not in MONTHS:
        faults.append(("month", _("Write a month from 1 to 12, or leave it empty for the whole year.")))
    for field in ("unit_price_ore", "amount_ore"):
        ore = getattr(item, field)
        if ore is not None and ore < 0:
            faults.append((field, _("Write an amount from 0 on.")))
    if item.quantity is not None and item.quantity < 1:
        faults.append(("quantity", _("Write how many are bought: 1 or more.")))
    if (item.quantity is None) != (item.unit_price_ore is None):
        missing = "quantity" if item.quantity is None else "unit_price_ore"
        faults.append((missing, _("Write both quantity and price each, or neither.")))
    return faults


@retried
def save_item(item: InvestmentItem, *, by: User, shown: Sequence[str] = (), seen: str | None = None) -> InvestmentItem:
    """Add a purchase or change one; quantity and price give the amount.

    Raise ValidationError by field, StaleError, PermissionDenied.
    """
    reason = Reason.CHANGE_PURCHASE if item.pk else Reason.ADD_PURCHASE
    with open_investments(item.budget, by=by, reason=reason, purchase=item.name):
        hold(item)
        if item.pk:
            require_same(item, shown, seen)
        else:
            last = InvestmentItem.objects.filter(investment=item.investment).aggregate(last=Max("position"))["last"]
            item.position = (last or 0) + 1
        if item.quantity is not None and item.unit_price_ore is not None:
            item.amount_ore = item.quantity * item.unit_price_ore
        item.provenance = Provenance.ENTERED
        save_checked(item, find_item_faults(item))
    return item


@retried
def remove_item(item: InvestmentItem, *, by: User) -> None:
    """Remove a purchase; history keeps it, and it can be taken back. PermissionDenied, ValidationError when it is gone."""
    with open_investments(item.budget, by=by, reason=Reason.REMOVE_PURCHASE, purchase=item.name):
        hold(item)
        item.delete()


def find_row_faults(row: Investment) -> list[tuple[str, str]]:
    """Return what can't be with a row of the investment budget, as (field, words)."""
    faults = []
    same = Investment.objects.filter(budget=row.budget, asset_class_id=row.asset_class_id, financing=row.financing)
    if same.exclude(pk=row.pk).exists():
        faults.append(("asset_class", _("The class is in the investment budget already, paid in the same way.")))
    for field in ("useful_life_years", "assumed_life_years"):
        years = getattr(row, field)
        if years is not None and not 1 <= years <= 100:
            faults.append((field, _("Write a number of years from 1 to 100.")))
    for field in ("amount_1_ore", "amount_2_ore", "amount_3_ore", "unit_price_ore"):
        ore = getattr(row, field)
        if ore is not None and ore < 0:
            faults.append((field, _("Write an amount from 0 on.")))
    return faults


@retried
def save_row(row: Investment, *, by: User, shown: Sequence[str] = (), seen: str | None = None) -> Investment:
    """Add a class to the investment budget, or change its life, price or amounts in it.

    Raise ValidationError by field, StaleError, PermissionDenied.
    """
    reason = Reason.CHANGE_INVESTMENT if row.pk else Reason.ADD_INVESTMENT
    with open_investments(row.budget, by=by, reason=reason, row=row.asset_class):
        hold(row)
        if row.pk:
            require_same(row, shown, seen)
        else:
            last = Investment.objects.filter(budget=row.budget).aggregate(last=Max("position"))["last"]
            row.position = (last or 0) + 1
        row.provenance = Provenance.ENTERED
        save_checked(row, find_row_faults(row))
    return row


@retried
def remove_row(row: Investment, *, by: User) -> None:
    """Remove a class that buys nothing, with the loans that follow it.

    ValidationError while it has items or loans of its own, PermissionDenied.
    """
    with open_investments(row.budget, by=by, reason=Reason.REMOVE_INVESTMENT, row=row.asset_class):
        hold(row)
        if row.items.exists():
            raise ValidationError(_("The class has purchases. Remove them first."))
        PlannedLoan.objects.filter(investment=row, follows=True).delete()
        if row.planned_loans.exists():
            raise ValidationError(_("A planned loan pays for the class. Remove the loan first."))
        row.delete()


@retried
def save_carriers(
    budget: Budget, rows: Collection[ProductClass], *, part: int | None, by: User, name: object = ""
) -> None:
    """Let these products, with their weights, carry an asset class by its key; of no class what pays for none.

    Those that carried it before and are not among them do so no more. PermissionDenied, ValidationError.
    """
    with open_investments(budget, by=by, reason=Reason.CHANGE_CARRIERS, row=name):
        before = {row.budget_product_id: row for row in ProductClass.objects.filter(budget=budget, asset_class=part)}
        for row in rows:
            found = before.pop(row.budget_product_id, None)
            if found is None:
                row.full_clean()
                row.save()
            elif found.weight != row.weight:
                found.weight, found.provenance = row.weight, Provenance.ENTERED
                found.full_clean()
                found.save()
        for gone in before.values():
            gone.delete()


@retried
def undo_purchases(budget: Budget, act: UUID, *, by: User) -> None:
    """Take back a change of what a budget buys, or of who carries it. ValidationError with words, PermissionDenied."""
    with open_investments(budget, by=by, reason=Reason.UNDO_PURCHASES):
        take_back(REGISTER, act)
