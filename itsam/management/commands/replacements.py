"""manage.py replacements BUDGET [--until-year YEAR] [--json]: what falls due by year, class and member (rule 8)."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from engine.replacements import add_up, plan_replacements
from investments.selectors.purchases import list_investments
from investments.selectors.replacements import Register, load_register, start_terms
from itsam.management.budgets import format_table, get_budget

MOST_YEARS = 40


class Command(BaseCommand):
    help = (
        "Prints which devices are replaced by year, asset class and member, by the ages of the device register and the "
        "lives and prices of a budget."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("budget", help="a budget's slug, such as budget-2027")
        parser.add_argument("--until-year", type=int, metavar="YEAR", help="the budget's last year when left out")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: object, **options: Any) -> None:
        budget = get_budget(options["budget"])
        first, last = budget.years[0], options["until_year"] or budget.years[2]
        if not first <= last <= first + MOST_YEARS:
            raise CommandError(f"--until-year {last} is not between {first} and {first + MOST_YEARS}.")
        register = load_register(list_investments(budget))
        if not register.cohorts:
            raise CommandError("The device register has nothing with a known life: read it in or add devices first.")
        told = _tell(register, first, last)
        self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1) if options["json"] else _show(told))


def _tell(register: Register, first: int, last: int) -> dict[str, Any]:
    plan = plan_replacements(register.cohorts, start_terms(register.planned), first, last)
    planned = {row.slug: row for row in register.planned}
    sums = add_up(plan, lambda row: (row.year, row.asset_class, row.member, row.unit_price))
    order = list(planned)
    rows = []
    for (year, slug, member, price), (number, amount) in sorted(
        sums.items(), key=lambda found: (found[0][0], order.index(found[0][1]), found[0][2:])
    ):
        customer, kind = register.name_member(member), planned[slug]
        rows.append(
            {
                "year": year,
                "asset_class": slug,
                "member": customer.name if customer else None,
                "number": number,
                "unit_price_ore": price,
                "amount_ore": amount,
                "assumed": kind.is_assumed or kind.is_life_assumed,
            }
        )
    return {"years": list(range(first, last + 1)), "rows": rows, "assumed": list(_list_assumed(register, first, plan))}


def _list_assumed(register: Register, first: int, plan: list[Any]) -> list[str]:
    late = sum(row.number for row in plan if row.due < first * 12)
    return [
        *(
            f"{row.slug}: the devices of the register, and their price, are assumed"
            for row in register.planned
            if row.is_assumed
        ),
        *(f"{row.slug}: the life is assumed" for row in register.planned if row.is_life_assumed),
        "prices: those of the first year; no index is tried",
        *([f"{late} that fell due before {first} are replaced in January {first}"] if late else []),
    ]


def _show(told: dict[str, Any]) -> str:
    head = ["year", "class", "member", "number", "price each, öre", "amount, öre"]
    names = ("year", "asset_class", "member", "number", "unit_price_ore", "amount_ore")
    rows = [[row[name] for name in names] for row in told["rows"]]
    return "\n".join([format_table(head, rows), "Assumed:", *(f"  {said}" for said in told["assumed"])])
