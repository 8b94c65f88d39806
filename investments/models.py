"""What is bought and borrowed.

Asset classes, existing loans and borrowing frameworks are shared facts; investments and planned loans belong to
a budget, are copied with it and frozen by its adoption.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from budgets.models import Budget, BudgetScopedQuerySet, Lineage
from engine.days import DayKind
from engine.money import MAX_ORE
from engine.years import AMOUNTS
from objects.models import Decision, Municipality
from objects.models.roles import FederationQuerySet, VisibleQuerySet
from records.models import Provenance
from web.days import DayField, YearField, day_checks
from web.fields import OreField
from web.ordering import in_swedish
from web.tracking import tracked


@tracked(shown=("useful_life_years",))
class AssetClass(models.Model):
    """A kind of asset with its useful life in years; a life that is not yet known has an assumed one."""

    slug = models.SlugField(_("Name in the address"), max_length=40, unique=True)
    name = models.CharField(_("Name"), max_length=120)
    useful_life_years = models.PositiveSmallIntegerField(_("Useful life, years"), null=True, blank=True)
    assumed_life_years = models.PositiveSmallIntegerField(_("Assumed life, years"), null=True, blank=True)
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
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def life_years(self) -> int | None:
        """The known life, or else the assumed one."""
        return self.useful_life_years or self.assumed_life_years


# Rule 2: the plan years become the first two; purchases have no index, so the last is as the one before.
YEAR_ON = {
    "amount_1_ore": "old.amount_2_ore",
    "amount_2_ore": "old.amount_3_ore",
    "provenance": "CASE old.provenance WHEN 'assumed' THEN 'assumed' ELSE 'copied' END",
}


@tracked(shown=("amount_1_ore", "amount_2_ore", "amount_3_ore"), title="asset_class", year_on=YEAR_ON)
class Investment(models.Model):
    """What a budget plans to buy of one asset class; an amount that is not yet known stays empty."""

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
                for name in AMOUNTS
            ],
        ]

    def __str__(self) -> str:
        return f"{self.asset_class}, {self.budget}"

    @property
    def amounts(self) -> tuple[int | None, int | None, int | None]:
        """The three years' amounts, öre; None is not yet known."""
        return (self.amount_1_ore, self.amount_2_ore, self.amount_3_ore)


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

    Borrowing for use of equity pays for no asset and has no life: it needs repayments of its own.
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
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.year}"


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


@tracked(
    key="framework",
    shown=("amount_ore",),
    name=Concat(Cast(F("amount_ore") / 100_000, models.CharField()), Value(" tkr")),
)
class BorrowingFramework(models.Model):
    """The most the federation may owe, guaranteed by the members; in force with the last council's decision."""

    amount_ore = OreField(_("Amount, SEK"))
    decided_by = models.ForeignKey(
        Decision,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="frameworks",
        verbose_name=_("Adopted by the decision"),
    )
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("Replaces")
    )
    needs = models.CharField(_("Needs"), max_length=200, blank=True)
    guarantee_fee_ore = OreField(_("Guarantee fee, SEK"), default=0)
    provenance = models.CharField(_("Source"), max_length=10, choices=Provenance, default=Provenance.ENTERED)
    note = models.TextField(pgettext_lazy("of a line", "Note"), blank=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("borrowing framework")
        verbose_name_plural = _("borrowing frameworks")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(amount_ore__gt=0), name="framework_is_positive")]

    def __str__(self) -> str:
        return f"{self.amount_ore // 100_000} tkr"


@tracked(
    key="council",
    shown=("decided_on", "announced_on", "appealed_on", "legal_force_on"),
    title="municipality",
    place="framework",
)
class CouncilDecision(models.Model):
    """One member council's decision on a framework; its legal force is the engine's rule, or as entered."""

    framework = models.ForeignKey(
        BorrowingFramework, models.CASCADE, related_name="council_decisions", verbose_name=_("Borrowing framework")
    )
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="framework_decisions", verbose_name=_("Municipality")
    )
    decided_on = DayField(_("Decided on"), null=True, blank=True, ahead=0, kind=DayKind.DONE)
    announced_on = DayField(_("Announced on"), null=True, blank=True, ahead=0, kind=DayKind.DONE)
    appealed_on = DayField(_("Appealed on"), null=True, blank=True, ahead=0)
    legal_force_on = DayField(_("Legal force"), null=True, blank=True, ahead=5)
    provenance = models.CharField(_("Source"), max_length=10, choices=Provenance, default=Provenance.ENTERED)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision of a council")
        verbose_name_plural = _("decisions of councils")
        ordering = ["framework", "municipality"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "municipality"], name="council_decides_once"),
            models.CheckConstraint(
                condition=Q(announced_on__isnull=True)
                | Q(decided_on__isnull=True)
                | Q(announced_on__gte=F("decided_on")),
                name="announced_after_decided",
            ),
            *day_checks("council", "decided_on", "announced_on", "appealed_on", "legal_force_on"),
        ]

    def __str__(self) -> str:
        return f"{self.municipality}: {self.framework}"
