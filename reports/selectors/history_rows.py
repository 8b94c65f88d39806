"""What single events say: each with the state before it, and the names of what they point to.

The trick: a page's events lie in several tables; one query fetches them all as JSON, so that the number of queries
depends neither on the rows nor on the tables they come from.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection

Wanted = Mapping[str, list[int]]

EVENT = """
    SELECT %s, e.pgh_id, to_jsonb(e)::text, (
        SELECT to_jsonb(b)::text FROM {table} AS b WHERE b.pgh_obj_id = e.pgh_obj_id AND b.pgh_id < e.pgh_id
        ORDER BY b.pgh_id DESC LIMIT 1)
    FROM {table} AS e WHERE e.pgh_id = ANY(%s)"""
# What events point to: the table, and the expressions of its name in Swedish and English, its slug and its parent's key.
NAMED: dict[str, tuple[str, ...]] = {
    "budgetproduct": (
        "budgets_budgetproduct AS t JOIN budgets_subbudget AS s ON s.id = t.sub_budget_id",
        "t.name",
        "t.name",
        "s.slug",
        "t.sub_budget_id",
    ),
    "allocationkey": ("budgets_allocationkey AS t", "t.name_sv", "t.name_en", "t.slug", "t.budget_id"),
    "governanceobject": ("objects_governanceobject AS t", "t.name_sv", "t.name_en", "t.slug", "0"),
    "product": ("objects_product AS t", "t.name", "t.name", "''", "0"),
    "decision": ("objects_decision AS t", "left(t.text, 100)", "left(t.text, 100)", "t.uuid::text", "0"),
    "objectplan": (
        "objects_objectplan AS t JOIN objects_governanceobject AS o ON o.id = t.governance_object_id",
        "concat(o.name_sv, ' ', t.from_year, '–', t.to_year)",
        "concat(o.name_en, ' ', t.from_year, '–', t.to_year)",
        "o.slug",
        "0",
    ),
    "user": ("accounts_user AS t", *["COALESCE(NULLIF(t.name, ''), t.email)"] * 2, "''", "0"),
    "municipality": ("objects_municipality AS t", "t.name", "t.name", "''", "0"),
    "customer": ("objects_customer AS t", "t.name", "t.name", "''", "0"),
    "assetclass": ("investments_assetclass AS t", "t.name", "t.name", "''", "0"),
    "plannedloan": ("investments_plannedloan AS t", "t.year::text", "t.year::text", "''", "t.budget_id"),
    "loan": ("investments_loan AS t", "t.name", "t.name", "''", "0"),
    "borrowingframework": (
        "investments_borrowingframework AS t",
        *["concat(t.amount_ore / 100000, ' tkr')"] * 2,
        "''",
        "0",
    ),
    "billingrun": (
        "invoices_billingrun AS t JOIN budgets_budget AS b ON b.id = t.budget_id",
        *["concat(b.fiscal_year, '-', lpad(t.month::text, 2, '0'))"] * 2,
        "''",
        "t.budget_id",
    ),
    "invoice": ("invoices_invoice AS t", "t.number", "t.number", "''", "0"),
}
# All budgets, and the sub-budgets that products lie in too.
FIRST_NAMES = """
    SELECT 'budget', id, name, name, slug, id, fiscal_year FROM budgets_budget
    UNION ALL SELECT 'subbudget', id, name_sv, name_en, slug, budget_id, 0 FROM budgets_subbudget
        WHERE id = ANY(%(subbudget)s) OR id IN (SELECT sub_budget_id FROM budgets_budgetproduct WHERE id = ANY(%(budgetproduct)s))"""
NAMES = FIRST_NAMES + "".join(
    f" UNION ALL SELECT '{kind}', t.id, {swedish}, {english}, {slug}, {parent}, 0 FROM {table} WHERE t.id = ANY(%({kind})s)"
    for kind, (table, swedish, english, slug, parent) in NAMED.items()
)


@dataclass(frozen=True)
class State:
    """An event's row and the one before it of the same object; values are as JSON has them, numbers exact."""

    now: dict[str, Any]
    before: dict[str, Any] | None


@dataclass
class Named:
    """Names by kind and primary key, slugs, and of budgets the fiscal year."""

    names: dict[tuple[str, int], str] = field(default_factory=dict)
    slugs: dict[tuple[str, int], str] = field(default_factory=dict)
    parents: dict[tuple[str, int], int] = field(default_factory=dict)
    years: dict[int, int] = field(default_factory=dict)


def load_states(tables: Mapping[str, str], wanted: Wanted) -> dict[tuple[str, int], State]:
    """The events `wanted`, by kind and number; `tables` names the table of every kind. One query."""
    statement = " UNION ALL ".join(EVENT.format(table=table) for table in tables.values())
    values = [value for kind in tables for value in (kind, wanted.get(kind, []))]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return {(kind, number): State(_read(now) or {}, _read(before)) for kind, number, now, before in cursor}


def _read(text: str | None) -> dict[str, Any] | None:
    if text is None:
        return None
    found: dict[str, Any] = json.loads(text, parse_float=Decimal)
    return found


def load_names(wanted: Mapping[str, Iterable[int]], *, english: bool) -> Named:
    """The names of what events point to, by the model's name and primary key, and of all budgets. One query."""
    with connection.cursor() as cursor:
        cursor.execute(NAMES, {kind: sorted(wanted.get(kind, ())) for kind in ("subbudget", *NAMED)})
        rows = cursor.fetchall()
    named = Named()
    for kind, pk, swedish, name_en, slug, parent, year in rows:
        named.names[kind, pk] = name_en if english else swedish
        named.slugs[kind, pk] = slug
        named.parents[kind, pk] = parent
        if kind == "budget":
            named.years[pk] = year
    return named
