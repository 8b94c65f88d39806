"""The year clock: which days follow from others by law, and what a step is worth on a day.

A budget's clock is the calendar year before its fiscal year: in 2026 Budget 2027 is made, and the accounts of 2025 are
told. Days that follow are computed each time and never stored, so they move with what they follow from.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from engine.decisions import announce_by, legal_force_on, notice_by

# What people set a day for; every other step follows from one of these or from what is stored elsewhere.
TYPED = (
    "object_plans", "meeting", "councils", "price_letter", "accounts", "interim_end", "interim", "next_start",
)  # fmt: skip
# What a year's work goes through, in order, and the steps that belong to each.
PHASES: dict[str, frozenset[str]] = {
    "conditions": frozenset({"started", "object_plans"}),
    "sub_budgets": frozenset({"submit", "submit_one", "approve", "approve_one"}),
    "decision": frozenset({"announce", "meeting", "minutes", "councils", "appeal"}),
    "prices": frozenset({"price_letter"}),
    "interim": frozenset({"interim"}),
    "next": frozenset({"next_start"}),
}
SOON = timedelta(days=30)
ACCOUNTS_BY = (4, 15)
INTERIM_END = (8, 31)
INTERIM_MONTHS = 2
GUARANTEE_YEARS = 10


class StepState(StrEnum):
    """What a step is worth on a day."""

    DONE = "done"
    LATE = "late"
    NEXT = "next"
    LATER = "later"
    UNDATED = "undated"


def find_state(on: date | None, *, is_done: bool, today: date) -> StepState:
    """Return a step's state: late the day after its day, next when that is within thirty days."""
    if is_done:
        return StepState.DONE
    if on is None:
        return StepState.UNDATED
    if on < today:
        return StepState.LATE
    return StepState.NEXT if on <= today + SOON else StepState.LATER


def clock_year(fiscal_year: int) -> int:
    """Return the calendar year in which a budget is made."""
    return fiscal_year - 1


def accounts_by(year: int) -> date:
    """Return the last day to hand the accounts of the year before to the members (law 2018:597, 11:20: 15 April)."""
    return date(year, *ACCOUNTS_BY)


def find_interim_end(year: int, typed: date | None) -> date:
    """Return the last day of the interim report's period: the one that is set, else 31 August."""
    return typed or date(year, *INTERIM_END)


def interim_by(period_end: date) -> date:
    """Return the last day to hand over the interim report: two months after its period (law 2018:597, 13:3)."""
    return add_months(period_end, INTERIM_MONTHS)


def review_guarantee_by(decided_on: date) -> date:
    """Return the day on which a guarantee decision is ten years old: loans raised after it are flagged (rule 8)."""
    return add_months(decided_on, 12 * GUARANTEE_YEARS)


def announce_meeting_by(meeting_on: date | None) -> date | None:
    """Return the last day to announce the meeting that sets the budget; None without a meeting."""
    return announce_by(meeting_on) if meeting_on else None


def post_minutes_by(approved_on: date | None) -> date | None:
    """Return the last day to put up the notice of the minutes; None until they are approved."""
    return notice_by(approved_on) if approved_on else None


def appeal_by(noticed_on: date | None, *, entered_on: date | None = None, is_appealed: bool = False) -> date | None:
    """Return the last day of appeal: the day before legal force; None until the notice is put up, or when appealed."""
    force_on = legal_force_on(noticed_on, entered_on, is_appealed=is_appealed)
    return force_on - timedelta(days=1) if force_on else None


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later, and the month's last day when it came from one or has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    last = monthrange(year, month + 1)[1]
    is_last = day.day == monthrange(day.year, day.month)[1]
    return date(year, month + 1, last if is_last else min(day.day, last))


def count_by_month(days: Iterable[tuple[date, str]], year: int) -> list[list[str]]:
    """Return the states of a year's steps by month, January first, in the order of their days."""
    months: list[list[str]] = [[] for _month in range(12)]
    for day, state in sorted(days):
        if day.year == year:
            months[day.month - 1].append(state)
    return months


def find_phases(days: Iterable[tuple[date, str]], year: int) -> list[tuple[str, int, int]]:
    """Return each phase of a year with the months (1-12) of its first and last step, by their beginning.

    `days` are steps by day and code. A phase without a step in the year is left out.
    """
    months = [(day.month, code) for day, code in days if day.year == year]
    of_phase = {name: [month for month, code in months if code in codes] for name, codes in PHASES.items()}
    found = [(name, min(its), max(its)) for name, its in of_phase.items() if its]
    return sorted(found, key=lambda phase: phase[1:])
