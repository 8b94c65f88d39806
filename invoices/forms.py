"""What is chosen when a month is invoiced: the invoices' date, and whether what nobody approved is invoiced too."""

from __future__ import annotations

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engine.days import DayKind
from web.days import DayFormField
from web.fields import AsksAboutSlips


class BillingForm(AsksAboutSlips, forms.Form):
    """The invoice date, today if nothing else is said; one that has passed or lies in another year is asked about."""

    invoice_on = DayFormField(label=gettext_lazy("Invoice date"), kind=DayKind.COMING)

    confirmed = forms.BooleanField(
        label=gettext_lazy("Invoice the sub-budgets that are not approved anyway"),
        error_messages={"required": gettext_lazy("Have them approved, or confirm that they are invoiced anyway.")},
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        year: int,
        is_unapproved: bool = False,
        initial: dict[str, object] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.year = self.fiscal_year = year
        if not is_unapproved:
            del self.fields["confirmed"]

    def clean_invoice_on(self) -> date:
        """Refuse a slip of the pen, which could never be mended."""
        day: date = self.cleaned_data["invoice_on"]
        if abs(day.year - self.year) > 1:
            text = _("%(day)s is far from the budget year %(year)s. Write a date from %(first)s to %(last)s.")
            years = {"first": f"{self.year - 1}-01-01", "last": f"{self.year + 1}-12-31"}
            raise ValidationError(text % {"day": day.isoformat(), "year": self.year, **years})
        return day
