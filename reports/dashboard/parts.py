"""Words, rows and lines that the dashboard's charts share."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from budgets.selectors.compared import Compared
from engine.bridge import is_within_bound, result_bound
from engine.money import percent
from reports.dashboard.selectors import MemberCost, ObjectCost, YearDebt, YearResult
from web import marks
from web.charts import Cell, Limit, Row
from web.numbers import format_percent, format_tkr, format_whole

TWO_THIRDS = 200 / 3


def join(names: Sequence[str]) -> str:
    """Names as a list in a sentence."""
    if len(names) < 2:
        return "".join(names)
    return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}


def kind(edition: str) -> str:
    """What kind of figure a year has, in words."""
    words = {
        "actual": pgettext("kind of figure", "actual"),
        "opening": pgettext("kind of figure", "actual"),
        "forecast": pgettext("kind of figure", "forecast"),
        "budget": pgettext("kind of figure", "budget"),
        "plan": pgettext("kind of figure", "plan"),
    }
    return words[edition]


def count_of(member: MemberCost) -> str | SafeString:
    """A member's inhabitants as shown."""
    return marks.unknown() if member.inhabitants is None else format_whole(member.inhabitants)


def result_row(year: YearResult) -> Row:
    """A year's result held against its bound."""
    within = is_within_bound(year.result, year.revenue)
    state = marks.status("approved", _("yes")) if within else marks.status("warn", _("no"))
    cells = [
        Cell(format_tkr(year.result), year.url, "n"),
        Cell("±" + format_tkr(result_bound(year.revenue)), css="n"),
        Cell(format_percent(percent(year.result, year.revenue)), css="n"),
        Cell(state),
    ]
    return Row(f"{year.year} ({kind(year.edition)})", cells)


def frameworks(years: Sequence[YearDebt]) -> list[Limit]:
    """A line for each framework in force, over its years; none over years without."""
    places: dict[int, list[int]] = {}
    for place, year in enumerate(years):
        if year.framework is not None:
            places.setdefault(year.framework, []).append(place)
    return [
        Limit(_("Framework in force %(amount)s") % {"amount": format_tkr(ore)}, ore, tuple(own))
        for ore, own in places.items()
    ]


def notes_on(rounded: bool) -> list[str | SafeString]:
    """The footnote on rounding, where it is needed."""
    text = _("Amounts are rounded one by one to tkr, so a shown total can differ by 1 from the sum of its parts.")
    return [text] if rounded else []


def say_objects(rows: Sequence[ObjectCost], total: Compared) -> str:
    """The fewest objects that together make up two thirds."""
    sums = accumulate(row.amounts[0] for row in rows)
    parts = [
        (count, share) for count, part in enumerate(sums, 1) if (share := percent(part, total.amounts[0])) is not None
    ]
    found = next(((count, share) for count, share in parts if share >= TWO_THIRDS), None)
    if found is None:
        return _("No object has any cost")
    words = {"count": found[0], "all": len(rows), "percent": format_percent(found[1], decimals=0)}
    title = ngettext(
        "The largest of %(all)s bears %(percent)s per cent of the cost",
        "The %(count)s largest of %(all)s bear %(percent)s per cent of the cost",
        found[0],
    )
    return title % words
