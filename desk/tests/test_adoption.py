"""A proposed budget is adopted by a decision: by which, with which words, and what it warns of."""

from __future__ import annotations

from datetime import date

import pytest

from budgets.models import SubBudget, WorkflowStep
from budgets.services.adoption import ReasonNeededError
from budgets.services.compiling import UnfinishedError
from budgets.services.workflow import RefusedError
from desk.workflow.words import warn_of_announcement
from forecasts.selectors.adoption import list_free_decisions
from forecasts.services.versions import adopt_proposed
from tests.cast import client_of, decide, get_budget, get_user, make_negative, propose

pytestmark = pytest.mark.django_db
WAY = "/budgets/budget-2027/workflow/"


def test_proposed_budget_is_adopted_by_a_free_decision_and_frozen() -> None:
    propose()
    decision = decide()
    adopt_proposed(get_budget(), decision=decision, by=get_user("ekonom"))
    budget = get_budget()
    assert (budget.is_adopted, budget.adopted_by, budget.result_reason) == (True, decision, "")
    step = WorkflowStep.objects.get(budget=budget, action="adopt")
    assert (step.from_state, step.to_state, step.by) == ("proposed", "adopted", get_user("ekonom"))
    assert decision not in list_free_decisions(get_user("ekonom"))
    with pytest.raises(RefusedError):
        adopt_proposed(budget, decision=decide(), by=get_user("ekonom"))


def test_budget_that_is_not_all_locked_is_not_adopted() -> None:
    propose()
    SubBudget.objects.filter(budget=get_budget(), slug="klient").update(status="approved")
    with pytest.raises(UnfinishedError, match="Klient"):
        adopt_proposed(get_budget(), decision=decide(), by=get_user("ekonom"))
    assert not get_budget().is_adopted


def test_decision_of_another_kind_or_already_used_adopts_nothing() -> None:
    propose()
    used = get_budget("budget-2026").adopted_by
    assert used is not None
    for decision in (used, decide(kind="information")):
        assert decision not in list_free_decisions(get_user("ekonom"))
        with pytest.raises(RefusedError):
            adopt_proposed(get_budget(), decision=decision, by=get_user("ekonom"))


def test_superseded_decision_is_not_offered() -> None:
    old = decide()
    new = decide(supersedes=old)
    assert list(list_free_decisions(get_user("ekonom"))) == [new]


@pytest.mark.parametrize("reason", ["", "  "])
def test_negative_result_needs_a_reason_which_is_kept(reason: str) -> None:
    make_negative()
    propose()
    decision = decide()
    with pytest.raises(ReasonNeededError):
        adopt_proposed(get_budget(), decision=decision, by=get_user("ekonom"), reason=reason)
    assert not get_budget().is_adopted
    adopt_proposed(get_budget(), decision=decision, by=get_user("ekonom"), reason="Eget kapital används.")
    assert get_budget().result_reason == "Eget kapital används."


@pytest.mark.parametrize(("meeting_on", "announced_on", "is_late"), [
    (date(2026, 12, 20), date(2026, 12, 13), False), (date(2026, 12, 20), date(2026, 12, 14), True),
    (date(2026, 12, 20), None, True), (None, None, True),
])  # fmt: skip
def test_meeting_announced_less_than_seven_days_before_warns(
    meeting_on: date | None, announced_on: date | None, is_late: bool
) -> None:
    assert bool(warn_of_announcement(decide(meeting_on=meeting_on, announced_on=announced_on))) is is_late


def test_adopting_on_the_page_asks_for_what_is_missing_and_warns_of_a_late_announcement() -> None:
    make_negative()
    propose()
    client = client_of("ekonom")
    decision = decide(announced_on=date(2026, 12, 19))
    assert client.post(f"{WAY}adopt/", {"reason": "x"}).status_code == 422
    response = client.post(f"{WAY}adopt/", {"decision": str(decision.uuid), "reason": " "})
    assert response.status_code == 422
    assert 'id="id_reason_error"' in response.content.decode()
    for wrong in ("x", "00000000-0000-0000-0000-000000000000", str(get_budget("budget-2026").adopted_by.uuid)):  # type: ignore[union-attr]
        assert client.post(f"{WAY}adopt/", {"decision": wrong, "reason": "x"}).status_code == 422
    response = client.post(f"{WAY}adopt/", {"decision": str(decision.uuid), "reason": "Kapital"}, follow=True)
    assert "msg-warn" in response.content.decode()
    assert get_budget().is_adopted


def test_without_a_free_decision_the_page_says_what_to_do() -> None:
    propose()
    response = client_of("ekonom").get(f"{WAY}adopt/")
    assert response.status_code == 200
    assert "<form" not in response.content.decode().split('<main id="content"')[1]
