"""Embedded servers: shared by their users, stopped by the last, harmless in every bad case. Own folders, no Django."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from itsam.platform import embedded
from itsam.platform.embedded import CHECKOUT, EmbeddedError, services
from itsam.platform.embedded_home import find_home
from itsam.platform.embedded_servers import find_process

USER = "import sys; from pathlib import Path; from itsam.platform.embedded import services\n"
USER += "with services(Path(sys.argv[1])) as servers: print(servers.database_url, flush=True); sys.stdin.read()"


@pytest.fixture(scope="module")
def made_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One folder for the module, so that initdb runs once."""
    folder = tmp_path_factory.mktemp("embedded") / "var"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ITSAM_FAST", "1")
        yield folder
        embedded.remove(folder)


@pytest.fixture
def folder(made_folder: Path) -> Iterator[Path]:
    """The module's folder; every test must leave it with nothing running."""
    yield made_folder
    assert running(made_folder) == []


def running(folder: Path) -> list[str]:
    home = find_home(folder)
    return [name for name in ("postgres", "valkey") if find_process(home, name)]


def start_user(folder: Path) -> subprocess.Popen[str]:
    """Another process that uses the servers until its input ends."""
    user = subprocess.Popen(
        [sys.executable, "-c", USER, str(folder)],
        cwd=CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert user.stdout and user.stdout.readline().startswith("postgresql://")
    return user


def ask(url: str, statement: str) -> object:
    with psycopg.connect(url) as connection:
        cursor = connection.execute(statement)
        row = cursor.fetchone() if cursor.description else None
    return row[0] if row else None


def pid_of(folder: Path, name: str) -> int:
    pid = find_process(find_home(folder), name)
    assert pid
    return pid


def test_servers_run_while_used_and_keep_what_was_written(folder: Path) -> None:
    with services(folder) as servers:
        assert running(folder) == ["postgres", "valkey"]
        ask(servers.owner_url, "CREATE TABLE kept (a int)")
    assert running(folder) == []
    with services(folder) as servers:
        assert ask(servers.owner_url, "SELECT count(*) FROM kept") == 0


def test_the_site_role_owns_nothing_and_creates_nothing(folder: Path) -> None:
    with services(folder, broker=False) as servers:
        assert running(folder) == ["postgres"] and not servers.broker_url
        for statement in ("CREATE TABLE own (a int)", "CREATE DATABASE own", "CREATE ROLE own"):
            with (
                pytest.raises(psycopg.errors.InsufficientPrivilege),
                psycopg.connect(servers.database_url) as connection,
            ):
                connection.autocommit = True
                connection.execute(statement)
        rights = "SELECT rolsuper OR rolcreaterole OR rolcreatedb FROM pg_roles WHERE rolname = current_user"
        assert ask(servers.database_url, rights) is False


def test_two_users_share_and_the_last_one_stops(folder: Path) -> None:
    user = start_user(folder)
    before = pid_of(folder, "postgres")
    with services(folder) as servers:
        assert pid_of(folder, "postgres") == before
        user.communicate()
        assert ask(servers.database_url, "SELECT 1") == 1
    assert running(folder) == []


def test_a_killed_user_is_not_counted(folder: Path) -> None:
    user = start_user(folder)
    user.kill()
    user.communicate()
    assert running(folder) == ["postgres", "valkey"]
    with services(folder):
        pass
    assert running(folder) == []


def test_killed_servers_are_started_again(folder: Path) -> None:
    with services(folder):
        for name in ("postgres", "valkey"):
            os.kill(pid_of(folder, name), signal.SIGKILL)
        while running(folder):
            time.sleep(0.05)
        with services(folder) as servers:
            assert ask(servers.database_url, "SELECT 1") == 1


def test_a_stale_pid_file_that_names_another_process_is_no_obstacle(folder: Path) -> None:
    with services(folder):
        pass
    home = find_home(folder)
    owner = home.data.stat()
    other = subprocess.Popen(["sleep", "60"], **({"user": owner.st_uid} if os.geteuid() == 0 else {}))  # type: ignore[call-overload]
    try:
        (home.data / "postmaster.pid").write_text(f"{other.pid}\n{home.data}\n0\n0\n\n\n\n")
        os.chown(home.data / "postmaster.pid", owner.st_uid, owner.st_gid)
        with services(folder) as servers:
            assert ask(servers.database_url, "SELECT 1") == 1
    finally:
        other.kill()
        other.wait()


def test_a_taken_port_is_exchanged(folder: Path) -> None:
    with services(folder):
        pass
    before = json.loads((folder / "ports.json").read_text())
    with socket.socket() as first, socket.socket() as second:
        for probe, port in ((first, before["postgres"]), (second, before["valkey"])):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            probe.listen()
        with services(folder) as servers:
            assert ask(servers.database_url, "SELECT 1") == 1
    after = json.loads((folder / "ports.json").read_text())
    assert not set(before.values()) & set(after.values())


def test_data_of_another_postgresql_is_refused_unharmed(folder: Path) -> None:
    with services(folder):
        pass
    version = find_home(folder).data / "PG_VERSION"
    ours = version.read_text()
    version.write_text("17\n")
    try:
        with (
            pytest.raises(EmbeddedError, match=r"PostgreSQL 17.*Nothing was changed.*make backup.*make restore"),
            services(folder),
        ):
            pass
        assert version.read_text() == "17\n"
    finally:
        version.write_text(ours)
    with services(folder) as servers:
        assert ask(servers.database_url, "SELECT 1") == 1


def test_a_server_that_cannot_start_shows_its_log_and_leaves_nothing(folder: Path) -> None:
    with services(folder):
        pass
    settings = find_home(folder).data / "postgresql.auto.conf"
    before = settings.read_text()
    settings.write_text("no_such_setting = 1\n")
    try:
        with pytest.raises(EmbeddedError, match="no_such_setting"), services(folder):
            pass
    finally:
        settings.write_text(before)


def test_a_folder_in_use_is_not_removed(folder: Path) -> None:
    with services(folder) as servers:
        with pytest.raises(EmbeddedError, match="in use"):
            embedded.remove(folder)
        assert ask(servers.database_url, "SELECT 1") == 1


def test_secrets_are_private(folder: Path) -> None:
    with services(folder) as servers:
        pass
    file = folder / "passwords.json"
    assert file.stat().st_mode & 0o777 == 0o600
    passwords = json.loads(file.read_text())
    assert len(set(passwords.values())) == 4 and all(len(password) >= 24 for password in passwords.values())
    assert passwords["site"] in servers.database_url
    assert find_home(folder).data.stat().st_mode & 0o777 == 0o700
