"""A token warns before it ends: on its page, and by mail a month and a week before."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from budgets.services.daily_mail import send_daily_mail
from desk.tests.test_tokens import make
from objects.services.token_mail import warn_of_ending
from objects.services.tokens import revoke_token
from records.models import MailPreference, OutboxMessage
from records.services.mail import choose_mail
from tests.cast import client_of, get_user

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def subjects() -> list[str]:
    return list(OutboxMessage.objects.filter(key__startswith="token ").order_by("pk").values_list("subject", flat=True))


def test_its_maker_is_told_a_month_and_a_week_before_and_once_each() -> None:
    User.objects.update(language="en")
    make(days=40)
    for day in range(42):
        warn_of_ending(TODAY() + timedelta(days=day))
    assert subjects() == [
        "The API token “Ekonomisystem” ends in 30 days",
        "The API token “Ekonomisystem” ends in 7 days",
    ]
    told = OutboxMessage.objects.latest("pk")
    assert told.recipient == get_user("vimmerby") and (TODAY() + timedelta(days=40)).isoformat() in told.body
    assert "/api-access/" in told.body


def test_days_on_which_nothing_ran_are_caught_up_with() -> None:
    User.objects.update(language="en")
    make(days=5)
    assert warn_of_ending(TODAY()) == 1 and warn_of_ending(TODAY() + timedelta(days=1)) == 0
    assert subjects() == ["The API token “Ekonomisystem” ends in 5 days"]


def test_nobody_is_told_of_what_has_ended_or_of_what_nobody_wants_mail_about() -> None:
    revoke_token(make(days=5)[0], by=get_user("vimmerby"))
    make(days=31)
    choose_mail(get_user("administrator"), when=MailPreference.When.NEVER)
    make("administrator", days=5)
    assert warn_of_ending(TODAY()) == 0


def test_the_nightly_job_tells_of_it() -> None:
    make(days=5)
    noon = timezone.make_aware(datetime.combine(TODAY(), datetime.min.time().replace(hour=12)))
    send_daily_mail(noon)
    assert len(subjects()) == 1


@pytest.mark.parametrize(
    ("days", "said"), [(0, "today"), (1, "1 day left"), (6, "6 days left"), (30, "30 days left"), (31, "")]
)
def test_the_page_says_how_long_it_has_left(days: int, said: str) -> None:
    make(days=days)
    text = client_of("vimmerby", "en").get("/api-access/").content.decode()
    assert (said or "days left") in text if said else "days left" not in text
    assert ("ends soon" in text) is bool(said)
