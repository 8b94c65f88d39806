"""Contracts with suppliers: what a product's cost is agreed by, until when, and when it must be given notice."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from engine.contracts import find_last_notice
from engine.money import MAX_ORE
from objects.models.governance import Product
from objects.models.roles import FederationQuerySet
from records.models import Provenance
from web.days import DayField, YearField, day_checks
from web.fields import OreField
from web.ordering import in_swedish
from web.tracking import tracked

WARN_DAYS = 90


@tracked(shown=("supplier", "ends_on", "amount_ore"))
class Contract(models.Model):
    """A contract. The amount is a year's, as agreed for `price_year`; the clause raises it from the index's month on.

    The last day of notice is written, or follows from the end and the months of notice.
    """

    uuid = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("Contract"), max_length=160)
    supplier = models.CharField(_("Supplier"), max_length=160)
    product = models.ForeignKey(Product, models.PROTECT, related_name="contracts", verbose_name=_("Product"))
    registry_no = models.CharField(_("Registry number"), max_length=40, blank=True)
    starts_on = DayField(_("Starts"), ahead=10)
    ends_on = DayField(_("Ends"), null=True, blank=True, ahead=30)
    notice_months = models.PositiveSmallIntegerField(
        _("Months of notice"), null=True, blank=True, validators=[MaxValueValidator(60)]
    )
    last_notice_on = DayField(_("Last day of notice"), null=True, blank=True, ahead=30)
    warn_days = models.PositiveSmallIntegerField(
        _("Warn so many days before"), default=WARN_DAYS, validators=[MaxValueValidator(730)]
    )
    amount_ore = OreField(_("Amount a year, SEK"))
    price_year = YearField(_("Price of the year"), ahead=10)
    index_name = models.CharField(_("Index of the price clause"), max_length=80, blank=True)
    index_month = models.PositiveSmallIntegerField(_("Month of the index"), null=True, blank=True)
    index_percent = models.DecimalField(
        _("Raise a year by the clause, per cent"), max_digits=6, decimal_places=3, null=True, blank=True
    )
    note = models.TextField(pgettext_lazy("of a line", "Note"), blank=True)
    provenance = models.CharField(_("Source"), max_length=10, choices=Provenance, default=Provenance.ENTERED)
    edited_at = models.DateTimeField(_("Edited"), auto_now=True)

    objects = FederationQuerySet.as_manager()

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        ordering = [in_swedish("supplier"), in_swedish("name"), "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(starts_on__lte=F("ends_on")), name="contract_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(amount_ore__range=(0, MAX_ORE)), name="contract_amount_in_range"),
            models.CheckConstraint(condition=Q(index_month__range=(1, 12)), name="index_month_is_a_month"),
            models.CheckConstraint(
                condition=Q(index_percent__gt=-100, index_percent__lt=1000), name="contract_index_is_sane"
            ),
            *day_checks("contract", "starts_on", "ends_on", "last_notice_on"),
        ]

    def __str__(self) -> str:
        return f"{self.supplier}: {self.name}"

    @property
    def notice_by(self) -> date | None:
        """The last day of notice: as written, else worked out; None when the contract has none."""
        written: date | None = self.last_notice_on
        if written or self.ends_on is None or self.notice_months is None:
            return written
        return find_last_notice(self.ends_on, self.notice_months)

    def is_due(self, today: date) -> bool:
        """Return whether it is time to decide: within the days of warning, and not passed."""
        by = self.notice_by
        return by is not None and by - timedelta(days=self.warn_days) <= today <= by

    def has_ended(self, today: date) -> bool:
        """Return whether it has ended."""
        return self.ends_on is not None and self.ends_on < today
