"""The form of a council's decision on a borrowing framework."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from investments.models import CouncilDecision
from investments.services import find_council_faults
from objects.forms import day_input

NAMES = ("decided_on", "announced_on", "legal_force_on")


class CouncilForm(forms.ModelForm):  # type: ignore[type-arg]
    """Three days; all empty means that the council has not decided."""

    class Meta:
        model = CouncilDecision
        fields = NAMES
        widgets = {name: day_input() for name in NAMES}
        labels = {"decided_on": _("Decided"), "announced_on": _("Notice put up"), "legal_force_on": _("Legal force")}
        help_texts = {
            "announced_on": _("When the notice of approved minutes was put up on the notice board."),
            "legal_force_on": _("Leave empty when it is three weeks after the notice."),
        }

    def clean(self) -> dict[str, Any]:
        """Look at what the fields say together."""
        values: dict[str, Any] = super().clean() or {}
        for field, said in find_council_faults(CouncilDecision(**{name: values.get(name) for name in NAMES})):
            if field not in self.errors:
                self.add_error(field, said)
        return values
