"""The forms of a supplementary request and of its answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.decisions.form import DecisionChoice
from engine.years import Amounts
from investments.models import SupplementaryRequest
from investments.models.requests import ASKED, GRANTED
from investments.selectors.classes import list_asset_classes
from investments.selectors.requests import (
    list_lines_to_lower,
    list_own_objects,
    list_products,
    list_request_decisions,
)
from investments.services.requests import find_answer_faults, find_request_faults
from objects.models import Decision
from pages.forms import CheckedForm, text_area
from records.services.stale import digest_of
from web.fields import OreFormField, type_number
from web.names import name_of
from web.numbers import format_sek

if TYPE_CHECKING:
    from accounts.models import User

State = SupplementaryRequest.State
VERDICTS = (State.GRANTED, State.PARTLY, State.REFUSED)
Group = tuple[str, list[tuple[str, str]]]


class RequestForm(CheckedForm):
    """What is asked for, why, and how it is paid."""

    class Meta:
        model = SupplementaryRequest
        formfield_callback = type_number
        fields = (
            "governance_object", "name", "reason", "asset_class", "product", *ASKED, "month", "financing", "taken_from",
        )  # fmt: skip
        widgets = {"reason": text_area(4)}
        help_texts = {
            "asset_class": gettext_lazy("For something that is bought. It is paid by a loan."),
            "product": gettext_lazy("For a cost. Leave empty where something is bought."),
            "month": gettext_lazy("1 to 12, of what is bought. Left empty, it is even over the year."),
            "taken_from": gettext_lazy("Only where it is paid within the object."),
        }

    def __init__(
        self, data: Mapping[str, object] | None = None, *, instance: SupplementaryRequest, reader: User
    ) -> None:
        super().__init__(data, instance=instance)
        self.reader = reader
        for name, year in zip(ASKED, instance.budget.years, strict=True):
            self.fields[name].label = _("Amount %(year)s, SEK") % {"year": year}
            self.fields[name].required = False
            self.initial[name] = self.initial.get(name) or None
        self._offer("governance_object", list_own_objects(reader))
        self._offer("asset_class", list_asset_classes(reader))
        products = list_products(instance.budget, reader)
        self._offer("product", None)
        field = cast(Any, self.fields["product"])
        field.queryset = field.queryset.filter(budget_products__in=products)
        field.choices = [("", _("None")), *_group((row.sub_budget, row.product_id, row.name) for row in products)]
        lines = list_lines_to_lower(instance.budget, reader)
        told = (
            (row.budget_product.sub_budget, row.lineage, f"{row.budget_product}: {row}, {_say(row.amounts)}")
            for row in lines
        )
        self.fields["taken_from"] = forms.TypedChoiceField(
            choices=[("", _("None")), *_group(told)],
            required=False,
            empty_value=None,
            label=self.fields["taken_from"].label,
            help_text=self.fields["taken_from"].help_text,
        )

    def _offer(self, name: str, rows: Any) -> None:
        field = cast(Any, self.fields[name])
        field.empty_label = _("None")
        if rows is not None:
            field.queryset = rows
        if name == "governance_object":
            field.label_from_instance = name_of

    def clean(self) -> None:
        """An amount that is left empty is none."""
        super().clean()
        for name in ASKED:
            if self.cleaned_data.get(name) is None and name not in self.errors:
                self.cleaned_data[name] = 0

    def find_faults(self) -> list[tuple[str, str]]:
        """Return what can't be with the request."""
        return find_request_faults(self.instance, self.reader)


def _group(rows: Iterable[tuple[Any, object, str]]) -> list[Group]:
    """Return choices under the names of their sub-budgets."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for sub_budget, key, label in rows:
        groups.setdefault(name_of(sub_budget), []).append((str(key), label))
    return list(groups.items())


def _say(amounts: Amounts) -> str:
    return _("%(first)s, %(second)s and %(third)s kr") % dict(
        zip(("first", "second", "third"), map(format_sek, amounts), strict=True)
    )


class AnswerForm(forms.Form):
    """How a request is answered. What it leads to is shown before it is done: `shown` is what was shown."""

    use_required_attribute = False
    state = forms.ChoiceField(label=gettext_lazy("Answer"), widget=forms.RadioSelect)
    granted_1_ore = OreFormField(required=False)
    granted_2_ore = OreFormField(required=False)
    granted_3_ore = OreFormField(required=False)
    decision = DecisionChoice(
        Decision.objects.none(), to_field_name="uuid", required=False, label=gettext_lazy("Decision")
    )
    answer = forms.CharField(
        label=gettext_lazy("Reason for the answer"),
        required=False,
        max_length=4000,
        widget=text_area(3),
        help_text=gettext_lazy("Needed when less than all is granted."),
    )
    shown = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(self, data: Mapping[str, object] | None = None, *, request: SupplementaryRequest) -> None:
        super().__init__(data, initial={"state": State.GRANTED})
        self.request = request
        state, decision = cast(forms.ChoiceField, self.fields["state"]), cast(DecisionChoice, self.fields["decision"])
        state.choices = [(choice.value, choice.label) for choice in VERDICTS]
        decision.queryset = list_request_decisions()
        for name, year, asked in zip(GRANTED, request.budget.years, request.amounts, strict=True):
            field = self.fields[name]
            field.label = _("Granted for %(year)s, SEK") % {"year": year}
            field.help_text = _("Of %(asked)s kr; read only where it is granted partly.") % {"asked": format_sek(asked)}

    @property
    def granted(self) -> Amounts:
        """What is typed as granted, öre; an empty amount is none."""
        first, second, third = (self.cleaned_data.get(name) or 0 for name in GRANTED)
        return first, second, third

    @cached_property
    def mark(self) -> str:
        """Return what tells this answer from any other."""
        amounts = self.granted if self.cleaned_data["state"] == State.PARTLY else ()
        return f"{self.cleaned_data['state']}:{amounts}:{digest_of(self.request, ASKED)}"

    def clean(self) -> dict[str, Any]:
        """Look at what the fields say together."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            faults = find_answer_faults(
                self.request, values["state"], self.granted, values.get("decision"), values.get("answer", "")
            )
            for field, said in faults:
                self.add_error(field, said)
        return values
