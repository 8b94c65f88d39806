"""A customer's latest invoices on a page of an app that does not know invoices: `{% latest_invoices customer %}`."""

from django import template

from invoices.selectors import list_invoices_of
from objects.models import Customer
from web.views import Context

register = template.Library()
SHOWN = 6


@register.inclusion_tag("invoices/_latest.html")
def latest_invoices(customer: Customer) -> Context:
    """Show the newest few. The page must have checked that its reader may see the customer."""
    return {"invoices": list_invoices_of(customer)[:SHOWN], "customer": customer}
