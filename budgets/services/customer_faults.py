"""What is wrong with a customer, its membership or a count of inhabitants as typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from budgets.selectors.customers import list_keys_after, municipality_of
from engine.identifiers import read_gln, read_organisation_number
from objects.models import Customer, Inhabitants, Municipality

Kind = Customer.Kind
# Kinds of customer that are municipalities.
OF_MUNICIPALITIES = frozenset({Kind.MEMBER, Kind.FORMER_MEMBER})
MOST_INHABITANTS = 5_000_000


@dataclass(frozen=True)
class CustomerValues:
    """What a customer is to be; the last six are a municipality's, and empty for all others."""

    name: str
    kind: str
    organisation_number: str = ""
    gln: str = ""
    code: str = ""
    municipality_name: str = ""
    county: str = ""
    member_from_on: date | None = None
    member_to_on: date | None = None
    note: str = ""

    @property
    def is_municipality(self) -> bool:
        """Whether it is or was a member."""
        return self.kind in OF_MUNICIPALITIES


def find_customer_faults(customer: Customer, values: CustomerValues) -> list[tuple[str, str]]:
    """Return what can't be with a customer, as (field, words)."""
    finders = (_check_numbers, _check_names, _check_kind, _check_membership, _check_shares)
    return [fault for find in finders for fault in find(customer, values)]


def _check_numbers(customer: Customer, values: CustomerValues) -> list[tuple[str, str]]:
    faults = []
    others = Customer.objects.exclude(pk=customer.pk)
    number, gln = read_organisation_number(values.organisation_number), read_gln(values.gln)
    if values.organisation_number and number is None:
        said = _("Write ten digits, for example 212000-0787. The last is a check digit, and it is wrong.")
        faults.append(("organisation_number", said))
    elif number and (other := others.filter(organisation_number=number).first()):
        faults.append(("organisation_number", _("%(name)s has this number.") % {"name": other.name}))
    if values.gln and gln is None:
        said = _("A GLN has thirteen digits. The last is a check digit, and it is wrong.")
        faults.append(("gln", said))
    elif gln and (other := others.filter(gln=gln).first()):
        faults.append(("gln", _("%(name)s has this number.") % {"name": other.name}))
    return faults


def _check_names(customer: Customer, values: CustomerValues) -> list[tuple[str, str]]:
    others = Customer.objects.exclude(pk=customer.pk)
    faults = []
    if others.filter(name__iexact=values.name).exists():
        faults.append(("name", _("There is a customer “%(name)s” already.") % {"name": values.name}))
    municipalities = Municipality.objects.exclude(customer=customer.pk)
    if values.code and (other := municipalities.filter(code=values.code).first()):
        faults.append(("code", _("%(name)s has this code.") % {"name": other.name}))
    if values.municipality_name and municipalities.filter(name__iexact=values.municipality_name).exists():
        said = _("There is a municipality “%(name)s” already.") % {"name": values.municipality_name}
        faults.append(("municipality_name", said))
    return faults


def _check_kind(customer: Customer, values: CustomerValues) -> list[tuple[str, str]]:
    if not values.is_municipality:
        if municipality_of(customer) is not None:
            said = _("It is a municipality, with membership and inhabitants. Choose member or former member.")
            return [("kind", said)]
        typed = values.code or values.municipality_name or values.county or values.member_from_on or values.member_to_on
        said = _("Only a municipality has code, county and membership. Leave them empty, or choose member above.")
        return [("code", said)] if typed else []
    faults = []
    if not (len(values.code) == 4 and values.code.isascii() and values.code.isdecimal()):
        faults.append(("code", _("Write the municipality's code: four digits, for example 0884.")))
    if not values.municipality_name:
        faults.append(("municipality_name", _("Write the municipality's name, for example Vimmerby.")))
    if not values.county:
        faults.append(("county", _("Write the county.")))
    return faults


def _check_membership(_customer: Customer, values: CustomerValues) -> list[tuple[str, str]]:
    if values.kind == Kind.FORMER_MEMBER and values.member_to_on is None:
        return [("member_to_on", _("Write the last day of the membership."))]
    if values.member_from_on and values.member_to_on and values.member_to_on < values.member_from_on:
        return [("member_to_on", _("The membership ends before it starts."))]
    return []


def _check_shares(customer: Customer, values: CustomerValues) -> list[tuple[str, str]]:
    """A member can't become a former one while it has shares in what is planned for the time after."""
    was_member = customer.pk and Customer.objects.filter(pk=customer.pk, kind=Kind.MEMBER).exists()
    if not was_member or values.kind != Kind.FORMER_MEMBER or values.member_to_on is None:
        return []
    keys = list_keys_after(customer, values.member_to_on)
    if not keys:
        return []
    said = _(
        "%(name)s has shares in years after its last day: %(keys)s. Save it as a member with its last day, remove its "
        "shares, and then make it a former member. If it goes on buying, give it a share again after that."
    )
    names = ", ".join(f"{key.name_sv} ({key.budget.name})" for key in keys)
    return [("kind", said % {"name": customer.name, "keys": names})]


def find_count_faults(row: Inhabitants) -> list[tuple[str, str]]:
    """Return what can't be with a count of inhabitants, as (field, words)."""
    faults = []
    if row.count is not None and not 0 <= row.count <= MOST_INHABITANTS:
        said = _("Write a number of inhabitants from 0 to %(most)s.") % {"most": MOST_INHABITANTS}
        faults.append(("count", said))
    same = Inhabitants.objects.filter(municipality=row.municipality_id, counted_on=row.counted_on)
    if row.counted_on is not None and same.exclude(pk=row.pk).exists():
        faults.append(("counted_on", _("There is a count of that day already. Change it instead.")))
    return faults
