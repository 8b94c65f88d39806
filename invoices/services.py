"""Creating a month's invoices from an adopted budget: what is left of the planned shares, over the months left (rule 7).

The trick: the federation's row is locked for as long as a run takes. That makes one run of two at once, and lets invoice
numbers run without gaps.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db.models import BigIntegerField, Max
from django.db.models.functions import Cast, Substr
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from budgets.models import Budget
from budgets.selectors.shares import list_products_without_key
from engine.shares import MONTHS
from forecasts.selectors.obstacles import list_unapproved
from invoices.models import BillingRun, Invoice, InvoiceLine
from invoices.selectors import can_bill
from invoices.selectors.billing import PlannedInvoice, find_run, load_planned_invoices
from invoices.words import name_month
from objects.models import Federation
from records.reasons import Reason
from records.services import change
from web.names import name_of
from web.numbers import format_sek

if TYPE_CHECKING:
    from accounts.models import User

DAYS_TO_PAY = 30
NAMED = 5


class BillingError(Exception):
    """A month can't be invoiced; the message says why and what to do."""


class ShownError(BillingError):
    """The invoices are not those that were shown."""


def run_billing(
    budget: Budget,
    month: int,
    *,
    by: User,
    invoice_on: date | None = None,
    shown: str = "",
    is_confirmed: bool = False,
) -> BillingRun:
    """Create all invoices of a month of the budget's first year, dated `invoice_on` or today, due in 30 days.

    All or nothing. Raise PermissionDenied when `by` is no economist, BillingError when the budget is not adopted or is
    replaced, the month is no month or is invoiced already, a product has nobody to pay it, there is nothing to invoice,
    or sub-budgets were never approved and that is not confirmed; ShownError when the invoices are not those of the mark
    `shown`, as `mark_planned` gives it.
    """
    if not can_bill(by):
        raise PermissionDenied
    with change(by=by.email, reason=Reason.INVOICE, budget=budget.slug, month=month):
        seller = _lock_seller()
        check_billing(budget, month)
        _check_approved(budget, is_confirmed=is_confirmed)
        planned = load_planned_invoices(budget, month)
        _check_shown(planned, shown)
        if not planned:
            raise BillingError(_("%(budget)s has nothing to invoice for this month.") % {"budget": budget.name})
        run = _create_run(budget, month, seller, by)
        _create_invoices(run, planned, invoice_on or timezone.localdate())
    return run


def check_billing(budget: Budget, month: int) -> None:
    """Raise BillingError when the month can't be invoiced from this budget."""
    if not 1 <= month <= MONTHS:
        raise BillingError(_("There is no month %(month)s. Write a month from 1 to 12.") % {"month": month})
    state = Budget.objects.select_related("replaced_by").get(pk=budget.pk)
    if not state.is_adopted:
        raise BillingError(
            _("%(budget)s is not adopted. Invoices are created from an adopted budget only.") % {"budget": state.name}
        )
    _check_newest(state)
    _check_not_invoiced(state, month)
    _check_keys(state)


def mark_planned(planned: list[PlannedInvoice]) -> str:
    """Return the mark of a month's invoices as shown: what each customer is to pay, öre."""
    return " ".join(f"{invoice.customer.uuid}:{invoice.gross_ore}" for invoice in planned)


def _check_shown(planned: list[PlannedInvoice], shown: str) -> None:
    """Name the customers whose invoices are others than those shown; an empty mark asks nothing."""
    if not shown or shown == mark_planned(planned):
        return
    before = dict(part.partition(":")[::2] for part in shown.split())
    now = {str(invoice.customer.uuid): invoice for invoice in planned}
    moved = [
        _("%(customer)s: %(old)s is now %(new)s kr")
        % {"customer": invoice.customer.name, "old": _say_ore(before.get(uuid)), "new": format_sek(invoice.gross_ore)}
        for uuid, invoice in now.items()
        if before.get(uuid) != str(invoice.gross_ore)
    ]
    gone = len(before.keys() - now.keys())
    if gone:
        said = ngettext("%(count)s customer no longer gets one", "%(count)s customers no longer get one", gone)
        moved.append(said % {"count": gone})
    text = _("The invoices are no longer those you were shown, so none is created. %(moved)s. Look again and decide.")
    raise ShownError(text % {"moved": "; ".join(moved)})


def _say_ore(text: str | None) -> str:
    return format_sek(int(text)) if text and text.lstrip("-").isdecimal() and len(text) < 18 else "–"


def _check_approved(budget: Budget, *, is_confirmed: bool) -> None:
    unapproved = [name_of(row) for row in list_unapproved(budget)]
    if unapproved and not is_confirmed:
        text = _("Not approved: %(names)s. Confirm that their costs are invoiced anyway, or have them approved.")
        raise BillingError(text % {"names": ", ".join(unapproved)})


def _check_newest(budget: Budget) -> None:
    newer = Budget.objects.adopted().filter(replaces=budget).first()
    if newer is not None:
        text = _("%(budget)s is replaced by %(newer)s. Create the invoices from that one.")
        raise BillingError(text % {"budget": budget.name, "newer": newer.name})


def _check_not_invoiced(budget: Budget, month: int) -> None:
    run = find_run(budget, month)
    if run is not None:
        text = _("%(month)s is already invoiced according to %(budget)s. Its invoices are in the list.")
        raise BillingError(text % {"month": capfirst(name_month(budget.fiscal_year, month)), "budget": run.budget.name})


def _check_keys(budget: Budget) -> None:
    """Every öre of the revenue has somebody who pays it."""
    missing = [product.name for product in list_products_without_key(budget)]
    if missing:
        text = ngettext(
            "%(count)s product of %(budget)s has no allocation key with weights, so nobody would pay for it: %(names)s. Give it a key in a revised budget.",
            "%(count)s products of %(budget)s have no allocation key with weights, so nobody would pay for them: %(names)s. Give them a key in a revised budget.",
            len(missing),
        )
        names = ", ".join(missing[:NAMED]) + (" …" if len(missing) > NAMED else "")
        raise BillingError(text % {"count": len(missing), "budget": budget.name, "names": names})


def _lock_seller() -> Federation:
    seller: Federation | None = Federation.objects.select_for_update().first()
    if seller is None:
        raise BillingError(
            _("The federation is not entered, so invoices have no seller. Enter it under “The federation”.")
        )
    return seller


def _create_run(budget: Budget, month: int, seller: Federation, by: User) -> BillingRun:
    run: BillingRun = BillingRun.objects.create(
        budget=budget,
        month=month,
        started_by=by,
        seller_name=seller.name,
        seller_organisation_number=seller.organisation_number,
        seller_bankgiro=seller.bankgiro,
    )
    return run


def _create_invoices(run: BillingRun, planned: list[PlannedInvoice], invoice_on: date) -> None:
    first = _last_number(invoice_on.year) + 1
    invoices = Invoice.objects.bulk_create(
        Invoice(
            billing_run=run,
            customer=plan.customer,
            customer_name=plan.customer.name,
            customer_organisation_number=plan.customer.organisation_number,
            number=f"{invoice_on.year}-{number:04d}",
            invoice_on=invoice_on,
            due_on=invoice_on + timedelta(days=DAYS_TO_PAY),
            net_ore=plan.net_ore,
            vat_ore=plan.vat_ore,
        )
        for number, plan in enumerate(planned, first)
    )
    InvoiceLine.objects.bulk_create(
        line for invoice, plan in zip(invoices, planned, strict=True) for line in _lines(invoice, plan)
    )


def _lines(invoice: Invoice, plan: PlannedInvoice) -> list[InvoiceLine]:
    return [
        InvoiceLine(
            invoice=invoice,
            budget_product=line.product,
            position=position,
            text=line.product.name,
            category=line.product.category,
            net_ore=line.net_ore,
            vat_percent=line.product.vat_percent,
        )
        for position, line in enumerate(plan.lines, 1)
    ]


def _last_number(year: int) -> int:
    """Return the last number of a year's invoices, 0 when there are none."""
    counts = Invoice.objects.filter(number__startswith=f"{year}-").annotate(
        count=Cast(Substr("number", 6), BigIntegerField())
    )
    return int(counts.aggregate(last=Max("count", default=0))["last"])
