"""One edited line until its sub-budget's totals and the budget's three forecasts are stored.

In this process at two sizes, in turns, and through a real broker and worker from the commit on.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from statistics import median

from django.db import transaction

from accounts.models import User
from benchmarks import lines, servers
from benchmarks.measuring import Figure, Sizes, fetch, in_ms, percentile_95, ratio_of, seconds_of
from benchmarks.roll_up import check
from budgets.models import CostLine
from budgets.services.lines import change_line
from budgets.services.totals import sum_budget
from forecasts.services.roll_up import compute_forecasts, roll_up_sub_budget
from itsam.celery import app
from itsam.platform.embedded import CHECKOUT

ECONOMIST = "ekonom@demo.example"
STATES = """
    SELECT r.changed = r.summed AND f.changed = f.computed FROM budgets_rollupstate AS r
    JOIN budgets_subbudget AS s ON s.id = r.sub_budget_id JOIN budgets_forecaststate AS f ON f.budget_id = s.budget_id
    WHERE r.sub_budget_id = %s"""
LOOK_SECONDS = 0.002
GIVE_UP_SECONDS = 30.0
FEWEST_ROUNDS = 3


def measure(sizes: Sizes) -> list[Figure]:
    """In-process at both sizes, their ratio, and through the worker."""
    databases = {"small": _make_rolled_up(sizes.small), "large": _make_rolled_up(sizes.large)}
    rounds = [
        {name: _edit_in_process(database, sizes.edits, number) for name, database in databases.items()}
        for number in range(max(sizes.repetitions, FEWEST_ROUNDS))
    ]
    small = {name: [percentile_95(times[name]) for times in rounds] for name in databases}
    ratio = ratio_of(
        [dict(zip(small, values, strict=True)) for values in zip(*small.values(), strict=True)], "large", "small"
    )
    details = {
        "edits": sizes.edits * len(rounds),
        **in_ms(
            {f"{name}_median": median(seconds for times in rounds for seconds in times[name]) for name in databases}
        ),
        **in_ms({f"{name}_p95": median(values) for name, values in small.items()}),
    }
    return [
        Figure(f"Edit in-process, {sizes.small:,} lines, p95", median(small["small"]) * 1000, "ms", 30, details),
        Figure(f"Edit in-process, {sizes.large:,} lines, p95", ratio, f"× that at {sizes.small:,}", 2, details),
        _measure_worker(databases["small"], sizes),
    ]


def _make_rolled_up(size: int) -> str:
    database = lines.make_database(size)
    budget = lines.find_many_lines()
    sum_budget(budget)
    compute_forecasts(budget.pk, everything=True)
    servers.as_admin(database, "VACUUM ANALYZE")
    return database


def _edit_in_process(database: str, count: int, seed: int) -> list[float]:
    servers.use(database)
    by, chosen = _choose(count + 2, seed)
    times = [seconds_of(lambda line=line: _edit_and_roll_up(line, by)) for line in chosen]  # type: ignore[misc]
    return times[2:]  # the first ones open the connection and make its plans


def _choose(count: int, seed: int) -> tuple[User, list[CostLine]]:
    """The economist and random lines, with what a page has loaded when it is posted to."""
    ids = [
        row[0]
        for row in fetch("SELECT id FROM budgets_costline WHERE budget_id = %s ORDER BY id", lines.find_many_lines().pk)
    ]
    chosen = CostLine.objects.select_related("budget_product__sub_budget__budget").in_bulk(
        Random(seed).sample(ids, count)
    )
    by = User.objects.get(email=ECONOMIST)
    return by, list(chosen.values())


def _edit(line: CostLine, by: User) -> None:
    sign = -1 if line.cost_kind == "use_of_equity" else 1
    change_line(line, {"amount_2_ore": line.amount_2_ore + sign * 12_300}, by=by)


def _edit_and_roll_up(line: CostLine, by: User) -> None:
    _edit(line, by)
    roll_up_sub_budget(line.budget_product.sub_budget_id)


def _measure_worker(database: str, sizes: Sizes) -> Figure:
    servers.use(database)
    by, chosen = _choose(sizes.edits * FEWEST_ROUNDS + 5, seed=95)
    with app.connection_for_write() as broker:
        app.amqp.queues[app.conf.task_default_queue](broker.default_channel).purge()  # the jobs of the edits in-process
    with _worker(database):
        times = [_edit_and_wait(line, by) for line in chosen][5:]
    check(lines.find_many_lines())
    details = {"edits": len(times), **in_ms({"median": median(times), "largest": max(times)})}
    name = f"Edit through broker and worker, {sizes.small:,} lines, p95"
    return Figure(name, percentile_95(times) * 1000, "ms", 300, details)


def _edit_and_wait(line: CostLine, by: User) -> float:
    """From the commit, which comes before the job is sent, until both counters say that all is stored."""
    started: list[float] = []
    with transaction.atomic():
        transaction.on_commit(lambda: started.append(time.perf_counter()))
        _edit(line, by)
    while not fetch(STATES, line.budget_product.sub_budget_id)[0][0]:
        if time.perf_counter() - started[0] > GIVE_UP_SECONDS:
            raise TimeoutError("The worker does not roll up.")
        time.sleep(LOOK_SECONDS)
    return time.perf_counter() - started[0]


@contextmanager
def _worker(database: str) -> Iterator[None]:
    """A worker as `make up` starts it, without beat, so that nothing is picked up by the sweep."""
    command = [sys.executable, "-m", "celery", "-A", "itsam.celery", "worker", "-c", "2", "-n", "benchmarks@%h",
               "--without-gossip", "--without-mingle", "--loglevel", "WARNING"]  # fmt: skip
    log = servers.FOLDER / "log" / "worker.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=CHECKOUT, env=servers.environment(database), stdout=output, stderr=output
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait(30)
