"""What only the type checker reads: Django's bases that name their model, as `ModelAdmin[Budget]`, and rows of SQL.

The stubs know the brackets, Django itself does not; here they say the model to the type checker. The administration's also mends what Django lets through.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin, TabularInline
    from django.forms import ModelForm
else:
    from django import forms
    from django.contrib import admin

    class Bracketed:
        """A class that takes a model in brackets and stays what it is."""

        def __class_getitem__(cls, model):
            """Return the class itself."""
            return cls

    class ModelAdmin(Bracketed, admin.ModelAdmin):
        """Rows of a model in the administration."""

        def get_object(self, request, object_id, from_field=None):
            """Return the row; an empty name of a field, which Django lets through, is none."""
            return super().get_object(request, object_id, from_field or None)

    class TabularInline(Bracketed, admin.TabularInline):
        """Rows of a model in a table on the page of another's."""

    class ModelForm(Bracketed, forms.ModelForm):
        """A form of a model's fields."""


# A row that a database cursor gives: only the statement knows what its values are.
SqlRow: TypeAlias = tuple[Any, ...]

__all__ = ["ModelAdmin", "ModelForm", "SqlRow", "TabularInline"]
