"""manage.py stress BUDGET [--inputs FILE.json] [--json]: debt by month against the frameworks, at other prices (rule 8)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser, DjangoHelpFormatter
from django.utils.translation import override

from engine.framework import Framework
from engine.provenance import Source
from engine.stress import Debt, Inputs, MonthEnd, Stressed, YearEnd, stress
from forecasts.selectors.stress import (
    RESERVED,
    Assumed,
    InterestRate,
    cost_interest,
    find_interest_rate,
    list_repeated,
    load_classes,
    merge_frameworks,
    share_recourse,
)
from forecasts.selectors.stress_inputs import Reading
from forecasts.words import place_fault
from investments.selectors.frameworks import load_frameworks
from itsam.management.budgets import format_table, get_budget_with_forecasts, load_budget_debt

SAID = {
    "amount": "{part}: the amount of {years} is assumed",
    "repayment": "{part}: what is repaid in {years} is assumed",
    "life": "{part}: the life that it is repaid over is assumed",
    "no_plan": "{part}: what is borrowed in {years} is never repaid, since nobody has said how",
    "unknown": "{part}: the amount of {years} is not known and counts as nothing",
    "repeats": "{part}: purchases of {years} repeat those of the last plan year",
}
ALWAYS = (
    "purchases: a year's are even over its months",
    "instalments: those known by year fall in equal parts on the four quarter ends",
)
BY_INHABITANTS = "recourse_shares: by the newest count of inhabitants, since no recourse agreement is in force"
KEYS = """
The file is a JSON object. All keys are optional:

  price_change        class -> fraction, or class -> {year: fraction}; 0.1 is ten per cent more
  quantity_change     class -> fraction
  defer_months        class -> months later; negative is earlier, at the earliest the budget's first month
  interest_shift      fraction added to the rate of interest; 0.01 is one percentage point
  unpriced_systems    list of {"name", "yearly_amount_ore", "life_years", "first_year", "last_year", "replaces"}
  recurring_pots      the same; each is bought every year from first_year (else the budget's first) to last_year
                      (else the horizon), borrowed for, and repaid in equal parts over life_years from the year after.
                      It adds to the budget's rows, but takes the place of all of those of the class in "replaces"
  buffer_ore          owed beside everything else
  frameworks          list of {"amount_ore", "from_on"}; from the first of these days on they stand in the place of
                      the federation's own
  until_year          the horizon; without it the budget's last plan year. Later purchases repeat that year's
  break_even_classes  classes whose common price change from the budget's first year on is solved for, so that the least
                      headroom at a year end is 0; it takes the place of their price_change

Classes are the slugs of asset classes: computers, mobile_phones, access_points, ... What is said of a class that has
children holds for them too, unless they are named themselves.

The answer has year_ends (with parts, which sum to debt_ore), months, first_breach (YYYY-MM or null),
break_even_price_change (a fraction or null), recourse_shares of the highest debt of a month, and what is assumed.
"""


class Formatter(DjangoHelpFormatter):
    """Keeps the lines of the list of keys."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return text


class Command(BaseCommand):
    help = "Prints a budget's debt by month and year end under other prices, times, quantities and more purchases."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(prog_name, subcommand, formatter_class=Formatter, epilog=KEYS, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("budget", help="a budget's slug, such as budget-2026")
        parser.add_argument(
            "--inputs", type=Path, metavar="FILE", help="what is tried; without it, the budget as it is"
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: object, **options: Any) -> None:
        budget = get_budget_with_forecasts(options["budget"], self.stderr)
        debt, assumed = load_budget_debt(budget)
        inputs, frameworks = _read_inputs(options["inputs"], debt)
        answer = stress(debt, inputs, merge_frameworks(load_frameworks(), frameworks))
        told = _tell(debt, answer, [*assumed, *list_repeated(answer, inputs)], find_interest_rate(budget, debt), inputs)
        self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1) if options["json"] else _show(told))


def _read_inputs(path: Path | None, debt: Debt) -> tuple[Inputs, list[Framework]]:
    """Return what a file says. CommandError with all that is wrong in it."""
    if path is None:
        return Inputs(), []
    try:
        data = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal, parse_constant=_refuse_constant)
    except OSError as error:
        raise CommandError(f"{path} can't be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise CommandError(f"{path} is no JSON: {error}.") from error
    names, _parents = load_classes()
    reading = Reading(list(names), RESERVED, debt.years[0], debt.years[-1])
    found = reading.read(data)
    if reading.faults:
        with override("en"):
            told = [place_fault(fault) for fault in reading.faults]
        raise CommandError("\n".join([f"{path} can't be used:", *told]))
    return found


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _tell(
    debt: Debt, answer: Stressed, assumed: Iterable[Assumed], rate: InterestRate | None, inputs: Inputs
) -> dict[str, Any]:
    interest = cost_interest(debt, answer, rate, inputs.interest_shift)
    highest = max(answer.months, key=lambda row: row.debt)
    breach = answer.first_breach
    shares = share_recourse(highest.debt, date(highest.year, highest.month, 1), load_frameworks())
    return {
        "year_ends": [_tell_year(row, interest.get(row.year)) for row in answer.year_ends],
        "months": [
            {"month": _name(row), "debt_ore": row.debt, "framework_ore": row.framework} for row in answer.months
        ],
        "first_breach": None if breach is None else _name(breach),
        "break_even_price_change": _as_number(answer.break_even_price_change),
        "recourse_shares": [
            {
                "municipality": row.name,
                "share": _as_number(row.share),
                "ore": row.ore,
                "month": _name(highest),
            }
            for row in shares
        ],
        "assumed": [
            *(SAID[row.kind].format(part=row.part, years=_say_years(row.years)) for row in assumed),
            *ALWAYS,
            *([BY_INHABITANTS] if any(row.source == Source.ASSUMED for row in shares) else []),
            f"interest_ore: {_say_interest(rate, has_terms=any(row.has_rate for row in debt.termed))}",
        ],
    }


def _say_interest(rate: InterestRate | None, *, has_terms: bool) -> str:
    if rate is None:
        return "not known: the budget has chosen no rate of interest, and plans no interest"
    which = "the budget's rate" if rate.is_chosen else "the budget's planned interest by its average debt in that year"
    if not has_terms:
        return f"average debt × {which}, since the loans' own terms are not entered"
    resets = "by the loans' own terms, of which a shift moves what resets after the first day"
    return f"{resets}; the rest of the debt on average × {which}"


def _tell_year(row: YearEnd, interest: int | None) -> dict[str, Any]:
    figures = {"debt_ore": row.debt, "framework_ore": row.framework, "headroom_ore": row.headroom}
    return {"year": row.year, **figures, "parts": row.parts, "interest_ore": interest}


def _name(row: MonthEnd) -> str:
    return f"{row.year}-{row.month:02}"


def _as_number(value: Fraction | None) -> float | None:
    """Return a share or change as JSON has it; an answer is a float, no amount is counted with it."""
    return None if value is None else float(value)


def _say_years(years: Sequence[int]) -> str:
    """Return years in words, those that follow on each other as a span."""
    if len(years) > 1 and list(years) == list(range(years[0], years[-1] + 1)):
        return f"{years[0]}–{years[-1]}"
    return ", ".join(map(str, years))


def _show(told: dict[str, Any]) -> str:
    head = ["year", "debt, öre", "framework, öre", "headroom, öre"]
    rows = [[str(row["year"]), row["debt_ore"], row["framework_ore"], row["headroom_ore"]] for row in told["year_ends"]]
    change = told["break_even_price_change"]
    lines = [
        format_table(head, rows),
        f"First month above the framework: {told['first_breach'] or 'none'}",
        *([] if change is None else [f"Price change that uses all headroom: {change:+.2%}"]),
        "Assumed:",
        *(f"  {said}" for said in told["assumed"]),
    ]
    return "\n".join(lines)
