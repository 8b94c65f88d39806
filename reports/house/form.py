"""The form of a report of what is not accessible."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from records.forms import LongTextField
from records.models.reports import LONGEST_REPORT

LONGEST_PAGE = 500


class ReportForm(forms.Form):
    """What does not work, where, and where to answer."""

    use_required_attribute = False
    text = LongTextField(label=_("What does not work"), max_length=LONGEST_REPORT, widget=forms.Textarea({"rows": 6}))
    page = forms.CharField(label=_("Which page"), max_length=LONGEST_PAGE, required=False)
    contact = forms.EmailField(
        label=_("Your email address"),
        required=False,
        help_text=_("Only if you want an answer."),
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
