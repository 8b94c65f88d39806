"""The demo's load, and copy forward with history against a raw INSERT … SELECT of the same rows without.

The raw one goes into a table with the same columns, checks, indexes and foreign keys, but no history, freezing or
counting. What it takes without foreign keys too is told beside it.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from statistics import median

from benchmarks import lines, servers
from benchmarks.measuring import Figure, Sizes, fetch, in_ms, medians, ratio_of, seconds_of
from benchmarks.roll_up import check
from budgets.models import Budget
from budgets.services.totals import execute, sum_budget
from forecasts.services.versions import copy_forward

DEMO_LOADS = 3
COLUMNS = """budget_id, budget_product_id, lineage, text, cost_kind, amount_1_ore, amount_2_ore, amount_3_ore,
    governance_object_id, note, position, provenance"""
MAKE_RAW = """
    CREATE TABLE raw_costline (LIKE budgets_costline INCLUDING ALL);
    CREATE TABLE raw_costline_without_keys (LIKE budgets_costline INCLUDING ALL);
    GRANT SELECT, INSERT ON raw_costline, raw_costline_without_keys TO itsam_site;
    DO $$
    DECLARE found record;
    BEGIN
        FOR found IN SELECT conname, pg_get_constraintdef(oid) AS definition FROM pg_constraint
            WHERE contype = 'f' AND conrelid = 'budgets_costline'::regclass
        LOOP
            EXECUTE format('ALTER TABLE raw_costline ADD CONSTRAINT %I %s', found.conname, found.definition);
        END LOOP;
    END $$"""
RAW = f"INSERT INTO {{table}} ({COLUMNS}) SELECT {COLUMNS} FROM budgets_costline WHERE budget_id = %(budget)s"  # noqa: S608
EVENTS = "SELECT count(*) FROM budgets_costlineevent WHERE budget_id = %s"


def measure(sizes: Sizes) -> list[Figure]:
    """Both figures."""
    return [_measure_demo(), _measure_copy(sizes)]


def _measure_demo() -> Figure:
    """The whole command, with the start of its process, into a migrated database without rows."""
    load = partial(servers.manage, "loading", "load_demo", "--password-file", str(servers.password_file()))
    times = []
    for _round in range(DEMO_LOADS):
        servers.make_empty_database("loading", servers.migrated())
        times.append(seconds_of(load))
    return Figure("Demo load", median(times), "s", 5, {"rounds": DEMO_LOADS})


def _measure_copy(sizes: Sizes) -> Figure:
    database = lines.make_database(sizes.copied)
    servers.as_admin(database, MAKE_RAW)
    source = lines.find_many_lines()
    sum_budget(source)
    rounds = [_measure_round(database, source, number) for number in range(max(3, sizes.repetitions // 2))]
    details = {
        "lines": sizes.copied,
        "rounds": len(rounds),
        **in_ms(medians(rounds)),
        "ratio_to_raw_without_keys": round(ratio_of(rounds, "copy", "raw_without_keys"), 2),
    }
    return Figure(
        f"Copy forward, {sizes.copied:,} lines, with history and roll-up",
        ratio_of(rounds, "copy", "raw"),
        "× raw",
        3,
        details,
    )


def _measure_round(database: str, source: Budget, number: int) -> dict[str, float]:
    slug = f"copy-{number}"
    raw, without_keys = (
        _measure_raw(database, source, table) for table in ("raw_costline", "raw_costline_without_keys")
    )
    servers.as_admin(database, "CHECKPOINT")
    copy = seconds_of(lambda: copy_forward(source, slug=slug, name=slug, on=date(2026, 1, 1), by=lines.BY))
    target = Budget.objects.get(slug=slug)
    check(target)
    if fetch(EVENTS, target.pk) != [(source.cost_lines.count(),)]:
        raise AssertionError("History does not hold every copied line.")
    return {"raw": raw, "raw_without_keys": without_keys, "copy": copy}


def _measure_raw(database: str, source: Budget, table: str) -> float:
    servers.as_admin(database, f"TRUNCATE {table}", "CHECKPOINT")
    return seconds_of(lambda: execute(RAW.format(table=table), {"budget": source.pk}))
