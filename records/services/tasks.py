"""Giving tasks and ticking them off. Who may be asked to do something is decided by the app of the page."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from records.models import Task
from records.reasons import Reason
from records.selectors.collaboration import can_change_task
from records.services import change

if TYPE_CHECKING:
    from accounts.models import User


def add_task(*, page: str, about: UUID, text: str, to: User, due_on: date | None, by: User) -> Task:
    """Ask `to` to do something."""
    with change(by=by.email, reason=Reason.GIVE_TASK):
        return Task.objects.create(page=page, about=about, text=text, to=to, due_on=due_on, made_by=by)


def change_task(task: Task, *, text: str, to: User, due_on: date | None, by: User) -> bool:
    """Change a task; return whether it is another's now. PermissionDenied unless `by` gave it and it is not done."""
    with change(by=by.email, reason=Reason.CHANGE_TASK):
        current = _lock(task, by)
        is_moved = current.to_id != to.pk
        current.text, current.to, current.due_on = text, to, due_on
        current.save(update_fields=["text", "to", "due_on"])
    return is_moved


def end_task(task: Task, *, by: User) -> None:
    """Take a task back, which nobody has to do any more; history keeps it. PermissionDenied as above."""
    with change(by=by.email, reason=Reason.END_TASK):
        _lock(task, by).delete()


def _lock(task: Task, by: User) -> Task:
    current: Task | None = Task.objects.select_for_update().filter(pk=task.pk).first()
    if current is None or not can_change_task(current, by):
        raise PermissionDenied
    return current


def finish_task(task: Task, *, by: User) -> None:
    """Tick a task off; once is enough."""
    with change(by=by.email, reason=Reason.TASK_IS_DONE):
        Task.objects.filter(pk=task.pk, done_at=None).update(done_at=timezone.now())


def reopen_task(task: Task, *, by: User) -> None:
    """Take back that a task is done."""
    with change(by=by.email, reason=Reason.TASK_IS_NOT_DONE):
        Task.objects.filter(pk=task.pk).update(done_at=None)
