"""Mail: written with what it tells of, sent once, at once or once a day, and before a deadline."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from io import StringIO
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from celery import Celery
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts.models import User
from budgets.models import Budget, SubBudget
from budgets.selectors.collaboration import load_my_tasks
from budgets.services.collaboration import add_comment, give_task
from budgets.services.daily_mail import send_daily_mail, send_digests, send_reminders
from records.models import Comment, MailPreference, OutboxMessage, Task
from records.selectors.collaboration import when_to_mail
from records.services.mail import MAX_ATTEMPTS, choose_mail, queue_mail, remove_old_mail, send_mail
from tests.cast import client_of, get_sub_budget, get_user

pytestmark = pytest.mark.django_db


def write(
    text: str = "Varför?", by: str = "ekonom", mentioned: tuple[str, ...] = (), parent: Comment | None = None
) -> Comment:
    people = [get_user(name) for name in mentioned]
    return add_comment(
        get_sub_budget(), about=get_sub_budget().lineage, text=text, by=get_user(by), mentioned=people, parent=parent
    )


def choose(name: str, when: MailPreference.When) -> None:
    choose_mail(get_user(name), when=when)


def queue(name: str = "ekonom", key: str = "k", subject: str = "Hej") -> bool:
    return queue_mail(get_user(name), subject=subject, body="Text\n", key=key)


def tomorrow(hour: int) -> datetime:
    return (timezone.localtime() + timedelta(days=1)).replace(hour=hour, minute=0)


# The outbox


def test_mail_leaves_once_however_often_it_is_queued_and_sent(mailoutbox: list[EmailMessage]) -> None:
    assert queue(subject="Hej\r\nBcc: evil@example.org")
    assert not queue()
    assert send_mail() == (1, 0)
    assert send_mail() == (0, 0)
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == (["ekonom@demo.example"], "Hej Bcc: evil@example.org")
    assert mail.extra_headers["Message-ID"].startswith(f"<{OutboxMessage.objects.get().uuid}@")


def test_mail_of_a_change_that_is_rolled_back_is_never_sent(mailoutbox: list[EmailMessage]) -> None:
    choose("objektagare", MailPreference.When.AT_ONCE)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        write(mentioned=("objektagare",))
        raise ZeroDivisionError
    send_mail()
    assert mailoutbox == []


def test_worker_that_dies_before_it_marks_a_mail_leaves_it_to_be_sent_later_under_the_same_number(
    monkeypatch: pytest.MonkeyPatch, mailoutbox: list[EmailMessage]
) -> None:
    queue()
    whole = EmailMessage.send

    def die(mail: EmailMessage, *_args: Any) -> None:
        whole(mail)
        raise SystemExit

    monkeypatch.setattr(EmailMessage, "send", die)
    with pytest.raises(SystemExit):
        send_mail()
    monkeypatch.setattr(EmailMessage, "send", whole)
    assert send_mail() == (0, 0)
    OutboxMessage.objects.update(next_at=timezone.now())
    assert send_mail() == (1, 0)
    assert len(mailoutbox) == 2
    assert len({mail.extra_headers["Message-ID"] for mail in mailoutbox}) == 1
    assert send_mail() == (0, 0)


def test_failed_mail_keeps_its_error_waits_and_is_given_up_until_somebody_sends_it_again(
    monkeypatch: pytest.MonkeyPatch, mailoutbox: list[EmailMessage]
) -> None:
    queue()
    queue("objektagare", key="other")
    whole = EmailMessage.send

    def refuse(mail: EmailMessage) -> int:
        if mail.to == ["ekonom@demo.example"]:
            raise SMTPRecipientsRefused({"ekonom@demo.example": (550, b"no such user")})
        return whole(mail)

    monkeypatch.setattr(EmailMessage, "send", refuse)
    assert send_mail() == (1, 1)
    message = OutboxMessage.objects.get(key="k")
    assert "no such user" in message.error
    assert message.next_at > timezone.now() + timedelta(seconds=30)
    assert send_mail() == (0, 0)
    OutboxMessage.objects.filter(pk=message.pk).update(attempts=MAX_ATTEMPTS, next_at=timezone.now())
    assert send_mail() == (0, 0)
    with pytest.raises(CommandError, match="1 could not be sent"):
        call_command("send_mail", "--again", stdout=StringIO())
    monkeypatch.setattr(EmailMessage, "send", whole)
    out = StringIO()
    call_command("send_mail", "--again", stdout=out)
    assert "Sent: 1." in out.getvalue()
    assert not OutboxMessage.objects.filter(sent_at=None).exists()


def test_mail_server_that_is_away_is_asked_once_a_round(monkeypatch: pytest.MonkeyPatch) -> None:
    queue()
    queue(key="other")
    asked = []

    def away(_mail: EmailMessage) -> int:
        asked.append(1)
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailMessage, "send", away)
    assert send_mail() == (0, 1)
    assert len(asked) == 1


def test_broker_that_is_away_leaves_the_mail_to_the_sweep(
    monkeypatch: pytest.MonkeyPatch, mailoutbox: list[EmailMessage], django_capture_on_commit_callbacks: Any
) -> None:
    def away(*_args: Any, **_options: Any) -> None:
        raise OperationalError

    monkeypatch.setattr(Celery, "send_task", away)
    with django_capture_on_commit_callbacks(execute=True):
        assert queue()
    assert mailoutbox == []
    assert send_mail() == (1, 0)


def test_mail_is_asked_for_after_commit(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(Celery, "send_task", lambda _app, name, **_options: asked.append(name))
    with django_capture_on_commit_callbacks(execute=True):
        queue()
        assert asked == []
    assert asked == ["records.send_mail"]


def test_somebody_who_is_turned_off_gets_no_mail() -> None:
    user = get_user("ekonom")
    user.is_active = False
    assert not queue_mail(user, subject="Hej", body="Text", key="k")


# When people want it


def test_who_has_not_chosen_gets_a_digest_and_the_choice_is_kept() -> None:
    user = get_user("objektagare")
    assert when_to_mail([user]) == {user.pk: MailPreference.When.DAILY}
    client = client_of("objektagare")
    assert client.get("/account/mail/").status_code == 200
    assert client.post("/account/mail/", {"when": "often"}).status_code == 422
    assert client.post("/account/mail/", {"when": "never"}).status_code == 302
    assert when_to_mail([user]) == {user.pk: MailPreference.When.NEVER}
    assert client_of("utan.roll").get("/account/mail/").status_code == 200


def test_at_once_tells_the_mentioned_and_the_owner_each_once_in_their_language(mailoutbox: list[EmailMessage]) -> None:
    for name in ("objektagare", "styrgrupp", "ekonom"):
        choose(name, MailPreference.When.AT_ONCE)
    user = get_user("styrgrupp")
    user.language = "en"
    user.save()
    comment = write("Se <b>detta</b> & svara", mentioned=("styrgrupp", "ekonom"))
    assert send_mail() == (2, 0)
    by_person = {mail.to[0].split("@")[0]: mail for mail in mailoutbox}
    assert set(by_person) == {"objektagare", "styrgrupp"}
    assert "Eva Ekonom" in by_person["styrgrupp"].subject
    assert "mentioned you" in by_person["styrgrupp"].subject
    assert "Se <b>detta</b> & svara" in by_person["styrgrupp"].body
    link = f"{settings.SITE_URL}/budgets/budget-2027/sub-budgets/socialtjanst/#comment-{comment.uuid}"
    assert all(link in mail.body for mail in mailoutbox)
    assert all("/account/mail/" in mail.body for mail in mailoutbox)


def test_task_is_told_at_once_but_not_to_who_made_it_for_themselves() -> None:
    choose("ekonom", MailPreference.When.AT_ONCE)
    economist = get_user("ekonom")
    give_task(get_sub_budget(), text="Gör", to=economist, due_on=None, by=economist)
    assert not OutboxMessage.objects.exists()
    give_task(get_sub_budget(), text="Gör", to=economist, due_on=timezone.localdate(), by=get_user("objektagare"))
    assert "Gör" in OutboxMessage.objects.get().body


def test_digest_tells_once_a_day_what_is_new_since_the_last() -> None:
    give_task(get_sub_budget(), text="Stäm av", to=get_user("objektagare"), due_on=None, by=get_user("ekonom"))
    write("Första")
    write("Till dig, @Olivia", mentioned=("objektagare",))
    write("Egen", by="objektagare")
    assert send_digests(timezone.now()) == 1
    body = OutboxMessage.objects.get().body
    assert OutboxMessage.objects.get().recipient == get_user("objektagare")
    for text in ("Stäm av", "Första", "Till dig"):
        assert body.count(text) == 1
    assert "Egen" not in body
    assert send_digests(timezone.now()) == 0
    tomorrow = timezone.now() + timedelta(days=1)
    assert send_digests(tomorrow) == 0
    write("Andra")
    assert send_digests(tomorrow) == 1
    assert "Första" not in OutboxMessage.objects.latest("pk").body


def test_who_wrote_in_a_thread_is_told_of_answers_at_once_and_in_the_digest() -> None:
    choose("direktion", MailPreference.When.AT_ONCE)
    first = write("Vad ingår?", by="direktion")
    write("Undrar också", by="styrgrupp", parent=first)
    OutboxMessage.objects.all().delete()
    write("Allt ingår", by="objektagare", parent=first)
    assert [message.recipient.email for message in OutboxMessage.objects.all()] == ["direktion@demo.example"]
    assert send_digests(timezone.now()) == 2
    digest = OutboxMessage.objects.get(recipient=get_user("styrgrupp")).body
    assert "Allt ingår" in digest
    assert "Undrar också" not in digest
    assert [waiting.comment for waiting in load_my_tasks(get_user("direktion")).comments] == [first]
    assert not load_my_tasks(get_user("styrgrupp")).comments


def test_old_mail_is_removed_and_what_waits_stays(settings: Any) -> None:
    queue()
    queue(key="waits")
    long_ago = timezone.now() - timedelta(days=settings.JOB_RETENTION_DAYS + 1)
    OutboxMessage.objects.filter(key="k").update(sent_at=long_ago)
    OutboxMessage.objects.filter(key="waits").update(created_at=long_ago)
    assert remove_old_mail() == 1
    assert OutboxMessage.objects.get().key == "waits"


def test_digest_is_not_for_who_wants_none_and_only_of_due_tasks_for_who_is_told_at_once() -> None:
    today = timezone.localdate()
    for name, when in (("objektagare", "never"), ("styrgrupp", "at_once")):
        choose(name, MailPreference.When(when))
        give_task(
            get_sub_budget(), text="Snart", to=get_user(name), due_on=today + timedelta(days=3), by=get_user("ekonom")
        )
    write("Hej", mentioned=("objektagare", "styrgrupp"))
    OutboxMessage.objects.all().delete()
    assert send_digests(timezone.now()) == 1
    body = OutboxMessage.objects.get().body
    assert "Snart" in body
    assert "Hej" not in body


@pytest.mark.parametrize(
    ("days", "told"), [(range(10), [2, 5, 6]), ((0, 1, 3, 4, 7, 8), [3, 7]), ((1, 9, 10), [9]), ((1, 5, 9), [5, 9])]
)
@pytest.mark.parametrize("when", ["daily", "at_once"])
def test_task_that_is_due_is_told_of_three_days_before_on_its_day_and_when_late_also_after_days_without(
    when: str, days: Iterable[int], told: list[int]
) -> None:
    today = timezone.localdate()
    choose("styrgrupp", MailPreference.When(when))
    give_task(
        get_sub_budget(), text="Gör", to=get_user("styrgrupp"), due_on=today + timedelta(days=5), by=get_user("ekonom")
    )
    Task.objects.update(created_at=timezone.now() - timedelta(days=30))
    assert [day for day in days if send_digests(timezone.now() + timedelta(days=day))] == told


@pytest.mark.parametrize("when", ["daily", "at_once"])
def test_who_may_no_longer_see_the_page_is_told_nothing(when: str) -> None:
    choose("direktion", MailPreference.When(when))
    first = write("Vad ingår?", by="direktion")
    get_user("direktion").role_assignments.all().delete()
    write("Allt ingår, 4 000 kr", by="objektagare", parent=first)
    send_digests(timezone.now())
    assert not OutboxMessage.objects.filter(recipient__email="direktion@demo.example").exists()


def test_nothing_is_written_before_the_morning() -> None:
    Budget.objects.filter(status=Budget.Status.DRAFT).update(due_on=None)
    give_task(get_sub_budget(), text="Gör", to=get_user("styrgrupp"), due_on=tomorrow(9).date(), by=get_user("ekonom"))
    assert send_daily_mail(tomorrow(5)) == 0
    assert send_daily_mail(tomorrow(9)) == 1
    assert send_daily_mail(tomorrow(10)) == 0


# Deadlines


@pytest.mark.parametrize(("left", "told"), [(8, 0), (7, 1), (6, 1), (3, 1), (1, 1), (0, 1), (-1, 1)])
def test_owners_of_drafts_are_reminded_before_the_deadline_and_when_it_has_passed(left: int, told: int) -> None:
    today = timezone.localdate()
    Budget.objects.filter(slug="budget-2027").update(due_on=today + timedelta(days=left))
    SubBudget.objects.filter(budget__slug="budget-2027").exclude(slug="socialtjanst").update(status="submitted")
    assert send_reminders(today) == told
    assert send_reminders(today) == 0
    recipients = list(OutboxMessage.objects.values_list("recipient__email", flat=True))
    assert recipients == ["objektagare@demo.example"] * told


def test_each_day_of_reminding_is_told_once_also_after_a_day_without() -> None:
    today = timezone.localdate()
    Budget.objects.filter(slug="budget-2027").update(due_on=today + timedelta(days=9))
    SubBudget.objects.filter(budget__slug="budget-2027").exclude(slug="socialtjanst").update(status="submitted")
    days = (0, 1, 3, 4, 5, 6, 7, 8, 9, 11, 12, 16, 17, 18, 24)
    told = [day for day in days if send_reminders(today + timedelta(days=day))]
    assert told == [3, 6, 8, 9, 11, 17, 24]
    body = OutboxMessage.objects.earliest("pk").body
    assert "Socialtjänst" in body
    assert "/budgets/budget-2027/sub-budgets/socialtjanst/" in body


def test_submitted_adopted_and_unwanted_are_not_reminded() -> None:
    today = timezone.localdate()
    Budget.objects.filter(slug="budget-2027").update(due_on=today)
    choose("objektagare", MailPreference.When.NEVER)
    SubBudget.objects.filter(budget__slug="budget-2027").exclude(slug="socialtjanst").update(status="approved")
    assert send_reminders(today) == 0


@pytest.mark.parametrize(("left", "said"), [(7, "7 days are left"), (0, "Today"), (-3, "was to be approved by")])
def test_steering_group_is_reminded_to_approve_what_is_submitted(left: int, said: str) -> None:
    today = timezone.localdate()
    due = today + timedelta(days=left)
    Budget.objects.filter(slug="budget-2027").update(due_on=today - timedelta(days=20), approval_due_on=due)
    rows = SubBudget.objects.filter(budget__slug="budget-2027")
    rows.update(status="approved")
    rows.filter(slug="socialtjanst").update(status="submitted")
    User.objects.filter(email="styrgrupp@demo.example").update(language="en")
    assert send_reminders(today) == 1
    assert send_reminders(today) == 0
    message = OutboxMessage.objects.get()
    assert message.recipient == get_user("styrgrupp")
    assert said in message.body and due.isoformat() in message.subject
    assert "/sub-budgets/socialtjanst/" in message.body


def test_a_late_deadline_does_not_hide_one_that_comes() -> None:
    today = timezone.localdate()
    Budget.objects.filter(slug="budget-2027").update(due_on=today - timedelta(days=3))
    SubBudget.objects.filter(budget__slug="budget-2027").exclude(slug="socialtjanst").update(status="approved")
    other = Budget.objects.create(slug="b", name="B", fiscal_year=2028, due_on=today)
    SubBudget.objects.create(
        budget=other, slug="s", name_sv="S", name_en="S", governance_object=get_sub_budget().governance_object
    )
    assert send_reminders(today) == 2
