"""Undo and redo: whole saves, in order, each person's own, and never over what somebody else has done since."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied

from budgets.models import BudgetProduct, CostLine, EditStep
from budgets.services.grid.edits import Deletion, GridEdit, LineEdit, Move, NewLine, UndoRefusedError
from budgets.services.grid.saving import save_edit
from budgets.services.grid.steps import KEPT
from budgets.services.grid.undoing import redo_step, undo_step
from budgets.services.lines import add_line, change_line, delete_line, restore_line
from budgets.tests.test_grid import order_of, save, structure, type_cells
from forecasts.selectors import sub_budgets_behind
from tests.cast import BOARD, ECONOMIST, OWNER, again, get_line, get_sub_budget, get_user, list_lines, list_open

pytestmark = pytest.mark.django_db

FIELDS = ("lineage", "text", "quantity", "unit_price_ore", "amount_1_ore", "amount_2_ore", "note", "provenance",
          "budget_product_id", "governance_object_id")  # fmt: skip


def state() -> list[dict[str, Any]]:
    lines = CostLine.objects.filter(budget_product__sub_budget=get_sub_budget())
    return list(lines.order_by("budget_product", "position", "pk").values(*FIELDS))


def undo(by: str = OWNER) -> None:
    undo_step(get_sub_budget(), by=get_user(by))


def redo(by: str = OWNER) -> None:
    redo_step(get_sub_budget(), by=get_user(by))


def edits() -> dict[str, dict[str, Any]]:
    """Every kind of step."""
    lines = list_open()
    line = lines[0]
    other = BudgetProduct.objects.filter(sub_budget=get_sub_budget()).exclude(pk=line.budget_product_id)[0]
    return {
        "cells": {"changed": (type_cells(line, quantity="2,5", unit_price_ore="3", note="x"),)},
        "paste": {"changed": tuple(type_cells(row, amount_2_ore="7") for row in lines)},
        "add": {"added": (NewLine(uuid.uuid4(), other.lineage, None, {"text": "Ny"}),)},
        "copy": {"added": (NewLine(uuid.uuid4(), other.lineage, None, {}, line.lineage),)},
        "move": {"moved": (Move(line.lineage, other.lineage, None),)},
        "delete": {"deleted": tuple(Deletion(row.lineage, row.edited_at) for row in lines[:3])},
    }


@pytest.mark.parametrize("action", ["cells", "paste", "add", "copy", "move", "delete"])
def test_step_is_undone_and_done_again_whole(action: str) -> None:
    before = state()
    structure(**edits()[action], action=action)
    after = state()
    assert after != before
    for _time in range(2):
        undo()
        assert state() == before
        redo()
        assert state() == after
    assert EditStep.objects.get().undone is False


def test_steps_are_undone_in_turn_and_history_shows_it() -> None:
    line = get_line()
    for amount in ("1", "2", "3"):
        save(type_cells(again(line), amount_1_ore=amount))
    undo()
    assert again(line).amount_1_ore == 200
    undo()
    assert again(line).amount_1_ore == 100
    redo()
    assert again(line).amount_1_ore == 200
    events = apps.get_model("budgets", "CostLineEvent")._default_manager.filter(lineage=line.lineage).order_by("pgh_id")
    assert [event.pgh_context["reason"] for event in events][-3:] == ["undo", "undo", "redo"]
    assert sub_budgets_behind() == [get_sub_budget().pk]


def test_new_edit_drops_what_could_be_done_again() -> None:
    line = get_line()
    save(type_cells(line, amount_1_ore="1"))
    undo()
    save(type_cells(again(line), amount_2_ore="2"))
    with pytest.raises(UndoRefusedError):
        redo()
    assert EditStep.objects.count() == 1


def test_nothing_to_undo_is_told() -> None:
    for attempt in (undo, redo):
        with pytest.raises(UndoRefusedError):
            attempt()


def test_each_undoes_the_own_steps_only() -> None:
    first, second = list_open()[:2]
    save(type_cells(first, amount_1_ore="1"))
    save(type_cells(second, amount_1_ore="2"), by=ECONOMIST)
    undo()
    assert (again(first).amount_1_ore, again(second).amount_1_ore) == (first.amount_1_ore, 200)


def test_what_somebody_else_changed_since_is_not_undone() -> None:
    line = get_line()
    save(type_cells(line, amount_1_ore="1"))
    change_line(again(line), {"amount_1_ore": 200}, by=get_user(ECONOMIST))
    with pytest.raises(UndoRefusedError, match=line.text):
        undo()
    assert again(line).amount_1_ore == 200
    change_line(again(line), {"amount_1_ore": 100, "note": "annat"}, by=get_user(ECONOMIST))
    undo()
    assert (again(line).amount_1_ore, again(line).note) == (line.amount_1_ore, "annat")


def test_step_about_a_deleted_line_is_refused_whole() -> None:
    first, second = list_open()[:2]
    save(type_cells(first, amount_1_ore="1"), type_cells(second, amount_1_ore="1"))
    delete_line(again(second), by=get_user(ECONOMIST))
    with pytest.raises(UndoRefusedError):
        undo()
    assert again(first).amount_1_ore == 100


def test_reader_can_not_undo() -> None:
    with pytest.raises(PermissionDenied):
        undo(by=BOARD)


def test_old_steps_are_forgotten() -> None:
    line, sub_budget, by = get_line(), get_sub_budget(), get_user(OWNER)
    for number in range(KEPT + 3):
        save_edit(sub_budget, GridEdit(changed=(LineEdit(line.lineage, {"amount_1_ore": str(number + 1)}),)), by=by)
    assert EditStep.objects.count() == KEPT
    assert EditStep.objects.earliest("pk").changes[0]["after"]["amount_1_ore"] == 400


def test_quantity_survives_undo_exactly() -> None:
    line = get_line()
    save(type_cells(line, quantity="0,3333", unit_price_ore="3"))
    save(type_cells(again(line), amount_1_ore="9"))
    undo()
    assert (again(line).quantity, again(line).amount_1_ore) == (Decimal("0.3333"), 100)


def test_deleted_line_comes_back_to_its_place() -> None:
    product = next(line.budget_product for line in list_lines() if len(order_of(line.budget_product)) > 2)
    before = order_of(product)
    middle = CostLine.objects.get(lineage=before[1], budget=product.budget)
    structure(deleted=(Deletion(middle.lineage),), action="delete")
    undo()
    assert order_of(product) == before


def test_changes_from_a_lines_own_form_are_steps_too() -> None:
    first, by = list_open()[0], get_user(OWNER)
    start = state()
    change_line(first, {"amount_2_ore": first.amount_2_ore + 100, "note": "annat"}, by=by)
    added = add_line(first.budget_product, {"text": "Ny", "cost_kind": "direct_cost", "amount_1_ore": 5}, by=by)
    delete_line(again(first), by=by)
    restore_line(get_sub_budget(), first.lineage, by=by)
    assert list(EditStep.objects.values_list("action", flat=True)) == ["cells", "add", "delete", "add"]
    end = state()
    for _step in range(4):
        undo()
    assert state() == start
    assert not CostLine.objects.filter(lineage=added.lineage).exists()
    for _step in range(4):
        redo()
    assert state() == end


def test_change_that_changes_nothing_is_no_step() -> None:
    line = get_line()
    change_line(line, {"note": "x"}, by=get_user(OWNER))
    change_line(again(line), {"note": "x"}, by=get_user(OWNER))
    assert EditStep.objects.count() == 1


def test_whether_it_may_be_changed_is_asked_under_the_lock() -> None:
    """The form was checked while the sub-budget was a draft, and it has been submitted since."""
    line = get_line()
    stale = line.budget_product.sub_budget
    assert stale.status == "draft"
    type(stale).objects.filter(pk=stale.pk).update(status="submitted")
    with pytest.raises(PermissionDenied):
        change_line(line, {"amount_1_ore": 1}, by=get_user(OWNER))
    with pytest.raises(PermissionDenied):
        delete_line(line, by=get_user(OWNER))
    assert again(line).amount_1_ore == line.amount_1_ore
