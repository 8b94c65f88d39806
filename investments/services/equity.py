"""Keeps what is entered of equity and the balance sheet; every change is an act that can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from budgets.models import Budget
from engine.balance import Item
from engine.equity import FundFault, find_fund_faults
from engine.money import MAX_ORE
from investments.models import (
    BalanceChange,
    BalanceStatement,
    EquityFloor,
    EquityFund,
    EquityFundYear,
    EquityInitiative,
)
from investments.selectors.equity import list_equity_decisions
from objects.selectors.registers import Register
from objects.services.registers import hold, open_register, remove_row, undo_act
from objects.services.rows import save_checked
from records.reasons import Reason
from records.services.restoring import Restored
from records.services.stale import require_fresh
from web.faults import retried
from web.numbers import format_sek

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User

Faults = list[tuple[str, str]]
EquityRow = BalanceStatement | BalanceChange | EquityFloor | EquityFund | EquityFundYear | EquityInitiative

REGISTER = Register(
    (BalanceStatement, BalanceChange, EquityFloor, EquityFund, EquityFundYear, EquityInitiative),
    frozenset({Reason.ADD_EQUITY, Reason.CHANGE_EQUITY, Reason.REMOVE_EQUITY, Reason.UNDO_REGISTER}),
)


def find_faults(row: EquityRow) -> Faults:
    """Return what can't be with a row as (field, words), naming the value and what to write instead."""
    check: Callable[[Any], Faults] = CHECKS[type(row)]
    return check(row)


def _check_statement(row: BalanceStatement) -> Faults:
    faults: Faults = []
    if row.stated_on and (row.stated_on.month, row.stated_on.day) != (12, 31):
        said = _("%(day)s is not the last day of a year. Write %(year)s-12-31.")
        faults.append(("stated_on", said % {"day": row.stated_on.isoformat(), "year": row.stated_on.year}))
    if row.amount_ore is not None and row.amount_ore < 0 and row.item != Item.EQUITY:
        faults.append(("amount_ore", _("Only equity can be negative. Write the amount without a minus sign.")))
    others = BalanceStatement.objects.filter(item=row.item, stated_on=row.stated_on).exclude(pk=row.pk)
    if row.stated_on and others.exists():
        said = _("“%(item)s” has a figure for %(day)s already. Change that one instead.")
        faults.append(("stated_on", said % {"item": row.get_item_display(), "day": row.stated_on.isoformat()}))
    return faults


def _check_change(row: BalanceChange) -> Faults:
    if row.year and row.year not in row.budget.years:
        first, _second, last = row.budget.years
        said = _("%(year)s is not a year of the budget. Write a year from %(first)s to %(last)s.")
        return [("year", said % {"year": row.year, "first": first, "last": last})]
    others = BalanceChange.objects.filter(budget=row.budget, item=row.item, year=row.year).exclude(pk=row.pk)
    if row.year and others.exists():
        said = _("“%(item)s” has a change for %(year)s already. Change that one instead.")
        return [("year", said % {"item": row.get_item_display(), "year": row.year})]
    return []


def _check_floor(row: EquityFloor) -> Faults:
    faults = _check_sign(row.amount_ore, "amount_ore", least=0)
    if row.from_on and EquityFloor.objects.filter(from_on=row.from_on).exclude(pk=row.pk).exists():
        said = _("There is a floor from %(day)s already. Change that one instead.")
        faults.append(("from_on", said % {"day": row.from_on.isoformat()}))
    return faults


def _check_sign(ore: int | None, field: str, *, least: int) -> Faults:
    if ore is None or least <= ore <= MAX_ORE:
        return []
    return [(field, _("%(amount)s kr can't be. Write an amount above zero.") % {"amount": format_sek(ore)})]


def _check_fund(row: EquityFund) -> Faults:
    faults = _check_sign(row.amount_ore, "amount_ore", least=1)
    if row.first_year and row.last_year and row.last_year < row.first_year:
        said = _("The fund would end in %(last)s, before it begins in %(first)s. Write a later last year.")
        faults.append(("last_year", said % {"first": row.first_year, "last": row.last_year}))
    if row.name and EquityFund.objects.filter(name__iexact=row.name).exclude(pk=row.pk).exists():
        faults.append(("name", _("There is a fund “%(name)s” already.") % {"name": row.name}))
    if row.pk and not faults and row.amount_ore and row.first_year and row.last_year:
        faults += _check_years(row, _decided_of(row.pk), "amount_ore")
    return faults + _check_decision(row.decision_id)


def _check_years(fund: EquityFund, decided: dict[int, int], field: str) -> Faults:
    """Return what can't be with all years of a fund; `field` is the one whose amount is too large."""
    says = {
        FundFault.OUTSIDE: _("Years from %(first)s to %(last)s are the fund's. Choose one of them."),
        FundFault.EXCEEDS: _("%(sum)s kr is decided for the fund's years, more than its %(total)s kr. Reduce it."),
    }
    shown = {"sum": format_sek(sum(decided.values())), "total": format_sek(fund.amount_ore)}
    shown |= {"first": str(fund.first_year), "last": str(fund.last_year)}
    found = find_fund_faults(fund.amount_ore, fund.first_year, fund.last_year, decided)
    places = {FundFault.OUTSIDE: "year" if field != "amount_ore" else "last_year", FundFault.EXCEEDS: field}
    return [(places[fault], says[fault] % shown) for fault in found]


def _decided_of(fund_id: int, *, but: int | None = None) -> dict[int, int]:
    rows = EquityFundYear.objects.filter(fund=fund_id)
    if but is not None:
        rows = rows.exclude(pk=but)
    return dict(rows.values_list("year", "amount_ore"))


def _check_decision(decision_id: int | None) -> Faults:
    if decision_id is None or list_equity_decisions().filter(pk=decision_id).exists():
        return []
    return [("decision", _("Choose a decision to use equity or to adopt a budget that has been taken."))]


def _check_fund_year(row: EquityFundYear) -> Faults:
    faults = _check_sign(row.amount_ore, "amount_ore", least=0)
    others = _decided_of(row.fund_id, but=row.pk)
    if row.year in others:
        said = _("An amount is decided for %(year)s already. Change that one instead.")
        faults.append(("year", said % {"year": row.year}))
    elif row.year and row.amount_ore is not None and not faults:
        found = _check_years(row.fund, {**others, row.year: row.amount_ore}, "amount")
        faults += [("amount_ore" if field == "amount" else field, said) for field, said in found]
    return faults + _check_decision(row.decision_id)


def _check_initiative(row: EquityInitiative) -> Faults:
    faults = _check_sign(row.amount_ore, "amount_ore", least=0) + _check_sign(row.used_ore, "used_ore", least=0)
    if not row.year or row.amount_ore is None:
        return faults
    decided = _decided_of(row.fund_id).get(row.year)
    if decided is None:
        said = _("Nothing is decided of the fund for %(year)s. Enter the year's amount first.")
        return [*faults, ("year", said % {"year": row.year})]
    siblings = EquityInitiative.objects.filter(fund=row.fund_id, year=row.year).exclude(pk=row.pk)
    if row.name and siblings.filter(name__iexact=row.name).exists():
        said = _("“%(name)s” has an amount for %(year)s already. Change that one instead.")
        faults.append(("name", said % {"name": row.name, "year": row.year}))
    planned = sum(siblings.values_list("amount_ore", flat=True)) + row.amount_ore
    if planned > decided:
        said = _("The initiatives of %(year)s would take %(sum)s kr, more than the %(decided)s kr that are decided.")
        shown = {"year": row.year, "sum": format_sek(planned), "decided": format_sek(decided)}
        faults.append(("amount_ore", said % shown))
    return faults


CHECKS: dict[type, Callable[[Any], Faults]] = {
    BalanceStatement: _check_statement,
    BalanceChange: _check_change,
    EquityFloor: _check_floor,
    EquityFund: _check_fund,
    EquityFundYear: _check_fund_year,
    EquityInitiative: _check_initiative,
}


@retried
def save_equity_row(row: EquityRow, *, by: User, seen: datetime | None = None) -> EquityRow:
    """Add a row or change one. PermissionDenied, ValidationError by field, StaleError."""
    reason = Reason.CHANGE_EQUITY if row.pk else Reason.ADD_EQUITY
    with open_register(by=by, reason=reason, row=row):
        hold(row)
        require_fresh(row, seen)
        _hold_whole(row)
        save_checked(row, find_faults(row))
    return row


def _hold_whole(row: EquityRow) -> None:
    """Let two who change the years of one fund wait for each other; refuse what belongs to an adopted budget."""
    if isinstance(row, EquityFundYear | EquityInitiative):
        EquityFund.objects.select_for_update(of=("self",)).get(pk=row.fund_id)
    if isinstance(row, BalanceChange):
        _require_draft(row.budget_id)


def _require_draft(budget_id: int) -> None:
    budget = Budget.objects.select_for_update(of=("self",)).get(pk=budget_id)
    if budget.status != Budget.Status.DRAFT:
        said = _("%(budget)s is adopted, so its plan for the balance sheet stays. Change it in a revised budget.")
        raise ValidationError(said % {"budget": budget.name})


def remove_equity_row(row: EquityRow, *, by: User) -> None:
    """Remove a row; a fund goes with its years. PermissionDenied, InUseError, ValidationError."""
    if isinstance(row, BalanceChange):
        _require_draft(row.budget_id)
    parts = (EquityFundYear,) if isinstance(row, EquityFund) else ()
    remove_row(row, by=by, reason=Reason.REMOVE_EQUITY, parts=parts)


def undo_equity_act(act: UUID, *, by: User) -> None:
    """Take back a change. Errors as of `undo_act`."""
    undo_act(REGISTER, act, by=by, check=_check_restored)


def _check_restored(rows: list[Restored]) -> None:
    """Refuse what would change an adopted budget, or leave a fund that its years do not fit; called before and after."""
    for restored in rows:
        found = restored.model._default_manager.filter(pk=restored.pk).first()
        if isinstance(found, BalanceChange):
            _require_draft(found.budget_id)
        fund = found if isinstance(found, EquityFund) else getattr(found, "fund", None)
        if fund is not None and (faults := _check_years(fund, _decided_of(fund.pk), "amount_ore")):
            raise ValidationError(faults[0][1])
