"""Run in a process of its own, as the owner: gives the throw-away app the tables, triggers and rights a new site gets."""

from __future__ import annotations

import sys

from django.core.management import execute_from_command_line

COMMANDS = (("migrate", "--run-syncdb"), ("pgtrigger", "install"), ("migrate",))

if __name__ == "__main__":
    for command in COMMANDS:
        execute_from_command_line([sys.argv[0], *command])
