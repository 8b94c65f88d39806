"""Rule 8, plans of repayment as days, variable rates as resets, and a sum without the loans that are known by themselves."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.loan_plans import carve_out, expand_resets, join_plans, place_year, repay_equally
from engine.loan_terms import LoanTerms, Moved, debt_on, find_term_faults, list_repayments, sum_borrowed, sum_movements
from engine.loans import Loan, Statement, instalments, open_debt, roll_forward, take_raised
from engine.tests.test_loan_terms import MKR, NEW, OLD, loans

RAISED, MATURES = date(2026, 3, 16), date(2029, 3, 16)


def test_equal_parts_of_an_amount_are_those_of_the_worked_loan() -> None:
    assert repay_equally(20 * MKR, RAISED, MATURES, 6, part=MKR) == OLD.instalments
    assert repay_equally(20 * MKR, RAISED, MATURES, 6, part=MKR, first_on=date(2028, 9, 16)) == {
        date(2028, 9, 16): MKR, MATURES: MKR,
    }  # fmt: skip


def test_whole_loan_in_equal_parts_leaves_nothing_at_maturity() -> None:
    plan = repay_equally(100, RAISED, MATURES, 12)
    assert plan == {date(2027, 3, 16): 34, date(2028, 3, 16): 33, MATURES: 33}


@pytest.mark.parametrize("options", [{"every_months": 0}, {"every_months": 6, "first_on": RAISED}])
def test_periods_and_first_days_that_cannot_be_are_refused(options: dict[str, int | date]) -> None:
    with pytest.raises(ValueError, match="instalment"):
        repay_equally(100, RAISED, MATURES, **options)  # type: ignore[arg-type]


def test_year_known_by_itself_falls_on_the_quarter_ends_within_the_loan() -> None:
    assert place_year(100, 2027, RAISED, MATURES) == {
        date(2027, 3, 31): 25, date(2027, 6, 30): 25, date(2027, 9, 30): 25, date(2027, 12, 31): 25,
    }  # fmt: skip
    assert list(place_year(100, 2026, RAISED, MATURES)) == half_quarters(2026)
    assert place_year(100, 2029, RAISED, MATURES) == {MATURES: 100}
    with pytest.raises(ValueError, match="2030"):
        place_year(100, 2030, RAISED, MATURES)


def half_quarters(year: int) -> list[date]:
    return [date(year, 3, 31), date(year, 6, 30), date(year, 9, 30), date(year, 12, 31)]


def test_variable_rate_is_set_anew_and_a_fixed_one_is_not() -> None:
    rate = Fraction(3, 100)
    terms = expand_resets(RAISED, rate, date(2026, 12, 1), resets=False, every_months=3)
    assert [(term.from_on, term.resets) for term in terms] == [
        (RAISED, False), (date(2026, 6, 16), True), (date(2026, 9, 16), True),
    ]  # fmt: skip
    assert len(expand_resets(RAISED, rate, MATURES, resets=True, every_months=None)) == 1


@given(loans(), st.integers(1, 24), st.none() | st.integers(1, 10**12))
def test_equal_parts_are_never_more_than_the_loan(loan: LoanTerms, months: int, part: int | None) -> None:
    plan = repay_equally(loan.principal, loan.raised_on, loan.matures_on, months, part=part)
    planned = loan._replace(instalments=join_plans([plan]))
    assert not find_term_faults(planned)
    assert sum(list_repayments(planned).values()) == loan.principal


def test_planned_loan_is_repaid_as_its_assets_are_depreciated_or_whole_at_the_end() -> None:
    loan = Loan("investments", 1_200, 2027, 2, {})
    assert instalments(loan) == {2028: 600, 2029: 600}
    assert instalments(loan._replace(repaid="depreciation")) == {2027: 300, 2028: 600, 2029: 300}
    assert instalments(loan._replace(repaid="bullet")) == {2029: 1_200}


def test_what_is_raised_of_a_planned_loan_is_counted_once() -> None:
    planned = [
        Loan("investments", 30, 2026, 3, {}),
        Loan("investments", 10, 2026, 5, {}),
        Loan("use_of_equity", 5, 2026, 1, {}),
    ]
    left = take_raised(planned, {(2026, "investments"): 35})
    assert [loan.principal for loan in left] == [0, 5, 5]
    assert take_raised(planned, {(2027, "investments"): 35}) == planned
    rows = roll_forward(0, [], left, [2026], {(2026, "investments"): 35})
    assert (rows[0].borrowing_investments, rows[0].borrowing_use_of_equity, rows[0].closing_debt) == (40, 5, 45)


def test_refinancing_is_in_neither_borrowing_nor_amortisation() -> None:
    moved = sum_movements([OLD, NEW], 2026)
    assert moved == Moved(
        19 * MKR, {}, {2027: 2 * MKR, 2028: 2 * MKR, 2029: 2 * MKR, 2030: 2 * MKR, 2031: 2 * MKR, 2032: 9 * MKR},
        {2029: 14 * MKR},
    )  # fmt: skip
    assert sum_borrowed([OLD, NEW]) == {"A": 20 * MKR}


def test_sum_without_the_loan_that_is_known_by_itself_owes_and_repays_the_rest() -> None:
    stated = Statement("sum", 50 * MKR, date(2026, 12, 31), {2027: 5 * MKR, 2028: MKR})
    rest = carve_out(stated, [OLD])
    assert (rest.debt, rest.plan) == (31 * MKR, {2027: 3 * MKR, 2028: 0})


@given(loans(), st.integers(0, 10**13), st.dictionaries(st.integers(2024, 2040), st.integers(0, 10**12), max_size=5))
def test_entering_a_loan_of_a_sum_by_itself_moves_no_debt_of_its_day(
    loan: LoanTerms, more: int, plan: dict[int, int]
) -> None:
    day = date(2027, 12, 31)
    stated = Statement("sum", debt_on([loan], day) + more, day, plan)
    rest = carve_out(stated, [loan])
    opening = open_debt([rest])
    assert opening is not None
    assert opening.debt == more
    assert more + sum_movements([loan], 2027).opening == stated.debt
