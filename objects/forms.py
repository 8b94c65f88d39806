"""The administration's form of a decision, held to the rules of the register."""

from __future__ import annotations

from typing import Any, TypeAlias

from django import forms

from objects.models import Decision
from objects.services.decisions import find_faults
from web.generics import ModelForm

# What a form has read, by field.
Values: TypeAlias = dict[str, Any]


def find_typed_faults(form: forms.ModelForm[Decision], values: Values) -> list[tuple[str, str]]:
    """Return what can't be with a decision as typed, for the fields that could be read."""
    names = [name for name in form.fields if name in values and name != "seen"]
    row = Decision(pk=form.instance.pk, **{name: values[name] for name in names})
    return [fault for fault in find_faults(row) if fault[0] in values]


class DecisionAdminForm(ModelForm[Decision]):
    """A decision in the administration: all fields, and the same faults shown."""

    class Meta:
        model = Decision
        fields = "__all__"

    def clean(self) -> Values:
        """Look at what the fields say together."""
        values: Values = super().clean() or {}
        for field, said in find_typed_faults(self, values):
            self.add_error(field, said)
        return values
