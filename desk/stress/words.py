"""What is said of scenarios: the first month of a breach, what the budget of today answers, and what can't be tried any more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from engine.money import round_ore
from engine.stress import Fractions
from forecasts.selectors.scenarios import Opened
from forecasts.selectors.stress import EXISTING, OTHER_INVESTMENTS, USE_OF_EQUITY
from forecasts.selectors.stress_inputs import Fault
from forecasts.words import place_fault
from pages.stress_words import say_breach
from web.numbers import format_percent


@dataclass(frozen=True)
class TodayRow:
    """A year end's debt when a scenario was kept and with the budget of today, öre."""

    year: int
    kept: int
    today: int | None
    headroom: int | None


@dataclass(frozen=True)
class Today:
    """What a kept scenario answers with the budget of today, beside what it answered; `faults` are why it can't."""

    rows: list[TodayRow]
    kept_breach: str
    breach: str
    faults: list[str]


def say_today(opened: Opened) -> Today:
    """Return a changed scenario's figures of then and now."""
    kept, today = opened.kept.found, opened.today
    now = {} if today is None else {row.year: row for row in today.found.year_ends}
    rows = [
        TodayRow(row.year, row.debt, now[row.year].debt, now[row.year].headroom)
        if row.year in now
        else TodayRow(row.year, row.debt, None, None)
        for row in kept.year_ends
    ]
    last = kept.year_ends[-1].year
    breach = "" if today is None else say_breach(today.found.first_breach, today.found.year_ends[-1].year)
    return Today(rows, say_breach(kept.first_breach, last), breach, list(say_faults(opened.faults)))


def say_faults(faults: Iterable[Fault]) -> list[str]:
    """Return why a scenario can't be tried with the budget of today, a class that has gone by its name in the address."""
    return [place_fault(fault) for fault in faults]


def say_change(change: Fractions | None) -> str:
    """Return a change as a signed percentage."""
    percent = Fraction(0) if change is None or isinstance(change, Mapping) else change * 100
    return _("%(percent)s %%") % {"percent": _shorten(percent)}


def say_points(shift: Fraction) -> str:
    """Return a change of interest in percentage points."""
    return _("%(points)s percentage points") % {"points": _shorten(shift * 100)}


def _shorten(number: Fraction) -> str:
    """Return a number with its sign and as many of two decimals as it needs."""
    value = Decimal(round_ore(number * 100)).scaleb(-2)
    decimals = next(count for count in range(3) if value == round(value, count))
    return format_percent(value, decimals=decimals, signed=True)


def name_part(part: str, classes: Mapping[str, str]) -> str:
    """Return what a part of the debt is called."""
    names = {
        EXISTING: _("existing loans"),
        USE_OF_EQUITY: _("use of equity"),
        OTHER_INVESTMENTS: _("other investments"),
    }
    return {**names, **classes}.get(part, part)


def say_assumption(kind: str, parts: str, years: str) -> str:
    """Return what is assumed of some parts in some years."""
    words = {
        "amount": _("Amounts, %(parts)s %(years)s"),
        "repayment": _("Repayments, %(parts)s %(years)s"),
        "life": _("Life, %(parts)s"),
        "no_plan": _("Nothing is repaid, %(parts)s %(years)s"),
        "unknown": _("Amounts that are not known, %(parts)s %(years)s"),
        "repeats": _("Purchases as in the last plan year, %(parts)s %(years)s"),
    }
    return (words[kind] % {"parts": parts, "years": years}).strip()
