"""What is bought, by kind: asset classes are shared facts."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from objects.models.roles import VisibleQuerySet
from web.tracking import tracked


@tracked(shown=("useful_life_years",))
class AssetClass(models.Model):
    """A kind of asset with its useful life in years; a life that is not yet known has an assumed one.

    A child, such as student computers, has a life of its own and is counted with its parent wherever that is named; a child
    has no children. What `is_device` belongs to a customer.
    """

    slug = models.SlugField(_("Name in the address"), max_length=40, unique=True)
    name = models.CharField(_("Name"), max_length=120)
    useful_life_years = models.PositiveSmallIntegerField(_("Useful life, years"), null=True, blank=True)
    assumed_life_years = models.PositiveSmallIntegerField(_("Assumed life, years"), null=True, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("Part of")
    )
    is_device = models.BooleanField(_("Devices that a customer has"), default=False)
    position = models.PositiveSmallIntegerField(_("Place in the order"), default=0)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("asset class")
        verbose_name_plural = _("asset classes")
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(useful_life_years__isnull=True) | Q(useful_life_years__range=(1, 100)),
                name="life_is_positive",
            ),
            models.CheckConstraint(
                condition=Q(assumed_life_years__isnull=True) | Q(assumed_life_years__range=(1, 100)),
                name="assumed_life_is_positive",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="asset_class_is_no_part_of_itself"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def life_years(self) -> int | None:
        """The known life, or else the assumed one."""
        return self.useful_life_years or self.assumed_life_years
