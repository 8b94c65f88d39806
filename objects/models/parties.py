"""The federation, whoever it invoices, and its member municipalities.

A customer is not a municipality: a company or a former member is invoiced too. `Municipality` adds what only
a member has: its code, membership dates, dated inhabitants and council.
"""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from objects.models.roles import FEDERATION_ROLES, VisibleQuerySet, assignments_of, roles_of
from records.models import Provenance
from web.days import DayField, day_checks
from web.ordering import in_swedish
from web.tracking import tracked

if TYPE_CHECKING:
    from accounts.models import User


@tracked()
class Federation(models.Model):
    """The one municipal federation of this installation."""

    name = models.CharField(_("Name"), max_length=120)
    organisation_number = models.CharField(_("Organisation number"), max_length=12)
    bankgiro = models.CharField(_("Bankgiro"), max_length=12, blank=True)
    provenance = models.CharField(_("Source"), max_length=10, choices=Provenance, default=Provenance.ENTERED)
    note = models.TextField(pgettext_lazy("of a line", "Note"), blank=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("federation")
        verbose_name_plural = _("federations")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_federation_per_installation")]

    def __str__(self) -> str:
        return self.name


class CustomerQuerySet(models.QuerySet["Customer"]):
    def visible_to(self, user: User) -> Self:
        if roles_of(user) & FEDERATION_ROLES:
            return self
        municipalities = [a.municipality_id for a in assignments_of(user) if a.municipality_id]
        customers = [a.customer_id for a in assignments_of(user) if a.customer_id]
        return self.filter(Q(pk__in=customers) | Q(municipality__in=municipalities))


@tracked(shown=("kind",))
class Customer(models.Model):
    """Whoever is invoiced."""

    class Kind(models.TextChoices):
        MEMBER = "member", _("member municipality")
        COMPANY = "company", _("municipal company")
        FORMER_MEMBER = "former_member", _("former member")
        BUYER = "buyer", _("buyer of used equipment")

    uuid = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("Kind of customer"), max_length=14, choices=Kind)
    name = models.CharField(_("Name"), max_length=120, unique=True)
    organisation_number = models.CharField(_("Organisation number"), max_length=12, blank=True)
    gln = models.CharField(_("GLN"), max_length=13, blank=True)
    provenance = models.CharField(_("Source"), max_length=10, choices=Provenance, default=Provenance.ENTERED)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        ordering = [in_swedish("name")]

    def __str__(self) -> str:
        return self.name


class MunicipalityQuerySet(VisibleQuerySet["Municipality"]):
    def members_on(self, day: date) -> Self:
        """Return those that are members on a day; the first and the last day of a membership are of it."""
        joined = Q(member_from_on=None) | Q(member_from_on__lte=day)
        return self.filter(joined, Q(member_to_on=None) | Q(member_to_on__gte=day))


@tracked(shown=("member_from_on", "member_to_on"))
class Municipality(models.Model):
    """A municipality that is or was a member; dates may be unknown."""

    uuid = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    customer = models.OneToOneField(Customer, models.PROTECT, related_name="municipality", verbose_name=_("Customer"))
    code = models.CharField(_("Code"), max_length=4, unique=True)
    name = models.CharField(_("Name"), max_length=60, unique=True)
    county = models.CharField(_("County"), max_length=60)
    member_from_on = DayField(_("Member from"), null=True, blank=True)
    member_to_on = DayField(_("Member to"), null=True, blank=True)
    note = models.TextField(pgettext_lazy("of a line", "Note"), blank=True)

    objects = MunicipalityQuerySet.as_manager()

    class Meta:
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")
        ordering = [in_swedish("name")]
        constraints = [
            models.CheckConstraint(
                condition=Q(member_from_on__isnull=True)
                | Q(member_to_on__isnull=True)
                | Q(member_from_on__lte=F("member_to_on")),
                name="membership_ends_after_it_starts",
            ),
            *day_checks("municipality", "member_from_on", "member_to_on"),
        ]

    def __str__(self) -> str:
        return self.name

    def is_member_in(self, year: int) -> bool:
        """Return whether it is a member on some day of a year."""
        has_joined = self.member_from_on is None or self.member_from_on <= date(year, 12, 31)
        return has_joined and (self.member_to_on is None or self.member_to_on >= date(year, 1, 1))


@tracked(shown=("counted_on", "count"), title="municipality")
class Inhabitants(models.Model):
    """How many lived in a municipality on a date."""

    municipality = models.ForeignKey(
        Municipality, models.CASCADE, related_name="inhabitants", verbose_name=_("Municipality")
    )
    counted_on = DayField(_("Counted on"), ahead=5)
    count = models.PositiveIntegerField(_("Number of inhabitants"))
    provenance = models.CharField(_("Source"), max_length=10, choices=Provenance, default=Provenance.ENTERED)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("inhabitants")
        verbose_name_plural = _("inhabitants")
        ordering = ["municipality", "-counted_on"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "counted_on"], name="inhabitants_once_a_date"),
            *day_checks("inhabitants", "counted_on"),
        ]

    def __str__(self) -> str:
        return f"{self.municipality} {self.counted_on}: {self.count}"
