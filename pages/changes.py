"""What has been done with one row, with the names of those who did it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from accounts.models import User
from objects.models.roles import FEDERATION_ROLES, roles_of
from pages.authors import say_author
from records.changes import RowChanges, list_changes

if TYPE_CHECKING:
    from django.db.models import Model


def load_changes(user: User, row: Model, parts: type[Model] | None = None) -> RowChanges:
    """Return the changes of a row and of its parts.

    Those outside the federation get none: changes show drafts, and the people who wrote them.
    """
    if not roles_of(user) & FEDERATION_ROLES:
        return RowChanges([])
    changes = list_changes(row, parts)
    if not changes:
        return changes
    authors = {change.by for change in changes.rows}
    people = dict(User.objects.filter(email__in=authors).exclude(name="").values_list("email", "name"))
    return replace(
        changes,
        rows=[
            replace(change, by=say_author(change.by, people.get(change.by, ""), inside=True)) for change in changes.rows
        ],
    )
