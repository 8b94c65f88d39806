"""The form of a council's decision on a borrowing framework."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from investments.models import CouncilDecision
from investments.services import COUNCIL_DAYS, find_council_faults
from pages.forms import DigestForm, day_input


class CouncilForm(DigestForm):
    """Three days; all empty means that the council has not decided, which is seen like any other value."""

    class Meta:
        model = CouncilDecision
        fields = COUNCIL_DAYS
        widgets = {name: day_input() for name in COUNCIL_DAYS}
        labels = {"decided_on": _("Decided"), "announced_on": _("Notice put up"), "legal_force_on": _("Legal force")}
        help_texts = {
            "announced_on": _("When the notice of approved minutes was put up on the notice board."),
            "legal_force_on": _("Leave empty when it is three weeks after the notice."),
        }

    def __init__(self, data: Mapping[str, object] | None = None, *, instance: CouncilDecision) -> None:
        super().__init__(data, instance=instance)
        self.fields["seen"].initial = self.mark()

    def clean(self) -> None:
        """Look at what the fields say together."""
        super().clean()
        values = self.cleaned_data
        self.add_faults(find_council_faults(CouncilDecision(**{name: values.get(name) for name in COUNCIL_DAYS})))
