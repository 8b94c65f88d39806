"""manage.py loan_forecast BUDGET [--months] [--json]: debt against the framework by year, or by month (rule 8)."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from engine.stress import Inputs, stress
from forecasts.models import Forecast
from forecasts.selectors import load_forecast
from investments.selectors.frameworks import load_frameworks
from itsam.management.budgets import format_table, get_budget_with_forecasts, load_budget_debt


class Command(BaseCommand):
    help = "Prints a budget's debt against the borrowing framework by year, or by month."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("budget", help="a budget's slug, such as budget-2026")
        parser.add_argument("--months", action="store_true", help="what is owed at the end of each month instead")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: object, **options: Any) -> None:
        budget = get_budget_with_forecasts(options["budget"], self.stderr)
        if options["months"]:
            debt, _assumed = load_budget_debt(budget)
            answer = stress(debt, Inputs(), load_frameworks())
            rows = [
                {"month": f"{row.year}-{row.month:02}", "debt_ore": row.debt, "framework_ore": row.framework}
                for row in answer.months
            ]
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
