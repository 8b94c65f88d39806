"""What the tests of identity providers share."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from accounts.tests.federated_site import variables
from itsam.platform.embedded import CHECKOUT
from tests import services


@pytest.fixture(scope="session")
def database() -> Iterator[str]:
    """A database with the library's own tables, and nobody in it."""
    with services.temporary_database(f"federation_{os.getpid()}", services.empty_template()) as name:
        owner = variables(name) | {"ITSAM_DATABASE_ROLE": "owner"}
        owner["DATABASE_OWNER_URL"] = services.url_of(services.SERVERS.owner_url, name)
        migrate = [sys.executable, "manage.py", "migrate", "--noinput", "-v", "0"]
        subprocess.run(migrate, cwd=CHECKOUT, env=owner, check=True, capture_output=True)
        yield name
