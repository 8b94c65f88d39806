"""PostgreSQL and Valkey for one machine: whoever needs them first starts them, whoever leaves last stops them.

The trick: every user holds a shared lock on ``users.lock``, which the kernel drops even after ``kill -9``, so there is
no count that can go wrong; whoever gets that lock for itself alone was the last. ``start.lock`` makes starting and
stopping one at a time. Standard library and psycopg only, no Django.
"""

import contextlib
import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from itsam.platform.embedded_home import (
    EmbeddedError,
    Home,
    find_home,
    find_passwords,
    find_ports,
    keep_secret,
    make_folder,
    open_lock,
)
from itsam.platform.embedded_servers import (
    find_process,
    postgres_url,
    start_postgres,
    start_valkey,
    stop_servers,
    valkey_url,
)
from itsam.platform.secret_files import SecretFileError, read_secret_files

__all__ = ["CHECKOUT", "EmbeddedError", "Run", "Services", "environment", "remove", "services", "var_folder"]

CHECKOUT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Services:
    """Where the servers are: the site's role owns nothing, the owner migrates, the admin is the superuser."""

    database_url: str
    owner_url: str
    admin_url: str
    broker_url: str
    folder: Path


def var_folder() -> Path:
    """Return the folder of everything that is made while running: ITSAM_VAR, or var/ in the checkout."""
    return Path(os.environ.get("ITSAM_VAR") or CHECKOUT / "var").resolve()


@contextlib.contextmanager
def services(folder: Path | None = None, *, postgres: bool = True, broker: bool = True) -> Iterator[Services]:
    """Run both servers, or one, until the last user of the folder has left. EmbeddedError if one cannot run."""
    home = find_home((folder or var_folder()).resolve())
    with _locked(home, "start.lock"):
        users = open_lock(home.folder, "users.lock")
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            servers = _start(home, postgres=postgres, broker=broker)
        except BaseException:
            _leave(home, users)
            raise
    try:
        yield servers
    finally:
        with _locked(home, "start.lock"):
            _leave(home, users)


@dataclass(frozen=True)
class Run:
    """What a command runs with: its folder, and which servers are embedded ones."""

    folder: Path
    postgres: bool
    broker: bool

    def revive(self) -> list[str]:
        """Start again whichever embedded server has died; return the names of those that had."""
        home = find_home(self.folder)
        wanted = {"postgres": self.postgres, "valkey": self.broker}
        dead = [name for name, is_wanted in wanted.items() if is_wanted and find_process(home, name) is None]
        ports = find_ports(home)
        if dead:
            with _locked(home, "start.lock"):
                _start(home, postgres="postgres" in dead, broker="valkey" in dead)
        if find_ports(home) != ports:
            raise EmbeddedError(f"Somebody else took the port of {' and '.join(dead)}. Start again to use another one.")
        return dead


@contextlib.contextmanager
def environment() -> Iterator[Run]:
    """Return the settings' variables for one run: those of ``.env``, then embedded servers for what is left."""
    _read_env_file(CHECKOUT / ".env")
    try:
        read_secret_files()
    except SecretFileError as error:
        raise EmbeddedError(str(error)) from None
    folder = var_folder()
    run = Run(folder, postgres=not os.environ.get("DATABASE_URL"), broker=not os.environ.get("BROKER_URL"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "itsam.settings")
    for name, part in {"STATIC_ROOT": "static", "FILES_ROOT": "files", "EMAIL_FILE_PATH": "mail"}.items():
        os.environ.setdefault(name, str(folder / part))
    if not run.postgres and not run.broker:
        make_folder(folder)
        yield run
        return
    with services(folder, postgres=run.postgres, broker=run.broker) as servers:
        if run.postgres:
            os.environ |= {"DATABASE_URL": servers.database_url, "DATABASE_OWNER_URL": servers.owner_url}
            if not os.environ.get("SECRET_KEY"):
                os.environ["SECRET_KEY"] = keep_secret(folder / "secret_key", secrets.token_urlsafe(50))
        if run.broker:
            os.environ["BROKER_URL"] = servers.broker_url
        yield run


def remove(folder: Path) -> None:
    """Delete a folder with its servers' data, stopping them; refused while somebody uses it."""
    home = find_home(folder.resolve())
    with _locked(home, "start.lock"), contextlib.closing(open_lock(home.folder, "users.lock")) as users:
        if not _is_only_user(users):
            raise EmbeddedError(f"{folder} is in use; nothing was removed.")
        stop_servers(home)
        shutil.rmtree(home.place, ignore_errors=True)
        shutil.rmtree(home.folder, ignore_errors=True)


def _start(home: Home, *, postgres: bool, broker: bool) -> Services:
    if postgres:
        start_postgres(home)
    if broker:
        start_valkey(home)
    passwords = find_passwords(home)
    return Services(
        database_url=postgres_url(home, "itsam_site", passwords["site"]) if postgres else "",
        owner_url=postgres_url(home, "itsam_owner", passwords["owner"]) if postgres else "",
        admin_url=postgres_url(home, "postgres", passwords["admin"]) if postgres else "",
        broker_url=valkey_url(home) if broker else "",
        folder=home.folder,
    )


@contextlib.contextmanager
def _locked(home: Home, name: str) -> Iterator[None]:
    with open_lock(home.folder, name) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
        fcntl.flock(file, fcntl.LOCK_UN)


def _is_only_user(users: IO[str]) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _leave(home: Home, users: IO[str]) -> None:
    """Called under start.lock. Unlocks by hand: a forked child may still hold the file open."""
    try:
        if _is_only_user(users):
            stop_servers(home)
    finally:
        fcntl.flock(users, fcntl.LOCK_UN)
        users.close()


def _read_env_file(path: Path) -> None:
    """Load KEY=VALUE lines; what the real environment says stays."""
    for line in path.read_text().splitlines() if path.exists() else ():
        key, equals, value = line.partition("=")
        if equals and not line.lstrip().startswith("#"):
            os.environ.setdefault(key.strip(), value.strip().strip("\"'"))
