"""Stored files on disk: named by a uuid in the private folder FILES_ROOT, removed with what they belong to."""

from __future__ import annotations

import hashlib
import os
import time
import uuid
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from records.models import StoredFile
from records.reasons import Reason
from records.services import change

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User

STRAY_SECONDS = 24 * 60 * 60


def store_file(
    content: bytes, *, name: str, content_type: str, by: User | None, about: uuid.UUID | None = None, page: str = ""
) -> StoredFile:
    """Keep `content` as a file that `by` may download as `name`; `about` is the uuid of what it belongs to.

    With a `page` it is an attachment, for those who may see that page.

    The file is whole on disk before its row is there; should the row be rolled back, `remove_strays` finds the file.
    """
    key = uuid.uuid4()
    place = f"{key.hex[:2]}/{key}"
    _write(path_of(place), content)
    with change(by=by.email if by else "system", reason=Reason.STORE_FILE):
        return StoredFile.objects.create(
            uuid=key,
            name=name[-200:],
            content_type=content_type,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            path=place,
            about=about,
            page=page,
            started_by=by,
        )


def path_of(place: str) -> Path:
    """Return where a stored file lies on disk."""
    return Path(settings.MEDIA_ROOT) / place


def remove_files(files: Iterable[StoredFile], *, reason: Reason, by: str = "system", **of: object) -> int:
    """Remove rows, and after commit what they name on disk; return how many. `reason` and `of` as in `change`."""
    files = list(files)
    with change(by=by, reason=reason, **of):
        StoredFile.objects.filter(pk__in=[file.pk for file in files]).delete()
        for file in files:
            transaction.on_commit(partial(path_of(file.path).unlink, missing_ok=True), robust=True)
    return len(files)


def remove_strays() -> int:
    """Remove files without a row that are more than a day old, left by a rollback or a crash; return how many."""
    root, before = Path(settings.MEDIA_ROOT), time.time() - STRAY_SECONDS
    old = [path for path in root.glob("[0-9a-f][0-9a-f]/*") if path.is_file() and path.stat().st_mtime < before]
    places = {str(path.relative_to(root)): path for path in old}
    kept = set(StoredFile.objects.filter(path__in=list(places)).values_list("path", flat=True))
    strays = [path for place, path in places.items() if place not in kept]
    for path in strays:
        path.unlink(missing_ok=True)
    return len(strays)


def _write(path: Path, content: bytes) -> None:
    """Readable by the site alone, and whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError:
        unfinished.unlink(missing_ok=True)  # on a full disk each byte counts
        raise
