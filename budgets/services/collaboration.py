"""Writing on a sub-budget's page: comments, attachments, tasks and the text on essential changes, each with its rights.

What a person is to know is put in the outbox in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from budgets.models import SubBudget
from budgets.selectors.collaboration import can_remove_attachment, can_write, list_keepers, page_of
from budgets.selectors.sub_budgets import can_edit
from budgets.services.mail import tell_comment, tell_mentioned, tell_task
from records.models import Comment, StoredFile, Task
from records.reasons import Reason
from records.selectors.collaboration import list_thread_authors
from records.services import attachments, change, comments, tasks
from records.services.stale import StaleError, digest_of

if TYPE_CHECKING:
    from accounts.models import User
    from records.services.attachments import Upload

# The field with the text on the year's essential changes.
ESSENTIALS = ("changes_sv",)


def add_comment(
    sub_budget: SubBudget,
    *,
    about: UUID,
    text: str,
    by: User,
    mentioned: Iterable[User] = (),
    parent: Comment | None = None,
) -> Comment:
    """Write a comment or a reply, and tell those it is for. Raise PermissionDenied unless `by` may write here."""
    _check(by)
    named = [user for user in mentioned if user.pk != by.pk]
    with transaction.atomic():
        comment = comments.add_comment(
            page=page_of(sub_budget), about=about, text=text, by=by, mentioned=named, parent=parent
        )
        tell_mentioned(sub_budget, comment, named)
        concerned = {*list_keepers(sub_budget), *list_thread_authors(comment)} - {by, *named}
        tell_comment(sub_budget, comment, concerned)
    return comment


def change_comment(sub_budget: SubBudget, comment: Comment, *, text: str, by: User, mentioned: Iterable[User]) -> None:
    """Change an own comment, and tell those it mentions now. Raise PermissionDenied unless `by` may."""
    _check(by)
    with transaction.atomic():
        named = [user for user in mentioned if user.pk != by.pk]
        new = comments.change_comment(comment, text=text, by=by, mentioned=named)
        comment.refresh_from_db(fields=["text"])
        tell_mentioned(sub_budget, comment, new)


def remove_comment(comment: Comment, *, by: User) -> None:
    """Remove an own comment. Raise PermissionDenied unless `by` may."""
    _check(by)
    comments.remove_comment(comment, by=by)


def resolve_comment(comment: Comment, *, by: User) -> None:
    """Mark a thread as resolved. Raise PermissionDenied unless `by` may write here."""
    _check(by)
    comments.resolve_comment(comment, by=by)


def reopen_comment(comment: Comment, *, by: User) -> None:
    """Open a resolved thread again. Raise PermissionDenied as above."""
    _check(by)
    comments.reopen_comment(comment, by=by)


def attach_file(sub_budget: SubBudget, upload: Upload, *, about: UUID, by: User) -> StoredFile:
    """Keep an attachment. Raise PermissionDenied as above, FileError when there are too many."""
    _check(by)
    with transaction.atomic():
        # Two who attach at once count one after the other.
        SubBudget.objects.select_for_update(of=("self",), no_key=True).get(pk=sub_budget.pk)
        return attachments.attach_file(upload, page=page_of(sub_budget), about=about, by=by)


def remove_attachment(file: StoredFile, *, by: User) -> None:
    """Remove an attachment. Raise PermissionDenied unless `by` uploaded it or is the economist."""
    if not can_remove_attachment(by, file):
        raise PermissionDenied
    attachments.remove_attachment(file, by=by)


def give_task(
    sub_budget: SubBudget, *, text: str, to: User, due_on: date | None, by: User, about: UUID | None = None
) -> Task:
    """Ask somebody to do something about a sub-budget, or its product or line `about`, and tell them.

    Raise PermissionDenied as above.
    """
    _check(by)
    with transaction.atomic():
        task = tasks.add_task(
            page=page_of(sub_budget), about=about or sub_budget.lineage, text=text, to=to, due_on=due_on, by=by
        )
        if to.pk != by.pk:
            tell_task(sub_budget, task)
    return task


def change_task(sub_budget: SubBudget, task: Task, *, text: str, to: User, due_on: date | None, by: User) -> None:
    """Change a task that `by` gave, and tell the person whose it is now. Raise PermissionDenied unless `by` may."""
    _check(by)
    with transaction.atomic():
        is_moved = tasks.change_task(task, text=text, to=to, due_on=due_on, by=by)
        if is_moved and to.pk != by.pk:
            task.refresh_from_db()
            tell_task(sub_budget, task)


def change_essentials(sub_budget: SubBudget, *, text: str, by: User, seen: str | None = None) -> None:
    """Write the year's essential changes; `seen` is the digest of ESSENTIALS that the author saw.

    Raise StaleError when it is another by now, PermissionDenied when `by` may not edit the sub-budget.
    """
    with change(by=by.email, reason=Reason.CHANGE_TEXT_ON_ESSENTIAL_CHANGES):
        current: SubBudget = (
            SubBudget.objects.select_for_update(of=("self",)).select_related("budget").get(pk=sub_budget.pk)
        )
        if not can_edit(by, current):
            raise PermissionDenied
        if current.changes_sv == text:
            return
        if seen is not None and seen != digest_of(current, ESSENTIALS):
            raise StaleError(current)
        current.changes_sv = text
        current.save(update_fields=["changes_sv"])


def _check(by: User) -> None:
    if not can_write(by):
        raise PermissionDenied
