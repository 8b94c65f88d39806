"""The forms of a decision, of its conditions, and of a council's decision on a framework."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from investments.models import CouncilDecision
from investments.services.frameworks import COUNCIL_DAYS, find_council_faults
from objects.forms import find_typed_faults, tell_meeting
from objects.models import (
    Decision,
    DecisionCondition,
    Municipality,
)
from objects.selectors.decisions import list_meeting, list_members, list_supersedable
from objects.services.decisions import MET, find_condition_faults
from objects.words import name_decision
from pages.forms import DigestForm, SeenForm, day_input, text_area
from web.fields import type_number

if TYPE_CHECKING:
    DecisionChoiceField = forms.ModelChoiceField[Decision]
else:
    DecisionChoiceField = forms.ModelChoiceField


APPEALED_HELP = _("An appealed decision counts only from the day of legal force that you enter.")
LEGAL_FORCE_HELP = _("Leave empty when nobody has appealed: it is then the day after the last day of appeal.")


class DecisionChoice(DecisionChoiceField):
    """Decisions by their place in the minutes, known by uuid."""

    def label_from_instance(self, obj: Decision) -> str:
        """Return its paragraph, day and text."""
        return name_decision(obj)


class DecisionForm(SeenForm):
    """Everything about a decision but its conditions."""

    supersedes = DecisionChoice(Decision.objects.none(), to_field_name="uuid", required=False, label=_("Supersedes"))

    class Meta:
        model = Decision
        formfield_callback = type_number
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
            "appealed_on",
            "legal_force_on",
            "supersedes",
            "state",
        )
        widgets = {
            "text": text_area(3),
            **{
                name: day_input()
                for name in ("meeting_on", "announced_on", "approved_on", "noticed_on", "appealed_on", "legal_force_on")
            },
        }
        help_texts = {
            "registry_no": _("For example ITSAM 2026/14."),
            "announced_on": _("A meeting that adopts the budget is announced at least seven days before."),
            "noticed_on": _("When the notice of approved minutes was put up on the notice board."),
            "appealed_on": APPEALED_HELP,
            "legal_force_on": LEGAL_FORCE_HELP,
            "state": _("Something that a reader should know."),
        }

    def __init__(self, data: Mapping[str, object] | None = None, *, instance: Decision) -> None:
        super().__init__(data, instance=instance)
        earlier = cast(DecisionChoice, self.fields["supersedes"])
        earlier.queryset = list_supersedable(self.instance)
        if self.instance.supersedes is not None:
            self.initial["supersedes"] = self.instance.supersedes.uuid
        self.fields["paragraph"].widget.attrs["min"] = 1
        earlier.empty_label = pgettext_lazy("decision", "none")
        cast(forms.ChoiceField, self.fields["kind"]).choices = [("", _("Choose")), *Decision.Kind.choices]
        municipality = cast("forms.ModelChoiceField[Municipality]", self.fields["municipality"])
        municipality.empty_label = _("none: the board decides")

    def clean(self) -> None:
        """Look at what the fields say together."""
        tell_meeting(self)
        super().clean()
        values = self.cleaned_data
        self.add_faults(find_typed_faults(self, values))


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

    def __init__(self, data: Mapping[str, object] | None = None) -> None:
        super().__init__(data)
        councils = cast("forms.ModelMultipleChoiceField[Municipality]", self.fields["councils"])
        councils.queryset = list_members()


class MeetForm(DigestForm):
    """How a condition is met."""

    met_by = DecisionChoice(
        Decision.objects.none(),
        to_field_name="uuid",
        required=False,
        label=_("Met by decision"),
        help_text=_("It is met when this decision gains legal force."),
    )

    class Meta:
        model = DecisionCondition
        fields = MET
        widgets = {"met_on": day_input()}
        help_texts = {"met_on": _("Only when another day is known, or no decision meets it.")}

    def __init__(self, data: Mapping[str, object] | None = None, *, instance: DecisionCondition) -> None:
        super().__init__(data, instance=instance)
        choices = cast(DecisionChoice, self.fields["met_by"])
        choices.empty_label = pgettext_lazy("decision", "none")
        choices.queryset = list_meeting(self.instance)
        if self.instance.met_by is not None:
            self.initial["met_by"] = self.instance.met_by.uuid

    def clean(self) -> None:
        """Look at what the fields say together."""
        super().clean()
        values = self.cleaned_data
        typed = {name: values.get(name) for name in MET}
        condition = DecisionCondition(decision=self.instance.decision, municipality=self.instance.municipality, **typed)
        self.add_faults(find_condition_faults(condition))


class CouncilForm(DigestForm):
    """Four days; all empty means that the council has not decided, which is seen like any other value."""

    class Meta:
        model = CouncilDecision
        fields = COUNCIL_DAYS
        widgets = {name: day_input() for name in COUNCIL_DAYS}
        labels = {
            "decided_on": _("Decided"),
            "announced_on": _("Notice put up"),
            "appealed_on": _("Appealed"),
            "legal_force_on": _("Legal force"),
        }
        help_texts = {
            "announced_on": _("When the notice of approved minutes was put up on the notice board."),
            "appealed_on": APPEALED_HELP,
            "legal_force_on": LEGAL_FORCE_HELP,
        }

    def __init__(self, data: Mapping[str, object] | None = None, *, instance: CouncilDecision) -> None:
        super().__init__(data, instance=instance)
        self.fields["seen"].initial = self.mark()

    def clean(self) -> None:
        """Look at what the fields say together."""
        super().clean()
        values = self.cleaned_data
        self.add_faults(find_council_faults(CouncilDecision(**{name: values.get(name) for name in COUNCIL_DAYS})))
