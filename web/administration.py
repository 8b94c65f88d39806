"""The administration's pages: numbers are typed and asked about there as everywhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.admin.views.main import ChangeList
from django.db import models
from django.http import HttpRequest
from django.utils.text import capfirst

from web import generics
from web.fields import AsksAboutSlips, NumberField, NumberInput, OreField
from web.ordering import in_order

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin, TabularInline
    from django.contrib.admin.options import BaseModelAdmin
    from django.db.models import QuerySet
    from django.forms import Field, ModelForm

    # Of any model: each subclass says which.
    AnyAdmin = BaseModelAdmin[Any]
    AnyForm = ModelForm[Any]
else:
    AnyAdmin, AnyForm = object, generics.ModelForm

_NUMBER = {"form_class": NumberField, "widget": NumberInput}


class NumbersForm(AsksAboutSlips, AnyForm):
    """A form of a model's fields that asks about slips of a thousand."""


class Rows(ChangeList):
    """A list of the administration, in Swedish order, also by a click on a heading."""

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        """Return the order; texts that people write by the alphabet."""
        return in_order(self.model, super().get_ordering(request, queryset))


class Numbers(AnyAdmin):
    """Numbers that are typed as everywhere else; amounts bring their own field."""

    form = NumbersForm
    formfield_overrides = {
        OreField: {},
        models.DecimalField: _NUMBER,
        models.IntegerField: _NUMBER,
        models.BigIntegerField: _NUMBER,
    }

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[Rows]:
        """Return the list that sorts as all others do."""
        return Rows

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Field | None:
        """Tell a number's field the limits that its model checks, so that what it advises is within them."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(field, NumberField):
            field.keep_within(db_field)
        return field


if not TYPE_CHECKING:

    class NamedRows:
        """Rows whose fields have a name for who hears them: in such a table no label stands beside a field."""

        def add_fields(self, form, index):
            """Name each field as its column is headed."""
            super().add_fields(form, index)
            for field in form.fields.values():
                # A choice of another model's row stands within a widget that links to it.
                widget = getattr(field.widget, "widget", field.widget)
                if not widget.is_hidden:
                    widget.attrs.setdefault("aria-label", capfirst(str(field.label)))

    class ModelAdmin(Numbers, generics.ModelAdmin):
        """Rows of a model in the administration."""

    class TabularInline(Numbers, generics.TabularInline):
        """Rows of a model in a table on the page of another's."""

        template = "admin/tabular.html"

        def get_formset(self, request, obj=None, **kwargs):
            """Name the fields of the rows, whichever form they have."""
            rows = super().get_formset(request, obj, **kwargs)
            return type(rows.__name__, (NamedRows, rows), {})


__all__ = ["ModelAdmin", "Numbers", "NumbersForm", "TabularInline"]
