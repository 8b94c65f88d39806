"""Lines that are calculated are typed by nobody, and their copies by the economist only; texts, notes and places are free."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from budgets.models import CostLine, EditStep
from budgets.services.grid.edits import Deletion, GridEdit, GridRefusedError, LineEdit, Move, NewLine, UndoRefusedError
from budgets.services.grid.saving import save_edit
from budgets.services.grid.undoing import redo_step, undo_step
from budgets.services.lines import change_line, delete_line
from records.models import Provenance
from tests.cast import ADMINISTRATOR, ECONOMIST, OWNER, again, get_sub_budget, get_user, list_copies, list_open
from web.numbers import format_sek

pytestmark = pytest.mark.django_db

FIGURES = {
    "cost_kind": "direct_cost", "quantity": "2", "unit_price_ore": "3", "amount_1_ore": "7", "amount_2_ore": "7", "amount_3_ore": "",
}  # fmt: skip


def copied() -> CostLine:
    return list_copies()[0]


def calculated() -> CostLine:
    line = list_open()[1]
    CostLine.objects.filter(pk=line.pk).update(provenance="calculated", is_calculated=True)
    return again(line)


def act(by: str = OWNER, **options: Any) -> None:
    save_edit(get_sub_budget(), GridEdit(**options), by=get_user(by))


def typed(line: CostLine, **cells: str) -> LineEdit:
    return LineEdit(line.lineage, cells, {}, line.edited_at)


def save(line: CostLine, by: str = OWNER, **cells: str) -> None:
    act(by, changed=(typed(line, **cells),))


def told(caught: pytest.ExceptionInfo[GridRefusedError]) -> list[tuple[str, str]]:
    return [(cell.field, cell.typed) for cell in caught.value.bad]


@pytest.mark.parametrize("name", FIGURES)
def test_owner_types_no_figure_of_a_copy_and_is_told_who_does(name: str) -> None:
    line = copied()
    with pytest.raises(GridRefusedError) as caught:
        save(line, **{name: FIGURES[name]})
    assert told(caught) == [(name, FIGURES[name])]
    assert "ekonomen" in caught.value.bad[0].reason
    assert again(line).edited_at == line.edited_at


def test_economist_types_in_a_copy_which_is_entered_and_everybodys_then() -> None:
    line = copied()
    save(line, by=ECONOMIST, amount_1_ore="7")
    assert (again(line).amount_1_ore, again(line).provenance) == (700, Provenance.ENTERED)
    save(again(line), amount_1_ore="8")
    assert again(line).amount_1_ore == 800


@pytest.mark.parametrize("by", [OWNER, ECONOMIST])
def test_nobody_types_in_what_is_calculated(by: str) -> None:
    line = calculated()
    with pytest.raises(GridRefusedError) as caught:
        save(line, by=by, amount_2_ore="7", cost_kind="personnel")
    assert told(caught) == [("cost_kind", "personnel"), ("amount_2_ore", "7")]
    assert "beräkna" in caught.value.bad[0].reason
    with pytest.raises(GridRefusedError):
        delete_line(again(line), by=get_user(by))
    with pytest.raises(GridRefusedError):
        change_line(again(line), {"amount_2_ore": 700}, by=get_user(by))
    assert again(line).amounts == line.amounts


def test_text_note_and_place_of_a_closed_line_are_free_and_leave_its_source() -> None:
    for line in (copied(), calculated()):
        save(line, text="Annat", note="Nytt avtal")
        assert (again(line).text, again(line).note, again(line).provenance) == ("Annat", "Nytt avtal", line.provenance)
    act(moved=(Move(line.lineage, line.budget_product.lineage, None),))
    assert again(line).provenance == Provenance.CALCULATED


def test_good_cells_are_taken_beside_a_closed_one_and_nothing_follows_from_that() -> None:
    line = copied()
    with pytest.raises(GridRefusedError):
        save(line, note="skäl", amount_1_ore="7")
    assert again(line).note == line.note
    act(changed=(typed(line, note="skäl", amount_1_ore="7", quantity="1", unit_price_ore="7"),), partial=True)
    assert (again(line).note, again(line).amounts, again(line).quantity) == ("skäl", line.amounts, None)


def test_what_a_closed_cell_holds_already_may_be_sent() -> None:
    line = copied()
    save(line, cost_kind=line.cost_kind, quantity="", amount_1_ore=format_sek(line.amount_1_ore), note="skäl")
    assert (again(line).note, again(line).provenance) == ("skäl", Provenance.COPIED)


def test_what_cannot_be_read_is_told_to_be_closed() -> None:
    with pytest.raises(GridRefusedError) as caught:
        save(copied(), amount_1_ore="tolv")
    assert "ekonomen" in caught.value.bad[0].reason


def test_closed_line_is_not_deleted_and_the_others_are_where_good_ones_are_taken() -> None:
    line, other = copied(), list_open()[0]
    both = (Deletion(line.lineage, line.edited_at), Deletion(other.lineage, other.edited_at))
    with pytest.raises(GridRefusedError) as caught:
        act(deleted=both, action="delete")
    assert told(caught) == [("", "")]
    act(deleted=both, action="delete", partial=True)
    assert list(CostLine.objects.filter(pk__in=[line.pk, other.pk])) == [line]
    delete_line(copied(), by=get_user(ECONOMIST))
    assert not CostLine.objects.filter(pk=line.pk).exists()


def test_copy_of_any_line_is_entered_by_who_makes_it() -> None:
    for source in (copied(), calculated(), list_open()[0]):
        new = uuid.uuid4()
        act(added=(NewLine(new, source.budget_product.lineage, source.lineage, {}, source.lineage),), action="copy")
        copy = CostLine.objects.get(lineage=new)
        assert (copy.provenance, copy.index_provenance, copy.amounts) == (Provenance.ENTERED, "", source.amounts)
        save(copy, amount_1_ore="7")


def test_form_saves_the_note_of_a_closed_line_and_refuses_its_figures() -> None:
    line = copied()
    change_line(line, {"note": "skäl", "amount_1_ore": line.amount_1_ore}, by=get_user(OWNER))
    assert (again(line).note, again(line).provenance) == ("skäl", Provenance.COPIED)
    with pytest.raises(GridRefusedError) as caught:
        change_line(copied(), {"note": "skäl", "amount_1_ore": 7}, by=get_user(OWNER))
    assert told(caught) == [("amount_1_ore", "")]
    change_line(copied(), {"note": "skäl", "amount_1_ore": 7}, by=get_user(ECONOMIST))
    assert (again(line).amount_1_ore, again(line).provenance) == (7, Provenance.ENTERED)


def test_economists_undo_closes_the_line_again_and_the_owner_then_does_nothing_again_in_it() -> None:
    line, sub_budget = copied(), get_sub_budget()
    save(line, by=ECONOMIST, amount_1_ore="7")
    save(again(line), amount_2_ore="8", note="skäl")
    undo_step(sub_budget, by=get_user(OWNER))
    undo_step(sub_budget, by=get_user(ECONOMIST))
    assert (again(line).amounts, again(line).provenance) == (line.amounts, Provenance.COPIED)
    with pytest.raises(UndoRefusedError, match="ekonomen"):
        redo_step(sub_budget, by=get_user(OWNER))
    assert again(line).amounts == line.amounts
    redo_step(sub_budget, by=get_user(ECONOMIST))
    redo_step(sub_budget, by=get_user(OWNER))
    assert (again(line).amounts[:2], again(line).note) == ((700, 800), "skäl")


def test_note_of_a_closed_line_is_undone() -> None:
    line = copied()
    save(line, note="skäl")
    undo_step(get_sub_budget(), by=get_user(OWNER))
    assert again(line).note == line.note
    assert EditStep.objects.get().undone


def administer() -> Client:
    user: User = get_user(ADMINISTRATOR)
    User.objects.filter(pk=user.pk).update(is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(get_user(ADMINISTRATOR))
    return client


def test_administration_changes_the_texts_of_a_closed_line_only() -> None:
    for line, is_closed in ((copied(), True), (calculated(), True), (list_open()[0], False)):
        client = administer()
        shown = client.get(reverse("admin:budgets_costline_change", args=[line.pk]))
        fields = shown.context["adminform"].form.fields
        assert ("amount_1_ore" not in fields, "provenance" not in fields) == (is_closed, is_closed)
        assert "note" in fields
        deleted = client.get(reverse("admin:budgets_costline_delete", args=[line.pk]))
        assert deleted.status_code == (403 if is_closed else 200)
