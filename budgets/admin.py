"""Budgets and their parts in the administration. What is adopted can be looked at but not changed."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from django.contrib import admin
from django.db.models import ForeignKey, Model
from django.forms import ModelChoiceField
from django.http import HttpRequest
from django.utils.translation import gettext as _

from budgets.models import (
    AllocationKey,
    Budget,
    BudgetProduct,
    CostLine,
    ForecastState,
    IndexRate,
    KeyWeight,
    ProductTotal,
    PublishedFigure,
    RollUpState,
    SubBudget,
    SubBudgetTotal,
    WorkflowStep,
)
from budgets.selectors.sheets import is_closed
from budgets.selectors.sub_budgets import is_economist
from engine.lines import FIGURES
from engine.years import AMOUNTS
from records.admin import ReadOnlyAdmin
from web.administration import ModelAdmin, TabularInline
from web.generics import ModelForm

if TYPE_CHECKING:
    from accounts.models import User

Row = TypeVar("Row", bound=Model)


class FrozenAdmin(ModelAdmin[Row]):
    """Rows under a budget: read only once it is adopted, and nothing can be added under one that is."""

    budget_path: ClassVar[str] = "budget"

    def has_change_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        """Allow it in a draft only."""
        return super().has_change_permission(request, obj) and self._is_open(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        """Allow it in a draft only."""
        return super().has_delete_permission(request, obj) and self._is_open(obj)

    def _is_open(self, obj: Row | None) -> bool:
        if obj is None or obj.pk is None:
            return True
        budget = cast(Budget, attrgetter(self.budget_path)(obj) if self.budget_path else obj)
        return bool(budget.status == Budget.Status.DRAFT and self._is_unlocked(obj))

    def _is_unlocked(self, obj: Model) -> bool:
        """Return whether the row is under no locked sub-budget."""
        sub_budget = obj.budget_product.sub_budget if isinstance(obj, CostLine) else getattr(obj, "sub_budget", None)
        return sub_budget is None or sub_budget.status != SubBudget.Status.LOCKED

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Model, Model], request: HttpRequest, **kwargs: object
    ) -> ModelChoiceField[Model] | None:
        """Offer drafts and their parts only."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        drafts = {
            "budget": "status",
            "sub_budget": "budget__status",
            "budget_product": "budget__status",
            "allocation_key": "budget__status",
        }
        if field is not None and field.queryset is not None and db_field.name in drafts:
            field.queryset = field.queryset.filter(**{drafts[db_field.name]: Budget.Status.DRAFT})
            locked = {"sub_budget": "status", "budget_product": "sub_budget__status"}
            if db_field.name in locked:
                field.queryset = field.queryset.exclude(**{locked[db_field.name]: SubBudget.Status.LOCKED})
        return field


@admin.register(Budget)
class BudgetAdmin(FrozenAdmin[Budget]):
    """Budgets; what leads to adoption is done on the workflow's pages, never here."""

    budget_path = ""
    list_display = ("name", "fiscal_year", "kind", "status", "based_on", "adopted_at", "due_on")
    list_filter = ("status", "kind", "fiscal_year")
    search_fields = ("name", "slug")
    readonly_fields = ("status", "phase", "adopted_by", "adopted_at", "replaces", "result_reason")
    list_select_related = ("based_on",)


@admin.register(SubBudget)
class SubBudgetAdmin(FrozenAdmin[SubBudget]):
    """Sub-budgets; their status follows the workflow's steps, their texts their object, but the base grant's are its own."""

    list_display = ("name_sv", "budget", "governance_object", "status", "position")
    list_filter = ("budget", "status")
    search_fields = ("name_sv", "name_en", "slug")
    list_select_related = ("budget", "governance_object")

    def get_readonly_fields(self, request: HttpRequest, obj: SubBudget | None = None) -> tuple[str, ...]:
        """Return the status, and the texts of what has an object."""
        return ("status",) if obj is not None and obj.is_base_grant else ("status", *SubBudget.TEXTS)


class BudgetProductForm(ModelForm[BudgetProduct]):
    """A product's key must be of its own budget."""

    def clean(self) -> dict[str, object]:
        """Say which budget the key is of before the database refuses it."""
        values = super().clean() or self.cleaned_data
        key, sub_budget = values.get("allocation_key"), values.get("sub_budget")
        if key is not None and sub_budget is not None and key.budget_id != sub_budget.budget_id:
            text = _("The key belongs to %(other)s. Choose a key of %(budget)s.")
            self.add_error("allocation_key", text % {"other": key.budget, "budget": sub_budget.budget})
        return values


@admin.register(BudgetProduct)
class BudgetProductAdmin(FrozenAdmin[BudgetProduct]):
    """What a product is in a budget; its budget is its sub-budget's."""

    form = BudgetProductForm
    exclude = ("budget",)
    list_display = ("name", "budget", "sub_budget", "category", "allocation_key", "vat_percent", "provenance")
    list_filter = ("budget", "category", "provenance")
    search_fields = ("name", "product__name")
    list_select_related = ("budget", "sub_budget__budget", "allocation_key")

    def save_model(
        self, request: HttpRequest, obj: BudgetProduct, form: ModelForm[BudgetProduct], change: bool
    ) -> None:
        """Keep a product in its sub-budget's budget."""
        obj.budget = obj.sub_budget.budget
        super().save_model(request, obj, form, change)


class KeyWeightInline(TabularInline[KeyWeight, AllocationKey]):
    """What each customer weighs in a key."""

    model = KeyWeight
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: AllocationKey | None = None) -> bool:
        """Allow it in a draft only."""
        return super().has_add_permission(request, obj) and _is_draft(obj)

    def has_change_permission(self, request: HttpRequest, obj: AllocationKey | None = None) -> bool:
        """Allow it in a draft only."""
        return super().has_change_permission(request, obj) and _is_draft(obj)

    def has_delete_permission(self, request: HttpRequest, obj: AllocationKey | None = None) -> bool:
        """Allow it in a draft only."""
        return super().has_delete_permission(request, obj) and _is_draft(obj)


def _is_draft(key: AllocationKey | None) -> bool:
    return key is None or key.pk is None or key.budget.status == Budget.Status.DRAFT


@admin.register(AllocationKey)
class AllocationKeyAdmin(FrozenAdmin[AllocationKey]):
    """Keys that split products' revenue, with each customer's weight."""

    list_display = ("name_sv", "budget", "basis", "counted_on", "provenance")
    list_filter = ("budget", "basis", "provenance")
    search_fields = ("name_sv", "name_en", "slug")
    list_select_related = ("budget",)
    inlines = (KeyWeightInline,)


def _is_closed(request: HttpRequest, line: CostLine | None) -> bool:
    by_economist = is_economist(cast("User", request.user))
    return line is not None and line.pk is not None and is_closed(line, by_economist=by_economist)


@admin.register(CostLine)
class CostLineAdmin(FrozenAdmin[CostLine]):
    """Cost lines; the budget is the product's."""

    exclude = ("budget",)
    list_display = ("text", "budget", "budget_product", "cost_kind", "provenance", "edited_at")
    list_filter = ("budget", "cost_kind", "provenance")
    search_fields = ("text", "note", "budget_product__name")
    list_select_related = ("budget", "budget_product")
    show_full_result_count = False

    def get_readonly_fields(self, request: HttpRequest, obj: CostLine | None = None) -> tuple[str, ...]:
        """Close the figures, and what closes them, of lines that are not typed."""
        own = tuple(super().get_readonly_fields(request, obj))
        return (*own, *FIGURES, "provenance", "index_provenance") if _is_closed(request, obj) else own

    def has_delete_permission(self, request: HttpRequest, obj: CostLine | None = None) -> bool:
        """Allow it for lines that are typed."""
        return super().has_delete_permission(request, obj) and not _is_closed(request, obj)

    def save_model(self, request: HttpRequest, obj: CostLine, form: ModelForm[CostLine], change: bool) -> None:
        """Keep a line in its product's budget."""
        obj.budget = obj.budget_product.budget
        super().save_model(request, obj, form, change)


@admin.register(WorkflowStep)
class WorkflowStepAdmin(ReadOnlyAdmin):
    """Steps of the workflow; they are never changed."""

    list_display = ("at", "budget", "sub_budget", "action", "by", "on_behalf")
    list_filter = ("budget", "action")
    list_select_related = ("budget", "sub_budget__budget", "by")


@admin.register(PublishedFigure)
class PublishedFigureAdmin(ReadOnlyAdmin):
    """Figures as printed; they are loaded, never typed."""

    list_display = ("table", "label", "column", "edition", "tkr", "is_unknown", "budget")
    list_filter = ("budget", "edition")
    search_fields = ("table", "row", "label")
    list_select_related = ("budget",)


@admin.register(IndexRate)
class IndexRateAdmin(ModelAdmin[IndexRate]):
    """Planning rates."""

    list_display = ("cost_kind", "year", "percent", "valid_from_on", "provenance")
    list_filter = ("cost_kind", "year", "provenance")


@admin.register(SubBudgetTotal)
class SubBudgetTotalAdmin(ReadOnlyAdmin):
    """Stored sums per sub-budget."""

    list_display = ("sub_budget", "cost_kind", *AMOUNTS)
    list_filter = ("sub_budget__budget", "cost_kind")
    list_select_related = ("sub_budget__budget",)


@admin.register(ProductTotal)
class ProductTotalAdmin(ReadOnlyAdmin):
    """Stored sums per product."""

    list_display = ("budget_product", "cost_kind", *AMOUNTS)
    list_filter = ("sub_budget__budget", "cost_kind")
    search_fields = ("budget_product__name",)
    list_select_related = ("budget_product",)


@admin.register(RollUpState)
class RollUpStateAdmin(ReadOnlyAdmin):
    """Which sub-budgets wait to be summed."""

    list_display = ("sub_budget", "changed", "summed", "summed_at")
    list_select_related = ("sub_budget__budget",)


@admin.register(ForecastState)
class ForecastStateAdmin(ReadOnlyAdmin):
    """Which budgets wait for their forecasts."""

    list_display = ("budget", "changed", "computed", "computed_at")
    list_select_related = ("budget",)
