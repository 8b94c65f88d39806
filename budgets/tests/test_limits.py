"""What a line and a sub-budget can't hold is refused by the rule, by whichever door it comes."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from budgets.models import CostLine
from budgets.services.grid.cells import LONGEST_NOTE
from budgets.services.grid.edits import GridEdit, GridRefusedError, LineEdit, NewLine, UndoRefusedError
from budgets.services.grid.saving import MOST_LINES, save_edit
from budgets.services.grid.undoing import undo_step
from budgets.services.lines import change_line, delete_line
from engine.money import MAX_ORE, MAX_SUM_ORE
from engine.years import AMOUNTS
from tests.cast import DRAFT, OWN, OWNER, again, client_of, get_line, get_sub_budget, get_user, list_lines

pytestmark = pytest.mark.django_db


def fill() -> list[CostLine]:
    """A sub-budget whose amounts of the second year come to what can be summed, with either sign."""
    first = get_line()
    others = [line for line in list_lines() if line.pk != first.pk]
    count = MAX_SUM_ORE // MAX_ORE
    product, budget = first.budget_product, first.budget
    CostLine.objects.filter(pk__in=[line.pk for line in others]).delete()
    values = {"cost_kind": "direct_cost", "amount_1_ore": 0, "amount_3_ore": 0, "position": 99}
    CostLine.objects.bulk_create(
        CostLine(budget=budget, budget_product=product, text=f"{at}", amount_2_ore=MAX_ORE * (-1) ** at, **values)
        for at in range(count)
    )
    CostLine.objects.filter(pk=first.pk).update(**dict.fromkeys(AMOUNTS, 0), quantity=None, unit_price_ore=None)
    return list_lines()


def typed(line: CostLine, **cells: str) -> GridEdit:
    return GridEdit(changed=(LineEdit(line.lineage, cells, seen=line.edited_at),))


def add(client: Client, line: CostLine, **values: str) -> Any:
    url = reverse("budgets:add_line", args=[DRAFT, OWN, line.budget_product.lineage])
    given = {"text": "Mer", "cost_kind": "direct_cost", "amount_1_ore": "0", "amount_2_ore": "0", "amount_3_ore": "0"}
    return client.post(url, given | values)


def test_the_save_that_passes_what_can_be_summed_is_refused_and_names_the_year() -> None:
    line = next(line for line in fill() if line.amount_2_ore == 0)
    with pytest.raises(GridRefusedError) as refused:
        save_edit(get_sub_budget(), typed(line, amount_2_ore="10 000 000 000"), by=get_user(OWNER))
    (bad,) = refused.value.bad
    assert (bad.line, bad.field) == (line.lineage, "amount_2_ore")
    assert again(line).amount_2_ore == 0
    save_edit(get_sub_budget(), typed(line, amount_1_ore="10 000 000 000"), by=get_user(OWNER))


def test_a_form_that_passes_what_can_be_summed_says_so_at_the_amount() -> None:
    line = fill()[0]
    answer = add(client_of(OWNER), line, amount_2_ore="10 000 000 000")
    assert answer.status_code == 422
    assert "amount_2_ore" in answer.context["form"].errors
    assert not CostLine.objects.filter(text="Mer").exists()


def test_undo_of_a_deletion_that_would_pass_what_can_be_summed_is_refused() -> None:
    large = next(line for line in fill() if line.amount_2_ore)
    delete_line(large, by=get_user(OWNER))
    CostLine.objects.create(
        budget=large.budget, budget_product=large.budget_product, text="Mellan", cost_kind="direct_cost",
        amount_1_ore=0, amount_2_ore=MAX_ORE, amount_3_ore=0, position=100,
    )  # fmt: skip
    with pytest.raises(UndoRefusedError):
        undo_step(get_sub_budget(), by=get_user(OWNER))


@pytest.mark.parametrize("name", ["grid", "form", "service"])
def test_a_note_has_the_same_limit_at_every_door(name: str) -> None:
    line, note = get_line(), "x" * (LONGEST_NOTE + 1)
    if name == "grid":
        with pytest.raises(GridRefusedError):
            save_edit(get_sub_budget(), typed(line, note=note), by=get_user(OWNER))
    elif name == "form":
        assert "note" in add(client_of(OWNER), line, note=note).context["form"].errors
    else:
        with pytest.raises(GridRefusedError):
            change_line(line, {"note": note}, by=get_user(OWNER))
    assert not CostLine.objects.filter(note=note).exists()


def test_more_lines_than_a_sub_budget_has_are_not_added_at_a_time() -> None:
    product, before = get_line().budget_product.lineage, CostLine.objects.count()
    added = tuple(NewLine(uuid4(), product) for _line in range(MOST_LINES + 1))
    with pytest.raises(GridRefusedError):
        save_edit(get_sub_budget(), GridEdit(added=added), by=get_user(OWNER))
    assert CostLine.objects.count() == before


def test_a_new_line_with_the_number_of_another_sub_budgets_line_is_refused_with_words() -> None:
    other, line = get_line("klient"), get_line()
    sent = {"added": [{"line": str(other.lineage), "product": str(line.budget_product.lineage), "cells": {}}]}
    answer = client_of(OWNER).post(
        reverse("budgets:grid", args=[DRAFT, OWN]), sent, content_type="application/json", headers={"X-Grid": "1"}
    )
    assert answer.status_code == 422
    assert answer.json()["bad"][0]["reason"]
