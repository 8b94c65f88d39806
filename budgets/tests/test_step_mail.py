"""Mail of the steps: whom each is told, in which words and when, and whom never."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from budgets.models import Action, Budget, SubBudget, WorkflowStep
from budgets.services.daily_mail import send_digests
from budgets.services.workflow import RefusedError, take_step
from objects.models import Role, RoleAssignment
from records.models import MailPreference, OutboxMessage
from records.services.mail import choose_mail
from records.tests.cast import find_user

pytestmark = pytest.mark.django_db
OWNER, GROUP, ECONOMIST = "objektagare", "styrgrupp", "ekonom"


def take(action: Action, by: str, comment: str = "", slug: str = "socialtjanst") -> WorkflowStep:
    row = SubBudget.objects.select_related("budget").get(budget__slug="budget-2027", slug=slug)
    return take_step(row, action, by=find_user(by), comment=comment)


def at_once(*names: str) -> None:
    for name in names:
        choose_mail(find_user(name), when=MailPreference.When.AT_ONCE)


def told() -> list[str]:
    return [row.recipient.email.split("@")[0] for row in OutboxMessage.objects.order_by("pk")]


def test_each_step_is_told_at_once_to_those_whose_turn_it_is_or_whose_work_it_was() -> None:
    at_once(OWNER, GROUP, ECONOMIST)
    day = timezone.localdate()
    Budget.objects.filter(slug="budget-2027").update(due_on=day, approval_due_on=day)
    User.objects.filter(email="styrgrupp@demo.example").update(language="en")
    take(Action.SUBMIT, OWNER, "Klart för granskning")
    take(Action.RETURN, GROUP, "Licenserna är dubbla")
    take(Action.SUBMIT, OWNER)
    take(Action.APPROVE, GROUP)
    assert told() == [GROUP, OWNER, GROUP, OWNER]
    submitted, returned, again, approved = OutboxMessage.objects.order_by("pk")
    assert find_user(OWNER).get_full_name() in submitted.subject and "submitted" in submitted.subject
    assert "Klart för granskning" in submitted.body and f"Last day: {day.isoformat()}" in submitted.body
    assert "Klart" not in again.body
    assert find_user(GROUP).get_full_name() in returned.subject and "Licenserna är dubbla" in returned.body
    assert find_user(GROUP).get_full_name() in approved.subject
    for message in (submitted, returned, again, approved):
        assert "/budgets/budget-2027/sub-budgets/socialtjanst/" in message.body
        assert "/account/mail/" in message.body


def test_own_step_and_other_steps_are_told_to_nobody() -> None:
    at_once(OWNER, GROUP, ECONOMIST)
    take(Action.SUBMIT, OWNER)
    take(Action.WITHDRAW, OWNER)
    take(Action.SUBMIT, OWNER)
    take(Action.APPROVE, ECONOMIST)
    take(Action.LOCK, ECONOMIST)
    assert told() == [GROUP, GROUP, OWNER]
    take(Action.SUBMIT, ECONOMIST, slug="grundanslag")
    assert len(told()) == 3


def test_step_that_is_refused_or_rolled_back_is_not_told() -> None:
    at_once(OWNER, GROUP)
    with pytest.raises(RefusedError):
        take(Action.APPROVE, GROUP)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        take(Action.SUBMIT, OWNER)
        raise ZeroDivisionError
    assert told() == []


def test_digest_tells_of_a_step_once_and_only_while_it_is_the_latest() -> None:
    take(Action.SUBMIT, OWNER, "Klart")
    take(Action.RETURN, GROUP, "Rätta")
    assert told() == []
    assert send_digests(timezone.now()) == 1
    message = OutboxMessage.objects.get()
    assert message.recipient == find_user(OWNER)
    assert "Rätta" in message.body and "/sub-budgets/socialtjanst/" in message.body
    assert send_digests(timezone.now() + timedelta(days=1)) == 0


@pytest.mark.parametrize("when", [MailPreference.When.AT_ONCE, MailPreference.When.DAILY, MailPreference.When.NEVER])
def test_who_wants_no_mail_or_has_lost_the_role_is_told_of_no_step(when: MailPreference.When) -> None:
    choose_mail(find_user(GROUP), when=when)
    if when != MailPreference.When.NEVER:
        RoleAssignment.objects.filter(user=find_user(GROUP), role=Role.STEERING_GROUP).delete()
    take(Action.SUBMIT, OWNER)
    assert send_digests(timezone.now()) == 0
    assert told() == []
