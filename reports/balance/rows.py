"""The rows of a budgeted balance sheet with their words, for the page and the workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engine.balance import ASSETS, OWED, BalanceYear, Item
from engine.equity import Figure
from forecasts.selectors.balance import BalanceReport
from investments.models.equity import WORDS
from pages.words import join
from web.numbers import format_tkr


@dataclass(frozen=True)
class BalanceRow:
    """A row: its words, and its figure at each year's end. `style` says what it is among the others."""

    code: str
    label: str | Promise
    figures: list[Figure]
    style: str = ""

    @property
    def doubt(self) -> str:
        """The source that all its figures share, which the row tells once; empty where they differ."""
        sources = {figure.source for figure in self.figures if figure.ore is not None}
        return sources.pop() if len(sources) == 1 else ""


def _row(
    code: str,
    label: str | Promise,
    years: Iterable[BalanceYear],
    read: Callable[[BalanceYear], Figure],
    style: str = "",
) -> BalanceRow:
    return BalanceRow(code, label, [read(year) for year in years], style)


def list_sides(report: BalanceReport) -> tuple[list[BalanceRow], list[BalanceRow]]:
    """Return what is owned, and equity with what is owed, each with its sum last."""
    owned = [_level(item, report.rows) for item in ASSETS]
    owed = [_level(item, report.rows) for item in OWED]
    total = _row("assets", gettext_lazy("Total assets"), report.rows, lambda year: year.assets, "total")
    other = _row("owed", gettext_lazy("Total equity, provisions and liabilities"), report.rows, _read_owed, "total")
    return [*owned, total], [*owed, other]


def _read_owed(year: BalanceYear) -> Figure:
    return year.owed


def _level(item: Item, years: Iterable[BalanceYear]) -> BalanceRow:
    return _row(item.value, WORDS[item], years, lambda year: year.levels[item])


def list_changes(report: BalanceReport) -> list[BalanceRow]:
    """Return how each item changes in each year after the opening."""
    return [
        _row(f"change_{item.value}", WORDS[item], report.years, lambda year, item=item: year.changes[item])  # type: ignore[misc]
        for item in Item
    ]


def list_beside_debt(report: BalanceReport) -> list[BalanceRow]:
    """Return the book value of fixed assets, the debt beside it, and what is left."""
    return [
        _level(Item.FIXED_ASSETS, report.rows),
        _level(Item.DEBT, report.rows),
        _row("above_debt", gettext_lazy("Book value less loans"), report.rows, lambda year: year.above_debt, "total"),
    ]


@dataclass(frozen=True)
class Verdict:
    """Whether the sheet balances, in a sentence, and what is to be known about it; `mark` is an icon's name."""

    mark: str
    headline: str
    said: list[str]


def judge(report: BalanceReport) -> Verdict:
    """Return whether the sheet balances, or what is missing by name."""
    said = _list_remarks(report)
    if report.missing:
        names = join([_in_sentence(WORDS[item]) for item in report.missing])
        headline = _("The balance sheet can't be told: what is missing at %(day)s is %(names)s")
        shown = {"day": report.opening_on.isoformat(), "names": names}
        return Verdict("warn", headline % shown, said)
    if report.gap_ore:
        words = (
            _("The opening does not balance: assets are %(gap)s tkr more than equity and what is owed")
            if report.gap_ore > 0
            else _("The opening does not balance: assets are %(gap)s tkr less than equity and what is owed")
        )
        return Verdict("bad", words % {"gap": format_tkr(abs(report.gap_ore))}, said)
    if any(year.missing for year in report.years):
        return Verdict("warn", _("The opening balances, but the years after it can't all be told"), said)
    return Verdict("approved", _("The balance sheet balances at every year's end"), said)


def _in_sentence(words: str | Promise) -> str:
    text = str(words)
    return text[:1].lower() + text[1:]


def _list_remarks(report: BalanceReport) -> list[str]:
    said = []
    for year in report.without_money:
        words = _("Other assets would be %(amount)s tkr at the end of %(year)s: more is paid out than there is.")
        said.append(words % {"amount": format_tkr(year.levels[Item.OTHER_ASSETS].ore), "year": year.year})
    if report.in_debt:
        years = join([str(year.year) for year in report.in_debt])
        said.append(
            _("The loans are larger than the book value of fixed assets at the end of %(years)s.") % {"years": years}
        )
    if report.unknown:
        names = ", ".join(f"{name} {year}" for name, year in report.unknown)
        said.append(_("Purchases lack amounts that are not yet known: %(names)s.") % {"names": names})
    return said
