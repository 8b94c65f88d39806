"""The three forecasts: the printed tkr of Budget 2026, the true total rounded once, and a framework decided for real."""

from __future__ import annotations

from datetime import date

import pytest

from budgets.models import IS_COUNTED, Budget, CostLine, SubBudgetTotal
from budgets.selectors.budgets import is_behind
from engine.money import ORE_PER_TKR, round_to_tkr
from engine.result import RESULT_ROWS
from forecasts.models import Forecast, ForecastRow
from forecasts.selectors import compare_borrowing, load_amounts, load_forecast, load_repayments
from forecasts.services.roll_up import DEBT_ROWS, roll_up_budget, roll_up_sub_budget
from investments.models import BorrowingFramework, CouncilDecision, Investment, Loan, PlannedLoan
from investments.selectors.loans import list_planned_loans
from objects.models import Municipality
from tests.cast import get_budget, list_open, read_demo_file

pytestmark = pytest.mark.django_db

YEARS = {"budget_2026": 2026, "plan_2027": 2027, "plan_2028": 2028, "forecast_2027": 2027, "forecast_2028": 2028}


@pytest.fixture
def adopted() -> Budget:
    return get_budget("budget-2026")


@pytest.fixture
def draft() -> Budget:
    return get_budget()


def shown(budget: Budget, kind: Forecast.Kind) -> dict[tuple[str, int], int | None]:
    """The tkr by row and year of the rows without product."""
    return {(row.row, row.year): row.tkr for row in load_forecast(budget, kind) if row.budget_product is None}


def test_loans_are_not_counted_again_where_only_totals_of_several_sub_budgets_changed(
    draft: Budget, monkeypatch: pytest.MonkeyPatch
) -> None:
    roll_up_budget(draft)
    before = load_amounts(draft, Forecast.Kind.RESULT)
    for slug in ("socialtjanst", "klient"):
        line = list_open(slug)[0]
        CostLine.objects.filter(pk=line.pk).update(amount_1_ore=line.amount_1_ore + 100)
    monkeypatch.setattr("forecasts.services.roll_up.loan_figures", lambda _budget: pytest.fail("loans were counted"))
    roll_up_budget(draft)
    assert not is_behind(draft) and load_amounts(draft, Forecast.Kind.RESULT) != before


@pytest.mark.parametrize("slug", ["budget-2026", "budget-2027"])
def test_repayments_of_each_loan_add_up_to_the_amortisation(slug: str) -> None:
    budget = get_budget(slug)
    forecast = load_amounts(budget, Forecast.Kind.LOAN)
    figures = forecast["amortisation"]
    years = sorted(figures)
    repayments = load_repayments(list(list_planned_loans(budget)), forecast)
    parts = [repayments.existing, *(amounts for _loan, amounts in repayments.planned)]
    assert [-sum(year) for year in zip(*parts, strict=True)] == [figures[year] for year in years]
    assert [-ore for ore in repayments.total] == [figures[year] for year in years]
    assert any(repayments.total)


@pytest.mark.parametrize("slug", ["budget-2026", "budget-2027"])
def test_planned_loans_add_up_to_the_stored_borrowing(slug: str) -> None:
    budget = get_budget(slug)
    forecast, loans = load_amounts(budget, Forecast.Kind.LOAN), list(list_planned_loans(budget))
    stored = compare_borrowing(budget, [], loans, forecast)
    assert [row.borrowing for row in stored] == [forecast["borrowing_investments"][year] for year in budget.years]
    assert stored == compare_borrowing(budget, [], loans, {})
    assert any(row.borrowing for row in stored)


def test_result_forecast_is_the_printed_income_statement(adopted: Budget) -> None:
    printed = {
        (row["line"], year): int(row[column])
        for row in read_demo_file("result_budget.csv")
        for column, year in YEARS.items()
        if row.get(column)
    }
    found = shown(adopted, Forecast.Kind.RESULT)
    assert {key: tkr for key, tkr in found.items() if key[0] not in ("customers", "income")} == printed
    assert [found["income", year] for year in adopted.years] == [565, 859, 675]
    assert [found["customers", year] for year in adopted.years] == [112_508, 118_990, 121_825]
    assert list(load_amounts(adopted, Forecast.Kind.RESULT)) == list(RESULT_ROWS)


def test_grant_forecast_is_the_printed_base_grant(adopted: Budget) -> None:
    printed = {
        (row["line"], year): int(row[column] or 0)
        for row in read_demo_file("published_sub_budgets.csv")
        for column, year in YEARS.items()
        if row["sub_budget"] == "grundanslag" and column in row
    }
    rows = load_forecast(adopted, Forecast.Kind.GRANT)
    found = {
        (row.budget_product.name if row.budget_product else "TOTAL", row.year): row.tkr
        for row in rows
        if row.row in ("product", "use_of_equity", "base_grant")
    }
    assert {key: tkr for key, tkr in found.items() if tkr} == {key: tkr for key, tkr in printed.items() if tkr}


def test_base_grant_is_its_cost_less_use_of_equity(adopted: Budget) -> None:
    rows = load_forecast(adopted, Forecast.Kind.GRANT)
    by_row = {name: sum(row.amount_ore or 0 for row in rows if (row.row, row.year) == (name, 2026)) for name in
              ("product", "use_of_equity", "total_cost", "base_grant")}  # fmt: skip
    assert by_row["product"] == by_row["total_cost"]
    assert by_row["total_cost"] + by_row["use_of_equity"] == by_row["base_grant"]
    assert by_row["use_of_equity"] < 0


def test_income_and_deductions_lower_the_base_grant_on_rows_of_their_own(draft: Budget) -> None:
    product = draft.budget_products.filter(sub_budget__slug="grundanslag")[0]
    before, result = load_amounts(draft, Forecast.Kind.GRANT), load_amounts(draft, Forecast.Kind.RESULT)
    for kind, ore in (("deduction", -1_000_00), ("grants", 500_00)):
        CostLine.objects.create(budget=draft, budget_product=product, text=kind, cost_kind=kind, amount_1_ore=ore)
    roll_up_budget(draft)
    year = draft.fiscal_year
    found = {row.row: row.amount_ore for row in load_forecast(draft, Forecast.Kind.GRANT) if row.year == year}
    assert (found["deduction"], found["income"]) == (-1_000_00, -500_00)
    assert found["total_cost"] == before["total_cost"][year]
    assert found["base_grant"] == (before["base_grant"][year] or 0) - 1_500_00
    after = load_amounts(draft, Forecast.Kind.RESULT)
    moved = {row: (after[row][year] or 0) - (result[row][year] or 0) for row in RESULT_ROWS}
    assert (moved["operating_revenue"], moved["customers"], moved["income"]) == (-1_000_00, -1_500_00, 500_00)
    assert (moved["operating_costs"], moved["net_result"]) == (1_000_00, 0)


def test_loan_forecast_is_the_printed_one(adopted: Budget) -> None:
    found = shown(adopted, Forecast.Kind.LOAN)
    printed: dict[tuple[str, int], int] = {}
    for row in read_demo_file("loan_forecast_2026.csv"):
        name, _underscore, when = row["line"].rpartition("_")
        if name == "opening_debt":
            printed[name, int(when[:4]) + 1] = int(row["tkr"])
        elif when[:4].isdigit():
            printed[name, int(when[:4])] = int(row["tkr"])
        else:
            printed[row["line"], 2026] = int(row["tkr"])
    assert {key: found[key] for key in printed} == printed
    assert {row for row, _year in found} == {*DEBT_ROWS, "borrowing_framework", "headroom"}
    assert {year for _row, year in found} == {2025, 2026, 2027, 2028}


def test_shown_total_is_rounded_from_the_true_total_and_not_added_from_shown_parts(adopted: Budget) -> None:
    totals = SubBudgetTotal.objects.filter(IS_COUNTED, sub_budget__budget=adopted)
    true: dict[str, int] = {}
    for total in totals.select_related("sub_budget"):
        true[total.sub_budget.slug] = true.get(total.sub_budget.slug, 0) + total.amount_1_ore
    revenue = shown(adopted, Forecast.Kind.RESULT)["operating_revenue", 2026]
    assert revenue == round_to_tkr(sum(true.values()))
    assert revenue != sum(round_to_tkr(ore) for ore in true.values())


def test_half_a_tkr_is_shown_away_from_zero(draft: Budget) -> None:
    CostLine.objects.filter(budget=draft).delete()
    product = draft.budget_products.filter(sub_budget__slug="klient")[0]
    for ore in (50_000, 50_000, 49_999):
        line = CostLine(budget=draft, budget_product=product, text="x", cost_kind="direct_cost", amount_1_ore=ore)
        line.amount_2_ore, line.amount_3_ore = ore // 2, -ore
        line.save()
    roll_up_budget(draft)
    found = shown(draft, Forecast.Kind.RESULT)
    assert [found["operating_revenue", year] for year in draft.years] == [1, 1, -1]
    assert [found["operating_costs", year] for year in draft.years] == [-1, -1, 1]


def test_edit_of_a_line_moves_revenue_and_costs_alike_and_leaves_the_result(draft: Budget) -> None:
    before = load_amounts(draft, Forecast.Kind.RESULT)
    line = CostLine.objects.filter(budget=draft, cost_kind="direct_cost")[0]
    CostLine.objects.filter(pk=line.pk).update(amount_1_ore=line.amount_1_ore + 100 * ORE_PER_TKR)
    roll_up_budget(draft)
    after = load_amounts(draft, Forecast.Kind.RESULT)
    year = draft.fiscal_year
    moved = {row: (after[row][year] or 0) - (before[row][year] or 0) for row in RESULT_ROWS}
    expected = dict.fromkeys(("customers", "operating_revenue"), 100 * ORE_PER_TKR)
    expected["operating_costs"] = -100 * ORE_PER_TKR
    assert moved == {**dict.fromkeys(RESULT_ROWS, 0), **expected}


# The loan forecast and the framework


def decide(framework: BorrowingFramework, announced: date, *, but: int = 0) -> None:
    """Every member's council decides, but the last few; the others were announced a day after each other."""
    members = list(Municipality.objects.filter(member_to_on=None).order_by("code"))
    for place, municipality in enumerate(members[: len(members) - but]):
        CouncilDecision.objects.create(
            framework=framework,
            municipality=municipality,
            decided_on=date(2026, 4, 1),
            announced_on=announced if place == 0 else date(2026, 4, 2),
        )


def frameworks(budget: Budget) -> dict[int, int | None]:
    roll_up_budget(budget)
    return load_amounts(budget, Forecast.Kind.LOAN)["borrowing_framework"]


@pytest.fixture
def proposed() -> BorrowingFramework:
    return BorrowingFramework.objects.get(decided_by__kind="propose_framework")


@pytest.fixture
def current(proposed: BorrowingFramework) -> int:
    assert proposed.replaces is not None
    amount: int = proposed.replaces.amount_ore
    return amount


def test_proposed_framework_counts_from_the_last_councils_legal_force(
    draft: Budget, proposed: BorrowingFramework, current: int
) -> None:
    assert set(frameworks(draft).values()) == {current}
    # Three weeks after 11 December is the first day of 2027.
    decide(proposed, date(2026, 12, 11))
    assert is_behind(draft)
    found = frameworks(draft)
    assert {year: ore for year, ore in found.items() if year <= 2026} == {2025: current, 2026: current}
    assert {ore for year, ore in found.items() if year >= 2027} == {proposed.amount_ore}


def test_framework_in_force_on_the_last_day_of_a_year_counts_for_that_year(
    draft: Budget, proposed: BorrowingFramework
) -> None:
    decide(proposed, date(2026, 12, 9))
    assert frameworks(draft)[2026] == proposed.amount_ore


def test_framework_waits_while_one_council_is_missing(
    draft: Budget, proposed: BorrowingFramework, current: int
) -> None:
    decide(proposed, date(2026, 4, 2), but=1)
    assert set(frameworks(draft).values()) == {current}


def test_entered_date_of_legal_force_goes_before_three_weeks(
    draft: Budget, proposed: BorrowingFramework, current: int
) -> None:
    decide(proposed, date(2026, 4, 2))
    late = CouncilDecision.objects.filter(framework=proposed)[0]
    CouncilDecision.objects.filter(pk=late.pk).update(legal_force_on=date(2028, 3, 1))
    found = frameworks(draft)
    assert (found[2027], found[2028]) == (current, proposed.amount_ore)


def test_headroom_is_framework_less_debt_in_every_year(draft: Budget, proposed: BorrowingFramework) -> None:
    decide(proposed, date(2026, 12, 31))
    roll_up_budget(draft)
    rows = load_amounts(draft, Forecast.Kind.LOAN)
    for year, framework in rows["borrowing_framework"].items():
        assert rows["headroom"][year] == (framework or 0) - (rows["closing_debt"][year] or 0)


def test_adopted_forecast_stays_when_a_framework_is_decided(
    adopted: Budget, proposed: BorrowingFramework, current: int
) -> None:
    decide(proposed, date(2026, 4, 2))
    assert set(frameworks(adopted).values()) == {current}
    assert not is_behind(adopted)


def test_without_a_framework_in_force_headroom_is_not_known(draft: Budget) -> None:
    CouncilDecision.objects.all().delete()
    assert set(frameworks(draft).values()) == {None}
    rows = load_amounts(draft, Forecast.Kind.LOAN)
    assert set(rows["headroom"].values()) == {None}
    assert None not in rows["closing_debt"].values()


def test_debt_rolls_forward_from_year_to_year(draft: Budget) -> None:
    rows = load_amounts(draft, Forecast.Kind.LOAN)
    years = sorted(rows["opening_debt"])
    for year in years:
        assert rows["closing_debt"][year] == sum(rows[name][year] or 0 for name in DEBT_ROWS[:-1])
        if year > years[0]:
            assert rows["opening_debt"][year] == rows["closing_debt"][year - 1]


def test_new_planned_loan_makes_the_forecast_follow(draft: Budget) -> None:
    before = load_amounts(draft, Forecast.Kind.LOAN)
    PlannedLoan.objects.create(budget=draft, purpose="investments", year=2028, principal_ore=1200, life_years=4)
    roll_up_budget(draft)
    after = load_amounts(draft, Forecast.Kind.LOAN)
    moved = {
        row: {year: (ore or 0) - (before[row][year] or 0) for year, ore in years.items() if ore != before[row][year]}
        for row, years in after.items()
    }
    assert {row: years for row, years in moved.items() if years} == {
        "borrowing_investments": {2028: 1200},
        "opening_debt": {2029: 1200},
        "amortisation": {2029: -300},
        "closing_debt": {2028: 1200, 2029: 900},
        "headroom": {2028: -1200, 2029: -900},
    }


def test_edit_of_a_line_leaves_the_loan_forecast_as_it_is(draft: Budget) -> None:
    before = list(ForecastRow.objects.filter(forecast__budget=draft, forecast__kind="loan").order_by("pk").values())
    for line in CostLine.objects.filter(budget=draft).select_related("budget_product")[:3]:
        CostLine.objects.filter(pk=line.pk).update(amount_2_ore=line.amount_2_ore - 1)
        roll_up_sub_budget(line.budget_product.sub_budget_id)
    assert before
    assert (
        list(ForecastRow.objects.filter(forecast__budget=draft, forecast__kind="loan").order_by("pk").values())
        == before
    )


@pytest.mark.parametrize("first", ["loan", "line"])
def test_loan_and_line_changed_together_are_both_followed(draft: Budget, first: str) -> None:
    line = CostLine.objects.filter(budget=draft, cost_kind="direct_cost").select_related("budget_product")[0]
    before = {kind: load_amounts(draft, kind) for kind in (Forecast.Kind.LOAN, Forecast.Kind.RESULT)}
    for change in ("loan", "line") if first == "loan" else ("line", "loan"):
        if change == "loan":
            PlannedLoan.objects.create(budget=draft, purpose="investments", year=2027, principal_ore=1200, life_years=4)
        else:
            CostLine.objects.filter(pk=line.pk).update(amount_1_ore=line.amount_1_ore + 700)
    roll_up_sub_budget(line.budget_product.sub_budget_id)
    loan, result = (load_amounts(draft, kind) for kind in before)
    assert (loan["closing_debt"][2027] or 0) - (before[Forecast.Kind.LOAN]["closing_debt"][2027] or 0) == 1200
    revenue = before[Forecast.Kind.RESULT]["operating_revenue"][2027] or 0
    assert (result["operating_revenue"][2027] or 0) - revenue == 700


def test_without_any_loan_there_is_no_loan_forecast(draft: Budget) -> None:
    Loan.objects.all().delete()
    roll_up_budget(draft)
    assert not ForecastRow.objects.filter(forecast__budget=draft, forecast__kind="loan").exists()


def test_amount_not_yet_known_stays_empty_and_totals_carry_on(adopted: Budget) -> None:
    rows = {row["asset_class"]: row for row in read_demo_file("investments.csv")}
    unknown = {name for name, row in rows.items() if row["budget_2026"] == "x"}
    assert unknown
    investments = {i.asset_class.slug: i.amount_1_ore for i in Investment.objects.filter(budget=adopted)}
    assert {name for name, ore in investments.items() if ore is None} == unknown
    loans = [name for name, row in rows.items() if row["financing"] == "loan" and name in investments]
    known = sum(investments[name] or 0 for name in loans)
    assert round_to_tkr(known) == int(rows["TOTAL"]["budget_2026"])
