"""What is borrowed: existing loans are shared facts, planned ones belong to a budget."""

from __future__ import annotations

import uuid

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast, ExtractYear
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from budgets.models import Budget, BudgetScopedQuerySet, Lineage
from engine.loan_plans import PlanKind
from engine.loan_terms import DayCount
from engine.loans import INVESTMENTS, USE_OF_EQUITY
from investments.models.classes import AssetClass, HasLife
from investments.models.purchases import Investment
from objects.models.roles import FederationQuerySet
from records.models import Provenance
from web.days import DayField, YearField, day_checks
from web.fields import OreField
from web.ordering import in_swedish
from web.tracking import tracked

DAYS_AHEAD = 60
MONTHS_BETWEEN = (1, 3, 6, 12)
# A loan is a sum of what was owed on a day, or has days and terms of its own: all of these, or none.
OF_A_SUM = ("debt_on", "debt_ore")
OF_TERMS = ("raised_on", "principal_ore", "matures_on")


def _all_set(*names: str, to: bool) -> Q:
    """Return that all of these are known, or none of them."""
    return Q(**{f"{name}__isnull": not to for name in names})


class LoanPurpose(models.TextChoices):
    """What is borrowed for."""

    INVESTMENTS = INVESTMENTS, _("investments")
    USE_OF_EQUITY = USE_OF_EQUITY, _("use of equity")


class Between(models.IntegerChoices):
    """How many months lie between two days that come again."""

    MONTH = 1, _("every month")
    QUARTER = 3, _("every quarter")
    HALF_YEAR = 6, _("every half-year")
    YEAR = 12, _("every year")


@tracked(
    shown=("lender", "number", "raised_on", "principal_ore", "debt_on", "debt_ore"),
)
class Loan(models.Model):
    """An existing loan. With days and terms of its own it moves the debt on its days, and bears its own interest.

    One known only as a sum, or as a debt on a day, follows what is repaid by year.
    """

    class Plan(models.TextChoices):
        OWN = PlanKind.OWN.value, _("own rows")
        EQUAL = PlanKind.EQUAL.value, _("equal parts")
        BULLET = PlanKind.BULLET.value, _("whole at maturity")

    class DayCount(models.TextChoices):
        THIRTY_360 = DayCount.THIRTY_360.value, "30/360"
        ACTUAL = DayCount.ACTUAL.value, _("actual days/365")

    uuid = models.UUIDField(_("public id"), default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    name = models.CharField(_("Name"), max_length=120, unique=True)
    lender = models.CharField(_("Lender"), max_length=80, blank=True)
    number = models.CharField(_("Loan number"), max_length=40, blank=True)
    purpose = models.CharField(_("Borrowed for"), max_length=14, choices=LoanPurpose, default=LoanPurpose.INVESTMENTS)
    raised_on = DayField(_("Raised on"), null=True, blank=True, ahead=DAYS_AHEAD)
    principal_ore = OreField(_("Amount raised, SEK"), null=True, blank=True)
    matures_on = DayField(_("Matures on"), null=True, blank=True, ahead=DAYS_AHEAD)
    day_count = models.CharField(_("Days of interest"), max_length=10, choices=DayCount, default=DayCount.THIRTY_360)
    plan = models.CharField(_("Repayment"), max_length=8, choices=Plan, default=Plan.OWN)
    every_months = models.PositiveSmallIntegerField(_("Instalments"), choices=Between, null=True, blank=True)
    instalment_ore = OreField(_("Each instalment, SEK"), null=True, blank=True)
    first_instalment_on = DayField(_("First instalment"), null=True, blank=True, ahead=DAYS_AHEAD)
    is_planned = models.BooleanField(_("Is part of what the budgets plan to borrow that year"), default=True)
    refinances = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="refinanced_by", verbose_name=_("Refinances")
    )
    part_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("Is part of the sum")
    )
    debt_on = DayField(_("Day of the debt"), null=True, blank=True, ahead=0)
    debt_ore = OreField(_("Debt, SEK"), null=True, blank=True)
    provenance = models.CharField(_("Source"), max_length=10, choices=Provenance, default=Provenance.ENTERED)
    note = models.TextField(pgettext_lazy("of a line", "Note"), blank=True)

    objects = FederationQuerySet.as_manager()

    class Meta:
        verbose_name = _("loan")
        verbose_name_plural = _("loans")
        ordering = ["debt_on", in_swedish("name")]
        constraints = [
            models.UniqueConstraint(fields=["lender", "number"], condition=~Q(number=""), name="loan_number_once"),
            models.CheckConstraint(condition=Q(debt_ore__gte=0), name="debt_is_not_negative"),
            models.CheckConstraint(condition=Q(principal_ore__gte=0), name="loan_amount_is_not_negative"),
            models.CheckConstraint(condition=Q(instalment_ore__gt=0), name="loan_instalment_is_something"),
            models.CheckConstraint(
                condition=(_all_set(*OF_A_SUM, to=True) & _all_set(*OF_TERMS, to=False))
                | (_all_set(*OF_A_SUM, to=False) & _all_set(*OF_TERMS, to=True)),
                name="loan_is_a_sum_or_has_terms",
            ),
            models.CheckConstraint(condition=Q(matures_on__gt=F("raised_on")), name="loan_matures_after_it_is_raised"),
            models.CheckConstraint(condition=Q(every_months__in=MONTHS_BETWEEN), name="loan_months_between_are_known"),
            models.CheckConstraint(
                condition=~Q(plan=PlanKind.EQUAL.value) | Q(every_months__isnull=False, raised_on__isnull=False),
                name="loan_equal_parts_have_days",
            ),
            models.CheckConstraint(
                condition=Q(first_instalment_on__gt=F("raised_on"), first_instalment_on__lte=F("matures_on")),
                name="loan_first_instalment_within",
            ),
            models.CheckConstraint(
                condition=Q(raised_on__isnull=False) | Q(refinances__isnull=True, part_of__isnull=True),
                name="loan_of_terms_refinances",
            ),
            *day_checks("loan", "debt_on", "raised_on", "matures_on", "first_instalment_on"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def has_terms(self) -> bool:
        """Whether it has days and terms of its own."""
        return self.raised_on is not None


@tracked(key="instalment", shown=("year", "due_on", "amount_ore"), title="loan")
class LoanInstalment(models.Model):
    """What is repaid of an existing loan on a day; of one known by year only, in equal parts on the quarter ends."""

    loan = models.ForeignKey(Loan, models.CASCADE, related_name="instalments", verbose_name=_("Loan"))
    year = YearField(_("Year"))
    due_on = DayField(_("Day"), null=True, blank=True, ahead=DAYS_AHEAD)
    amount_ore = OreField(_("Amount, SEK"))
    provenance = models.CharField(_("Source"), max_length=10, choices=Provenance, default=Provenance.ENTERED)

    objects = FederationQuerySet.as_manager()

    class Meta:
        verbose_name = _("instalment")
        verbose_name_plural = _("instalments")
        ordering = ["loan", "year", "due_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["loan", "year"], condition=Q(due_on__isnull=True), name="one_instalment_a_year_without_day"
            ),
            models.UniqueConstraint(fields=["loan", "due_on"], name="one_instalment_a_day"),
            models.CheckConstraint(condition=Q(amount_ore__gte=0), name="instalment_is_not_negative"),
            models.CheckConstraint(condition=Q(year=ExtractYear("due_on")), name="instalment_day_is_of_its_year"),
            *day_checks("instalment", "due_on"),
        ]

    def __str__(self) -> str:
        return f"{self.loan} {self.due_on or self.year}"


@tracked(shown=("purpose", "year", "principal_ore"), name=Cast("year", models.CharField()))
class PlannedLoan(models.Model):
    """A loan that a budget plans. Borrowing for investments is repaid over the life of what it pays for.

    Borrowing for use of equity pays for no asset and has no life: it needs repayments of its own. One that `follows` is
    what its row of the investment budget buys in that year, and is written by the calculation.
    """

    Purpose = LoanPurpose

    class Plan(models.TextChoices):
        EQUAL = PlanKind.EQUAL.value, _("equal parts each year")
        DEPRECIATION = PlanKind.DEPRECIATION.value, _("as what it pays for is depreciated")
        BULLET = PlanKind.BULLET.value, _("whole in the last year")

    budget = models.ForeignKey(Budget, models.PROTECT, related_name="planned_loans", verbose_name=_("Budget"))
    lineage = Lineage()
    purpose = models.CharField(_("Purpose"), max_length=14, choices=Purpose)
    year = YearField(_("Year"))
    principal_ore = OreField(_("Amount borrowed, SEK"))
    asset_class = models.ForeignKey(
        AssetClass, models.PROTECT, null=True, blank=True, related_name="planned_loans", verbose_name=_("Asset class")
    )
    investment = models.ForeignKey(
        Investment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="planned_loans",
        verbose_name=_("Row of the investment budget"),
    )
    follows = models.BooleanField(_("Follows the investment budget"), default=False, db_default=False)
    life_years = models.PositiveSmallIntegerField(_("Years of repayment"), null=True, blank=True)
    plan = models.CharField(_("Repayment"), max_length=12, choices=Plan, default=Plan.EQUAL, db_default=Plan.EQUAL)
    provenance = models.CharField(_("Source"), max_length=10, choices=Provenance, default=Provenance.ENTERED)
    note = models.TextField(pgettext_lazy("of a line", "Note"), blank=True)

    objects = BudgetScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("planned loan")
        verbose_name_plural = _("planned loans")
        ordering = ["year", "purpose", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["budget", "lineage"], name="planned_loan_lineage_once_a_budget"),
            models.CheckConstraint(condition=Q(principal_ore__gte=0), name="principal_is_not_negative"),
            models.CheckConstraint(
                condition=Q(life_years__isnull=True) | Q(life_years__range=(1, 100)), name="loan_life_is_positive"
            ),
            models.CheckConstraint(
                condition=Q(follows=False) | Q(investment__isnull=False), name="loan_follows_its_investment"
            ),
            models.UniqueConstraint(
                fields=["investment", "year"], condition=Q(follows=True), name="one_loan_follows_a_year"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.year}"

    @property
    def pays_for(self) -> HasLife | None:
        """What it pays for, with its life: the row of its budget, or else the asset class."""
        return self.investment or self.asset_class


class RepaymentQuerySet(BudgetScopedQuerySet["PlannedRepayment"]):
    budget_path = "planned_loan__budget__"


@tracked(key="repayment", shown=("year", "amount_ore"), place="planned_loan")
class PlannedRepayment(models.Model):
    """A planned loan's own repayment in a year; when there are any, they replace the equal instalments."""

    budget = models.ForeignKey(Budget, models.PROTECT, related_name="planned_repayments", verbose_name=_("Budget"))
    planned_loan = models.ForeignKey(
        PlannedLoan, models.CASCADE, related_name="repayments", verbose_name=_("Planned loan")
    )
    year = YearField(_("Year"))
    amount_ore = OreField(_("Amount, SEK"))
    provenance = models.CharField(_("Source"), max_length=10, choices=Provenance, default=Provenance.ENTERED)

    objects = RepaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("planned repayment")
        verbose_name_plural = _("planned repayments")
        ordering = ["planned_loan", "year"]
        constraints = [
            models.UniqueConstraint(fields=["planned_loan", "year"], name="one_repayment_a_year"),
            models.CheckConstraint(condition=Q(amount_ore__gte=0), name="repayment_is_not_negative"),
        ]
