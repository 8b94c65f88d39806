"""Writing, changing, removing and resolving comments. Who may is decided by the app of the page, which calls these."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from records.models import Comment, Mention
from records.reasons import Reason
from records.selectors.collaboration import can_change_comment, can_remove_comment
from records.services import change

if TYPE_CHECKING:
    from accounts.models import User


def add_comment(
    *, page: str, about: UUID, text: str, by: User, mentioned: Iterable[User] = (), parent: Comment | None = None
) -> Comment:
    """Write a comment, or a reply to the thread that `parent` is in; a reply opens a resolved thread again."""
    with change(by=by.email, reason=Reason.REPLY_TO_COMMENT if parent else Reason.ADD_COMMENT):
        start = None if parent is None else parent.parent or parent
        if start is not None and start.resolved_at is not None:
            Comment.objects.filter(pk=start.pk).update(resolved_at=None, resolved_by=None)
        comment = Comment.objects.create(
            page=page, about=start.about if start else about, parent=start, author=by, text=text
        )
        Mention.objects.bulk_create(Mention(comment=comment, user=user) for user in mentioned)
    return comment


def change_comment(comment: Comment, *, text: str, by: User, mentioned: Iterable[User] = ()) -> list[User]:
    """Change its text; return whom it mentions that it did not before. PermissionDenied unless `by` may."""
    with change(by=by.email, reason=Reason.CHANGE_COMMENT):
        current = _lock(comment)
        if not can_change_comment(current, by):
            raise PermissionDenied
        if current.text != text:
            current.text, current.edited_at = text, timezone.now()
            current.save(update_fields=["text", "edited_at"])
        return _set_mentions(current, list(mentioned))


def remove_comment(comment: Comment, *, by: User) -> None:
    """Empty it and keep its place; history keeps the text. PermissionDenied unless `by` is its author."""
    with change(by=by.email, reason=Reason.REMOVE_COMMENT):
        current = _lock(comment)
        if not can_remove_comment(current, by):
            raise PermissionDenied
        current.text, current.removed_at = "", timezone.now()
        current.save(update_fields=["text", "removed_at"])
        current.mentions.all().delete()


def resolve_comment(comment: Comment, *, by: User) -> None:
    """Mark a thread as resolved; the first who does so is named."""
    with change(by=by.email, reason=Reason.RESOLVE_COMMENT):
        start = _lock(comment.parent or comment)
        if start.resolved_at is None:
            start.resolved_at, start.resolved_by = timezone.now(), by
            start.save(update_fields=["resolved_at", "resolved_by"])


def reopen_comment(comment: Comment, *, by: User) -> None:
    """Take back that a thread is resolved."""
    with change(by=by.email, reason=Reason.REOPEN_COMMENT):
        start = _lock(comment.parent or comment)
        start.resolved_at = start.resolved_by = None
        start.save(update_fields=["resolved_at", "resolved_by"])


def handle_mention(mention: Mention) -> None:
    """The person has seen to it."""
    Mention.objects.filter(pk=mention.pk, handled_at=None).update(handled_at=timezone.now())


def _set_mentions(comment: Comment, mentioned: list[User]) -> list[User]:
    before = set(comment.mentions.values_list("user", flat=True))
    comment.mentions.exclude(user__in=mentioned).delete()
    new = [user for user in mentioned if user.pk not in before]
    Mention.objects.bulk_create(Mention(comment=comment, user=user) for user in new)
    return new


def _lock(comment: Comment) -> Comment:
    locked: Comment = Comment.objects.select_for_update(of=("self",)).select_related("parent").get(pk=comment.pk)
    return locked
