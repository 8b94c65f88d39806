"""Queries of what a reader sees, which are compiled once for each reader's roles."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from django.db.models import QuerySet

from objects.models.roles import assignments_of
from web.compiled import read_compiled

if TYPE_CHECKING:
    from accounts.models import User

Asked = ParamSpec("Asked")
Row = TypeVar("Row")


def compiled_for_reader(
    build: Callable[Concatenate[User, Asked], QuerySet[Any, Row]],
) -> Callable[Concatenate[User, Asked], list[Row]]:
    """Let a function that builds a queryset for a reader return its rows, as `compiled` does.

    What a reader sees follows from who it is and the roles held now; a reader who gets or loses one has another key.
    """

    @wraps(build)
    def read(user: User, /, *asked: Asked.args, **named: Asked.kwargs) -> list[Row]:
        return read_compiled((build, _access_of(user), *asked, *named.items()), lambda: build(user, *asked, **named))

    return read


def _access_of(user: User) -> Hashable:
    roles = (
        (held.role, held.governance_object_id, held.municipality_id, held.customer_id) for held in assignments_of(user)
    )
    return user.pk, frozenset(roles)
