"""manage.py forecast BUDGET [--json]: a budget's grant, result and loan forecast."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from forecasts.models import Forecast, ForecastRow
from forecasts.selectors import load_forecast
from itsam.management.budgets import format_table, get_budget_with_forecasts


class Command(BaseCommand):
    help = "Prints the three forecasts of a budget, öre and tkr."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("budget", help="a budget's slug, such as budget-2026")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: object, **options: Any) -> None:
        budget = get_budget_with_forecasts(options["budget"], self.stderr)
        forecasts = {kind.value: load_forecast(budget, kind) for kind in Forecast.Kind}
        if options["json"]:
            rows_by_kind = {kind: [_as_json(row, kind) for row in rows] for kind, rows in forecasts.items()}
            self.stdout.write(json.dumps(rows_by_kind, ensure_ascii=False, indent=1))
            return
        for kind, rows in forecasts.items():
            self.stdout.write(f"\n{budget.slug}: {kind}, tkr\n{_as_table(rows)}")


def _as_json(row: ForecastRow, kind: str) -> dict[str, object]:
    facts: dict[str, object] = {"row": row.row, "year": row.year, "ore": row.amount_ore, "tkr": row.tkr}
    facts["provenance"] = row.provenance
    if kind == Forecast.Kind.GRANT:
        facts["product"] = row.budget_product.name if row.budget_product else None
    return facts


def _as_table(rows: list[ForecastRow]) -> str:
    years = sorted({row.year for row in rows})
    names = dict.fromkeys((row.row, row.budget_product) for row in rows)
    cells = {(row.row, row.budget_product, row.year): row.tkr for row in rows}
    table = [
        [name, product.name if product else "", *(cells.get((name, product, year)) for year in years)]
        for name, product in names
    ]
    return format_table(["row", "product", *map(str, years)], table)
