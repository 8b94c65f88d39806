"""What is governed, and by whom, in the administration."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import admin

from accounts.models import User
from objects.forms import DecisionAdminForm
from objects.models import (
    Customer,
    Decision,
    DecisionCondition,
    DevelopmentItem,
    Federation,
    GovernanceObject,
    Inhabitants,
    Municipality,
    ObjectPlan,
    Product,
    RoleAssignment,
)
from objects.services.decisions import remove_decision
from web.administration import ModelAdmin, TabularInline

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


@admin.register(RoleAssignment)
class RoleAssignmentAdmin(ModelAdmin[RoleAssignment]):
    """Who holds which role."""

    list_display = ("user", "role", "governance_object", "municipality", "customer")
    list_filter = ("role", "governance_object")
    search_fields = ("user__email", "user__name")
    list_select_related = ("user", "governance_object", "municipality", "customer")


@admin.register(GovernanceObject)
class GovernanceObjectAdmin(ModelAdmin[GovernanceObject]):
    """The governance objects."""

    list_display = ("name_sv", "name_en", "kind", "has_own_budget", "position")
    list_filter = ("kind", "has_own_budget")
    search_fields = ("name_sv", "name_en", "slug")


@admin.register(Product)
class ProductAdmin(ModelAdmin[Product]):
    """The products' lasting identity."""

    list_display = ("name", "governance_object", "ended_on")
    list_filter = ("governance_object",)
    search_fields = ("name",)
    list_select_related = ("governance_object",)


class ConditionInline(TabularInline[DecisionCondition, Decision]):
    """What a decision waits for."""

    model = DecisionCondition
    fk_name = "decision"
    extra = 0


@admin.register(Decision)
class DecisionAdmin(ModelAdmin[Decision]):
    """Decisions of the board and the councils."""

    form = DecisionAdminForm
    list_display = ("text", "stage", "body", "kind", "meeting_on", "paragraph", "registry_no", "state")
    list_filter = ("stage", "body", "kind")
    search_fields = ("text", "registry_no")
    date_hierarchy = "meeting_on"
    inlines = (ConditionInline,)

    def has_delete_permission(self, request: HttpRequest, obj: Decision | None = None) -> bool:
        """Keep what is decided."""
        return super().has_delete_permission(request, obj) and (obj is None or obj.is_planned)

    def delete_model(self, request: HttpRequest, obj: Decision) -> None:
        """Take a planned one away with its documents."""
        remove_decision(obj, by=cast(User, request.user))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Decision]) -> None:
        """Take several away."""
        for decision in queryset:
            self.delete_model(request, decision)


class ItemInline(TabularInline[DevelopmentItem, ObjectPlan]):
    """What a plan develops."""

    model = DevelopmentItem
    extra = 0


@admin.register(ObjectPlan)
class ObjectPlanAdmin(ModelAdmin[ObjectPlan]):
    """The objects' plans."""

    list_display = ("governance_object", "from_year", "to_year", "state", "provenance")
    list_filter = ("state", "governance_object")
    list_select_related = ("governance_object",)
    inlines = (ItemInline,)


@admin.register(Federation)
class FederationAdmin(ModelAdmin[Federation]):
    """The federation itself."""

    list_display = ("name", "organisation_number", "bankgiro", "provenance")


@admin.register(Customer)
class CustomerAdmin(ModelAdmin[Customer]):
    """Whoever is invoiced."""

    list_display = ("name", "kind", "organisation_number", "gln", "provenance")
    list_filter = ("kind", "provenance")
    search_fields = ("name", "organisation_number", "gln")


class InhabitantsInline(TabularInline[Inhabitants, Municipality]):
    """A municipality's dated inhabitants."""

    model = Inhabitants
    extra = 0


@admin.register(Municipality)
class MunicipalityAdmin(ModelAdmin[Municipality]):
    """The members, now and before."""

    list_display = ("name", "code", "county", "member_from_on", "member_to_on")
    list_filter = ("county",)
    search_fields = ("name", "code")
    inlines = (InhabitantsInline,)
