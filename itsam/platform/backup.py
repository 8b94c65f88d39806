"""``make backup`` and ``make restore``: the database as one pg_dump file, beside it the stored files as a tar file
and the head of history, which shows later whether sealed history was made anew.

The trick: a restore goes into a database of another name, which takes the old one's name only when all went well.
"""

import argparse
import datetime
import fcntl
import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from itsam.platform.embedded import EmbeddedError, environment, var_folder
from itsam.platform.embedded_home import give_to_owner, open_lock, postgres_programs

HEAD = """SELECT jsonb_build_object('number', number, 'day', day, 'hash', hash, 'count', count, 'sealed_at', sealed_at)
FROM records_historydigest ORDER BY number DESC LIMIT 1"""


class BackupError(Exception):
    """Nothing was changed; the message says why."""


def main() -> None:
    """``python -m itsam.platform.backup save|restore [FILE]``."""
    parser = argparse.ArgumentParser(prog="itsam.platform.backup", description=__doc__)
    parser.add_argument("action", choices=["save", "restore"])
    parser.add_argument("file", nargs="?", type=Path)
    arguments = parser.parse_args()
    try:
        if arguments.action == "restore" and (arguments.file is None or not arguments.file.is_file()):
            raise BackupError(f"the file {arguments.file or 'FILE'} does not exist: make restore FILE=… CONFIRM=yes")
        with environment():
            owner_url = os.environ.get("DATABASE_OWNER_URL")
            if not owner_url:
                raise BackupError("the setting DATABASE_OWNER_URL is missing; backups are made as the owner.")
            _check_programs(owner_url)
            if arguments.action == "save":
                _save(owner_url, arguments.file or _new_file())
            else:
                _restore(owner_url, arguments.file.resolve())
    except (BackupError, EmbeddedError) as error:
        sys.exit(f"make {'backup' if arguments.action == 'save' else 'restore'}: {error}")


def _check_programs(owner_url: str) -> None:
    """Refuse servers before 17, which do not understand what our programs of PostgreSQL 18 restore."""
    with psycopg.connect(owner_url) as connection:
        server = connection.info.server_version // 10_000
    if server < 17 and not os.environ.get("POSTGRES_PROGRAMS"):
        raise BackupError(
            f"the server is PostgreSQL {server}, whose backups need the programs of its own version. Name their folder:"
            f" POSTGRES_PROGRAMS=/usr/lib/postgresql/{server}/bin. Nothing was changed."
        )


def _new_file() -> Path:
    return var_folder() / "backups" / f"itsam-{_now()}.dump"


def _save(owner_url: str, file: Path) -> None:
    """Write under another name first, so that a file with the right name is a whole one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(f"{file.name}.partial")
    partial.touch(mode=0o600)
    _save_head(owner_url, file.with_suffix(".head.json"))
    _run("pg_dump", owner_url, "--format=custom", f"--file={partial}")
    partial.replace(file)
    give_to_owner(file)
    print(f"Saved {file} ({file.stat().st_size:,} bytes)")
    stored = _stored_files()
    if stored.is_dir() and any(stored.iterdir()):
        with tarfile.open(_tar_of(file), "w") as tar:
            tar.add(stored, arcname=".")
        _tar_of(file).chmod(0o600)
        give_to_owner(_tar_of(file))
        print(f"Saved {_tar_of(file)}")


def _save_head(owner_url: str, file: Path) -> None:
    """Save what manage.py history_head prints; before the dump, so that what is restored has it."""
    with psycopg.connect(owner_url) as connection:
        known = connection.execute("SELECT to_regclass('public.records_historydigest') IS NOT NULL").fetchone()
        head = connection.execute(HEAD).fetchone() if known and known[0] else None
    if head is None:
        return
    file.touch(mode=0o600)
    file.write_text(json.dumps(head[0], indent=1) + "\n", encoding="utf-8")
    give_to_owner(file)
    print(f"Saved {file}")


def _restore(owner_url: str, file: Path) -> None:
    """Replace the database; with CONFIRM=yes only, when there is something in it."""
    with open_lock(var_folder(), "up.lock") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError("make up is running. Stop it first; nothing was changed.") from None
        if _count_tables(owner_url) and os.environ.get("CONFIRM") != "yes":
            raise BackupError(
                "the database is not empty. To replace it, run again with CONFIRM=yes. Nothing was changed."
            )
        name = str(conninfo_to_dict(owner_url)["dbname"])
        new, old = f"{name}_restored", f"{name}_replaced"
        with psycopg.connect(owner_url, dbname="postgres", autocommit=True) as connection:
            _execute(connection, "DROP DATABASE IF EXISTS {}", new)
            _execute(connection, "CREATE DATABASE {}", new)
            try:
                _run(
                    "pg_restore", owner_url, "--no-owner", "--exit-on-error", "--single-transaction", str(file), to=new
                )
                _execute(connection, "DROP DATABASE IF EXISTS {}", old)
                _execute(connection, "ALTER DATABASE {} RENAME TO {}", name, old)
            except (BackupError, psycopg.Error) as error:
                _execute(connection, "DROP DATABASE IF EXISTS {} WITH (FORCE)", new)
                raise BackupError(f"nothing was changed: {error}") from error
            _execute(connection, "ALTER DATABASE {} RENAME TO {}", new, name)
            _execute(connection, "DROP DATABASE {}", old)
        _restore_files(file)
    print(f"Restored {file}")


def _restore_files(file: Path) -> None:
    """Unpack beside the stored files of now first; keep those aside."""
    if not _tar_of(file).exists():
        return
    stored = _stored_files()
    new = stored.with_name(f"{stored.name}-restored-{_now()}")
    new.mkdir(parents=True)
    with tarfile.open(_tar_of(file)) as tar:
        if hasattr(tarfile, "data_filter"):  # Python 3.11.2 of Debian 12 has none
            tar.extraction_filter = tarfile.data_filter
        tar.extractall(new)
    if stored.exists():
        stored.rename(stored.with_name(f"{stored.name}-replaced-{_now()}"))
    new.rename(stored)


def _now() -> str:
    return f"{datetime.datetime.now(datetime.UTC):%Y%m%dT%H%M%SZ}"


def _run(program: str, url: str, *arguments: str, to: str | None = None) -> None:
    """Run one of PostgreSQL's programs; the password goes by the environment, not on the command line."""
    parts = conninfo_to_dict(url)
    password = str(parts.pop("password", ""))
    target = make_conninfo("", **(parts | ({"dbname": to} if to else {})))
    programs = Path(os.environ.get("POSTGRES_PROGRAMS") or postgres_programs())
    command = [str(programs / program), *arguments, f"--dbname={target}"]
    done = subprocess.run(command, env={**os.environ, "PGPASSWORD": password}, capture_output=True, text=True)
    if done.returncode:
        raise BackupError(f"{program} failed: {done.stderr.strip()}")


def _execute(connection: psycopg.Connection[tuple[object, ...]], statement: str, *names: str) -> None:
    connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _count_tables(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    return int(row[0]) if row else 0


def _stored_files() -> Path:
    return Path(os.environ["FILES_ROOT"])


def _tar_of(file: Path) -> Path:
    return file.with_suffix(".files.tar")


if __name__ == "__main__":
    main()
