"""The demo's year clock: the days that the minutes give, and those that a year's work needs beside them, assumed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from budgets.models import Budget, ClockStep
from engine.clock import TYPED
from itsam.demo.reader import Reader, Row
from records.models import Provenance

COLUMNS = ("code", "name", "who", "on", "done_on", "provenance")
# Days that are no steps but the budget's own.
DEADLINES = {"submit": "due_on", "approve": "approval_due_on"}


@dataclass(frozen=True)
class YearDay:
    """A step of the year by its code, or one of the federation's own by its name."""

    code: str
    name: str
    who: str
    on: date
    done_on: date | None
    provenance: str


def read_days(reader: Reader) -> list[YearDay]:
    """Read and check the days."""
    return [_day(row) for row in reader.rows("year_clock.csv", *COLUMNS, key=("code", "name"))]


def _day(row: Row) -> YearDay:
    code, name = row.text("code", required=False), row.text("name", required=False, longest=120)
    if code:
        row.known("code", {*TYPED, *DEADLINES})
    if bool(code) == bool(name):
        row.fail("name", _("Write a code, or a name for a step of the federation's own."))
    who, source = row.text("who", required=False, longest=80), row.known("provenance", Provenance.values)
    return YearDay(code, name, who, row.required_day("on"), row.day("done_on"), source)


def create_year(budget: Budget, days: list[YearDay]) -> None:
    """Write the days of a budget's year."""
    deadlines = {DEADLINES[day.code]: day.on for day in days if day.code in DEADLINES}
    Budget.objects.filter(pk=budget.pk).update(**deadlines)
    ClockStep.objects.bulk_create(
        ClockStep(
            budget=budget, code=day.code, name=day.name, who=day.who, on=day.on, done_on=day.done_on,
            provenance=day.provenance,
        )
        for day in days
        if day.code not in DEADLINES
    )  # fmt: skip
