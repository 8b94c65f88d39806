"""What the list of invoices can be filtered by."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from engine.shares import MONTHS
from invoices.models import Invoice
from invoices.selectors import list_invoice_choices
from invoices.words import name_month
from web.filters import BaseFilterSet

ANY_YEAR = 2000


class InvoiceFilter(BaseFilterSet):
    """By customer, and the month that is paid for."""

    customer = django_filters.ChoiceFilter(label=_("Customer"), field_name="customer__uuid", empty_label=_("All"))
    year = django_filters.ChoiceFilter(
        label=_("Year"), field_name="billing_run__budget__fiscal_year", empty_label=_("All")
    )
    month = django_filters.ChoiceFilter(label=_("Month"), field_name="billing_run__month", empty_label=_("All"))

    class Meta:
        model = Invoice
        fields = ("customer", "year", "month")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        customers, years = list_invoice_choices(self.request.user)
        self.filters["customer"].extra["choices"] = customers
        self.filters["year"].extra["choices"] = [(year, str(year)) for year in years]
        months = [(month, name_month(None, month).capitalize()) for month in range(1, MONTHS + 1)]
        self.filters["month"].extra["choices"] = months
