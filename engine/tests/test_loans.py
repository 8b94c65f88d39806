"""Rule 8, loans. The worked tables are those of docs/algorithms/loans.md."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.framework import headroom
from engine.loans import DebtYear, Loan, instalments, loans_without_plan, roll_forward
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
        st.dictionaries(st.integers(2025, 2032), PRINCIPAL, max_size=3),
    ),
    max_size=8,
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
