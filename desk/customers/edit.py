"""The forms of customers and of their inhabitants, removing them, and taking a change back."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budgets.selectors.customers import municipality_of
from budgets.services.customers import (
    remove_count,
    remove_customer,
    save_count,
    save_customer,
    say_kept,
    undo_customer_act,
)
from desk.customers.form import CountForm, CustomerForm
from desk.customers.view import TITLE, ForCustomerReaders, InCustomer
from objects.models import Customer, Inhabitants, Municipality
from pages.registers import KeepView, RemoveRowView, UndoActView
from records.selectors.uses import Use, list_uses

if TYPE_CHECKING:
    from web.views import Crumb


class NewCustomerView(ForCustomerReaders, KeepView):
    """Adds a customer."""

    title = gettext_lazy("New customer")
    list_label = TITLE
    submit = gettext_lazy("Add customer")

    def get_form(self, data: QueryDict | None = None) -> CustomerForm:
        """Return the form."""
        return CustomerForm(data, instance=Customer())

    def save(self, form: CustomerForm) -> str:
        """Add it."""
        customer = save_customer(Customer(), form.get_values(), by=self.reader)
        return _("“%(name)s” is added.") % {"name": customer.name}


class EditCustomerView(InCustomer, KeepView):
    """Changes a customer."""

    title = gettext_lazy("Change customer")
    submit = gettext_lazy("Save")

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the customer."""
        return [*super().get_crumbs(), (self.customer.name, self.customer_url)]

    def get_form(self, data: QueryDict | None = None) -> CustomerForm:
        """Return the form."""
        return CustomerForm(data, instance=self.customer)

    def save(self, form: CustomerForm) -> str:
        """Save it."""
        saved = save_customer(self.customer, form.get_values(), by=self.reader, seen=form.cleaned_data["seen"])
        return _("“%(name)s” is saved.") % {"name": saved.name}

    def get_return_url(self) -> str:
        """Return the customer's page."""
        return self.customer_url


class RemoveCustomerView(InCustomer, RemoveRowView):
    """Removes a customer that nothing rests on."""

    title = gettext_lazy("Remove the customer?")
    goes_with = gettext_lazy("What it has of membership and inhabitants goes with it.")
    instead = gettext_lazy(
        "A municipality that leaves stays as a former member: write the last day of its membership instead."
    )

    def find_row(self) -> Customer:
        """Return the customer."""
        return self.customer

    def list_uses(self) -> list[Use]:
        """Return what points to it."""
        return list_uses(self.customer, parts=(Municipality, Inhabitants))

    def remove(self) -> None:
        """Remove it."""
        remove_customer(self.customer, by=self.reader)

    def get_return_url(self) -> str:
        """Return the customer's page."""
        return self.customer_url


class InMunicipality(InCustomer):
    """A page about a municipality's inhabitants."""

    @cached_property
    def municipality(self) -> Municipality:
        """The customer's municipality; a company has none."""
        municipality = municipality_of(self.customer)
        if municipality is None:
            raise Http404
        return municipality

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the customer."""
        return [*super().get_crumbs(), (self.customer.name, self.customer_url)]

    def get_return_url(self) -> str:
        """Return the customer's page."""
        return self.customer_url


class NewCountView(InMunicipality, KeepView):
    """Adds a count of inhabitants."""

    title = gettext_lazy("New count of inhabitants")
    submit = gettext_lazy("Save")

    @cached_property
    def count(self) -> Inhabitants:
        """A new one."""
        return Inhabitants(municipality=self.municipality)

    def get_form(self, data: QueryDict | None = None) -> CountForm:
        """Return the form."""
        return CountForm(data, instance=self.count)

    def save(self, form: CountForm) -> str:
        """Save it."""
        save_count(form.instance, by=self.reader, seen=form.cleaned_data["seen"])
        return _("The count is saved.")


class InCount(InMunicipality):
    """A page about one count."""

    @cached_property
    def count(self) -> Inhabitants:
        """The address's count."""
        try:
            day = date.fromisoformat(self.kwargs["counted_on"])
        except ValueError:
            raise Http404 from None
        count = self.municipality.inhabitants.filter(counted_on=day).first()
        if count is None:
            raise Http404
        return count


class EditCountView(InCount, NewCountView):
    """Changes a count that no adopted budget was divided by."""

    title = gettext_lazy("Change the count of inhabitants")
    template_name = "desk/customers/count_form.html"

    def show(self, form: Any, *, status: int = 200, **extra: object) -> HttpResponse:
        """Return the page; of a count that stays as it is, why."""
        return super().show(form, status=status, kept=say_kept(self.count), **extra)


class RemoveCountView(InCount, RemoveRowView):
    """Removes a count that no adopted budget was divided by."""

    title = gettext_lazy("Remove the count?")

    def find_row(self) -> Inhabitants:
        """Return the count."""
        return self.count

    def list_uses(self) -> list[Use]:
        """Nothing points to a count: keys copy it."""
        return []

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Ask, or say at once why it stays."""
        self.require()
        return self.show(refused=say_kept(self.count))

    def remove(self) -> None:
        """Remove it."""
        remove_count(self.count, by=self.reader)


class UndoCustomerView(ForCustomerReaders, UndoActView):
    """Takes back a change of customers or inhabitants."""

    def undo(self) -> None:
        """Take it back."""
        undo_customer_act(self.kwargs["act"], by=self.reader)
