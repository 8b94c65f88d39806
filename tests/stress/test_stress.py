"""The roll-up under stress: edits at once, workers killed with -9, the broker stopped and started; nothing is lost.

Everything is real: a worker of two processes, beat and a broker of the test's own, in a copy of the demo database.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pytest
from celery import Celery
from celery._state import get_current_app
from django.conf import settings
from django.db import connection, connections
from kombu.exceptions import OperationalError

from accounts.models import User
from budgets.models import Budget, CostLine
from budgets.selectors.totals import GRANT_PRODUCTS, TOTALS_BY_KIND, gather_grant_products, gather_kind_totals
from budgets.services.lines import add_line, change_line, delete_line
from forecasts.models import Forecast, ForecastRow
from forecasts.selectors import budgets_behind, sub_budgets_behind
from forecasts.services.roll_up import grant_figures, loan_figures, result_figures
from itsam.platform import embedded
from itsam.platform.embedded import CHECKOUT
from itsam.platform.embedded_home import find_home
from itsam.platform.embedded_servers import find_process, start_valkey
from records.services.stale import StaleError
from tests import services
from tests.cast import get_user
from web.statements import Given, execute_prepared

pytestmark = pytest.mark.slow

EDIT_SECONDS, EDITORS, CATCH_UP_SECONDS = 15, 4, 60
POOL_PROCESSES, START_SECONDS = 2, 30  # a worker's; it starts slowly on a machine with much else to do
ANSWER_SECONDS = 2
Amounts = tuple[int, int, int]


class Broker:
    """A Valkey of the test's own that can be stopped and started, always at the same port."""

    def __init__(self, folder: Path, url: str) -> None:
        self.home, self.url = find_home(folder), url

    def stop(self) -> None:
        """As a crash does it."""
        pid = find_process(self.home, "valkey")
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        while find_process(self.home, "valkey") is not None:
            time.sleep(0.02)

    def start(self) -> None:
        start_valkey(self.home)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    folder = tmp_path / "broker"
    with embedded.services(folder, postgres=False) as found:
        yield Broker(folder, found.broker_url)
    embedded.remove(folder)


@pytest.fixture
def site(broker: Broker) -> Iterator[None]:
    """Celery as the site has it, with the test's broker."""
    before = get_current_app()
    app = Celery("site")
    options = {"broker_transport_options": settings.CELERY_BROKER_TRANSPORT_OPTIONS}
    app.config_from_object({**options, "broker_url": broker.url})
    app.set_default()
    app.set_current()
    yield
    before.set_default()
    before.set_current()
    app.close()


class Workers:
    """A Celery worker of two processes, and beat. `options` are more options of the worker's."""

    options: tuple[str, ...] = ()

    def __init__(self, database: str, broker: Broker, folder: Path) -> None:
        self.environment = {**services.environment(database), "BROKER_URL": broker.url, "LOG_LEVEL": "WARNING"}
        self.folder = folder
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str) -> None:
        options = {
            "worker": [
                "-c",
                str(POOL_PROCESSES),
                "-n",
                "stress@%h",
                "--without-gossip",
                "--without-mingle",
                *self.options,
            ],
            "beat": ["-s", str(self.folder / "schedule"), "--pidfile="],
        }[name]
        command = [sys.executable, "-m", "celery", "-A", "itsam.celery", name, *options, "--loglevel", "WARNING"]
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command, cwd=CHECKOUT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    def kill_children(self) -> int:
        """Ends the worker's pool processes with -9, once it has them; the worker makes new ones."""
        pid, deadline = self.processes["worker"].pid, time.monotonic() + START_SECONDS
        while len(found := Path(f"/proc/{pid}/task/{pid}/children").read_text().split()) < POOL_PROCESSES:
            assert time.monotonic() < deadline, f"The worker has pool processes {found}, not {POOL_PROCESSES}."
            time.sleep(0.05)
        for child in found:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(child), signal.SIGKILL)
        return len(found)

    def kill(self, name: str) -> None:
        """Ends a process and its children with -9."""
        process = self.processes.pop(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def kill_all(self) -> None:
        for name in list(self.processes):
            self.kill(name)


W = TypeVar("W", bound=Workers)


@contextlib.contextmanager
def started(workers: W) -> Iterator[W]:
    """A worker and beat run, and none does afterwards."""
    try:
        workers.start("worker")
        workers.start("beat")
        yield workers
    finally:
        workers.kill_all()


@pytest.fixture
def workers(committed: str, broker: Broker, tmp_path: Path) -> Iterator[Workers]:
    with started(Workers(committed, broker, tmp_path)) as running:
        yield running


class Editor:
    """Edits its own share of the lines, and keeps what every edit that returned left behind."""

    def __init__(self, number: int, stop: threading.Event) -> None:
        self.random, self.stop = random.Random(number), stop
        lines = CostLine.objects.filter(budget__slug="budget-2027", is_calculated=False).order_by("pk")
        lines = lines.exclude(cost_kind="use_of_equity")
        self.expected: dict[int, Amounts | None] = {pk: a for pk, a in load_amounts(lines) if pk % EDITORS == number}
        self.answers: list[float] = []

    def run(self) -> None:
        try:
            by = get_user("ekonom")
            while not self.stop.is_set():
                started = time.monotonic()
                self.edit(by)
                self.answers.append(time.monotonic() - started)
                time.sleep(0.01)
        finally:
            connections.close_all()

    def edit(self, by: User) -> None:
        pk = self.random.choice([pk for pk, amounts in self.expected.items() if amounts is not None])
        line = CostLine.objects.select_related("budget_product__sub_budget__budget").get(pk=pk)
        amount, dice = self.random.randrange(-(10**9), 10**9), self.random.random()
        if dice < 0.1:
            values = {"text": "new", "cost_kind": line.cost_kind, "amount_1_ore": amount}
            added = add_line(line.budget_product, values, by=by)
            self.expected[added.pk] = (amount, 0, 0)
        elif dice < 0.15:
            delete_line(line, by=by)
            self.expected[pk] = None
        else:
            changed = change_line(line, {"amount_2_ore": amount}, by=by, seen=line.edited_at)
            self.expected[pk] = changed.amounts


def load_amounts(lines: object) -> list[tuple[int, Amounts]]:
    return [(line.pk, line.amounts) for line in lines]  # type: ignore[attr-defined]


def wait_until_nothing_is_behind() -> float:
    started = time.monotonic()
    while sub_budgets_behind() or budgets_behind():
        assert time.monotonic() - started < CATCH_UP_SECONDS, (sub_budgets_behind(), budgets_behind())
        time.sleep(0.2)
    return time.monotonic() - started


SUMS = "sum(amount_1_ore)::bigint, sum(amount_2_ore)::bigint, sum(amount_3_ore)::bigint"
SUB_BUDGETS = f"""SELECT p.sub_budget_id, l.cost_kind, {SUMS} FROM budgets_costline l
    JOIN budgets_budgetproduct p ON p.id = l.budget_product_id GROUP BY 1, 2 ORDER BY 1, 2"""  # noqa: S608
PRODUCTS = f"SELECT budget_product_id, cost_kind, {SUMS} FROM budgets_costline GROUP BY 1, 2 ORDER BY 1, 2"  # noqa: S608
STORED = "SELECT {key}, cost_kind, amount_1_ore, amount_2_ore, amount_3_ore FROM {table} ORDER BY 1, 2"


def select(statement: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def assert_totals_are_the_sums_from_scratch() -> None:
    assert select(STORED.format(key="sub_budget_id", table="budgets_subbudgettotal")) == select(SUB_BUDGETS)
    assert select(STORED.format(key="budget_product_id", table="budgets_producttotal")) == select(PRODUCTS)


def assert_forecasts_are_those_recomputed() -> None:
    for budget in Budget.objects.exclude(status=Budget.Status.PUBLISHED_FIGURES):
        of_it: Given = {"budget": budget.pk}
        figures = {
            "grant": grant_figures(budget, gather_grant_products(execute_prepared(GRANT_PRODUCTS, of_it))),
            "result": result_figures(budget, gather_kind_totals(execute_prepared(TOTALS_BY_KIND, of_it))),
            "loan": loan_figures(budget),
        }
        for kind, computed in figures.items():
            rows = ForecastRow.objects.filter(forecast__budget=budget, forecast__kind=kind).order_by("position")
            stored = list(rows.values_list("row", "budget_product_id", "year", "amount_ore"))
            assert stored == [(f.row, f.budget_product_id, f.year, f.ore) for f in computed]
    assert Forecast.objects.count() == 3 * Budget.objects.exclude(status=Budget.Status.PUBLISHED_FIGURES).count()


def wait_for_a_roll_up() -> None:
    """Until the worker has taken its first change."""
    line = CostLine.objects.filter(budget__slug="budget-2027", is_calculated=False)[0]
    change_line(line, {"note": "first"}, by=get_user("ekonom"))
    wait_until_nothing_is_behind()


def wait_for_a_worker() -> None:
    """Until one answers: whoever kills the pool of a worker that starts ends the worker, which only a supervisor mends."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        with contextlib.suppress(OperationalError):
            if get_current_app().control.ping(timeout=1):
                return
        assert time.monotonic() < deadline, "No worker answers."
        time.sleep(0.1)


def disturb(workers: Workers, broker: Broker) -> int:
    """What goes wrong while people edit; how many pool processes were killed."""
    pause = EDIT_SECONDS / 8
    killed = 0
    for _time in range(2):
        time.sleep(pause)
        killed += workers.kill_children()
    time.sleep(pause)
    workers.kill("worker")
    time.sleep(pause)
    workers.start("worker")
    time.sleep(pause)
    broker.stop()
    time.sleep(pause)
    broker.start()
    wait_for_a_worker()
    killed += workers.kill_children()
    time.sleep(pause)
    return killed


def test_no_edit_is_lost_while_workers_are_killed_and_the_broker_is_away(
    committed: str, site: None, workers: Workers, broker: Broker
) -> None:
    wait_for_a_roll_up()
    stop = threading.Event()
    editors = [Editor(number, stop) for number in range(EDITORS)]
    with ThreadPoolExecutor(max_workers=EDITORS) as pool:
        running = [pool.submit(editor.run) for editor in editors]
        try:
            killed = disturb(workers, broker)
        finally:
            stop.set()
        for future in running:
            future.result(timeout=30)
    assert killed >= 3 * POOL_PROCESSES
    assert min(len(editor.answers) for editor in editors) >= 50
    assert max(max(editor.answers) for editor in editors) < ANSWER_SECONDS
    wait_until_nothing_is_behind()
    assert_totals_are_the_sums_from_scratch()
    assert_forecasts_are_those_recomputed()
    now = dict(load_amounts(CostLine.objects.filter(budget__slug="budget-2027")))
    for editor in editors:
        for pk, amounts in editor.expected.items():
            assert now.get(pk) == amounts


def test_with_the_broker_down_an_edit_answers_and_is_rolled_up_when_it_is_back(
    committed: str, site: None, workers: Workers, broker: Broker
) -> None:
    wait_for_a_roll_up()
    broker.stop()
    by = get_user("ekonom")
    answers: dict[str, list[float]] = defaultdict(list)
    for line in CostLine.objects.filter(budget__slug="budget-2027", is_calculated=False).order_by("pk")[:5]:
        started = time.monotonic()
        change_line(line, {"amount_2_ore": 4711}, by=by)
        answers["change"].append(time.monotonic() - started)
    assert max(answers["change"]) < ANSWER_SECONDS
    assert sub_budgets_behind() != []
    broker.start()
    wait_until_nothing_is_behind()
    assert_totals_are_the_sums_from_scratch()
    assert_forecasts_are_those_recomputed()


def test_two_people_on_one_line_never_overwrite_each_other(committed: str, site: None) -> None:
    by = get_user("ekonom")
    pk = CostLine.objects.filter(budget__slug="budget-2027", cost_kind="direct_cost")[0].pk
    before = CostLine.objects.get(pk=pk).amount_1_ore

    def add_one(times: int) -> int:
        refused = 0
        try:
            while times:
                line = CostLine.objects.get(pk=pk)
                try:
                    change_line(line, {"amount_1_ore": line.amount_1_ore + 1}, by=by, seen=line.edited_at)
                    times -= 1
                except StaleError:
                    refused += 1
        finally:
            connections.close_all()
        return refused

    with ThreadPoolExecutor(max_workers=3) as pool:
        refused = sum(pool.map(add_one, [20] * 3))
    assert CostLine.objects.get(pk=pk).amount_1_ore == before + 60
    assert refused > 0
