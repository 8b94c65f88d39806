"""Rule 8, the roll-forward by month."""

from collections.abc import Sequence
from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from engine.loan_months import roll_months
from engine.loan_terms import LoanTerms, sum_movements
from engine.loans import Loan, roll_forward
from engine.stress import Borrowed, Debt, Inputs, Termed, stress
from engine.tests.test_loan_terms import MKR, NEW, OLD, loans

YEARS = (2027, 2028, 2029)
PLANNED = st.lists(
    st.builds(
        Loan,
        st.sampled_from(["investments", "use_of_equity"]),
        st.integers(0, 10**12),
        st.sampled_from(YEARS),
        st.none() | st.integers(1, 9),
        st.just({}),
        st.sampled_from(["equal", "depreciation", "bullet"]),
    ),
    max_size=5,
)


def test_months_tell_instalments_and_refinancing_on_their_days() -> None:
    rows = {(row.year, row.month): row for row in roll_months(19 * MKR, [], [], [OLD, NEW], YEARS)}
    assert rows[2027, 3].amortisation == -MKR
    march = rows[2029, 3]
    assert (march.amortisation, march.refinancing_repaid, march.refinancing_raised) == (-MKR, -14 * MKR, 14 * MKR)
    assert (march.opening_debt, march.closing_debt) == (15 * MKR, 14 * MKR)


@given(st.lists(loans(), max_size=3), PLANNED)
def test_months_add_up_to_years_and_end_where_the_stress_test_does(
    found: Sequence[LoanTerms], planned: Sequence[Loan]
) -> None:
    termed = [loan._replace(name=str(number)) for number, loan in enumerate(found)]
    moved = sum_movements(termed, YEARS[0] - 1)
    months = roll_months(moved.opening, [], planned, termed, YEARS)
    years = roll_forward(moved.opening, [moved.repaid], planned, YEARS, moved.raised)
    for year, rows in zip(years, (list(rows) for _year, rows in groupby(months, lambda row: row.year)), strict=True):
        assert rows[0].opening_debt == year.opening_debt
        assert rows[-1].closing_debt == year.closing_debt
        assert sum(row.borrowing_investments for row in rows) == year.borrowing_investments
        assert sum(row.borrowing_use_of_equity for row in rows) == year.borrowing_use_of_equity
        assert sum(row.amortisation for row in rows) == year.amortisation
    bought = [Borrowed("x", loan) for loan in planned]
    debt = Debt(YEARS, {}, [], bought, [], [Termed("y", loan) for loan in termed])
    assert [row.debt for row in stress(debt, Inputs(), []).months] == [row.closing_debt for row in months]
