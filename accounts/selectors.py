"""Reads of users."""

import uuid

from django.contrib.auth.models import AnonymousUser

from accounts.models import User, UserQuerySet, clean_address


def visible_to(user: User | AnonymousUser) -> UserQuerySet:
    """Return the users that `user` may see."""
    users: UserQuerySet = User.objects.visible_to(user)
    return users


def get_user(public_id: uuid.UUID) -> User:
    """Return the user with this public id. User.DoesNotExist when there is none."""
    user: User = User.objects.get(uuid=public_id)
    return user


def find_by_email(email: str) -> User | None:
    """Return the user with this address, in any case, or None."""
    user: User | None = User.objects.filter(email=clean_address(email)).first()
    return user
