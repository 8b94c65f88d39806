"""Writes of users, and who may sign in from where."""

import ipaddress
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError

from accounts.models import User, clean_address

FORWARDED = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP")


def create_user(*, email: str, name: str, password: str | None = None, **fields: Any) -> User:
    """Make and return a user. ValidationError when the address is no address or is taken."""
    user = User(email=clean_address(email), name=name, **fields)
    user.set_password(password)
    user.full_clean(exclude=["password"])
    user.save()
    return user


def update_profile(user: User, *, name: str, language: str) -> None:
    """Save what people may change about themselves. ValidationError for an empty name or an unknown language."""
    user.name, user.language = name, language
    user.clean_fields(exclude=["password"])
    user.save(update_fields=["name", "language"])


def choose_language(user: User, *, language: str) -> None:
    """Remember the language a user chose. ValidationError for one the site does not have."""
    if language not in dict(settings.LANGUAGES):
        raise ValidationError({"language": f"unknown language {language!r}"})
    user.language = language
    user.save(update_fields=["language"])


def may_sign_in_from(user: User, *, meta: Mapping[str, object]) -> bool:
    """Say whether `user` may sign in by a request with this META: demo users only on the computer itself.

    A forwarded request comes from elsewhere even when the proxy that forwards it is local.
    """
    if not user.is_demo:
        return True
    if any(meta.get(header) for header in FORWARDED):
        return False
    try:
        address = ipaddress.ip_address(str(meta.get("REMOTE_ADDR", "")))
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback
