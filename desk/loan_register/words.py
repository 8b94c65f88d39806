"""What the pages on loans say: movements, rates, what comes, and what to do about a statement that contradicts the plan."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engine.loan_terms import MovementKind
from investments.models import Loan, LoanTerm, PlannedLoan
from investments.selectors.loan_terms import Coming, Reconciled, find_moved_instalment
from web.numbers import format_decimal, format_sek

MOVEMENTS = {
    MovementKind.BORROWING: gettext_lazy("Borrowed"),
    MovementKind.AMORTISATION: gettext_lazy("Amortised"),
    MovementKind.REFINANCING: gettext_lazy("Refinanced"),
}


def say_rate(percent: Decimal | None) -> str:
    """Return a yearly rate in words, empty where it is not known."""
    if percent is None:
        return ""
    return _("%(percent)s %%") % {"percent": format_decimal(percent.normalize(), decimals=None)}


def say_kind(term: LoanTerm) -> str:
    """Return whether a rate is fixed, or how often it is set anew."""
    if term.kind == LoanTerm.Kind.FIXED:
        return str(term.get_kind_display())
    return _("variable, reset %(often)s") % {"often": term.get_every_months_display()}


def say_coming(row: Coming) -> str:
    """Return what comes of a loan, and by what it is refinanced."""
    if row.kind == "resets":
        return _("The rate is reset")
    if row.refinanced_by is not None:
        return _("Matures, refinanced by %(name)s") % {"name": row.refinanced_by.name}
    return _("Matures")


def say_plan(loan: Loan) -> str:
    """Return how a loan is repaid."""
    if loan.plan != Loan.Plan.EQUAL:
        return str(loan.get_plan_display())
    if loan.instalment_ore is None:
        return _("the whole loan in equal parts %(often)s") % {"often": loan.get_every_months_display()}
    said = _("%(amount)s kr %(often)s, the rest at maturity")
    return said % {"amount": format_sek(loan.instalment_ore), "often": loan.get_every_months_display()}


def say_difference(loan: Loan, row: Reconciled) -> str:
    """Return what a statement's difference from the plan may be, and what to do about it; empty where there is none."""
    if not row.difference:
        return ""
    amount = format_sek(abs(row.difference))
    moved = find_moved_instalment(loan, row)
    if moved is not None:
        said = (
            _(
                "The difference of %(amount)s kr is the instalment of %(day)s: it seems to have been paid earlier. Correct its day, or ask the lender."
            )
            if row.difference < 0
            else _(
                "The difference of %(amount)s kr is the instalment of %(day)s: it seems not to have been paid yet. Correct its day, or ask the lender."
            )
        )
        return said % {"amount": amount, "day": moved.isoformat()}
    said = (
        _(
            "The lender says %(amount)s kr less than the plan. Enter what has been repaid besides the plan, or correct the statement."
        )
        if row.difference < 0
        else _(
            "The lender says %(amount)s kr more than the plan. Correct the instalments or the amount raised, or the statement."
        )
    )
    return said % {"amount": amount}


def join_names(rows: Iterable[Loan]) -> str:
    """Return loans by their names."""
    return ", ".join(row.name for row in rows)


# How a planned loan is repaid, in words of their own.
TOLD_PLANS = {"own": gettext_lazy("by rows of its own"), **dict(PlannedLoan.Plan.choices)}
