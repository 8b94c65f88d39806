"""Forecasts in the administration, to look at; and the reasons for differences, which people write."""

from __future__ import annotations

from typing import cast

from django.contrib import admin
from django.http import HttpRequest

from accounts.models import User
from forecasts.models import ForecastRow, ReconciliationReason, StressScenario
from records.admin import ReadOnlyAdmin
from web.administration import ModelAdmin
from web.generics import ModelForm


@admin.register(ForecastRow)
class ForecastRowAdmin(ReadOnlyAdmin):
    """Stored figures, computed from totals and loans."""

    list_display = ("row", "budget_product", "year", "amount_ore", "forecast")
    list_filter = ("forecast__budget", "forecast__kind", "year")
    list_select_related = ("forecast__budget", "budget_product")


@admin.register(ReconciliationReason)
class ReconciliationReasonAdmin(ModelAdmin[ReconciliationReason]):
    """Why a published figure differs from the computed one."""

    exclude = ("author",)
    list_display = ("table", "row", "column", "text", "author", "created_at")
    list_filter = ("budget", "table")
    search_fields = ("table", "row", "text")
    list_select_related = ("author", "budget")

    def save_model(
        self, request: HttpRequest, obj: ReconciliationReason, form: ModelForm[ReconciliationReason], change: bool
    ) -> None:
        """Name the author."""
        if not change:
            obj.author = cast(User, request.user)
        super().save_model(request, obj, form, change)


@admin.register(StressScenario)
class StressScenarioAdmin(ReadOnlyAdmin):
    """Scenarios of the stress test, which have pages of their own."""

    list_display = ("name", "budget", "is_on_board", "author", "saved_at")
    list_filter = ("budget", "is_on_board")
    search_fields = ("name",)
    list_select_related = ("author", "budget")
