"""Customers, the municipalities that some of them are, and their inhabitants: each change is one act that can be taken back.

A customer that is a municipality is saved with its membership. What budgets rest on stays: a count that an adopted budget's
key was made of, and a membership while the member has shares in years after it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.translation import gettext as _

from budgets.selectors.customers import list_keys_after, list_keys_of_count, municipality_of
from budgets.services.customer_faults import CustomerValues, find_count_faults, find_customer_faults
from engine.identifiers import read_gln, read_organisation_number
from objects.models import Customer, Inhabitants, Municipality
from objects.selectors.registers import Register
from objects.services.registers import hold, open_register, remove_row, require_mark, undo_act
from objects.services.rows import save_checked
from records.models import Provenance
from records.reasons import Reason
from records.services.restoring import Restored
from records.services.stale import digest_of
from web.faults import retried

if TYPE_CHECKING:
    from accounts.models import User

REGISTER = Register(
    (Customer, Municipality, Inhabitants),
    frozenset(
        {
            Reason.ADD_CUSTOMER, Reason.CHANGE_CUSTOMER, Reason.REMOVE_CUSTOMER, Reason.ADD_COUNT, Reason.CHANGE_COUNT,
            Reason.REMOVE_COUNT, Reason.UNDO_REGISTER,
        }
    ),
)  # fmt: skip
CUSTOMER_FIELDS = ("name", "kind", "organisation_number", "gln")
MUNICIPALITY_FIELDS = ("code", "name", "county", "member_from_on", "member_to_on", "note")
COUNT_FIELDS = ("counted_on", "count")


def mark_customer(customer: Customer) -> str:
    """Return what tells a customer, with its membership, from any other state of it."""
    own, municipality = digest_of(customer, CUSTOMER_FIELDS), municipality_of(customer)
    return own if municipality is None else own + digest_of(municipality, MUNICIPALITY_FIELDS)


@retried
def save_customer(customer: Customer, values: CustomerValues, *, by: User, seen: str | None = None) -> Customer:
    """Add a customer or change one, with its membership. PermissionDenied, ValidationError by field, StaleError."""
    reason = Reason.CHANGE_CUSTOMER if customer.pk else Reason.ADD_CUSTOMER
    with open_register(by=by, reason=reason, row=values.name):
        hold(customer)
        saved = Customer.objects.get(pk=customer.pk) if customer.pk else customer
        require_mark(saved, mark_customer(saved), seen)
        if faults := find_customer_faults(saved, values):
            raise ValidationError(dict(faults))
        try:
            _store_customer(saved, values)
        except IntegrityError as error:
            said = _("Somebody else has just saved a customer with the same name or number.")
            raise ValidationError(said) from error
    return saved


def _store_customer(customer: Customer, values: CustomerValues) -> None:
    customer.name, customer.kind = values.name, values.kind
    customer.organisation_number = read_organisation_number(values.organisation_number) or ""
    customer.gln = read_gln(values.gln) or ""
    customer.provenance = Provenance.ENTERED
    customer.full_clean()
    customer.save()
    if values.is_municipality:
        row = municipality_of(customer) or Municipality(customer=customer)
        row.code, row.name, row.county, row.note = values.code, values.municipality_name, values.county, values.note
        row.member_from_on, row.member_to_on = values.member_from_on, values.member_to_on
        row.full_clean()
        row.save()


def remove_customer(customer: Customer, *, by: User) -> None:
    """Remove a customer, with its membership and inhabitants, that nothing points to. PermissionDenied, InUseError.

    ValidationError when an adopted budget's key was made of one of its counts.
    """
    for count in Inhabitants.objects.filter(municipality__customer=customer):
        _check_count(count)
    remove_row(customer, by=by, reason=Reason.REMOVE_CUSTOMER, parts=(Municipality, Inhabitants))


@retried
def save_count(row: Inhabitants, *, by: User, seen: str | None = None) -> Inhabitants:
    """Add a count of inhabitants or change one. PermissionDenied, ValidationError by field, StaleError."""
    reason = Reason.CHANGE_COUNT if row.pk else Reason.ADD_COUNT
    with open_register(by=by, reason=reason, row=f"{row.municipality} {row.counted_on}"):
        hold(row)
        if row.pk:
            saved = Inhabitants.objects.get(pk=row.pk)
            require_mark(saved, digest_of(saved, COUNT_FIELDS), seen)
            _check_count(saved)
        row.provenance = Provenance.ENTERED
        save_checked(row, find_count_faults(row))
    return row


def remove_count(row: Inhabitants, *, by: User) -> None:
    """Remove a count that no adopted budget's key was made of. PermissionDenied, ValidationError with words."""
    _check_count(row)
    remove_row(row, by=by, reason=Reason.REMOVE_COUNT, name=f"{row.municipality} {row.counted_on}")


@retried
def undo_customer_act(act: UUID, *, by: User) -> None:
    """Take back a change of customers or inhabitants. Errors as of `undo_act`."""
    undo_act(REGISTER, act, by=by, check=_check_restored)


def say_kept(row: Inhabitants) -> str:
    """Say why a count stays as it is: an adopted budget is divided by it; empty when none is."""
    keys = list_keys_of_count(row) if row.pk else []
    names = ", ".join(dict.fromkeys(key.budget.name for key in keys))
    if not names:
        return ""
    said = _("%(budget)s is adopted and divided by the inhabitants of %(day)s, so the count stays as it is.")
    return said % {"budget": names, "day": row.counted_on}


def _check_count(row: Inhabitants) -> None:
    if said := say_kept(row):
        raise ValidationError(said)


def _check_restored(rows: list[Restored]) -> None:
    """Refuse what could not be done in the forms either; called before and after."""
    for row in rows:
        found = row.model._default_manager.filter(pk=row.pk).first()
        if isinstance(found, Inhabitants):
            _check_count(found)
        elif isinstance(found, Customer) and row.before is not None:
            _check_leaving(found, row.before["kind"], rows)


def _check_leaving(customer: Customer, kind: str, rows: list[Restored]) -> None:
    """Refuse to make a member a former one again that has got shares in years after its last day."""
    if customer.kind != Customer.Kind.MEMBER or kind != Customer.Kind.FORMER_MEMBER:
        return
    days = [row.before["member_to_on"] for row in rows if row.model is Municipality and row.before is not None]
    municipality = municipality_of(customer)
    day = next(iter(days), municipality.member_to_on if municipality else None)
    if day is not None and list_keys_after(customer, day):
        said = _("%(name)s has shares in years after its last day by now, so it can't be taken back.")
        raise ValidationError(said % {"name": customer.name})
