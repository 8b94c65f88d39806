"""What a budget plans to buy: copied with it and frozen by its adoption.

A row is an asset class with its life and price in that budget, and what no item says more of; an item is one purchase.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from budgets.models import Budget, BudgetScopedQuerySet, Lineage
from engine.money import MAX_ORE
from engine.years import AMOUNTS
from investments.models.classes import AssetClass, HasLife, life_checks
from objects.models import Customer, Decision
from objects.models.roles import FederationQuerySet
from records.models import Provenance
from web.days import YearField
from web.fields import OreField
from web.tracking import tracked

# Rule 2: the plan years become the first two; purchases have no index, so the last is as the one before.
YEAR_ON = {
    "amount_1_ore": "old.amount_2_ore",
    "amount_2_ore": "old.amount_3_ore",
    "provenance": "CASE old.provenance WHEN 'assumed' THEN 'assumed' ELSE 'copied' END",
}


@tracked(
    shown=("amount_1_ore", "amount_2_ore", "amount_3_ore"),
    title="asset_class",
    name=F("asset_class__name"),
    year_on=YEAR_ON,
)
class Investment(HasLife):
    """What a budget plans to buy of one asset class, even over each year; an amount that is not yet known stays empty.

    What its items buy comes on top. Its life is that of the class in this budget: a longer one changes no earlier budget.
    """

    class Financing(models.TextChoices):
        LOAN = "loan", _("loan")
        FINANCE_LEASE = "finance_lease", _("finance lease")

    budget = models.ForeignKey(Budget, models.PROTECT, related_name="investments", verbose_name=_("Budget"))
    lineage = Lineage()
    asset_class = models.ForeignKey(
        AssetClass, models.PROTECT, related_name="investments", verbose_name=_("Asset class")
    )
    financing = models.CharField(_("Financing"), max_length=14, choices=Financing, default=Financing.LOAN)
    amount_1_ore = OreField(_("Amount of the first year, SEK"), null=True, blank=True)
    amount_2_ore = OreField(_("Amount of the second year, SEK"), null=True, blank=True)
    amount_3_ore = OreField(_("Amount of the third year, SEK"), null=True, blank=True)
    unit_price_ore = OreField(_("Price each, SEK"), null=True, blank=True)
    note = models.TextField(pgettext_lazy("of a line", "Note"), blank=True)
    position = models.PositiveSmallIntegerField(_("Place in the order"), default=0)
    provenance = models.CharField(_("Source"), max_length=10, choices=Provenance, default=Provenance.ENTERED)

    objects = BudgetScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("investment")
        verbose_name_plural = _("investments")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["budget", "lineage"], name="investment_lineage_once_a_budget"),
            *[
                models.CheckConstraint(
                    condition=Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__range": (0, MAX_ORE)}),
                    name=f"investment_{name}_in_range",
                )
                for name in (*AMOUNTS, "unit_price_ore")
            ],
            *life_checks("investment_"),
        ]

    def __str__(self) -> str:
        return f"{self.asset_class}, {self.budget}"

    @property
    def own_amounts(self) -> tuple[int | None, int | None, int | None]:
        """What no item says more of in the three years, öre; None is not yet known."""
        return (self.amount_1_ore, self.amount_2_ore, self.amount_3_ore)

    @property
    def amounts(self) -> tuple[int | None, int | None, int | None]:
        """What is bought in the three years with all items, öre, as far as it is known; None where nothing is."""
        own = self.own_amounts
        first, second, third = (self._sum_year(year, own[place]) for place, year in enumerate(self.budget.years))
        return (first, second, third)

    def _sum_year(self, year: int, own: int | None) -> int | None:
        known = [item.amount_ore for item in self.items.all() if item.year == year and item.amount_ore is not None]
        return sum(known, own or 0) if known or own is not None else None

    @property
    def unknown_years(self) -> list[int]:
        """The years in which an amount is not yet known: the row's own, or an item's."""
        own = {year for year, ore in zip(self.budget.years, self.own_amounts, strict=True) if ore is None}
        return sorted(own | {item.year for item in self.items.all() if item.amount_ore is None})


# Rule 2: a purchase has its calendar year and keeps it; those of years before the copy's are dropped by it.
ITEM_YEAR_ON = {"provenance": "CASE old.provenance WHEN 'assumed' THEN 'assumed' ELSE 'copied' END"}


@tracked(shown=("year", "amount_ore"), place="investment", year_on=ITEM_YEAR_ON)
class InvestmentItem(models.Model):
    """One purchase: what, for whom, in which month or even over its year. An amount that is not yet known stays empty.

    Quantity and price are both set or both empty, and then the amount is their product. What is first in `priority` is
    paid for first.
    """

    budget = models.ForeignKey(Budget, models.PROTECT, related_name="investment_items", verbose_name=_("Budget"))
    lineage = Lineage()
    investment = models.ForeignKey(
        Investment, models.CASCADE, related_name="items", verbose_name=_("Row of the investment budget")
    )
    name = models.CharField(_("What"), max_length=160)
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, related_name="investment_items", verbose_name=_("For whom")
    )
    year = YearField(_("Year"))
    month = models.PositiveSmallIntegerField(_("Taken into use in the month"), null=True, blank=True)
    quantity = models.PositiveIntegerField(_("Quantity"), null=True, blank=True)
    unit_price_ore = OreField(_("Price each, SEK"), null=True, blank=True)
    amount_ore = OreField(_("Amount, SEK"), null=True, blank=True)
    priority = models.PositiveSmallIntegerField(_("Priority"), null=True, blank=True)
    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="investment_items", verbose_name=_("Decision")
    )
    note = models.TextField(pgettext_lazy("of a line", "Note"), blank=True)
    position = models.PositiveSmallIntegerField(_("Place in the order"), default=0)
    provenance = models.CharField(_("Source"), max_length=10, choices=Provenance, default=Provenance.ENTERED)

    objects = BudgetScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("investment item")
        verbose_name_plural = _("investment items")
        ordering = ["year", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["budget", "lineage"], name="investment_item_lineage_once_a_budget"),
            models.CheckConstraint(
                condition=Q(month__isnull=True) | Q(month__range=(1, 12)), name="item_month_of_the_year"
            ),
            models.CheckConstraint(
                condition=Q(quantity__isnull=True) | Q(quantity__gt=0), name="item_quantity_positive"
            ),
            models.CheckConstraint(
                condition=Q(quantity__isnull=True, unit_price_ore__isnull=True)
                | Q(
                    quantity__isnull=False,
                    unit_price_ore__isnull=False,
                    amount_ore=F("quantity") * F("unit_price_ore"),
                ),
                name="item_amount_is_quantity_times_price",
            ),
            *[
                models.CheckConstraint(
                    condition=Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__range": (0, MAX_ORE)}),
                    name=f"item_{name}_in_range",
                )
                for name in ("unit_price_ore", "amount_ore")
            ],
        ]

    def __str__(self) -> str:
        return self.name


@tracked(shown=("state", "ordered_ore", "paid_ore"), name=F("state"))
class PurchaseState(models.Model):
    """How far a purchase has come: a shared fact that points to the item by lineage and lives on after adoption."""

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("of a purchase", "planned")
        ORDERED = "ordered", pgettext_lazy("of a purchase", "ordered")
        DELIVERED = "delivered", pgettext_lazy("of a purchase", "delivered")
        IN_USE = "in_use", pgettext_lazy("of a purchase", "in use")
        DEFERRED = "deferred", pgettext_lazy("of a purchase", "deferred")

    item_lineage = models.UUIDField(_("Purchase"), unique=True, editable=False)
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.PLANNED)
    ordered_ore = OreField(_("Ordered for, SEK"), null=True, blank=True)
    paid_ore = OreField(_("Paid, SEK"), null=True, blank=True)
    note = models.TextField(pgettext_lazy("of a line", "Note"), blank=True)
    provenance = models.CharField(_("Source"), max_length=10, choices=Provenance, default=Provenance.ENTERED)
    edited_at = models.DateTimeField(_("Edited"), auto_now=True)

    objects = FederationQuerySet.as_manager()

    class Meta:
        verbose_name = _("state of a purchase")
        verbose_name_plural = _("states of purchases")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__range": (0, MAX_ORE)}),
                name=f"purchase_{name}_in_range",
            )
            for name in ("ordered_ore", "paid_ore")
        ]

    def __str__(self) -> str:
        return str(self.get_state_display())
