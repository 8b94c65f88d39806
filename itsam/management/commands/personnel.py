"""manage.py personnel BUDGET [--json]: the personnel table, row by row and year by year (rule 4)."""

import json

from django.core.management.base import BaseCommand, CommandParser

from engine.money import round_to_tkr
from itsam.management.budgets import format_table, get_budget
from pricing.selectors.personnel import load_personnel_table

COLUMNS = ("row", "year", "ore", "tkr")


class Command(BaseCommand):
    help = "Prints what a budget's posts and hired staff cost, as they were calculated last."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("budget", help="a budget's slug, such as budget-2026")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: object, **options: object) -> None:
        budget = get_budget(str(options["budget"]))
        rows = [
            {"row": row, "year": year, "ore": ore, "tkr": round_to_tkr(ore)}
            for row, amounts in load_personnel_table(budget).rows.items()
            for year, ore in zip(budget.years, amounts, strict=True)
        ]
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
            return
        self.stdout.write(format_table(COLUMNS, [[row[column] for column in COLUMNS] for row in rows]))
