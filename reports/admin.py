"""Texts of the house in the administration, begun with those that came with the system."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from records.reasons import Reason
from records.services import change
from reports.house.selectors import load_default
from reports.models import HouseText
from web.administration import ModelAdmin
from web.generics import ModelForm


@admin.register(HouseText)
class HouseTextAdmin(ModelAdmin[HouseText]):
    """The accessibility statement, in both languages."""

    list_display = ("slug", "edited_at")
    fields = ("slug", "text_sv", "text_en")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, str | list[str]]:
        """Begin with the text that is shown now."""
        slug = HouseText.Slug.ACCESSIBILITY.value
        return {"slug": slug, "text_sv": load_default(slug, "sv"), "text_en": load_default(slug, "en")}

    def get_form(
        self, request: HttpRequest, obj: HouseText | None = None, change: bool = False, **kwargs: object
    ) -> type[ModelForm[HouseText]]:
        """Say how headings and lists are written."""
        told = _(
            "A blank line begins a new paragraph. A line that begins with # is a heading, lines that begin with - a list."
        )
        return super().get_form(request, obj, change, help_texts={"text_sv": told, "text_en": told}, **kwargs)

    def save_model(self, request: HttpRequest, obj: HouseText, form: ModelForm[HouseText], is_change: bool) -> None:
        """Name the author in history."""
        with change(by=request.user.get_username(), reason=Reason.EDIT_TEXT_OF_THE_HOUSE):
            super().save_model(request, obj, form, is_change)
