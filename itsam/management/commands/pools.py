"""manage.py pools BUDGET [--json]: what each cost pool costs, and who takes it (rule 5)."""

import json
from typing import TypedDict

from django.core.management.base import BaseCommand, CommandParser

from budgets.models import Budget
from engine.pools import To
from itsam.management.budgets import format_table, get_budget
from pricing.selectors.tables import PoolRow, Taken, load_pool_table

COLUMNS = ("pool", "year", "cost_ore", "kind", "name", "ore")
KINDS = {To.POOL: "pool", To.BASE_GRANT: "base_grant", To.PRODUCT: "product"}


class Told(TypedDict):
    """A pool of one year; `cost_ore` is without what other pools give."""

    pool: str
    year: int
    cost_ore: int
    to: list[dict[str, str | int]]


class Command(BaseCommand):
    help = "Prints what a budget's cost pools cost and give to each other, the base grant and products."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("budget", help="a budget's slug, such as budget-2026")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: object, **options: object) -> None:
        rows = list_rows(get_budget(str(options["budget"])))
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
            return
        cells = [
            [row["pool"], row["year"], row["cost_ore"], to["kind"], to["name"], to["ore"]]
            for row in rows
            for to in row["to"] or [{"kind": "–", "name": "–", "ore": 0}]
        ]
        self.stdout.write(format_table(COLUMNS, cells))


def list_rows(budget: Budget) -> list[Told]:
    """Return each pool that has a row in the table of controllable costs, for each of the three years."""
    return [
        {"pool": row.pool.slug, "year": year, "cost_ore": row.cost[place], "to": _tell(row, place)}
        for row in load_pool_table(budget).rows
        for place, year in enumerate(budget.years)
    ]


def _tell(row: PoolRow, year: int) -> list[dict[str, str | int]]:
    """Return who takes how much in a year, pools first; what several parts of the pool give to one is one amount."""
    sums: dict[tuple[To, int], list[Taken]] = {}
    for taken in sorted(row.taken, key=lambda taken: taken.to):
        sums.setdefault((taken.to, taken.key), []).append(taken)
    told = [(to, parts[0].name, sum(part.amounts[year] for part in parts)) for (to, _key), parts in sums.items()]
    return [{"kind": KINDS[to], "name": name, "ore": ore} for to, name, ore in told if ore]
