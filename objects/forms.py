"""The administration's form of a decision, held to the rules of the register."""

from __future__ import annotations

from typing import Any, TypeAlias, cast

from django import forms

from engine.days import DayKind
from objects.models import Decision
from objects.services.decisions import find_faults
from web.administration import NumbersForm
from web.days import DayFormField

# What a form has read, by field.
Values: TypeAlias = dict[str, Any]


def find_typed_faults(form: forms.ModelForm[Decision], values: Values) -> list[tuple[str, str]]:
    """Return what can't be with a decision as typed, for the fields that could be read."""
    names = [name for name in form.fields if name in values and name != "seen"]
    row = Decision(pk=form.instance.pk, **{name: values[name] for name in names})
    return [fault for fault in find_faults(row) if fault[0] in values]


def tell_meeting(form: forms.ModelForm[Decision]) -> None:
    """Tell the field of the meeting's day whether it is to come, before it is asked about."""
    is_planned = form.cleaned_data.get("stage") == Decision.Stage.PLANNED
    cast(DayFormField, form.fields["meeting_on"]).kind = DayKind.COMING if is_planned else DayKind.DONE


class DecisionAdminForm(NumbersForm):
    """A decision in the administration: all fields, and the same faults shown."""

    class Meta:
        model = Decision
        fields = "__all__"

    def clean(self) -> Values:
        """Look at what the fields say together."""
        tell_meeting(self)
        values: Values = super().clean() or {}
        for field, said in find_typed_faults(self, values):
            self.add_error(field, said)
        return values
