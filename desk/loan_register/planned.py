"""How a budget's planned loan is repaid: seen by all who read the budget, decided by the economist in a draft."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import cast
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.forms import BoundField
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.loan_register.words import TOLD_PLANS
from engine.loans import instalments
from investments.models import PlannedLoan
from investments.selectors.loans import find_planned_loan, to_engine_loan
from investments.services.planned_loans import (
    PLAN_FIELDS,
    REGISTER,
    can_plan_repayment,
    find_planned_faults,
    mark_plan,
    plan_repayment,
    undo_plan,
)
from objects.selectors.registers import list_register_acts
from pages.acts import tell_acts
from pages.base import InBudget
from pages.changes import load_changes
from pages.form_view import FormView
from pages.forms import DigestForm
from pages.registers import UndoActView
from records.services.stale import StaleError
from web.fields import OreFormField, type_number
from web.views import Context, Crumb

YEARS_SHOWN = 12


class PlanForm(DigestForm):
    """Over how many years and how, or what is repaid in each year; the rows go first where there are any."""

    class Meta:
        model = PlannedLoan
        formfield_callback = type_number
        fields = PLAN_FIELDS
        help_texts = {
            "plan": gettext_lazy("Counts while no year below has an amount of its own."),
            "life_years": gettext_lazy(
                "Left empty, the life of what it pays for; a loan for use of equity pays for nothing, and needs years or rows."
            ),
        }

    def __init__(self, data: Mapping[str, object] | None = None, *, instance: PlannedLoan) -> None:
        super().__init__(data, instance=instance)
        stored = {row.year: row.amount_ore for row in instance.repayments.all()}
        last = max([instance.year + YEARS_SHOWN, *stored])
        self.years = range(min([instance.year, *stored]), last + 1)
        for year in self.years:
            self.fields[f"repaid_{year}"] = OreFormField(
                label=_("Repaid in %(year)s, SEK") % {"year": year}, required=False, initial=stored.get(year)
            )

    def mark(self) -> str:
        """Return what tells the loan with its repayments from any other state of it."""
        return mark_plan(self.instance)

    def list_facts(self) -> list[BoundField]:
        """Return the fields of the loan itself."""
        return [self[name] for name in PLAN_FIELDS]

    def list_rows(self) -> list[tuple[int, BoundField]]:
        """Return the years with their fields."""
        return [(year, self[f"repaid_{year}"]) for year in self.years]

    def read_rows(self) -> dict[int, int]:
        """Return what is typed by year, öre."""
        typed = {year: self.cleaned_data.get(f"repaid_{year}") for year in self.years}
        return {year: ore for year, ore in typed.items() if ore is not None}

    def clean(self) -> None:
        """Hold what is typed to the loan."""
        super().clean()
        loan = PlannedLoan(
            year=self.instance.year, principal_ore=self.instance.principal_ore, life_years=self.cleaned_data.get("life_years")
        )  # fmt: skip
        faults = find_planned_faults(loan, self.read_rows())
        self.add_faults([(f"repaid_{name}" if name.isdigit() else name, said) for name, said in faults])


class InPlanned(InBudget):
    """A page about a planned loan of the address's budget."""

    nav_key = "loans"

    @cached_property
    def loan(self) -> PlannedLoan:
        """The address's planned loan."""
        found = find_planned_loan(self.budget, self.kwargs["planned"])
        if found is None:
            raise Http404
        return found

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the loans of the budget."""
        return [*super().get_crumbs(), (_("Loans and framework"), self.loans_url)]

    @property
    def loans_url(self) -> str:
        """The loans of the budget."""
        return reverse("forecasts:loans", args=[self.budget.slug])


class PlannedLoanView(InPlanned, FormView):
    """How a planned loan is repaid; a form for who decides it, and the same in words for all others."""

    submit = gettext_lazy("Save")
    template_name = "desk/loan_register/planned.html"

    def get_title(self) -> str:
        """Return what it is for and when it is raised."""
        said = _("Loan for %(purpose)s %(year)s")
        return said % {"purpose": self.loan.get_purpose_display(), "year": self.loan.year}

    def require(self) -> None:
        """Stop those who would change what they may not; all who see the budget read it."""
        if self.request.method == "POST" and not can_plan_repayment(self.reader, self.budget):
            raise PermissionDenied

    def get_form(self, data: QueryDict | None = None) -> PlanForm:
        """Return the form."""
        return PlanForm(data, instance=self.loan)

    def save(self, form: PlanForm) -> str:
        """Save it."""
        plan_repayment(form.instance, form.read_rows(), by=self.reader, seen=form.cleaned_data["seen"])
        return _("The repayment is planned. The loan forecast follows in a moment.")

    def show_stale(self, request: HttpRequest, stale: StaleError) -> HttpResponse:
        """Return the form as typed; saving again keeps what was typed."""
        typed = request.POST.copy()
        typed["seen"] = mark_plan(cast(PlannedLoan, stale.saved))
        form = self.get_form(typed)
        form.is_valid()
        return self.show(form, status=422, is_stale=True)

    def get_return_url(self) -> str:
        """Return the loans of the budget."""
        return self.loans_url

    def get_context_data(self, **kwargs: object) -> Context:
        """Add how it is repaid now, and what has been done."""
        acts = list_register_acts(REGISTER, self.reader, budget_id=self.budget.pk)
        stored = find_planned_loan(self.budget, self.kwargs["planned"])
        assert stored is not None
        shown = {
            "loan": stored,
            "repaid": sorted(instalments(to_engine_loan(stored)).items()),
            "told": TOLD_PLANS["own" if stored.repayments.all() else stored.plan],
            "can_edit": can_plan_repayment(self.reader, self.budget),
            "acts": tell_acts(acts, self._undo_url) if can_plan_repayment(self.reader, self.budget) else [],
            "changes": load_changes(self.reader, stored),
        }
        return super().get_context_data(**{**kwargs, **shown})

    def _undo_url(self, act: UUID) -> str:
        return reverse("forecasts:undo_planned_loan", args=[self.budget.slug, self.loan.lineage, act])


class UndoPlannedLoanView(InPlanned, UndoActView):
    """Takes back how a loan is repaid."""

    @property
    def list_url(self) -> str:
        """The planned loan's page."""
        return reverse("forecasts:planned_loan", args=[self.budget.slug, self.loan.lineage])

    def require(self) -> None:
        """Stop all but who decides it."""
        if not can_plan_repayment(self.reader, self.budget):
            raise PermissionDenied

    def undo(self) -> None:
        """Take it back."""
        undo_plan(self.kwargs["act"], by=self.reader)
