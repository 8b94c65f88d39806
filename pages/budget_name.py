"""The name of a budget that is to be made, which gives its address."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _

from forecasts.selectors.adoption import is_name_taken


class NamesBudget(forms.Form):
    """A form with the `name` of a new budget; cleaned it has the `slug` too."""

    def clean_name(self) -> str:
        """Refuse a name that is taken, or that gives no address."""
        name = str(self.cleaned_data["name"])
        slug = slugify(name)[:60]
        if not slug:
            raise ValidationError(_("Write a name with letters or digits."))
        if is_name_taken(name, slug):
            raise ValidationError(_("There is already a budget with that name. Write another name."))
        self.cleaned_data["slug"] = slug
        return name
