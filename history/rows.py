"""What single events say: each with the state before it, and the names of what they point to.

The trick: a page's events lie in several tables; one query fetches them all as JSON, so that the number of queries
depends neither on the rows nor on the tables they come from.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any, TypeAlias

from django.db import connection, models
from django.db.models import F, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Left

from budgets.models import Budget, SubBudget
from web.generics import SqlRow
from web.tracking import Noun, list_nouns

Wanted = Mapping[str, list[int]]
# A row's values by column, as JSON has them.
Values: TypeAlias = dict[str, Any]
LONGEST_NAME = 100

# The row before is chosen first and made JSON then, or all of an object's rows would be made so to be sorted.
EVENT = """
    SELECT %s, e.pgh_id, to_jsonb(e)::text, (
        SELECT to_jsonb(b)::text FROM (
            SELECT * FROM {table} WHERE pgh_obj_id = e.pgh_obj_id AND pgh_id < e.pgh_id ORDER BY pgh_id DESC LIMIT 1) AS b)
    FROM {table} AS e WHERE e.pgh_id = ANY(%s)"""

HOMES = "SELECT sub_budget_id FROM budgets_budgetproduct WHERE id = ANY(%s)"


@dataclass(frozen=True)
class State:
    """An event's row and the one before it of the same object; values are as JSON has them, numbers exact."""

    now: Values
    before: Values | None


@dataclass
class Named:
    """Names by kind and primary key, slugs, and of budgets the fiscal year."""

    names: dict[tuple[str, int], str] = field(default_factory=dict)
    slugs: dict[tuple[str, int], str] = field(default_factory=dict)
    parents: dict[tuple[str, int], int] = field(default_factory=dict)
    years: dict[int, int] = field(default_factory=dict)


def load_states(tables: Mapping[str, str], wanted: Wanted) -> dict[tuple[str, int], State]:
    """Return the events `wanted`, by kind and number; `tables` names the table of every kind. One query.

    It asks the tables of the wanted kinds only: to plan the others takes longer than to read these.
    """
    asked = {kind: table for kind, table in tables.items() if wanted.get(kind)}
    if not asked:
        return {}
    statement = " UNION ALL ".join(EVENT.format(table=table) for table in asked.values())
    values = [value for kind in asked for value in (kind, wanted[kind])]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return {(kind, number): State(_read(now) or {}, _read(before)) for kind, number, now, before in cursor}


def _read(text: str | None) -> Values | None:
    if text is None:
        return None
    values: Values = json.loads(text, parse_float=Decimal)
    return values


def load_names(wanted: Mapping[str, Collection[int]], *, english: bool) -> Named:
    """Return the names of what events point to, by the model's name and primary key, and of all budgets. One query."""
    statements, values = [], []
    for noun in list_nouns():
        pks = sorted(wanted.get(str(noun.model._meta.model_name), ()))
        condition, given = _choose(noun, pks, wanted)
        if given or noun.model is Budget:
            statement, parameters = write_names(noun, english=english)
            statements.append(f"SELECT * FROM ({statement}) AS t WHERE {condition}")
            values += [*parameters, *given]
    named = Named()
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(statements), values)
        for kind, pk, name, slug, parent, year in cursor:
            named.names[kind, pk] = name
            named.slugs[kind, pk] = slug
            named.parents[kind, pk] = parent
            if kind == "budget":
                named.years[pk] = year
    return named


def _choose(noun: Noun, pks: list[int], wanted: Mapping[str, Collection[int]]) -> tuple[str, list[list[int]]]:
    """Return the condition on the rows that are named and its values: all budgets, the sub-budgets of products too."""
    if noun.model is Budget:
        return "TRUE", []
    products = sorted(wanted.get("budgetproduct", ()))
    if noun.model is SubBudget and products:
        return f"told_pk = ANY(%s) OR told_pk IN ({HOMES})", [pks, products]
    return "told_pk = ANY(%s)", [pks] if pks else []


@cache
def write_names(noun: Noun, *, english: bool) -> tuple[str, SqlRow]:
    """Return SQL for (kind, primary key, name, slug, key of the parent, fiscal year) of all rows of a model."""
    columns = {column.attname for column in noun.model._meta.concrete_fields}
    parent = next((name for name in ("sub_budget_id", "budget_id") if name in columns), None)
    slug = next((name for name in ("slug", "uuid") if name in columns), None)
    shown = {
        "told_kind": Value(str(noun.model._meta.model_name)),
        "told_pk": F("pk"),
        "told_name": find_name(noun, english=english),
        "told_slug": Cast(slug, models.TextField()) if slug else Value(""),
        "told_parent": F(parent) if parent else Value(0),
        "told_year": F("fiscal_year") if noun.model is Budget else Value(0),
    }
    rows = noun.model._base_manager.annotate(**shown).order_by().values_list(*shown)
    statement, parameters = rows.query.sql_with_params()
    return statement, tuple(parameters)


def find_name(noun: Noun, *, english: bool) -> Combinable:
    """Return what a row is called: as its model says, else its name, title or text."""
    columns = {column.attname: column for column in noun.model._meta.concrete_fields}
    if noun.name is not None:
        return noun.name_en if english and noun.name_en is not None else noun.name
    for name in ("name", "name_en" if english else "name_sv"):
        if name in columns:
            return F(name)
    if noun.title and not columns[noun.title].is_relation:
        return F(noun.title)
    return Left("text", LONGEST_NAME) if "text" in columns else Value("")
