"""What is bought, by kind: asset classes are shared facts."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from objects.models.roles import VisibleQuerySet
from web.tracking import tracked

MOST_YEARS = 100


class HasLife(models.Model):
    """A useful life in years; one that is not yet known has an assumed one."""

    useful_life_years = models.PositiveSmallIntegerField(_("Useful life, years"), null=True, blank=True)
    assumed_life_years = models.PositiveSmallIntegerField(_("Assumed life, years"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def life_years(self) -> int | None:
        """The known life, or else the assumed one."""
        return self.useful_life_years or self.assumed_life_years


def life_checks(prefix: str = "") -> list[models.BaseConstraint]:
    """Return the constraints on a life in years, by names that begin with `prefix`."""
    return [
        models.CheckConstraint(
            condition=Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__range": (1, MOST_YEARS)}),
            name=f"{prefix}{name}_is_positive",
        )
        for field, name in (("useful_life_years", "life"), ("assumed_life_years", "assumed_life"))
    ]


@tracked(shown=("useful_life_years",))
class AssetClass(HasLife):
    """A kind of asset. Its life is what a new budget starts with; each budget has its own (rule 8).

    A child, such as student computers, has a life of its own and is counted with its parent wherever that is named; a child
    has no children. What `is_device` belongs to a customer.
    """

    slug = models.SlugField(_("Name in the address"), max_length=40, unique=True)
    name = models.CharField(_("Name"), max_length=120)
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
            *life_checks(),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="asset_class_is_no_part_of_itself"
            ),
        ]

    def __str__(self) -> str:
        return self.name
