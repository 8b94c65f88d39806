"""Copies a budget in SQL, every row keeping its lineage. Rule 2: copy forward shifts the years and indexes the last.

What is copied is read from the models: no list names them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from graphlib import TopologicalSorter
from typing import cast
from uuid import UUID

from django.db import connection, transaction
from django.db.models import CASCADE, Field, ForeignKey, Model, UUIDField

from budgets.models import Budget, IndexRate, Lineage
from budgets.services.totals import Parameters, execute
from engine.indexing import Rate, find_index, index_of
from engine.result import REDUCTIONS, CostKind
from records.reasons import Reason
from records.services import change
from web.tracking import list_nouns, noun_of

# The lines are sorted, and every trigger is handed them; on disk that takes a fourth of the time again.
KEEP_IN_MEMORY = "SET LOCAL work_mem = '64MB'"

# What the copied rows point to is given as values: of rows just written the planner expects one, and reads the lines by
# product. In the order of what they lie in, a product's lines lie together: its page reads fewer blocks, its key is
# checked sooner. round() of numeric rounds half away from zero, as money.round_ore does; a test holds the two together.
COPY = """
    INSERT INTO {table} ({columns})
    SELECT {values}
    FROM {table} AS old{joins}
    WHERE {condition}
    ORDER BY {order}"""
PAIRS = """
    SELECT old.id, new.id FROM {table} AS old
    JOIN {table} AS new ON new.budget_id = %(target)s AND new.lineage = old.lineage
    WHERE old.budget_id = %(source)s"""
JOIN = """
    {kind}JOIN unnest(%(old_{name})s::bigint[], %(new_{name})s::bigint[]) AS {alias} (old_id, new_id)
        ON {alias}.old_id = old.{column}"""
JOIN_INDEX = """
    JOIN unnest(%(kinds)s::text[], %(indexes)s::numeric[], %(sources)s::text[]) AS i (cost_kind, index, provenance) ON i.cost_kind = {kind}"""

LEAVE_OUT = " AND old.lineage <> ALL(%(left_out)s::uuid[])"

# Recomputed from their sources, or nothing that goes on by itself: never indexed.
NEVER_INDEXED = frozenset({CostKind.DEPRECIATION, CostKind.INTEREST, CostKind.SERVER_OPERATION}) | REDUCTIONS


def load_indexes(year: int, on: date) -> dict[str, str]:
    """Return the index of each cost kind for a year as exact decimal text, by the rates valid on a date."""
    rates = [
        Rate(rate.cost_kind, rate.year, rate.valid_from_on, rate.percent)
        for rate in IndexRate.objects.filter(year=year)
    ]
    return {
        kind.value: _write_index(find_index(rates, kind.value, year, on) if kind not in NEVER_INDEXED else Fraction(1))
        for kind in CostKind
    }


def write_indexes(percents: Mapping[str, Decimal]) -> dict[str, str]:
    """Return the index of each cost kind as exact decimal text; 1 of those that no percentage is given of."""
    return {
        kind.value: _write_index(
            index_of(percents[kind]) if kind in percents and kind not in NEVER_INDEXED else Fraction(1)
        )
        for kind in CostKind
    }


def _write_index(index: Fraction) -> str:
    """Return an index as decimal text; a percentage has three decimals, so five hold it exactly."""
    return f"{int(index * 100_000) // 100_000}.{int(index * 100_000) % 100_000:05d}"


def copy_as_revision(
    source: Budget, *, slug: str, name: str, by: str, due_on: date | None = None, approval_due_on: date | None = None
) -> Budget:
    """Make a new draft of an adopted budget for the same year, with deadlines of its own; adopted, it replaces `source`.

    Raise IntegrityError when the slug or name is taken, or when `source` is already being revised.
    """
    with change(by=by, reason=Reason.REVISE, budget=source.slug), transaction.atomic():
        target = Budget.objects.create(
            slug=slug,
            name=name,
            kind=Budget.Kind.REVISED,
            fiscal_year=source.fiscal_year,
            based_on=source,
            replaces=source,
            jump_percent=source.jump_percent,
            due_on=due_on,
            approval_due_on=approval_due_on,
        )
        copy_rows(source, target, list_copied())
    return target


@cache
def list_copied() -> tuple[type[Model], ...]:
    """Return the models that are copied with a budget: those with a lineage, and the parts that die with them.

    What stays with one budget belongs to it like these, so that a page, an undoing or an end of a product counts with it.

    What a model points to comes before it, so that a copy points to a copy.
    """
    tracked = [noun.model for noun in list_nouns()]
    whole = [model for model in tracked if any(isinstance(field, Lineage) for field in model._meta.concrete_fields)]
    parts = [
        model
        for model in tracked
        if model not in whole and any(key.remote_field.on_delete is CASCADE for key in _list_keys(model, whole))
    ]
    copied = [*whole, *parts]
    order = TopologicalSorter({model: [key.related_model for key in _list_keys(model, copied)] for model in copied})
    return tuple(order.static_order())


def _list_keys(model: type[Model], targets: Collection[type[Model]]) -> list[ForeignKey[Model, Model]]:
    """Return the foreign keys by which a model points to the targets."""
    fields = [field for field in model._meta.concrete_fields if field.related_model in targets]
    return cast(list[ForeignKey[Model, Model]], fields)


@dataclass(frozen=True)
class Changed:
    """What a copy has otherwise than its source: values in SQL by model and column, and rows left out by lineage."""

    values: Mapping[type[Model], Mapping[str, str]] = field(default_factory=dict)
    left_out: Mapping[type[Model], Sequence[UUID]] = field(default_factory=dict)


def copy_rows(
    source: Budget,
    target: Budget,
    models: Sequence[type[Model]],
    *,
    indexes: Mapping[str, str] | None = None,
    index_sources: Mapping[str, str] | None = None,
    changed: Changed | None = None,
) -> None:
    """Copy the rows of `models`, in their order, from one budget to another; with `indexes` they go a year on.

    What is left out takes what can't be without it along: a product its lines. What says that it stays is not copied.
    """
    changed = changed or Changed()
    models = [model for model in models if not noun_of(model).stays]
    execute(KEEP_IN_MEMORY, {})
    given: Parameters = {"source": source.pk, "target": target.pk}
    if indexes is not None:
        sources = [(index_sources or {}).get(kind, "") for kind in indexes]
        given |= {"kinds": list(indexes), "indexes": list(indexes.values()), "sources": sources}
    pointed_to = {key.related_model for model in models for key in _list_keys(model, models)}
    for model in models:
        left_out = [str(lineage) for lineage in changed.left_out.get(model, ())]
        own = changed.values.get(model, {})
        statement = write_copy(model, models, is_year_on=indexes is not None, changed=own, leaves_out=bool(left_out))
        execute(statement, {**given, "left_out": left_out})
        if model in pointed_to:
            given |= _fetch_pairs(model, given)


def write_copy(
    model: type[Model],
    models: Sequence[type[Model]],
    *,
    is_year_on: bool,
    changed: Mapping[str, str] | None = None,
    leaves_out: bool = False,
) -> str:
    """Write the statement that copies a model's rows: as they are, but for what the model says of its copies.

    `changed` goes before that. What belongs to the source and is not among `models` is pointed to no more.
    """
    noun, keys = noun_of(model), _list_keys(model, models)
    own = {**noun.copied, **(noun.year_on if is_year_on else {}), **(changed or {})}
    own |= {key.attname: "NULL" for key in _list_keys(model, list_copied()) if key not in keys}
    own |= {key.attname: f"to_{key.name}.new_id" for key in keys}
    values = {field.column: own.get(field.attname) or _copy_value(field) for field in _list_columns(model)}
    joins = [_join(key) for key in keys]
    indexed_by = noun.indexed_by or ("old.cost_kind" if "cost_kind" in values else "")
    if is_year_on and indexed_by:
        joins.append(JOIN_INDEX.format(kind=indexed_by))
    order = [
        *(f"to_{key.name}.new_id" for key in keys[:1]),
        *(["old.position"] if "position" in values else []),
        "old.id",
    ]
    return COPY.format(
        table=model._meta.db_table,
        columns=", ".join(f'"{column}"' for column in values),
        values=", ".join(values.values()),
        joins="".join(joins),
        condition=("old.budget_id = %(source)s" if "budget_id" in values else _of_copied(model, keys))
        + (LEAVE_OUT if leaves_out else ""),
        order=", ".join(order),
    )


def _of_copied(model: type[Model], keys: list[ForeignKey[Model, Model]]) -> str:
    """Return the condition on parts: one that points to what is left out, row or model, is left out with it."""
    pointing = [f"(old.{key.column} IS NULL OR to_{key.name}.new_id IS NOT NULL)" for key in keys if key.null]
    unknown = [f"old.{key.column} IS NULL" for key in _list_keys(model, list_copied()) if key not in keys]
    return " AND ".join(["TRUE", *pointing, *unknown])


def _list_columns(model: type[Model]) -> list[Field[object, object]]:
    """Return the fields that a copy is given; the database fills in the others."""
    fields = model._meta.concrete_fields
    return [field for field in fields if not field.primary_key and not (_is_moment(field) and field.has_db_default())]


def _is_moment(field: Field[object, object]) -> bool:
    return bool(getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False))


def _copy_value(field: Field[object, object]) -> str:
    """Return what a copy holds where its model says nothing else: the same, in the new budget, made now."""
    if field.name == "budget":
        return "%(target)s"
    if _is_moment(field):
        return "now()"
    return "gen_random_uuid()" if field.unique and isinstance(field, UUIDField) else f'old."{field.column}"'


def _join(key: ForeignKey[Model, Model]) -> str:
    """Return the pairs of what a foreign key points to, the old row with its copy; none where the key is empty."""
    kind, name = "LEFT " if key.null else "", key.related_model._meta.model_name
    return JOIN.format(kind=kind, alias=f"to_{key.name}", name=name, column=key.column)


def _fetch_pairs(model: type[Model], given: Parameters) -> dict[str, list[int]]:
    """Return the keys of a model's rows in the source and in the copy."""
    with connection.cursor() as cursor:
        cursor.execute(PAIRS.format(table=model._meta.db_table), given)
        pairs = cursor.fetchall()
    name = model._meta.model_name
    return {f"old_{name}": [old for old, _new in pairs], f"new_{name}": [new for _old, new in pairs]}
