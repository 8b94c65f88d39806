"""Reads of users."""

import uuid
from typing import Any

from accounts.models import User, UserQuerySet, clean_address


def visible_to(user: Any) -> UserQuerySet:
    """Return the users that `user` may see."""
    found: UserQuerySet = User.objects.visible_to(user)
    return found


def get_user(public_id: uuid.UUID) -> User:
    """Return the user with this public id. User.DoesNotExist when there is none."""
    found: User = User.objects.get(uuid=public_id)
    return found


def find_by_email(email: str) -> User | None:
    """Return the user with this address, in any case, or None."""
    found: User | None = User.objects.filter(email=clean_address(email)).first()
    return found
