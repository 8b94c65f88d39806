"""Servers of the benchmarks' own, with the settings of `make up`, and a database for each figure.

Databases are migrated as the owner; this process, like the site, runs as a role that owns nothing.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

from itsam.platform.embedded import CHECKOUT, Services, services

FOLDER = CHECKOUT / "var" / "bench"
# Settings of whoever starts the benchmarks, which must not decide what is measured.
OUTSIDE = ("DATABASE_URL", "DATABASE_OWNER_URL", "BROKER_URL", "SECRET_KEY", "STATIC_ROOT", "FILES_ROOT", "EMAIL_FILE_PATH",
           "ITSAM_FAST", "ITSAM_DATABASE_ROLE", "ITSAM_VAR", "DEBUG")  # fmt: skip
PASSWORD = "password-of-the-benchmarks"

_running: list[Services] = []


@contextmanager
def running() -> Iterator[None]:
    """PostgreSQL and Valkey in var/bench with normal durability, and Django set up on them."""
    for name in OUTSIDE:
        os.environ.pop(name, None)
    with services(FOLDER) as found:
        _running.append(found)
        folders = {"STATIC_ROOT": "static", "FILES_ROOT": "files", "EMAIL_FILE_PATH": "mail"}
        os.environ.update({name: str(FOLDER / folder) for name, folder in folders.items()})
        os.environ.update(SECRET_KEY="benchmarks", DATABASE_URL=found.database_url, BROKER_URL=found.broker_url)
        os.environ.update(LOG_LEVEL="WARNING", DJANGO_SETTINGS_MODULE="itsam.settings")
        django.setup()
        try:
            yield
        finally:
            connection.close()
            _running.clear()


def find_services() -> Services:
    """The running servers."""
    return _running[0]


def use(database: str) -> None:
    """This process's connection goes to another database from now on."""
    connection.close()
    connection.settings_dict["NAME"] = database


def environment(database: str, *, owner: bool = False) -> dict[str, str]:
    """The settings of a process on one of the databases."""
    found = find_services()
    variables = {**os.environ, "DATABASE_URL": _url(found.database_url, database)}
    if owner:
        variables |= {"DATABASE_OWNER_URL": _url(found.owner_url, database), "ITSAM_DATABASE_ROLE": "owner"}
    return variables


def manage(database: str, *arguments: str, owner: bool = False) -> None:
    """Runs a command of manage.py on a database. Raises RuntimeError with what it printed."""
    command = [sys.executable, "manage.py", *arguments]
    variables = environment(database, owner=owner)
    done = subprocess.run(command, cwd=CHECKOUT, env=variables, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"manage.py {' '.join(arguments)} failed:\n{done.stdout}\n{done.stderr}")


def as_admin(database: str, *statements: str) -> None:
    """Runs statements as the superuser, outside what is timed."""
    with psycopg.connect(_url(find_services().admin_url, database), autocommit=True) as admin:
        for statement in statements:
            admin.execute(statement)


def make_empty_database(name: str, source: str = "template1") -> None:
    """A database anew, as a copy of `source`."""
    use(str(settings.SITE_DATABASE["NAME"]))
    names = {"name": sql.Identifier(name), "source": sql.Identifier(source)}
    with psycopg.connect(find_services().admin_url, autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {name} WITH (FORCE)").format(**names))
        admin.execute(sql.SQL("CREATE DATABASE {name} TEMPLATE {source} OWNER itsam_owner").format(**names))


def migrated() -> str:
    """The name of a migrated database without rows, made once a run."""
    if "migrated" not in _made:
        make_empty_database("migrated")
        as_admin("migrated", "ALTER SCHEMA public OWNER TO itsam_owner")
        manage("migrated", "migrate", "--noinput", owner=True)
        _made.add("migrated")
    return "migrated"


def with_demo() -> str:
    """The name of a database that holds the demo, made once a run."""
    if "demo" not in _made:
        make_empty_database("demo", migrated())
        manage("demo", "load_demo", "--password-file", str(password_file()))
        _made.add("demo")
    return "demo"


_made: set[str] = set()


def password_file() -> Path:
    """The file with the password of the demo's users."""
    path = FOLDER / "demo_password"
    path.write_text(PASSWORD)
    return path


def _url(url: str, database: str) -> str:
    return f"{url.rsplit('/', 1)[0]}/{database}"
