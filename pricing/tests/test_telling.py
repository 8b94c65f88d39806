"""Who approved a sub-budget is told when its calculated lines move."""

from __future__ import annotations

from decimal import Decimal

import pytest

from accounts.models import User
from budgets.models import Action, SubBudget, WorkflowStep
from forecasts.services.roll_up import roll_up_budget, roll_up_calculated
from pricing.models import PoolLine, PoolWeight
from pricing.services.telling import HELD_FOR
from pricing.tests.test_calculating import Cast, make_cast
from records.models import MailPreference, OutboxMessage
from records.services.mail import send_mail

# Each change is to have a moment of its own, as history keeps it.
pytestmark = pytest.mark.usefixtures("empty_database")


def make_approver(when: str = MailPreference.When.AT_ONCE) -> User:
    from objects.models import Role, RoleAssignment  # noqa: PLC0415

    user: User = User.objects.create_user(email="styr@pools.example", password="x", language="en")
    RoleAssignment.objects.create(user=user, role=Role.BOARD)
    MailPreference.objects.create(user=user, when=when)
    return user


def approve(cast: Cast, user: User, status: str = SubBudget.Status.APPROVED) -> SubBudget:
    sub_budget = SubBudget.objects.get(budget=cast.budget, slug="klient")
    step = {"from_state": "submitted", "to_state": "approved", "by": user}
    WorkflowStep.objects.create(budget=cast.budget, sub_budget=sub_budget, action=Action.APPROVE, **step)
    SubBudget.objects.filter(pk=sub_budget.pk).update(status=status)
    return sub_budget


def weigh_anew(cast: Cast, hours: str) -> None:
    PoolWeight.objects.filter(pool=cast.team, budget_product=cast.products["phones"]).update(weight_1=Decimal(hours))
    roll_up_calculated(cast.budget.pk)


def mails() -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(key__startswith="calculated").order_by("pk"))


@pytest.mark.parametrize("status", [SubBudget.Status.APPROVED, SubBudget.Status.LOCKED])
def test_approver_is_told_what_moved_in_one_mail_that_waits(status: str) -> None:
    cast = make_cast()
    roll_up_budget(cast.budget)
    user = make_approver()
    approve(cast, user, status)
    weigh_anew(cast, "1000")
    (first,) = mails()
    assert first.recipient == user and first.next_at > first.created_at
    assert (first.next_at - first.created_at) <= HELD_FOR
    assert "phones, staff and overhead time: 2 043 →" in first.body.replace("\u202f", " ")
    weigh_anew(cast, "1100")
    (second,) = mails()
    assert second.key == first.key and second.body != first.body
    assert "2 043 →" in second.body.replace("\u202f", " ")
    assert "computers" in second.body and "director" not in second.body
    assert "Together: 0" in second.body


def test_what_is_put_back_in_time_is_no_mail_and_what_was_sent_is_told_no_more() -> None:
    cast = make_cast()
    roll_up_budget(cast.budget)
    approve(cast, make_approver())
    weigh_anew(cast, "1000")
    weigh_anew(cast, "950")
    assert mails() == []
    weigh_anew(cast, "1000")
    OutboxMessage.objects.update(next_at=OutboxMessage.objects.earliest("pk").created_at)
    assert send_mail() == (1, 0)
    weigh_anew(cast, "1050")
    sent, waiting = mails()
    assert sent.sent_at and waiting.sent_at is None and "2 043 →" not in waiting.body.replace("\u202f", " ")


def test_nobody_is_told_of_what_is_not_approved_or_wants_no_mail() -> None:
    cast = make_cast()
    roll_up_budget(cast.budget)
    weigh_anew(cast, "1000")
    assert mails() == []
    approve(cast, make_approver(MailPreference.When.NEVER))
    weigh_anew(cast, "1100")
    assert mails() == []


def test_change_of_another_sub_budget_is_not_told() -> None:
    cast = make_cast()
    PoolWeight.objects.filter(pool=cast.overhead).exclude(budget_product=cast.products["director"]).delete()
    roll_up_budget(cast.budget)
    approve(cast, make_approver())
    PoolLine.objects.filter(pool=cast.overhead).update(amount_1_ore=1_000)
    roll_up_calculated(cast.budget.pk)
    assert mails() == []
