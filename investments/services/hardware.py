"""Keeps the hardware strategies that are tried in a budget."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from budgets.models import Budget
from engine.money import MAX_ORE
from investments.models import HardwareStrategy, StrategyRow
from objects.services.registers import hold
from pricing.selectors.editing import can_edit_pools
from records.reasons import Reason
from records.services import change
from records.services.stale import digest_of
from web.faults import retried

if TYPE_CHECKING:
    from accounts.models import User

MOST_STRATEGIES = 6
STRATEGY_FIELDS = ("name", "note")
ROW_FIELDS = ("customer", "category", "asset_class", "units", "unit_price_ore", "life_years")


def mark_of(strategy: HardwareStrategy) -> str:
    """Return what tells a strategy with its rows from any other; empty of a new one."""
    if strategy.pk is None:
        return ""
    rows = StrategyRow.objects.filter(strategy=strategy).order_by("pk")
    return " ".join([digest_of(strategy, STRATEGY_FIELDS), *(digest_of(row, ROW_FIELDS)[:8] for row in rows)])


def find_strategy_faults(strategy: HardwareStrategy, rows: Sequence[StrategyRow]) -> list[str]:
    """Return what can't be with a strategy, in words that name the row."""
    faults = []
    same = HardwareStrategy.objects.filter(budget=strategy.budget).exclude(pk=strategy.pk)
    if same.filter(name__iexact=strategy.name).exists():
        faults.append(_("There is a strategy “%(name)s” already.") % {"name": strategy.name})
    if strategy.pk is None and same.count() >= MOST_STRATEGIES:
        faults.append(_("There are %(count)s strategies already. Remove one first.") % {"count": MOST_STRATEGIES})
    if not rows:
        faults.append(_("A strategy has at least one row."))
    lives: dict[int, int] = {}
    for number, row in enumerate(rows, 1):
        if lives.setdefault(row.asset_class_id, row.life_years) != row.life_years:
            said = _("Row %(row)s: %(name)s has another life above. A type of device has one life in a strategy.")
            faults.append(said % {"row": number, "name": row.asset_class.name})
        if row.units * row.unit_price_ore > MAX_ORE:
            faults.append(_("Row %(row)s costs more than can be kept. Look at the price.") % {"row": number})
    return faults


@retried
def save_strategy(
    strategy: HardwareStrategy, rows: Sequence[StrategyRow], *, by: User, seen: str = ""
) -> HardwareStrategy:
    """Add a strategy with its rows, or change it to have these. PermissionDenied, ValidationError."""
    reason = Reason.CHANGE_STRATEGY if strategy.pk else Reason.ADD_STRATEGY
    with change(by=by.email, reason=reason, row=strategy.name):
        _require(strategy.budget, by)
        hold(strategy)
        if strategy.pk and seen != mark_of(strategy):
            raise ValidationError(_("Somebody else has changed the strategy since you opened it. Open it again."))
        if faults := find_strategy_faults(strategy, rows):
            raise ValidationError(faults)
        strategy.full_clean()
        strategy.save()
        StrategyRow.objects.filter(strategy=strategy).delete()
        for row in rows:
            row.pk, row.strategy, row.budget = None, strategy, strategy.budget
            row.full_clean()
            row.save(force_insert=True)
    return strategy


@retried
def remove_strategy(strategy: HardwareStrategy, *, by: User) -> None:
    """Remove a strategy; history keeps it. PermissionDenied, ValidationError when it is gone."""
    with change(by=by.email, reason=Reason.REMOVE_STRATEGY, row=strategy.name):
        _require(strategy.budget, by)
        hold(strategy)
        StrategyRow.objects.filter(strategy=strategy).delete()
        strategy.delete()


def _require(budget: Budget, user: User) -> None:
    budget.refresh_from_db(fields=["status", "phase"])
    if not can_edit_pools(user, budget):
        raise PermissionDenied
