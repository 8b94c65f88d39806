"""Stores what a calculation made: what differs of posts' cost, of pools' shares and of calculated lines.

The trick: rows are read as tuples, and all that differ are changed by one statement from arrays. Django's bulk_update
compiles an expression for each value, which took longer than the whole calculation.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Min, Model, QuerySet
from django.utils import timezone
from django.utils.translation import override

from budgets.models import COST_KINDS, Budget, CostLine
from engine.provenance import weakest
from engine.years import AMOUNTS
from pricing.models import CalculatedKind, CapitalCost, PoolShare, PostCost
from pricing.services.calculated import Amounts, Calculated, Figure, Target
from web.generics import SqlRow

Key = TypeVar("Key", bound=Hashable)
SET_AMOUNTS = """
    UPDATE {table} AS t SET amount_1_ore = s.first, amount_2_ore = s.second, amount_3_ore = s.third
    FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[]) AS s (id, first, second, third)
    WHERE t.id = s.id"""
SET_LINES = """
    UPDATE budgets_costline AS t SET amount_1_ore = s.first, amount_2_ore = s.second, amount_3_ore = s.third,
        provenance = s.provenance, index_provenance = '', edited_at = %s
    FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::text[])
        AS s (id, first, second, third, provenance)
    WHERE t.id = s.id"""


def write_calculated(budget: Budget, done: Calculated) -> None:
    """Make what is stored of a budget say what the calculation made; rows that say it already are left alone."""
    write_post_costs(budget, done)
    shares = PoolShare.objects.filter(pool__budget=budget)
    store_amounts(PoolShare, ("pool_id", "to_pool_id", "budget_product_id"), shares, done.shares)
    _write_lines(budget, done.lines)


def write_post_costs(budget: Budget, done: Calculated) -> None:
    """Make what is stored of the posts' cost say what the calculation made."""
    costs = PostCost.objects.filter(part__post__budget=budget)
    store_amounts(PostCost, ("part_id", "row"), costs, done.post_costs)


def store_amounts(
    model: type[Model],
    names: tuple[str, ...],
    stored: QuerySet[PostCost] | QuerySet[PoolShare] | QuerySet[CapitalCost],
    wanted: Mapping[Key, Amounts],
) -> None:
    """Make rows say what is wanted by the columns of their key: change those that differ, add those that lack."""
    lacking: dict[Any, Amounts] = dict(wanted)
    differing, gone = [], []
    for pk, *rest in stored.values_list("pk", *names, *AMOUNTS):
        key, amounts = tuple(rest[: len(names)]), rest[len(names) :]
        figure = lacking.pop(key, None)
        if figure is None:
            gone.append(pk)
        elif figure != amounts:
            differing.append((pk, *figure))
    rows = model._default_manager
    rows.filter(pk__in=gone).delete()
    _run(SET_AMOUNTS.format(table=model._meta.db_table), differing)
    columns = (*names, *AMOUNTS)
    rows.bulk_create(model(**dict(zip(columns, (*key, *amounts), strict=True))) for key, amounts in lacking.items())


def _run(statement: str, rows: Iterable[SqlRow], *before: datetime) -> None:
    """Run a statement over the columns of rows, if there are any, after what it is given once."""
    columns = [list(column) for column in zip(*rows, strict=True)]
    if columns:
        with connection.cursor() as cursor:
            cursor.execute(statement, [*before, *columns])


def _write_lines(budget: Budget, wanted: Mapping[Target, Figure]) -> None:
    """Write the calculated lines; a kind with entered lines stays entered until a person switches it."""
    switched = _switch_new(budget, wanted)
    lacking = {target: figure for target, figure in wanted.items() if target in switched}
    differing, gone = [], []
    for pk, product, kind, source, *amounts in _list_calculated(budget):
        figure = lacking.pop(Target(product, kind), None)
        if figure is None:
            gone.append(pk)
        elif (figure.amounts, weakest(figure.sources)) != (amounts, source):
            differing.append((pk, *figure.amounts, weakest(figure.sources)))
    CostLine.objects.filter(pk__in=gone).delete()
    _run(SET_LINES, differing, timezone.now())
    CostLine.objects.bulk_create(_make_lines(budget, lacking))


def _list_calculated(budget: Budget) -> Iterator[SqlRow]:
    rows = CostLine.objects.filter(budget=budget, is_calculated=True).order_by("pk")
    yield from rows.values_list("pk", "budget_product_id", "cost_kind", "provenance", *AMOUNTS)


def _switch_new(budget: Budget, wanted: Mapping[Target, Figure]) -> set[Target]:
    """Return what is calculated; where nothing was entered it is so from now on."""
    switched, free = find_switched(budget, wanted)
    CalculatedKind.objects.bulk_create(
        CalculatedKind(budget=budget, budget_product_id=target.product_id, cost_kind=target.cost_kind)
        for target in free
    )
    return switched | set(free)


def find_switched(budget: Budget, wanted: Collection[Target]) -> tuple[set[Target], list[Target]]:
    """Return what is calculated by now, and what of the wanted would be too, since nothing was entered there."""
    rows = CalculatedKind.objects.filter(budget=budget).values_list("budget_product_id", "cost_kind")
    switched = {Target(product, kind) for product, kind in rows}
    lacking = [target for target in wanted if target not in switched]
    if not lacking:
        return switched, []
    lines = CostLine.objects.filter(budget=budget, budget_product__in={target.product_id for target in lacking})
    entered = {Target(*row) for row in lines.values_list("budget_product_id", "cost_kind")}
    return switched, [target for target in lacking if target not in entered]


def _make_lines(budget: Budget, wanted: Mapping[Target, Figure]) -> Iterator[CostLine]:
    """Yield new calculated lines, each before what is entered of its product.

    One that stands in place of entered lines goes on as the first of them, so that it is compared with the same line.
    """
    if not wanted:
        return
    lineages = _read_replaced(budget)
    lines = CostLine.objects.filter(budget_product__in={target.product_id for target in wanted}).order_by()
    first = dict(lines.values_list("budget_product").annotate(Min("position")))
    with override("sv"):
        texts = {kind: str(text) for kind, text in COST_KINDS}
    for target, figure in wanted.items():
        yield CostLine(
            budget=budget,
            budget_product_id=target.product_id,
            cost_kind=target.cost_kind,
            text=texts[target.cost_kind],
            position=(first.get(target.product_id) or 1) - 1,
            provenance=weakest(figure.sources),
            is_calculated=True,
            **({"lineage": lineages[target]} if target in lineages else {}),
            **dict(zip(AMOUNTS, figure.amounts, strict=True)),
        )


def _read_replaced(budget: Budget) -> dict[Target, str]:
    """Return the lineage of the first line that each calculated kind replaced."""
    rows = CalculatedKind.objects.filter(budget=budget).exclude(replaced=[])
    kinds = rows.values_list("budget_product_id", "cost_kind", "replaced")
    return {Target(product, kind): replaced[0]["lineage"] for product, kind, replaced in kinds}
