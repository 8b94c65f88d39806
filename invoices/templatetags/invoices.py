"""What pages show of invoices.

`{% latest_invoices customer %}` shows a customer's newest ones, also on a page of an app that does not know invoices;
`{{ month|month_name }}` names a month.
"""

from django import template

from invoices.selectors import list_invoices_of
from invoices.words import name_month
from objects.models import Customer
from web.views import Context

register = template.Library()
SHOWN = 6


@register.inclusion_tag("invoices/_latest.html")
def latest_invoices(customer: Customer) -> Context:
    """Show the newest few. The page must have checked that its reader may see the customer."""
    return {"invoices": list_invoices_of(customer)[:SHOWN], "customer": customer}


@register.filter
def month_name(month: int) -> str:
    """Return a month, 1 to 12, in the reader's language."""
    return name_month(None, month)
