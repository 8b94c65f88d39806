"""The loan forecast against the borrowing framework."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from budgets.selectors.budgets import load_progress
from desk.loans.stress import answer
from desk.loans.stress_form import StressForm
from engine.framework import Framework
from forecasts.models import Forecast
from forecasts.selectors import (
    FrameworkState,
    Repayments,
    compare_borrowing,
    list_awaited,
    list_faulty_loans,
    list_framework_states,
    list_loans_without_plan,
    list_unknown,
    load_repayments,
)
from forecasts.selectors.loans import MOVEMENTS, YearDebt, list_assumed, load_year_debts
from forecasts.selectors.scenarios import try_inputs
from forecasts.selectors.stored import Figures, Stored, load_stored
from forecasts.selectors.stress import UnknownDebtError
from forecasts.selectors.stress_base import load_base
from investments.models import Investment, PlannedLoan
from investments.selectors.loan_register import can_read_loans
from investments.selectors.loan_terms import list_contradictions, read_loans
from investments.selectors.loans import is_life_assumed, list_planned_loans, loan_life, trace_whole_loan
from investments.selectors.purchases import list_investments
from investments.services.planned_loans import can_plan_repayment
from objects.selectors.decisions import can_register
from pages.base import InBudget
from pages.words import say_broken_framework, say_years
from pricing.selectors.editing import can_read_pools
from web.errors import is_htmx
from web.views import Context

ROWS = (
    ("opening_debt", _("Opening debt"), "", ""),
    ("borrowing_investments", _("Borrowing for investments"), "", "loans"),
    ("borrowing_use_of_equity", _("Borrowing for use of equity"), "", "loans"),
    ("amortisation", _("Amortisation"), "", "repaid"),
    ("closing_debt", _("Closing debt"), "sub", ""),
    ("borrowing_framework", _("Framework in force"), "", "frameworks"),
    ("headroom", _("Headroom"), "total", ""),
)
INTEREST = ("interest", _("Interest"), "", "")
# Two rows that sum to nothing, where anything is refinanced.
REFINANCING = (
    ("refinancing_repaid", _("Refinanced, old loans"), "", ""),
    ("refinancing_raised", _("Refinanced, new loans"), "", ""),
)


@dataclass(frozen=True)
class LoanRow:
    """A row of the loan forecast: öre by year, None where it can't be known; `behind` is the part that shows why.

    `assumed` names the years whose figure is assumed, of rows that others are made of.
    """

    code: str
    label: str | Promise
    style: str
    behind: str
    amounts: list[tuple[int, int | None]]
    assumed: str = ""


@dataclass(frozen=True)
class PlannedRow:
    """A planned loan and what is repaid of it in each year of the forecast, öre; `term` says over how long.

    `raised_ore` of it has been raised by loans that are kept by themselves, so that it is not counted here.
    """

    name: str
    lineage: UUID
    asset_class: str
    principal_ore: int
    raised_ore: int
    term: str
    is_without_plan: bool
    is_assumed: bool
    amounts: list[int]
    source: str


class LoansView(InBudget, TemplateView):
    """Debt, framework, planned loans, and what is missing."""

    title = _("Loans and framework")
    nav_key = "loans"

    def get_template_names(self) -> list[str]:
        """What is tried changes the chart and its words only."""
        return ["desk/loans/_stressed.html" if is_htmx(self.request) else "desk/loans/loans.html"]

    def get_context_data(self, **kwargs: object) -> Context:
        """Read the stored loan forecast and what it was made of."""
        stored = load_stored(self.budget, Forecast.Kind.LOAN)[Forecast.Kind.LOAN]
        figures = stored.amounts
        years = sorted(figures.get("closing_debt", {}))
        investments, loans = list(list_investments(self.budget)), list(list_planned_loans(self.budget))
        states = list_framework_states(self.reader)
        rows = [_row(stored, years, *row) for row in _choose_rows(figures)]
        interest = _row(stored, years, *INTEREST)
        broken = [year for year in years if (figures["headroom"].get(year) or 0) < 0]
        repayments, without_plan = load_repayments(loans, figures), list_loans_without_plan(loans)
        context = {
            "years": [(year, stored.source_of("closing_debt", year)) for year in years],
            "rows": [*rows, *_proposed_rows(figures, years, states), interest],
            "last_year": years[-1] if years else None,
            "assumed": [row for row in rows if row.assumed],
            "broken": broken,
            "broken_title": _say_broken(stored, broken),
            "states": states,
            "awaited": list_awaited(states),
            "can_register": can_register(self.reader),
            "repayments": repayments,
            "planned": list(_planned_rows(repayments, without_plan)),
            "without_plan": without_plan,
            "faulty": list_faulty_loans(loans),
            "borrowing": compare_borrowing(self.budget, investments, loans, figures),
            "unknown": list_unknown(investments),
            "is_interest_unknown": any(ore is None for _year, ore in interest.amounts),
            "contradictions": list_contradictions(read_loans(self.reader)),
            "can_read_loans": can_read_loans(self.reader),
            "can_plan": can_plan_repayment(self.reader, self.budget),
            "progress": load_progress(self.budget),
            "can_read_pools": can_read_pools(self.reader),
            **self._try_stress(investments, loans, load_year_debts(self.budget, stored), states),
        }
        return super().get_context_data(**{**context, **kwargs})

    def _try_stress(
        self,
        investments: list[Investment],
        loans: list[PlannedLoan],
        debts: list[YearDebt],
        states: list[FrameworkState],
    ) -> dict[str, object]:
        """Return the stress test's form with its answer; a form that can't be read leaves the debt as budgeted."""
        own = [Framework(state.framework.amount_ore, state.in_force_on) for state in states]
        try:
            base = load_base(self.budget, frameworks=own, loans=loans, investments=investments)
        except UnknownDebtError:
            return {}
        read = partial(StressForm, base=base, investments=investments, years=self.budget.years)
        form = read(self.request.GET)
        readable = form if form.is_valid() else read(None)
        readable.full_clean()
        told = answer(readable, try_inputs(base, readable.inputs), debts)
        return {"stress_form": form, "stress": told, "sliders": form.list_sliders(told.helps)}


def _choose_rows(figures: Figures) -> list[tuple[str, str | Promise, str, str]]:
    """Return the rows with those of refinancing, which are there where anything is refinanced."""
    return [*ROWS[:4], *(row for row in REFINANCING if row[0] in figures), *ROWS[4:]]


def _row(stored: Stored, years: list[int], code: str, label: str | Promise, style: str, behind: str) -> LoanRow:
    amounts = stored.amounts.get(code, {})
    assumed = [year for year in years if code in MOVEMENTS and stored.source_of(code, year) == "assumed"]
    return LoanRow(code, label, style, behind, [(year, amounts.get(year)) for year in years], say_years(assumed))


def _planned_rows(repayments: Repayments, without_plan: list[PlannedLoan]) -> Iterator[PlannedRow]:
    for loan, amounts in repayments.planned:
        is_without = loan in without_plan
        yield PlannedRow(
            name=f"{loan.year}, {loan.get_purpose_display()}",
            lineage=loan.lineage,
            asset_class=loan.asset_class.name if loan.asset_class else "",
            principal_ore=loan.principal_ore,
            raised_ore=repayments.raised.get(loan.pk, 0),
            term=gettext("No plan") if is_without else _say_term(loan),
            is_without_plan=is_without,
            is_assumed=is_life_assumed(loan),
            amounts=amounts,
            source=trace_whole_loan(loan),
        )


def _say_term(loan: PlannedLoan) -> str:
    """Return that a loan is repaid by its own plan, or over how many years."""
    if loan.repayments.all():
        return gettext("Own plan")
    years = loan_life(loan) or 0
    said = ngettext("%(counter)s year", "%(counter)s years", years) % {"counter": years}
    return said if loan.plan == PlannedLoan.Plan.EQUAL else f"{said}, {loan.get_plan_display()}"


def _say_broken(stored: Stored, broken: list[int]) -> str:
    """Return the headline on the years in which the debt is above the framework, with what it rests on."""
    if not broken:
        return ""
    return say_broken_framework(broken, list_assumed(stored, until=broken[-1]))


def _proposed_rows(figures: Figures, years: list[int], states: list[FrameworkState]) -> Iterator[LoanRow]:
    """Return the headroom there would be with each framework that waits for a council."""
    for state in list_awaited(states):
        left = [(year, state.headroom_over(figures["closing_debt"].get(year))) for year in years]
        yield LoanRow("", _("Headroom with the proposed framework"), "", "frameworks", left)
