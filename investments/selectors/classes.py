"""The asset classes, and what hangs on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, QuerySet

from budgets.models import Budget
from investments.models import AssetClass, PlannedLoan

if TYPE_CHECKING:
    from accounts.models import User


LIVES = ("useful_life_years", "assumed_life_years")
ASSET_FIELDS = ("name", *LIVES, "parent", "is_device")


def list_asset_classes(user: User) -> QuerySet[AssetClass]:
    """Return the asset classes, each with how many investments and planned loans it has in all budgets."""
    rows: QuerySet[AssetClass] = AssetClass.objects.visible_to(user)
    counts = {
        "investment_count": Count("investments", distinct=True),
        "loan_count": Count("planned_loans", distinct=True),
    }
    return rows.select_related("parent").annotate(**counts).order_by("position", "pk")


def list_parents(row: AssetClass) -> QuerySet[AssetClass]:
    """Return the asset classes that one may be part of: no part of another, and not itself; none where it has parts."""
    rows: QuerySet[AssetClass] = AssetClass.objects.filter(parent=None).exclude(pk=row.pk).order_by("position", "pk")
    return rows.none() if row.pk and row.children.exists() else rows


def find_parents() -> dict[str, str]:
    """Return which asset class another is part of, by slug."""
    return dict(AssetClass.objects.filter(parent__isnull=False).values_list("slug", "parent__slug"))


def list_loans_by_life(row: AssetClass) -> list[PlannedLoan]:
    """Return the planned loans of adopted budgets that are repaid over an asset class's life."""
    loans = PlannedLoan.objects.filter(asset_class=row, investment=None, life_years=None, repayments=None).exclude(
        budget__status=Budget.Status.DRAFT
    )
    return list(loans.select_related("budget").order_by("budget__fiscal_year", "year", "pk"))
