"""Plans the loans of a budget's new last year, says what can't be with repayments, and records councils' decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from budgets.models import Budget
from budgets.services.totals import execute
from engine.loans import PlanFault, find_plan_faults
from investments.models import AssetClass, BorrowingFramework, CouncilDecision, PlannedLoan
from investments.selectors import ASSET_FIELDS, list_loans_by_life
from objects.selectors.decisions import can_register
from objects.selectors.registers import Register
from objects.services.registers import (
    InUseError,
    hold,
    open_register,
    remove_row,
    require_mark,
    swap_places,
    undo_act,
)
from objects.services.rows import save_checked
from records.models import Provenance
from records.reasons import Reason
from records.selectors.uses import Use
from records.services import change
from records.services.restoring import Restored
from records.services.stale import StaleError, digest_of
from web.faults import retried
from web.numbers import format_sek

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from accounts.models import User

REGISTER = Register(
    (AssetClass,),
    frozenset(
        {
            Reason.ADD_ASSET_CLASS, Reason.CHANGE_ASSET_CLASS, Reason.ORDER_ASSET_CLASSES, Reason.REMOVE_ASSET_CLASS,
            Reason.UNDO_REGISTER,
        }
    ),
)  # fmt: skip
COUNCIL_DAYS = ("decided_on", "announced_on", "appealed_on", "legal_force_on")

# The last year is new: it borrows for what it plans to buy, as the year before did.
ADD_LAST_YEAR = """
    INSERT INTO investments_plannedloan (budget_id, purpose, year, principal_ore, asset_class_id, life_years, provenance, note)
    SELECT %(target)s, purpose, %(year)s, principal_ore, asset_class_id, life_years, 'assumed', note
    FROM investments_plannedloan WHERE budget_id = %(source)s AND year = %(year)s - 1 AND purpose = 'investments'"""


def borrow_in_last_year(source: Budget, target: Budget, *, by: str) -> None:
    """Give `target`, a copy of `source` one year on, the loans of its last year."""
    with change(by=by, reason=Reason.COPY_FORWARD, budget=source.slug):
        execute(ADD_LAST_YEAR, {"source": source.pk, "target": target.pk, "year": target.years[2]})


def find_repayment_faults(debt_ore: int, plan: Mapping[int, int], *, raised_year: int = 0) -> list[str]:
    """Return in words what can't be with a loan's repayments, öre by year; triggers hold the same (rule 8)."""
    repaid = sum(plan.values())
    says = {
        PlanFault.BEFORE: _("The loan is raised in %(year)s. Remove the repayments before that year."),
        PlanFault.EXCEEDS: _(
            "The repayments total %(repaid)s kr, more than the loan of %(debt)s kr. Reduce them by %(over)s kr."
        ),
    }
    shown = {
        name: format_sek(ore) for name, ore in (("repaid", repaid), ("debt", debt_ore), ("over", repaid - debt_ore))
    }
    return [says[fault] % {"year": raised_year, **shown} for fault in find_plan_faults(debt_ore, plan, raised_year)]


def record_council_decision(row: CouncilDecision, *, by: User, seen: str | None = None) -> None:
    """Say when a council decided on a framework; without any day it has not decided, and the row goes.

    Triggers count the change, so the forecasts follow. `seen` is the digest of the days that the author saw, all empty
    where the council had not decided. PermissionDenied when `by` keeps no register of decisions, ValidationError by
    field for days that can't be, StaleError when somebody else changed them meanwhile.
    """
    if not can_register(by):
        raise PermissionDenied
    faults = find_council_faults(row)
    if faults:
        raise ValidationError(dict(faults))
    with change(by=by.email, reason=Reason.DECIDE_IN_COUNCIL, decision=row):
        saved = _lock_council(row)
        if seen is not None and digest_of(saved, COUNCIL_DAYS) != seen:
            raise StaleError(saved)
        for name in COUNCIL_DAYS:
            setattr(saved, name, getattr(row, name))
        if any(getattr(saved, name) for name in COUNCIL_DAYS):
            saved.provenance = Provenance.ENTERED
            saved.full_clean()
            saved.save()
        elif saved.pk:
            saved.delete()


def _lock_council(row: CouncilDecision) -> CouncilDecision:
    """Return what is saved of the same council on the same framework, or an empty one.

    The framework keeps others waiting.
    """
    framework = BorrowingFramework.objects.select_for_update(of=("self",)).get(pk=row.framework_id)
    saved = CouncilDecision.objects.filter(framework=framework, municipality=row.municipality_id).first()
    return saved or CouncilDecision(framework=framework, municipality=row.municipality)


def find_council_faults(row: CouncilDecision) -> list[tuple[str, str]]:
    """Return what can't be with a council's days, as (field, words)."""
    faults: list[tuple[str, str]] = []
    if row.decided_on and row.announced_on and row.announced_on < row.decided_on:
        faults.append(("announced_on", _("The notice was put up before the council decided. Check the days.")))
    if row.appealed_on and row.decided_on and row.appealed_on < row.decided_on:
        faults.append(("appealed_on", _("An appeal can't come before the council's decision. Check the days.")))
    before = row.announced_on or row.decided_on
    if row.legal_force_on and before and row.legal_force_on < before:
        faults.append(("legal_force_on", _("Legal force comes after the decision and its notice. Check the days.")))
    return faults


# Asset classes


def find_asset_class_faults(row: AssetClass) -> list[tuple[str, str]]:
    """Return what can't be with an asset class, as (field, words)."""
    faults = []
    if row.name and AssetClass.objects.filter(name__iexact=row.name).exclude(pk=row.pk).exists():
        faults.append(("name", _("There is an asset class “%(name)s” already.") % {"name": row.name}))
    for field in ASSET_FIELDS[1:]:
        years = getattr(row, field)
        if years is not None and not 1 <= years <= 100:
            faults.append((field, _("Write a number of years from 1 to 100.")))
    return faults


@retried
def save_asset_class(row: AssetClass, *, by: User, seen: str | None = None) -> AssetClass:
    """Add an asset class or change one. PermissionDenied, ValidationError by field, StaleError.

    InUseError when another life would change what an adopted budget's loans are repaid over.
    """
    reason = Reason.CHANGE_ASSET_CLASS if row.pk else Reason.ADD_ASSET_CLASS
    with open_register(by=by, reason=reason, row=row.name):
        hold(row)
        if row.pk:
            saved = AssetClass.objects.get(pk=row.pk)
            require_mark(saved, digest_of(saved, ASSET_FIELDS), seen)
            _require_life(saved, row.life_years)
        else:
            last = AssetClass.objects.aggregate(last=Max("position"))["last"]
            row.position, row.slug = (last or 0) + 1, _find_slug(row.name)
        save_checked(row, find_asset_class_faults(row))
    return row


def _require_life(row: AssetClass, life_years: int | None) -> None:
    loans = list_loans_by_life(row) if row.life_years != life_years else []
    if loans:
        raise InUseError([Use(PlannedLoan, loans, len(loans))])


def _find_slug(name: str) -> str:
    base = slugify(name)[:34] or "slag"
    taken = {"new", *AssetClass.objects.values_list("slug", flat=True)}
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, 1000))) if slug not in taken)


@retried
def move_asset_class(row: AssetClass, *, up: bool, by: User) -> None:
    """Change places with the asset class before or after it; nothing where there is none."""
    with open_register(by=by, reason=Reason.ORDER_ASSET_CLASSES):
        swap_places(AssetClass.objects.all(), row, up=up)


def remove_asset_class(row: AssetClass, *, by: User) -> None:
    """Remove an asset class that no budget uses. PermissionDenied, InUseError."""
    remove_row(row, by=by, reason=Reason.REMOVE_ASSET_CLASS)


def undo_asset_class_act(act: UUID, *, by: User) -> None:
    """Take back a change of asset classes. Errors as of `undo_act`."""
    undo_act(REGISTER, act, by=by, check=_check_restored)


def _check_restored(rows: list[Restored]) -> None:
    """Refuse another life of what an adopted budget's loans are repaid over; called before and after."""
    for row in rows:
        found = AssetClass.objects.filter(pk=row.pk).first()
        if found is None or row.before is None:
            continue
        life = row.before["useful_life_years"] or row.before["assumed_life_years"]
        if found.life_years != life and list_loans_by_life(found):
            said = _("An adopted budget's loans are repaid over the life of “%(name)s”, so it can't be taken back.")
            raise ValidationError(said % {"name": found.name})
