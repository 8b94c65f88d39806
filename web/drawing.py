"""Where charts are drawn: a process of its own that takes a specification a line and answers with its SVG.

Kept apart from the site, since the drawing library's JavaScript engine takes 100 MB that are never given back and does
not survive a fork. It starts with the first chart, ends with its site process, and when nothing was asked for a while.
Run as a script it is the process; imported it is the way to it.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import threading
from typing import Any, Final

IDLE_SECONDS: Final = 300
VEGA_LITE: Final = "6.1"


class DrawingError(RuntimeError):
    """The library refused a specification, or its process could not be kept running."""


class Drawer:
    """This process's way to its drawing process; threads wait for each other."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._owner = 0

    def draw(self, spec: str, theme: dict[str, Any]) -> str:
        """Return a specification's SVG. DrawingError when it has none; a process that has ended is started anew."""
        question = json.dumps([spec, theme])
        with self._lock:
            line = self._ask(question) or self._ask(question)
        if not line:
            raise DrawingError("the drawing process ends before it answers; its reason is in the log")
        answer: dict[str, str] = json.loads(line)
        if "svg" not in answer:
            raise DrawingError(answer["error"])
        return answer["svg"]

    def _ask(self, question: str) -> str:
        """The answer's line; empty when the process has ended."""
        process = self._find()
        if process.stdin is None or process.stdout is None:
            return ""
        try:
            process.stdin.write(question + "\n")
            process.stdin.flush()
            return process.stdout.readline()
        except OSError:
            return ""

    def _find(self) -> subprocess.Popen[str]:
        """The running process of this one; after a fork the parent's is left alone."""
        if self._process is None or self._owner != os.getpid() or self._process.poll() is not None:
            self._owner = os.getpid()
            command = [sys.executable, "-P", __file__]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return self._process


def main() -> None:
    """Answer until the input ends or nothing is asked for IDLE_SECONDS."""
    import vl_convert  # noqa: PLC0415 (only this process pays for it)

    while select.select([sys.stdin], [], [], IDLE_SECONDS)[0] and (line := sys.stdin.readline()):
        spec, theme = json.loads(line)
        try:
            answer = {"svg": vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE, config=theme)}
        except ValueError as error:
            answer = {"error": str(error)}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
