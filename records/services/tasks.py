"""Giving tasks and ticking them off. Who may be asked to do something is decided by the app of the page."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from records.models import Task
from records.reasons import Reason
from records.services import change

if TYPE_CHECKING:
    from accounts.models import User


def add_task(*, page: str, about: UUID, text: str, to: User, due_on: date | None, by: User) -> Task:
    """Ask `to` to do something."""
    with change(by=by.email, reason=Reason.GIVE_TASK):
        return Task.objects.create(page=page, about=about, text=text, to=to, due_on=due_on, made_by=by)


def finish_task(task: Task, *, by: User) -> None:
    """Tick a task off; once is enough."""
    with change(by=by.email, reason=Reason.TASK_IS_DONE):
        Task.objects.filter(pk=task.pk, done_at=None).update(done_at=timezone.now())


def reopen_task(task: Task, *, by: User) -> None:
    """Take back that a task is done."""
    with change(by=by.email, reason=Reason.TASK_IS_NOT_DONE):
        Task.objects.filter(pk=task.pk).update(done_at=None)
