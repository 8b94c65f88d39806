"""A budget and its parts: sub-budgets and the products they hold."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from budgets.models.base import ADOPTED, COST_KINDS, BudgetScopedQuerySet, Lineage
from engine.days import DayKind
from engine.years import AMOUNTS, edition_of, plan_years
from objects.models import Decision, EssentialTexts, GovernanceObject, Product
from objects.models.roles import VisibleQuerySet
from records.models import Provenance
from web.days import DayField, YearField, day_checks
from web.tracking import tracked


class BudgetQuerySet(BudgetScopedQuerySet["Budget"]):
    budget_path = ""

    def not_replaced(self) -> Self:
        """Return those that no adopted budget replaces; a revision that is still a draft replaces nothing."""
        return self.exclude(replaced_by__status=ADOPTED)


@tracked(shown=("status",), hidden=("adopted_at",))
class Budget(models.Model):
    """One complete version of a year's budget, with two plan years. Adopted it never changes."""

    class Kind(models.TextChoices):
        ORIGINAL = "original", _("original")
        REVISED = "revised", _("revised")
        FORECAST = "forecast", _("forecast")
        SCENARIO = "scenario", _("scenario")

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        ADOPTED = ADOPTED, _("adopted")
        PUBLISHED_FIGURES = "published", _("figures only")

    class Phase(models.TextChoices):
        """How far a draft has come."""

        OPEN = "open", _("draft")
        COMPILED = "compiled", _("compiled")
        PROPOSED = "proposed", _("proposed")

    slug = models.SlugField(_("Name in the address"), max_length=60, unique=True)
    name = models.CharField(_("Name"), max_length=120, unique=True)
    kind = models.CharField(_("Kind of budget"), max_length=10, choices=Kind, default=Kind.ORIGINAL)
    status = models.CharField(_("Status"), max_length=10, choices=Status, default=Status.DRAFT)
    fiscal_year = YearField(_("Budget year"))
    based_on = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="copies", verbose_name=_("Copied from")
    )
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("Replaces")
    )
    adopted_by = models.ForeignKey(
        Decision,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="adopted_budgets",
        verbose_name=_("Adopted by the decision"),
    )
    adopted_at = models.DateTimeField(_("Adopted at"), null=True, blank=True)
    created_at = models.DateTimeField(_("Created"), auto_now_add=True)
    phase = models.CharField(_("Phase"), max_length=10, choices=Phase, default=Phase.OPEN, db_default=Phase.OPEN)
    # When sub-budgets are to be submitted, and when the steering groups are to have approved them.
    due_on = DayField(_("Due"), null=True, blank=True, back=5, ahead=5, kind=DayKind.COMING)
    approval_due_on = DayField(
        _("Approved by the steering groups at the latest"), null=True, blank=True, back=5, ahead=5, kind=DayKind.COMING
    )
    jump_percent = models.DecimalField(
        _("Change that asks for a note, %"), max_digits=5, decimal_places=1, default=10, db_default=Decimal(10)
    )
    # Why the result is negative (rule 9); empty when it is not.
    result_reason = models.TextField(_("Reason for the negative result"), blank=True, db_default="")

    objects = BudgetQuerySet.as_manager()

    class Meta:
        verbose_name = _("budget")
        verbose_name_plural = _("budgets")
        ordering = ["-fiscal_year", "-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(fiscal_year__gte=2000, fiscal_year__lte=2200), name="fiscal_year_is_a_year"
            ),
            models.CheckConstraint(
                condition=Q(status=ADOPTED) ^ Q(adopted_by__isnull=True), name="adopted_only_by_a_decision"
            ),
            models.CheckConstraint(condition=Q(phase__in=["open", "compiled", "proposed"]), name="phase_is_known"),
            models.CheckConstraint(condition=Q(approval_due_on__gte=F("due_on")), name="approved_after_submitted"),
            models.CheckConstraint(
                condition=Q(jump_percent__gte=0, jump_percent__lte=1000), name="jump_is_a_percentage"
            ),
            *day_checks("budget", "due_on", "approval_due_on"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def years(self) -> tuple[int, int, int]:
        """The fiscal year and its two plan years."""
        return plan_years(self.fiscal_year)

    @property
    def edition(self) -> str:
        """What documents call its own year's figures."""
        return edition_of(self.fiscal_year, self.fiscal_year)

    @property
    def title(self) -> str:
        """Its name with its kind, which is left out where the name says it already, in whatever language."""
        is_named = any(word in self.name.lower() for word in _list_words(self.Kind(self.kind)))
        return self.name if is_named else f"{self.name}, {self.get_kind_display()}"

    @property
    def is_adopted(self) -> bool:
        return self.status == self.Status.ADOPTED

    @property
    def made_from(self) -> Budget | None:
        """The budget of the same year that it revises or tries another way; None where it is made from no such."""
        same = self.based_on is not None and self.based_on.fiscal_year == self.fiscal_year
        return self.replaces or (self.based_on if same else None)

    @property
    def stage(self) -> str:
        """In words, how far it has come: the phase of a draft that is compiled or proposed, else the status."""
        is_on_its_way = self.status == self.Status.DRAFT and self.phase != self.Phase.OPEN
        return str(self.get_phase_display() if is_on_its_way else self.get_status_display())


@cache
def _list_words(kind: Budget.Kind) -> frozenset[str]:
    """Return what a kind of budget is called in all languages, in small letters."""
    words = set()
    for language, _name in settings.LANGUAGES:
        with override(language):
            words.add(str(kind.label).lower())
    return frozenset(words)


# A draft reads its objects' texts from the objects; only the base grant's are its own.
OWN_TEXT = "CASE WHEN old.governance_object_id IS NULL THEN old.{name} ELSE '' END"


@tracked(
    shown=("status",),
    copied={"status": "'draft'", "own_due_on": "NULL", "own_approval_due_on": "NULL"}
    | {name: OWN_TEXT.format(name=name) for name in EssentialTexts.TEXTS},
    year_on={"changes_sv": "''"},
)
class SubBudget(EssentialTexts):
    """One object's part of a budget, or the base grant (which has no object).

    The texts are the base grant's own; of others they are the object's as they were when the budget was adopted.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("submitted")
        APPROVED = "approved", _("approved")
        LOCKED = "locked", _("locked")

    RETURNED = "returned"
    # What a status is called on every page and in every file; a draft that the reviewers have sent back says so.
    STATES = (Status.choices[0], (RETURNED, _("returned")), *Status.choices[1:])

    budget = models.ForeignKey(Budget, models.PROTECT, related_name="sub_budgets", verbose_name=_("Budget"))
    lineage = Lineage()
    slug = models.SlugField(_("Name in the address"), max_length=60)
    name_sv = models.CharField(_("Name in Swedish"), max_length=120)
    name_en = models.CharField(_("Name in English"), max_length=120)
    governance_object = models.ForeignKey(
        GovernanceObject, models.PROTECT, null=True, blank=True, related_name="sub_budgets", verbose_name=_("Object")
    )
    status = models.CharField(_("Status"), max_length=10, choices=Status, default=Status.DRAFT)
    position = models.PositiveSmallIntegerField(_("Place in the order"), default=0)
    changes_sv = models.TextField(_("Essential changes"), blank=True)
    # Days of its own instead of the budget's; empty where those of the budget count.
    own_due_on = DayField(_("Due, its own day"), null=True, blank=True, back=5, ahead=5)
    own_approval_due_on = DayField(_("Approved at the latest, its own day"), null=True, blank=True, back=5, ahead=5)

    objects = BudgetScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("sub-budget")
        verbose_name_plural = _("sub-budgets")
        ordering = ["budget", "position"]
        constraints = [
            models.UniqueConstraint(fields=["budget", "slug"], name="sub_budget_slug_once_a_budget"),
            models.UniqueConstraint(fields=["budget", "lineage"], name="sub_budget_lineage_once_a_budget"),
            models.UniqueConstraint(
                fields=["budget", "governance_object"], name="one_sub_budget_per_object", nulls_distinct=False
            ),
            # The target of the composite foreign key that keeps a product in a sub-budget of its own budget.
            models.UniqueConstraint(fields=["id", "budget"], name="sub_budget_of_budget"),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "submitted", "approved", "locked"]), name="sub_budget_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(own_approval_due_on__gte=F("own_due_on")), name="own_approval_after_submission"
            ),
            *day_checks("sub_budget", "own_due_on", "own_approval_due_on"),
        ]

    def __str__(self) -> str:
        return f"{self.name_sv}, {self.budget}"

    @property
    def state(self) -> str:
        """Its status; RETURNED for a draft whose last step, as `list_sub_budgets` reads it, was a return."""
        is_returned = self.status == self.Status.DRAFT and getattr(self, "last_action", "") == "return"
        return self.RETURNED if is_returned else str(self.status)

    def get_state_display(self) -> str:
        """Return what the state is called."""
        return str(dict(self.STATES)[self.state])

    @property
    def is_base_grant(self) -> bool:
        return self.governance_object_id is None

    @property
    def due_on(self) -> date | None:
        """The day by which its next step is to be taken; None when none waits or no day is set."""
        if self.budget.status != Budget.Status.DRAFT:
            return None
        days = {self.Status.DRAFT: self.submit_by, self.Status.SUBMITTED: self.approve_by}
        return days.get(self.Status(self.status))

    @property
    def submit_by(self) -> date | None:
        """The day by which it is to be submitted: its own, else the budget's."""
        day: date | None = self.own_due_on or self.budget.due_on
        return day

    @property
    def approve_by(self) -> date | None:
        """The day by which it is to be approved: its own, else the budget's."""
        day: date | None = self.own_approval_due_on or self.budget.approval_due_on
        return day

    @property
    def days_left(self) -> int | None:
        """Days until then, negative when it has passed."""
        return None if self.due_on is None else (self.due_on - timezone.localdate()).days

    @property
    def days_overdue(self) -> int:
        """Days since then; zero while it has not passed."""
        return max(-(self.days_left or 0), 0)


class RevenueCategory(models.TextChoices):
    BASE_GRANT = "base_grant", _("Base grant")
    MANDATORY = "mandatory", _("Mandatory systems and functions")
    ALLOCATED = "allocated", _("Allocated system costs")
    REINVOICED = "reinvoiced", _("Re-invoiced costs")
    USAGE = "usage", _("Usage-based services")
    FINAL_BILLING = "former_member_final_billing", _("Final billing of a former member")
    EQUIPMENT_SALES = "equipment_sales", _("Sales of used equipment")


@tracked(key="product", shown=("category",))
class BudgetProduct(models.Model):
    """What a product is in one budget: its sub-budget, revenue category and VAT. Cost lines point to it."""

    budget = models.ForeignKey(Budget, models.PROTECT, related_name="budget_products", verbose_name=_("Budget"))
    sub_budget = models.ForeignKey(
        SubBudget, models.PROTECT, related_name="budget_products", verbose_name=_("Sub-budget")
    )
    product = models.ForeignKey(Product, models.PROTECT, related_name="budget_products", verbose_name=_("Product"))
    lineage = Lineage()
    name = models.CharField(_("Name"), max_length=160)
    category = models.CharField(_("Revenue category"), max_length=30, choices=RevenueCategory)
    vat_percent = models.DecimalField(_("VAT, %"), max_digits=5, decimal_places=2, default=25)
    # A composite key in the database keeps it among the keys of the same budget.
    allocation_key = models.ForeignKey(
        "budgets.AllocationKey",
        models.PROTECT,
        null=True,
        blank=True,
        db_constraint=False,
        related_name="budget_products",
        verbose_name=_("Allocation key"),
    )
    position = models.PositiveSmallIntegerField(_("Place in the order"), default=0)
    provenance = models.CharField(_("Source"), max_length=10, choices=Provenance, default=Provenance.ENTERED)

    objects = BudgetScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["sub_budget", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["budget", "product"], name="product_once_a_budget"),
            models.UniqueConstraint(fields=["budget", "lineage"], name="budget_product_lineage_once_a_budget"),
            models.UniqueConstraint(fields=["id", "budget"], name="budget_product_of_budget"),
            models.CheckConstraint(condition=Q(vat_percent__gte=0, vat_percent__lte=100), name="vat_is_a_percentage"),
        ]

    def __str__(self) -> str:
        return self.name


@tracked(shown=("cost_kind", "year", "valid_from_on", "percent"), values={"cost_kind": dict(COST_KINDS)})
class IndexRate(models.Model):
    """A planning rate: by how many per cent a cost kind rises in a year, as decided from a date."""

    cost_kind = models.CharField(_("Cost kind"), max_length=20)
    year = YearField(_("Year"))
    valid_from_on = DayField(_("Decided from"), ahead=5)
    percent = models.DecimalField(_("Per cent"), max_digits=6, decimal_places=3)
    provenance = models.CharField(_("Source"), max_length=10, choices=Provenance, default=Provenance.ENTERED)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("index")
        verbose_name_plural = _("indexes")
        ordering = ["year", "cost_kind", "-valid_from_on"]
        constraints = [
            models.UniqueConstraint(fields=["cost_kind", "year", "valid_from_on"], name="index_rate_once_a_date"),
            models.CheckConstraint(condition=Q(percent__gt=-100, percent__lt=1000), name="index_rate_is_sane"),
            *day_checks("index_rate", "valid_from_on"),
        ]

    def __str__(self) -> str:
        return f"{self.cost_kind} {self.year}: {self.percent} %"


def amount_checks(prefix: str, limit: int) -> list[models.CheckConstraint]:
    """Return the invariants of three yearly amounts in öre: each within plus or minus `limit`."""
    return [
        models.CheckConstraint(condition=Q(**{f"{name}__range": (-limit, limit)}), name=f"{prefix}_{name}_in_range")
        for name in AMOUNTS
    ]
