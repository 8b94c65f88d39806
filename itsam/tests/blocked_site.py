"""A site in which every page waits, but for liveness."""

import time
from collections.abc import Callable, Iterable


def application(environ: dict[str, str], start_response: Callable[..., object]) -> Iterable[bytes]:
    """Answer /health/live at once, and all else after a long time."""
    if environ["PATH_INFO"] != "/health/live":
        time.sleep(20)
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]
