"""Words that several pages say: names in a row, and what a headline rests on."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

# What is assumed of the movements of a debt, in the order it is said.
ASSUMED_MOVEMENTS = {
    "amortisation": pgettext_lazy("that are assumed", "repayments"),
    "borrowing_investments": pgettext_lazy("that are assumed", "purchases"),
    "borrowing_use_of_equity": pgettext_lazy("that are assumed", "loans for use of equity"),
}


def join(names: Sequence[str]) -> str:
    """Return names as a list in a sentence."""
    if len(names) < 2:
        return "".join(names)
    return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}


def say_condition(headline: str, assumed: Collection[str]) -> str:
    """Return a headline on debt with the assumptions that it rests on: names of movements in the loan forecast."""
    what = join([str(words) for movement, words in ASSUMED_MOVEMENTS.items() if movement in assumed])
    if not what:
        return headline
    return _("%(headline)s if the assumed %(what)s hold") % {"headline": headline, "what": what}


def say_broken_framework(years: Sequence[int], assumed: Collection[str]) -> str:
    """Return in which years the debt is above the framework in force, with the assumed movements that it rests on."""
    named = {"years": join([str(year) for year in years])}
    return say_condition(_("The debt exceeds the framework in force in %(years)s") % named, assumed)


def say_years(years: Sequence[int]) -> str:
    """Return years in a row as first–last, others in a list."""
    if len(years) > 1 and years[-1] - years[0] == len(years) - 1:
        return f"{years[0]}–{years[-1]}"
    return join([str(year) for year in years])
