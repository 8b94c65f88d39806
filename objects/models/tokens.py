"""API tokens: what a customer's own system shows to read the customer's invoices.

The secret is shown once and never stored: the row keeps its first characters, to be known by, and its SHA-256 digest,
to be found by. A secret of 256 random bits needs no salt and can't be guessed from its digest, so the history keeps
the digest too: a row that were given another digest would else leave no trace. What every request writes lies in a
row of its own that has no history.
"""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from objects.models.parties import Customer
from objects.models.roles import Role, assignments_of, roles_of
from web.days import DayField, day_checks
from web.ordering import in_swedish
from web.tracking import tracked

if TYPE_CHECKING:
    from accounts.models import User

TOKEN_READERS = frozenset({Role.ADMINISTRATOR, Role.ECONOMIST, Role.AUDITOR})
# The days before its last one on which a token's maker is told that it ends; from the first of them on its page says so.
WARNED_DAYS = (30, 7)


class Scope(models.TextChoices):
    READ_INVOICES = "invoices:read", _("read invoices")


def served_customers(user: User) -> Q:
    """Return the condition on customers that they are served by this municipality officer."""
    served = [a for a in assignments_of(user) if a.role == Role.MUNICIPALITY_OFFICER]
    return Q(pk__in=[a.customer_id for a in served if a.customer_id]) | Q(
        municipality__in=[a.municipality_id for a in served if a.municipality_id]
    )


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def visible_to(self, user: User) -> Self:
        if roles_of(user) & TOKEN_READERS:
            return self
        return self.filter(customer__in=Customer.objects.filter(served_customers(user)))


@tracked(key="token", shown=("scopes", "expires_on"), place="customer", hidden=("created_by", "revoked_by"))
class ApiToken(models.Model):
    """A right to read one customer's rows by the API, until the end of a day or until it is revoked."""

    class State(models.TextChoices):
        ACTIVE = "active", _("active")
        EXPIRING = "expiring", _("expires soon")
        EXPIRED = "expired", _("expired")
        REVOKED = "revoked", _("revoked")
        ENDED = "ended", _("ended with its maker's account or role")
        EXPOSED = "exposed", _("seen in an address: revoke it")

    uuid = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("Name"), max_length=80)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="api_tokens", verbose_name=_("Customer"))
    prefix = models.CharField(_("First characters"), max_length=12, editable=False)
    digest = models.CharField(_("Digest"), max_length=64, unique=True, editable=False)
    scopes = ArrayField(models.CharField(max_length=40, choices=Scope), verbose_name=_("Rights"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("Made by")
    )
    created_at = models.DateTimeField(_("Created"), auto_now_add=True)
    expires_on = DayField(_("Last day"), ahead=5)
    revoked_at = models.DateTimeField(_("Revoked"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Revoked by")
    )

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = [in_swedish("customer__name"), "-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="token_revoked_by_somebody",
            ),
            models.CheckConstraint(condition=Q(scopes__len__gt=0), name="token_has_a_scope"),
            *day_checks("token", "expires_on"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def scope_labels(self) -> list[str]:
        """Its rights in words."""
        return [str(Scope(scope).label) for scope in self.scopes]

    def is_expired(self, today: date) -> bool:
        """Return whether its last day has passed."""
        last: date = self.expires_on
        return last < today

    @property
    def days_left(self) -> int:
        """How many days come after today, its last one among them; negative once it has expired."""
        last: date = self.expires_on
        return (last - timezone.localdate()).days

    @property
    def state(self) -> ApiToken.State:
        """What may be done with it today, as far as it says itself (`objects.selectors.tokens.list_states`)."""
        today = timezone.localdate()
        if self.revoked_at is not None:
            return self.State.REVOKED
        if self.is_expired(today):
            return self.State.EXPIRED
        return self.State.EXPIRING if self.days_left <= max(WARNED_DAYS) else self.State.ACTIVE


class ApiTokenUseQuerySet(models.QuerySet["ApiTokenUse"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(token__in=ApiToken.objects.visible_to(user))


class ApiTokenUse(models.Model):
    """How a token is used: when last, to the hour, and the requests of the running minute. It has no history.

    `exposed_at` is when it first stood in an address, where logs keep it.
    """

    token = models.OneToOneField(
        ApiToken, models.CASCADE, primary_key=True, related_name="use", verbose_name=_("API token")
    )
    last_used_at = models.DateTimeField(_("Last used"), null=True)
    minute_started_at = models.DateTimeField(_("Start of the running minute"), null=True)
    requests = models.PositiveIntegerField(_("Requests in the minute"), default=0)
    exposed_at = models.DateTimeField(_("Seen in an address"), null=True)

    objects = ApiTokenUseQuerySet.as_manager()

    class Meta:
        verbose_name = _("use of an API token")
        verbose_name_plural = _("uses of API tokens")

    def __str__(self) -> str:
        return f"{self.token_id}: {self.last_used_at}"
