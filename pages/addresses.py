"""Addresses that figures lead to: the lines that they are made of."""

from __future__ import annotations

from django.urls import reverse
from django.utils.http import urlencode

from budgets.models import Budget


def lines_url(budget: Budget | None, **filters: str | list[str]) -> str:
    """Return the address of the lines behind a figure, of a budget without lines that of its printed tables.

    Empty without a budget.
    """
    if budget is None:
        return ""
    if budget.status == Budget.Status.PUBLISHED_FIGURES:
        return reverse("reports:overview", args=[budget.slug])
    query = urlencode(filters, doseq=True)
    return reverse("budgets:lines", args=[budget.slug]) + (f"?{query}" if query else "")
