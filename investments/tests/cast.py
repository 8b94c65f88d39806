"""The worked loan of docs/algorithms/loans.md, as an economist enters it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from investments.models import Loan, LoanInstalment, LoanTerm
from investments.services.loan_register import save_loan
from tests.cast import ECONOMIST, get_user

MKR = 1_000_000_00
RAISED, RESET, MATURES = date(2026, 3, 16), date(2027, 9, 16), date(2029, 3, 16)


def make_loan(**changed: Any) -> Loan:
    """Return the loan as it is typed: 20 mkr, a million each half-year, the rest at maturity."""
    given: dict[str, Any] = {
        "lender": "Kommuninvest", "number": "1001", "raised_on": RAISED, "matures_on": MATURES,
        "principal_ore": 20 * MKR, "plan": Loan.Plan.EQUAL, "every_months": 6, "instalment_ore": MKR,
    }  # fmt: skip
    return Loan(**{**given, **changed})


def make_terms() -> list[LoanTerm]:
    """Return its rates: 2.85 %, and 3.40 % that the market sets."""
    return [
        LoanTerm(from_on=RAISED, rate_percent=Decimal("2.85")),
        LoanTerm(from_on=RESET, rate_percent=Decimal("3.40"), resets=True),
    ]


def enter_loan(
    terms: list[LoanTerm] | None = None, instalments: list[LoanInstalment] | None = None, **changed: Any
) -> Loan:
    """Enter the loan, or one that differs from it."""
    loan = make_loan(**changed)
    return save_loan(loan, make_terms() if terms is None else terms, instalments or [], by=get_user(ECONOMIST))


def enter_refinancing(old: Loan, **changed: Any) -> Loan:
    """Enter the loan that refinances it: 14 mkr to 2032 at 3.10 %."""
    given: dict[str, Any] = {
        "number": "1002", "raised_on": MATURES, "matures_on": date(2032, 3, 16), "principal_ore": 14 * MKR,
        "refinances": old,
    }  # fmt: skip
    terms = [LoanTerm(from_on=MATURES, rate_percent=Decimal("3.10"), resets=True)]
    return enter_loan(terms, **{**given, **changed})
