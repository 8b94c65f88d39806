"""The federation itself, as the invoices name it: one row, its form, and taking a change back."""

from __future__ import annotations

from functools import cached_property
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.federation.form import FederationForm
from objects.models import Federation
from objects.selectors.customers import can_read_customers
from objects.selectors.federation import find_federation
from objects.selectors.registers import can_keep, list_register_acts
from objects.services.federation import REGISTER, save_federation, undo_federation_act
from pages.acts import tell_acts
from pages.changes import load_changes
from pages.form_view import ReaderView
from pages.registers import InRegister, KeepView, UndoActView
from web.views import Context

TITLE = gettext_lazy("The federation")


class FederationView(ReaderView):
    """What is said of it, for those who read who is invoiced."""

    title = TITLE
    nav_key = "federation"
    help_key = "customers"
    template_name = "desk/federation/federation.html"

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Show it, or what to do first."""
        if not can_read_customers(self.reader):
            raise PermissionDenied
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: object) -> Context:
        """Read the row, and what has been done with it."""
        row = find_federation(self.reader)
        shown = {
            "federation": row,
            "can_keep": can_keep(self.reader),
            "changes": load_changes(self.reader, row) if row else None,
            "acts": tell_acts(list_register_acts(REGISTER, self.reader), _undo_url),
        }
        return super().get_context_data(**{**kwargs, **shown})


def _undo_url(act: UUID) -> str:
    return reverse("objects:undo_federation_act", args=[act])


class InFederation(InRegister):
    """A page below the federation's own."""

    nav_key = "federation"
    help_key = "customers"
    list_label = TITLE

    @property
    def list_url(self) -> str:
        """The federation's page."""
        return reverse("objects:federation")


class EditFederationView(InFederation, KeepView):
    """Enters the federation, or changes what is said of it."""

    title = gettext_lazy("Change what is said of the federation")
    submit = gettext_lazy("Save")

    @cached_property
    def row(self) -> Federation:
        """The federation's row, or a new one."""
        return find_federation(self.reader) or Federation()

    def get_form(self, data: QueryDict | None = None) -> FederationForm:
        """Return the form."""
        return FederationForm(data, instance=self.row)

    def save(self, form: FederationForm) -> str:
        """Save it."""
        saved = save_federation(form.instance, by=self.reader, seen=form.cleaned_data["seen"])
        return _("“%(name)s” is saved.") % {"name": saved.name}


class UndoFederationView(InFederation, UndoActView):
    """Takes back a change of the federation."""

    def undo(self) -> None:
        """Take it back."""
        undo_federation_act(self.kwargs["act"], by=self.reader)
