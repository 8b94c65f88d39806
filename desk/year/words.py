"""What is said of an index that made an amount, and of the steps of the year clock."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from budgets.models import CostLine, StartedIndex
from budgets.selectors.starting import find_index_of
from web.numbers import format_quantity


def say_index(index: StartedIndex) -> str:
    """Return an index with where it comes from: 3 %, decided 2026-01-01, assumed."""
    parts = [f"{format_quantity(index.percent)} %"]
    if index.valid_from_on:
        parts.append(_("decided %(day)s") % {"day": date_format(index.valid_from_on, "Y-m-d")})
    parts += [part for part in (index.source_text, index.get_provenance_display()) if part]
    return ", ".join(parts)


def say_made(line: CostLine) -> str:
    """Return by which index a line's last amount was made when its budget was started; empty where it is not known."""
    index = find_index_of(line)
    if index is None:
        return ""
    said = _("The amount of %(last)s is that of %(before)s with the index %(index)s.")
    return said % {"last": index.year, "before": index.year - 1, "index": say_index(index)}


def say_copied(index: StartedIndex | None) -> str:
    """Return by which index a line's last amount was made of the one before."""
    return _("no index") if index is None else say_index(index)


def say_years_made(is_year_on: bool, years: Sequence[int]) -> tuple[str, str, str]:
    """Return how each of a new budget's three years comes about."""
    if not is_year_on:
        return _("copied"), _("copied"), _("copied")
    first, second = (_("plan %(year)s") % {"year": year} for year in years[:2])
    return first, second, _("%(year)s × index") % {"year": years[1]}
