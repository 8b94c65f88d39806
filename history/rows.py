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


@dataclass(frozen=True)
class Source:
    """Where names are read, in SQL: the table, as t with what is joined to it, and what gives a name, slug and parent's key.

    `english` is empty where the name is the same in both languages.
    """

    table: str
    name: str = "t.name"
    english: str = ""
    slug: str = "''"
    parent: str = "0"

    def select(self, kind: str) -> str:
        """The names of those of the kind that are asked for."""
        shown = f"{self.name}, {self.english or self.name}, {self.slug}, {self.parent}"
        return f"SELECT '{kind}', t.id, {shown}, 0 FROM {self.table} WHERE t.id = ANY(%({kind})s)"


# What events point to.
NAMED = {
    "budgetproduct": Source(
        "budgets_budgetproduct AS t JOIN budgets_subbudget AS s ON s.id = t.sub_budget_id",
        slug="s.slug",
        parent="t.sub_budget_id",
    ),
    "allocationkey": Source("budgets_allocationkey AS t", "t.name_sv", "t.name_en", "t.slug", "t.budget_id"),
    "governanceobject": Source("objects_governanceobject AS t", "t.name_sv", "t.name_en", "t.slug"),
    "product": Source("objects_product AS t"),
    "decision": Source("objects_decision AS t", "left(t.text, 100)", slug="t.uuid::text"),
    "objectplan": Source(
        "objects_objectplan AS t JOIN objects_governanceobject AS o ON o.id = t.governance_object_id",
        "concat(o.name_sv, ' ', t.from_year, '–', t.to_year)",
        "concat(o.name_en, ' ', t.from_year, '–', t.to_year)",
        "o.slug",
    ),
    "user": Source("accounts_user AS t", "COALESCE(NULLIF(t.name, ''), t.email)"),
    "municipality": Source("objects_municipality AS t"),
    "customer": Source("objects_customer AS t"),
    "assetclass": Source("investments_assetclass AS t"),
    "plannedloan": Source("investments_plannedloan AS t", "t.year::text", parent="t.budget_id"),
    "loan": Source("investments_loan AS t"),
    "borrowingframework": Source("investments_borrowingframework AS t", "concat(t.amount_ore / 100000, ' tkr')"),
    "billingrun": Source(
        "invoices_billingrun AS t JOIN budgets_budget AS b ON b.id = t.budget_id",
        "concat(b.fiscal_year, '-', lpad(t.month::text, 2, '0'))",
        parent="t.budget_id",
    ),
    "invoice": Source("invoices_invoice AS t", "t.number"),
}
# All budgets, and the sub-budgets that products lie in too.
FIRST_NAMES = """
    SELECT 'budget', id, name, name, slug, id, fiscal_year FROM budgets_budget
    UNION ALL SELECT 'subbudget', id, name_sv, name_en, slug, budget_id, 0 FROM budgets_subbudget
        WHERE id = ANY(%(subbudget)s) OR id IN (SELECT sub_budget_id FROM budgets_budgetproduct WHERE id = ANY(%(budgetproduct)s))"""
NAMES = " UNION ALL ".join([FIRST_NAMES, *(source.select(kind) for kind, source in NAMED.items())])


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
