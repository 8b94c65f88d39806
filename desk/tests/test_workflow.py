"""The whole budget's way: compiled, proposed and reopened; its deadlines and its pages; what each step refuses."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from budgets.models import Budget, SubBudget, WorkflowStep
from budgets.services.compiling import UnfinishedError, compile_budget, propose_budget, reopen_budget, set_deadlines
from budgets.services.workflow import CommentNeededError, NotYourStepError, RefusedError
from forecasts.services.versions import adopt_proposed, revise_budget
from tests.cast import ECONOMIST, INSIDE, OUTSIDE, approve_all, client_of, decide, get_budget, get_user, propose

pytestmark = pytest.mark.django_db
WAY = "/budgets/budget-2027/workflow/"
NOT_THE_ECONOMIST = tuple(name for name in INSIDE if name != ECONOMIST)


def slugs() -> list[str]:
    return [sub_budget.slug for sub_budget in get_budget().sub_budgets.all()]


def statuses() -> set[str]:
    return {sub_budget.status for sub_budget in get_budget().sub_budgets.all()}


# Compiling


def test_approved_sub_budgets_are_compiled_and_locked_together() -> None:
    approve_all()
    compile_budget(get_budget(), by=get_user("ekonom"), comment="Klart")
    assert (get_budget().phase, statuses()) == ("compiled", {"locked"})
    step = WorkflowStep.objects.get(sub_budget=None, budget=get_budget())
    assert (step.action, step.from_state, step.to_state, step.comment) == ("compile", "open", "compiled", "Klart")


def test_unfinished_sub_budgets_are_named_and_compiled_only_when_confirmed() -> None:
    approve_all()
    SubBudget.objects.filter(budget=get_budget(), slug__in=["klient", "socialtjanst"]).update(status="draft")
    for confirmed in ([], ["klient"]):
        with pytest.raises(UnfinishedError, match="Socialtjänst"):
            compile_budget(get_budget(), by=get_user("ekonom"), confirmed=confirmed)
    assert (get_budget().phase, statuses()) == ("open", {"approved", "draft"})
    compile_budget(get_budget(), by=get_user("ekonom"), confirmed=["klient", "socialtjanst"])
    assert statuses() == {"locked"}


def test_reopened_budget_gives_back_what_each_sub_budget_was() -> None:
    approve_all()
    SubBudget.objects.filter(budget=get_budget(), slug="klient").update(status="submitted")
    compile_budget(get_budget(), by=get_user("ekonom"), confirmed=["klient"])
    with pytest.raises(CommentNeededError):
        reopen_budget(get_budget(), by=get_user("ekonom"), comment=" ")
    propose_unlocked = SubBudget.objects.get(budget=get_budget(), slug="klient").status
    assert propose_unlocked == "locked"
    reopen_budget(get_budget(), by=get_user("ekonom"), comment="Ränta glömdes")
    assert get_budget().phase == "open"
    assert SubBudget.objects.get(budget=get_budget(), slug="klient").status == "submitted"
    assert statuses() == {"approved", "submitted"}


def test_proposed_budget_can_be_reopened_too() -> None:
    propose()
    reopen_budget(get_budget(), by=get_user("ekonom"), comment="Direktionen vill ha en ändring")
    assert (get_budget().phase, statuses()) == ("open", {"approved"})


def test_budget_with_an_unlocked_part_is_not_proposed() -> None:
    approve_all()
    compile_budget(get_budget(), by=get_user("ekonom"))
    SubBudget.objects.filter(budget=get_budget(), slug="klient").update(status="approved")
    with pytest.raises(UnfinishedError, match="Klient"):
        propose_budget(get_budget(), by=get_user("ekonom"))
    assert get_budget().phase == "compiled"


@pytest.mark.parametrize("name", [*NOT_THE_ECONOMIST, *OUTSIDE])
def test_only_the_economist_runs_the_budget(name: str) -> None:
    by, decision = get_user(name), decide()
    for attempt in (
        lambda: compile_budget(get_budget(), by=by, confirmed=slugs()),
        lambda: propose_budget(get_budget(), by=by),
        lambda: reopen_budget(get_budget(), by=by, comment="x"),
        lambda: adopt_proposed(get_budget(), decision=decision, by=by, reason="x"),
        lambda: revise_budget(get_budget("budget-2026"), slug="x", name="x", by=by),
        lambda: set_deadlines(get_budget(), by=by, due_on=None, approval_due_on=None, jump_percent=Decimal(1)),
    ):
        with pytest.raises(NotYourStepError):
            attempt()
    assert (get_budget().phase, statuses(), Budget.objects.count()) == ("open", {"draft"}, Budget.objects.count())


def test_steps_out_of_turn_are_refused() -> None:
    economist, decision = get_user("ekonom"), decide()
    for refused in (
        lambda: propose_budget(get_budget(), by=economist),
        lambda: reopen_budget(get_budget(), by=economist, comment="x"),
        lambda: adopt_proposed(get_budget(), decision=decision, by=economist),
        lambda: revise_budget(get_budget(), slug="x", name="x", by=economist),
        lambda: compile_budget(get_budget("budget-2026"), by=economist, confirmed=slugs()),
    ):
        with pytest.raises(RefusedError):
            refused()
    propose()
    for refused in (
        lambda: compile_budget(get_budget(), by=economist),
        lambda: propose_budget(get_budget(), by=economist),
    ):
        with pytest.raises(RefusedError):
            refused()


# Deadlines


def test_deadlines_are_set_and_a_wrong_order_is_refused() -> None:
    economist = get_user("ekonom")
    day = date(2026, 12, 1)
    set_deadlines(get_budget(), by=economist, due_on=day, approval_due_on=day, jump_percent=Decimal("7.5"))
    budget = get_budget()
    assert (budget.due_on, budget.approval_due_on, budget.jump_percent) == (day, day, Decimal("7.5"))
    before = day - timedelta(days=1)
    with pytest.raises(ValidationError):
        set_deadlines(get_budget(), by=economist, due_on=day, approval_due_on=before, jump_percent=Decimal(7))
    with pytest.raises(RefusedError):
        set_deadlines(
            get_budget("budget-2026"), by=economist, due_on=None, approval_due_on=None, jump_percent=Decimal(7)
        )


@pytest.mark.parametrize(("field", "value"), [
    ("due_on", "i morgon"), ("due_on", "2026-02-30"), ("approval_due_on", "2026-11-01"), ("jump_percent", ""),
    ("jump_percent", "tio"), ("jump_percent", "-1"), ("jump_percent", "1001"), ("jump_percent", "1,25"),
    ("jump_percent", "1.234"),
])  # fmt: skip
def test_bad_deadline_is_told_in_its_field_and_nothing_typed_is_lost(field: str, value: str) -> None:
    typed = {"due_on": "2026-12-01", "approval_due_on": "2026-12-10", "jump_percent": "12,5", field: value}
    before = Budget.objects.values().get(slug="budget-2027")
    response = client_of("ekonom").post(f"{WAY}deadlines/", typed)
    shown = response.content.decode()
    assert response.status_code == 422
    assert f'id="id_{field}_error"' in shown
    assert all(f'value="{text}"' in shown for text in typed.values() if text)
    assert Budget.objects.values().get(slug="budget-2027") == before


def test_deadlines_are_saved_as_typed() -> None:
    typed = {"due_on": "2026-12-01", "approval_due_on": "", "jump_percent": "12,5"}
    assert client_of("ekonom").post(f"{WAY}deadlines/", typed).status_code == 302
    assert (get_budget().due_on, get_budget().approval_due_on, get_budget().jump_percent) == (
        date(2026, 12, 1),
        None,
        Decimal("12.5"),
    )


# Pages


@pytest.mark.parametrize("name", NOT_THE_ECONOMIST)
def test_others_inside_read_the_workflow_and_are_refused_its_steps(name: str) -> None:
    client = client_of(name)
    response = client.get(WAY)
    assert response.status_code == 200
    assert f'"{WAY}compile/"' not in response.content.decode()
    for step in ("compile", "propose", "reopen", "adopt", "deadlines"):
        assert client.get(f"{WAY}{step}/").status_code == 403
        assert client.post(f"{WAY}{step}/", {"comment": "x"}).status_code == 403
    assert (get_budget().phase, statuses()) == ("open", {"draft"})


def test_those_outside_find_no_workflow() -> None:
    for name in OUTSIDE:
        assert client_of(name).get(WAY).status_code == 404
    assert client_of("vimmerby").get("/budgets/budget-2026/workflow/").status_code == 403
    assert client_of("vimmerby").get("/budgets/budget-2026/workflow/revise/").status_code == 403
    assert Client().get(WAY).status_code == 302
    assert Client().post(f"{WAY}compile/").status_code == 401


def test_what_was_confirmed_is_what_the_page_showed() -> None:
    approve_all()
    SubBudget.objects.filter(budget=get_budget(), slug__in=["klient", "socialtjanst"]).update(status="draft")
    client = client_of("ekonom")
    assert client.post(f"{WAY}compile/", {"missing": ["klient", "socialtjanst"]}).status_code == 422
    response = client.post(f"{WAY}compile/", {"missing": ["klient"], "confirmed": "on", "comment": "Mina ord"})
    assert response.status_code == 422
    assert "Mina ord" in response.content.decode() and "Socialtjänst" in response.content.decode()
    assert get_budget().phase == "open"
    typed = {"missing": ["klient", "socialtjanst"], "confirmed": "on"}
    assert client.post(f"{WAY}compile/", typed).status_code == 302
    assert get_budget().phase == "compiled"


def test_late_step_says_what_is_the_case_now() -> None:
    propose()
    response = client_of("ekonom").post(f"{WAY}compile/", {"comment": "Mina ord"})
    assert response.status_code == 409
    assert "Mina ord" in response.content.decode()
    assert client_of("ekonom").get(f"{WAY}propose/").status_code == 409
    assert client_of("ekonom").post(f"{WAY}reopen/", {"comment": ""}).status_code == 422
    assert client_of("ekonom").post(f"{WAY}reopen/", {"comment": "Fel ränta"}).status_code == 302
    assert get_budget().phase == "open"
