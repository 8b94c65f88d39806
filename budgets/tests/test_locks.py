"""Edits of lines and steps of the workflow at once: they wait for each other and never end in a deadlock."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import Sum

from budgets.models import Action, CostLine, SubBudgetTotal
from budgets.services.compiling import compile_budget, reopen_budget
from budgets.services.editing import open_sheet
from budgets.services.grid.edits import GridEdit, LineEdit, UndoRefusedError
from budgets.services.grid.saving import save_edit
from budgets.services.grid.undoing import undo_step
from budgets.services.lines import change_line
from budgets.services.workflow import RefusedError, mark_as_read, take_step
from budgets.tests.test_roll_up import WAIT_SECONDS, start_thread
from forecasts.services.roll_up import roll_up_sub_budget
from records.reasons import Reason
from tests.cast import ECONOMIST, get_budget, get_line, get_sub_budget, get_user


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
