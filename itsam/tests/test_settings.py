"""A missing or wrong setting stops the start with its name."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from itsam.embedded import CHECKOUT

START = "import django; django.setup()"
GOOD = {
    "DJANGO_SETTINGS_MODULE": "itsam.settings",
    "SECRET_KEY": "tests",
    "DATABASE_URL": "postgresql://site:secret@127.0.0.1:1/itsam",
    "BROKER_URL": "redis://:secret@127.0.0.1:1/0",
}


def start(**changed: str | None) -> subprocess.CompletedProcess[str]:
    """Starts Django with good settings but for those changed; None takes one away."""
    wanted = {"PATH": os.environ["PATH"], **GOOD, **changed}
    variables = {name: value for name, value in wanted.items() if value is not None}
    command = [sys.executable, "-c", START]
    return subprocess.run(command, cwd=CHECKOUT, env=variables, capture_output=True, text=True, check=False)


def assert_stopped(name: str, done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode != 0
    last = done.stderr.strip().splitlines()[-1]
    assert "ImproperlyConfigured" in last
    assert name in last
    assert "secret" not in done.stderr


def test_good_settings_start() -> None:
    done = start()
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "BROKER_URL"])
@pytest.mark.parametrize("value", [None, ""])
def test_missing_or_empty_setting_stops_the_start_with_its_name(name: str, value: str | None) -> None:
    assert_stopped(name, start(**{name: value}))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "true"),
        ("DEBUG", "2"),
        ("ITSAM_DEMO", "yes"),
        ("ITSAM_DATABASE_ROLE", "admin"),
        ("DATABASE_URL", "mysql://site:secret@127.0.0.1/itsam"),
        ("DATABASE_URL", "sqlite:///itsam.db"),
    ],
)
def test_wrong_setting_stops_the_start_with_its_name(name: str, value: str) -> None:
    assert_stopped(name, start(**{name: value}))


def test_owner_needs_an_address_of_its_own() -> None:
    assert_stopped("DATABASE_OWNER_URL", start(ITSAM_DATABASE_ROLE="owner"))
    good = start(ITSAM_DATABASE_ROLE="owner", DATABASE_OWNER_URL="postgresql://owner:secret@127.0.0.1:1/itsam")
    assert good.returncode == 0
