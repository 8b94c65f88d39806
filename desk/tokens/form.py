"""The form of a new API token."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from objects.models import (
    Customer,
    Scope,
)
from objects.selectors.tokens import list_token_customers
from objects.services.tokens import LONGEST_DAYS, USUAL_DAYS, check_last_day
from web.days import DayFormField

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from accounts.models import User


class TokenForm(forms.Form):
    """Name, rights, last day, and the customer where the user serves several."""

    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        help_text=_("What uses the token, for example the name of your accounting system."),
    )
    customer = forms.ModelChoiceField(Customer.objects.none(), label=_("For"), empty_label=None)
    scopes = forms.ChoiceField(label=_("Rights"), choices=Scope.choices)
    expires_on = DayFormField(
        label=_("Last day"),
        help_text=_("At most one year ahead. After this day, make a new token."),
    )

    def __init__(self, data: Mapping[str, object] | None = None, *, user: User) -> None:
        super().__init__(data)
        today = timezone.localdate()
        self.fields["expires_on"].initial = today + timedelta(days=USUAL_DAYS)
        last = today + timedelta(days=LONGEST_DAYS)
        self.fields["expires_on"].widget.attrs.update({"min": today.isoformat(), "max": last.isoformat()})
        customers = list(list_token_customers(user))
        field = cast("forms.ModelChoiceField[Customer]", self.fields["customer"])
        field.queryset = list_token_customers(user)
        if len(customers) == 1:
            field.initial, field.widget = customers[0], forms.HiddenInput()

    def clean_scopes(self) -> list[str]:
        """Return the right as the list that a token keeps."""
        return [self.cleaned_data["scopes"]]

    def clean_expires_on(self) -> date:
        """Refuse a day that has passed or lies too far ahead."""
        day: date = self.cleaned_data["expires_on"]
        try:
            check_last_day(day)
        except forms.ValidationError as error:
            raise forms.ValidationError(error.messages) from error
        return day
