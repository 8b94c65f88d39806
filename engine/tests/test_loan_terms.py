"""Rule 8, a loan by its own terms. The worked table is that of docs/algorithms/loans.md."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.loan_terms import (
    DayCount,
    LoanTerms,
    MovementKind,
    Shift,
    Term,
    debt_on,
    find_term_faults,
    interest_by_year,
    interest_paid,
    list_movements,
    list_repayments,
    year_fraction,
)

MKR = 1_000_000_00
MARCH, SEPTEMBER = (3, 16), (9, 16)


def half_years(first: int, last: int) -> list[date]:
    return [date(year, *day) for year in range(first, last + 1) for day in (MARCH, SEPTEMBER)]


OLD = LoanTerms(
    "A", 20 * MKR, date(2026, 3, 16), date(2029, 3, 16),
    [Term(date(2026, 3, 16), Fraction("0.0285")), Term(date(2027, 9, 16), Fraction("0.034"), resets=True)],
    dict.fromkeys(half_years(2026, 2029)[1:7], MKR),
)  # fmt: skip
NEW = LoanTerms(
    "B", 14 * MKR, date(2029, 3, 16), date(2032, 3, 16), [Term(date(2029, 3, 16), Fraction("0.031"), resets=True)],
    dict.fromkeys(half_years(2029, 2032)[1:7], MKR), refinances=True,
)  # fmt: skip


@st.composite
def loans(draw: st.DrawFn) -> LoanTerms:
    raised = draw(st.dates(date(2024, 1, 1), date(2027, 12, 31)))
    matures = raised + timedelta(days=draw(st.integers(2, 4000)))
    principal, instalments = draw(st.integers(0, 10**12)), {}
    inside = st.dates(raised + timedelta(days=1), matures)
    for day in draw(st.sets(inside, max_size=5)):
        instalments[day] = draw(st.integers(0, principal // 5))
    resets = sorted(draw(st.sets(st.dates(raised + timedelta(days=1), matures - timedelta(days=1)), max_size=3)))
    rates = st.fractions(0, 1, max_denominator=10_000)
    terms = [Term(day, draw(rates), draw(st.booleans())) for day in (raised, *resets)]
    return LoanTerms("L", principal, raised, matures, terms, instalments, draw(st.sampled_from(DayCount)))


def test_interest_is_paid_on_its_days_and_accrued_by_year() -> None:
    paid = interest_paid(OLD, half_years(2026, 2029)[1:7])
    assert [ore // 100 for ore in paid.values()] == [285_000, 270_750, 256_500, 289_000, 272_000, 255_000]
    assert [interest_by_year(OLD)[year] for year in (2026, 2027, 2028)] == [442_937_50, 537_895_83, 541_166_67]
    assert interest_by_year(OLD)[2029] + interest_by_year(NEW)[2029] == 440_791_67
    assert [debt_on([OLD, NEW], day) // MKR for day in half_years(2026, 2030)[1:]] == [
        19, 18, 17, 16, 15, 14, 13, 12, 11,
    ]  # fmt: skip


def test_refinancing_is_two_rows_that_sum_to_nothing_and_never_twice_in_the_debt() -> None:
    day = date(2029, 3, 16)
    rows = [(row.loan, row.kind, row.ore) for row in list_movements([OLD, NEW]) if row.on == day]
    assert rows == [
        ("A", MovementKind.AMORTISATION, -MKR),
        ("A", MovementKind.REFINANCING, -14 * MKR),
        ("B", MovementKind.REFINANCING, 14 * MKR),
    ]
    running = 0
    for row in list_movements([NEW, OLD]):
        running += row.ore
        assert running <= 20 * MKR
    assert debt_on([OLD, NEW], day) == 14 * MKR


def test_parallel_shift_moves_only_what_resets_after_its_day() -> None:
    shifted = interest_by_year(OLD, Shift(date(2027, 1, 1), Fraction(1, 100)))
    plain = interest_by_year(OLD)
    assert shifted[2026] == plain[2026]
    # 17 000 000 x 1 % x 105 / 360 is 49 583.333; between two years that are each rounded it is an öre more.
    assert shifted[2027] - plain[2027] == 49_583_34
    assert interest_by_year(OLD, Shift(date(2027, 9, 17), Fraction(1, 100))) == plain


def test_new_loan_of_more_than_what_matures_borrows_the_rest() -> None:
    larger = NEW._replace(principal=15 * MKR)
    assert [(row.kind, row.ore) for row in list_movements([OLD, larger]) if row.loan == "B"][:2] == [
        (MovementKind.BORROWING, MKR),
        (MovementKind.REFINANCING, 14 * MKR),
    ]
    smaller = NEW._replace(principal=6 * MKR)
    day = date(2029, 3, 16)
    assert [(row.kind, row.ore) for row in list_movements([OLD, smaller]) if row.loan == "A" and row.on == day] == [
        (MovementKind.AMORTISATION, -9 * MKR),
        (MovementKind.REFINANCING, -6 * MKR),
    ]


@pytest.mark.parametrize(
    ("loan", "why"),
    [
        (OLD._replace(matures_on=date(2026, 3, 16)), "matures before"),
        (OLD._replace(terms=[]), "first term"),
        (OLD._replace(terms=[Term(date(2026, 4, 1), Fraction(0))]), "first term"),
        (OLD._replace(terms=[OLD.terms[0], OLD.terms[0]]), "overlap"),
        (OLD._replace(terms=[Term(date(2026, 3, 16), Fraction(101, 100))]), "beyond 100"),
        (OLD._replace(instalments={date(2026, 3, 16): 1}), "before the loan"),
        (OLD._replace(instalments={date(2029, 3, 17): 1}), "after its maturity"),
        (OLD._replace(instalments={date(2027, 3, 16): -1}), "negative"),
        (OLD._replace(instalments={date(2027, 3, 16): 20 * MKR + 1}), "more than the loan"),
    ],
)
def test_terms_that_cannot_be_are_told_and_not_counted(loan: LoanTerms, why: str) -> None:
    assert any(why in fault for fault in find_term_faults(loan))
    with pytest.raises(ValueError, match=why):
        list_repayments(loan)


def test_months_of_thirty_days_and_the_days_there_are() -> None:
    assert year_fraction(date(2026, 1, 31), date(2026, 3, 31), DayCount.THIRTY_360) == Fraction(60, 360)
    assert year_fraction(date(2026, 3, 16), date(2026, 9, 16), DayCount.THIRTY_360) == Fraction(1, 2)
    assert year_fraction(date(2028, 2, 1), date(2028, 3, 1), DayCount.ACTUAL) == Fraction(29, 365)


@given(loans())
def test_a_loan_is_repaid_whole_and_never_owed_less_than_nothing(loan: LoanTerms) -> None:
    running = 0
    for row in list_movements([loan]):
        running += row.ore
        assert running >= 0
    assert running == 0
    assert sum(list_repayments(loan).values()) == loan.principal


@given(loans(), st.integers(0, 10**12))
def test_refinancing_sums_to_nothing_whatever_the_amounts(loan: LoanTerms, principal: int) -> None:
    later = LoanTerms(
        "N", principal, loan.matures_on, loan.matures_on + timedelta(days=500), [Term(loan.matures_on, Fraction(0))], {},
        refinances=True,
    )  # fmt: skip
    rows = list_movements([loan, later])
    assert sum(row.ore for row in rows if row.kind == MovementKind.REFINANCING) == 0
    of_day = [row for row in rows if row.on == loan.matures_on]
    assert sum(row.ore for row in of_day) == principal - list_repayments(loan)[loan.matures_on]
    assert debt_on([loan, later], loan.matures_on) == principal
    before = running = debt_on([loan], loan.matures_on - timedelta(days=1))
    for row in of_day:
        running += row.ore
        # Never both loans at once: at no moment of the day is more owed than before it or after it.
        assert running <= max(before, principal)


@given(loans())
def test_interest_by_year_is_what_the_days_of_payment_add_up_to_within_their_rounding(loan: LoanTerms) -> None:
    days = sorted({*list_repayments(loan), loan.matures_on})
    by_day, by_year = interest_paid(loan, days), interest_by_year(loan)
    assert abs(sum(by_day.values()) - sum(by_year.values())) <= (len(by_day) + len(by_year)) / 2
