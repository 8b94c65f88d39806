"""Two people enter the same council's decision at once: one is saved, the other is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

from budgets.tests.test_roll_up import WAIT_SECONDS, start_thread
from investments.models import BorrowingFramework, CouncilDecision
from investments.services.frameworks import COUNCIL_DAYS, record_council_decision
from objects.models import Municipality
from records.services.stale import StaleError, digest_of
from tests.cast import get_user


def test_of_several_who_enter_the_same_decision_one_is_saved_and_the_others_are_told(committed: str) -> None:
    framework = BorrowingFramework.objects.get(decided_by__kind="propose_framework")
    place = {"framework": framework, "municipality": Municipality.objects.get(code="0884")}
    economist, seen = get_user("ekonom"), digest_of(CouncilDecision(**place), COUNCIL_DAYS)

    def enter(day: int) -> int | None:
        row = CouncilDecision(**place, decided_on=date(2026, 6, day))
        try:
            record_council_decision(row, by=economist, seen=seen)
        except StaleError:
            return None
        return day

    with ThreadPoolExecutor(max_workers=4) as pool:
        waiting = [start_thread(pool, enter, day) for day in range(1, 5)]
        (saved,) = {future.result(WAIT_SECONDS) for future in waiting} - {None}
    assert CouncilDecision.objects.get(**place).decided_on == date(2026, 6, saved)
