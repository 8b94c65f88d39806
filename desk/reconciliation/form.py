"""The form of the reason for a difference."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

REASON_LENGTH = 2000


class ReasonForm(forms.Form):
    """A reason; `seen` is the text that was saved when the form was opened."""

    text = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy(
            "Say why the printed figure differs, and where that can be read. Everybody who sees the budget sees it."
        ),
        error_messages={"required": gettext_lazy("Write the reason, or go back without saving.")},
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def tell_stale(self, saved: str) -> None:
        """Say that somebody else wrote another reason; saving once more keeps what is typed here."""
        self.data: Any = {**self.data.dict(), "seen": saved}
        if saved:
            said = _(
                "Somebody else has changed the reason since you opened it. Saved is now: “%(saved)s”. Save again to keep yours."
            )
        else:
            said = _("Somebody else has removed the reason since you opened it. Save again to link yours.")
        self.add_error("text", said % {"saved": saved} if saved else said)
