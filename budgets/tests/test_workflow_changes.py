"""Lines on a sub-budget's way: who may change them, what the reviewer changed, and what is news to whom."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from budgets.models import Action, CostLine, Look
from budgets.selectors.bar import load_corrections
from budgets.selectors.changes import load_changes
from budgets.selectors.workflow import list_steps
from budgets.services.grid.edits import GridEdit, Move
from budgets.services.grid.saving import save_edit
from budgets.services.lines import add_line, change_line, delete_line, restore_line
from budgets.services.workflow import NotYourStepError, mark_as_read
from budgets.words import tell_changes
from tests.cast import (
    ECONOMIST,
    GROUP,
    NEW,
    OTHER,
    OWNER,
    PEOPLE,
    get_budget,
    get_line,
    get_sub_budget,
    get_user,
    put_sub_budget,
    take,
)

pytestmark = pytest.mark.django_db

# Who may change lines on the way

MAY_EDIT = {
    "draft": {OWNER, ECONOMIST},
    "submitted": {GROUP, ECONOMIST},
    "approved": {ECONOMIST},
    "locked": set[str](),
}


@pytest.mark.parametrize("status", MAY_EDIT)
def test_lines_are_changed_by_whose_turn_it_is(status: str) -> None:
    put_sub_budget(status)
    for name in PEOPLE:
        line = get_line()
        if name in MAY_EDIT[status]:
            change_line(line, {"note": f"{name} {status}"}, by=get_user(name))
            delete_line(add_line(line.budget_product, NEW, by=get_user(name)), by=get_user(name))
        else:
            for attempt in (
                lambda line=line, name=name: change_line(line, {"note": "x"}, by=get_user(name)),
                lambda line=line, name=name: delete_line(line, by=get_user(name)),
                lambda line=line, name=name: add_line(line.budget_product, NEW, by=get_user(name)),
                lambda line=line, name=name: restore_line(get_sub_budget(), line.lineage, by=get_user(name)),
            ):
                with pytest.raises(PermissionDenied):
                    attempt()


@pytest.mark.parametrize("statement", [
    "UPDATE budgets_costline SET note = 'x' WHERE id = {line}",
    "DELETE FROM budgets_costline WHERE id = {line}",
    "INSERT INTO budgets_costline (budget_id, budget_product_id, text, cost_kind, amount_1_ore, amount_2_ore, amount_3_ore, note, position, provenance)"
    " SELECT budget_id, budget_product_id, 'x', 'direct_cost', 1, 1, 1, '', 1, 'entered' FROM budgets_costline WHERE id = {line}",
    "UPDATE budgets_budgetproduct SET name = 'x' WHERE id = (SELECT budget_product_id FROM budgets_costline WHERE id = {line})",
])  # fmt: skip
def test_database_refuses_changes_under_a_locked_sub_budget(statement: str) -> None:
    line = get_line()
    put_sub_budget("locked")
    with pytest.raises(IntegrityError, match="locked"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(line=line.pk))
    put_sub_budget("approved")
    CostLine.objects.filter(pk=line.pk).update(note="x")


def test_line_is_not_moved_into_a_locked_sub_budget() -> None:
    line, other = get_line(), get_line(OTHER)
    put_sub_budget("locked", OTHER)
    with pytest.raises(IntegrityError, match="locked"), transaction.atomic():
        CostLine.objects.filter(pk=line.pk).update(budget_product=other.budget_product)


# What the reviewer changed


def corrections() -> list[tuple[str, str, list[tuple[str, str, str]], str]]:
    found = load_corrections(get_sub_budget(), list_steps(get_sub_budget(), get_user(OWNER)))
    return [
        (line.kind, line.text, [(field.label, field.old, field.new) for field in line.fields], line.by)
        for line in tell_changes(found, get_budget().years)
    ]


def test_owner_sees_both_values_of_what_the_group_changed_until_the_next_submission() -> None:
    change_line(get_line(), {"text": "Licnser", "note": ""}, by=get_user(OWNER))
    take(Action.SUBMIT, OWNER)
    assert corrections() == []
    change_line(get_line(), {"text": "Licenser"}, by=get_user(GROUP))
    expected = [("changed", "Licenser", [("Benämning", "Licnser", "Licenser")], "Stina Styrgrupp")]
    assert corrections() == expected
    take(Action.RETURN, GROUP)
    change_line(get_line(), {"text": "Mina egna ord"}, by=get_user(OWNER))
    assert corrections() == expected
    take(Action.SUBMIT, OWNER)
    assert corrections() == []


def test_corrections_of_several_hands_are_told_as_one_change_from_first_to_last() -> None:
    line = change_line(get_line(), {"amount_1_ore": 100_00}, by=get_user(OWNER))
    take(Action.SUBMIT, OWNER)
    change_line(get_line(), {"amount_1_ore": 200_00}, by=get_user(GROUP))
    change_line(get_line(), {"amount_1_ore": 300_00}, by=get_user(ECONOMIST))
    ((kind, _text, fields, by),) = corrections()
    assert (kind, by) == ("changed", "Eva Ekonom")
    assert [(old, new) for _label, old, new in fields] == [("100", "300")]
    change_line(get_line(), {"amount_1_ore": 100_00}, by=get_user(GROUP))
    assert corrections() == []
    assert line.lineage == get_line().lineage


def test_added_and_deleted_lines_are_corrections_and_one_that_came_and_went_is_none() -> None:
    take(Action.SUBMIT, OWNER)
    line = get_line()
    text = line.text
    delete_line(add_line(line.budget_product, NEW, by=get_user(GROUP)), by=get_user(GROUP))
    assert corrections() == []
    add_line(line.budget_product, NEW, by=get_user(GROUP))
    delete_line(line, by=get_user(GROUP))
    assert [(kind, shown) for kind, shown, _fields, _by in corrections()] == [("deleted", text), ("added", "Licenser")]
    restore_line(get_sub_budget(), line.lineage, by=get_user(GROUP))
    assert [kind for kind, *_rest in corrections()] == ["added"]


def test_line_moved_to_another_product_is_a_correction_and_news() -> None:
    """It changes the line's category, and who pays for it."""
    line = get_line()
    take(Action.SUBMIT, OWNER)
    mark_as_read(get_sub_budget(), by=get_user(OWNER))
    own = line.budget_product
    other = own.sub_budget.budget_products.exclude(pk=own.pk).earliest("pk")
    save_edit(
        get_sub_budget(), GridEdit(moved=(Move(line.lineage, other.lineage, None),), action="move"), by=get_user(GROUP)
    )
    assert corrections() == [("changed", line.text, [("Produkt", own.name, other.name)], "Stina Styrgrupp")]
    look = Look.objects.get(user=get_user(OWNER))
    news = load_changes(get_sub_budget(), after=look.event_mark, reader=get_user(OWNER).email)
    assert [change.lineage for change in news.lines] == [line.lineage]


def test_locked_sub_budget_lists_no_corrections() -> None:
    take(Action.SUBMIT, OWNER)
    change_line(get_line(), {"text": "Licenser"}, by=get_user(GROUP))
    take(Action.APPROVE, GROUP)
    assert corrections()
    take(Action.LOCK, ECONOMIST)
    assert corrections() == []


# What has changed since somebody looked


def news(name: str) -> list[str]:
    look = Look.objects.filter(user=get_user(name), sub_budget=get_sub_budget()).first()
    found = load_changes(get_sub_budget(), after=look.event_mark, reader=get_user(name).email) if look else None
    return [line.text for line in found.lines] if found else []


def test_marking_as_read_forgets_what_was_read_and_lists_what_comes_after() -> None:
    mark_as_read(get_sub_budget(), by=get_user(GROUP))
    assert news(GROUP) == []
    change_line(get_line(), {"text": "Ett"}, by=get_user(OWNER))
    assert news(GROUP) == ["Ett"]
    mark_as_read(get_sub_budget(), by=get_user(GROUP))
    assert news(GROUP) == []


def test_what_comes_while_somebody_reads_is_not_marked_as_read() -> None:
    mark_as_read(get_sub_budget(), by=get_user(GROUP))
    first, second = CostLine.objects.filter(budget_product__sub_budget=get_sub_budget()).order_by("pk")[:2]
    change_line(first, {"text": "Ett"}, by=get_user(OWNER))
    seen = load_changes(get_sub_budget(), after=Look.objects.get(user=get_user(GROUP)).event_mark).newest
    change_line(second, {"text": "Två"}, by=get_user(OWNER))
    mark_as_read(get_sub_budget(), by=get_user(GROUP), mark=seen)
    assert news(GROUP) == ["Två"]


def test_looking_never_goes_back_or_beyond_what_there_is() -> None:
    mark_as_read(get_sub_budget(), by=get_user(GROUP))
    mark_as_read(get_sub_budget(), by=get_user(GROUP), mark=0)
    mark_as_read(get_sub_budget(), by=get_user(GROUP), mark=2**60)
    change_line(get_line(), {"text": "Ett"}, by=get_user(OWNER))
    assert news(GROUP) == ["Ett"]


def test_who_takes_a_step_has_read_and_others_have_not() -> None:
    take(Action.SUBMIT, OWNER)
    take(Action.RETURN, GROUP)
    change_line(get_line(), {"text": "Rättad"}, by=get_user(OWNER))
    take(Action.SUBMIT, OWNER)
    assert (news(GROUP), news(OWNER)) == (["Rättad"], [])


def test_own_changes_are_no_news_unless_somebody_else_went_on() -> None:
    mark_as_read(get_sub_budget(), by=get_user(OWNER))
    change_line(get_line(), {"text": "Ett"}, by=get_user(OWNER))
    assert news(OWNER) == []
    change_line(get_line(), {"text": "Två"}, by=get_user(ECONOMIST))
    assert news(OWNER) == ["Två"]


def test_change_of_another_sub_budget_is_no_news() -> None:
    mark_as_read(get_sub_budget(), by=get_user(GROUP))
    change_line(get_line(OTHER), {"text": "Ett"}, by=get_user("objektledare"))
    assert news(GROUP) == []


@pytest.mark.parametrize("name", ["vimmerby", "utan.roll"])
def test_changes_on_the_way_are_not_for_those_outside(name: str) -> None:
    with pytest.raises(NotYourStepError):
        mark_as_read(get_sub_budget(), by=get_user(name))
    take(Action.SUBMIT, OWNER)
    assert list_steps(get_sub_budget(), get_user(name)) == []
