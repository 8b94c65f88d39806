"""manage.py trace BUDGET PRODUCT [--json]: what a product's cost comes from, as a tree."""

import json
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from budgets.models import Budget, BudgetProduct
from itsam.management.budgets import format_table, get_budget
from pricing.selectors.behind import is_calculation_behind
from pricing.selectors.trace import Node, trace_product

WORDS = {"posts": "staff", "rest": "changed since the calculation"}
MOST_NAMED = 20


class Command(BaseCommand):
    help = "Prints what a product's cost comes from: lines, contracts, pools and posts, öre by year."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("budget", help="a budget's slug, such as budget-2026")
        parser.add_argument("product", help="a product's name in it, or SUB-BUDGET/NAME where several have that name")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: object, **options: Any) -> None:
        budget = get_budget(options["budget"])
        product = get_product(budget, options["product"])
        if is_calculation_behind(budget):
            self.stderr.write(f"What is calculated in {budget.slug} is behind: run manage.py roll_up {budget.slug}.")
        tree = trace_product(product)
        if options["json"]:
            of = {"budget": budget.slug, "sub_budget": product.sub_budget.slug, "product": product.name}
            told = {**of, "years": list(budget.years), "ore": list(tree.amounts), "tree": tree.as_json()}
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1))
            return
        self.stdout.write(format_table(["öre", *map(str, budget.years)], list(_list_rows(tree))))


def get_product(budget: Budget, name: str) -> BudgetProduct:
    """Return a budget's product by its name. Raise CommandError that lists those that the name may mean."""
    products = list(
        BudgetProduct.objects.filter(budget=budget)
        .select_related("sub_budget", "budget")
        .order_by("sub_budget__position", "position", "pk")
    )
    found = [row for row in products if row.name == name] or [row for row in products if address_of(row) == name]
    if not found:
        found = [row for row in products if row.name.casefold() == name.casefold()]
    if len(found) == 1:
        return found[0]
    if found:
        said = f"{budget.slug} has {len(found)} products named {name!r}. Write one of:"
        raise CommandError("\n".join([said, *map(address_of, found)]))
    near = [row for row in products if name.casefold() in row.name.casefold()] or products
    more = f"\n… and {len(near) - MOST_NAMED} more." if len(near) > MOST_NAMED else ""
    said = f"{budget.slug} has no product {name!r}. Those it may be:"
    raise CommandError("\n".join([said, *map(address_of, near[:MOST_NAMED])]) + more)


def address_of(product: BudgetProduct) -> str:
    """Return what names a product also where several have its name."""
    return f"{product.sub_budget.slug}/{product.name}"


def _list_rows(node: Node, level: int = 0) -> Iterator[list[object]]:
    name = node.name or WORDS.get(node.kind, node.kind)
    said = [*([", ".join(node.titles)] if node.titles else []), *([f"from {node.origin}"] if node.origin else [])]
    yield ["  " * level + name + (f" ({'; '.join(said)})" if said else ""), *node.amounts]
    for child in node.children:
        yield from _list_rows(child, level + 1)
