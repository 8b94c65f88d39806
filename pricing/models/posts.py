"""Posts: who is employed, as title, rate and pay, and who carries the cost (rule 4). Single salaries are the economist's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from budgets.models import Budget, BudgetProduct, Lineage
from budgets.models.rates import AgeClass
from engine.money import MAX_ORE
from objects.models.roles import Role, roles_of
from pricing.models.pools import CostPool
from records.models import Provenance
from web.days import DayField, day_checks
from web.fields import OreField
from web.tracking import tracked

if TYPE_CHECKING:
    from accounts.models import User

Row = TypeVar("Row", bound=models.Model, covariant=True)


class SalaryQuerySet(models.QuerySet[Row]):
    """What tells a single salary: the economist sees it, and nobody else."""

    @staticmethod
    def may_read(user: User) -> bool:
        """Say whether the user may read any of it; history asks too, whose events outlive the rows."""
        return Role.ECONOMIST in roles_of(user)

    def visible_to(self, user: User) -> Self:
        return self if self.may_read(user) else self.none()


@tracked(shown=("monthly_pay_ore", "employment_percent"), title="title")
class Post(models.Model):
    """A post; no name of a person. Pay is a month's in full time as agreed on `pay_from_on`, revisions come on top of it."""

    class Kind(models.TextChoices):
        POST = "post", _("post")
        ON_CALL = "on_call", _("on-call pay")

    budget = models.ForeignKey(Budget, models.PROTECT, related_name="posts", verbose_name=_("Budget"))
    lineage = Lineage()
    title = models.CharField(_("Title"), max_length=120)
    unit = models.CharField(_("Unit"), max_length=120, blank=True)
    # On-call pay has the on-costs of a salary, but is nobody's working time.
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind, default=Kind.POST)
    employment_percent = models.DecimalField(_("Rate of employment, %"), max_digits=5, decimal_places=2, default=100)
    monthly_pay_ore = OreField(_("Pay a month in full time, SEK"))
    pay_from_on = DayField(_("Pay as agreed on"), ahead=5)
    from_on = DayField(_("From the month of"), null=True, blank=True, ahead=10)
    to_on = DayField(_("To the month of"), null=True, blank=True, ahead=30)
    age_class = models.CharField(_("Age class"), max_length=10, choices=AgeClass, blank=True, default="")
    position = models.PositiveIntegerField(_("Place in the order"), default=0)
    note = models.TextField(pgettext_lazy("of a line", "Note"), blank=True)
    provenance = models.CharField(_("Source"), max_length=10, choices=Provenance, default=Provenance.ENTERED)
    edited_at = models.DateTimeField(_("Edited"), auto_now=True, db_default=models.functions.Now())

    objects = SalaryQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("of staff", "post")
        verbose_name_plural = pgettext_lazy("of staff", "posts")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["budget", "lineage"], name="post_lineage_once_a_budget"),
            models.CheckConstraint(
                condition=Q(employment_percent__gt=0, employment_percent__lte=100), name="employment_is_a_percentage"
            ),
            models.CheckConstraint(condition=Q(monthly_pay_ore__range=(0, MAX_ORE)), name="monthly_pay_in_range"),
            models.CheckConstraint(condition=Q(from_on__lte=F("to_on")), name="post_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(age_class__in=["", *AgeClass.values]), name="age_class_is_known"),
            *day_checks("post", "pay_from_on", "from_on", "to_on"),
        ]

    def __str__(self) -> str:
        return self.title


@tracked(key="post_part", shown=("weight",), title="pool", place="post", is_inside=True)
class PostPart(models.Model):
    """Who carries a part of a post: a pool, or a product of the base grant. The part is the weight by the post's weights."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="parts", verbose_name=pgettext_lazy("of staff", "post"))
    pool = models.ForeignKey(
        CostPool, models.PROTECT, null=True, blank=True, related_name="post_parts", verbose_name=_("Cost pool")
    )
    budget_product = models.ForeignKey(
        BudgetProduct, models.PROTECT, null=True, blank=True, related_name="post_parts", verbose_name=_("Product")
    )
    weight = models.DecimalField(_("Weight"), max_digits=9, decimal_places=4, default=1)

    objects = SalaryQuerySet.as_manager()

    class Meta:
        verbose_name = _("part of a post")
        verbose_name_plural = _("parts of posts")
        ordering = ["post", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["post", "pool", "budget_product"], nulls_distinct=False, name="post_part_once"
            ),
            models.CheckConstraint(
                condition=Q(pool__isnull=True) ^ Q(budget_product__isnull=True), name="one_carries_a_part"
            ),
            models.CheckConstraint(condition=Q(weight__gt=0), name="post_part_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.post}: {self.pool or self.budget_product}"
