"""Mail on proposals of products: to the economists when one is made, to who made it when it is answered."""

from __future__ import annotations

import pytest
from django.utils import timezone

from budgets.services.daily_mail import send_digests
from budgets.services.products.proposals import accept_proposal, decline_proposal, withdraw_proposal
from budgets.tests.test_mail import choose
from budgets.tests.test_proposals import propose
from records.models import MailPreference, OutboxMessage
from tests.cast import ECONOMIST, OWNER, client_of, email_of, get_user

pytestmark = pytest.mark.django_db
When = MailPreference.When


def mails() -> list[tuple[str, str]]:
    """Who got which subject, in the order they were written."""
    return list(OutboxMessage.objects.order_by("pk").values_list("recipient__email", "subject"))


def choose_at_once() -> None:
    for name in (ECONOMIST, OWNER):
        choose(name, When.AT_ONCE)


def test_economist_is_told_at_once_of_a_proposal_and_where_to_answer_it() -> None:
    choose_at_once()
    proposal = propose()
    ((to, subject),) = mails()
    assert to == email_of(ECONOMIST)
    assert "Ny tjänst" in subject and "Socialtjänst" in subject
    body = OutboxMessage.objects.get().body
    address = f"/budgets/budget-2027/products/proposals/{proposal.uuid}/"
    assert address in body and "Den behövs" in body
    assert client_of(ECONOMIST).get(address).status_code == 200


@pytest.mark.parametrize("is_accepted", [True, False])
def test_who_proposed_is_told_of_the_answer(is_accepted: bool) -> None:
    choose_at_once()
    proposal = propose()
    OutboxMessage.objects.all().delete()
    if is_accepted:
        accept_proposal(proposal, by=get_user(ECONOMIST), answer="Bra")
    else:
        decline_proposal(proposal, by=get_user(ECONOMIST), answer="Inte i år")
    ((to, _subject),) = mails()
    assert to == email_of(OWNER)
    assert ("Bra" if is_accepted else "Inte i år") in OutboxMessage.objects.get().body


def test_withdrawn_proposal_tells_nobody() -> None:
    proposal = propose()
    choose_at_once()
    withdraw_proposal(proposal, by=get_user(OWNER))
    assert mails() == []
    assert send_digests(timezone.now()) == 0


def test_digest_has_proposals_to_answer_and_answers_to_own_ones() -> None:
    proposal = propose()
    assert mails() == []
    assert send_digests(timezone.now()) == 1
    assert mails()[0][0] == email_of(ECONOMIST) and "Ny tjänst" in OutboxMessage.objects.get().body
    decline_proposal(proposal, by=get_user(ECONOMIST), answer="Inte i år")
    assert send_digests(timezone.now()) == 1
    assert "Inte i år" in OutboxMessage.objects.get(recipient=get_user(OWNER)).body


def test_who_wants_no_mail_gets_none() -> None:
    choose(ECONOMIST, When.NEVER)
    propose()
    assert send_digests(timezone.now()) == 0
    assert mails() == []
