"""The grid's main paths in Firefox, which puppeteer drives over WebDriver BiDi: tests/script/firefox.js."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests import services
from tests.site import Site

ROOT = Path(__file__).parents[2]
PATHS = 5


def find_firefox() -> tuple[str, str]:
    """Where node and Firefox are; without them the test is skipped with that reason, or fails where browsers are required."""
    node, firefox = shutil.which("node"), shutil.which("firefox-esr") or shutil.which("firefox")
    if node and firefox and (ROOT / "node_modules" / "puppeteer-core").is_dir():
        return node, firefox
    message = "Firefox, node or puppeteer-core was not found: install firefox-esr and nodejs, and run npm ci."
    if os.environ.get("ITSAM_REQUIRE_BROWSER") == "1":
        pytest.fail(message)
    pytest.skip(message)


def test_main_paths_of_the_grid_work_in_firefox(site: Site) -> None:
    node, firefox = find_firefox()
    command = [node, "tests/script/firefox.js", site.url, firefox, services.DEMO_PASSWORD]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(done.stdout.splitlines()) == PATHS
