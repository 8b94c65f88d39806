"""Sends jobs to the broker after commit, without ever letting a save wait for it.

A broker that is away or does not answer is asked again only after a pause; the sweeps find what was not sent.
"""

from __future__ import annotations

import logging
import time

from celery import current_app
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)

PAUSE_SECONDS = 15.0


class _Pause:
    """Until when this process asks the broker nothing; by the clock that never goes back."""

    until = 0.0


def send_task(name: str, *arguments: object, expires: float) -> bool:
    """Send a job by its name; False when the broker can't be reached, or could not a moment ago. `expires` in seconds."""
    if time.monotonic() < _Pause.until:
        return False
    try:
        current_app.send_task(name, args=list(arguments), expires=expires, retry=False)
    except (OperationalError, OSError):
        _Pause.until = time.monotonic() + PAUSE_SECONDS
        log.warning("The broker can't be reached; for %s s the sweep starts what is to be done.", int(PAUSE_SECONDS))
        return False
    return True


def end_pause() -> None:
    """Ask the broker again at once."""
    _Pause.until = 0.0
