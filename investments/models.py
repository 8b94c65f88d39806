"""What is bought and borrowed.

Asset classes, existing loans and borrowing frameworks are shared facts; investments and planned loans belong to
a budget, are copied with it and frozen by its adoption.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from budgets.models import Budget, BudgetScopedQuerySet, Lineage
from engine.money import MAX_ORE
from engine.years import AMOUNTS
from objects.models import Decision, Municipality
from objects.models.roles import FederationQuerySet, VisibleQuerySet
from records.models import Provenance
from web.fields import OreField
from web.tracking import tracked


@tracked()
class AssetClass(models.Model):
    """A kind of asset with its useful life in years; a life that is not yet known has an assumed one."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    useful_life_years = models.PositiveSmallIntegerField(null=True, blank=True)
    assumed_life_years = models.PositiveSmallIntegerField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        verbose_name_plural = "asset classes"
        constraints = [
            models.CheckConstraint(
                condition=Q(useful_life_years__isnull=True) | Q(useful_life_years__range=(1, 100)),
                name="life_is_positive",
            ),
            models.CheckConstraint(
                condition=Q(assumed_life_years__isnull=True) | Q(assumed_life_years__range=(1, 100)),
                name="assumed_life_is_positive",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def life_years(self) -> int | None:
        """The known life, or else the assumed one."""
        return self.useful_life_years or self.assumed_life_years


@tracked()
class Investment(models.Model):
    """What a budget plans to buy of one asset class; an amount that is not yet known stays empty."""

    class Financing(models.TextChoices):
        LOAN = "loan", _("loan")
        FINANCE_LEASE = "finance_lease", _("finance lease")

    budget = models.ForeignKey(Budget, models.PROTECT, related_name="investments")
    lineage = Lineage()
    asset_class = models.ForeignKey(AssetClass, models.PROTECT, related_name="investments")
    financing = models.CharField(max_length=14, choices=Financing, default=Financing.LOAN)
    amount_1_ore = OreField(null=True, blank=True)
    amount_2_ore = OreField(null=True, blank=True)
    amount_3_ore = OreField(null=True, blank=True)
    note = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    provenance = models.CharField(max_length=10, choices=Provenance, default=Provenance.ENTERED)

    objects = BudgetScopedQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["budget", "lineage"], name="investment_lineage_once_a_budget"),
            *[
                models.CheckConstraint(
                    condition=Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__range": (0, MAX_ORE)}),
                    name=f"investment_{name}_in_range",
                )
                for name in AMOUNTS
            ],
        ]

    def __str__(self) -> str:
        return f"{self.asset_class}, {self.budget}"

    @property
    def amounts(self) -> tuple[int | None, int | None, int | None]:
        """The three years' amounts, öre; None is not yet known."""
        return (self.amount_1_ore, self.amount_2_ore, self.amount_3_ore)


@tracked()
class Loan(models.Model):
    """An existing loan, or a sum of them: what was owed on a date. It follows its own plan."""

    name = models.CharField(max_length=120, unique=True)
    debt_on = models.DateField()
    debt_ore = OreField()
    provenance = models.CharField(max_length=10, choices=Provenance, default=Provenance.ENTERED)
    note = models.TextField(blank=True)

    objects = FederationQuerySet.as_manager()

    class Meta:
        ordering = ["debt_on", "name"]
        constraints = [models.CheckConstraint(condition=Q(debt_ore__gte=0), name="debt_is_not_negative")]

    def __str__(self) -> str:
        return self.name


@tracked()
class LoanInstalment(models.Model):
    """What is repaid of an existing loan in a year."""

    loan = models.ForeignKey(Loan, models.CASCADE, related_name="instalments")
    year = models.PositiveSmallIntegerField()
    amount_ore = OreField()
    provenance = models.CharField(max_length=10, choices=Provenance, default=Provenance.ENTERED)

    objects = FederationQuerySet.as_manager()

    class Meta:
        ordering = ["loan", "year"]
        constraints = [
            models.UniqueConstraint(fields=["loan", "year"], name="one_instalment_a_year"),
            models.CheckConstraint(condition=Q(amount_ore__gte=0), name="instalment_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.loan} {self.year}"


@tracked()
class PlannedLoan(models.Model):
    """A loan that a budget plans. Borrowing for investments is repaid over the life of what it pays for.

    Borrowing for use of equity pays for no asset and has no life: it needs repayments of its own.
    """

    class Purpose(models.TextChoices):
        INVESTMENTS = "investments", _("investments")
        USE_OF_EQUITY = "use_of_equity", _("use of equity")

    budget = models.ForeignKey(Budget, models.PROTECT, related_name="planned_loans")
    lineage = Lineage()
    purpose = models.CharField(max_length=14, choices=Purpose)
    year = models.PositiveSmallIntegerField()
    principal_ore = OreField()
    asset_class = models.ForeignKey(AssetClass, models.PROTECT, null=True, blank=True, related_name="planned_loans")
    life_years = models.PositiveSmallIntegerField(null=True, blank=True)
    provenance = models.CharField(max_length=10, choices=Provenance, default=Provenance.ENTERED)
    note = models.TextField(blank=True)

    objects = BudgetScopedQuerySet.as_manager()

    class Meta:
        ordering = ["year", "purpose", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["budget", "lineage"], name="planned_loan_lineage_once_a_budget"),
            models.CheckConstraint(condition=Q(principal_ore__gte=0), name="principal_is_not_negative"),
            models.CheckConstraint(
                condition=Q(life_years__isnull=True) | Q(life_years__range=(1, 100)), name="loan_life_is_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.year}"


class RepaymentQuerySet(BudgetScopedQuerySet):
    budget_path = "planned_loan__budget__"


@tracked()
class PlannedRepayment(models.Model):
    """A planned loan's own repayment in a year; when there are any, they replace the equal instalments."""

    budget = models.ForeignKey(Budget, models.PROTECT, related_name="planned_repayments")
    planned_loan = models.ForeignKey(PlannedLoan, models.CASCADE, related_name="repayments")
    year = models.PositiveSmallIntegerField()
    amount_ore = OreField()
    provenance = models.CharField(max_length=10, choices=Provenance, default=Provenance.ENTERED)

    objects = RepaymentQuerySet.as_manager()

    class Meta:
        ordering = ["planned_loan", "year"]
        constraints = [
            models.UniqueConstraint(fields=["planned_loan", "year"], name="one_repayment_a_year"),
            models.CheckConstraint(condition=Q(amount_ore__gte=0), name="repayment_is_not_negative"),
        ]


@tracked()
class BorrowingFramework(models.Model):
    """The most the federation may owe, guaranteed by the members; in force with the last council's decision."""

    amount_ore = OreField()
    decided_by = models.ForeignKey(Decision, models.PROTECT, null=True, blank=True, related_name="frameworks")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    needs = models.CharField(max_length=200, blank=True)
    guarantee_fee_ore = OreField(default=0)
    provenance = models.CharField(max_length=10, choices=Provenance, default=Provenance.ENTERED)
    note = models.TextField(blank=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(amount_ore__gt=0), name="framework_is_positive")]

    def __str__(self) -> str:
        return f"{self.amount_ore // 100_000} tkr"


@tracked()
class CouncilDecision(models.Model):
    """One member council's decision on a framework; legal force three weeks after it was announced, or as entered."""

    framework = models.ForeignKey(BorrowingFramework, models.CASCADE, related_name="council_decisions")
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="framework_decisions")
    decided_on = models.DateField(null=True, blank=True)
    announced_on = models.DateField(null=True, blank=True)
    legal_force_on = models.DateField(null=True, blank=True)
    provenance = models.CharField(max_length=10, choices=Provenance, default=Provenance.ENTERED)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["framework", "municipality"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "municipality"], name="council_decides_once"),
            models.CheckConstraint(
                condition=Q(announced_on__isnull=True)
                | Q(decided_on__isnull=True)
                | Q(announced_on__gte=F("decided_on")),
                name="announced_after_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality}: {self.framework}"
