"""Edits of lines and steps of the workflow at once: they wait for each other and never end in a deadlock."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import psycopg
import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from budgets.models import Action, CostLine, SubBudget, SubBudgetTotal
from budgets.services.adoption import hold_rolled_up
from budgets.services.compiling import compile_budget, reopen_budget
from budgets.services.editing import open_sheet
from budgets.services.grid.edits import GridEdit, LineEdit, UndoRefusedError
from budgets.services.grid.saving import save_edit
from budgets.services.grid.undoing import undo_step
from budgets.services.lines import change_line
from budgets.services.workflow import RefusedError, mark_as_read, take_step
from budgets.tests.test_roll_up import WAIT_SECONDS, start_thread
from forecasts.services.roll_up import roll_up_sub_budget
from forecasts.services.versions import adopt_budget
from objects.models import Decision
from records.reasons import Reason
from tests import services
from tests.cast import ECONOMIST, OWNER, client_of, get_budget, get_line, get_sub_budget, get_user


def submit() -> None:
    take_step(get_sub_budget(), Action.SUBMIT, by=get_user(ECONOMIST))


def compile_all() -> None:
    budget = get_budget()
    slugs = budget.sub_budgets.values_list("slug", flat=True)
    compile_budget(budget, by=get_user(ECONOMIST), confirmed=list(slugs))


@pytest.mark.parametrize(("step", "status"), [(submit, "submitted"), (compile_all, "locked")])
def test_step_that_comes_during_an_edit_waits_for_it(committed: str, step: Any, status: str) -> None:
    line = get_line()
    with ThreadPoolExecutor(max_workers=1) as pool:
        with open_sheet(get_sub_budget(), by=get_user(ECONOMIST), reason=Reason.CHANGE_COST_LINES):
            waiting = start_thread(pool, step)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.5)
            CostLine.objects.filter(pk=line.pk).update(amount_1_ore=100)
        waiting.result(timeout=WAIT_SECONDS)
    assert get_sub_budget().status == status
    assert CostLine.objects.get(pk=line.pk).amount_1_ore == 100


def test_edits_of_two_sub_budgets_do_not_wait_for_each_other(committed: str) -> None:
    other = get_line("klient")
    with (
        ThreadPoolExecutor(max_workers=1) as pool,
        open_sheet(get_sub_budget(), by=get_user(ECONOMIST), reason=Reason.CHANGE_COST_LINES),
    ):
        CostLine.objects.filter(pk=get_line().pk).update(amount_1_ore=100)
        start_thread(pool, change_line, other, {"amount_1_ore": 200}, by=get_user(ECONOMIST)).result(WAIT_SECONDS)
    assert CostLine.objects.get(pk=other.pk).amount_1_ore == 200


def many_times(work: Any) -> None:
    for at in range(15):
        with suppress(PermissionDenied, RefusedError, UndoRefusedError):
            work(at)


def test_saves_undos_forms_steps_and_jobs_at_once_end_without_a_deadlock(committed: str) -> None:
    by, line, sheet = get_user(ECONOMIST), get_line(), get_sub_budget()

    def step(at: int) -> None:
        take_step(get_sub_budget(), Action.WITHDRAW if at % 2 else Action.SUBMIT, by=by)

    def whole(at: int) -> None:
        reopen_budget(sheet.budget, by=by, comment="again") if at % 2 else compile_all()

    works = [
        lambda at: save_edit(sheet, GridEdit((LineEdit(line.lineage, {"amount_2_ore": str(at)}),)), by=by),
        lambda at: change_line(line, {"amount_3_ore": at}, by=by),
        lambda at: undo_step(sheet, by=by),
        lambda at: mark_as_read(sheet, by=by),
        lambda at: roll_up_sub_budget(sheet.pk),
        step,
        whole,
    ]
    with ThreadPoolExecutor(max_workers=len(works)) as pool:
        for future in [start_thread(pool, many_times, work) for work in works]:
            future.result(timeout=60)
    roll_up_sub_budget(sheet.pk)
    lines = CostLine.objects.filter(budget_product__sub_budget=sheet)
    assert SubBudgetTotal.objects.filter(sub_budget=sheet).aggregate(sum=Sum("amount_2_ore"))["sum"] == sum(
        lines.values_list("amount_2_ore", flat=True)
    )


# The order of locks, as budgets.services.editing states it.
ORDER = ("budgets_rollupstate", "budgets_subbudget", "budgets_costline", "budgets_budget")


def adopt() -> None:
    adopt_budget(get_budget(), decision=Decision.objects.get(kind=Decision.Kind.ADOPT_BUDGET), by="test")


def edit() -> None:
    change_line(get_line(), {"amount_2_ore": 7}, by=get_user(ECONOMIST))


def list_locks(queries: CaptureQueriesContext) -> list[list[str]]:
    """The tables that each transaction locks rows of, in order, each named once."""
    transactions: list[list[str]] = [[]]
    for query in queries.captured_queries:
        sql = query["sql"]
        if sql.startswith(("BEGIN", "COMMIT")):
            transactions.append([])
        elif "FOR UPDATE" in sql or "FOR NO KEY UPDATE" in sql or sql.startswith("UPDATE"):
            named = re.search(r'(?:FROM|UPDATE) "?(budgets_\w+)"?', sql)
            if named and named[1] in ORDER and named[1] not in transactions[-1]:
                transactions[-1].append(named[1])
    return [tables for tables in transactions if tables]


@pytest.mark.parametrize("work", [adopt, edit, submit, compile_all])
def test_locks_are_taken_in_one_order(committed: str, work: Any) -> None:
    with CaptureQueriesContext(connection) as queries:
        work()
    locks = list_locks(queries)
    assert any(len(tables) > 1 for tables in locks)
    for tables in locks:
        assert tables == sorted(tables, key=ORDER.index), tables


def test_a_step_that_comes_during_an_adoption_waits_and_is_refused(committed: str) -> None:
    """Neither is ended as a deadlock, whichever lock the other has already."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        with transaction.atomic():
            hold_rolled_up(get_budget())
            waiting = start_thread(pool, submit)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.5)
            SubBudget.objects.filter(budget=get_budget()).update(changes_sv="text")
            adopt()
        with pytest.raises(RefusedError):
            waiting.result(timeout=WAIT_SECONDS)
    assert get_budget().is_adopted


def test_who_waits_too_long_for_a_lock_is_told_that_somebody_else_is_saving(committed: str) -> None:
    client, line = client_of(OWNER), get_line()
    client.raise_request_exception = False
    page = f"/budgets/budget-2027/sub-budgets/socialtjanst/lines/{line.lineage}/"
    values = {"text": "Mitt", "cost_kind": "direct_cost", "amount_1_ore": "1", "amount_2_ore": "1", "amount_3_ore": "1"}
    with psycopg.connect(services.url_of(services.SERVERS.database_url, committed)) as forgotten:
        forgotten.execute("SELECT FROM budgets_rollupstate FOR UPDATE")
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
        answer = client.post(page, {**values, "once": "1"}, headers={"accept-language": "en"})
    text = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "Somebody else is saving" in text and "Mitt" in text
    assert client.post(page, {**values, "once": "1"}).status_code == 302
