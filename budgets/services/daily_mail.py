"""What people are notified of by mail once a day: what is new to them, tasks that are due, deadlines, tokens that end.

A day on which nothing ran is caught up with on the next.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from budgets.models import SubBudget
from budgets.selectors.collaboration import (
    Subject,
    find_pages,
    list_kept_sub_budgets,
    list_people,
    list_role_holders,
    load_my_tasks,
    load_places,
    page_of,
)
from budgets.selectors.mail import list_due, list_new_proposals, list_new_steps
from budgets.selectors.workflow import WAITS_FOR
from budgets.services.mail import page_address, queue, say_step
from budgets.services.proposal_mail import proposal_address, say_proposal
from budgets.words import place_name, place_within
from objects.services.token_mail import warn_of_ending
from records.models import Comment, MailPreference, Task
from records.selectors.collaboration import list_new_comments, when_to_mail
from records.services.mail import mark_digested
from web.addresses import site_address
from web.names import name_of

if TYPE_CHECKING:
    from accounts.models import User

When = MailPreference.When
# A first digest tells of the last day; a task is told of so many days before it is due, and the day after.
FIRST_DIGEST, DAYS_LEFT = timedelta(days=1), (3, 0, -1)
# What is late is told of the day after, and then each week.
LATE_DAYS = 7


def send_daily_mail(now: datetime | None = None) -> int:
    """Queue digests and reminders for who has not had today's, from the morning on. Return how many were written."""
    now = now or timezone.now()
    if timezone.localtime(now).hour < settings.DAILY_MAIL_HOUR:
        return 0
    today = timezone.localdate(now)
    return send_digests(now) + send_reminders(today) + warn_of_ending(today)


def send_digests(now: datetime) -> int:
    """Queue one mail to each for whom there is something new; return how many.

    Whoever is notified at once gets only tasks that are due.
    """
    people = list(list_people())
    when = when_to_mail(people)
    wanting = [user for user in people if when[user.pk] != When.NEVER]
    return sum(_send_digest(user, now, only_due=when[user.pk] == When.AT_ONCE) for user in wanting)


def send_reminders(today: date) -> int:
    """Tell those whose step it is, before a deadline on the days of the setting REMINDER_DAYS, and while it is late.

    Owners and managers have drafts to submit, steering groups have submitted ones to approve. Return how many mails
    were written.
    """
    due: dict[tuple[User, str, date | None], list[SubBudget]] = defaultdict(list)
    for sub_budget in list_due(today, within_days=max(settings.REMINDER_DAYS)):
        for user in list_role_holders(sub_budget, WAITS_FOR[SubBudget.Status(sub_budget.status)]):
            due[user, sub_budget.status, sub_budget.due_on].append(sub_budget)
    when = when_to_mail({user for user, _status, _day in due})
    return sum(
        _remind(user, status, day, rows, today)
        for (user, status, day), rows in due.items()
        if day is not None and when[user.pk] != When.NEVER
    )


def _send_digest(user: User, now: datetime, *, only_due: bool) -> bool:
    last = _digested_at(user)
    since = now if only_due else last or now - FIRST_DIGEST
    with transaction.atomic(), translation.override(user.language):
        shown = _load_digest(user, since, now, last)
        if not any(shown.values()):
            return False
        day = timezone.localdate(now)
        subject = _("What is waiting for you in the budget, %(day)s") % {"day": day.isoformat()}
        shown["url"] = site_address("my_tasks")
        is_new = queue(user, subject, "budgets/mail/digest.txt", shown, f"digest {day} {user.pk}")
        if is_new:
            mark_digested(user, until=now)
    return is_new


def _load_digest(user: User, since: datetime, until: datetime, last: datetime | None) -> dict[str, object]:
    """Return what is new for a person since a time, and the tasks due since the `last` digest.

    New are steps, proposals on products, mentions, comments and tasks.
    """
    mine = load_my_tasks(user)
    kept = [page_of(row) for row in list_kept_sub_budgets(user)]
    mentions = [waiting for waiting in mine.mentions if waiting.row.created_at > since]
    named = {waiting.comment.pk for waiting in mine.mentions if waiting.comment}
    written = [row for row in list_new_comments(kept, user, since=since, until=until) if row.pk not in named]
    pages = find_pages({row.page for row in written}, user)
    comments = [(row, pages[row.page]) for row in written if row.page in pages]
    subjects = load_places((row, comment.about) for comment, row in comments)
    told = timezone.localdate(last) if last else None
    tasks = [
        waiting
        for waiting in mine.tasks
        if isinstance(waiting.row, Task) and _is_due(waiting.row, since, told, timezone.localdate(until))
    ]
    return {
        "steps": _load_steps(user, since, until),
        "proposals": _load_proposals(user, since, until),
        "mentions": [_as_item(waiting.comment, waiting.sub_budget, waiting.subject) for waiting in mentions],
        "comments": [_as_item(comment, row, subjects[row, comment.about]) for comment, row in comments],
        "tasks": [
            {
                "task": waiting.row,
                "place": place_within(waiting.sub_budget, waiting.subject),
                "url": page_address(waiting.sub_budget),
            }
            for waiting in tasks
        ],
    }


def _load_steps(user: User, since: datetime, until: datetime) -> list[dict[str, object]]:
    steps = [(step, step.sub_budget) for step in list_new_steps(user, since=since, until=until)]
    return [
        {"said": say_step(row, step), "comment": step.comment, "url": page_address(row)}
        for step, row in steps
        if row is not None
    ]


def _load_proposals(user: User, since: datetime, until: datetime) -> list[dict[str, object]]:
    found = list_new_proposals(user, since=since, until=until)
    return [
        {
            "said": say_proposal(row),
            "note": row.note if row.state == row.State.OPEN else row.answer,
            "url": proposal_address(row),
        }
        for row in found
    ]


def _is_due(task: Task, since: datetime, told: date | None, today: date) -> bool:
    """Return whether it is new, or one of its days has come since the day that was `told` of last."""
    if task.created_at > since and task.made_by_id != task.to_id:
        return True
    if task.due_on is None:
        return False
    first = timezone.localdate(task.created_at)
    days = [task.due_on - timedelta(days=left) for left in DAYS_LEFT]
    return any(first <= day <= today and (told is None or told < day) for day in days)


def _as_item(comment: Comment | None, sub_budget: SubBudget, subject: Subject) -> dict[str, object]:
    return {"comment": comment, "place": place_within(sub_budget, subject), "url": page_address(sub_budget, comment)}


def _remind(user: User, status: str, due_on: date, rows: list[SubBudget], today: date) -> bool:
    """Queue one mail for all that a person has to submit, or to approve, by the same day."""
    left, to_approve = (due_on - today).days, status == SubBudget.Status.SUBMITTED
    key = f"{'approval' if to_approve else 'deadline'} {due_on} {_find_step(left)} {user.pk}"
    with transaction.atomic(), translation.override(user.language):
        subject = _say_due(len(rows), due_on, to_approve=to_approve, is_late=left < 0)
        own = [{"name": name_of(row), "place": place_name(row), "url": page_address(row)} for row in rows]
        shown = {"rows": own, "due_on": due_on, "left": left, "to_approve": to_approve}
        return queue(user, subject, "budgets/mail/reminder.txt", shown, key)


def _find_step(left: int) -> int:
    """Return which reminder it is time for: the nearest of REMINDER_DAYS that has come.

    When it is late, that is the last of each week.
    """
    if left < 0:
        return -1 - (-left - 1) // LATE_DAYS * LATE_DAYS
    return min(days for days in settings.REMINDER_DAYS if days >= left)


def _say_due(count: int, due_on: date, *, to_approve: bool, is_late: bool) -> str:
    if to_approve and is_late:
        said = ngettext(
            "%(count)s sub-budget was to be approved by %(day)s",
            "%(count)s sub-budgets were to be approved by %(day)s",
            count,
        )
    elif to_approve:
        said = ngettext(
            "%(count)s sub-budget is to be approved by %(day)s",
            "%(count)s sub-budgets are to be approved by %(day)s",
            count,
        )
    elif is_late:
        said = ngettext("%(count)s sub-budget was due %(day)s", "%(count)s sub-budgets were due %(day)s", count)
    else:
        said = ngettext("%(count)s sub-budget is due %(day)s", "%(count)s sub-budgets are due %(day)s", count)
    return said % {"count": count, "day": due_on.isoformat()}


def _digested_at(user: User) -> datetime | None:
    return MailPreference.objects.filter(user=user).values_list("digested_at", flat=True).first()
