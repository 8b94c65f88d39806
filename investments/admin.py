"""Assets, loans and frameworks in the administration."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import ForeignKey, Model
from django.forms import ModelChoiceField
from django.http import HttpRequest

from budgets.admin import FrozenAdmin
from investments.forms import InstalmentFormSet, PlannedLoanForm, PlannedRepaymentForm, ShareFormSet, SumForm
from investments.models import (
    AssetClass,
    BalanceChange,
    BalanceStatement,
    BorrowingFramework,
    CouncilDecision,
    CouncilPackage,
    DeviceBatch,
    DeviceEvent,
    EquityFloor,
    EquityFund,
    EquityFundYear,
    EquityInitiative,
    Investment,
    Loan,
    LoanInstalment,
    LoanStatement,
    LoanTerm,
    PackageCouncil,
    PlannedLoan,
    PlannedRepayment,
    RecourseAgreement,
    RecourseParty,
    RequestedRow,
    SupplementaryRequest,
)
from web.administration import ModelAdmin, TabularInline
from web.generics import ModelForm


@admin.register(AssetClass)
class AssetClassAdmin(ModelAdmin[AssetClass]):
    """Kinds of asset and their lives."""

    list_display = ("name", "useful_life_years", "assumed_life_years", "parent", "is_device", "position")
    list_select_related = ("parent",)
    search_fields = ("name", "slug")


class DeviceEventInline(TabularInline[DeviceEvent, DeviceBatch]):
    """What has become of some of a batch."""

    model = DeviceEvent
    extra = 0


@admin.register(DeviceBatch)
class DeviceBatchAdmin(ModelAdmin[DeviceBatch]):
    """The device register."""

    list_display = ("model", "asset_class", "customer", "taken_on", "number", "state", "provenance")
    list_filter = ("asset_class", "state", "provenance")
    search_fields = ("model", "cost_centre", "reference")
    list_select_related = ("asset_class", "customer")
    inlines = (DeviceEventInline,)


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
    fields = ("year", "amount_ore", "provenance")
    formset = InstalmentFormSet
    extra = 0


@admin.register(Loan)
class LoanAdmin(ModelAdmin[Loan]):
    """Existing loans."""

    form = SumForm
    # Days, rates and statements of a loan are kept on its page.
    fields = ("name", "debt_on", "debt_ore", "provenance", "note")
    list_display = ("name", "debt_on", "provenance")
    search_fields = ("name", "lender", "number", "note")
    inlines = (LoanInstalmentInline,)


@admin.register(LoanTerm)
class LoanTermAdmin(ModelAdmin[LoanTerm]):
    """Rates of loans; they are kept on the loan's page."""

    list_display = ("loan", "from_on", "kind", "resets", "provenance")
    search_fields = ("loan__name",)
    list_select_related = ("loan",)


@admin.register(LoanStatement)
class LoanStatementAdmin(ModelAdmin[LoanStatement]):
    """What lenders say is owed; it is kept on the loan's page and by import."""

    list_display = ("loan", "stated_on", "kind", "provenance")
    search_fields = ("loan__name", "note")
    list_select_related = ("loan",)


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


class RecoursePartyInline(TabularInline[RecourseParty, RecourseAgreement]):
    """Each party's share, and when it signed."""

    model = RecourseParty
    formset = ShareFormSet
    extra = 0


@admin.register(RecourseAgreement)
class RecourseAgreementAdmin(ModelAdmin[RecourseAgreement]):
    """How the members share what a guarantee costs."""

    list_display = ("framework", "basis", "replaces", "provenance")
    list_select_related = ("framework", "replaces__framework")
    inlines = (RecoursePartyInline,)


class PackageCouncilInline(TabularInline[PackageCouncil, CouncilPackage]):
    """When a package was sent to each council, and when the council plans to decide."""

    model = PackageCouncil
    extra = 0
    exclude = ("sent_on",)


@admin.register(CouncilPackage)
class CouncilPackageAdmin(ModelAdmin[CouncilPackage]):
    """What the councils are asked to decide; what is sent is only read."""

    list_display = ("framework", "sent_at", "provenance")
    list_select_related = ("framework",)
    inlines = (PackageCouncilInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: CouncilPackage | None = None) -> tuple[str, ...]:
        """Keep what is sent as it is."""
        return ("framework", "text", "sent_at") if obj is not None and obj.sent_at is not None else ()

    def has_delete_permission(self, request: HttpRequest, obj: CouncilPackage | None = None) -> bool:
        """Let only a draft be removed."""
        return super().has_delete_permission(request, obj) and (obj is None or obj.sent_at is None)


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
    readonly_fields = ("submitted_at", "answered_at")
    list_filter = ("budget", "state", "financing")
    search_fields = ("name", "reason")
    list_select_related = ("budget", "governance_object", "decision", "gathered_in")
    inlines = (RequestedRowInline,)
