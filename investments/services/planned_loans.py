"""How a draft's planned loan is repaid: over years, as depreciation, whole at the end, or by its own rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from budgets.models import Budget
from budgets.selectors.sub_budgets import is_economist
from engine.loans import PlanFault, find_plan_faults
from investments.models import PlannedLoan, PlannedRepayment
from investments.services.loans import find_repayment_faults
from objects.selectors.registers import Register
from objects.services.registers import hold, require_mark, undo_act
from records.models import Provenance
from records.reasons import Reason
from records.services import change
from records.services.stale import digest_of
from web.faults import retried

if TYPE_CHECKING:
    from accounts.models import User

REGISTER = Register((PlannedLoan, PlannedRepayment), frozenset({Reason.PLAN_REPAYMENT, Reason.UNDO_REGISTER}))
PLAN_FIELDS = ("plan", "life_years")
MOST_YEARS = 100


def can_plan_repayment(user: User, budget: Budget) -> bool:
    """Say whether the user decides how a budget's loans are repaid: the economist, in a draft."""
    return is_economist(user) and budget.status == Budget.Status.DRAFT


def mark_plan(loan: PlannedLoan) -> str:
    """Return what tells a planned loan with its repayments from any other state of it."""
    rows = [digest_of(row, ("year", "amount_ore")) for row in loan.repayments.order_by("year")]
    return "".join(text[:16] for text in (digest_of(loan, PLAN_FIELDS), *rows))


def find_planned_faults(loan: PlannedLoan, rows: Mapping[int, int]) -> list[tuple[str, str]]:
    """Return what can't be with how a planned loan is repaid, öre by year, as (field or year, words)."""
    faults = []
    if loan.life_years is not None and not 1 <= loan.life_years <= MOST_YEARS:
        faults.append(("life_years", _("Write a number of years from 1 to 100.")))
    faults += [(str(year), _("What is repaid is written as 0 or more.")) for year, ore in rows.items() if ore < 0]
    if PlanFault.BEFORE in find_plan_faults(loan.principal_ore, rows, loan.year):
        said = _("The loan is raised in %(year)s. Remove the repayments before that year.") % {"year": loan.year}
        faults += [(str(year), said) for year, ore in rows.items() if ore and year < loan.year]
    if sum(rows.values()) > loan.principal_ore:
        faults += [("plan", said) for said in find_repayment_faults(loan.principal_ore, rows)]
    return faults


@retried
def plan_repayment(loan: PlannedLoan, rows: Mapping[int, int], *, by: User, seen: str | None = None) -> None:
    """Let a draft's loan be repaid as it says, or by `rows`, öre by year, where there are any.

    PermissionDenied, ValidationError by field or year, StaleError.
    """
    if not can_plan_repayment(by, loan.budget):
        raise PermissionDenied
    with change(by=by.email, reason=Reason.PLAN_REPAYMENT, row=f"{loan.get_purpose_display()} {loan.year}"):
        hold(loan)
        saved = PlannedLoan.objects.get(pk=loan.pk)
        require_mark(saved, mark_plan(saved), seen)
        if faults := find_planned_faults(loan, rows):
            raise ValidationError(dict(faults))
        loan.save(update_fields=list(PLAN_FIELDS))
        stored = {row.year: row for row in loan.repayments.all()}
        loan.repayments.exclude(year__in=rows).delete()
        for year, ore in rows.items():
            row = stored.get(year) or PlannedRepayment(budget=loan.budget, planned_loan=loan, year=year)
            if row.pk is None or row.amount_ore != ore:
                row.amount_ore, row.provenance = ore, Provenance.ENTERED
                row.full_clean()
                row.save()


@retried
def undo_plan(act: UUID, *, by: User) -> None:
    """Take back how a loan is repaid. Errors as of `undo_act`; an adopted budget's stays."""
    undo_act(REGISTER, act, by=by)
