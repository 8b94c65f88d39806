"""The form of an allocation key: names, what it divides by, the decision, and every customer's weight of each year."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from budgets.models import AllocationKey
from budgets.selectors.keys import digest_key, list_count_days, list_key_decisions, list_weighable
from budgets.services.keys import KeyValues
from objects.models import Customer, Decision
from objects.words import name_decision
from web.days import DayFormField
from web.fields import NumberField
from web.numbers import trim

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.models import User

    DecisionField = forms.ModelChoiceField[Decision]
else:
    DecisionField = forms.ModelChoiceField

YEARS = ("weight", "weight_2", "weight_3")


class KeyDecisionField(DecisionField):
    """Decisions by their place in the minutes, known by uuid."""

    def label_from_instance(self, obj: Decision) -> str:
        """Return its paragraph, day and text."""
        return name_decision(obj)


class KeyForm(forms.Form):
    """An allocation key; `seen` is the digest of the key as it was shown, `confirmed` says that its effect was shown."""

    name_sv = forms.CharField(label=gettext_lazy("Name in Swedish"), max_length=120)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=120)
    basis = forms.ChoiceField(label=gettext_lazy("Divided by"), choices=AllocationKey.Basis.choices)
    counted_on = forms.TypedChoiceField(
        label=gettext_lazy("Counted on"),
        required=False,
        coerce=lambda text: DayFormField().to_python(text),
        empty_value=None,
        help_text=gettext_lazy("For inhabitants: the weights are fetched from this count."),
    )
    decision = KeyDecisionField(
        Decision.objects.none(),
        to_field_name="uuid",
        required=False,
        label=gettext_lazy("Set by the decision"),
        empty_label=pgettext_lazy("decision", "none"),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(self, data: Mapping[str, Any] | None = None, *, key: AllocationKey, user: User) -> None:
        super().__init__(data)
        self.customers: list[Customer] = list(list_weighable())
        self.fields["decision"].queryset = list_key_decisions(user)  # type: ignore[attr-defined]
        days = [(day.isoformat(), day.isoformat()) for day in list_count_days()]
        self.fields["counted_on"].choices = [("", _("Choose")), *days]  # type: ignore[attr-defined]
        stored = {row.customer_id: row for row in key.weights.all()} if key.pk else {}
        for customer in self.customers:
            row = stored.get(customer.pk)
            for name, year in zip(YEARS, key.budget.years, strict=True):
                field = NumberField(
                    label=f"{customer.name}, {year}", required=False, min_value=0, max_digits=14, decimal_places=4
                )
                field.initial = getattr(row, name) if row else None
                field.widget.attrs.update({"class": "form-control form-control-sm n", "aria-label": field.label})
                self.fields[f"{name}-{customer.uuid}"] = field
        self.initial = {
            "name_sv": key.name_sv,
            "name_en": key.name_en,
            "basis": key.basis or AllocationKey.Basis.FIXED,
            "counted_on": key.counted_on.isoformat() if key.counted_on else "",
            "decision": key.decision.uuid if key.decision else None,
            "seen": digest_key(key),
        }

    def clean(self) -> None:
        """Ask for the day of the count where inhabitants are fetched."""
        super().clean()
        values = self.cleaned_data
        if values.get("basis") == AllocationKey.Basis.INHABITANTS and not values.get("counted_on"):
            self.add_error("counted_on", _("Choose the day of the count."))

    def list_rows(self) -> Iterator[tuple[Customer, list[forms.BoundField]]]:
        """Yield the customers with their three fields."""
        for customer in self.customers:
            yield customer, [self[f"{name}-{customer.uuid}"] for name in YEARS]

    def list_facts(self) -> list[forms.BoundField]:
        """Return the fields that are no weights."""
        return [self[name] for name in ("name_sv", "name_en", "basis", "counted_on", "decision")]

    def get_values(self) -> KeyValues:
        """Return what was typed; an empty first year is no weight."""
        values = self.cleaned_data
        typed = {}
        for customer in self.customers:
            first, second, third = (values.get(f"{name}-{customer.uuid}") for name in YEARS)
            typed[customer.pk] = (first or trim(0), second, third)
        return KeyValues(
            values["name_sv"], values["name_en"], values["basis"], values["counted_on"], values["decision"], typed
        )
