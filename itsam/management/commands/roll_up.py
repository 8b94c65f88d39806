"""manage.py roll_up BUDGET [--all]: brings a budget's totals and forecasts up to date."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from forecasts.services.roll_up import roll_up_budget
from itsam.management.budgets import get_budget


class Command(BaseCommand):
    help = "Rolls up what is behind in a budget; with --all everything, from scratch."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("budget", help="a budget's slug, such as budget-2026")
        parser.add_argument("--all", action="store_true", help="also what is marked as up to date")

    def handle(self, *args: object, **options: Any) -> None:
        budget = get_budget(options["budget"])
        roll_up_budget(budget, everything=options["all"])
        self.stdout.write(f"{budget.slug} is rolled up.")
