"""The chart of debt against the frameworks, which the board's dashboard and the loans page share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from forecasts.selectors.loans import YearDebt
from web.charts import Bar, Colour, Limit, Place
from web.numbers import format_tkr


def name_edition(edition: str) -> str:
    """Return what kind of figure a year has, in words."""
    words = {
        "actual": pgettext("kind of figure", "actual"),
        "opening": pgettext("kind of figure", "actual"),
        "forecast": pgettext("kind of figure", "forecast"),
        "budget": pgettext("kind of figure", "budget"),
        "plan": pgettext("kind of figure", "plan"),
    }
    return words[edition]


def place_debt(year: YearDebt) -> Place:
    """Return a year end's debt; a plan is pale, and what is not known has words but no column."""
    if year.debt is None:
        return Place(str(year.year), _("not known"), kind=name_edition(year.edition))
    return Place(
        str(year.year), format_tkr(year.debt), [fill_year(year.debt, year.edition)], name_edition(year.edition)
    )


def fill_year(amount: int, edition: str) -> Bar:
    """Return a year's bar; a plan is pale."""
    return Bar(0, amount, Colour.PALE if edition == "plan" else Colour.FIRST, edge=Colour.FIRST)


def limit_frameworks(years: Sequence[YearDebt]) -> list[Limit]:
    """Return a line for each framework in force, over its years; none over years without."""
    places: dict[int, list[int]] = {}
    for place, year in enumerate(years):
        if year.framework is not None:
            places.setdefault(year.framework, []).append(place)
    return [
        Limit(_("Framework in force %(amount)s") % {"amount": format_tkr(ore)}, ore, own) for ore, own in places.items()
    ]


def limit_proposed(amounts: Iterable[int], count: int) -> list[Limit]:
    """Return a dashed line over all places for each framework, öre, that waits for a council."""
    words = _("Proposed framework %(amount)s")
    return [
        Limit(words % {"amount": format_tkr(ore)}, ore, range(count), is_proposed=True) for ore in sorted(set(amounts))
    ]
