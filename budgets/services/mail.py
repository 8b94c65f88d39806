"""What people are notified of by mail at once, in the transaction of what it tells of: comments, tasks and steps.

Each mail has a key that says what it tells of, so that running twice, or after a killed worker, tells nobody twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from budgets.models import Action
from budgets.selectors.collaboration import Subject, list_people, load_subjects
from budgets.selectors.mail import list_told, step_key
from budgets.words import place_name, place_within, say_next
from records.models import Comment, MailPreference, Task
from records.selectors.collaboration import when_to_mail
from records.services.mail import queue_mail
from web.addresses import site_address

if TYPE_CHECKING:
    from accounts.models import User
    from budgets.models import SubBudget, WorkflowStep


def tell_mentioned(sub_budget: SubBudget, comment: Comment, people: Iterable[User]) -> None:
    """Tell those a comment mentions who want mail at once."""
    about = _find_subject(sub_budget, comment)
    for user in want_at_once(people):
        with translation.override(user.language):
            names = {"name": comment.author.get_full_name(), "place": place_within(sub_budget, about)}
            subject = _("%(name)s mentioned you in %(place)s") % names
            _queue_comment(user, sub_budget, comment, subject, f"mention {comment.uuid} {user.pk}")


def tell_comment(sub_budget: SubBudget, comment: Comment, people: Iterable[User]) -> None:
    """Tell those whom a comment concerns, and who want mail at once."""
    about = _find_subject(sub_budget, comment)
    for user in want_at_once(people):
        with translation.override(user.language):
            names = {"name": comment.author.get_full_name(), "place": place_within(sub_budget, about)}
            subject = _("%(name)s commented on %(place)s") % names
            _queue_comment(user, sub_budget, comment, subject, f"comment {comment.uuid} {user.pk}")


def tell_task(sub_budget: SubBudget, task: Task) -> None:
    """Tell who was given a task, if they want mail at once."""
    about = _find_subject(sub_budget, task)
    for user in want_at_once([task.to]):
        with translation.override(user.language):
            names = {"name": task.made_by.get_full_name(), "place": place_within(sub_budget, about)}
            subject = _("%(name)s gave you a task about %(place)s") % names
            shown = {"task": task, "url": page_address(sub_budget)}
            queue(user, subject, "budgets/mail/task.txt", shown, f"task {task.uuid} {user.pk}")


def tell_step(sub_budget: SubBudget, step: WorkflowStep) -> None:
    """Tell of a step those whom it concerns, if they want mail at once."""
    for user in want_at_once(list_told(sub_budget, step)):
        with translation.override(user.language):
            shown = {
                "step": step,
                "next": say_next(sub_budget),
                "due_on": sub_budget.due_on,
                "url": page_address(sub_budget),
            }
            queue(user, say_step(sub_budget, step), "budgets/mail/step.txt", shown, step_key(step, user))


def say_step(sub_budget: SubBudget, step: WorkflowStep) -> str:
    """Return who did what with which sub-budget."""
    said = {
        Action.SUBMIT: _("%(name)s submitted %(place)s"),
        Action.WITHDRAW: _("%(name)s took %(place)s back to draft"),
        Action.RETURN: _("%(name)s returned %(place)s"),
        Action.APPROVE: _("%(name)s approved %(place)s"),
        Action.UNLOCK: _("%(name)s unlocked %(place)s"),
    }
    name = step.by.get_full_name() if step.by else ""
    return said[Action(step.action)] % {"name": name, "place": place_name(sub_budget)}


def page_address(sub_budget: SubBudget, comment: Comment | None = None) -> str:
    """Return the whole address of a sub-budget's page, or of a comment on it."""
    address = site_address("sub_budget", sub_budget.budget.slug, sub_budget.slug)
    return address if comment is None else f"{address}#comment-{comment.uuid}"


def queue(user: User, subject: str, template: str, shown: Mapping[str, object], key: str) -> bool:
    """Put a mail in the outbox, with where to choose when to have it; False when one with this key was there before."""
    own = {"subject": subject, "choice_url": site_address("mail_choice"), "user": user}
    return queue_mail(user, subject=subject, body=render_to_string(template, {**own, **shown}).strip() + "\n", key=key)


def want_at_once(people: Iterable[User]) -> list[User]:
    """Return those of them who want mail at once, and who may still see what it tells of."""
    asked = {user.pk for user in people}
    recipients = list(list_people().filter(pk__in=asked)) if asked else []
    when = when_to_mail(recipients) if recipients else {}
    return [user for user in recipients if when[user.pk] == MailPreference.When.AT_ONCE]


def _find_subject(sub_budget: SubBudget, row: Comment | Task) -> Subject:
    return load_subjects(sub_budget, [row.about])[row.about]


def _queue_comment(user: User, sub_budget: SubBudget, comment: Comment, subject: str, key: str) -> None:
    shown = {"comment": comment, "url": page_address(sub_budget, comment)}
    queue(user, subject, "budgets/mail/comment.txt", shown, key)
