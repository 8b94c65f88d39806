"""Carries a form out once, however often it is sent (see SentForm)."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection
from django.utils import timezone

from records.models import SentForm

if TYPE_CHECKING:
    from django.http import HttpRequest

    from accounts.models import User

KEPT_DAYS = 30
# A second send waits here for the first to end, and then finds what it kept, or takes its place when it was undone.
TAKE = """
    INSERT INTO records_sentform (digest, user_id, location, created_at) VALUES (%s, %s, '', now())
    ON CONFLICT DO NOTHING"""


def digest_of_form(request: HttpRequest, user: User) -> str:
    """Return the digest of who sends what where; what is typed anew is another form, though the page's key is the same."""
    parts = [str(user.pk), request.get_full_path()]
    for name, values in sorted(request.POST.lists()):
        if name != "csrfmiddlewaretoken":
            parts += [name, *values]
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            parts += [name, str(file.name), hashlib.sha256(b"".join(file.chunks())).hexdigest()]
            file.seek(0)
    return hashlib.sha256("\0".join(f"{len(part)}:{part}" for part in parts).encode(errors="replace")).hexdigest()


def take_form(digest: str, user: User) -> bool:
    """Keep a form as carried out; False when it is already. To be called in the transaction that does it."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [digest, user.pk])
        return bool(cursor.rowcount == 1)


def keep_location(digest: str, location: str) -> None:
    """Keep which page the form's answer led to."""
    SentForm.objects.filter(digest=digest).update(location=location)


def find_location(digest: str) -> str:
    """Return which page a form that is carried out led to; empty when it is the form's own."""
    return SentForm.objects.values_list("location", flat=True).get(digest=digest)


def remove_old_forms() -> int:
    """Forget forms that nobody sends again; return how many."""
    before = timezone.now() - timedelta(days=KEPT_DAYS)
    return SentForm.objects.filter(created_at__lt=before).delete()[0]
