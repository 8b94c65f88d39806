"""The form of the reason for a difference."""

from __future__ import annotations

from django import forms
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
