"""The log: one JSON object per event, with the request it belongs to, and without anything that opens a door."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client

from itsam.platform.logs import ContextFilter, LineFormatter
from tests.cast import get_user

RESET = "/account/password/reset/key/1-set-me-free-0123/"


@pytest.fixture
def lines() -> Any:
    """What is written while the test runs, as the console shows it."""
    written: list[dict[str, Any]] = []

    class Memory(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(json.loads(self.format(record)))

    handler = Memory()
    handler.setFormatter(LineFormatter())
    handler.addFilter(ContextFilter())
    logging.root.addHandler(handler)
    yield written
    logging.root.removeHandler(handler)


@pytest.mark.django_db
def test_a_request_is_one_line_with_what_a_reader_needs(client: Client, lines: list[dict[str, Any]]) -> None:
    user = get_user("ekonom")
    client.force_login(user)
    answer = client.get("/account/?secret=hide-me", headers={"X-Request-ID": "proxy-0001"})
    assert answer.headers["X-Request-ID"] == "proxy-0001"
    answers = [line for line in lines if line["logger"] == "itsam.request"]
    assert len(answers) == 1
    line = answers[0]
    assert line.pop("ms") > 0 and line.pop("time").endswith("+00:00")
    assert line == {
        "level": "INFO",
        "logger": "itsam.request",
        "message": "GET /account/ 200",
        "method": "GET",
        "path": "/account/",
        "status": 200,
        "request_id": "proxy-0001",
        "user_id": str(user.uuid),
    }


@pytest.mark.parametrize("given", ["", "short", "a b c d e f g h", "x" * 65, "dåligt-nummer"])
def test_a_strange_request_number_is_replaced(client: Client, given: str) -> None:
    number = client.get("/health/live", HTTP_X_REQUEST_ID=given).headers["X-Request-ID"]
    assert number != given and len(number) == 32


@pytest.mark.django_db
def test_the_key_of_a_link_is_not_written(client: Client, lines: list[dict[str, Any]]) -> None:
    client.get(RESET)
    assert lines and "set-me-free" not in json.dumps(lines)
    assert "/account/password/reset/key/" in lines[-1]["path"]


def test_probes_that_went_well_are_not_written(client: Client, lines: list[dict[str, Any]]) -> None:
    client.get("/health/live")
    assert not lines
    client.get("/health/none")
    assert [line["status"] for line in lines] == [404]


def test_an_error_keeps_its_trace_and_loses_its_request(lines: list[dict[str, Any]]) -> None:
    request = HttpRequest()
    request.path = "/somewhere/"
    try:
        raise RuntimeError("of the test")
    except RuntimeError:
        logging.getLogger("django.request").exception(
            "Internal Server Error: %s", "/somewhere/", extra={"request": request}
        )
    assert "RuntimeError: of the test" in lines[0]["trace"]
    assert lines[0]["message"] == "Internal Server Error: /somewhere/" and "request" not in lines[0]


def test_a_sweep_that_went_well_is_not_written(lines: list[dict[str, Any]]) -> None:
    log = logging.getLogger("celery.app.trace")
    log.setLevel(logging.INFO)
    log.info("Task %(name)s", {"name": "forecasts.sweep"}, extra={"data": {"name": "forecasts.sweep"}})
    log.info(
        "Task %(name)s", {"name": "forecasts.roll_up"}, extra={"data": {"name": "forecasts.roll_up", "args": "[1]"}}
    )
    assert [line["message"] for line in lines] == ["Task forecasts.roll_up"]
