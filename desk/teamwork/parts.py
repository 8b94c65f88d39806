"""What the parts of a sub-budget's page that people write together need, on that page and on pages of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from budgets.selectors.collaboration import (
    can_read,
    can_write,
    load_attachments,
    load_comment_counts,
    load_discussion,
    load_page_tasks,
    read_people,
)
from budgets.selectors.sub_budgets import can_edit
from desk.sub_budget.rows import say_comments
from records.forms import AttachmentForm, CommentForm, TaskForm

if TYPE_CHECKING:
    from accounts.models import User
    from budgets.models import SubBudget
    from budgets.selectors.collaboration import Subject
    from web.views import Context


def collaboration_context(sub_budget: SubBudget, reader: User) -> Context:
    """Return what the page of a sub-budget needs for `budgets/collaboration.html`."""
    shown = {"can_edit_changes": can_edit(reader, sub_budget)}
    if not can_read(reader):
        return shown
    people = read_people()
    return {
        **shown,
        **comments_context(sub_budget, reader, people),
        **files_context(sub_budget, reader),
        **tasks_context(sub_budget, reader, people),
    }


def comments_context(
    sub_budget: SubBudget,
    reader: User,
    people: list[User],
    *,
    subject: Subject | None = None,
    beside: str = "",
    **shown: object,
) -> Context:
    """Return the comments, of the whole page or about one `subject`, and an empty form; `beside` begins their ids."""
    return {
        "beside": beside,
        "counted": say_comments(load_comment_counts(sub_budget, reader)).get(subject.about)
        if subject and beside
        else None,
        "discussion": load_discussion(sub_budget, reader, subject.about if subject else None),
        "subject": subject,
        "can_comment": can_write(reader),
        "comment_form": CommentForm(people=people, key=f"{beside}new"),
        "comments_query": f"?about={subject.about}{'&beside=1' if beside else ''}" if subject else "",
        **shown,
    }


def files_context(sub_budget: SubBudget, reader: User, subject: Subject | None = None, **shown: object) -> Context:
    """Return the attachments, of the whole page or about one `subject`, and an empty form."""
    return {
        "files": load_attachments(sub_budget, reader, subject.about if subject else None),
        "can_attach": can_write(reader),
        "file_form": AttachmentForm(),
        "files_query": f"?about={subject.about}" if subject else "",
        **shown,
    }


def tasks_context(
    sub_budget: SubBudget, reader: User, people: list[User], subject: Subject | None = None, **shown: object
) -> Context:
    """Return the tasks about a sub-budget, and an empty form for one about it or a `subject`."""
    own = {"page_tasks": load_page_tasks(sub_budget, reader), "task_form": TaskForm(people=people)}
    query = f"?about={subject.about}" if subject else ""
    return {**own, "tasks_query": query, "can_give_tasks": can_write(reader), **shown}
