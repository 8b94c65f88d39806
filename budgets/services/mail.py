"""What people are told by mail about their sub-budgets: at once, once a day, and before a deadline.

Each mail has a key that says what it tells of, so that running twice, or after a killed worker, tells nobody twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from budgets.selectors import name_of
from budgets.selectors.collaboration import (
    find_pages,
    list_keepers,
    list_kept_sub_budgets,
    list_late_drafts,
    list_people,
    load_my_tasks,
    page_of,
    page_url,
    place_name,
    site_url,
)
from records.models import Comment, MailPreference, Task
from records.selectors.collaboration import list_new_comments, when_to_mail
from records.services.mail import mark_digested, queue_mail

if TYPE_CHECKING:
    from accounts.models import User
    from budgets.models import SubBudget

When = MailPreference.When
# A first digest tells of the last day; a task is told of so many days before it is due, and the day after.
FIRST_DIGEST, DAYS_LEFT = timedelta(days=1), (3, 0, -1)


# At once, in the transaction of what it tells of


def tell_mentioned(sub_budget: SubBudget, comment: Comment, people: Iterable[User]) -> None:
    """Tells those a comment mentions who want mail at once."""
    for user in _at_once(people):
        with translation.override(user.language):
            names = {"name": comment.author.get_full_name(), "place": place_name(sub_budget)}
            subject = _("%(name)s mentioned you in %(place)s") % names
            _queue_comment(user, sub_budget, comment, subject, f"mention {comment.uuid} {user.pk}")


def tell_comment(sub_budget: SubBudget, comment: Comment, people: Iterable[User]) -> None:
    """Tells those whom a comment concerns, and who want mail at once."""
    for user in _at_once(people):
        with translation.override(user.language):
            names = {"name": comment.author.get_full_name(), "place": place_name(sub_budget)}
            subject = _("%(name)s commented on %(place)s") % names
            _queue_comment(user, sub_budget, comment, subject, f"comment {comment.uuid} {user.pk}")


def tell_task(sub_budget: SubBudget, task: Task) -> None:
    """Tells who was given a task, if they want mail at once."""
    for user in _at_once([task.to]):
        with translation.override(user.language):
            names = {"name": task.made_by.get_full_name(), "place": place_name(sub_budget)}
            subject = _("%(name)s gave you a task about %(place)s") % names
            shown = {"task": task, "url": site_url(page_url(sub_budget))}
            _queue(user, subject, "budgets/mail/task.txt", shown, f"task {task.uuid}")


# Once a day


def send_daily_mail(now: datetime | None = None) -> int:
    """Digests and reminders for who has not had today's; nothing before the morning. Returns how many were written."""
    now = now or timezone.now()
    if timezone.localtime(now).hour < settings.DAILY_MAIL_HOUR:
        return 0
    return send_digests(now) + send_reminders(timezone.localdate(now))


def send_digests(now: datetime) -> int:
    """One mail to each for whom there is something new; who is told at once gets only tasks that are due. Returns how many."""
    people = list(list_people())
    when = when_to_mail(people)
    wanting = [user for user in people if when[user.pk] != When.NEVER]
    return sum(_send_digest(user, now, only_due=when[user.pk] == When.AT_ONCE) for user in wanting)


def send_reminders(today: date) -> int:
    """Tells owners and managers of drafts before the deadline, on the days of the setting REMINDER_DAYS.

    A day on which nothing ran is caught up with on the next. Returns how many mails were written.
    """
    drafts: dict[User, list[SubBudget]] = defaultdict(list)
    for sub_budget in list_late_drafts(today, within_days=max(settings.REMINDER_DAYS)):
        for user in list_keepers(sub_budget):
            drafts[user].append(sub_budget)
    when = when_to_mail(drafts)
    return sum(_remind(user, own, today) for user, own in drafts.items() if when[user.pk] != When.NEVER)


def _send_digest(user: User, now: datetime, *, only_due: bool) -> bool:
    since = now if only_due else _digested_at(user) or now - FIRST_DIGEST
    with transaction.atomic(), translation.override(user.language):
        shown = _load_digest(user, since, now)
        if not any(shown.values()):
            return False
        day = timezone.localdate(now)
        subject = _("What waits for you in the budget, %(day)s") % {"day": day.isoformat()}
        shown["url"] = site_url(reverse("budgets:my_tasks"))
        is_new = _queue(user, subject, "budgets/mail/digest.txt", shown, f"digest {day} {user.pk}")
        if is_new:
            mark_digested(user, until=now)
    return is_new


def _load_digest(user: User, since: datetime, until: datetime) -> dict[str, Any]:
    """What is new for a person: mentions and comments since the last digest, and tasks that are new or due soon."""
    mine = load_my_tasks(user)
    today = timezone.localdate(until)
    kept = [page_of(row) for row in list_kept_sub_budgets(user)]
    mentions = [waiting for waiting in mine.mentions if waiting.row.created_at > since]
    named = {waiting.comment.pk for waiting in mine.mentions if waiting.comment}
    written = [row for row in list_new_comments(kept, user, since=since, until=until) if row.pk not in named]
    pages = find_pages({row.page for row in written}, user)
    comments = [(row, pages[row.page]) for row in written if row.page in pages]
    tasks = [waiting for waiting in mine.tasks if _is_due(waiting.row, since, today)]
    return {
        "mentions": [_as_item(waiting.comment, waiting.place, waiting.url) for waiting in mentions],
        "comments": [_as_item(comment, place_name(row), page_url(row, comment)) for comment, row in comments],
        "tasks": [{"task": waiting.row, "place": waiting.place, "url": site_url(waiting.url)} for waiting in tasks],
    }


def _is_due(task: Any, since: datetime, today: date) -> bool:
    is_new = task.created_at > since and task.made_by_id != task.to_id
    return is_new or (task.due_on is not None and (task.due_on - today).days in DAYS_LEFT)


def _as_item(comment: Comment | None, place: str, url: str) -> dict[str, Any]:
    return {"comment": comment, "place": place, "url": site_url(url)}


def _remind(user: User, sub_budgets: list[SubBudget], today: date) -> bool:
    """One mail for all of a person's drafts that are due on the same day; the nearest day comes first."""
    due_on = min(row.budget.due_on for row in sub_budgets if row.budget.due_on)
    left = (due_on - today).days
    step = min(days for days in settings.REMINDER_DAYS if days >= left)
    own = [row for row in sub_budgets if row.budget.due_on == due_on]
    with transaction.atomic(), translation.override(user.language):
        text = ngettext("%(count)s sub-budget is due %(day)s", "%(count)s sub-budgets are due %(day)s", len(own))
        rows = [{"name": name_of(row), "place": place_name(row), "url": site_url(page_url(row))} for row in own]
        shown = {"rows": rows, "due_on": due_on, "left": left}
        subject = text % {"count": len(own), "day": due_on.isoformat()}
        return _queue(user, subject, "budgets/mail/reminder.txt", shown, f"deadline {due_on} {step} {user.pk}")


def _at_once(people: Iterable[User]) -> list[User]:
    people = list(people)
    when = when_to_mail(people) if people else {}
    return [user for user in people if when[user.pk] == When.AT_ONCE]


def _queue_comment(user: User, sub_budget: SubBudget, comment: Comment, subject: str, key: str) -> None:
    shown = {"comment": comment, "url": site_url(page_url(sub_budget, comment))}
    _queue(user, subject, "budgets/mail/comment.txt", shown, key)


def _queue(user: User, subject: str, template: str, shown: dict[str, Any], key: str) -> bool:
    own = {"subject": subject, "choice_url": site_url(reverse("records:mail")), "user": user}
    return queue_mail(user, subject=subject, body=render_to_string(template, {**own, **shown}).strip() + "\n", key=key)


def _digested_at(user: User) -> datetime | None:
    found: datetime | None = MailPreference.objects.filter(user=user).values_list("digested_at", flat=True).first()
    return found
