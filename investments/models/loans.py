"""What is borrowed: existing loans are shared facts, planned ones belong to a budget."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from budgets.models import Budget, BudgetScopedQuerySet, Lineage
from investments.models.classes import AssetClass, HasLife
from investments.models.purchases import Investment
from objects.models.roles import FederationQuerySet
from records.models import Provenance
from web.days import DayField, YearField, day_checks
from web.fields import OreField
from web.ordering import in_swedish
from web.tracking import tracked


@tracked(shown=("debt_on", "debt_ore"))
class Loan(models.Model):
    """An existing loan, or a sum of them: what was owed on a date. It follows its own plan."""

    name = models.CharField(_("Name"), max_length=120, unique=True)
    debt_on = DayField(_("Day of the debt"), ahead=0)
    debt_ore = OreField(_("Debt, SEK"))
    provenance = models.CharField(_("Source"), max_length=10, choices=Provenance, default=Provenance.ENTERED)
    note = models.TextField(pgettext_lazy("of a line", "Note"), blank=True)

    objects = FederationQuerySet.as_manager()

    class Meta:
        verbose_name = _("loan")
        verbose_name_plural = _("loans")
        ordering = ["debt_on", in_swedish("name")]
        constraints = [
            models.CheckConstraint(condition=Q(debt_ore__gte=0), name="debt_is_not_negative"),
            *day_checks("loan", "debt_on"),
        ]

    def __str__(self) -> str:
        return self.name


@tracked(key="instalment", shown=("year", "amount_ore"), title="loan")
class LoanInstalment(models.Model):
    """What is repaid of an existing loan in a year."""

    loan = models.ForeignKey(Loan, models.CASCADE, related_name="instalments", verbose_name=_("Loan"))
    year = YearField(_("Year"))
    amount_ore = OreField(_("Amount, SEK"))
    provenance = models.CharField(_("Source"), max_length=10, choices=Provenance, default=Provenance.ENTERED)

    objects = FederationQuerySet.as_manager()

    class Meta:
        verbose_name = _("instalment")
        verbose_name_plural = _("instalments")
        ordering = ["loan", "year"]
        constraints = [
            models.UniqueConstraint(fields=["loan", "year"], name="one_instalment_a_year"),
            models.CheckConstraint(condition=Q(amount_ore__gte=0), name="instalment_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.loan} {self.year}"


@tracked(shown=("purpose", "year", "principal_ore"), name=Cast("year", models.CharField()))
class PlannedLoan(models.Model):
    """A loan that a budget plans. Borrowing for investments is repaid over the life of what it pays for.

    Borrowing for use of equity pays for no asset and has no life: it needs repayments of its own. One that `follows` is
    what its row of the investment budget buys in that year, and is written by the calculation.
    """

    class Purpose(models.TextChoices):
        INVESTMENTS = "investments", _("investments")
        USE_OF_EQUITY = "use_of_equity", _("use of equity")

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
