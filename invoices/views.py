"""Invoices: a year's billing and the list, one invoice as it is sent, creating a month's, and the keys behind them."""

from __future__ import annotations

from functools import cached_property
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView

from accounts.models import User
from budgets.models import Budget
from engine.identifiers import hyphenate
from engine.shares import MONTHS
from forecasts.selectors.obstacles import Against, Obstacle, list_obstacles
from invoices.filters import InvoiceFilter
from invoices.forms import BillingForm
from invoices.models import BillingRun, Invoice
from invoices.selectors import (
    can_bill,
    can_see_billing,
    find_invoice,
    list_invoices,
    list_vat_rows,
    load_line_groups,
    sum_invoices,
)
from invoices.selectors.billing import PlannedInvoice, list_billed_budgets, load_billing, load_planned_invoices
from invoices.selectors.keys import load_key_tables, load_product_rows
from invoices.services import BillingError, ShownError, check_billing, mark_planned, run_billing
from invoices.tables import InvoiceTable
from invoices.words import name_month
from objects.selectors.registers import can_keep
from pages.base import InBudget
from pages.imports import find_import_url
from pages.obstacles import tell_obstacles
from web.views import BaseListView, Context, Crumb, PageView

ALL_INVOICES = gettext_lazy("Invoices")


class InvoiceListView(BaseListView[Invoice]):
    """The invoices the reader may see; for the federation, above them, how far a year's billing is."""

    title = ALL_INVOICES
    nav_key = "invoices"
    template_name = "invoices/list.html"
    object_list: QuerySet[Invoice]
    table_class = InvoiceTable
    filterset_class = InvoiceFilter

    @cached_property
    def reader(self) -> User:
        """Who reads the page."""
        return cast(User, self.request.user)

    def get_rows(self, user: User) -> QuerySet[Invoice]:
        """Return those the reader may see."""
        return list_invoices(user)

    def get_table_kwargs(self) -> dict[str, object]:
        """Return the sums of all invoices that match, not only of this page."""
        empty = {} if self.request.GET else {"empty_text": _("There are no invoices yet.")}
        return {"totals": sum_invoices(self.object_list), **empty}

    def get_context_data(self, **kwargs: object) -> Context:
        """Add a year's billing for those who see it."""
        return super().get_context_data(**{**self._billing(), **kwargs})

    def _billing(self) -> Context:
        if not can_see_billing(self.reader):
            return {}
        budgets = list_billed_budgets(self.reader)
        chosen = next((b for b in budgets if b.slug == self.request.GET.get("budget")), next(iter(budgets), None))
        if chosen is None:
            return {"sees_billing": True}
        return {
            "sees_billing": True,
            "billed": chosen,
            "budgets": budgets if len(budgets) > 1 else [],
            "billing": load_billing(chosen),
            "can_bill": can_bill(self.reader),
        }


class CreateInvoicesView(InBudget, TemplateView):
    """What would be invoiced for a month, and a button that does it; for the economist."""

    nav_key = "invoices"
    template_name = "invoices/create.html"

    @cached_property
    def month(self) -> int:
        """The address's month."""
        month = int(self.kwargs["month"])
        if not 1 <= month <= MONTHS:
            raise Http404(_("There is no month %(month)s. Write a month from 1 to 12.") % {"month": month})
        return month

    @property
    def month_name(self) -> str:
        """The month with its year."""
        return name_month(self.budget.fiscal_year, self.month)

    def get_title(self) -> str:
        """Return what the page does."""
        return _("Create invoices for %(month)s") % {"month": self.month_name}

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the list of invoices."""
        return [(ALL_INVOICES, reverse("invoices:invoices"))]

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Let in the economist only."""
        if request.user.is_authenticated and not can_bill(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Show the sums per customer, or why there are none."""
        return self._show(self._make_form(), self._find_problem())

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Create them, and back to the list."""
        form = self._make_form(request.POST)
        if not form.is_valid():
            return self._show(form, self._find_problem(), status=422)
        try:
            run = self._run(form)
        except ShownError as error:
            return self._show(self._make_form(), "", status=409, changed=str(error))
        except BillingError as error:
            return self._show(form, str(error), status=409)
        count = run.invoices.count()
        said = ngettext(
            "%(count)s invoice for %(month)s is created.", "%(count)s invoices for %(month)s are created.", count
        )
        messages.success(request, said % {"count": count, "month": self.month_name})
        return HttpResponseRedirect(reverse("invoices:invoices"))

    def _make_form(self, data: QueryDict | None = None) -> BillingForm:
        is_unapproved = any(found.against == Against.UNAPPROVED for found in self.obstacles)
        first: dict[str, object] = {"invoice_on": timezone.localdate()}
        return BillingForm(data, year=self.budget.fiscal_year, is_unapproved=is_unapproved, initial=first)

    @cached_property
    def obstacles(self) -> list[Obstacle]:
        """What stands against invoicing the budget."""
        return list_obstacles(self.budget, self.reader)

    def _run(self, form: BillingForm) -> BillingRun:
        return run_billing(
            self.budget,
            self.month,
            by=self.reader,
            invoice_on=form.cleaned_data["invoice_on"],
            shown=self.request.POST.get("shown", ""),
            is_confirmed=form.cleaned_data.get("confirmed", False),
        )

    def _find_problem(self) -> str:
        try:
            check_billing(self.budget, self.month)
        except BillingError as error:
            return str(error)
        return ""

    def _show(self, form: BillingForm, problem: str, *, status: int = 200, changed: str = "") -> HttpResponse:
        planned = [] if problem else load_planned_invoices(self.budget, self.month)
        shown: Context = {"form": form, "problem": problem, "month_name": self.month_name, "planned": planned}
        if planned:
            shown |= {"sums": _sum(planned), "billing": load_billing(self.budget)}
            shown |= {"shown": mark_planned(planned), "changed": changed}
            shown["obstacles"] = tell_obstacles(self.obstacles, self.budget)
        return self.render_to_response(self.get_context_data(**shown), status=status)


def _sum(planned: list[PlannedInvoice]) -> dict[str, int]:
    names = ("net_ore", "vat_ore", "gross_ore")
    return {name: sum(getattr(invoice, name) for invoice in planned) for name in names}


class InvoiceView(PageView, TemplateView):
    """One invoice, as it is sent and printed."""

    nav_key = "invoices"
    template_name = "invoices/invoice.html"
    kwargs: dict[str, UUID]

    @cached_property
    def invoice(self) -> Invoice:
        """The address's invoice; another's does not exist."""
        invoice = find_invoice(cast(User, self.request.user), self.kwargs["invoice"])
        if invoice is None:
            raise Http404(_("There is no such invoice, or you may not see it. Open it from the list of invoices."))
        return invoice

    def get_title(self) -> str:
        """Return its number."""
        return _("Invoice %(number)s") % {"number": self.invoice.number}

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the list of invoices."""
        return [(ALL_INVOICES, reverse("invoices:invoices"))]

    def get_context_data(self, **kwargs: object) -> Context:
        """Add lines and VAT."""
        groups, run = load_line_groups(self.invoice), self.invoice.billing_run
        if self.request.resolver_match is not None:
            # The page's head, also printed, names the budget that the invoice is of.
            self.request.resolver_match.kwargs["budget"] = run.budget.slug
        shown = {
            "invoice": self.invoice,
            "run": run,
            "month_name": name_month(run.budget.fiscal_year, run.month),
            "groups": groups,
            "vat_rows": list_vat_rows(groups),
            "seller_number": hyphenate(run.seller_organisation_number),
            "bankgiro": hyphenate(run.seller_bankgiro),
            "customer_number": hyphenate(self.invoice.customer_organisation_number),
        }
        return super().get_context_data(**{**kwargs, **shown})


class KeysView(InBudget, TemplateView):
    """A budget's allocation keys with their weights, and which key splits each product."""

    title = gettext_lazy("Allocation keys")
    nav_key = "keys"
    template_name = "invoices/keys.html"

    def get_context_data(self, **kwargs: object) -> Context:
        """Add keys and products."""
        shown = {
            "keys": load_key_tables(self.budget),
            "products": load_product_rows(self.budget),
            # Keys are made of inhabitants.
            "import_url": find_import_url("inhabitants", self.reader),
            "can_change": can_keep(self.reader) and self.budget.status == Budget.Status.DRAFT,
        }
        return super().get_context_data(**{**shown, **kwargs})
