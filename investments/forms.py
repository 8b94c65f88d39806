"""The administration's forms of loans, their repayments and recourse shares, held to rule 8."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from engine.loans import repaid_after
from investments.models import (
    Loan,
    LoanInstalment,
    PlannedLoan,
    PlannedRepayment,
    RecourseAgreement,
    RecourseParty,
)
from investments.selectors.loan_terms import to_statement
from investments.selectors.loans import load_repayment_plan
from investments.services.loans import find_repayment_faults
from investments.services.recourse import find_share_faults, say_signed
from web.generics import ModelForm

if TYPE_CHECKING:
    InstalmentForms = forms.BaseInlineFormSet[LoanInstalment, Loan, forms.ModelForm[LoanInstalment]]
    ShareForms = forms.BaseInlineFormSet[RecourseParty, RecourseAgreement, forms.ModelForm[RecourseParty]]
else:
    InstalmentForms = ShareForms = forms.BaseInlineFormSet


class SumForm(ModelForm[Loan]):
    """A loan known as a debt on a day; one with days of its own is kept on its page and has neither."""

    def clean(self) -> dict[str, Any]:
        """Ask for the day and the debt of a sum."""
        values: dict[str, Any] = super().clean() or {}
        for name in ("debt_on", "debt_ore"):
            if not self.instance.has_terms and name not in self.errors and values.get(name) is None:
                self.add_error(name, _("Write what was owed, and on which day."))
            elif self.instance.has_terms and values.get(name) is not None:
                self.add_error(
                    name, _("The loan has days of its own. Leave this empty, and enter a statement on its page.")
                )
        return values


class InstalmentFormSet(InstalmentForms):
    """All instalments of an existing loan, as typed."""

    def clean(self) -> None:
        """Hold what comes after the day of the debt to the debt."""
        super().clean()
        rows = [form.cleaned_data for form in self.forms if form.is_valid() and form not in self.deleted_forms]
        plan = {row["year"]: row["amount_ore"] for row in rows if row}
        if self.instance.debt_on is None or self.instance.debt_ore is None or any(self.errors):
            return
        statement = to_statement(self.instance, plan)
        faults = find_repayment_faults(statement.debt, repaid_after(statement))
        if faults:
            raise ValidationError(faults)


class ShareFormSet(ShareForms):
    """All shares of a recourse agreement, as typed."""

    def clean(self) -> None:
        """Hold the shares together, and to what somebody has signed."""
        super().clean()
        if any(self.errors):
            return
        kept = [form for form in self.forms if form not in self.deleted_forms and form.cleaned_data]
        faults = find_share_faults([form.cleaned_data["share_percent"] for form in kept]) if kept else []
        if faults:
            raise ValidationError(faults)
        changed = [form for form in kept if {"share_percent", "municipality"} & set(form.changed_data)]
        is_signed = self.instance.pk and self.instance.parties.exclude(signed_on=None).exists()
        if is_signed and (changed or self.deleted_forms):
            raise ValidationError(say_signed())


class PlannedLoanForm(ModelForm[PlannedLoan]):
    """A planned loan, held to the repayments that it has already."""

    def clean(self) -> dict[str, Any]:
        """Refuse an amount or a year that the repayments do not fit."""
        values: dict[str, Any] = super().clean() or {}
        principal, year = values.get("principal_ore"), values.get("year")
        if self.instance.pk and principal is not None and year:
            plan = load_repayment_plan(self.instance)
            for said in find_repayment_faults(principal, plan, raised_year=year):
                self.add_error("principal_ore" if sum(plan.values()) > principal else "year", said)
        return values


class PlannedRepaymentForm(ModelForm[PlannedRepayment]):
    """A planned loan's own repayment in a year, held to the loan and to its other repayments."""

    def clean(self) -> dict[str, Any]:
        """Refuse a repayment before the loan, or of more than is left of it."""
        values: dict[str, Any] = super().clean() or {}
        loan, year, ore = (values.get(name) for name in ("planned_loan", "year", "amount_ore"))
        if loan is not None and year and ore is not None:
            plan = load_repayment_plan(loan, but=self.instance.pk) | {year: ore}
            faults = find_repayment_faults(loan.principal_ore, plan, raised_year=loan.year)
            for said in faults:
                self.add_error("year" if year < loan.year and said == faults[0] else "amount_ore", said)
        return values
