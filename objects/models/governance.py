"""What is governed: the governance objects and the products, the lasting identity of what bears cost."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from objects.models.roles import VisibleQuerySet
from web.days import DayField, day_checks
from web.ordering import in_swedish
from web.tracking import tracked


class EssentialTexts(models.Model):
    """What an object is, is for, and covers, in two languages. `TEXTS` names the fields."""

    TEXTS = ("text_sv", "text_en", "purpose_sv", "purpose_en", "scope_sv", "scope_en")

    text_sv = models.TextField(_("description in Swedish"), blank=True)
    text_en = models.TextField(_("description in English"), blank=True)
    purpose_sv = models.TextField(_("purpose in Swedish"), blank=True)
    purpose_en = models.TextField(_("purpose in English"), blank=True)
    scope_sv = models.TextField(_("scope in Swedish"), blank=True)
    scope_en = models.TextField(_("scope in English"), blank=True)

    class Meta:
        abstract = True


@tracked(key="object", shown=("kind",))
class GovernanceObject(EssentialTexts):
    """A delimited part of business and IT, with a steering group and most with a sub-budget."""

    class Kind(models.TextChoices):
        PRIMARY = "primary", _("primary object")
        SUPPORT = "support", _("support object")
        ENABLING_TECH = "enabling", _("enabling technology")

    slug = models.SlugField(_("Name in the address"), max_length=60, unique=True)
    name_sv = models.CharField(_("Name in Swedish"), max_length=120)
    name_en = models.CharField(_("Name in English"), max_length=120)
    kind = models.CharField(_("Kind of object"), max_length=10, choices=Kind)
    has_own_budget = models.BooleanField(_("Has a sub-budget"), default=True)
    position = models.PositiveSmallIntegerField(_("Place in the order"), default=0)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("object")
        verbose_name_plural = _("objects")
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name_sv


@tracked(key="lasting_product", place="governance_object")
class Product(models.Model):
    """A product's lasting identity; what it is in one budget is a budget product."""

    uuid = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("Name"), max_length=160)
    governance_object = models.ForeignKey(
        GovernanceObject, models.PROTECT, null=True, blank=True, related_name="products", verbose_name=_("Object")
    )
    ended_on = DayField(_("Ended on"), null=True, blank=True, ahead=5)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("product of all years")
        verbose_name_plural = _("products of all years")
        ordering = [in_swedish("name")]
        constraints = [
            models.UniqueConstraint(
                fields=["governance_object", "name"], nulls_distinct=False, name="product_named_once_per_object"
            ),
            *day_checks("product", "ended_on"),
        ]

    def __str__(self) -> str:
        return self.name
