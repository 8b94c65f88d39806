"""Deadlines of sub-budgets' own, and decisions that offer what they may decide."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from budgets.models import Budget, SubBudget
from budgets.selectors.mail import list_due
from budgets.services.compiling import OwnDays, OwnDaysError, set_own_deadlines
from budgets.services.daily_mail import send_reminders
from budgets.services.workflow import NotYourStepError, RefusedError
from forecasts.selectors.adoption import list_adoptable, list_free_decisions
from forecasts.services.versions import adopt_proposed, revise_budget
from objects.models import Decision, Municipality
from records.models import OutboxMessage
from tests.cast import (
    ADOPTED,
    BOARD,
    DRAFT,
    ECONOMIST,
    OTHER,
    OWN,
    OWNER,
    client_of,
    decide,
    get_budget,
    get_page,
    get_sub_budget,
    get_user,
    propose,
)  # fmt: skip

pytestmark = pytest.mark.django_db
ADDRESS = f"/budgets/{DRAFT}/workflow/deadlines/own/"


def today() -> date:
    return timezone.localdate()


def typed(**days: str) -> dict[str, str]:
    """What the form sends: the days as they are shown, and those that were changed."""
    form = get_page(ECONOMIST, ADDRESS).context["form"]
    shown = {name: form[name].value() or "" for name in form.fields}
    return {**{name: str(value) for name, value in shown.items()}, **days}


def post(days: dict[str, str]) -> Any:
    return client_of(ECONOMIST, "en").post(ADDRESS, days)


def test_sub_budget_is_due_by_its_own_day_on_its_page_and_in_reminders() -> None:
    Budget.objects.filter(slug=DRAFT).update(due_on=today() + timedelta(days=60), approval_due_on=None)
    day = today() + timedelta(days=1)
    assert post(typed(**{f"own_due_on-{OWN}": str(day)})).status_code == 302
    assert (get_sub_budget().due_on, get_sub_budget(OTHER).due_on) == (day, today() + timedelta(days=60))
    assert "1 day left" in get_page(OWNER, f"/budgets/{DRAFT}/sub-budgets/{OWN}/").content.decode()
    assert [row.slug for row in list_due(today(), within_days=7)] == [OWN]
    OutboxMessage.objects.all().delete()
    send_reminders(today())
    assert {str(day) in message.subject for message in OutboxMessage.objects.filter(recipient=get_user(OWNER))} == {
        True
    }


def test_own_days_that_run_backwards_are_said_at_their_sub_budget_and_nothing_is_saved() -> None:
    Budget.objects.filter(slug=DRAFT).update(due_on=date(2027, 3, 1), approval_due_on=date(2027, 3, 15))
    response = post(typed(**{f"own_due_on-{OWN}": "2027-03-20", f"own_due_on-{OTHER}": "2027-02-01"}))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [f"own_approval_due_on-{OWN}"]
    assert 'value="2027-03-20"' in response.content.decode()
    assert not SubBudget.objects.exclude(own_due_on=None).exists()


@pytest.mark.parametrize("day", ["0026-03-01", "2027-13-40", "i morgon", "9999-01-01"])
def test_day_that_is_none_or_far_away_is_refused_at_its_field(day: str) -> None:
    response = post(typed(**{f"own_due_on-{OWN}": day}))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [f"own_due_on-{OWN}"]


def test_days_that_somebody_else_has_set_meanwhile_are_not_overwritten_in_silence() -> None:
    sent = typed(**{f"own_due_on-{OWN}": "2027-03-20"})
    SubBudget.objects.filter(pk=get_sub_budget().pk).update(own_due_on=date(2027, 4, 1))
    response = post(sent)
    assert response.status_code == 422
    assert get_sub_budget().own_due_on == date(2027, 4, 1)
    again = {name: response.context["form"][name].value() or "" for name in response.context["form"].fields}
    assert post({name: str(value) for name, value in again.items()}).status_code == 302
    assert get_sub_budget().own_due_on == date(2027, 3, 20)


def test_only_the_economist_sets_days_and_only_in_a_draft() -> None:
    days = [OwnDays(OWN, date(2027, 3, 1), None)]
    with pytest.raises(NotYourStepError):
        set_own_deadlines(get_budget(), days, by=get_user(OWNER))
    with pytest.raises(RefusedError):
        set_own_deadlines(get_budget(ADOPTED), days, by=get_user(ECONOMIST))
    with pytest.raises(OwnDaysError):
        set_own_deadlines(get_budget(), [OwnDays(OWN, date(2027, 3, 1), date(2027, 2, 1))], by=get_user(ECONOMIST))
    assert client_of(OWNER).get(ADDRESS).status_code == 403


def test_own_days_are_not_copied_to_a_revision() -> None:
    propose()
    SubBudget.objects.filter(pk=get_sub_budget().pk).update(own_due_on=date(2027, 3, 1))
    adopt_proposed(get_budget(), decision=decide(), by=get_user(ECONOMIST))
    made = revise_budget(get_budget(), slug="r", name="R", by=get_user(ECONOMIST), due_on=date(2027, 5, 1))
    assert {row.due_on for row in made.sub_budgets.select_related("budget")} == {date(2027, 5, 1)}


# What a decision may decide


def test_decision_offers_the_budgets_that_are_proposed_and_no_others() -> None:
    decision = decide(stage="decided")
    assert list_adoptable(decision, get_user(ECONOMIST)) == []
    address = f"/decisions/{decision.uuid}/"
    way = f"/budgets/{DRAFT}/workflow/adopt/?decision={decision.uuid}"
    assert way not in get_page(ECONOMIST, address).content.decode()
    propose()
    assert list_adoptable(decision, get_user(ECONOMIST)) == [get_budget()]
    assert way in get_page(ECONOMIST, address).content.decode()
    for_board = get_page(BOARD, address).content.decode()
    assert way not in for_board
    assert f"/budgets/{DRAFT}/dashboard/" in for_board
    assert get_page(ECONOMIST, way).context["form"].initial["decision"] == str(decision.uuid)


def test_planned_decision_and_that_of_a_council_adopt_nothing() -> None:
    propose()
    planned = decide(stage="planned", meeting_on=None, announced_on=None)
    decide(body="council", municipality=Municipality.objects.get(code="0884"))
    assert list(list_free_decisions(get_user(ECONOMIST))) == []
    assert list_adoptable(planned, get_user(BOARD)) == [get_budget()]
    with pytest.raises(RefusedError):
        adopt_proposed(get_budget(), decision=planned, by=get_user(ECONOMIST))


def test_decision_that_has_adopted_a_budget_offers_no_other() -> None:
    used = Decision.objects.exclude(adopted_budgets=None).first()
    assert used is not None
    propose()
    assert list_adoptable(used, get_user(ECONOMIST)) == []
    assert used not in list_free_decisions(get_user(ECONOMIST))
