"""What a database or a disk refuses that is nobody's mistake in the code: told apart, and tried once more where that helps.

PostgreSQL ends one of two transactions that wait for each other, and one that has waited for a lock too long. Nothing of it
is written, so it is done again, and most often nobody notices.
"""

from __future__ import annotations

import errno
import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import DataError, InterfaceError, OperationalError, connection
from psycopg import errors

Given = ParamSpec("Given")
Result = TypeVar("Result")

MET = (errors.DeadlockDetected, errors.LockNotAvailable)
# What a type can't hold, though it could be read: a number or a moment beyond its ends, a text nested too deep.
EDGES = (DataError, OverflowError, RecursionError)
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


def has_met_another(error: BaseException | None) -> bool:
    """Say whether a database error means that somebody else was changing the same."""
    return isinstance(error, OperationalError) and isinstance(error.__cause__, MET)


def is_busy(error: BaseException | None) -> bool:
    """Say the same, or that the database has stopped what took too long."""
    took_too_long = isinstance(error, OperationalError) and isinstance(error.__cause__, errors.QueryCanceled)
    return took_too_long or has_met_another(error)


def is_away(error: BaseException | None) -> bool:
    """Say whether the database can't be reached."""
    return isinstance(error, OperationalError | InterfaceError)


def is_beyond_a_type(error: BaseException | None) -> bool:
    """Say whether something was sent that can't be stored."""
    return isinstance(error, EDGES)


def is_full(error: BaseException | None) -> bool:
    """Say whether a disk has no room."""
    return isinstance(error, OSError) and error.errno in NO_ROOM


def try_twice(service: Callable[[], Result]) -> Result:
    """Do it, and once more if it met another change. Inside a transaction it is the whole that is done again."""
    if connection.in_atomic_block:
        return service()
    try:
        return service()
    except OperationalError as error:
        if not has_met_another(error):
            raise
    return service()


def retried(service: Callable[Given, Result]) -> Callable[Given, Result]:
    """A decorator of a service that is one transaction: `try_twice` at each call."""

    @functools.wraps(service)
    def wrapped(*args: Given.args, **kwargs: Given.kwargs) -> Result:
        return try_twice(functools.partial(service, *args, **kwargs))

    return wrapped
