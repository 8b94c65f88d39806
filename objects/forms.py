"""The administration's form of a decision, held to the rules of the register."""

from __future__ import annotations

from typing import Any

from django import forms

from objects.models import (
    Decision,
)
from objects.services.decisions import find_faults
from web.generics import ModelForm


def find_typed_faults(form: forms.ModelForm[Decision], values: dict[str, Any]) -> list[tuple[str, str]]:
    """What can't be with a decision as typed, for the fields that could be read."""
    names = [name for name in form.fields if name in values and name != "seen"]
    row = Decision(pk=form.instance.pk, **{name: values[name] for name in names})
    return [fault for fault in find_faults(row) if fault[0] in values]


class DecisionAdminForm(ModelForm[Decision]):
    """A decision in the administration: all fields, and the same faults told."""

    class Meta:
        model = Decision
        fields = "__all__"

    def clean(self) -> dict[str, Any]:
        """Look at what the fields say together."""
        values: dict[str, Any] = super().clean() or {}
        for field, said in find_typed_faults(self, values):
            self.add_error(field, said)
        return values
