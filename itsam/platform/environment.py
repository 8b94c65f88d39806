"""Reads settings from the environment; a missing or wrong one stops the start with its name.

No value of a setting that may hold a secret is ever part of a message.
"""

import datetime
import ipaddress
import os
from collections.abc import Mapping
from typing import cast

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

SECRET_KEY_LENGTH = 50


def env(name: str, default: str | None = None) -> str:
    """Return the setting `name`, or its default; without a default it must be set."""
    value = os.environ.get(name, "")
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(
            f"The setting {name} is missing. Set it in the environment or in .env (see .env.example)."
        )
    return default


def env_flag(name: str, default: str = "0") -> bool:
    """Return a yes-or-no setting; anything but 1 and 0 is refused."""
    return env_choice(name, default, ("1", "0")) == "1"


def env_choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    """Return a setting with few values."""
    value = env(name, default)
    if value not in choices:
        *others, last = choices
        raise ImproperlyConfigured(f"The setting {name} is {value!r}. Use {', '.join(others)} or {last}.")
    return value


def env_number(name: str, default: int) -> int:
    """Return a whole number, zero or more."""
    value = env(name, str(default))
    if not (value.isascii() and value.isdecimal()):
        raise ImproperlyConfigured(f"The setting {name} is {value!r}. Use a whole number such as {default}.")
    return int(value)


def env_list(name: str, default: str) -> list[str]:
    """Return a comma-separated setting."""
    return [part.strip() for part in env(name, default).split(",") if part.strip()]


def database(name: str) -> dict[str, object]:
    """Return a PostgreSQL connection from the URL in setting `name`; a server that is silent for 5 seconds is away."""
    url = env(name)
    if not url.startswith(("postgres://", "postgresql://")):
        raise ImproperlyConfigured(
            f"The setting {name} must start with postgresql://, it starts with {url.split(':')[0]}:."
        )
    try:
        connection = dj_database_url.parse(url, conn_max_age=600)
    except ValueError:
        connection = {}
    if not connection.get("NAME") or not connection.get("USER"):
        raise ImproperlyConfigured(
            f"The setting {name} must name user and database: postgresql://user:password@host:5432/database."
            " Write special characters of the password as %XX."
        )
    # Django switches prepared statements off; with the driver's own default those that ask for it are kept planned.
    options = {"connect_timeout": 5, "prepare_threshold": 5, **connection.get("OPTIONS", {})}
    return {**connection, "CONN_HEALTH_CHECKS": True, "OPTIONS": options}


# How long the site waits for others, in seconds: for a lock, for one statement, and within a transaction that does nothing.
# A job may take its whole time; nobody who waits for a page does.
WEB_WAITS = {"lock_timeout": 5, "statement_timeout": 60, "idle_in_transaction_session_timeout": 60}
WORKER_WAITS = {"lock_timeout": 30, "statement_timeout": 600, "idle_in_transaction_session_timeout": 600}


def bounded(connection: dict[str, object], waits: Mapping[str, int]) -> dict[str, object]:
    """Return a connection that waits no longer than told, and reads no other schema, whatever its role is set to."""
    options = dict(cast("Mapping[str, object]", connection["OPTIONS"]))
    said = " ".join(["-c search_path=public", *(f"-c {name}={seconds}s" for name, seconds in waits.items())])
    return {**connection, "OPTIONS": {**options, "options": f"{said} {options.get('options', '')}".strip()}}


def allowed_hosts() -> list[str]:
    """Return the names the site answers to, this machine's when none is set. A name for everything is refused."""
    hosts = env_list("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
    for host in hosts:
        if "*" in host or "/" in host or (":" in host and not host.startswith("[")):
            raise ImproperlyConfigured(
                f"The setting ALLOWED_HOSTS has {host!r}. Use names without https://, port or *: budget.example.org."
            )
    return hosts


def trusted_origins(hosts: list[str], *, secure: bool) -> list[str]:
    """Return where forms may come from: what is set, or in production the allowed hosts by https."""
    origins = env_list("CSRF_TRUSTED_ORIGINS", "")
    for origin in origins:
        if not origin.startswith("https://" if secure else ("https://", "http://")):
            raise ImproperlyConfigured(
                f"The setting CSRF_TRUSTED_ORIGINS has {origin!r}. Use addresses such as https://budget.example.org."
            )
    if origins or not secure:
        return origins
    return [
        f"https://*{host}" if host.startswith(".") else f"https://{host}" for host in hosts if not is_loopback(host)
    ]


def site_url(hosts: list[str], *, secure: bool) -> str:
    """Return where people reach the site, for links in mail: what is set, or the first name that others reach."""
    default = f"http://127.0.0.1:{env('PORT', '8000')}"
    if secure:
        default = next(f"https://{host.lstrip('.')}" for host in hosts if not is_loopback(host))
    url = env("SITE_URL", default).rstrip("/")
    if not url.startswith("https://" if secure else ("https://", "http://")):
        raise ImproperlyConfigured(
            f"The setting SITE_URL is {url!r}. Use an address such as https://budget.example.org."
        )
    return url


def security_contact_expiry() -> str:
    """Return the day after which nobody should trust the contact any more, as security.txt writes it."""
    name = "SECURITY_CONTACT_EXPIRES"
    if not env("SECURITY_CONTACT").startswith(("mailto:", "https://", "tel:")):
        raise ImproperlyConfigured("The setting SECURITY_CONTACT must start with mailto:, https:// or tel:.")
    try:
        day = datetime.date.fromisoformat(env(name))
    except ValueError:
        raise ImproperlyConfigured(f"The setting {name} is no date such as 2027-12-31.") from None
    return f"{day.isoformat()}T00:00:00Z"


def is_loopback(host: str) -> bool:
    """Say whether a name reaches this machine only."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def secret_key(*, secure: bool) -> str:
    """Return the key that sessions and links are signed with; in production a short or guessable one is refused."""
    key = env("SECRET_KEY")
    if secure and (len(key) < SECRET_KEY_LENGTH or len(set(key)) < 10 or key.startswith("django-insecure-")):
        raise ImproperlyConfigured(
            f"The setting SECRET_KEY is too short or too simple: it needs {SECRET_KEY_LENGTH} random characters."
            " Make one: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
        )
    return key
