"""The forms of a sub-budget's steps."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext as _

from budgets.models import Action
from budgets.models.workflow import LONGEST_COMMENT, NEED_COMMENT


class SubBudgetStepForm(forms.Form):
    """What is said with a step; needed where it undoes what others have done."""

    use_required_attribute = False
    comment = forms.CharField(max_length=LONGEST_COMMENT, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, data: Mapping[str, object] | None = None, *, action: Action) -> None:
        super().__init__(data)
        labels = {Action.RETURN: _("What is to be changed?"), Action.UNLOCK: _("Why is it unlocked?")}
        field = self.fields["comment"]
        field.required = action in NEED_COMMENT
        field.label = labels.get(action, _("Comment, if you want"))
        field.help_text = _("Everybody inside the federation reads it.")
        field.error_messages["required"] = _("Write why, so that those who go on with it know what to do.")


class ReadForm(forms.Form):
    """Up to which event the changes were read; empty for all there are."""

    mark = forms.IntegerField(min_value=0, max_value=2**62, required=False)
