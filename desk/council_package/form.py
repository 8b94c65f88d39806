"""The forms of a package: its text, to whom it is sent and when, and when a council plans to decide."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from engine.days import DayKind
from investments.models import CouncilPackage, PackageCouncil
from investments.services.packages import PLANNED, find_plan_faults, find_send_faults
from objects.models import Municipality
from pages.forms import DigestForm, SeenForm, day_input
from records.forms import LongTextField
from web.days import DayFormField
from web.fields import AsksAboutSlips

if TYPE_CHECKING:
    MunicipalityChoice = forms.ModelMultipleChoiceField[Municipality]
else:
    MunicipalityChoice = forms.ModelMultipleChoiceField


class TextForm(SeenForm):
    """What each council is asked to decide, one clause a line."""

    text = LongTextField(
        label=gettext_lazy("What each council is asked to decide"),
        required=False,
        widget=forms.Textarea({"rows": 14}),
        help_text=gettext_lazy(
            "One clause a line; the letters are put before them. The text is frozen when it is sent."
        ),
    )

    class Meta:
        model = CouncilPackage
        fields = ("text",)


class SendForm(AsksAboutSlips, forms.Form):
    """To which councils the package is sent, and when."""

    use_required_attribute = False
    councils = MunicipalityChoice(
        Municipality.objects.none(),
        label=gettext_lazy("Sent to"),
        required=False,
        to_field_name="uuid",
        widget=forms.CheckboxSelectMultiple(),
    )
    sent_on = DayFormField(label=gettext_lazy("Sent on"), ahead=0, kind=DayKind.DONE)

    def __init__(
        self,
        data: Mapping[str, object] | None = None,
        *,
        package: CouncilPackage,
        councils: Mapping[int, bool],
    ) -> None:
        super().__init__(data)
        self.package = package
        choice = cast(MunicipalityChoice, self.fields["councils"])
        choice.queryset = Municipality.objects.filter(pk__in=councils).select_related("customer")
        choice.initial = [row.uuid for row in choice.queryset if not councils[row.pk]]
        self.fields["sent_on"].initial = timezone.localdate()

    def clean(self) -> None:
        """Look at what stands against sending."""
        super().clean()
        values = self.cleaned_data
        faults = find_send_faults(self.package, list(values.get("councils") or ()), values.get("sent_on"))
        for field, words in faults.items():
            self.add_error(field, words)


class PlanForm(DigestForm):
    """When a package was sent to a council, and when the council plans to decide and to put up the notice."""

    class Meta:
        model = PackageCouncil
        fields = PLANNED
        widgets = {name: day_input() for name in PLANNED}
        help_texts = {
            "planned_on": gettext_lazy("The day of the council's meeting, as the municipality plans it."),
            "planned_notice_on": gettext_lazy("When the notice of approved minutes is planned to be put up."),
        }

    def __init__(self, data: Mapping[str, object] | None = None, *, instance: PackageCouncil) -> None:
        super().__init__(data, instance=instance)
        self.fields["seen"].initial = self.mark()

    def clean(self) -> None:
        """Look at what the fields say together."""
        super().clean()
        typed = {name: self.cleaned_data.get(name) for name in PLANNED}
        self.add_faults(find_plan_faults(PackageCouncil(package=self.instance.package, **typed)))
