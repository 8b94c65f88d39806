"""A roll-up that fails is shown on the page and in health, and is not tried without a pause."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DataError, OperationalError, ProgrammingError, connection, transaction
from django.test import Client
from django.utils import timezone

from budgets.models import Budget, CostLine, RollUpState, SubBudget
from forecasts import tasks
from tests.cast import DRAFT, OWN, OWNER, get_line, get_page, get_sub_budget

pytestmark = pytest.mark.django_db

PLACE = "forecasts.services.roll_up.sum_sub_budget"


def break_sums(patch: pytest.MonkeyPatch, error: Exception) -> list[int]:
    asked: list[int] = []

    def fail(sub_budget_id: int) -> None:
        asked.append(sub_budget_id)
        raise error

    patch.setattr(PLACE, fail)
    return asked


def change() -> SubBudget:
    CostLine.objects.filter(pk=get_line().pk).update(note="ny")
    return get_sub_budget()


def test_a_failed_roll_up_is_shown_until_one_succeeds(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    sub_budget = change()
    with monkeypatch.context() as broken:
        break_sums(broken, DataError("bigint out of range"))
        tasks.roll_up(sub_budget.pk)
    page = f"/budgets/{DRAFT}/sub-budgets/{OWN}/"
    words = "The sums could not be computed"
    assert words in get_page(OWNER, page).content.decode()
    assert client.get("/health/ready").json()["figures"] == "1 not rolled up"
    tasks.roll_up(sub_budget.pk)
    assert words not in get_page(OWNER, page).content.decode()
    assert client.get("/health/ready").json()["figures"] == "ok"


def test_what_failed_is_swept_again_after_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    sub_budget = change()
    with monkeypatch.context() as broken:
        asked = break_sums(broken, DataError("bigint out of range"))
        tasks.sweep()
        tasks.sweep()
        assert asked == [sub_budget.pk]
    earlier = timezone.now() - timedelta(seconds=tasks.FAILED_SECONDS + 1)
    RollUpState.objects.filter(pk=sub_budget.pk).update(failed_at=earlier)
    tasks.sweep()
    state = RollUpState.objects.get(pk=sub_budget.pk)
    assert (state.changed, state.failed_at) == (state.summed, None)


def test_who_only_had_to_wait_has_not_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    sub_budget = change()
    break_sums(monkeypatch, OperationalError("deadlock detected"))
    tasks.roll_up(sub_budget.pk)
    assert RollUpState.objects.get(pk=sub_budget.pk).failed_at is None


@pytest.mark.parametrize("table", ["budgets_rollupstate", "budgets_forecaststate"])
def test_the_site_may_not_delete_what_counts_changes(table: str) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"DELETE FROM {table}")  # noqa: S608


def test_states_go_with_what_they_are_of() -> None:
    budget = Budget.objects.create(slug="ny", name="Ny", fiscal_year=2031, kind="scenario")
    sub_budget = SubBudget.objects.create(budget=budget, slug="ny", name_sv="Ny", name_en="New", position=1)
    assert RollUpState.objects.filter(pk=sub_budget.pk).exists()
    sub_budget.delete()
    budget.delete()
    assert not RollUpState.objects.filter(sub_budget__slug="ny").exists()
