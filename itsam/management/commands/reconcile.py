"""manage.py reconcile BUDGET [--json]: published figures against computed ones and against each other (rule 12)."""

import json
from collections import Counter

from django.core.management.base import BaseCommand, CommandParser

from forecasts.selectors import reconcile
from itsam.management.budgets import format_table, get_budget

COLUMNS = ("table", "row", "column", "published_tkr", "computed_tkr", "difference_tkr", "class")


class Command(BaseCommand):
    help = "Compares every published figure of a budget's documents."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("budget", help="a budget's slug, such as budget-2026")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: object, **options: object) -> None:
        rows = reconcile(get_budget(str(options["budget"])))
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
            return
        self.stdout.write(format_table(COLUMNS, [[row[column] for column in COLUMNS] for row in rows]))
        counted = Counter(str(row["class"]) for row in rows)
        self.stdout.write("\n" + ", ".join(f"{name}: {count}" for name, count in sorted(counted.items())))
