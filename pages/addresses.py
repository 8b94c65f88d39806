"""Addresses that figures lead to: the lines that they are made of."""

from __future__ import annotations

from functools import lru_cache

from django.urls import get_script_prefix, reverse
from django.utils.http import urlencode

from budgets.models import Budget


def lines_url(budget: Budget | None, **filters: str | list[str]) -> str:
    """Return the address of the lines behind a figure, of a budget without lines that of its printed tables.

    Empty without a budget.
    """
    if budget is None:
        return ""
    if budget.status == Budget.Status.PUBLISHED_FIGURES:
        return _find_address("reports:overview", budget.slug, get_script_prefix())
    query = urlencode(filters, doseq=True)
    return _find_address("budgets:lines", budget.slug, get_script_prefix()) + (f"?{query}" if query else "")


@lru_cache(maxsize=256)
def _find_address(name: str, slug: str, _prefix: str) -> str:
    """Return a budget's page; a page of figures asks for it a hundred times. It follows from the names and the prefix."""
    return reverse(name, args=[slug])
