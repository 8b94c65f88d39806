"""The forms of a framework, of its recourse agreement's shares, and of a signature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from investments.models import BorrowingFramework, RecourseAgreement, RecourseParty
from investments.services.frameworks import FRAMEWORK_FIELDS, find_framework_faults
from investments.services.recourse import SIGNED, digest_shares, find_share_faults
from objects.models import Decision, Municipality
from objects.words import name_decision
from pages.forms import DigestForm, day_input, text_area
from web.fields import NumberField, ask_at, type_number
from web.numbers import format_tkr

if TYPE_CHECKING:
    DecisionField = forms.ModelChoiceField[Decision]
    FrameworkField = forms.ModelChoiceField[BorrowingFramework]
    AgreementField = forms.ModelChoiceField[RecourseAgreement]
else:
    DecisionField = FrameworkField = AgreementField = forms.ModelChoiceField

DECIDING = (Decision.Kind.ADOPT_FRAMEWORK, Decision.Kind.PROPOSE_FRAMEWORK)


class DecisionChoice(DecisionField):
    """Decisions by their place in the minutes."""

    def label_from_instance(self, obj: Decision) -> str:
        """Return its paragraph, day and text."""
        return name_decision(obj)


class FrameworkChoice(FrameworkField):
    """Frameworks by their amount."""

    def label_from_instance(self, obj: BorrowingFramework) -> str:
        """Return its amount."""
        return _("%(amount)s tkr") % {"amount": format_tkr(obj.amount_ore)}


class AgreementChoice(AgreementField):
    """Recourse agreements by the framework that they are of."""

    def label_from_instance(self, obj: RecourseAgreement) -> str:
        """Return its framework's amount."""
        return _("that of the framework of %(amount)s tkr") % {"amount": format_tkr(obj.framework.amount_ore)}


class FrameworkForm(DigestForm):
    """A framework: its amount, what is decided with it, and when to warn."""

    decided_by = DecisionChoice(
        Decision.objects.none(), to_field_name="uuid", required=False, label=gettext_lazy("Raised by the decision")
    )
    replaces = FrameworkChoice(
        BorrowingFramework.objects.none(), to_field_name="uuid", required=False, label=gettext_lazy("Replaces")
    )

    class Meta:
        model = BorrowingFramework
        formfield_callback = type_number
        fields = FRAMEWORK_FIELDS
        widgets = {"note": text_area(3)}
        help_texts = {
            "amount_ore": gettext_lazy("The most that the federation may owe under the members' guarantee."),
            "right_to_borrow_ore": gettext_lazy("Leave empty when it is the same amount as the guarantee."),
            "least_headroom_ore": gettext_lazy(
                "The page warns of each year end at which less is left. Empty warns only when the debt is above it."
            ),
        }

    def __init__(self, data: Mapping[str, object] | None = None, *, instance: BorrowingFramework) -> None:
        super().__init__(data, instance=instance)
        decided = cast(DecisionChoice, self.fields["decided_by"])
        decided.queryset = Decision.objects.filter(kind__in=DECIDING)
        replaced = cast(FrameworkChoice, self.fields["replaces"])
        replaced.queryset = BorrowingFramework.objects.exclude(pk=instance.pk)
        decided.empty_label = replaced.empty_label = pgettext_lazy("decision", "none")
        for name in ("decided_by", "replaces"):
            chosen = getattr(instance, name)
            if chosen is not None:
                self.initial[name] = chosen.uuid

    def clean(self) -> None:
        """Look at what the fields say together."""
        super().clean()
        typed = {name: self.cleaned_data.get(name) for name in FRAMEWORK_FIELDS}
        self.add_faults(find_framework_faults(BorrowingFramework(pk=self.instance.pk, **typed)))


class SharesForm(forms.Form):
    """The share of each party in per cent, what they are shared by, and the agreement that it replaces."""

    use_required_attribute = False
    basis = forms.CharField(
        label=gettext_lazy("Shared by"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("For example: inhabitants on 31 December 2025."),
    )
    replaces = AgreementChoice(
        RecourseAgreement.objects.none(),
        to_field_name="uuid",
        required=False,
        label=gettext_lazy("Replaces"),
        help_text=gettext_lazy("The agreement that ends when all have signed this one."),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(
        self,
        data: Mapping[str, object] | None = None,
        *,
        instance: RecourseAgreement,
        parties: Sequence[Municipality],
        shares: Mapping[int, Decimal],
        replaceable: Sequence[RecourseAgreement],
    ) -> None:
        super().__init__(data)
        self.instance, self.parties = instance, list(parties)
        choice = cast(AgreementChoice, self.fields["replaces"])
        choice.queryset = RecourseAgreement.objects.filter(pk__in=[row.pk for row in replaceable]).select_related(
            "framework"
        )
        choice.empty_label = _("none in the register")
        for row in self.parties:
            self.fields[self._name(row)] = NumberField(
                label=_("Share of %(name)s, per cent") % {"name": row.name},
                max_digits=7,
                decimal_places=4,
                min_value=0,
                max_value=100,
                initial=shares.get(row.pk),
            )
        self.initial["basis"] = instance.basis
        if instance.replaces is not None:
            self.initial["replaces"] = instance.replaces.uuid
        self.fields["seen"].initial = self.mark()
        self.order_fields([*map(self._name, self.parties), "basis", "replaces"])

    def _name(self, row: Municipality) -> str:
        return f"share_{row.code}"

    def mark(self) -> str:
        """Return what tells the saved shares from any others; nothing while there are none."""
        return digest_shares(self.instance) if self.instance.pk else ""

    def clean(self) -> dict[str, object]:
        """Hold the shares together, at the last one."""
        if all(self._name(row) in self.cleaned_data for row in self.parties):
            for words in find_share_faults(list(self.shares.values())):
                self.add_error(self._name(self.parties[-1]) if self.parties else None, words)
        return self.cleaned_data

    @property
    def shares(self) -> dict[Municipality, Decimal]:
        """The share of each party."""
        return {row: self.cleaned_data[self._name(row)] for row in self.parties}


class SignForm(DigestForm):
    """When a member signed; a signature before the council's decision is asked about."""

    class Meta:
        model = RecourseParty
        fields = SIGNED
        widgets = {"signed_on": day_input()}
        help_texts = {"signed_on": gettext_lazy("Leave empty while the municipality has not signed.")}

    def __init__(
        self, data: Mapping[str, object] | None = None, *, instance: RecourseParty, decided_on: object = None
    ) -> None:
        super().__init__(data, instance=instance)
        self.decided_on = decided_on

    def clean(self) -> None:
        """Ask whether it signed before its council had decided."""
        super().clean()
        day = self.cleaned_data.get("signed_on")
        if day is None or str(day) == str(self.get_initial_for_field(self.fields["signed_on"], "signed_on")):
            return
        if self.decided_on is None:
            words = _("The council's decision is not entered. Enter it first, or save again to keep %(day)s.")
            ask_at(self, "signed_on", day, words % {"day": day.isoformat()})
        elif str(day) < str(self.decided_on):
            words = _("The council decided on %(decided)s. Write a later day, or save again to keep %(day)s.")
            ask_at(self, "signed_on", day, words % {"decided": self.decided_on, "day": day.isoformat()})
