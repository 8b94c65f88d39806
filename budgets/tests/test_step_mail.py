"""Mail of the steps: whom each is told, in which words and when, and whom never."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from budgets.models import Action, Budget, SubBudget
from budgets.services.compiling import compile_budget, reopen_budget
from budgets.services.daily_mail import send_digests
from budgets.services.workflow import RefusedError
from objects.models import GovernanceObject, Role, RoleAssignment
from records.models import MailPreference, OutboxMessage
from records.services.mail import choose_mail
from tests.cast import ECONOMIST, GROUP, OWNER, get_budget, get_user, take

pytestmark = pytest.mark.django_db


def at_once(*names: str) -> None:
    for name in names:
        choose_mail(get_user(name), when=MailPreference.When.AT_ONCE)


def told() -> list[str]:
    return [row.recipient.email.split("@")[0] for row in OutboxMessage.objects.order_by("pk")]


def add_to_group(name: str) -> None:
    of = GovernanceObject.objects.get(slug="socialtjanst")
    RoleAssignment.objects.create(user=get_user(name), role=Role.STEERING_GROUP, governance_object=of)


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
    assert get_user(OWNER).get_full_name() in submitted.subject and "submitted" in submitted.subject
    assert "Klart för granskning" in submitted.body and f"Last day: {day.isoformat()}" in submitted.body
    assert "Klart" not in again.body
    assert get_user(GROUP).get_full_name() in returned.subject and "Licenserna är dubbla" in returned.body
    assert get_user(GROUP).get_full_name() in approved.subject
    for message in (submitted, returned, again, approved):
        assert "/budgets/budget-2027/sub-budgets/socialtjanst/" in message.body
        assert "/account/mail/" in message.body


def test_own_step_and_other_steps_are_told_to_nobody() -> None:
    at_once(OWNER, GROUP, ECONOMIST)
    take(Action.SUBMIT, OWNER)
    take(Action.APPROVE, ECONOMIST)
    take(Action.LOCK, ECONOMIST)
    assert told() == [GROUP, OWNER]
    take(Action.SUBMIT, ECONOMIST, slug="grundanslag")
    take(Action.WITHDRAW, ECONOMIST, slug="grundanslag")
    assert len(told()) == 2


def test_taking_back_is_told_at_once_to_those_who_were_told_of_the_submission() -> None:
    at_once(OWNER, GROUP, ECONOMIST)
    User.objects.filter(email="styrgrupp@demo.example").update(language="en")
    add_to_group("direktion")
    take(Action.SUBMIT, OWNER)
    at_once("direktion")
    take(Action.WITHDRAW, OWNER, "Räknade fel")
    assert told() == [GROUP, GROUP]
    _submitted, message = OutboxMessage.objects.order_by("pk")
    assert message.subject.startswith(f"{get_user(OWNER).get_full_name()} took ")
    assert "back to draft" in message.subject and "Räknade fel" in message.body
    assert "/budgets/budget-2027/sub-budgets/socialtjanst/" in message.body


def test_taking_back_is_told_to_all_reviewers_when_the_mail_of_the_submission_is_forgotten(
    settings: Any,
) -> None:
    at_once(GROUP)
    take(Action.SUBMIT, OWNER)
    OutboxMessage.objects.all().delete()
    settings.JOB_RETENTION_DAYS = 0
    take(Action.WITHDRAW, OWNER)
    assert told() == [GROUP]


def test_unlocking_is_told_at_once_to_the_owner_and_to_the_one_whose_approval_stands() -> None:
    at_once(OWNER, GROUP, ECONOMIST, "direktion")
    add_to_group("direktion")
    User.objects.filter(email="styrgrupp@demo.example").update(language="en")
    take(Action.SUBMIT, OWNER)
    take(Action.APPROVE, "direktion")
    take(Action.RETURN, GROUP, "Rätta")
    take(Action.SUBMIT, OWNER)
    take(Action.APPROVE, GROUP)
    take(Action.LOCK, ECONOMIST)
    OutboxMessage.objects.all().delete()
    take(Action.UNLOCK, ECONOMIST, "Fel ränta")
    assert sorted(told()) == [OWNER, GROUP]
    by_recipient = {row.recipient.email.split("@")[0]: row for row in OutboxMessage.objects.all()}
    assert by_recipient[GROUP].subject.startswith(f"{get_user(ECONOMIST).get_full_name()} unlocked ")
    assert "The economist locks it." in by_recipient[GROUP].body
    assert "Ekonomen låser den." in by_recipient[OWNER].body
    assert all("Fel ränta" in row.body for row in by_recipient.values())


def test_unlocking_is_not_told_to_the_one_who_did_it_nor_to_who_may_no_longer_see_the_page() -> None:
    at_once(OWNER, GROUP, ECONOMIST)
    take(Action.SUBMIT, OWNER)
    take(Action.APPROVE, GROUP)
    take(Action.LOCK, ECONOMIST)
    RoleAssignment.objects.filter(user=get_user(GROUP)).delete()
    OutboxMessage.objects.all().delete()
    take(Action.UNLOCK, ECONOMIST, "Fel ränta")
    assert told() == [OWNER]
    take(Action.RETURN, ECONOMIST, "Rätta")
    take(Action.SUBMIT, OWNER)
    take(Action.APPROVE, ECONOMIST)
    take(Action.LOCK, ECONOMIST)
    OutboxMessage.objects.all().delete()
    take(Action.UNLOCK, ECONOMIST, "Fel igen")
    assert told() == [OWNER]


def test_reopening_a_budget_tells_of_each_sub_budget_that_it_unlocks() -> None:
    at_once(OWNER, GROUP, ECONOMIST)
    take(Action.SUBMIT, OWNER)
    take(Action.APPROVE, GROUP)
    budget = get_budget()
    slugs = SubBudget.objects.filter(budget=budget).values_list("slug", flat=True)
    compile_budget(budget, by=get_user(ECONOMIST), confirmed=list(slugs))
    OutboxMessage.objects.all().delete()
    reopen_budget(budget, by=get_user(ECONOMIST), comment="Ränta glömdes")
    assert sorted(told()) == [OWNER, GROUP]
    assert all("Ränta glömdes" in row.body for row in OutboxMessage.objects.all())


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
    assert message.recipient == get_user(OWNER)
    assert "Rätta" in message.body and "/sub-budgets/socialtjanst/" in message.body
    assert send_digests(timezone.now() + timedelta(days=1)) == 0


def test_digest_tells_that_it_was_taken_back_only_when_it_told_of_the_submission() -> None:
    now = timezone.now()
    take(Action.SUBMIT, OWNER)
    take(Action.WITHDRAW, OWNER, "Räknade fel")
    assert send_digests(timezone.now()) == 0
    take(Action.SUBMIT, OWNER)
    assert send_digests(timezone.now()) == 1
    take(Action.WITHDRAW, OWNER, "Räknade fel igen")
    assert send_digests(now + timedelta(days=1)) == 1
    assert told() == [GROUP, GROUP]
    message = OutboxMessage.objects.latest("pk")
    assert "Räknade fel igen" in message.body and "/sub-budgets/socialtjanst/" in message.body


def test_digest_tells_owner_and_approver_of_an_unlocking() -> None:
    take(Action.SUBMIT, OWNER)
    take(Action.APPROVE, GROUP)
    take(Action.LOCK, ECONOMIST)
    assert send_digests(timezone.now()) == 0
    take(Action.UNLOCK, ECONOMIST, "Fel ränta")
    assert send_digests(timezone.now()) == 2
    assert sorted(told()) == [OWNER, GROUP]
    assert all("Fel ränta" in row.body for row in OutboxMessage.objects.all())


@pytest.mark.parametrize("when", [MailPreference.When.AT_ONCE, MailPreference.When.DAILY, MailPreference.When.NEVER])
def test_who_wants_no_mail_or_has_lost_the_role_is_told_of_no_step(when: MailPreference.When) -> None:
    choose_mail(get_user(GROUP), when=when)
    if when != MailPreference.When.NEVER:
        RoleAssignment.objects.filter(user=get_user(GROUP), role=Role.STEERING_GROUP).delete()
    take(Action.SUBMIT, OWNER)
    assert send_digests(timezone.now()) == 0
    assert told() == []
