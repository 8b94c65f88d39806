"""Files, jobs, comments and mail in the administration: to look at, since the system writes them."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from records.models import AccessibilityReport, Comment, Job, OutboxMessage, StoredFile, Task
from web.administration import ModelAdmin


class ReadOnlyAdmin(ModelAdmin[Model]):
    """Rows that only the system writes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Allow nobody to add."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Allow nobody to change."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Allow nobody to delete."""
        return False


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    """Long tasks with their progress."""

    list_display = ("title", "kind", "status", "progress", "started_by", "created_at", "finished_at")
    list_filter = ("status", "kind")
    search_fields = ("title", "kind", "message")
    list_select_related = ("started_by",)


@admin.register(StoredFile)
class StoredFileAdmin(ReadOnlyAdmin):
    """Files kept on disk."""

    list_display = ("name", "content_type", "size", "started_by", "created_at")
    list_filter = ("content_type",)
    search_fields = ("name", "sha256")
    list_select_related = ("started_by",)


@admin.register(Comment)
class CommentAdmin(ReadOnlyAdmin):
    """What people have written about something."""

    list_display = ("text", "author", "created_at", "resolved_at")
    search_fields = ("text", "author__email")
    list_select_related = ("author",)


@admin.register(Task)
class TaskAdmin(ReadOnlyAdmin):
    """What people ask each other to do."""

    list_display = ("text", "to", "made_by", "due_on", "done_at")
    search_fields = ("text", "to__email")
    list_select_related = ("to", "made_by")


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnlyAdmin):
    """Mail that has left or waits to."""

    list_display = ("subject", "recipient", "created_at", "sent_at", "attempts", "next_at", "error")
    list_filter = ("sent_at",)
    search_fields = ("subject", "recipient__email")
    list_select_related = ("recipient",)


@admin.register(AccessibilityReport)
class AccessibilityReportAdmin(ReadOnlyAdmin):
    """What people could not use."""

    list_display = ("text", "page", "contact", "created_at", "sent_at")
    search_fields = ("text", "page", "contact")
