"""The register of customers, one of them with its membership, inhabitants and keys, and all counts of inhabitants."""

from __future__ import annotations

from functools import cached_property
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.models import User
from budgets.selectors.customers import list_customer_keys, list_keys_after, municipality_of
from budgets.services.customers import REGISTER
from desk.customers.table import CountFilter, CountTable, CustomerFilter, CustomerTable
from objects.models import Customer, Inhabitants
from objects.selectors.customers import can_read_customers, find_customer, list_counts, list_customers
from objects.selectors.registers import can_keep, list_register_acts
from pages.acts import ToldAct, tell_acts
from pages.changes import load_changes
from pages.registers import InRegister
from web.views import BaseListView, Context, Crumb, PageView

TITLE = gettext_lazy("Customers and municipalities")


class ForCustomerReaders(PageView):
    """A page for those inside the federation."""

    nav_key = "customers"

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Keep others out."""
        if request.user.is_authenticated and not can_read_customers(self.reader):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def list_url(self) -> str:
        """The list's address."""
        return reverse("objects:customers")


def undo_url(act: UUID) -> str:
    """Return the address that takes a change back."""
    return reverse("objects:undo_customer_act", args=[act])


class CustomerListView(ForCustomerReaders, BaseListView[Customer]):
    """All customers, filtered, with what has been done with them last."""

    title = TITLE
    template_name = "desk/customers/customers.html"
    table_class = CustomerTable
    filterset_class = CustomerFilter

    def get_rows(self, user: User) -> QuerySet[Customer]:
        """Return those the reader may see."""
        return list_customers(user)

    def get_context_data(self, **kwargs: object) -> Context:
        """Add what the reader may do, and what has been done."""
        acts: list[ToldAct] = tell_acts(list_register_acts(REGISTER, self.reader), undo_url)
        return super().get_context_data(
            can_keep=can_keep(self.reader), acts=acts, has_rows=Customer.objects.exists(), **kwargs
        )


class CountListView(ForCustomerReaders, BaseListView[Inhabitants]):
    """All counts of inhabitants."""

    title = gettext_lazy("Inhabitants")
    template_name = "desk/customers/counts.html"
    table_class = CountTable
    filterset_class = CountFilter

    def get_rows(self, user: User) -> QuerySet[Inhabitants]:
        """Return those the reader may see."""
        return list_counts(user)

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the customers."""
        return [(TITLE, self.list_url)]

    def get_context_data(self, **kwargs: object) -> Context:
        """Add whether the reader reads in counts."""
        return super().get_context_data(can_keep=can_keep(self.reader), **kwargs)


class InCustomer(ForCustomerReaders, InRegister):
    """A page about the address's customer."""

    list_label = TITLE

    @cached_property
    def customer(self) -> Customer:
        """The address's customer."""
        customer = find_customer(self.reader, self.kwargs["customer"])
        if customer is None:
            raise Http404
        return customer

    @property
    def customer_url(self) -> str:
        """The customer's page."""
        return reverse("objects:customer", args=[self.customer.uuid])


class CustomerView(InCustomer):
    """One customer: numbers, membership, inhabitants, the keys by which it pays, and its history."""

    template_name = "desk/customers/customer.html"

    def get_title(self) -> str:
        """Return its name."""
        return self.customer.name

    def get_context_data(self, **kwargs: object) -> Context:
        """Read what belongs to it."""
        customer, municipality = self.customer, municipality_of(self.customer)
        last_day = municipality.member_to_on if municipality else None
        shown = {
            "customer": customer,
            "municipality": municipality,
            "counts": list(municipality.inhabitants.order_by("-counted_on")) if municipality else [],
            "keys": list_customer_keys(self.reader, customer),
            "keys_after": list_keys_after(customer, last_day) if last_day and customer.kind == "member" else [],
            "has_left": bool(last_day and last_day < timezone.localdate() and customer.kind == "member"),
            "can_keep": can_keep(self.reader),
            "changes": load_changes(self.reader, customer),
            "member_changes": load_changes(self.reader, municipality, Inhabitants) if municipality else None,
        }
        return super().get_context_data(**{**kwargs, **shown})
