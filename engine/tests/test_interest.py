"""Rule 8, interest by terms and by rate, and what pays it. The worked figures are those of docs/algorithms/loans.md."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from engine.interest import accrue_interest, split_interest
from engine.loan_terms import LoanTerms, interest_by_year
from engine.loans import Loan
from engine.stress import Borrowed, Debt, Inputs, Termed, stress, yearly_interest
from engine.tests.test_loan_terms import MKR, NEW, OLD, loans

YEARS = (2026, 2027, 2028, 2029)
THREE = Fraction(3, 100)


def debt_of(*termed: LoanTerms, sums: int = 0, has_rate: bool = True) -> Debt:
    opening = {"existing_loans": sums} if sums else {}
    return Debt(YEARS, opening, [], [], [], [Termed("existing_loans", loan, has_rate) for loan in termed])


def interest(debt: Debt, rate: Fraction | None = THREE, shift: Fraction = Fraction(0)) -> dict[int, int | None]:
    return accrue_interest(debt, stress(debt, Inputs(), []), rate, shift)


def test_loans_by_their_own_terms_bear_them_and_need_no_other_rate() -> None:
    assert interest(debt_of(OLD, NEW), None) == {2026: 442_937_50, 2027: 537_895_83, 2028: 541_166_67, 2029: 440_791_67}


def test_rest_of_the_debt_bears_the_rate_on_its_average() -> None:
    found = interest(debt_of(OLD, sums=10 * MKR))
    assert found[2027] == 537_895_83 + 300_000_00
    assert interest(debt_of(OLD, sums=10 * MKR), None)[2027] is None


def test_loan_without_rates_of_its_own_bears_the_rate_on_its_average() -> None:
    found = stress(debt_of(OLD, has_rate=False), Inputs(), [])
    assert interest(debt_of(OLD, has_rate=False)) == yearly_interest(found.year_ends, THREE)


def test_shift_moves_what_resets_after_the_first_day_and_all_that_follows_the_rate() -> None:
    plain, moved = interest(debt_of(OLD, sums=MKR)), interest(debt_of(OLD, sums=MKR), shift=Fraction(1, 100))
    # The loan resets on 16 September 2027 only; a million by the rate pays 10 000 kr more each year.
    changes = [(moved[year] or 0) - (plain[year] or 0) for year in (2026, 2027)]
    assert changes == [10_000_00, 49_583_34 + 10_000_00]


def test_refinancing_is_never_twice_in_the_debt_of_a_month_and_adds_nothing_to_it() -> None:
    found = stress(debt_of(OLD, NEW), Inputs(), [])
    owed = {(row.year, row.month): row.debt // MKR for row in found.months}
    assert [owed[2029, month] for month in (2, 3, 4)] == [15, 14, 14]


def test_interest_is_split_by_the_means_of_the_month_ends() -> None:
    assert split_interest(100, {"computers": Fraction(2), "use_of_equity": Fraction(1), "servers": Fraction(0)}) == {
        "computers": 67, "use_of_equity": 33, "servers": 0,
    }  # fmt: skip
    assert split_interest(0, {}) == {}


PARTS = st.sampled_from(["computers", "servers", "use_of_equity"])
PLANNED = st.lists(
    st.builds(
        Borrowed,
        PARTS,
        st.builds(
            Loan, st.just("investments"), st.integers(0, 10**12), st.sampled_from(YEARS), st.integers(1, 9),
            st.just({}), st.sampled_from(["equal", "depreciation", "bullet"]),
        ),
        st.none(),
    ),
    max_size=6,
)  # fmt: skip


@given(PLANNED, loans(), st.integers(0, 10**12), st.fractions(0, 1, max_denominator=1000))
def test_parts_of_the_interest_add_up_to_it_and_no_month_owes_less_than_nothing(
    planned: Sequence[Borrowed], termed: LoanTerms, sums: int, rate: Fraction
) -> None:
    debt = replace(debt_of(termed, sums=sums), purchases=planned)
    found = stress(debt, Inputs(), [])
    assert all(row.debt >= 0 for row in found.months)
    for end in found.year_ends:
        ore = accrue_interest(debt, found, rate)[end.year]
        assert ore is not None
        parts = split_interest(ore, end.averages)
        assert sum(parts.values()) == (ore if end.average else 0)
        assert ore >= interest_by_year(termed).get(end.year, 0)
        assert sum(end.averages.values()) == end.average
