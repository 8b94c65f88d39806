"""The way from what a customer paid to what it pays, as a picture with the sentence that it shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from budgets.models import Budget
from budgets.words import name_earlier
from pricing.selectors.why import Why
from reports.why.words import ShownCause
from web.charts import Bar, Chart, Colour, Place, Row, RowPlot, Table, TableCell
from web.numbers import format_change, format_tkr


def draw_why(budget: Budget, why: Why, causes: Sequence[ShownCause], url: str) -> Chart:
    """Return the causes laid end to end; the scale begins in what was paid before. The page at `url` has the products."""
    words = {"before": name_earlier(budget), "year": budget.fiscal_year}
    unit = _("From budget %(before)s to budget %(year)s, tkr. The bars show the change.") % words
    first = Place(_("Budget %(year)s") % {"year": words["before"]}, format_tkr(why.before))
    last = Place(
        _("Budget %(year)s") % {"year": words["year"]},
        format_tkr(why.before + why.change),
        [Bar(0, why.change, Colour.INK)],
    )
    rows = [Row(cause.label, [TableCell(format_change(cause.told.ore), f"{url}#products", "n")]) for cause in causes]
    total = Row(_("Change"), [TableCell(format_change(why.change), f"{url}#products", "n")], "total")
    table = Table(unit, [_("Cause"), _("Change, tkr")], [*rows, total])
    return Chart("why", say_why(why, causes), unit, RowPlot([first, *_lay(causes), last]), table)


def say_why(why: Why, causes: Sequence[ShownCause]) -> str:
    """Return the cause that is most of the change, in a sentence."""
    change = why.change
    same = [cause for cause in causes if cause.told.ore * change > 0]
    if not same:
        return _("The cost is unchanged")
    largest = max(same, key=lambda cause: abs(cause.told.ore))
    words = {"cause": largest.label, "ore": format_change(largest.told.ore), "change": format_change(change)}
    return _("%(cause)s is %(ore)s of the change %(change)s tkr") % words


def _lay(causes: Sequence[ShownCause]) -> Iterator[Place]:
    start = 0
    for cause in causes:
        end = start + cause.told.ore
        colour = Colour.FIRST if cause.told.ore > 0 else Colour.SECOND
        yield Place(cause.label, format_change(cause.told.ore), [Bar(start, end, colour)])
        start = end
