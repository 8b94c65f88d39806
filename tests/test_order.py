"""The order of the tests is what their processes need."""

from __future__ import annotations

from itsam.platform.embedded import CHECKOUT
from tests.order import LONGEST, rank

COLLECTED = [
    "tests/browser/test_history.py::test_a", "tests/browser/test_pages.py::test_a", "budgets/tests/test_grid.py::test_a",
    "tests/test_access.py::test_a", "web/tests/test_numbers.py::test_a",
]  # fmt: skip


def test_longest_come_first_and_those_with_a_browser_last() -> None:
    names = [nodeid.split("::")[0].rsplit("/", 1)[-1] for nodeid in sorted(COLLECTED, key=rank)]
    assert names == ["test_access.py", "test_grid.py", "test_numbers.py", "test_pages.py", "test_history.py"]


def test_every_module_that_is_named_as_long_exists() -> None:
    for part in LONGEST:
        assert list(CHECKOUT.glob(f"{part}")) or list(CHECKOUT.glob(f"*/tests/{part}")), part
