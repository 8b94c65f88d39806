"""For proxies, containers and monitoring: whether the process lives, and whether the site can do its work."""

import functools
import logging

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from forecasts.selectors.stored import count_failed

log = logging.getLogger(__name__)

OK = "ok"
BROKER_SECONDS = 2


@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers; asks nobody else."""
    return JsonResponse({"status": OK})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """200 when database and broker answer and no migration is missing, else 503 with the part that is not well.

    Figures that could not be rolled up are told too; they keep nobody out, for all else works.
    """
    parts = {"database": check_database(), "broker": check_broker()}
    if all(state == OK for state in parts.values()):
        return JsonResponse({"status": OK, **parts, "figures": check_figures()})
    return JsonResponse({"status": "not ready", **parts}, status=503)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Nothing here is for search engines."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")


@require_safe
def security_contact(request: HttpRequest) -> HttpResponse:
    """RFC 9116: whom to tell about a weakness; 404 when no contact is set."""
    if not settings.SECURITY_CONTACT:
        return HttpResponse(status=404)
    text = f"Contact: {settings.SECURITY_CONTACT}\nExpires: {settings.SECURITY_CONTACT_EXPIRES}\nPreferred-Languages: sv, en\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def check_database() -> str:
    """`ok`, `unreachable` or `not migrated`."""
    try:
        missing = _wanted_migrations() - MigrationRecorder(connection).applied_migrations().keys()
    except DatabaseError as error:
        log.warning("The database does not answer: %s.", type(error).__name__)
        return "unreachable"
    if missing:
        log.warning("Migrations are missing: %s.", ", ".join(sorted(".".join(name) for name in missing)))
        return "not migrated"
    return OK


def check_figures() -> str:
    """`ok`, or how many sub-budgets and budgets could not be rolled up at the last try."""
    try:
        failed = count_failed()
    except DatabaseError as error:
        log.warning("The database does not answer: %s.", type(error).__name__)
        return "unknown"
    return f"{failed} not rolled up" if failed else OK


def check_broker() -> str:
    """`ok` or `unreachable`."""
    try:
        with redis.Redis.from_url(
            settings.CELERY_BROKER_URL, socket_connect_timeout=BROKER_SECONDS, socket_timeout=BROKER_SECONDS
        ) as broker:
            broker.ping()
    except redis.RedisError as error:
        log.warning("The broker does not answer: %s.", type(error).__name__)
        return "unreachable"
    return OK


@functools.cache
def _wanted_migrations() -> frozenset[tuple[str, str]]:
    """Return the last migration of each app; these do not change while a process lives."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())
