"""The scripts' own tests, of all that needs no page: node runs them."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def test_scripts_work_by_their_own_tests() -> None:
    node = shutil.which("node")
    if node is None:
        message = "No node was found; install the package nodejs to run the scripts' tests."
        if os.environ.get("ITSAM_REQUIRE_NODE") == "1":
            pytest.fail(message)
        pytest.skip(message)
    files = sorted((ROOT / "tests" / "script").glob("*.test.js"))
    done = subprocess.run([node, "--test", *map(str, files)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-8_000:]


def test_lock_file_of_the_scripts_tools_names_no_registry() -> None:
    lock = (ROOT / "package-lock.json").read_text()
    assert '"integrity"' in lock
    assert '"resolved"' not in lock
    assert "registry" not in lock
