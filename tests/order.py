"""The order of the tests, so that the processes of a run end together. A pytest plugin.

The trick: a process that is free takes the next module. What takes longest comes first, while one process makes the
demo the other tests what needs none; browser tests come last, because Django's own tests cannot run in a process whose
browser is open, and there are many of them, of which the short ones fill the end. The variants of a long test are
handed out one by one instead of with their module.
"""

from __future__ import annotations

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

BROWSER = "tests/browser/"
LONGEST = (
    "tests/stress/", "tests/test_query_counts.py", "engine/tests/", "tests/test_access.py",
    f"{BROWSER}test_pages.py", f"{BROWSER}test_grid.py", f"{BROWSER}test_grid_units.py", f"{BROWSER}test_workflow.py",
    f"{BROWSER}test_grid_unsent.py", f"{BROWSER}test_grid_slips.py", f"{BROWSER}test_firefox.py",
    f"{BROWSER}test_four_users.py", f"{BROWSER}test_dashboard.py", f"{BROWSER}test_jobs.py",
)  # fmt: skip
APART = ("::test_pages_are_without_fault", "::test_every_route_answers_the_role")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put them in order; what is not named keeps its place among its kind."""
    items.sort(key=lambda item: rank(item.nodeid))


def rank(nodeid: str) -> tuple[bool, int]:
    """Whether a test needs the browser, then its place among the longest."""
    places = [place for place, part in enumerate(LONGEST) if part in nodeid]
    return BROWSER in nodeid, min(places, default=len(LONGEST))


class Scheduling(LoadScopeScheduling):
    """Hands out modules whole, but for the tests that are long by themselves."""

    def _split_scope(self, nodeid: str) -> str:
        return nodeid if any(part in nodeid for part in APART) else super()._split_scope(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    return Scheduling(config, log)
