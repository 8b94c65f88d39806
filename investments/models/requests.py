"""Supplementary requests: money asked for during the year, beside a budget that is adopted and never changes.

A request is a shared fact and is frozen by nothing. What is granted is gathered into a revised budget by its own rows; a
requested row ties each of them, by lineage, to the request and so to its decision.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from budgets.models import Budget
from engine.money import MAX_ORE
from engine.years import Amounts
from investments.models.classes import AssetClass
from objects.models import Decision, GovernanceObject, Product
from objects.models.roles import EDITORS, FEDERATION_ROLES, Role, objects_of, roles_of
from records.models import Provenance
from web.fields import OreField
from web.tracking import tracked

if TYPE_CHECKING:
    from accounts.models import User

ASKED = ("amount_1_ore", "amount_2_ore", "amount_3_ore")
GRANTED = ("granted_1_ore", "granted_2_ore", "granted_3_ore")


class RequestQuerySet(models.QuerySet["SupplementaryRequest"]):
    def visible_to(self, user: User) -> Self:
        """Return what is submitted for those inside the federation, drafts for the object's own people and who keeps them."""
        roles = roles_of(user)
        if not roles & FEDERATION_ROLES:
            return self.none()
        if roles & {Role.ECONOMIST, Role.ADMINISTRATOR, Role.AUDITOR}:
            return self
        own = Q(governance_object__in=objects_of(user, EDITORS))
        return self.filter(~Q(state="draft") | own | Q(asked_by=user.pk))


def _no_amounts(names: tuple[str, ...]) -> Q:
    return Q(**{f"{name}__isnull": True for name in names})


def _amounts(names: tuple[str, ...]) -> Q:
    return Q(**{f"{name}__range": (0, MAX_ORE) for name in names}) & ~Q(**dict.fromkeys(names, 0))


@tracked(key="request", shown=("state", *ASKED))
class SupplementaryRequest(models.Model):
    """What is asked for, why, in which years, for which class or product, and how it is paid; and what is answered.

    An asset class is paid by a loan. A product's cost is paid by its members, by equity, or by lowering another line of the
    object (`taken_from`, its lineage).
    """

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("of a request", "draft")
        SUBMITTED = "submitted", pgettext_lazy("of a request", "submitted")
        GRANTED = "granted", pgettext_lazy("of a request", "granted")
        PARTLY = "partly", pgettext_lazy("of a request", "partly granted")
        REFUSED = "refused", pgettext_lazy("of a request", "refused")

    class Financing(models.TextChoices):
        LOAN = "loan", _("loan")
        EQUITY = "equity", pgettext_lazy("of a request", "equity")
        WITHIN_OBJECT = "within_object", _("within the object")
        MEMBERS = "members", pgettext_lazy("of a request", "the members")

    ANSWERED = (State.GRANTED, State.PARTLY, State.REFUSED)

    uuid = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    budget = models.ForeignKey(
        Budget, models.PROTECT, related_name="requests", verbose_name=_("Budget"), help_text=_("The adopted one.")
    )
    governance_object = models.ForeignKey(
        GovernanceObject, models.PROTECT, null=True, blank=True, related_name="requests", verbose_name=_("Object")
    )
    name = models.CharField(_("What is asked for"), max_length=160)
    reason = models.TextField(_("Why"), max_length=4000)
    asset_class = models.ForeignKey(
        AssetClass, models.PROTECT, null=True, blank=True, related_name="requests", verbose_name=_("Asset class")
    )
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="requests", verbose_name=_("Product")
    )
    amount_1_ore = OreField(_("Amount of the first year, SEK"), default=0)
    amount_2_ore = OreField(_("Amount of the second year, SEK"), default=0)
    amount_3_ore = OreField(_("Amount of the third year, SEK"), default=0)
    month = models.PositiveSmallIntegerField(_("Taken into use in the month"), null=True, blank=True)
    financing = models.CharField(_("Paid by"), max_length=14, choices=Financing)
    taken_from = models.UUIDField(_("Line that is lowered"), null=True, blank=True)
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.DRAFT)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="requests", verbose_name=_("Asked by")
    )
    submitted_at = models.DateTimeField(_("Submitted"), null=True, blank=True)
    granted_1_ore = OreField(_("Granted for the first year, SEK"), null=True, blank=True)
    granted_2_ore = OreField(_("Granted for the second year, SEK"), null=True, blank=True)
    granted_3_ore = OreField(_("Granted for the third year, SEK"), null=True, blank=True)
    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="requests", verbose_name=_("Decision")
    )
    answer = models.TextField(_("Reason for the answer"), max_length=4000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Answered by")
    )
    answered_at = models.DateTimeField(_("Answered"), null=True, blank=True)
    gathered_in = models.ForeignKey(
        Budget,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="gathered_requests",
        verbose_name=_("Gathered into"),
    )
    provenance = models.CharField(_("Source"), max_length=10, choices=Provenance, default=Provenance.ENTERED)
    edited_at = models.DateTimeField(_("Edited"), auto_now=True)

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("supplementary request")
        verbose_name_plural = _("supplementary requests")
        ordering = ["-submitted_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=_amounts(ASKED), name="request_asks_for_something"),
            models.CheckConstraint(
                condition=Q(asset_class__isnull=True) ^ Q(product__isnull=True), name="request_is_of_class_or_product"
            ),
            models.CheckConstraint(
                condition=~(Q(financing="loan") ^ Q(asset_class__isnull=False)), name="loans_pay_for_assets_only"
            ),
            models.CheckConstraint(
                condition=~(Q(financing="within_object") ^ Q(taken_from__isnull=False)),
                name="within_the_object_lowers_a_line",
            ),
            models.CheckConstraint(
                condition=Q(month__isnull=True) | Q(month__range=(1, 12)), name="request_month_of_the_year"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "submitted"), decision__isnull=True, answered_at__isnull=True)
                | Q(state__in=("granted", "partly", "refused"), decision__isnull=False, answered_at__isnull=False),
                name="request_answered_by_a_decision",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("partly", "refused")) | ~Q(answer=""), name="request_refused_for_a_reason"
            ),
            models.CheckConstraint(
                condition=(Q(state__in=("draft", "submitted", "refused")) & _no_amounts(GRANTED))
                | Q(state="granted", **{granted: F(asked) for granted, asked in zip(GRANTED, ASKED, strict=True)})
                | (
                    Q(state="partly", **{f"{g}__lte": F(asked) for g, asked in zip(GRANTED, ASKED, strict=True)})
                    & _amounts(GRANTED)
                ),
                name="granted_within_what_is_asked",
            ),
            models.CheckConstraint(
                condition=Q(gathered_in__isnull=True) | Q(state__in=("granted", "partly")),
                name="only_granted_is_gathered",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(submitted_at__isnull=False), name="submitted_request_has_a_day"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def amounts(self) -> Amounts:
        """What is asked for in the budget's three years, öre."""
        return self.amount_1_ore, self.amount_2_ore, self.amount_3_ore

    @property
    def granted(self) -> Amounts:
        """What is granted in the three years, öre; zeros while nothing is."""
        return self.granted_1_ore or 0, self.granted_2_ore or 0, self.granted_3_ore or 0

    @property
    def is_granted(self) -> bool:
        """Whether it is granted, wholly or partly."""
        return self.state in (self.State.GRANTED, self.State.PARTLY)

    @property
    def is_answered(self) -> bool:
        return self.state in self.ANSWERED


class RequestedRowQuerySet(models.QuerySet["RequestedRow"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(request__in=SupplementaryRequest.objects.visible_to(user))


@tracked(key="requested_row", shown=("kind",), place="request", hidden=("row_lineage",))
class RequestedRow(models.Model):
    """A row of a budget that a granted request made, or whose amounts it changed by so much; by lineage, as budgets copy it."""

    class Kind(models.TextChoices):
        LINE = "line", _("cost line")
        LOWERED = "lowered", _("lowered cost line")
        ITEM = "item", _("purchase")
        LOAN = "loan", _("planned loan")

    request = models.ForeignKey(
        SupplementaryRequest, models.CASCADE, related_name="rows", verbose_name=_("Supplementary request")
    )
    kind = models.CharField(pgettext_lazy("of a row", "Kind"), max_length=10, choices=Kind)
    row_lineage = models.UUIDField(_("Row"))

    objects = RequestedRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of a supplementary request")
        verbose_name_plural = _("rows of supplementary requests")
        ordering = ["request", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["request", "kind", "row_lineage"], name="requested_row_once"),
        ]

    def __str__(self) -> str:
        return f"{self.request}: {self.get_kind_display()}"
