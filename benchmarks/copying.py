"""The demo's load, and copy forward with history against a raw INSERT … SELECT of the same rows without."""

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
MAKE_BARE = (
    "CREATE TABLE bare_costline (LIKE budgets_costline INCLUDING ALL)",
    "GRANT SELECT, INSERT ON bare_costline TO itsam_site",
)
RAW = f"INSERT INTO bare_costline ({COLUMNS}) SELECT {COLUMNS} FROM budgets_costline WHERE budget_id = %(budget)s"  # noqa: S608
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
    servers.as_admin(database, *MAKE_BARE)
    source = lines.find_many_lines()
    sum_budget(source)
    rounds = [_measure_round(database, source, number) for number in range(max(3, sizes.repetitions // 2))]
    details = {"lines": sizes.copied, "rounds": len(rounds), **in_ms(medians(rounds))}
    return Figure(
        f"Copy forward, {sizes.copied:,} lines, with history and roll-up",
        ratio_of(rounds, "copy", "raw"),
        "× raw",
        3,
        details,
    )


def _measure_round(database: str, source: Budget, number: int) -> dict[str, float]:
    slug = f"copy-{number}"
    servers.as_admin(database, "TRUNCATE bare_costline", "CHECKPOINT")
    raw = seconds_of(lambda: execute(RAW, {"budget": source.pk}))
    servers.as_admin(database, "CHECKPOINT")
    copy = seconds_of(lambda: copy_forward(source, slug=slug, name=slug, on=date(2026, 1, 1), by=lines.BY))
    target = Budget.objects.get(slug=slug)
    check(target)
    if fetch(EVENTS, target.pk) != [(source.cost_lines.count(),)]:
        raise AssertionError("History does not hold every copied line.")
    return {"raw": raw, "copy": copy}
