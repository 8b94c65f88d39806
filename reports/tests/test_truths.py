"""No two truths on a page: one growth, budget or actual said, systems counted, no legend of what is not there."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from budgets.selectors.compared import Compared
from engine.money import round_to_tkr
from forecasts.services.roll_up import roll_up_budget
from objects.models import Decision
from reports.overview.selectors import load_overview
from reports.tests.test_dashboard import draw, load
from tests.cast import BOARD, ECONOMIST, client_of, get_budget, get_user, make_negative

pytestmark = pytest.mark.django_db


def read(address: str, name: str = BOARD) -> str:
    return client_of(name, "en").get(address).content.decode()


def shown(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.mark.parametrize("year", [2026, 2027])
def test_revenue_has_one_growth_on_every_table(year: int) -> None:
    overview = load(year).overview
    revenue = overview.result[0]
    assert revenue.percent is not None
    assert {overview.total.percent, overview.categories[-1].percent} == {revenue.percent}
    rows = [row for group in overview.groups for row in group.rows]
    assert sum(row.earlier or 0 for row in rows) + overview.unplaced == revenue.earlier


def test_what_printed_sub_budgets_lack_of_the_revenue_is_a_row_of_its_own() -> None:
    overview = load_overview(get_budget("budget-2026"), get_user(ECONOMIST), get_budget("budget-2025"))
    assert round_to_tkr(overview.unplaced) == 108_391 - 106_066
    assert "In no sub-budget of 2025" in shown(read("/budgets/budget-2026/"))
    assert "In no sub-budget" not in shown(read("/budgets/budget-2027/"))


def test_a_budgeted_result_is_never_called_the_years_result() -> None:
    chart = draw(2026)["bridge"]
    assert chart.plot is not None
    assert "Result, budget 2025" in chart.plot.tell()
    assert "Result 2025" not in chart.plot.tell()
    years = [row.label for row in draw(2026)["results"].table.rows]  # type: ignore[union-attr]
    assert "2025 (actual)" in years


def test_unknown_amounts_are_counted_by_what_is_bought() -> None:
    todo = load().overview.todo
    assert len(todo.unknown) == todo.unknown_count == 1
    assert todo.unknown[0].amounts.count(None) > 1


@pytest.mark.parametrize("year", [2026, 2027])
def test_a_legend_speaks_only_of_bars_that_are_drawn(year: int) -> None:
    dashboard = load(year)
    rows: dict[str, Sequence[Compared]] = {
        "revenue": dashboard.overview.categories,
        "objects": dashboard.objects,
        "members": dashboard.members,
        "per_inhabitant": dashboard.members,
    }
    for key, compared in rows.items():
        has_thin = any(row.earlier is not None for row in compared)
        assert ("Thin bar" in draw(year)[key].unit) == has_thin, key


def test_only_equity_that_is_used_is_said_to_lower_the_base_grant() -> None:
    dashboard = load(2026)
    assert dashboard.equity == (3_000_000_00, 0)
    (note,) = [str(note) for note in draw(2026)["objects"].notes if "lowered" in str(note)]
    assert "2026" in note
    assert "2025" not in note


def test_cost_by_object_says_what_the_base_grant_holds_of_it() -> None:
    dashboard = load()
    assert dashboard.unnamed_grant == next(
        row.amounts[0] for row in dashboard.objects if row.counted_to == "base_grant"
    )
    assert any("name no object" in str(note) for note in draw()["objects"].notes)


def test_an_adopted_budget_shows_the_day_of_its_decision_or_that_it_is_not_known() -> None:
    budget = get_budget("budget-2026")
    assert budget.adopted_by_id
    Decision.objects.filter(pk=budget.adopted_by_id).update(meeting_on=None, paragraph=None, announced_on=None)
    assert "day not known" in shown(read("/budgets/budget-2026/"))
    Decision.objects.filter(pk=budget.adopted_by_id).update(meeting_on="2025-11-27")
    assert "27 " in shown(read("/budgets/budget-2026/")).partition("Budget 2026")[2][:120]


def test_the_bound_of_the_result_is_judged_beside_decided_equity_and_with_the_reason() -> None:
    page = shown(read("/budgets/budget-2026/dashboard/"))
    assert "apart from the decided use of equity" in page
    assert "beyond ±1.5" not in page
    assert get_budget("budget-2026").result_reason in page


def test_equity_that_a_draft_only_proposes_makes_no_exception() -> None:
    make_negative()
    roll_up_budget(get_budget())
    own = next(year for year in load().results if year.year == 2027)
    assert own.result < 0
    assert own.decided_equity == 0
