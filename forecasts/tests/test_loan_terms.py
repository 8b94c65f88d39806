"""Loans by their own days in the forecast: borrowing, refinancing, interest, and no debt that is counted twice."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from budgets.models import Budget, ChosenRate, ForecastState, PlanningRate
from engine.stress import Inputs, stress
from forecasts.models import Forecast, ForecastRow
from forecasts.selectors.interest import load_debt_months, load_interest
from forecasts.selectors.stress import load_debt
from forecasts.services.roll_up import roll_up_budget
from investments.models import Investment, Loan, PlannedLoan
from investments.selectors.loans import list_planned_loans
from investments.selectors.purchases import list_investments
from investments.tests.cast import MKR, enter_loan, enter_refinancing
from tests.cast import DRAFT, get_budget

pytestmark = pytest.mark.django_db
TKR = 1_000_00


def figures(budget: Budget) -> dict[str, dict[int, int | None]]:
    roll_up_budget(budget)
    found: dict[str, dict[int, int | None]] = {}
    for row in ForecastRow.objects.filter(forecast__budget=budget, forecast__kind=Forecast.Kind.LOAN):
        found.setdefault(row.row, {})[row.year] = row.amount_ore
    return found


def choose_rate(budget: Budget, percent: str = "3") -> None:
    rate = PlanningRate.objects.create(kind="interest", valid_from_on=date(2026, 1, 1), value=Decimal(percent))
    ChosenRate.objects.create(budget=budget, rate=rate)


def test_loan_beside_the_plan_adds_its_movements_to_each_year() -> None:
    before = figures(get_budget())
    enter_loan(is_planned=False)
    after = figures(get_budget())
    grown = {row: [(after[row][year] or 0) - (before[row][year] or 0) for year in (2026, 2027, 2028)] for row in before}
    assert grown["borrowing_investments"] == [20 * MKR, 0, 0]
    assert grown["amortisation"] == [-MKR, -2 * MKR, -2 * MKR]
    assert grown["closing_debt"] == [19 * MKR, 17 * MKR, 15 * MKR]
    assert grown["headroom"] == [-19 * MKR, -17 * MKR, -15 * MKR]


def test_loan_that_was_planned_takes_the_place_of_as_much_planned_borrowing() -> None:
    before = figures(get_budget())
    enter_loan()
    after = figures(get_budget())
    assert after["borrowing_investments"] == before["borrowing_investments"]
    equity = enter_loan(number="3", purpose="use_of_equity", principal_ore=4_000 * TKR, instalment_ore=MKR)
    grown = figures(get_budget())["borrowing_use_of_equity"][2026] or 0
    assert grown == max(before["borrowing_use_of_equity"][2026] or 0, equity.principal_ore or 0)


def test_loan_of_a_sum_entered_by_itself_moves_no_debt() -> None:
    whole, before = Loan.objects.get(), figures(get_budget())
    own: dict[str, Any] = {"raised_on": date(2024, 3, 16), "matures_on": date(2027, 3, 16), "principal_ore": 6 * MKR}
    enter_loan([], part_of=whole, **own)
    after = figures(get_budget())
    for row in ("opening_debt", "amortisation", "closing_debt", "borrowing_investments"):
        assert after[row] == before[row], row


def test_refinancing_is_two_rows_that_sum_to_nothing_and_moves_no_debt() -> None:
    old = enter_loan(is_planned=False)
    before = figures(get_budget())
    enter_refinancing(old)
    after = figures(get_budget())
    assert "refinancing_repaid" not in before
    assert (after["refinancing_repaid"][2029], after["refinancing_raised"][2029]) == (-14 * MKR, 14 * MKR)
    assert after["borrowing_investments"] == before["borrowing_investments"]
    # The rest was repaid at maturity before; now the million of March is, and that of September by the new loan.
    assert (after["amortisation"][2029] or 0) - (before["amortisation"][2029] or 0) == 13 * MKR
    assert (after["closing_debt"][2029] or 0) - (before["closing_debt"][2029] or 0) == 13 * MKR


def test_months_add_up_to_the_years_and_show_refinancing_in_its_month() -> None:
    old = enter_loan(is_planned=False)
    enter_refinancing(old)
    budget = get_budget()
    years, months = figures(budget), load_debt_months(budget)
    for year in years["closing_debt"]:
        rows = [row for row in months if row.year == year]
        assert rows[-1].closing_debt == years["closing_debt"][year]
        for name in ("borrowing_investments", "borrowing_use_of_equity", "amortisation"):
            assert sum(getattr(row, name) for row in rows) == years[name][year], name
    march = next(row for row in months if (row.year, row.month) == (2029, 3))
    assert (march.refinancing_repaid, march.refinancing_raised) == (-14 * MKR, 14 * MKR)


def test_stress_test_and_forecast_tell_the_same_debt_with_loans_of_their_own_days() -> None:
    enter_refinancing(enter_loan())
    budget = get_budget()
    closing = figures(budget)["closing_debt"]
    debt, _assumed = load_debt(budget, list_planned_loans(budget), list_investments(budget))
    found = stress(debt, Inputs(), [])
    assert {row.year: row.debt for row in found.year_ends} == {year: closing[year] for year in budget.years}
    assert all(ore >= 0 for row in found.year_ends for ore in row.parts.values())


def test_interest_is_by_terms_where_they_are_known_and_else_the_rate_on_the_average() -> None:
    budget = get_budget()
    assert "interest" not in figures(budget)
    choose_rate(budget)
    before = figures(budget)["interest"]
    enter_refinancing(enter_loan(is_planned=False))
    after = figures(budget)["interest"]
    assert [(after[year] or 0) - (before[year] or 0) for year in (2026, 2027, 2028, 2029)] == [
        442_937_50, 537_895_83, 541_166_67, 440_791_67,
    ]  # fmt: skip
    sources = ForecastRow.objects.filter(forecast__budget=budget, row="interest").values_list("provenance", flat=True)
    assert "assumed" in sources and "unknown" not in sources


def test_interest_by_part_adds_up_to_the_stored_interest() -> None:
    budget = get_budget()
    choose_rate(budget)
    enter_loan()
    stored = figures(budget)["interest"]
    rows = load_interest(budget)
    assert {row.year: row.ore for row in rows} == stored
    assert all(sum(row.parts.values()) == row.ore for row in rows)
    assert {"existing_loans", "use_of_equity", "computers"} <= set(rows[-1].parts)


def test_rate_and_terms_let_the_forecasts_of_drafts_follow() -> None:
    budget = get_budget()
    roll_up_budget(budget)
    for change in (lambda: choose_rate(budget), enter_loan):
        before = ForecastState.objects.get(budget=budget).changed
        change()
        assert ForecastState.objects.get(budget=budget).changed > before
        assert get_budget("budget-2026").forecast_state.changed == get_budget("budget-2026").forecast_state.computed


def test_command_tells_interest_and_refinancing_by_year_and_movements_by_month(
    capsys: pytest.CaptureFixture[str],
) -> None:
    budget = get_budget()
    choose_rate(budget)
    enter_refinancing(enter_loan())
    roll_up_budget(budget)
    rows: list[dict[str, Any]] = tell(capsys, DRAFT)
    told = {(row["row"], row["year"]): row["ore"] for row in rows}
    assert told["refinancing_raised", 2029] == 14 * MKR and told["interest", 2029] > 440_791_67
    months = {row["month"]: row for row in tell(capsys, DRAFT, "--months")}
    assert months["2029-03"]["refinancing_repaid_ore"] == -14 * MKR


def tell(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    call_command("loan_forecast", *arguments, "--json")
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return found


def test_shift_of_the_interest_moves_only_what_resets(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    choose_rate(get_budget(), "0")
    enter_loan()
    file = tmp_path / "inputs.json"
    file.write_text(json.dumps({"interest_shift": 0.01}))
    plain, moved = (tell_stress(capsys, *more) for more in ((), ("--inputs", str(file))))
    # All but the loan follows the budget's rate; the loan moves from 16 September 2027 on, its own reset.
    rest = {year: row["average"] for year, row in plain.items()}
    assert moved[2027]["interest"] - plain[2027]["interest"] - rest[2027] == pytest.approx(49_583_33, abs=2)


def tell_stress(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[int, dict[str, Any]]:
    """The interest of each year, and a hundredth of the mean of the month ends without the loan."""
    call_command("stress", DRAFT, *arguments, "--json")
    told = json.loads(capsys.readouterr().out)
    loan = {month["month"]: owed for month in told["months"] for owed in [owed_by_the_loan(month["month"])]}
    found = {}
    for row in told["year_ends"]:
        months = [month for month in told["months"] if month["month"].startswith(str(row["year"]))]
        rest = sum(month["debt_ore"] - loan[month["month"]] for month in months) / 12
        found[row["year"]] = {"interest": row["interest_ore"], "average": rest / 100}
    return found


def owed_by_the_loan(month: str) -> int:
    year, number = (int(text) for text in month.split("-"))
    paid = [due for due in ((2026, 9), (2027, 3), (2027, 9), (2028, 3), (2028, 9)) if due <= (year, number)]
    return 0 if (year, number) >= (2029, 3) else (20 - len(paid)) * MKR


def test_budget_whose_loans_all_have_days_of_their_own_opens_two_years_before_it() -> None:
    Loan.objects.all().delete()
    PlannedLoan.objects.filter(budget=get_budget()).delete()
    Investment.objects.filter(budget=get_budget()).delete()
    enter_loan()
    found = figures(get_budget())
    assert found["closing_debt"] == {2026: 19 * MKR, 2027: 17 * MKR, 2028: 15 * MKR, 2029: 0}
    assert found["interest"][2027] == 537_895_83


def test_adopted_forecast_counts_nothing_new_and_its_published_figures_stay() -> None:
    before = figures(get_budget("budget-2026"))
    enter_refinancing(enter_loan())
    adopted = get_budget("budget-2026").forecast_state
    assert adopted.changed == adopted.computed
    assert [(before["closing_debt"][year] or 0) // TKR for year in (2025, 2026)] == [57_477, 67_634]
    assert (before["opening_debt"][2025], before["headroom"][2026]) == (58_662 * TKR, 12_366 * TKR)
