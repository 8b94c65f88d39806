"""Debt is as sure as what it rests on. The worked table is that of docs/algorithms/provenance.md."""

from hypothesis import given
from hypothesis import strategies as st

from engine.loan_sources import LoanSources, trace_debt
from engine.provenance import ORDER

SOURCES = st.sampled_from(ORDER)
YEARS = [2025, 2026, 2027, 2028]
PLANS = st.dictionaries(st.sampled_from(YEARS), SOURCES, max_size=4)
LOANS = st.builds(
    LoanSources, st.sampled_from(["investments", "use_of_equity"]), st.sampled_from(YEARS), SOURCES, PLANS
)


def test_debt_rests_on_assumed_repayments_from_the_first_year_that_has_one() -> None:
    existing = [{2025: "published", 2026: "published", 2027: "assumed"}]
    planned = [LoanSources("investments", 2026, "derived", {2027: "calculated"})]
    rows = trace_debt(["published"], existing, planned, YEARS)
    assert [row.closing_debt for row in rows] == ["published", "derived", "assumed", "assumed"]
    assert [row.amortisation for row in rows] == ["published", "published", "assumed", "calculated"]
    assert [row.borrowing_investments for row in rows] == ["calculated", "derived", "calculated", "calculated"]


@given(SOURCES, st.lists(PLANS, max_size=3), st.lists(LOANS, max_size=3))
def test_debt_never_gets_surer_with_the_years(
    opening: str, existing: list[dict[int, str]], planned: list[LoanSources]
) -> None:
    ranks = [ORDER.index(row.closing_debt) for row in trace_debt([opening], existing, planned, YEARS)]
    assert ranks == sorted(ranks)
    assert ranks[0] >= ORDER.index(opening)


@given(SOURCES, st.lists(PLANS, max_size=3), st.lists(LOANS, max_size=3))
def test_debt_is_no_surer_than_the_repayments_it_is_less(
    opening: str, existing: list[dict[int, str]], planned: list[LoanSources]
) -> None:
    for row in trace_debt([opening], existing, planned, YEARS):
        repaid = [plan[row.year] for plan in (*existing, *(loan.repaid for loan in planned)) if row.year in plan]
        assert all(ORDER.index(row.closing_debt) >= ORDER.index(source) for source in repaid)
