"""What every test may use. Ordinary database tests see the demo and are rolled back; `committed` tests get a copy."""

from __future__ import annotations

import fcntl
import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.core.management import call_command
from django.db import connections
from django.utils import translation
from hypothesis import HealthCheck, settings
from whitenoise import WhiteNoise

from records.services.sending import end_pause
from tests import services
from tests.copies import copy_of, use

# A property is true or false, however slow the machine is.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")
# No test of this process is about how long a guess takes; each of its hashes would take a third of a second.
PBKDF2PasswordHasher.iterations = 1_000
# Garbage is looked for after every 700 new objects, of which a page has many more: a tenth of the tests' time.
gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def static_files() -> None:
    """Static files as the site serves them, under their hashed names; collected when one has changed."""
    services.FOLDER.mkdir(parents=True, exist_ok=True)
    collected = services.FOLDER / "static.collected"
    with (services.FOLDER / "static.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        state = _describe_static_files()
        if not collected.exists() or collected.read_text() != state:
            call_command("collectstatic", interactive=False, verbosity=0)
            collected.write_text(state)
    # A module that draws an icon when it is imported has read the names of the run before.
    assert isinstance(staticfiles_storage, ManifestFilesMixin)
    staticfiles_storage.hashed_files, staticfiles_storage.manifest_hash = staticfiles_storage.load_manifest()


@pytest.fixture(scope="session", autouse=True)
def static_files_are_looked_at_once(static_files: None) -> Iterator[None]:
    """Each client of a test starts the middleware, which would look at every static file anew: half of a short test."""
    look, found = WhiteNoise.update_files_dictionary, dict[tuple[Any, ...], dict[str, Any]]()

    def remember(self: Any, root: str, prefix: str) -> None:
        key = (root, prefix, self.max_age, self.charset, site_settings.STORAGES["staticfiles"]["BACKEND"])
        if key not in found:
            look(self, root, prefix)
            found[key] = dict(self.files)
        self.files.update(found[key])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoise, "update_files_dictionary", remember)
        yield


def _describe_static_files() -> str:
    """Each file that is collected, with its size and when it was written."""
    paths = (Path(storage.path(name)) for finder in get_finders() for name, storage in finder.list([]))
    return "\n".join(sorted(f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in paths))


@pytest.fixture(autouse=True)
def swedish() -> Iterator[None]:
    """A request leaves its language behind in the process; each test starts with the site's own."""
    translation.deactivate()
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def broker_is_asked() -> Iterator[None]:
    """A broker that was away in one test is asked again in the next."""
    yield
    end_pause()


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """Each test process works in its own copy of the demo."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    with (
        django_db_blocker.unblock(),
        services.temporary_database(f"run_{os.getpid()}_{worker}", services.demo_template()) as name,
    ):
        use(name)
        yield
        connections.close_all()


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A copy of the demo in which transactions really commit; the name of its database."""
    with django_db_blocker.unblock(), copy_of(services.demo_template()) as name:
        yield name


@pytest.fixture
def empty_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A migrated database without rows, in which transactions really commit."""
    with django_db_blocker.unblock(), copy_of(services.empty_template()) as name:
        yield name
