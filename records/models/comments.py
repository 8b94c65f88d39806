"""Comments on a line, a product or a sub-budget, whom they mention, and what people ask each other to do.

`about` is the uuid (or lineage) of the subject, `page` the key of the page that it is shown on, which the app of the
subject makes and reads: whoever sees that page sees what is written there.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engine.days import DayKind
from records.models.jobs import OwnedQuerySet
from web.days import DayField, day_checks
from web.tracking import tracked

if TYPE_CHECKING:
    from accounts.models import User

LONGEST_COMMENT, LONGEST_TASK = 10_000, 500


class CommentQuerySet(OwnedQuerySet["Comment"]):
    owner_field = "author"


@tracked(hidden=("page", "about", "parent", "author", "edited_at", "resolved_by"), kept=("text",))
class Comment(models.Model):
    """A comment, or with a `parent` a reply to one. A removed one keeps its place; history keeps its text."""

    uuid = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    page = models.CharField(_("Page"), max_length=60, default="", db_index=True)
    about = models.UUIDField(_("What it is about"), db_index=True)
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="replies", verbose_name=_("Reply to")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="comments", verbose_name=_("Author")
    )
    text = models.TextField(_("Text"))
    created_at = models.DateTimeField(_("Created"), auto_now_add=True)
    edited_at = models.DateTimeField(_("Edited"), null=True, blank=True)
    removed_at = models.DateTimeField(_("Removed"), null=True, blank=True)
    resolved_at = models.DateTimeField(_("Resolved"), null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("Resolved by"),
    )

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(removed_at__isnull=False, text="") | Q(removed_at__isnull=True) & ~Q(text=""),
                name="comment_has_a_text_until_removed",
            ),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, resolved_by__isnull=True)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False),
                name="comment_is_resolved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | Q(resolved_at__isnull=True), name="a_reply_is_not_resolved"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class MentionQuerySet(OwnedQuerySet["Mention"]):
    owner_field = "user"


class Mention(models.Model):
    """A person whom a comment names; it waits until handled, or until the thread is resolved."""

    uuid = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    comment = models.ForeignKey(Comment, models.CASCADE, related_name="mentions", verbose_name=_("Comment"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mentions", verbose_name=_("User"))
    created_at = models.DateTimeField(_("Created"), auto_now_add=True)
    handled_at = models.DateTimeField(_("Handled"), null=True, blank=True)

    objects = MentionQuerySet.as_manager()

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        ordering = ["created_at"]
        constraints = [models.UniqueConstraint(fields=["comment", "user"], name="mentioned_once_in_a_comment")]

    def __str__(self) -> str:
        return f"{self.user}: {self.comment}"


class TaskQuerySet(models.QuerySet["Task"]):
    def visible_to(self, user: User) -> Self:
        """Return the person's own, and those the person gave to others; administrators see all."""
        return self if user.is_staff else self.filter(Q(to=user.pk) | Q(made_by=user.pk))


@tracked(shown=("to", "due_on"), hidden=("page", "about", "made_by"))
class Task(models.Model):
    """What one person asks another, or themselves, to do about something."""

    uuid = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    page = models.CharField(_("Page"), max_length=60, default="", db_index=True)
    about = models.UUIDField(_("What it is about"))
    text = models.CharField(_("Text"), max_length=LONGEST_TASK)
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="tasks", verbose_name=_("For whom"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="given_tasks", verbose_name=_("Given by")
    )
    due_on = DayField(_("To be done by"), null=True, blank=True, back=5, ahead=5, kind=DayKind.COMING)
    created_at = models.DateTimeField(_("Created"), auto_now_add=True)
    done_at = models.DateTimeField(_("Done"), null=True, blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ["due_on", "created_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="task_has_a_text"),
            *day_checks("task", "due_on"),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def is_late(self) -> bool:
        """Whether its day has passed and it is not done."""
        return self.done_at is None and self.due_on is not None and self.due_on < timezone.localdate()
