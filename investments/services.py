"""Copies a budget's investments and planned loans forward, in SQL, keeping lineage; records councils' decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from budgets.models import Budget
from budgets.services.totals import execute
from investments.models import BorrowingFramework, CouncilDecision
from objects.selectors.decisions import can_register
from records.models import Provenance
from records.services import change
from records.services.stale import StaleError, digest_of

if TYPE_CHECKING:
    from accounts.models import User

COUNCIL_DAYS = ("decided_on", "announced_on", "legal_force_on")

# Rule 2: the plan years become the first two; purchases have no index, so the last is as the one before.
INVESTMENTS = """
    INSERT INTO investments_investment (budget_id, lineage, asset_class_id, financing, amount_1_ore, amount_2_ore, amount_3_ore,
        note, position, provenance)
    SELECT %(target)s, lineage, asset_class_id, financing, {amounts}, note, position, provenance
    FROM investments_investment WHERE budget_id = %(source)s"""
COPY_INVESTMENTS = INVESTMENTS.format(amounts="amount_2_ore, amount_3_ore, amount_3_ore")
COPY_INVESTMENTS_AS_THEY_ARE = INVESTMENTS.format(amounts="amount_1_ore, amount_2_ore, amount_3_ore")

COPY_LOANS = """
    INSERT INTO investments_plannedloan (budget_id, lineage, purpose, year, principal_ore, asset_class_id, life_years, provenance, note)
    SELECT %(target)s, lineage, purpose, year, principal_ore, asset_class_id, life_years, provenance, note
    FROM investments_plannedloan WHERE budget_id = %(source)s"""

COPY_REPAYMENTS = """
    INSERT INTO investments_plannedrepayment (budget_id, planned_loan_id, year, amount_ore, provenance)
    SELECT %(target)s, new.id, r.year, r.amount_ore, r.provenance
    FROM investments_plannedrepayment AS r
    JOIN investments_plannedloan AS old ON old.id = r.planned_loan_id
    JOIN investments_plannedloan AS new ON new.budget_id = %(target)s AND new.lineage = old.lineage
    WHERE r.budget_id = %(source)s"""

# The last year is new: it borrows for what it plans to buy, as the year before did.
ADD_LAST_YEAR = """
    INSERT INTO investments_plannedloan (budget_id, purpose, year, principal_ore, asset_class_id, life_years, provenance, note)
    SELECT %(target)s, purpose, %(year)s, principal_ore, asset_class_id, life_years, 'assumed', note
    FROM investments_plannedloan WHERE budget_id = %(source)s AND year = %(year)s - 1 AND purpose = 'investments'"""


def copy_investments_forward(source: Budget, target: Budget, *, by: str) -> None:
    """Gives `target` the investments and planned loans of `source`, one year on."""
    with change(by=by, reason=f"copy forward of {source.slug}"):
        ids = {"source": source.pk, "target": target.pk}
        for statement in (COPY_INVESTMENTS, COPY_LOANS, COPY_REPAYMENTS):
            execute(statement, ids)
        execute(ADD_LAST_YEAR, {**ids, "year": target.years[2]})


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
    with change(by=by.email, reason=f"decision of council: {row}"):
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
    """What is saved of the same council on the same framework, or an empty one; the framework keeps others waiting."""
    framework = BorrowingFramework.objects.select_for_update(of=("self",)).get(pk=row.framework_id)
    saved = CouncilDecision.objects.filter(framework=framework, municipality=row.municipality_id).first()
    return saved or CouncilDecision(framework=framework, municipality=row.municipality)


def find_council_faults(row: CouncilDecision) -> list[tuple[str, str]]:
    """What can't be with a council's days, as (field, words)."""
    today = timezone.localdate()
    coming = _("This day has not come yet. Leave it empty until it is done.")
    faults = [(name, coming) for name in ("decided_on", "announced_on") if (getattr(row, name) or today) > today]
    if row.decided_on and row.announced_on and row.announced_on < row.decided_on:
        faults.append(("announced_on", _("The notice was put up before the council decided. Check the days.")))
    before = row.announced_on or row.decided_on
    if row.legal_force_on and before and row.legal_force_on < before:
        faults.append(("legal_force_on", _("Legal force comes after the decision and its notice. Check the days.")))
    return faults


def copy_investments_as_they_are(source: Budget, target: Budget, *, by: str) -> None:
    """Gives `target`, a revision of `source`, its investments and planned loans for the same years."""
    with change(by=by, reason=f"revision of {source.slug}"):
        for statement in (COPY_INVESTMENTS_AS_THEY_ARE, COPY_LOANS, COPY_REPAYMENTS):
            execute(statement, {"source": source.pk, "target": target.pk})
