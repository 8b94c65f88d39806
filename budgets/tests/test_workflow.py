"""The steps of a sub-budget: whose each is, what it leads to, and how each refusal says what can be done instead."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils.translation import override

from accounts.models import User
from budgets.models import Action, CostLine, Look, SubBudget, WorkflowStep
from budgets.models.workflow import LONGEST_COMMENT
from budgets.selectors.bar import load_corrections
from budgets.selectors.changes import load_changes
from budgets.selectors.workflow import TRANSITIONS, find_own_task, list_actions, list_steps, may_take
from budgets.services.grid.edits import GridEdit, Move
from budgets.services.grid.saving import save_edit
from budgets.services.lines import add_line, change_line, delete_line, restore_line
from budgets.services.workflow import (
    CommentNeededError,
    NotYourStepError,
    RefusedError,
    mark_as_read,
    take_step,
)
from objects.models import GovernanceObject, Role, RoleAssignment

pytestmark = pytest.mark.django_db
OWNER, GROUP, ECONOMIST = "objektagare", "styrgrupp", "ekonom"
PEOPLE = (
    OWNER,
    "objektledare",
    GROUP,
    ECONOMIST,
    "direktion",
    "kommundirektor",
    "vimmerby",
    "administrator",
    "revisor",
    "utan.roll",
)
OWN, OTHER, GRANT = "socialtjanst", "klient", "grundanslag"
NEW = {"text": "Licenser", "cost_kind": "direct_cost", "amount_1_ore": 100, "amount_2_ore": 200, "amount_3_ore": 300}


def user(name: str) -> User:
    found: User = User.objects.get(email=f"{name}@demo.example")
    return found


def sub_budget(slug: str = OWN, status: str | None = None, budget: str = "budget-2027") -> SubBudget:
    rows = SubBudget.objects.filter(slug=slug, budget__slug=budget)
    if status is not None:
        rows.update(status=status)
    found: SubBudget = rows.select_related("budget").get()
    return found


def line_of(slug: str = OWN) -> CostLine:
    lines = CostLine.objects.filter(budget__slug="budget-2027", budget_product__sub_budget__slug=slug)
    found: CostLine = lines.select_related("budget_product__sub_budget__budget").earliest("pk")
    return found


def take(action: Action, by: str, comment: str = "because", slug: str = OWN) -> WorkflowStep:
    return take_step(sub_budget(slug), action, by=user(by), comment=comment)


# Whose step it is

WHOSE = {
    Action.SUBMIT: {OWNER, ECONOMIST},
    Action.WITHDRAW: {OWNER, ECONOMIST},
    Action.APPROVE: {GROUP, ECONOMIST},
    Action.RETURN: {GROUP, ECONOMIST},
    Action.LOCK: {ECONOMIST},
    Action.UNLOCK: {ECONOMIST},
}


def test_every_step_has_its_people_here() -> None:
    assert WHOSE.keys() == TRANSITIONS.keys()
    assert {f"{name}@demo.example" for name in PEOPLE} == set(User.objects.values_list("email", flat=True))


@pytest.mark.parametrize("action", WHOSE)
def test_each_step_is_taken_by_those_whose_it_is_from_every_status_it_starts_in(action: Action) -> None:
    for name in sorted(WHOSE[action]):
        for source in sorted(TRANSITIONS[action].sources):
            row = sub_budget(status=source)
            step = take_step(row, action, by=user(name), comment="because")
            target = TRANSITIONS[action].target or "approved"
            assert (step.from_state, step.to_state, step.by, step.comment) == (source, target, user(name), "because")
            assert row.status == target == sub_budget().status
            assert step.on_behalf == (name == ECONOMIST and bool(TRANSITIONS[action].roles))


@pytest.mark.parametrize("action", WHOSE)
def test_nobody_else_takes_a_step_and_is_told_whom_to_ask(action: Action) -> None:
    source = min(TRANSITIONS[action].sources)
    sub_budget(status=source)
    for name in set(PEOPLE) - WHOSE[action]:
        with pytest.raises(NotYourStepError) as refused:
            take(action, name)
        assert "onom" in str(refused.value)
        if TRANSITIONS[action].roles:
            assert ("Stina Styrgrupp" if GROUP in WHOSE[action] else "Olivia Objektägare") in str(refused.value)
    assert (sub_budget().status, WorkflowStep.objects.filter(sub_budget=sub_budget()).count()) == (source, 0)


@pytest.mark.parametrize("action", WHOSE)
def test_step_from_another_status_is_refused_and_says_what_is_possible(action: Action) -> None:
    for status in set(SubBudget.Status.values) - TRANSITIONS[action].sources:
        sub_budget(status=status)
        with pytest.raises(RefusedError) as refused:
            take(action, ECONOMIST)
        assert str(SubBudget.Status(status).label) in str(refused.value)
        assert sub_budget().status == status


def test_refusal_names_the_sub_budget_in_the_readers_language() -> None:
    row = sub_budget(status="approved")
    SubBudget.objects.filter(pk=row.pk).update(name_en="Social services in English")
    with override("en"), pytest.raises(RefusedError, match="Social services in English is approved by now"):
        take(Action.SUBMIT, ECONOMIST)


def test_no_status_is_a_dead_end() -> None:
    for slug in (OWN, GRANT):
        for status in SubBudget.Status.values:
            assert list_actions(user(ECONOMIST), sub_budget(slug, status)), status


def test_base_grant_is_the_economists_own() -> None:
    for action in (Action.SUBMIT, Action.APPROVE, Action.LOCK):
        for name in set(PEOPLE) - {ECONOMIST}:
            assert not may_take(user(name), sub_budget(GRANT), action)
        assert not take(action, ECONOMIST, slug=GRANT).on_behalf
    assert sub_budget(GRANT).status == "locked"


def test_steering_group_of_one_object_decides_on_no_other() -> None:
    sub_budget(OTHER, "submitted")
    with pytest.raises(NotYourStepError):
        take(Action.APPROVE, GROUP, slug=OTHER)


def test_economist_who_sits_in_the_steering_group_acts_for_it() -> None:
    of = GovernanceObject.objects.get(slug=OWN)
    RoleAssignment.objects.create(user=user(ECONOMIST), role=Role.STEERING_GROUP, governance_object=of)
    sub_budget(status="submitted")
    assert not take(Action.APPROVE, ECONOMIST).on_behalf


def test_nothing_in_an_adopted_budget_takes_a_step() -> None:
    row = sub_budget(budget="budget-2026")
    assert list_actions(user(ECONOMIST), row) == []
    for action in TRANSITIONS:
        with pytest.raises(RefusedError, match=r"eviderad|evised"):
            take_step(row, action, by=user(ECONOMIST), comment="x")


def test_each_person_has_what_waits_for_them() -> None:
    expected = {
        ("draft", OWNER): Action.SUBMIT,
        ("submitted", GROUP): Action.APPROVE,
        ("approved", ECONOMIST): Action.LOCK,
    }
    for status in SubBudget.Status.values:
        for name in (OWNER, GROUP, ECONOMIST, "objektledare", "direktion"):
            assert find_own_task(user(name), sub_budget(status=status)) == expected.get((status, name))


# Comments


@pytest.mark.parametrize("action", [Action.RETURN, Action.UNLOCK])
@pytest.mark.parametrize("comment", ["", " \n\t"])
def test_what_undoes_somebodys_step_says_why(action: Action, comment: str) -> None:
    source = min(TRANSITIONS[action].sources)
    sub_budget(status=source)
    with pytest.raises(CommentNeededError):
        take(action, ECONOMIST, comment)
    assert sub_budget().status == source


def test_comment_that_is_too_long_is_refused_and_the_longest_is_kept() -> None:
    with pytest.raises(CommentNeededError):
        take(Action.SUBMIT, OWNER, "x" * (LONGEST_COMMENT + 1))
    assert len(take(Action.SUBMIT, OWNER, "å" * LONGEST_COMMENT).comment) == LONGEST_COMMENT


def test_returned_sub_budget_keeps_everything() -> None:
    before = list(CostLine.objects.order_by("pk").values())
    take(Action.SUBMIT, OWNER)
    take(Action.RETURN, GROUP, "Säg varför licenserna ökar.")
    assert list(CostLine.objects.order_by("pk").values()) == before
    assert [step.comment for step in list_steps(sub_budget(), user(OWNER))][-1] == "Säg varför licenserna ökar."


def test_unlocked_sub_budget_becomes_what_it_was() -> None:
    sub_budget(status="submitted")
    take(Action.APPROVE, GROUP)
    take(Action.LOCK, ECONOMIST)
    assert take(Action.UNLOCK, ECONOMIST).to_state == "approved"


# Steps in the database


@pytest.mark.parametrize("statement", [
    "UPDATE budgets_workflowstep SET comment = 'other'",
    "DELETE FROM budgets_workflowstep",
    "INSERT INTO budgets_workflowstep (uuid, budget_id, action, from_state, to_state, on_behalf, comment, at, event_mark)"
    " SELECT gen_random_uuid(), id, 'submit', 'draft', 'submitted', false, '', now(), 0 FROM budgets_budget",
    "INSERT INTO budgets_workflowstep (uuid, budget_id, sub_budget_id, action, from_state, to_state, on_behalf, comment, at, event_mark)"
    " SELECT gen_random_uuid(), budget_id, id, 'return', 'submitted', 'draft', false, '', now(), 0 FROM budgets_subbudget",
    "UPDATE budgets_subbudget SET status = 'done' WHERE budget_id = (SELECT id FROM budgets_budget WHERE slug = 'budget-2027')",
    "UPDATE budgets_budget SET phase = 'done' WHERE slug = 'budget-2027'",
    "UPDATE budgets_budget SET due_on = '2026-12-18', approval_due_on = '2026-12-17' WHERE slug = 'budget-2027'",
])  # fmt: skip
def test_database_keeps_steps_and_statuses(statement: str) -> None:
    take(Action.SUBMIT, OWNER)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_step_tells_history_who_took_it() -> None:
    step = take(Action.SUBMIT, OWNER)
    for model, row in (("SubBudgetEvent", step.sub_budget_id), ("WorkflowStepEvent", step.pk)):
        event = apps.get_model("budgets", model)._default_manager.filter(pgh_obj=row).order_by("-pgh_id").first()
        assert event.pgh_context == {"by": "objektagare@demo.example", "reason": "submit sub-budget"}


# Who may change lines on the way

MAY_EDIT = {
    "draft": {OWNER, ECONOMIST},
    "submitted": {GROUP, ECONOMIST},
    "approved": {ECONOMIST},
    "locked": set[str](),
}


@pytest.mark.parametrize("status", MAY_EDIT)
def test_lines_are_changed_by_whose_turn_it_is(status: str) -> None:
    sub_budget(status=status)
    for name in PEOPLE:
        line = line_of()
        if name in MAY_EDIT[status]:
            change_line(line, {"note": f"{name} {status}"}, by=user(name))
            delete_line(add_line(line.budget_product, NEW, by=user(name)), by=user(name))
        else:
            for attempt in (
                lambda line=line, name=name: change_line(line, {"note": "x"}, by=user(name)),
                lambda line=line, name=name: delete_line(line, by=user(name)),
                lambda line=line, name=name: add_line(line.budget_product, NEW, by=user(name)),
                lambda line=line, name=name: restore_line(sub_budget(), line.lineage, by=user(name)),
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
    line = line_of()
    sub_budget(status="locked")
    with pytest.raises(IntegrityError, match="locked"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(line=line.pk))
    sub_budget(status="approved")
    CostLine.objects.filter(pk=line.pk).update(note="x")


def test_line_is_not_moved_into_a_locked_sub_budget() -> None:
    line, other = line_of(), line_of(OTHER)
    sub_budget(OTHER, "locked")
    with pytest.raises(IntegrityError, match="locked"), transaction.atomic():
        CostLine.objects.filter(pk=line.pk).update(budget_product=other.budget_product)


# What the reviewer changed


def corrections() -> list[tuple[str, str, list[tuple[str, str, str]], str]]:
    found = load_corrections(sub_budget(), list_steps(sub_budget(), user(OWNER)))
    return [
        (line.kind, line.text, [(field.label, field.old, field.new) for field in line.fields], line.by)
        for line in found.lines
    ]


def test_owner_sees_both_values_of_what_the_group_changed_until_the_next_submission() -> None:
    change_line(line_of(), {"text": "Licnser", "note": ""}, by=user(OWNER))
    take(Action.SUBMIT, OWNER)
    assert corrections() == []
    change_line(line_of(), {"text": "Licenser"}, by=user(GROUP))
    expected = [("changed", "Licenser", [("Benämning", "Licnser", "Licenser")], "Stina Styrgrupp")]
    assert corrections() == expected
    take(Action.RETURN, GROUP)
    change_line(line_of(), {"text": "Mina egna ord"}, by=user(OWNER))
    assert corrections() == expected
    take(Action.SUBMIT, OWNER)
    assert corrections() == []


def test_corrections_of_several_hands_are_told_as_one_change_from_first_to_last() -> None:
    line = change_line(line_of(), {"amount_1_ore": 100_00}, by=user(OWNER))
    take(Action.SUBMIT, OWNER)
    change_line(line_of(), {"amount_1_ore": 200_00}, by=user(GROUP))
    change_line(line_of(), {"amount_1_ore": 300_00}, by=user(ECONOMIST))
    ((kind, _text, fields, by),) = corrections()
    assert (kind, by) == ("changed", "Eva Ekonom")
    assert [(old, new) for _label, old, new in fields] == [("100", "300")]
    change_line(line_of(), {"amount_1_ore": 100_00}, by=user(GROUP))
    assert corrections() == []
    assert line.lineage == line_of().lineage


def test_added_and_deleted_lines_are_corrections_and_one_that_came_and_went_is_none() -> None:
    take(Action.SUBMIT, OWNER)
    line = line_of()
    text = line.text
    delete_line(add_line(line.budget_product, NEW, by=user(GROUP)), by=user(GROUP))
    assert corrections() == []
    add_line(line.budget_product, NEW, by=user(GROUP))
    delete_line(line, by=user(GROUP))
    assert [(kind, shown) for kind, shown, _fields, _by in corrections()] == [("deleted", text), ("added", "Licenser")]
    restore_line(sub_budget(), line.lineage, by=user(GROUP))
    assert [kind for kind, *_rest in corrections()] == ["added"]


def test_line_moved_to_another_product_is_a_correction_and_news() -> None:
    """It changes the line's category, and who pays for it."""
    line = line_of()
    take(Action.SUBMIT, OWNER)
    mark_as_read(sub_budget(), by=user(OWNER))
    own = line.budget_product
    other = own.sub_budget.budget_products.exclude(pk=own.pk).earliest("pk")
    save_edit(sub_budget(), GridEdit(moved=(Move(line.lineage, other.lineage, None),), action="move"), by=user(GROUP))
    assert corrections() == [("changed", line.text, [("Produkt", own.name, other.name)], "Stina Styrgrupp")]
    look = Look.objects.get(user=user(OWNER))
    news = load_changes(sub_budget(), after=look.event_mark, reader=user(OWNER).email)
    assert [change.lineage for change in news.lines] == [line.lineage]


def test_locked_sub_budget_lists_no_corrections() -> None:
    take(Action.SUBMIT, OWNER)
    change_line(line_of(), {"text": "Licenser"}, by=user(GROUP))
    take(Action.APPROVE, GROUP)
    assert corrections()
    take(Action.LOCK, ECONOMIST)
    assert corrections() == []


# What has changed since somebody looked


def news(name: str) -> list[str]:
    look = Look.objects.filter(user=user(name), sub_budget=sub_budget()).first()
    found = load_changes(sub_budget(), after=look.event_mark, reader=user(name).email) if look else None
    return [line.text for line in found.lines] if found else []


def test_marking_as_read_forgets_what_was_read_and_lists_what_comes_after() -> None:
    mark_as_read(sub_budget(), by=user(GROUP))
    assert news(GROUP) == []
    change_line(line_of(), {"text": "Ett"}, by=user(OWNER))
    assert news(GROUP) == ["Ett"]
    mark_as_read(sub_budget(), by=user(GROUP))
    assert news(GROUP) == []


def test_what_comes_while_somebody_reads_is_not_marked_as_read() -> None:
    mark_as_read(sub_budget(), by=user(GROUP))
    first, second = CostLine.objects.filter(budget_product__sub_budget=sub_budget()).order_by("pk")[:2]
    change_line(first, {"text": "Ett"}, by=user(OWNER))
    seen = load_changes(sub_budget(), after=Look.objects.get(user=user(GROUP)).event_mark).newest
    change_line(second, {"text": "Två"}, by=user(OWNER))
    mark_as_read(sub_budget(), by=user(GROUP), mark=seen)
    assert news(GROUP) == ["Två"]


def test_looking_never_goes_back_or_beyond_what_there_is() -> None:
    mark_as_read(sub_budget(), by=user(GROUP))
    mark_as_read(sub_budget(), by=user(GROUP), mark=0)
    mark_as_read(sub_budget(), by=user(GROUP), mark=2**60)
    change_line(line_of(), {"text": "Ett"}, by=user(OWNER))
    assert news(GROUP) == ["Ett"]


def test_who_takes_a_step_has_read_and_others_have_not() -> None:
    take(Action.SUBMIT, OWNER)
    take(Action.RETURN, GROUP)
    change_line(line_of(), {"text": "Rättad"}, by=user(OWNER))
    take(Action.SUBMIT, OWNER)
    assert (news(GROUP), news(OWNER)) == (["Rättad"], [])


def test_own_changes_are_no_news_unless_somebody_else_went_on() -> None:
    mark_as_read(sub_budget(), by=user(OWNER))
    change_line(line_of(), {"text": "Ett"}, by=user(OWNER))
    assert news(OWNER) == []
    change_line(line_of(), {"text": "Två"}, by=user(ECONOMIST))
    assert news(OWNER) == ["Två"]


def test_change_of_another_sub_budget_is_no_news() -> None:
    mark_as_read(sub_budget(), by=user(GROUP))
    change_line(line_of(OTHER), {"text": "Ett"}, by=user("objektledare"))
    assert news(GROUP) == []


@pytest.mark.parametrize("name", ["vimmerby", "utan.roll"])
def test_changes_on_the_way_are_not_for_those_outside(name: str) -> None:
    with pytest.raises(NotYourStepError):
        mark_as_read(sub_budget(), by=user(name))
    take(Action.SUBMIT, OWNER)
    assert list_steps(sub_budget(), user(name)) == []
