"""Assets, loans and frameworks in the administration."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import ForeignKey, Model
from django.forms import ModelChoiceField
from django.http import HttpRequest

from budgets.admin import FrozenAdmin
from investments.forms import InstalmentFormSet, PlannedLoanForm, PlannedRepaymentForm
from investments.models import (
    AssetClass,
    BalanceChange,
    BalanceStatement,
    BorrowingFramework,
    CouncilDecision,
    EquityFloor,
    EquityFund,
    EquityFundYear,
    EquityInitiative,
    Investment,
    Loan,
    LoanInstalment,
    PlannedLoan,
    PlannedRepayment,
    RequestedRow,
    SupplementaryRequest,
)
from web.administration import ModelAdmin, TabularInline
from web.generics import ModelForm


@admin.register(AssetClass)
class AssetClassAdmin(ModelAdmin[AssetClass]):
    """Kinds of asset and their lives."""

    list_display = ("name", "useful_life_years", "assumed_life_years", "position")
    search_fields = ("name", "slug")


@admin.register(Investment)
class InvestmentAdmin(FrozenAdmin[Investment]):
    """What a budget plans to buy; an empty amount is not yet known."""

    list_display = ("asset_class", "budget", "financing", "provenance", "position")
    list_filter = ("budget", "financing", "provenance")
    search_fields = ("asset_class__name", "note")
    list_select_related = ("asset_class", "budget")


class LoanInstalmentInline(TabularInline[LoanInstalment, Loan]):
    """What is repaid of a loan."""

    model = LoanInstalment
    formset = InstalmentFormSet
    extra = 0


@admin.register(Loan)
class LoanAdmin(ModelAdmin[Loan]):
    """Existing loans."""

    list_display = ("name", "debt_on", "provenance")
    search_fields = ("name", "note")
    inlines = (LoanInstalmentInline,)


@admin.register(PlannedLoan)
class PlannedLoanAdmin(FrozenAdmin[PlannedLoan]):
    """Loans that a budget plans."""

    form = PlannedLoanForm
    list_display = ("year", "purpose", "budget", "asset_class", "life_years", "provenance")
    list_filter = ("budget", "purpose", "year", "provenance")
    search_fields = ("asset_class__name", "note")
    list_select_related = ("budget", "asset_class")


@admin.register(PlannedRepayment)
class PlannedRepaymentAdmin(FrozenAdmin[PlannedRepayment]):
    """A planned loan's own repayments; the budget is the loan's."""

    form = PlannedRepaymentForm
    exclude = ("budget",)
    list_display = ("planned_loan", "budget", "year", "provenance")
    list_filter = ("budget", "year")
    list_select_related = ("planned_loan", "budget")

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Model, Model], request: HttpRequest, **kwargs: object
    ) -> ModelChoiceField[Model] | None:
        """Offer the loans of drafts only."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and db_field.name == "planned_loan":
            field.queryset = PlannedLoan.objects.filter(budget__status="draft")
        return field

    def save_model(
        self, request: HttpRequest, obj: PlannedRepayment, form: ModelForm[PlannedRepayment], change: bool
    ) -> None:
        """Keep a repayment in its loan's budget."""
        obj.budget = obj.planned_loan.budget
        super().save_model(request, obj, form, change)


class CouncilDecisionInline(TabularInline[CouncilDecision, BorrowingFramework]):
    """Each council's decision."""

    model = CouncilDecision
    extra = 0


@admin.register(BorrowingFramework)
class BorrowingFrameworkAdmin(ModelAdmin[BorrowingFramework]):
    """The most that may be owed."""

    list_display = ("__str__", "decided_by", "replaces", "needs", "provenance")
    list_select_related = ("decided_by", "replaces")
    inlines = (CouncilDecisionInline,)


@admin.register(BalanceStatement)
class BalanceStatementAdmin(ModelAdmin[BalanceStatement]):
    """What is stated of balance sheets."""

    list_display = ("__str__", "provenance", "note")
    list_filter = ("item", "provenance")


@admin.register(BalanceChange)
class BalanceChangeAdmin(FrozenAdmin[BalanceChange]):
    """How budgets plan that provisions and other liabilities change."""

    list_display = ("__str__", "budget", "provenance", "note")
    list_filter = ("budget", "item")
    list_select_related = ("budget",)


@admin.register(EquityFloor)
class EquityFloorAdmin(ModelAdmin[EquityFloor]):
    """The least equity that the goals allow."""

    list_display = ("__str__", "provenance", "note")


class EquityFundYearInline(TabularInline[EquityFundYear, EquityFund]):
    """What is decided of a fund for each year."""

    model = EquityFundYear
    extra = 0


@admin.register(EquityFund)
class EquityFundAdmin(ModelAdmin[EquityFund]):
    """Funds for use of equity."""

    list_display = ("name", "first_year", "last_year", "decision", "provenance")
    list_select_related = ("decision",)
    inlines = (EquityFundYearInline,)


@admin.register(EquityInitiative)
class EquityInitiativeAdmin(ModelAdmin[EquityInitiative]):
    """What funds pay for."""

    list_display = ("name", "fund", "year", "provenance")
    list_select_related = ("fund",)


class RequestedRowInline(TabularInline[RequestedRow, SupplementaryRequest]):
    """The rows of a revised budget that a request made; the page of the request puts them in and takes them out."""

    model = RequestedRow
    extra = 0
    can_delete = False
    readonly_fields = ("kind", "row_lineage")

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Let nobody add one by hand."""
        return False


@admin.register(SupplementaryRequest)
class SupplementaryRequestAdmin(ModelAdmin[SupplementaryRequest]):
    """Money asked for during the year."""

    list_display = ("name", "budget", "governance_object", "state", "decision", "gathered_in")
    list_filter = ("budget", "state", "financing")
    search_fields = ("name", "reason")
    list_select_related = ("budget", "governance_object", "decision", "gathered_in")
    inlines = (RequestedRowInline,)
