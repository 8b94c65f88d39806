"""Equity and the balance sheet: what is owned at a year's end, how low equity may be, and funds that use it.

Statements, floors and funds are shared facts, which no adoption freezes; how a budget plans that provisions and other
liabilities change belongs to the budget.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from budgets.models import Budget, BudgetScopedQuerySet, Lineage
from engine.balance import ENTERED, Item
from engine.days import DayKind
from engine.money import MAX_ORE
from objects.models import Decision
from objects.models.roles import VisibleQuerySet
from records.models import Provenance
from web.days import DayField, YearField, day_checks
from web.fields import OreField
from web.ordering import in_swedish
from web.tracking import tracked

WORDS = {
    Item.FIXED_ASSETS: _("Fixed assets"),
    Item.OTHER_ASSETS: _("Other assets"),
    Item.EQUITY: _("Equity"),
    Item.PROVISIONS: _("Provisions"),
    Item.DEBT: _("Loans"),
    Item.OTHER_LIABILITIES: _("Other liabilities"),
}
# The debt is that of the loans, which have statements of their own.
STATED = tuple(item for item in Item if item != Item.DEBT)


def _within(name: str, constraint: str, *, least: int = 0) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{name}__range": (least, MAX_ORE)}), name=constraint)


@tracked(shown=("stated_on", "amount_ore"), title="item")
class BalanceStatement(models.Model):
    """What one item of the balance sheet is on a year's last day, as the accounts or whoever entered it say."""

    uuid = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    item = models.CharField(
        pgettext_lazy("of a balance sheet", "Item"),
        max_length=20,
        choices=[(item.value, WORDS[item]) for item in STATED],
    )
    stated_on = DayField(_("Day"), ahead=0, kind=DayKind.DONE)
    amount_ore = OreField(_("Amount, SEK"))
    provenance = models.CharField(_("Source"), max_length=10, choices=Provenance, default=Provenance.ENTERED)
    note = models.CharField(_("According to"), max_length=200)
    edited_at = models.DateTimeField(_("Edited"), auto_now=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("figure of a balance sheet")
        verbose_name_plural = _("figures of balance sheets")
        ordering = ["-stated_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["stated_on", "item"], name="balance_item_once_a_day"),
            models.CheckConstraint(
                condition=Q(stated_on__month=12, stated_on__day=31), name="balance_is_of_a_year_end"
            ),
            models.CheckConstraint(
                condition=Q(item__in=[item.value for item in STATED]), name="balance_item_is_stated"
            ),
            models.CheckConstraint(
                condition=Q(amount_ore__range=(0, MAX_ORE)) | Q(item="equity", amount_ore__range=(-MAX_ORE, MAX_ORE)),
                name="only_equity_is_negative",
            ),
            *day_checks("balance", "stated_on"),
        ]

    def __str__(self) -> str:
        return f"{self.get_item_display()} {self.stated_on}"


@tracked(shown=("year", "amount_ore"), title="item")
class BalanceChange(models.Model):
    """How a budget plans that provisions or other liabilities change in a year; without a row they do not."""

    budget = models.ForeignKey(Budget, models.PROTECT, related_name="balance_changes", verbose_name=_("Budget"))
    lineage = Lineage()
    item = models.CharField(
        pgettext_lazy("of a balance sheet", "Item"),
        max_length=20,
        choices=[(item.value, WORDS[item]) for item in ENTERED],
    )
    year = YearField(_("Year"))
    amount_ore = OreField(_("Change, SEK"))
    provenance = models.CharField(_("Source"), max_length=10, choices=Provenance, default=Provenance.ENTERED)
    note = models.CharField(_("Reason"), max_length=200)
    edited_at = models.DateTimeField(_("Edited"), auto_now=True)

    objects = BudgetScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("planned change of a balance sheet")
        verbose_name_plural = _("planned changes of balance sheets")
        ordering = ["year", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["budget", "lineage"], name="balance_change_lineage_once_a_budget"),
            models.UniqueConstraint(fields=["budget", "item", "year"], name="balance_item_changes_once_a_year"),
            models.CheckConstraint(
                condition=Q(item__in=[item.value for item in ENTERED]), name="balance_change_is_entered"
            ),
            _within("amount_ore", "balance_change_in_range", least=-MAX_ORE),
        ]

    def __str__(self) -> str:
        return f"{self.get_item_display()} {self.year}"


@tracked(shown=("from_on", "amount_ore"), name=Cast("from_on", models.CharField()))
class EquityFloor(models.Model):
    """The least equity that the federation's goals allow, from a day until the next one's."""

    uuid = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    from_on = DayField(pgettext_lazy("of a floor", "From"), unique=True, ahead=5)
    amount_ore = OreField(_("Least equity, SEK"))
    provenance = models.CharField(_("Source"), max_length=10, choices=Provenance, default=Provenance.ENTERED)
    note = models.CharField(_("According to"), max_length=200)
    edited_at = models.DateTimeField(_("Edited"), auto_now=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("floor of equity")
        verbose_name_plural = _("floors of equity")
        ordering = ["-from_on"]
        constraints = [_within("amount_ore", "equity_floor_in_range"), *day_checks("floor", "from_on")]

    def __str__(self) -> str:
        return f"{self.amount_ore // 100_000} tkr, {self.from_on}"


@tracked(shown=("amount_ore", "first_year", "last_year"))
class EquityFund(models.Model):
    """A fund for use of equity: so much in total, within some years, by a linked decision (rule 9)."""

    uuid = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("Name"), max_length=120, unique=True)
    amount_ore = OreField(_("In total, SEK"))
    first_year = YearField(_("First year"))
    last_year = YearField(_("Last year"))
    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="equity_funds", verbose_name=_("Decision")
    )
    provenance = models.CharField(_("Source"), max_length=10, choices=Provenance, default=Provenance.ENTERED)
    note = models.TextField(pgettext_lazy("of a line", "Note"), blank=True)
    edited_at = models.DateTimeField(_("Edited"), auto_now=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("fund for use of equity")
        verbose_name_plural = _("funds for use of equity")
        ordering = ["first_year", in_swedish("name")]
        constraints = [
            models.CheckConstraint(condition=Q(last_year__gte=F("first_year")), name="fund_ends_after_it_starts"),
            _within("amount_ore", "fund_is_positive", least=1),
        ]

    def __str__(self) -> str:
        return self.name


@tracked(key="fund_year", shown=("year", "amount_ore"), place="fund", name=Cast("year", models.CharField()))
class EquityFundYear(models.Model):
    """How much of a fund is decided for a year. A trigger holds the years to the fund."""

    uuid = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    fund = models.ForeignKey(EquityFund, models.CASCADE, related_name="years", verbose_name=_("Fund"))
    year = YearField(_("Year"))
    amount_ore = OreField(_("Amount, SEK"))
    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="equity_fund_years", verbose_name=_("Decision")
    )
    provenance = models.CharField(_("Source"), max_length=10, choices=Provenance, default=Provenance.ENTERED)
    edited_at = models.DateTimeField(_("Edited"), auto_now=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("year of a fund")
        verbose_name_plural = _("years of funds")
        ordering = ["fund", "year"]
        constraints = [
            models.UniqueConstraint(fields=["fund", "year"], name="fund_year_once"),
            _within("amount_ore", "fund_year_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.fund} {self.year}"


@tracked(shown=("year", "amount_ore", "used_ore"), place="fund")
class EquityInitiative(models.Model):
    """What a fund pays for in a year; `used_ore` is empty while nobody knows what it took."""

    uuid = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    fund = models.ForeignKey(EquityFund, models.PROTECT, related_name="initiatives", verbose_name=_("Fund"))
    name = models.CharField(_("Initiative"), max_length=160)
    year = YearField(_("Year"))
    amount_ore = OreField(_("Amount, SEK"))
    used_ore = OreField(_("Used, SEK"), null=True, blank=True)
    provenance = models.CharField(_("Source"), max_length=10, choices=Provenance, default=Provenance.ENTERED)
    note = models.TextField(pgettext_lazy("of a line", "Note"), blank=True)
    edited_at = models.DateTimeField(_("Edited"), auto_now=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("initiative of a fund")
        verbose_name_plural = _("initiatives of funds")
        ordering = ["fund", in_swedish("name"), "year"]
        constraints = [
            models.UniqueConstraint(fields=["fund", "name", "year"], name="initiative_once_a_year"),
            _within("amount_ore", "initiative_in_range"),
            models.CheckConstraint(
                condition=Q(used_ore__isnull=True) | Q(used_ore__range=(0, MAX_ORE)), name="initiative_used_in_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.year}"

    @property
    def left_ore(self) -> int | None:
        """What is left of it, öre; None while what is used is not known."""
        return None if self.used_ore is None else self.amount_ore - self.used_ore
