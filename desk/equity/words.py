"""The words for a verdict on equity, and for where a year's result is read."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from engine.equity import EquityYear, Verdict
from forecasts.selectors.equity import EquityReport, FundState
from forecasts.selectors.years import Origin
from pages.words import join
from web.numbers import format_tkr

VERDICTS: Final[dict[Verdict, tuple[str, Promise]]] = {
    Verdict.MET: ("approved", pgettext_lazy("equity", "at the floor or above it")),
    Verdict.NOT_MET: ("bad", pgettext_lazy("equity", "below the floor")),
    Verdict.CANNOT_BE_JUDGED: ("info", gettext_lazy("cannot be judged")),
}

# By part: the title of its form when new, when changed, and the question when removed.
TITLES: Final[dict[str, tuple[Promise, Promise, Promise]]] = {
    "statement": (
        gettext_lazy("Enter a figure of the balance sheet"),
        gettext_lazy("Change the figure of the balance sheet"),
        gettext_lazy("Remove the figure of the balance sheet?"),
    ),
    "change": (
        gettext_lazy("Plan a change of the balance sheet"),
        gettext_lazy("Change the planned change"),
        gettext_lazy("Remove the planned change?"),
    ),
    "floor": (
        gettext_lazy("Enter a floor of equity"),
        gettext_lazy("Change the floor of equity"),
        gettext_lazy("Remove the floor of equity?"),
    ),
    "fund": (
        gettext_lazy("New fund for use of equity"),
        gettext_lazy("Change the fund"),
        gettext_lazy("Remove the fund and its years?"),
    ),
    "year": (
        gettext_lazy("Decide an amount for a year"),
        gettext_lazy("Change the year's amount"),
        gettext_lazy("Remove the year's amount?"),
    ),
    "initiative": (
        gettext_lazy("New initiative"),
        gettext_lazy("Change the initiative"),
        gettext_lazy("Remove the initiative?"),
    ),
}


def say_origin(origin: Origin, year: int) -> str:
    """Return where a year's result is read; empty where it is not known."""
    if origin.is_accounts:
        return _("annual accounts %(year)s") % {"year": year}
    return "" if origin.budget is None else origin.budget.name


def say_headline(report: EquityReport) -> tuple[str, str]:
    """Return the icon's name and one sentence on equity against its floor."""
    if report.below:
        return "bad", _say_below(report.below)
    judged = [row for row in report.years if row.verdict == Verdict.MET]
    if len(judged) == len([row for row in report.years if row.floor.ore is not None]) and judged:
        least = min(judged, key=lambda row: row.above_floor.ore or 0)
        said = _(
            "Equity is at the floor or above it every year; the least margin is %(left)s tkr at the end of %(year)s"
        )
        return "approved", said % {"left": format_tkr(least.above_floor.ore), "year": least.year}
    return "warn", _("Whether equity stays at the floor cannot be judged")


def _say_below(below: list[EquityYear]) -> str:
    said = _(
        "Equity falls below the floor in %(years)s: %(amount)s tkr at the end of %(year)s, %(under)s tkr too little"
    )
    least = min(below, key=lambda row: row.above_floor.ore or 0)
    shown = {"amount": format_tkr(least.closing.ore), "under": format_tkr(-(least.above_floor.ore or 0))}
    return said % {**shown, "years": join([str(row.year) for row in below]), "year": least.year}


def list_fund_warnings(state: FundState) -> list[str]:
    """Return what is to be known about a fund: no decision, years that take too much, and a fund that does not last."""
    said = []
    if not state.is_linked:
        said.append(_("No decision is linked to the fund."))
    for row in state.exceeded:
        words = _("%(year)s takes %(used)s tkr, %(over)s tkr more than is decided for the year.")
        over = format_tkr(-(row.left_of_year.ore or 0))
        said.append(words % {"year": row.year, "used": format_tkr(row.used.ore), "over": over})
    if state.left.ore is not None and state.left.ore < 0:
        said.append(_("The fund is overdrawn by %(over)s tkr.") % {"over": format_tkr(-state.left.ore)})
    return said
