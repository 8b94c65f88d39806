#!/usr/bin/env python
"""Django's commands, with embedded servers running for as long as the command does when none are named.

The trick: commands run as the site's database role, which owns nothing; only those that change the schema or empty
the database run as its owner.
"""

import os
import signal
import sys
from types import FrameType

OWNER_COMMANDS = {"migrate", "sqlmigrate", "flush"}


def main() -> None:
    """Run one command; a server that cannot start is a message, not a traceback."""
    try:
        from django.core.management import execute_from_command_line

        from itsam.platform.embedded import EmbeddedError, environment
    except ModuleNotFoundError as error:
        sys.exit(f"{error.name} is not installed here. Run make setup, then .venv/bin/python manage.py.")
    if OWNER_COMMANDS.intersection(sys.argv[1:2]):
        os.environ.setdefault("ITSAM_DATABASE_ROLE", "owner")
    signal.signal(signal.SIGTERM, _end)
    try:
        with environment():
            execute_from_command_line(sys.argv)
    except EmbeddedError as error:
        sys.exit(str(error))


def _end(number: int, frame: FrameType | None) -> None:
    """So that SIGTERM also leaves the servers in order."""
    sys.exit(128 + number)


if __name__ == "__main__":
    main()
