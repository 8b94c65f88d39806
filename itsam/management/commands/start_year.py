"""manage.py start_year SOURCE: starts a budget from another one, by the service of the page; --preview writes nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import override

from budgets.models import Budget, BudgetProduct
from budgets.selectors.starting import list_started_sums
from budgets.services.starting import (
    ChosenIndex,
    StartKind,
    StartPlan,
    check_start,
    list_indexed_kinds,
    propose_indexes,
)
from budgets.services.workflow import RefusedError
from forecasts.selectors.adoption import is_name_taken
from forecasts.services.versions import start_by_plan
from itsam.management.budgets import format_table, get_budget
from objects.models import Product

BY = "start_year"


class Command(BaseCommand):
    help = "Starts the next year's budget, a forecast budget or an empty one from another budget."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", help="a budget's slug, such as budget-2027")
        parser.add_argument("--name", help="of the new budget; Budget and its year when left out")
        parser.add_argument("--slug", help="its name in the address; follows from the name when left out")
        parser.add_argument("--year-kind", choices=[kind.value for kind in StartKind], default=StartKind.NEXT.value)
        parser.add_argument(
            "--end", action="append", default=[], metavar="PRODUCT", help="a product that ends, by slug or name"
        )
        parser.add_argument("--index", action="append", default=[], metavar="KIND=PERCENT", help="such as personnel=3")
        parser.add_argument(
            "--due", type=date.fromisoformat, metavar="DAY", help="sub-budgets are submitted, YYYY-MM-DD"
        )
        parser.add_argument("--approval-due", type=date.fromisoformat, metavar="DAY", help="and approved")
        parser.add_argument("--without-notes", action="store_true")
        parser.add_argument("--preview", action="store_true", help="say what it would give, and write nothing")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: object, **options: object) -> None:
        source = get_budget(str(options["source"]))
        with override("en"), transaction.atomic():
            plan = _make_plan(source, options)
            try:
                target = _start(source, plan)
            except (RefusedError, ValidationError) as refused:
                said = " ".join(refused.messages) if isinstance(refused, ValidationError) else str(refused)
                raise CommandError(said) from refused
            told = _tell(source, target, is_preview=bool(options["preview"]))
            if options["preview"]:
                transaction.set_rollback(True)
        self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1) if options["json"] else _show(told))


def _start(source: Budget, plan: StartPlan) -> Budget:
    held: Budget = Budget.objects.select_for_update(of=("self",)).get(pk=source.pk)
    check_start(held, plan)
    if is_name_taken(plan.name, plan.slug):
        raise RefusedError(f"There is already a budget with the name {plan.name!r} or the slug {plan.slug!r}.")
    return start_by_plan(held, plan, by=BY)


def _make_plan(source: Budget, options: dict[str, object]) -> StartPlan:
    kind = StartKind(str(options["year_kind"]))
    year = source.fiscal_year + (kind != StartKind.FORECAST)
    name = str(options["name"] or (f"Forecast {year}" if kind == StartKind.FORECAST else f"Budget {year}"))
    due, approval = options["due"], options["approval_due"]
    assert due is None or isinstance(due, date)
    assert approval is None or isinstance(approval, date)
    return StartPlan(
        name=name,
        slug=str(options["slug"] or slugify(name)[:60]),
        kind=kind,
        ended=[_find_product(source, asked).lineage for asked in _texts(options["end"])],
        keeps_notes=not options["without_notes"],
        indexes=_read_indexes(source.years[2] + 1, _texts(options["index"])),
        due_on=due,
        approval_due_on=approval,
    )


def _texts(values: object) -> list[str]:
    return [str(value) for value in values] if isinstance(values, list) else []


def _find_product(source: Budget, asked: str) -> BudgetProduct:
    """Return the product of the budget with this slug or name. Raise CommandError that lists those like it."""
    rows = BudgetProduct.objects.filter(budget=source).select_related("product")
    found = [row for row in rows if asked.casefold() in (row.name.casefold(), _slug_of(row.product))]
    if len(found) == 1:
        return found[0]
    like = ", ".join(sorted(row.name for row in rows if asked.casefold() in row.name.casefold())) or "none like it"
    raise CommandError(f"There is no product {asked!r} in {source.name}. Products: {like}.")


def _slug_of(product: Product) -> str:
    return str(getattr(product, "slug", ""))


def _read_indexes(year: int, asked: Sequence[str]) -> dict[str, ChosenIndex]:
    """Return what the page proposes, and what is given instead, which becomes a rate of today."""
    today = timezone.localdate()
    indexes = propose_indexes(year, today)
    for text in asked:
        kind, _equals, percent = text.partition("=")
        if kind not in list_indexed_kinds():
            raise CommandError(f"{kind!r} has no index. Those that have: {', '.join(list_indexed_kinds())}.")
        try:
            exact = Decimal(percent.replace(",", "."))
        except InvalidOperation as error:
            raise CommandError(f"{percent!r} is no percentage. Write such as {kind}=3 or {kind}=2.5.") from error
        if not exact.is_finite() or not -100 < exact < 1000 or exact != round(exact, 3):
            raise CommandError(
                f"{percent!r}: a percentage lies above -100 and below 1000, with at most three decimals."
            )
        indexes[kind] = ChosenIndex(exact, today, source_text="manage.py start_year", is_new=True)
    return indexes


def _tell(source: Budget, target: Budget, *, is_preview: bool) -> dict[str, object]:
    rows = [
        {"sub_budget": row.sub_budget.slug, "before_ore": list(row.before), "after_ore": list(row.after)}
        for row in list_started_sums(source, target)
    ]
    return {
        "source": source.slug,
        "source_year": source.fiscal_year,
        "slug": target.slug,
        "name": target.name,
        "kind": target.kind,
        "years": list(target.years),
        "preview": is_preview,
        "sub_budgets": rows,
    }


def _show(told: dict[str, object]) -> str:
    rows, years = told["sub_budgets"], told["years"]
    assert isinstance(rows, list)
    assert isinstance(years, list)
    head = ["sub-budget", f"before, {told['source_year']}, ore", *(f"{year}, ore" for year in years)]
    table = format_table(head, [[row["sub_budget"], row["before_ore"][0], *row["after_ore"]] for row in rows])
    said = "would be started" if told["preview"] else "is started"
    return f"{told['name']} ({told['slug']}) {said} from {told['source']}.\n{table}"
