"""The form of a sub-budget's essential changes."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from records.forms import LongTextField


class EssentialChangesForm(forms.Form):
    """The year's essential changes of a sub-budget; `seen` is the digest of the text that the form was opened with."""

    use_required_attribute = False
    text = LongTextField(
        label=gettext_lazy("Essential changes"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy(
            "The texts of all objects are collected for the budget document. Write in Swedish; blank lines make paragraphs."
        ),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
