"""What is agreed with a lender, and what the lender says: a loan's dated rates, and what was owed on a day."""

from __future__ import annotations

import uuid
from datetime import date

from django.contrib.postgres.functions import RandomUUID
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from investments.models.loans import DAYS_AHEAD, MONTHS_BETWEEN, Between, Loan
from objects.models.roles import FederationQuerySet
from records.models import Provenance
from web.days import DayField, day_checks
from web.fields import OreField
from web.tracking import tracked

MOST_PERCENT = 100


@tracked(key="loan_term", shown=("from_on", "rate_percent", "kind"), title="loan")
class LoanTerm(models.Model):
    """A loan's yearly rate from a day on, until the next. What is set anew by the market moves with it from then on."""

    class Kind(models.TextChoices):
        FIXED = "fixed", pgettext_lazy("of a rate of interest", "fixed")
        VARIABLE = "variable", pgettext_lazy("of a rate of interest", "variable")

    loan = models.ForeignKey(Loan, models.CASCADE, related_name="terms", verbose_name=_("Loan"))
    from_on = DayField(_("From"), ahead=DAYS_AHEAD)
    rate_percent = models.DecimalField(
        _("Rate, per cent a year"),
        max_digits=7,
        decimal_places=4,
        validators=[MinValueValidator(-MOST_PERCENT), MaxValueValidator(MOST_PERCENT)],
    )
    kind = models.CharField(_("Fixed or variable"), max_length=8, choices=Kind, default=Kind.FIXED)
    resets = models.BooleanField(_("Set by the market on that day"), default=False)
    every_months = models.PositiveSmallIntegerField(_("Rate is reset"), choices=Between, null=True, blank=True)
    provenance = models.CharField(_("Source"), max_length=10, choices=Provenance, default=Provenance.ENTERED)

    objects = FederationQuerySet.as_manager()

    class Meta:
        verbose_name = _("rate of a loan")
        verbose_name_plural = _("rates of loans")
        ordering = ["loan", "from_on"]
        constraints = [
            models.UniqueConstraint(fields=["loan", "from_on"], name="loan_terms_do_not_overlap"),
            models.CheckConstraint(
                condition=Q(rate_percent__range=(-MOST_PERCENT, MOST_PERCENT)), name="loan_rate_is_at_most_100"
            ),
            models.CheckConstraint(
                condition=Q(kind="fixed", every_months__isnull=True)
                | Q(kind="variable", every_months__isnull=False, every_months__in=MONTHS_BETWEEN),
                name="variable_rate_is_set_anew",
            ),
            *day_checks("loan_term", "from_on"),
        ]

    def __str__(self) -> str:
        return f"{self.loan} {self.from_on}"


@tracked(key="loan_statement", shown=("stated_on", "debt_ore", "kind"), title="loan")
class LoanStatement(models.Model):
    """What was owed of a loan at the end of a day, as its lender says; what the plan says is held against it."""

    class Kind(models.TextChoices):
        STATEMENT = "statement", _("statement")
        CONFIRMATION = "confirmation", _("yearly confirmation")

    uuid = models.UUIDField(_("public id"), default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    loan = models.ForeignKey(Loan, models.CASCADE, related_name="statements", verbose_name=_("Loan"))
    stated_on = DayField(_("Day"), ahead=0)
    debt_ore = OreField(_("Owed by the lender's statement, SEK"))
    kind = models.CharField(
        _("Kind of statement"), max_length=12, choices=Kind, default=Kind.STATEMENT, db_default="statement"
    )
    provenance = models.CharField(_("Source"), max_length=10, choices=Provenance, default=Provenance.ENTERED)
    note = models.TextField(pgettext_lazy("of a line", "Note"), blank=True, default="", db_default="")

    objects = FederationQuerySet.as_manager()

    class Meta:
        verbose_name = _("statement of a loan")
        verbose_name_plural = _("statements of loans")
        ordering = ["loan", "stated_on"]
        constraints = [
            models.UniqueConstraint(fields=["loan", "stated_on"], name="one_loan_statement_a_day"),
            models.CheckConstraint(condition=Q(debt_ore__gte=0), name="stated_debt_is_not_negative"),
            *day_checks("loan_statement", "stated_on"),
        ]

    def __str__(self) -> str:
        day: date = self.stated_on
        return f"{self.loan} {day}"
