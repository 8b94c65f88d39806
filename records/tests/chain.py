"""Sealing, and tampering with what is sealed, for the tests of history."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection

from budgets.models import BudgetProduct, CostLine
from records.chain.sealing import seal_history
from records.chain.verification import Verification
from records.models import HistoryDigest
from records.reasons import Reason
from records.services import change
from tests import services

EVENTS = "budgets_costlineevent"
PATIENCE_SECONDS = 600


def seal() -> list[HistoryDigest]:
    """Seals what there is. Transactions of other tests on the same server hold it up, so it is tried until they end."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (found := seal_history(wait=1)) and time.monotonic() < deadline:
        time.sleep(0.2)
    return found


@contextmanager
def owner(database: str) -> Iterator[psycopg.Connection[Any]]:
    """Hands of somebody who has the owner's password."""
    with psycopg.connect(services.url_of(services.SERVERS.owner_url, database), autocommit=True) as hands:
        yield hands


def tamper(database: str, *statements: str) -> None:
    with owner(database) as hands:
        for statement in statements:
            hands.execute(statement.encode())


def add_line(text: str = "new") -> CostLine:
    product = BudgetProduct.objects.filter(sub_budget__budget__slug="budget-2027", sub_budget__slug="grundanslag")[0]
    with change(by="ekonom@demo.example", reason=Reason.SAID, words="test"):
        line: CostLine = CostLine.objects.create(
            budget=product.budget, budget_product=product, text=text, cost_kind="direct_cost"
        )
    return line


def event_numbers() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pgh_id FROM budgets_costlineevent ORDER BY pgh_id")
        return [number for (number,) in cursor.fetchall()]


def first_fault(found: Verification) -> tuple[str, int | None, str]:
    fault = found.faults[0]
    return fault.table, fault.event, fault.what


def without_guard(table: str, statement: str) -> tuple[str, str, str]:
    return (f"ALTER TABLE {table} DISABLE TRIGGER USER", statement, f"ALTER TABLE {table} ENABLE TRIGGER USER")


def drop_chain(database: str) -> None:
    """Removes every seal, with the triggers off."""
    tables = ("records_historydisposal", "records_historypart", "records_historydigest")
    tamper(database, *(part for table in tables for part in without_guard(table, f"DELETE FROM {table}")))
