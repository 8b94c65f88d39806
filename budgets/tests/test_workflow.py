"""The steps of a sub-budget: whose each is, what it leads to, and how each refusal says what can be done instead."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.utils.translation import override

from accounts.models import User
from budgets.models import Action, CostLine, SubBudget, WorkflowStep
from budgets.models.workflow import LONGEST_COMMENT
from budgets.selectors.workflow import TRANSITIONS, find_own_task, list_actions, list_steps, may_take
from budgets.services.workflow import CommentNeededError, NotYourStepError, RefusedError, take_step
from objects.models import GovernanceObject, Role, RoleAssignment
from tests.cast import (
    ECONOMIST,
    GRANT,
    GROUP,
    OTHER,
    OWN,
    OWNER,
    PEOPLE,
    get_sub_budget,
    get_user,
    put_sub_budget,
    take,
)

pytestmark = pytest.mark.django_db

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
            row = put_sub_budget(source)
            step = take_step(row, action, by=get_user(name), comment="because")
            target = TRANSITIONS[action].target or "approved"
            assert (step.from_state, step.to_state, step.by, step.comment) == (
                source,
                target,
                get_user(name),
                "because",
            )
            assert row.status == target == get_sub_budget().status
            assert step.on_behalf == (name == ECONOMIST and bool(TRANSITIONS[action].roles))


@pytest.mark.parametrize("action", WHOSE)
def test_nobody_else_takes_a_step_and_is_told_whom_to_ask(action: Action) -> None:
    source = min(TRANSITIONS[action].sources)
    put_sub_budget(source)
    for name in set(PEOPLE) - WHOSE[action]:
        with pytest.raises(NotYourStepError) as refused:
            take(action, name)
        assert "onom" in str(refused.value)
        if TRANSITIONS[action].roles:
            assert ("Stina Styrgrupp" if GROUP in WHOSE[action] else "Olivia Objektägare") in str(refused.value)
    assert (get_sub_budget().status, WorkflowStep.objects.filter(sub_budget=get_sub_budget()).count()) == (source, 0)


@pytest.mark.parametrize("action", WHOSE)
def test_step_from_another_status_is_refused_and_says_what_is_possible(action: Action) -> None:
    for status in set(SubBudget.Status.values) - TRANSITIONS[action].sources:
        put_sub_budget(status)
        with pytest.raises(RefusedError) as refused:
            take(action, ECONOMIST)
        assert str(SubBudget.Status(status).label) in str(refused.value)
        assert get_sub_budget().status == status


def test_refusal_names_the_sub_budget_in_the_readers_language() -> None:
    row = put_sub_budget("approved")
    SubBudget.objects.filter(pk=row.pk).update(name_en="Social services in English")
    with override("en"), pytest.raises(RefusedError, match="Social services in English is now approved"):
        take(Action.SUBMIT, ECONOMIST)


def test_no_status_is_a_dead_end() -> None:
    for slug in (OWN, GRANT):
        for status in SubBudget.Status.values:
            assert list_actions(get_user(ECONOMIST), put_sub_budget(status, slug)), status


def test_base_grant_is_the_economists_own() -> None:
    for action in (Action.SUBMIT, Action.APPROVE, Action.LOCK):
        for name in set(PEOPLE) - {ECONOMIST}:
            assert not may_take(get_user(name), get_sub_budget(GRANT), action)
        assert not take(action, ECONOMIST, slug=GRANT).on_behalf
    assert get_sub_budget(GRANT).status == "locked"


def test_steering_group_of_one_object_decides_on_no_other() -> None:
    put_sub_budget("submitted", OTHER)
    with pytest.raises(NotYourStepError):
        take(Action.APPROVE, GROUP, slug=OTHER)


def test_economist_who_sits_in_the_steering_group_acts_for_it() -> None:
    of = GovernanceObject.objects.get(slug=OWN)
    RoleAssignment.objects.create(user=get_user(ECONOMIST), role=Role.STEERING_GROUP, governance_object=of)
    put_sub_budget("submitted")
    assert not take(Action.APPROVE, ECONOMIST).on_behalf


def test_nothing_in_an_adopted_budget_takes_a_step() -> None:
    row = get_sub_budget(budget="budget-2026")
    assert list_actions(get_user(ECONOMIST), row) == []
    for action in TRANSITIONS:
        with pytest.raises(RefusedError, match=r"eviderad|evised"):
            take_step(row, action, by=get_user(ECONOMIST), comment="x")


def test_each_person_has_what_waits_for_them() -> None:
    expected = {
        ("draft", OWNER): Action.SUBMIT,
        ("submitted", GROUP): Action.APPROVE,
        ("approved", ECONOMIST): Action.LOCK,
    }
    for status in SubBudget.Status.values:
        for name in (OWNER, GROUP, ECONOMIST, "objektledare", "direktion"):
            assert find_own_task(get_user(name), put_sub_budget(status)) == expected.get((status, name))


# Comments


@pytest.mark.parametrize("action", [Action.RETURN, Action.UNLOCK])
@pytest.mark.parametrize("comment", ["", " \n\t"])
def test_what_undoes_somebodys_step_says_why(action: Action, comment: str) -> None:
    source = min(TRANSITIONS[action].sources)
    put_sub_budget(source)
    with pytest.raises(CommentNeededError):
        take(action, ECONOMIST, comment)
    assert get_sub_budget().status == source


def test_comment_that_is_too_long_is_refused_and_the_longest_is_kept() -> None:
    with pytest.raises(CommentNeededError):
        take(Action.SUBMIT, OWNER, "x" * (LONGEST_COMMENT + 1))
    assert len(take(Action.SUBMIT, OWNER, "å" * LONGEST_COMMENT).comment) == LONGEST_COMMENT


def test_returned_sub_budget_keeps_everything() -> None:
    before = list(CostLine.objects.order_by("pk").values())
    take(Action.SUBMIT, OWNER)
    take(Action.RETURN, GROUP, "Säg varför licenserna ökar.")
    assert list(CostLine.objects.order_by("pk").values()) == before
    assert [step.comment for step in list_steps(get_sub_budget(), get_user(OWNER))][-1] == "Säg varför licenserna ökar."


def test_unlocked_sub_budget_becomes_what_it_was() -> None:
    put_sub_budget("submitted")
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
        assert event.pgh_context == {"by": "objektagare@demo.example", "reason": "submit_sub_budget"}
