"""Many starts of Django with an environment of their own, at the cost of one import of what does not depend on it.

Run as a process, it reads a start a line, forks, and prints what came of it; `start` asks it. What the settings decide
(the settings, the apps) is imported in the fork alone; Django and the libraries that the settings import before
there are any are imported once.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import tempfile
import traceback
from functools import cache
from typing import Any

from itsam.platform.embedded import CHECKOUT

ASKED = [sys.executable, "-m", "itsam.tests.starts"]


def start(code: str, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """What a new process with just these variables does when it runs the code."""
    server = _serve()
    assert server.stdin and server.stdout
    server.stdin.write(json.dumps([code, variables]) + "\n")
    server.stdin.flush()
    status, out, errors = json.loads(server.stdout.readline())
    return subprocess.CompletedProcess([code], status, out, errors)


@cache
def _serve() -> subprocess.Popen[str]:
    environment = {"PATH": os.environ["PATH"]}
    server = subprocess.Popen(
        ASKED, cwd=CHECKOUT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    atexit.register(server.kill)
    return server


def _answer(code: str, variables: dict[str, str]) -> tuple[int, str, str]:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        child = os.fork()
        if not child:
            os.dup2(out.fileno(), 1)
            os.dup2(errors.fileno(), 2)
            os._exit(_run(code, variables))
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        found = [_read(file) for file in (out, errors)]
    return status, found[0], found[1]


def _run(code: str, variables: dict[str, str]) -> int:
    os.environ.clear()
    os.environ.update(variables)
    sys.stdout = os.fdopen(1, "w", closefd=False)
    sys.stderr = os.fdopen(2, "w", closefd=False)
    status = 0
    try:
        exec(compile(code, "<string>", "exec"), {"__name__": "__main__"})
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    except BaseException:
        traceback.print_exc()
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return status


def _read(file: Any) -> str:
    file.seek(0)
    return str(file.read().decode())


def main() -> None:
    """Answer until nobody asks any more."""
    for name in ("pghistory", "pgtrigger", "psycopg", "celery", "openpyxl", "requests", "django.forms"):
        __import__(name)
    for line in sys.stdin:
        sys.__stdout__.write(json.dumps(_answer(*json.loads(line))) + "\n")  # type: ignore[union-attr]
        sys.__stdout__.flush()  # type: ignore[union-attr]


if __name__ == "__main__":
    main()
