"""The forms of API tokens, decisions and object plans."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from objects.models import (
    Customer,
    Decision,
    DecisionCondition,
    DevelopmentItem,
    GovernanceObject,
    Municipality,
    ObjectPlan,
    Scope,
)
from objects.selectors import list_earlier_decisions, list_members, list_token_customers, name_decision
from objects.services import LONGEST_DAYS, USUAL_DAYS, check_last_day
from objects.services.decisions import MET, find_condition_faults, find_faults
from objects.services.plans import TEXTS, find_item_faults, find_plan_faults
from objects.services.stale import digest_of

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User


class TokenForm(forms.Form):
    """Name, rights, last day, and the customer where the user serves several."""

    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        help_text=_("What uses the token, for example the name of your accounting system."),
    )
    customer = forms.ModelChoiceField(Customer.objects.none(), label=_("For"), empty_label=None)
    scopes = forms.ChoiceField(label=_("Rights"), choices=Scope.choices)
    expires_on = forms.DateField(
        label=_("Last day"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("At most one year ahead. After this day, make a new token."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["expires_on"].initial = today + timedelta(days=USUAL_DAYS)
        last = today + timedelta(days=LONGEST_DAYS)
        self.fields["expires_on"].widget.attrs.update({"min": today.isoformat(), "max": last.isoformat()})
        customers = list(list_token_customers(user))
        field: Any = self.fields["customer"]
        field.queryset = list_token_customers(user)
        if len(customers) == 1:
            field.initial, field.widget = customers[0], forms.HiddenInput()

    def clean_scopes(self) -> list[str]:
        """Return the right as the list that a token keeps."""
        return [self.cleaned_data["scopes"]]

    def clean_expires_on(self) -> date:
        """Refuse a day that has passed or lies too far ahead."""
        day: date = self.cleaned_data["expires_on"]
        try:
            check_last_day(day)
        except forms.ValidationError as error:
            raise forms.ValidationError(error.messages) from error
        return day


def day_input() -> forms.DateInput:
    """The browser's own field for a day."""
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


def text_area(rows: int) -> forms.Textarea:
    """A field for a text of some rows."""
    return forms.Textarea({"rows": rows})


class DecisionChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Decisions by their place in the minutes, known by uuid."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(Decision.objects.none(), *args, to_field_name="uuid", required=False, **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        """Its paragraph, day and text."""
        return name_decision(obj)


class SeenForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form that knows when the row it shows was last changed, so that nothing newer is overwritten silently."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["seen"].initial = self.mark()

    def mark(self) -> str:
        """What tells the row as it is shown from any other."""
        return str(self.instance.edited_at.isoformat())

    def clean_seen(self) -> Any:
        """Return the moment; what can't be read is as old as can be."""
        text = self.cleaned_data["seen"]
        try:
            return datetime.fromisoformat(text) if text else None
        except ValueError:
            return datetime.min.replace(tzinfo=UTC)

    def add_faults(self, faults: list[tuple[str, str]]) -> None:
        """Tie what is wrong to its fields."""
        for field, said in faults:
            if field not in self.errors:
                self.add_error(field if field in self.fields else None, said)


class DigestForm(SeenForm):
    """The same for a row that keeps no time: it knows the digest of the fields it shows."""

    def mark(self) -> str:
        """The digest."""
        return digest_of(self.instance, self._meta.fields or ())

    def clean_seen(self) -> str | None:
        """Return the digest."""
        return self.cleaned_data["seen"] or None


class DecisionForm(SeenForm):
    """Everything about a decision but its conditions."""

    supersedes = DecisionChoice(label=_("Supersedes"))

    class Meta:
        model = Decision
        fields = (
            "text",
            "kind",
            "stage",
            "body",
            "municipality",
            "registry_no",
            "meeting_on",
            "announced_on",
            "paragraph",
            "approved_on",
            "noticed_on",
            "legal_force_on",
            "supersedes",
            "state",
        )
        widgets = {
            "text": text_area(3),
            **{
                name: day_input()
                for name in ("meeting_on", "announced_on", "approved_on", "noticed_on", "legal_force_on")
            },
        }
        help_texts = {
            "registry_no": _("For example ITSAM 2026/14."),
            "announced_on": _("A meeting that sets the budget is announced at least seven days before."),
            "noticed_on": _("When the notice of approved minutes was put up on the notice board."),
            "legal_force_on": _("Leave empty when it is three weeks after the notice."),
            "state": _("Something that a reader should know."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        earlier: Any = self.fields["supersedes"]
        earlier.queryset = list_earlier_decisions(self.instance)
        if self.instance.supersedes is not None:
            self.initial["supersedes"] = self.instance.supersedes.uuid
        self.fields["paragraph"].widget.attrs["min"] = 1
        earlier.empty_label = pgettext_lazy("decision", "none")
        kind: Any = self.fields["kind"]
        kind.choices = [("", _("Choose")), *Decision.Kind.choices]
        municipality: Any = self.fields["municipality"]
        municipality.empty_label = _("none: the board decides")

    def clean(self) -> dict[str, Any]:
        """Look at what the fields say together."""
        values: dict[str, Any] = super().clean() or {}
        self.add_faults(find_typed_faults(self, values))
        return values


def find_typed_faults(form: forms.ModelForm[Decision], values: dict[str, Any]) -> list[tuple[str, str]]:
    """What can't be with a decision as typed, for the fields that could be read."""
    names = [name for name in form.fields if name in values and name != "seen"]
    row = Decision(pk=form.instance.pk, **{name: values[name] for name in names})
    return [fault for fault in find_faults(row) if fault[0] in values]


class DecisionAdminForm(forms.ModelForm):  # type: ignore[type-arg]
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


class ConditionForm(forms.Form):
    """A new condition: its words, and the councils that it is tied to."""

    text = forms.CharField(
        label=_("Valid only if"), max_length=200, help_text=_("For example: all members' councils decide the same.")
    )
    councils = forms.ModelMultipleChoiceField(
        Municipality.objects.none(),
        label=_("Councils that must decide"),
        required=False,
        to_field_name="uuid",
        widget=forms.CheckboxSelectMultiple(),
        help_text=_("Leave all empty when the condition is something else."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        councils: Any = self.fields["councils"]
        councils.queryset = list_members()


class MeetForm(DigestForm):
    """How a condition is met."""

    met_by = DecisionChoice(label=_("Met by decision"), help_text=_("It is met when this decision gains legal force."))

    class Meta:
        model = DecisionCondition
        fields = MET
        widgets = {"met_on": day_input()}
        help_texts = {"met_on": _("Only when another day is known, or no decision meets it.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["met_by"]
        choices.empty_label = pgettext_lazy("decision", "none")
        choices.queryset = list_earlier_decisions(self.instance.decision)
        if self.instance.met_by is not None:
            self.initial["met_by"] = self.instance.met_by.uuid

    def clean(self) -> dict[str, Any]:
        """Look at what the fields say together."""
        values: dict[str, Any] = super().clean() or {}
        typed = {name: values.get(name) for name in MET}
        condition = DecisionCondition(decision=self.instance.decision, municipality=self.instance.municipality, **typed)
        self.add_faults(find_condition_faults(condition))
        return values


class TextsForm(DigestForm):
    """An object's essential texts."""

    class Meta:
        model = GovernanceObject
        fields = TEXTS
        widgets = {name: text_area(4) for name in TEXTS}


class PlanForm(SeenForm):
    """An object plan without its items."""

    class Meta:
        model = ObjectPlan
        fields = ("from_year", "to_year", "state", "goal_sv", "goal_en", "watched")
        widgets = {"goal_sv": text_area(4), "goal_en": text_area(4), "watched": text_area(3)}
        help_texts = {"watched": _("What the object keeps an eye on beside its priorities.")}

    def clean(self) -> dict[str, Any]:
        """Look at what the fields say together."""
        values: dict[str, Any] = super().clean() or {}
        years = {name: values.get(name) for name in ("from_year", "to_year")}
        plan = ObjectPlan(pk=self.instance.pk, governance_object=self.instance.governance_object, **years)
        self.add_faults(find_plan_faults(plan))
        return values


class ItemForm(SeenForm):
    """A development item; its priority is changed in the list."""

    quarter = forms.TypedChoiceField(
        label=_("Quarter"),
        choices=[("", _("not known")), *((number, str(number)) for number in range(1, 5))],
        coerce=int,
        empty_value=None,
        required=False,
    )

    class Meta:
        model = DevelopmentItem
        fields = ("title", "text", "state", "year", "quarter", "effect_ore")
        widgets = {"text": text_area(4)}
        help_texts = {
            "effect_ore": _("What a full year costs more, or less with a minus. Leave empty when it is not known.")
        }

    def clean(self) -> dict[str, Any]:
        """Look at what the fields say together."""
        values: dict[str, Any] = super().clean() or {}
        item = DevelopmentItem(plan=self.instance.plan, year=values.get("year"), quarter=values.get("quarter"))
        self.add_faults(find_item_faults(item))
        return values
