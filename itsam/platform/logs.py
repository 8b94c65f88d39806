"""What the site writes down while it runs: one line for each event, as JSON for machines or as text for people.

The trick: each line carries the request or the job it belongs to, so that a proxy's request number finds every line of
one request. Nobody's name or address, no query string and no key of a link is written.
"""

import logging
import re
import sys
import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, cast

from celery import current_task
from django.http import HttpRequest, HttpResponse
from pythonjsonlogger.json import JsonFormatter

log = logging.getLogger("itsam.request")

REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")
# Not written when they went well: asked all the time, and by machines.
QUIET: Final = ("/health/", "/static/")
ROUTINE_TASKS: Final = ("forecasts.sweep", "records.sweep_jobs")
UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# Parts of an address that open something to whoever knows them.
SECRET_ARGUMENTS: Final = ("key", "token")

_request_id: ContextVar[str] = ContextVar("request_id", default="")
_user_id: ContextVar[str] = ContextVar("user_id", default="")


def configuration(*, form: str, level: str) -> dict[str, object]:
    """Return the logging of every process. `form` is json or text."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"context": {"()": "itsam.platform.logs.ContextFilter"}},
        "formatters": {
            "json": {"()": "itsam.platform.logs.LineFormatter"},
            "text": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": form,
                "filters": ["context"],
                "stream": f"ext://sys.{_stream()}",
            }
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Their handlers of their own would write each event twice.
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.server": {"handlers": [], "level": "INFO", "propagate": True},
            "gunicorn.error": {"handlers": [], "level": "INFO", "propagate": True},
            # The sweep runs every few seconds; what fails is written all the same.
            "celery.beat": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
        },
    }


def _stream() -> str:
    """Commands give their answer on stdout, so what they log goes to stderr."""
    return "stderr" if Path(sys.argv[0]).name == "manage.py" else "stdout"


class LineFormatter(JsonFormatter):
    """One JSON object: time in UTC, level, logger, message, then what the event adds."""

    def __init__(self) -> None:
        super().__init__(
            ["levelname", "name", "message"],
            rename_fields={"levelname": "level", "name": "logger", "exc_info": "trace"},
            json_ensure_ascii=False,
        )

    def add_fields(
        self, log_data: dict[str, object], record: logging.LogRecord, message_dict: dict[str, object]
    ) -> None:
        """Put the time first, and leave out what has no place in a log."""
        log_data["time"] = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        super().add_fields(log_data, record, message_dict)
        for name in ("request", "server_time", "data", "taskName"):
            log_data.pop(name, None)


class ContextFilter(logging.Filter):
    """Adds the request and the job at hand, and takes keys out of addresses that other loggers write."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep all but the sweeps that went well and what RequestLogMiddleware writes already."""
        if _is_routine(record):
            return False
        context = {"request_id": _request_id.get(), "user_id": _user_id.get(), **_find_task()}
        for name, value in context.items():
            if value and not hasattr(record, name):
                setattr(record, name, value)
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest) and isinstance(record.args, tuple):
            record.args = tuple(safe_path(request) if part == request.path else part for part in record.args)
        return True


def _is_routine(record: logging.LogRecord) -> bool:
    if record.name == "django.request":
        return not record.exc_info
    data = getattr(record, "data", None)
    return record.levelno <= logging.INFO and isinstance(data, dict) and data.get("name") in ROUTINE_TASKS


def _find_task() -> dict[str, str]:
    """Return the Celery task, and the job it runs when its first argument is the public id of one."""
    if not current_task or not current_task.request.id:
        return {}
    task = current_task.request
    arguments = task.args or [""]
    job = str(arguments[0]) if UUID.fullmatch(str(arguments[0])) else ""
    return {"task": str(current_task.name), "task_id": str(task.id), "job_id": job}


def safe_path(request: HttpRequest) -> str:
    """Return the path without query string, and without keys of links."""
    path = request.path
    match = request.resolver_match
    for name, value in (match.kwargs if match else {}).items():
        if name in SECRET_ARGUMENTS:
            path = path.replace(str(value), "***")
    return path


class NumberedRequest(HttpRequest):
    """A request that has been given its number."""

    request_id: str


class RequestLogMiddleware:
    """Gives each request a number, the proxy's when it has a sane one, and writes one line when it is answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the number in X-Request-ID."""
        given = request.headers.get("X-Request-ID", "")
        number = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        cast(NumberedRequest, request).request_id = number
        _request_id.set(number)
        _user_id.set("")
        started = time.perf_counter()
        response = self.get_response(request)
        response["X-Request-ID"] = number
        _user_id.set(_find_user(request))
        if response.status_code >= 400 or not request.path.startswith(QUIET):
            _write(request, response, round((time.perf_counter() - started) * 1000, 1))
        return response


def _write(request: HttpRequest, response: HttpResponse, ms: float) -> None:
    path = safe_path(request)
    level = logging.ERROR if response.status_code >= 500 else logging.INFO
    fields = {"method": request.method, "path": path, "status": response.status_code, "ms": ms}
    log.log(level, "%s %s %s", request.method, path, response.status_code, extra=fields)


def _find_user(request: HttpRequest) -> str:
    """Return the public id of who asked, without asking the database for it."""
    user = getattr(request, "_cached_user", None)
    return str(user.uuid) if user is not None and user.is_authenticated else ""
