"""Who reads and keeps the loans, and what tells a loan with its rows from any other state of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from investments.models import Loan, LoanInstalment, LoanStatement, LoanTerm
from objects.models.roles import FEDERATION_ROLES, roles_of
from objects.selectors.registers import Register
from records.reasons import Reason
from records.services.stale import digest_of

if TYPE_CHECKING:
    from accounts.models import User

LOAN_FIELDS = (
    "name", "lender", "number", "purpose", "raised_on", "principal_ore", "matures_on", "day_count", "plan",
    "every_months", "instalment_ore", "first_instalment_on", "is_planned", "refinances", "part_of", "note",
)  # fmt: skip
SUM_FIELDS = ("name", "lender", "debt_on", "debt_ore", "note")
TERM_FIELDS = ("from_on", "rate_percent", "kind", "resets", "every_months")
INSTALMENT_FIELDS = ("year", "due_on", "amount_ore")
STATEMENT_FIELDS = ("stated_on", "debt_ore", "kind", "note")

REGISTER = Register(
    (Loan, LoanTerm, LoanInstalment, LoanStatement),
    frozenset(
        {
            Reason.ADD_LOAN, Reason.CHANGE_LOAN, Reason.REMOVE_LOAN, Reason.ADD_LOAN_STATEMENT,
            Reason.CHANGE_LOAN_STATEMENT, Reason.REMOVE_LOAN_STATEMENT, Reason.UNDO_REGISTER,
        }
    ),
)  # fmt: skip


def can_read_loans(user: User) -> bool:
    """Say whether the loans are for this user: for all inside the federation."""
    return bool(roles_of(user) & FEDERATION_ROLES)


def mark_loan(loan: Loan) -> str:
    """Return what tells a loan, with its rates and instalments, from any other state of it."""
    own = digest_of(loan, dict.fromkeys((*LOAN_FIELDS, *SUM_FIELDS)))
    terms = [digest_of(row, TERM_FIELDS) for row in loan.terms.order_by("from_on")]
    rows = [digest_of(row, INSTALMENT_FIELDS) for row in loan.instalments.order_by("year", "due_on")]
    return "".join(text[:16] for text in (own, *terms, *rows))
