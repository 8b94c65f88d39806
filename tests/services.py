"""Servers and databases of the tests' own, in a folder of their own, also beside a running `make up`.

A pytest plugin. The trick: migrations and the demo are loaded once into template databases named by what made them;
every test process, and every test that commits, gets a copy, which PostgreSQL makes in a moment. Tests run as the
site's role, as the site does.
"""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext, redirect_stderr, redirect_stdout
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from django.core.management import execute_from_command_line
from django.db import connection
from django.test.utils import override_settings
from psycopg import sql

from itsam.platform.embedded import CHECKOUT, Services, services

MEMORY, NEEDED_BYTES = Path("/dev/shm"), 2 * 10**9


def _choose_folder() -> Path:
    """In memory where there is enough of it: a copy of a database takes a fifteenth of the time there."""
    if named := os.environ.get("ITSAM_TEST_VAR"):
        return Path(named)
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > NEEDED_BYTES:
        return MEMORY / f"itsam-test-{hashlib.sha256(str(CHECKOUT).encode()).hexdigest()[:12]}"
    return CHECKOUT / "var" / "test"


FOLDER = _choose_folder()
APPS = (
    "accounts",
    "records",
    "objects",
    "budgets",
    "pricing",
    "investments",
    "forecasts",
    "invoices",
    "reports",
    "engine",
    "itsam",
)
# What only pages and tests use: a change there leaves the demo as it is.
NO_PART_OF_THE_DEMO = {
    "admin.py", "api.py", "filters.py", "forms.py", "middleware.py", "tables.py", "tests", "urls.py", "views", "views.py", "web",
}  # fmt: skip
DEMO_PASSWORD = "demo-password-of-the-tests"

_stack = ExitStack()
atexit.register(_stack.close)


def _keep_bytecode() -> None:
    """Each run and each process of the site would compile all sources anew, though the environment asks for it."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


def _start() -> Services:
    _keep_bytecode()
    os.environ["ITSAM_FAST"] = "1"
    found = _stack.enter_context(services(FOLDER))
    os.environ.update(
        SECRET_KEY="tests", DATABASE_URL=found.database_url, BROKER_URL=found.broker_url, STATIC_ROOT=str(FOLDER / "static"),
        EMAIL_FILE_PATH=str(FOLDER / "mail"), FILES_ROOT=str(FOLDER / "files"),
    )  # fmt: skip
    os.environ.pop("DATABASE_OWNER_URL", None)
    os.environ.pop("ITSAM_DATABASE_ROLE", None)
    return found


SERVERS = _start()


def url_of(url: str, database: str) -> str:
    """The same server and role, another database."""
    return f"{url.rsplit('/', 1)[0]}/{database}"


def environment(database: str) -> dict[str, str]:
    """The settings of a process on one of the tests' databases."""
    return {**os.environ, "DATABASE_URL": url_of(SERVERS.database_url, database)}


def manage(database: str, *arguments: str, owner: bool = False) -> subprocess.CompletedProcess[str]:
    """Runs a command of manage.py on a database."""
    return run_python(database, "manage.py", *arguments, owner=owner)


def run_python(database: str, *arguments: str, owner: bool = False) -> subprocess.CompletedProcess[str]:
    """Runs a script or module in a process of its own, whose site is on a database."""
    variables = environment(database)
    if owner:
        variables |= {"DATABASE_OWNER_URL": url_of(SERVERS.owner_url, database), "ITSAM_DATABASE_ROLE": "owner"}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=CHECKOUT, env=variables, capture_output=True, text=True, check=False)


@contextmanager
def _as_owner() -> Iterator[None]:
    """This process connects as the owner for a while, and is told so by its settings."""
    owner, given = urlsplit(SERVERS.owner_url), connection.settings_dict
    before = {name: given[name] for name in ("USER", "PASSWORD")}
    connection.close()
    given.update(USER=owner.username, PASSWORD=owner.password)
    try:
        with override_settings(DATABASE_ROLE="owner"):
            yield
    finally:
        connection.close()
        given.update(before)


def manage_here(database: str, *arguments: str, owner: bool = False) -> subprocess.CompletedProcess[str]:
    """Runs a command in this process, on the database that it is connected to; the answer is that of `manage`.

    A process of its own takes two seconds to begin; it is for what depends on how one begins.
    """
    assert connection.settings_dict["NAME"] == database
    out, err, status = io.StringIO(), io.StringIO(), 0
    with redirect_stdout(out), redirect_stderr(err), _as_owner() if owner else nullcontext():
        try:
            execute_from_command_line(["manage.py", *arguments])
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 1
    return subprocess.CompletedProcess(["manage.py", *arguments], status, out.getvalue(), err.getvalue())


def copy_database(source: str, target: str) -> None:
    """Makes `target` anew as a copy of `source`."""
    names = {"source": sql.Identifier(source), "target": sql.Identifier(target)}
    with psycopg.connect(SERVERS.admin_url, autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {target} WITH (FORCE)").format(**names))
        statement = "CREATE DATABASE {target} TEMPLATE {source} OWNER itsam_owner STRATEGY FILE_COPY"
        admin.execute(sql.SQL(statement).format(**names))


def drop_database(name: str) -> None:
    """Drops a database and whoever is still connected to it."""
    with psycopg.connect(SERVERS.admin_url, autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def temporary_database(name: str, source: str) -> Iterator[str]:
    """A copy of a template for as long as it is needed."""
    copy_database(source, name)
    try:
        yield name
    finally:
        drop_database(name)


def empty_template() -> str:
    """The name of a migrated database without rows."""
    files = [path for app in APPS for path in (CHECKOUT / app).rglob("migrations/*.py")]
    files += [CHECKOUT / "itsam" / "platform" / "grants.py", CHECKOUT / "requirements.txt"]
    return _template("empty", files, "template1", [("migrate", "--noinput")], owner=True)


def demo_template() -> str:
    """The name of a database that holds the demo."""
    files = [path for app in APPS for ending in ("*.py", "*.csv") for path in (CHECKOUT / app).rglob(ending)]
    sources = [path for path in files if not NO_PART_OF_THE_DEMO & set(path.relative_to(CHECKOUT).parts)]
    password = FOLDER / "demo_password"
    password.write_text(DEMO_PASSWORD)
    return _template("demo", sources, empty_template(), [("load_demo", "--password-file", str(password))], owner=False)


def _template(kind: str, files: list[Path], source: str, commands: list[tuple[str, ...]], *, owner: bool) -> str:
    digest = hashlib.sha256(source.encode())
    for path in sorted(files):
        digest.update(path.read_bytes())
    name = f"{kind}_{digest.hexdigest()[:12]}"
    with (FOLDER / f"{kind}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _exists(name):
            _make(kind, name, source, commands, owner=owner)
    return name


def _exists(name: str) -> bool:
    with psycopg.connect(SERVERS.admin_url) as admin:
        return admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def _make(kind: str, name: str, source: str, commands: list[tuple[str, ...]], *, owner: bool) -> None:
    """Made under another name first, so that a template that was cut short is never taken for whole."""
    with psycopg.connect(SERVERS.admin_url, autocommit=True) as admin:
        old = admin.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{kind}\\_%"]).fetchall()
    for (database,) in old:
        drop_database(database)
    unfinished = f"making_{name}"
    copy_database(source, unfinished)
    if owner:
        with psycopg.connect(url_of(SERVERS.admin_url, unfinished), autocommit=True) as admin:
            admin.execute("ALTER SCHEMA public OWNER TO itsam_owner")
    for command in commands:
        done = manage(unfinished, *command, owner=owner)
        if done.returncode:
            raise RuntimeError(f"manage.py {' '.join(command)} failed:\n{done.stdout}\n{done.stderr}")
    with psycopg.connect(SERVERS.admin_url, autocommit=True) as admin:
        admin.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(unfinished), sql.Identifier(name))
        )
