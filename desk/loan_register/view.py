"""The list of loans, with what matures and is set anew ahead, and one loan with its movements, rates and statements."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from accounts.models import User
from desk.loan_register.table import LoanFilter, LoanTable
from desk.loan_register.words import MOVEMENTS, say_coming, say_difference, say_kind, say_plan, say_rate
from investments.models import Loan, LoanTerm
from investments.selectors.loan_register import REGISTER, can_read_loans
from investments.selectors.loan_terms import (
    Coming,
    LoanMovement,
    Reconciled,
    find_loan,
    list_coming,
    list_contradictions,
    list_loan_movements,
    list_loan_states,
    list_yearly_interest,
    read_loans,
    reconcile_loan,
    with_rows,
)
from objects.selectors.registers import can_keep, list_register_acts
from pages.acts import tell_acts
from pages.changes import load_changes
from pages.registers import InRegister
from web.views import BaseListView, Context, PageView

TITLE = gettext_lazy("Loan list")


class ForLoanReaders(PageView):
    """A page for those inside the federation."""

    nav_key = "loan_list"

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Keep others out."""
        if request.user.is_authenticated and not can_read_loans(self.reader):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def list_url(self) -> str:
        """The list's address."""
        return reverse("objects:loan_list")


def undo_url(act: UUID) -> str:
    """Return the address that takes a change back."""
    return reverse("objects:undo_loan_act", args=[act])


@dataclass(frozen=True)
class ToldComing:
    """What comes of a loan, and in words what it is."""

    row: Coming
    said: str


class LoanListView(ForLoanReaders, BaseListView[Loan]):
    """All loans, what comes of them in three years, and what contradicts the plan."""

    title = TITLE
    template_name = "desk/loan_register/loans.html"
    table_class = LoanTable
    filterset_class = LoanFilter

    @cached_property
    def loans(self) -> list[Loan]:
        """All loans that the reader may see."""
        return read_loans(self.reader)

    def get_rows(self, user: User) -> QuerySet[Loan]:
        """Return those the reader may see."""
        return with_rows(Loan.objects.visible_to(user))

    def get_table_kwargs(self) -> dict[str, object]:
        """Say how each stands today."""
        states = list_loan_states(self.loans, timezone.localdate())
        return {"states": {row.loan.pk: row for row in states}}

    def get_context_data(self, **kwargs: object) -> Context:
        """Add what comes, what differs, and what has been done."""
        shown = {
            "coming": [ToldComing(row, say_coming(row)) for row in list_coming(self.loans, timezone.localdate())],
            "contradictions": [
                (row.loan, row.reconciled, say_difference(row.loan, row.reconciled))
                for row in list_contradictions(self.loans)
            ],
            "can_keep": can_keep(self.reader),
            "has_rows": bool(self.loans),
            "acts": tell_acts(list_register_acts(REGISTER, self.reader), undo_url),
        }
        return super().get_context_data(**shown, **kwargs)


class InLoans(ForLoanReaders, InRegister):
    """A page below the list of loans."""

    list_label = TITLE


class InLoan(InLoans):
    """A page about the address's loan."""

    @cached_property
    def loan(self) -> Loan:
        """The address's loan."""
        loan = find_loan(self.reader, self.kwargs["loan"])
        if loan is None:
            raise Http404
        return loan

    @property
    def loan_url(self) -> str:
        """The loan's page."""
        return reverse("objects:loan", args=[self.loan.uuid])


@dataclass(frozen=True)
class ToldMovement:
    """A movement, and in words what it is."""

    row: LoanMovement
    said: str | Promise


@dataclass(frozen=True)
class ToldTerm:
    """A rate, in words how high it is and whether it is fixed."""

    row: LoanTerm
    rate: str
    kind: str


@dataclass(frozen=True)
class ToldStatement:
    """A statement beside the plan, and what to do about the difference."""

    row: Reconciled
    said: str


class LoanView(InLoan):
    """One loan: what is agreed, how it moves, its interest by year, and what the lender says beside the plan."""

    template_name = "desk/loan_register/loan.html"

    def get_title(self) -> str:
        """Return its name."""
        return self.loan.name

    def get_context_data(self, **kwargs: object) -> Context:
        """Read what belongs to it."""
        loan, others = self.loan, read_loans(self.reader)
        state = list_loan_states([loan], timezone.localdate())[0]
        movements = list_loan_movements(loan, others) if loan.has_terms else []
        shown = {
            "loan": loan,
            "state": state,
            "rate": say_rate(state.rate_percent),
            "plan": say_plan(loan),
            "terms": [ToldTerm(row, say_rate(row.rate_percent), say_kind(row)) for row in loan.terms.all()],
            "movements": [ToldMovement(row, MOVEMENTS[row.movement.kind]) for row in movements],
            "interest": sorted(list_yearly_interest(loan).items()),
            "instalments": [] if loan.has_terms else list(loan.instalments.all()),
            "statements": [ToldStatement(row, say_difference(loan, row)) for row in reconcile_loan(loan)],
            "refinanced_by": list(loan.refinanced_by.all()),
            "parts": list(loan.parts.all()),
            "can_keep": can_keep(self.reader),
            "changes": load_changes(self.reader, loan, LoanTerm),
        }
        return super().get_context_data(**{**kwargs, **shown})
