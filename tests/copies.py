"""Databases that one test process works in: copies of templates, to which it turns and from which it comes back."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, connections

from tests import services


def use(name: str) -> None:
    """Turn this process to another database."""
    connections.close_all()
    connection.settings_dict["NAME"] = name


@contextmanager
def using(name: str) -> Iterator[None]:
    """Work in another database for a while."""
    previous = str(connection.settings_dict["NAME"])
    use(name)
    try:
        yield
    finally:
        use(previous)


@contextmanager
def copy_of(template: str) -> Iterator[str]:
    """Work in a copy of a template, which is gone afterwards."""
    with services.temporary_database(f"copy_{uuid.uuid4().hex[:12]}", template) as name, using(name):
        yield name


@contextmanager
def template_of(kind: str, prepare: Callable[[str], None]) -> Iterator[str]:
    """A template of this process: the demo, and what `prepare` did to it."""
    with services.temporary_database(f"{kind}_{os.getpid()}", services.demo_template()) as name:
        with using(name):
            prepare(name)
        yield name
