"""Keeps the loans with their rates, instalments and statements: each change is one act that can be taken back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from investments.models import Loan, LoanInstalment, LoanStatement, LoanTerm
from investments.selectors.loan_register import (
    INSTALMENT_FIELDS,
    REGISTER,
    STATEMENT_FIELDS,
    TERM_FIELDS,
    mark_loan,
)
from investments.services.loan_faults import LoanFault, find_loan_faults, find_statement_faults, find_sum_faults
from objects.services.registers import hold, open_register, remove_row, require_mark, undo_act
from objects.services.rows import save_checked
from records.models import Provenance
from records.reasons import Reason
from records.services.restoring import Restored
from records.services.stale import digest_of
from web.faults import retried

if TYPE_CHECKING:
    from accounts.models import User


class LoanFaultsError(Exception):
    """What can't be with a loan and its rows, all of it at once."""

    def __init__(self, faults: list[LoanFault]) -> None:
        super().__init__("the loan can't be as it is typed")
        self.faults = faults


@retried
def save_loan(
    loan: Loan,
    terms: Sequence[LoanTerm],
    instalments: Sequence[LoanInstalment],
    *,
    by: User,
    seen: str | None = None,
) -> Loan:
    """Add a loan or change one, with all its rates and instalments. PermissionDenied, LoanFaultsError, StaleError."""
    reason = Reason.CHANGE_LOAN if loan.pk else Reason.ADD_LOAN
    loan.name = loan.name or f"{loan.lender} {loan.number}".strip()
    with open_register(by=by, reason=reason, row=loan.name):
        hold(loan)
        if loan.pk:
            saved = Loan.objects.get(pk=loan.pk)
            require_mark(saved, mark_loan(saved), seen)
        if faults := find_faults(loan, terms, instalments):
            raise LoanFaultsError(faults)
        loan.full_clean()
        loan.save()
        _store_rows(loan, LoanTerm, terms, TERM_FIELDS, ("from_on",))
        _store_rows(loan, LoanInstalment, instalments, INSTALMENT_FIELDS, ("year", "due_on"))
    return loan


def find_faults(loan: Loan, terms: Sequence[LoanTerm], instalments: Sequence[LoanInstalment]) -> list[LoanFault]:
    """Return what can't be with a loan of either kind."""
    return find_loan_faults(loan, terms, instalments) if loan.has_terms else find_sum_faults(loan, instalments)


def _store_rows(loan: Loan, model: Any, rows: Iterable[Any], fields: Sequence[str], keys: Sequence[str]) -> None:
    """Let a loan have these rows and no others: what is the same stays, so that history tells what changed."""
    manager = model._default_manager
    stored = {tuple(getattr(row, key) for key in keys): row for row in manager.filter(loan=loan)}
    wanted = {tuple(getattr(row, key) for key in keys): row for row in rows}
    gone = [row.pk for key, row in stored.items() if key not in wanted]
    manager.filter(pk__in=gone).delete()
    for key, row in wanted.items():
        kept = stored.get(key) or model(loan=loan)
        if kept.pk and all(getattr(kept, name) == getattr(row, name) for name in fields):
            continue
        for name in fields:
            setattr(kept, name, getattr(row, name))
        kept.provenance = Provenance.ENTERED
        kept.full_clean()
        kept.save()


def remove_loan(loan: Loan, *, by: User) -> None:
    """Remove a loan with its rows that nothing else points to. PermissionDenied, InUseError."""
    remove_row(loan, by=by, reason=Reason.REMOVE_LOAN, parts=(LoanTerm, LoanInstalment, LoanStatement), name=loan.name)


@retried
def save_statement(row: LoanStatement, *, by: User, seen: str | None = None) -> LoanStatement:
    """Enter what a lender says is owed, or change it. PermissionDenied, ValidationError by field, StaleError.

    A statement that contradicts the plan is kept beside it and told of: the plan is not changed by it.
    """
    reason = Reason.CHANGE_LOAN_STATEMENT if row.pk else Reason.ADD_LOAN_STATEMENT
    with open_register(by=by, reason=reason, row=row.loan.name):
        hold(row.loan)
        hold(row)
        if row.pk:
            saved = LoanStatement.objects.get(pk=row.pk)
            require_mark(saved, digest_of(saved, STATEMENT_FIELDS), seen)
        row.provenance = Provenance.ENTERED
        save_checked(row, find_statement_faults(row))
    return row


def remove_statement(row: LoanStatement, *, by: User) -> None:
    """Remove a statement. PermissionDenied."""
    remove_row(row, by=by, reason=Reason.REMOVE_LOAN_STATEMENT, name=row.loan.name)


@retried
def undo_loan_act(act: UUID, *, by: User) -> None:
    """Take back a change of loans. Errors as of `undo_act`."""
    undo_act(REGISTER, act, by=by, check=_check_restored)


def _check_restored(rows: list[Restored]) -> None:
    """Refuse loans that can't be as they would be; called before, when they still are as they are, and after."""
    loans = {row.pk for row in rows if row.model is Loan}
    for model in (LoanTerm, LoanInstalment, LoanStatement):
        about = [row.pk for row in rows if row.model is model]
        loans |= set(model._default_manager.filter(pk__in=about).values_list("loan_id", flat=True))
    for loan in Loan.objects.filter(pk__in=loans):
        faults = find_faults(loan, list(loan.terms.all()), list(loan.instalments.all()))
        stated = [said for row in loan.statements.all() for _field, said in find_statement_faults(row)]
        if words := [*(fault.words for fault in faults), *stated]:
            said = _("“%(name)s” could not be as it was: %(why)s")
            raise ValidationError(said % {"name": loan.name, "why": words[0]})
