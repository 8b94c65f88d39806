"""What changes a loan: its days, rates and instalments, what its lender says, removing, and taking back."""

from __future__ import annotations

from functools import cached_property
from typing import cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.loan_register.form import LoanForm, RowsForm, StatementForm, SumForm
from desk.loan_register.view import InLoan, InLoans
from investments.models import Loan, LoanInstalment, LoanStatement, LoanTerm
from investments.selectors.loan_register import mark_loan
from investments.selectors.loan_terms import find_debt_on, find_loan, list_contradictions, to_loan_terms
from investments.services.loan_register import (
    LoanFaultsError,
    remove_loan,
    remove_statement,
    save_loan,
    save_statement,
    undo_loan_act,
)
from pages.registers import KeepView, RemoveRowView, UndoActView
from records.selectors.uses import Use, list_uses
from records.services.stale import StaleError
from web.views import Context, Crumb


class LoanFormView(InLoans, KeepView):
    """A form of a loan with its rows."""

    submit = gettext_lazy("Save")
    template_name = "desk/loan_register/loan_form.html"

    @cached_property
    def row(self) -> Loan:
        """The loan of the form."""
        raise NotImplementedError

    def get_form(self, data: QueryDict | None = None) -> RowsForm:
        """Return the form."""
        form = LoanForm if self.row.has_terms or self.row.debt_on is None else SumForm
        return form(data, instance=self.row)

    def save_or_tell(self, request: HttpRequest, form: RowsForm) -> HttpResponse:
        """Save, or show all that can't be."""
        try:
            return super().save_or_tell(request, form)
        except LoanFaultsError as refused:
            form.add_loan_faults(refused.faults)
            return self.show(form, status=422)

    def show_stale(self, request: HttpRequest, stale: StaleError) -> HttpResponse:
        """Return the form as typed; saving again keeps what was typed."""
        typed = request.POST.copy()
        typed["seen"] = mark_loan(cast(Loan, stale.saved))
        form = self.get_form(typed)
        form.is_valid()
        return self.show(form, status=422, is_stale=True)

    def save(self, form: RowsForm) -> str:
        """Save it, and say when a statement contradicts it."""
        loan = save_loan(form.instance, form.terms, form.instalments, by=self.reader, seen=form.cleaned_data["seen"])
        found = find_loan(self.reader, loan.uuid)
        if found is not None and list_contradictions([found]):
            said = _("“%(name)s” is saved. The lender's newest statement says another debt: see below.")
            return said % {"name": loan.name}
        return _("“%(name)s” is saved.") % {"name": loan.name}

    def get_context_data(self, **kwargs: object) -> Context:
        """Add the heads of the tables."""
        dated = [_("Day")] if isinstance(kwargs.get("form"), LoanForm) else []
        heads = {
            "rate_heads": [_("From"), _("Per cent a year"), _("Fixed or variable"), _("Set by the market on that day")],
            "instalment_heads": [*dated, _("Year"), _("Amount, SEK")],
        }
        return super().get_context_data(**{**heads, **kwargs})

    def get_return_url(self) -> str:
        """Return the loan's page, or the list."""
        return reverse("objects:loan", args=[self.row.uuid]) if self.row.pk else self.list_url


class NewLoanView(LoanFormView):
    """Adds a loan; one that refinances another begins as that one ends."""

    title = gettext_lazy("New loan")

    @cached_property
    def row(self) -> Loan:
        """A new one."""
        wanted = self.request.GET.get("refinances", "")
        try:
            old = find_loan(self.reader, UUID(wanted)) if wanted else None
        except ValueError:
            old = None
        if old is None or not old.has_terms:
            return Loan()
        terms = to_loan_terms(old)
        left = terms.principal - sum(terms.instalments.values())
        return Loan(
            lender=old.lender, purpose=old.purpose, refinances=old, raised_on=old.matures_on, principal_ore=left or None,
            day_count=old.day_count, plan=old.plan, every_months=old.every_months, instalment_ore=old.instalment_ore,
        )  # fmt: skip

    def get_form(self, data: QueryDict | None = None) -> RowsForm:
        """Return the form of a loan with days of its own."""
        return LoanForm(data, instance=self.row)


class NewSumView(LoanFormView):
    """Adds a loan that is known as a debt on a day."""

    title = gettext_lazy("New sum of loans")

    @cached_property
    def row(self) -> Loan:
        """A new one."""
        return Loan()

    def get_form(self, data: QueryDict | None = None) -> RowsForm:
        """Return the form of a sum."""
        return SumForm(data, instance=self.row)


class EditLoanView(InLoan, LoanFormView):
    """Changes a loan."""

    title = gettext_lazy("Change the loan")

    @cached_property
    def row(self) -> Loan:
        """The address's loan."""
        return self.loan

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the loan."""
        return [*super().get_crumbs(), (self.loan.name, self.loan_url)]


class RemoveLoanView(InLoan, RemoveRowView):
    """Removes a loan that no other is about."""

    title = gettext_lazy("Remove the loan?")
    goes_with = gettext_lazy("Its rates, instalments and statements go with it.")

    def find_row(self) -> Loan:
        """Return it."""
        return self.loan

    def list_uses(self) -> list[Use]:
        """Return what points to it."""
        return list_uses(self.loan, parts=(LoanTerm, LoanInstalment, LoanStatement))

    def remove(self) -> None:
        """Remove it."""
        remove_loan(self.loan, by=self.reader)

    def get_return_url(self) -> str:
        """Return its page."""
        return self.loan_url

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to it."""
        return [*super().get_crumbs(), (self.loan.name, self.loan_url)]


class NewStatementView(InLoan, KeepView):
    """Enters what the lender says."""

    title = gettext_lazy("New statement")
    submit = gettext_lazy("Save")
    template_name = "desk/loan_register/statement_form.html"

    @cached_property
    def row(self) -> LoanStatement:
        """A new one, of today's debt by the plan."""
        return LoanStatement(loan=self.loan, stated_on=timezone.localdate())

    def get_form(self, data: QueryDict | None = None) -> StatementForm:
        """Return the form."""
        return StatementForm(data, instance=self.row)

    def save(self, form: StatementForm) -> str:
        """Save it."""
        row = save_statement(form.instance, by=self.reader, seen=form.cleaned_data["seen"])
        planned = find_debt_on(self.loan, row.stated_on)
        if planned is not None and planned != row.debt_ore:
            return _("The statement is saved. It differs from the plan: see below what to do.")
        return _("The statement is saved.")

    def get_return_url(self) -> str:
        """Return the loan's page."""
        return self.loan_url

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the loan."""
        return [*super().get_crumbs(), (self.loan.name, self.loan_url)]

    def get_context_data(self, **kwargs: object) -> Context:
        """Add the row when it is stored."""
        return super().get_context_data(**{**kwargs, "row": self.row, "loan": self.loan})


class EditStatementView(NewStatementView):
    """Corrects a statement."""

    title = gettext_lazy("Change the statement")

    @cached_property
    def row(self) -> LoanStatement:
        """The address's statement."""
        found = self.loan.statements.filter(uuid=self.kwargs["statement"]).first()
        if found is None:
            raise Http404
        return found


class RemoveStatementView(EditStatementView, RemoveRowView):
    """Removes a statement."""

    title = gettext_lazy("Remove the statement?")
    template_name = RemoveRowView.template_name
    get = RemoveRowView.get
    post = RemoveRowView.post
    show = RemoveRowView.show

    def find_row(self) -> LoanStatement:
        """Return it."""
        return self.row

    def list_uses(self) -> list[Use]:
        """Return what points to it."""
        return list_uses(self.row)

    def remove(self) -> None:
        """Remove it."""
        remove_statement(self.row, by=self.reader)


class UndoLoanView(InLoans, UndoActView):
    """Takes back a change of loans."""

    def undo(self) -> None:
        """Take it back."""
        undo_loan_act(self.kwargs["act"], by=self.reader)
