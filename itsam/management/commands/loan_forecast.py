"""manage.py loan_forecast BUDGET [--months] [--json]: debt against the framework by year, or by month (rule 8)."""

from __future__ import annotations

import json
from calendar import monthrange
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from budgets.models import Budget
from engine.framework import framework_at
from forecasts.models import Forecast
from forecasts.selectors import load_forecast
from forecasts.selectors.interest import load_debt_months
from investments.selectors.frameworks import load_frameworks
from itsam.management.budgets import format_table, get_budget_with_forecasts, load_budget_debt


class Command(BaseCommand):
    help = "Prints a budget's debt against the borrowing framework by year, or by month."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("budget", help="a budget's slug, such as budget-2026")
        parser.add_argument(
            "--months",
            action="store_true",
            help="what each month of the budget's years borrows and repays, and what is owed at its end, instead",
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: object, **options: Any) -> None:
        budget = get_budget_with_forecasts(options["budget"], self.stderr)
        if options["months"]:
            rows = _list_months(budget)
        else:
            rows = [
                {
                    "row": row.row,
                    "year": row.year,
                    "ore": row.amount_ore,
                    "tkr": row.tkr,
                    "provenance": row.provenance,
                }
                for row in load_forecast(budget, Forecast.Kind.LOAN)
            ]
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
        else:
            self.stdout.write(format_table(list(rows[0]) if rows else [], [list(row.values()) for row in rows]))


def _list_months(budget: Budget) -> list[dict[str, object]]:
    """Return the roll-forward of the budget's years by month. Raises CommandError where the debt can't be known."""
    debt, _assumed = load_budget_debt(budget)
    frameworks = load_frameworks()
    return [
        {
            "month": f"{row.year}-{row.month:02}",
            "opening_debt_ore": row.opening_debt,
            "borrowing_investments_ore": row.borrowing_investments,
            "borrowing_use_of_equity_ore": row.borrowing_use_of_equity,
            "amortisation_ore": row.amortisation,
            "refinancing_repaid_ore": row.refinancing_repaid,
            "refinancing_raised_ore": row.refinancing_raised,
            "debt_ore": row.closing_debt,
            "framework_ore": framework_at(frameworks, date(row.year, row.month, monthrange(row.year, row.month)[1])),
        }
        for row in load_debt_months(budget)
        if row.year in debt.years
    ]
