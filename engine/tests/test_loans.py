"""Rule 8, loans. The worked tables are those of docs/algorithms/loans.md."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.framework import headroom
from engine.loans import (
    DebtYear,
    Loan,
    PlanFault,
    Statement,
    find_plan_faults,
    instalments,
    loans_without_plan,
    open_debt,
    raise_in_months,
    repaid_after,
    roll_forward,
)
from engine.money import ORE_PER_TKR

OPENING = 58_662 * ORE_PER_TKR
EXISTING = [{2025: 25_827 * ORE_PER_TKR, 2026: 25_708 * ORE_PER_TKR}]
PLANNED = [
    Loan("investments", 20_642 * ORE_PER_TKR, 2025, None, {}),
    Loan("use_of_equity", 4_000 * ORE_PER_TKR, 2025, None, {}),
    Loan("investments", 32_865 * ORE_PER_TKR, 2026, 4, {}),
    Loan("use_of_equity", 3_000 * ORE_PER_TKR, 2026, None, {}),
]
PRINCIPAL = st.integers(0, 10**15)
LOANS = st.lists(
    st.builds(
        Loan,
        st.sampled_from(["investments", "use_of_equity"]),
        PRINCIPAL,
        st.integers(2024, 2030),
        st.none() | st.integers(1, 20),
        st.dictionaries(st.integers(2020, 2032), PRINCIPAL, max_size=3),
    ),
    max_size=8,
)
STATEMENTS = st.lists(
    st.builds(
        Statement,
        st.sampled_from("ABC"),
        PRINCIPAL,
        st.dates(date(2022, 1, 1), date(2026, 12, 31)),
        st.dictionaries(st.integers(2020, 2032), PRINCIPAL, max_size=8),
    ),
    min_size=1,
    max_size=5,
)


def test_debt_rolls_forward_to_the_published_forecast() -> None:
    rows = roll_forward(OPENING, EXISTING, PLANNED, [2025, 2026])
    shown = [(row.year, *(ore // ORE_PER_TKR for ore in row[1:])) for row in rows]
    assert shown == [
        (2025, 58_662, 20_642, 4_000, -25_827, 57_477),
        (2026, 57_477, 32_865, 3_000, -25_708, 67_634),
    ]


def test_headroom_is_the_framework_less_the_debt() -> None:
    closing = roll_forward(OPENING, EXISTING, PLANNED, [2025, 2026])[-1].closing_debt
    assert headroom(80_000 * ORE_PER_TKR, closing) == 12_366 * ORE_PER_TKR


def test_a_planned_loan_is_repaid_from_the_year_after_it_is_raised() -> None:
    third = ORE_PER_TKR // 3
    assert instalments(Loan("investments", ORE_PER_TKR, 2026, 3, {})) == {2027: third, 2028: third, 2029: third + 1}
    row = roll_forward(OPENING, [], PLANNED, range(2025, 2028))[-1]
    assert row.amortisation == -32_865 * ORE_PER_TKR // 4


def test_a_loan_follows_its_own_plan() -> None:
    loan = Loan("use_of_equity", 300, 2026, 3, {2030: 300})
    assert instalments(loan) == {2030: 300}
    assert loans_without_plan([loan]) == []


def test_loans_that_nobody_has_planned_to_repay_are_reported() -> None:
    assert instalments(PLANNED[3]) == {}
    assert loans_without_plan(PLANNED) == [PLANNED[0], PLANNED[1], PLANNED[3]]


def test_years_with_gaps_and_unknown_purposes_are_refused() -> None:
    with pytest.raises(ValueError, match="years"):
        roll_forward(0, [], [], [2025, 2027])
    with pytest.raises(ValueError, match="purpose"):
        roll_forward(0, [], [Loan("holiday", 1, 2025, 1, {})], [2025])
    with pytest.raises(ValueError):
        instalments(Loan("investments", 1, 2025, 0, {}))


@given(PRINCIPAL, st.integers(1, 50))
def test_equal_instalments_add_up_to_the_principal(principal: int, life: int) -> None:
    plan = instalments(Loan("investments", principal, 2026, life, {}))
    assert sum(plan.values()) == principal
    assert list(plan) == list(range(2027, 2027 + life))
    assert min(plan.values()) >= 0


@given(PRINCIPAL, LOANS)
def test_closing_debt_is_the_sum_of_its_row_and_next_years_opening(opening: int, loans: list[Loan]) -> None:
    rows = roll_forward(opening, [], loans, range(2025, 2031))
    assert all(row.closing_debt == sum(row[1:5]) for row in rows)
    assert [row.opening_debt for row in rows] == [opening, *(row.closing_debt for row in rows[:-1])]


@given(PRINCIPAL, LOANS)
def test_the_order_of_loans_does_not_matter(opening: int, loans: list[Loan]) -> None:
    years = range(2025, 2031)
    assert roll_forward(opening, [], loans, years) == roll_forward(opening, [], loans[::-1], years)


def test_no_years_give_no_rows() -> None:
    none: list[DebtYear] = []
    assert roll_forward(OPENING, EXISTING, PLANNED, []) == none


def test_a_plan_that_exceeds_the_loan_or_precedes_it_is_told_and_not_counted() -> None:
    tkr = ORE_PER_TKR
    large = Loan("investments", 17_650 * tkr, 2027, 10, {2028: 200_000 * tkr})
    assert find_plan_faults(large.principal, large.plan, 2027) == [PlanFault.EXCEEDS]
    assert instalments(large) == {2028: 17_650 * tkr}
    early = Loan("use_of_equity", 4_000 * tkr, 2025, None, {2024: 1_000_00})
    assert find_plan_faults(early.principal, early.plan, 2025) == [PlanFault.BEFORE]
    assert instalments(early) == {}
    assert find_plan_faults(300, {2025: 100, 2030: 200}, 2025) == []


@given(STATEMENTS, LOANS)
def test_closing_debt_is_never_negative_whatever_is_planned(statements: list[Statement], loans: list[Loan]) -> None:
    opening = open_debt(statements)
    assert opening is not None
    years = range(opening.year + 1, 2034)
    planned = [loan for loan in loans if loan.raised_year > opening.year]
    rows = roll_forward(
        opening.debt or sum(map(sum, (plan.values() for plan in opening.plans))), opening.plans, planned, years
    )
    assert all(row.closing_debt >= 0 and row.amortisation <= 0 for row in rows)
    assert opening.debt is None or opening.debt >= sum(sum(plan.values()) for plan in opening.plans)


def test_loans_stated_on_different_days_are_rolled_to_one_day_before_they_are_added() -> None:
    old = Statement("A", 1_000, date(2024, 12, 31), {2025: 300, 2026: 200})
    new = Statement("B", 500, date(2025, 12, 31), {2026: 100})
    opening = open_debt([old, new])
    assert opening == (2025, 700 + 500, [{2026: 200}, {2026: 100}], [])


def test_a_debt_is_not_known_while_a_repayment_on_the_way_is_not() -> None:
    old, new = Statement("A", 1_000, date(2023, 12, 31), {2026: 200}), Statement("B", 500, date(2025, 12, 31), {})
    opening = open_debt([old, new])
    assert opening is not None and (opening.debt, opening.missing) == (None, [("A", 2024), ("A", 2025)])
    known = old._replace(plan={2024: 0, 2025: 0, 2026: 200})
    assert (open_debt([known, new]) or opening).debt == 1_500


def test_a_statement_within_a_year_has_the_quarters_left_before_it() -> None:
    loan = Statement("A", 1_000, date(2026, 6, 30), {2025: 50, 2026: 402, 2027: 100})
    assert repaid_after(loan) == {2026: 200, 2027: 100}
    assert open_debt([loan]) == (2026, 800, [{2027: 100}], [])
    assert open_debt([loan._replace(plan={2027: 100})]) == (2026, None, [{2027: 100}], [("A", 2026)])
    assert open_debt([]) is None


@given(STATEMENTS)
def test_one_loan_is_the_same_alone_as_among_others_stated_the_same_day(statements: list[Statement]) -> None:
    same = [statement._replace(stated_on=date(2025, 12, 31)) for statement in statements]
    together = open_debt(same)
    assert together is not None and together.debt == sum(statement.debt for statement in same)


@given(
    st.integers(0, 10**10),
    st.integers(0, 10**10),
    st.dictionaries(st.integers(1, 12), st.integers(0, 10**9), max_size=4),
)
def test_months_of_a_loan_add_up_to_it_whatever_was_bought(principal: int, whole: int, bought: dict[int, int]) -> None:
    months = raise_in_months(principal, whole, bought)
    assert sum(months.values()) == principal
    assert months.keys() <= set(range(1, 13))
    assert all(ore >= 0 for ore in months.values())


def test_what_is_bought_in_march_is_borrowed_in_march_and_the_rest_evenly() -> None:
    months = raise_in_months(24_00, 24_00, {3: 12_00})
    assert months == {month: 13_00 if month == 3 else 1_00 for month in range(1, 13)}
    with pytest.raises(ValueError, match="months beyond a year"):
        raise_in_months(1, 1, {13: 1})
