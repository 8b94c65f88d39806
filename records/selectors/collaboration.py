"""Comments, attachments, tasks and mentions. Who may see a page is for the app of its subject to ask first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import CharField, Count, Exists, Model, OuterRef, Q, QuerySet, Value
from django.utils import timezone

from accounts.models import User
from records.models import Comment, MailPreference, Mention, StoredFile, Task
from web.compiled import compiled

# A mention waits while its thread is open, its comment is there and the person has not put it away.
WAITING = Q(handled_at=None, comment__removed_at=None) & (
    Q(comment__parent=None, comment__resolved_at=None)
    | Q(comment__parent__isnull=False, comment__parent__resolved_at=None)
)
# A thread is open until somebody resolves it; one whose beginning was removed asks for nothing.
OPEN = Q(parent=None, resolved_at=None, removed_at=None)


@dataclass(frozen=True)
class Thread:
    """A comment with its replies, oldest first."""

    comment: Comment
    replies: list[Comment]


@dataclass(frozen=True)
class Counts:
    """How many comments there are on something, and how many threads are open."""

    total: int
    open: int


def list_comments(page: str) -> QuerySet[Comment]:
    """Return all comments on a page, oldest first."""
    rows: QuerySet[Comment] = Comment.objects.filter(page=page).select_related("author", "resolved_by", "parent")
    return rows.order_by("created_at", "pk")


_read_comments = compiled(list_comments)


def load_threads(page: str, about: UUID | None = None) -> list[Thread]:
    """Return the page's threads, or those about one thing: open ones first, newest first. One query."""
    rows = _read_comments(page) if about is None else list_comments(page).filter(about=about)
    replies: dict[int, list[Comment]] = defaultdict(list)
    starts: list[Comment] = []
    for row in rows:
        if row.parent_id is None:
            starts.append(row)
        else:
            replies[row.parent_id].append(row)
    starts.sort(key=lambda row: row.created_at, reverse=True)
    starts.sort(key=lambda row: row.resolved_at is not None)
    return [Thread(start, replies[start.pk]) for start in starts]


def count_comments(page: str) -> dict[UUID, Counts]:
    """Return the page's comments by what they are about, in one query."""
    return {row["about"]: Counts(row["total"], row["open"]) for row in _count_comments(page)}


@compiled
def _count_comments(page: str) -> QuerySet[Comment, Any]:
    rows = Comment.objects.filter(page=page, removed_at=None).order_by().values("about")
    return rows.annotate(total=Count("pk"), open=Count("pk", filter=OPEN))


def find_comment(page: str, uuid: UUID) -> Comment | None:
    """Return one of the page's comments."""
    return list_comments(page).filter(uuid=uuid).first()


def can_change_comment(comment: Comment, user: User) -> bool:
    """Return whether the user may change its text: the author, for a day, while the thread is open."""
    start = comment.parent or comment
    fresh = timezone.now() - comment.created_at < timedelta(hours=settings.COMMENT_EDIT_HOURS)
    return fresh and can_remove_comment(comment, user) and start.resolved_at is None


def can_remove_comment(comment: Comment, user: User) -> bool:
    """Return whether the user may remove it: the author, while it is there."""
    return comment.author_id == user.pk and comment.removed_at is None


def list_attachments(page: str) -> QuerySet[StoredFile]:
    """Return the page's attachments, newest first."""
    rows: QuerySet[StoredFile] = StoredFile.objects.filter(page=page).select_related("started_by")
    return rows.order_by("-created_at", "-pk")


read_attachments = compiled(list_attachments)


def find_attachment(page: str, uuid: UUID) -> StoredFile | None:
    """Return one of the page's attachments."""
    return list_attachments(page).filter(uuid=uuid).first()


def list_tasks(user: User) -> QuerySet[Task]:
    """Return the tasks a person was given."""
    rows: QuerySet[Task] = Task.objects.filter(to=user).select_related("made_by", "to")
    return rows


def list_given_tasks(user: User) -> QuerySet[Task]:
    """Return the tasks a person gave to others."""
    rows: QuerySet[Task] = Task.objects.filter(made_by=user).exclude(to=user)
    return rows.select_related("made_by", "to")


@compiled
def list_page_tasks(page: str) -> QuerySet[Task]:
    """Return the tasks about a page that are not done."""
    rows: QuerySet[Task] = Task.objects.filter(page=page, done_at=None)
    return rows.select_related("made_by", "to")


def count_page_tasks(pages: Iterable[str]) -> dict[str, int]:
    """Return how many tasks are not done, by page; pages without any are left out."""
    return dict(_count_tasks(*pages))


@compiled
def _count_tasks(*pages: str) -> QuerySet[Task, tuple[str, int]]:
    rows = Task.objects.filter(page__in=pages, done_at=None).order_by()
    return rows.values_list("page").annotate(count=Count("pk"))


def find_task(user: User, uuid: UUID) -> Task | None:
    """Return a task that the user was given or gave."""
    return Task.objects.filter(Q(to=user) | Q(made_by=user), uuid=uuid).select_related("to", "made_by").first()


def can_change_task(task: Task, user: User) -> bool:
    """Return whether the user may change or end a task: who gave it, until it is done."""
    return task.made_by_id == user.pk and task.done_at is None


def list_mentions(user: User) -> QuerySet[Mention]:
    """Return the mentions that wait for a person, newest first."""
    rows: QuerySet[Mention] = Mention.objects.filter(WAITING, user=user)
    return rows.select_related("comment__author", "comment__parent").order_by("-created_at", "-pk")


def list_open_comments(pages: Iterable[str], user: User) -> QuerySet[Comment]:
    """Return the open threads of these pages, and the user's own that others have answered, newest first."""
    answers = Comment.objects.filter(parent=OuterRef("pk"), removed_at=None).exclude(author=user)
    mine = Q(page__in=list(pages)) | Q(Exists(answers), author=user)
    rows: QuerySet[Comment] = Comment.objects.filter(OPEN, mine).select_related("author")
    return rows.order_by("-created_at", "-pk")


def list_new_comments(pages: Iterable[str], user: User, *, since: datetime, until: datetime) -> QuerySet[Comment]:
    """Return what others wrote in a time on these pages, and in threads that the user wrote in; oldest first."""
    own = Comment.objects.filter(Q(pk=OuterRef("parent")) | Q(parent=OuterRef("parent")), author=user)
    rows: QuerySet[Comment] = Comment.objects.filter(
        Q(page__in=list(pages)) | Exists(own), removed_at=None, created_at__gt=since, created_at__lte=until
    )
    return rows.exclude(author=user).select_related("author").order_by("created_at", "pk")


def list_thread_authors(comment: Comment) -> QuerySet[User]:
    """Return those who wrote in a comment's thread."""
    start = comment.parent_id or comment.pk
    wrote = Comment.objects.filter(Q(pk=start) | Q(parent=start), removed_at=None).values("author")
    people: QuerySet[User] = User.objects.filter(pk__in=wrote)
    return people


OWN, BESIDE = "own", "beside"


def list_waiting(
    user: User, pages: QuerySet[Model, object], beside: QuerySet[Any, Any] | None = None
) -> QuerySet[Task, str]:
    """Return OWN for each task and mention on these pages that waits for a person, and BESIDE for each row `beside`.

    `pages` selects their keys. One query.
    """
    own, other = Value(OWN, CharField()), Value(BESIDE, CharField())
    tasks = Task.objects.filter(to=user, done_at=None, page__in=pages).order_by().values_list(own, flat=True)
    waiting = Mention.objects.filter(WAITING, user=user, comment__page__in=pages)
    mentions = waiting.order_by().values_list(own, flat=True)
    rows = [mentions] if beside is None else [mentions, beside.order_by().values_list(other, flat=True)]
    return tasks.union(*rows, all=True)


def when_to_mail(users: Iterable[User]) -> dict[int, MailPreference.When]:
    """Return when these people want mail, by primary key; the daily digest for who has not chosen."""
    users = list(users)
    chosen = dict(MailPreference.objects.filter(user__in=users).values_list("user", "when"))
    return {user.pk: MailPreference.When(chosen.get(user.pk, MailPreference.When.DAILY)) for user in users}
