"""Health: alive without anybody's help, ready only when all is well, never cached, never behind the sign-in."""

from __future__ import annotations

from typing import Any

import pytest
import redis
from django.db import OperationalError
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from itsam.platform import health


@pytest.fixture
def healthy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "check_database", lambda: "ok")
    monkeypatch.setattr(health, "check_broker", lambda: "ok")


def fail(error: Exception) -> Any:
    def failing(*args: object, **kwargs: object) -> None:
        raise error

    return failing


def test_a_process_is_alive_without_a_database(client: Client) -> None:
    answer = client.get("/health/live")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "no-store" in answer.headers["Cache-Control"]
    assert not answer.cookies


@pytest.mark.django_db
def test_a_migrated_site_with_its_broker_is_ready(client: Client) -> None:
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()) == (
        200,
        {"status": "ok", "database": "ok", "broker": "ok", "figures": "ok"},
    )


def test_a_database_that_is_away_is_named_and_nothing_else(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MigrationRecorder, "applied_migrations", fail(OperationalError("password=secret")))
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json() == {"status": "not ready", "database": "unreachable", "broker": "ok"}
    assert "secret" not in answer.text


def test_a_missing_migration_is_told(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MigrationRecorder, "applied_migrations", lambda self: {})
    assert client.get("/health/ready").json()["database"] == "not migrated"


@pytest.mark.usefixtures("healthy")
def test_a_broker_that_is_away_is_named(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(health, "check_database", lambda: "ok")
    monkeypatch.setattr(redis.Redis, "ping", fail(redis.ConnectionError("redis://:secret@broker")))
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["broker"]) == (503, "unreachable")
    assert "secret" not in answer.text


@pytest.mark.usefixtures("healthy")
def test_probes_ask_by_plain_http_in_production(client: Client, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/health/live").status_code == 200
    assert client.get("/health/ready").status_code == 200
    assert client.get("/account/login/").status_code == 301


@pytest.mark.usefixtures("healthy")
def test_only_reading_is_answered(client: Client) -> None:
    assert client.head("/health/ready").status_code == 200
    assert client.post("/health/ready").status_code == 405


def test_search_engines_are_kept_out_and_finders_of_weaknesses_know_where_to_write(
    client: Client, settings: Any
) -> None:
    assert client.get("/robots.txt").text == "User-agent: *\nDisallow: /\n"
    assert client.get("/.well-known/security.txt").status_code == 404
    settings.SECURITY_CONTACT, settings.SECURITY_CONTACT_EXPIRES = "mailto:security@example.org", "2027-12-31T00:00:00Z"
    lines = client.get("/.well-known/security.txt").text.splitlines()
    assert lines[:2] == ["Contact: mailto:security@example.org", "Expires: 2027-12-31T00:00:00Z"]
