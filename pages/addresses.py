"""Addresses that figures lead to: the lines that they are made of."""

from __future__ import annotations

from django.urls import reverse
from django.utils.http import urlencode

from budgets.models import Budget


def lines_url(budget: Budget | None, **filters: str | list[str]) -> str:
    """Return the address of the lines behind a figure; empty where a budget has none."""
    if budget is None or budget.status == Budget.Status.PUBLISHED_FIGURES:
        return ""
    query = urlencode(filters, doseq=True)
    return reverse("budgets:lines", args=[budget.slug]) + (f"?{query}" if query else "")
