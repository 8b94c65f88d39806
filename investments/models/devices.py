"""The register of what is owned, kept once: devices in batches, and other assets, with what has become of them.

The trick: a batch is what was taken into use together at one price, and never shrinks; what is retired of it or
written down is an event, so ages, assets and quantities all follow from the same rows.
"""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from engine.money import MAX_ORE
from investments.models.classes import AssetClass
from objects.models import Customer
from objects.models.roles import FEDERATION_ROLES, assignments_of, roles_of
from records.models import Provenance
from web.days import DayField, day_checks
from web.fields import OreField
from web.tracking import tracked

if TYPE_CHECKING:
    from accounts.models import User

MOST_DEVICES = 100_000
# How far back a device may have been taken into use, and how far ahead one may be expected, years.
BACK, AHEAD = 40, 5


class DeviceBatchQuerySet(models.QuerySet["DeviceBatch"]):
    def visible_to(self, user: User) -> Self:
        """Those inside the federation see all, a member's officer its own, an outsider nothing."""
        if roles_of(user) & FEDERATION_ROLES:
            return self
        municipalities = [a.municipality_id for a in assignments_of(user) if a.municipality_id]
        customers = [a.customer_id for a in assignments_of(user) if a.customer_id]
        return self.filter(Q(customer__in=customers) | Q(customer__municipality__in=municipalities))


@tracked(
    key="device_batch",
    shown=("asset_class", "customer", "number", "taken_on", "unit_price_ore"),
    title="model",
    place="customer",
    hidden=("reference",),
)
class DeviceBatch(models.Model):
    """Devices of one model that one customer took into use in a month at one price; or an asset of the federation's own.

    Its cost is number × price. `taken_on` is the first day of the month, which is the first that is depreciated; of what is
    ordered it is the month in which it is expected. `reference` tells rows of an imported register apart.
    """

    class State(models.TextChoices):
        ORDERED = "ordered", pgettext_lazy("devices", "ordered")
        IN_USE = "in_use", pgettext_lazy("devices", "in use")
        IN_STORAGE = "in_storage", pgettext_lazy("devices", "in storage")
        RETIRED = "retired", pgettext_lazy("devices", "retired")

    uuid = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    asset_class = models.ForeignKey(AssetClass, models.PROTECT, related_name="devices", verbose_name=_("Asset class"))
    model = models.CharField(_("Model or type"), max_length=160)
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, related_name="devices", verbose_name=_("Customer")
    )
    cost_centre = models.CharField(_("The customer's cost centre"), max_length=60, blank=True)
    taken_on = DayField(_("Month taken into use"), back=BACK, ahead=AHEAD)
    number = models.PositiveIntegerField(
        pgettext_lazy("of devices", "Number"), validators=[MinValueValidator(1), MaxValueValidator(MOST_DEVICES)]
    )
    unit_price_ore = OreField(_("Purchase price each, SEK"))
    state = models.CharField(
        pgettext_lazy("devices", "State"), max_length=10, choices=State, default=State.IN_USE.value
    )
    retired_on = DayField(_("Month retired"), null=True, blank=True, back=BACK, ahead=AHEAD)
    sale_price_ore = OreField(_("Sold for in total, SEK"), null=True, blank=True)
    reference = models.CharField(_("Batch in its source"), max_length=400, blank=True, editable=False)
    note = models.TextField(pgettext_lazy("of a line", "Note"), blank=True)
    provenance = models.CharField(_("Source"), max_length=10, choices=Provenance, default=Provenance.ENTERED)
    edited_at = models.DateTimeField(_("Edited"), auto_now=True)

    objects = DeviceBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("batch of devices")
        verbose_name_plural = _("batches of devices")
        ordering = ["-taken_on", "asset_class__position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(number__range=(1, MOST_DEVICES)), name="batch_has_devices"),
            models.CheckConstraint(condition=Q(unit_price_ore__range=(1, MAX_ORE)), name="device_has_a_price"),
            models.CheckConstraint(condition=Q(taken_on__day=1), name="device_taken_on_a_first"),
            models.CheckConstraint(
                condition=Q(retired_on__isnull=True) | Q(retired_on__day=1, retired_on__gte=F("taken_on")),
                name="device_retired_after_use",
            ),
            models.CheckConstraint(
                condition=Q(state="retired", retired_on__isnull=False)
                | (~Q(state="retired") & Q(retired_on__isnull=True, sale_price_ore__isnull=True)),
                name="what_is_retired_has_a_month",
            ),
            models.CheckConstraint(
                condition=Q(sale_price_ore__isnull=True) | Q(sale_price_ore__range=(0, MAX_ORE)),
                name="device_sale_in_range",
            ),
            *day_checks("device", "taken_on", "retired_on"),
        ]
        indexes = [models.Index(fields=["reference"], name="device_reference", condition=~Q(reference=""))]

    def __str__(self) -> str:
        return f"{self.model}, {self.taken_on:%Y-%m}" if isinstance(self.taken_on, date) else self.model

    @property
    def cost_ore(self) -> int:
        """What the batch cost when it was bought, öre."""
        return int(self.number * self.unit_price_ore)


class DeviceEventQuerySet(models.QuerySet["DeviceEvent"]):
    def visible_to(self, user: User) -> Self:
        """Those of the batches that the user sees."""
        if roles_of(user) & FEDERATION_ROLES:
            return self
        return self.filter(batch__in=DeviceBatch.objects.visible_to(user))


@tracked(key="device_event", shown=("kind", "month_on", "number", "price_ore", "value_ore"), title="batch")
class DeviceEvent(models.Model):
    """What became of some of a batch: a number retired in a month, or those left found to be worth less at its end.

    A retired device was sold for its part of `price_ore`, 0 when it was scrapped; its month is not depreciated any more.
    """

    class Kind(models.TextChoices):
        RETIRED = "retired", pgettext_lazy("some of a batch", "retired")
        IMPAIRED = "impaired", pgettext_lazy("some of a batch", "written down")

    uuid = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    batch = models.ForeignKey(
        DeviceBatch, models.CASCADE, related_name="happenings", verbose_name=_("batch of devices")
    )
    kind = models.CharField(_("What happened"), max_length=8, choices=Kind)
    month_on = DayField(_("Month"), back=BACK, ahead=AHEAD)
    number = models.PositiveIntegerField(pgettext_lazy("of devices", "Number"), null=True, blank=True)
    price_ore = OreField(_("Sold for in total, SEK"), null=True, blank=True)
    value_ore = OreField(_("Worth after it, SEK"), null=True, blank=True)
    note = models.TextField(pgettext_lazy("of a line", "Note"), blank=True)
    provenance = models.CharField(_("Source"), max_length=10, choices=Provenance, default=Provenance.ENTERED)

    objects = DeviceEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event of a batch")
        verbose_name_plural = _("events of batches")
        ordering = ["month_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind="retired",
                    number__isnull=False,
                    number__gte=1,
                    price_ore__isnull=False,
                    price_ore__range=(0, MAX_ORE),
                    value_ore__isnull=True,
                )
                | Q(
                    kind="impaired",
                    number__isnull=True,
                    price_ore__isnull=True,
                    value_ore__isnull=False,
                    value_ore__range=(0, MAX_ORE),
                ),
                name="device_event_is_whole",
            ),
            models.CheckConstraint(condition=Q(month_on__day=1), name="device_event_on_a_first"),
            models.UniqueConstraint(
                fields=["batch", "month_on"], condition=Q(kind="impaired"), name="written_down_once_a_month"
            ),
            *day_checks("device_event", "month_on"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.month_on:%Y-%m}"
