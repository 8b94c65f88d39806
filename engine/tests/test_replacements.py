"""Rule 8, life cycle. The worked table is that of docs/algorithms/replacements.md."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.depreciation import MONTHS, count_months
from engine.money import round_ore
from engine.replacements import Cohort, Sum, Terms, Wave, add_up, plan_replacements

FIRST, LAST = 2027, 2032
CLASSES, MEMBERS = ("computers", "phones"), ("Boxholm", "Vimmerby", "Ydre")
cohorts = st.lists(
    st.builds(
        Cohort,
        st.sampled_from(CLASSES),
        st.sampled_from(MEMBERS),
        st.integers(2018 * MONTHS, FIRST * MONTHS + 11),
        st.integers(1, 500),
    ),
    max_size=8,
)
terms = st.builds(
    Terms,
    st.fixed_dictionaries({name: st.integers(1, 8) for name in CLASSES}),
    st.fixed_dictionaries({name: st.integers(1, 10**7) for name in CLASSES}),
    st.dictionaries(st.integers(FIRST, LAST), st.fractions(-1, 1, max_denominator=100), max_size=3),
)


def test_laptops_of_2023_and_late_ones_fall_due_and_a_wave_is_deferred() -> None:
    register = [
        Cohort("computers", "Vimmerby", count_months(2023, 3), 100),
        Cohort("computers", "Boxholm", count_months(2024, 9), 40),
        Cohort("computers", "Ydre", count_months(2022, 1), 10),
    ]
    given_terms = Terms({"computers": 4}, {"computers": 10_000_00}, {2028: Fraction(5, 100)})
    plan = plan_replacements(register, given_terms, 2027, 2029)
    assert [(row.member, divmod(row.month, MONTHS), row.number, row.amount) for row in plan] == [
        ("Ydre", (2027, 0), 10, 100_000_00),
        ("Vimmerby", (2027, 2), 100, 1_000_000_00),
        ("Boxholm", (2028, 8), 40, 420_000_00),
    ]
    later = Terms(given_terms.cycles, given_terms.prices, given_terms.index, {Wave("computers", 2027): 12})
    moved = plan_replacements(register, later, 2027, 2029)
    by_year = add_up(moved, lambda row: row.year)
    assert by_year == {2028: Sum(150, 110 * 10_500_00 + 420_000_00)}


@given(cohorts, terms)
def test_each_device_is_replaced_once_a_cycle(register: list[Cohort], given_terms: Terms) -> None:
    for row in register:
        plan = plan_replacements([row], given_terms, FIRST, LAST)
        cycle = given_terms.cycles[row.asset_class] * MONTHS
        months = [each.month for each in plan]
        first = max(row.taken + cycle, FIRST * MONTHS)
        assert months == list(range(first, (LAST + 1) * MONTHS, cycle))
        assert all(each.number == row.number for each in plan)


@given(cohorts, terms)
def test_sums_by_class_year_and_member_are_the_same_devices(register: list[Cohort], given_terms: Terms) -> None:
    plan = plan_replacements(register, given_terms, FIRST, LAST)
    whole = add_up(plan, lambda _row: 0).get(0, Sum(0, 0))
    for found in (
        add_up(plan, lambda row: row.asset_class),
        add_up(plan, lambda row: row.year),
        add_up(plan, lambda row: row.member),
        add_up(plan, lambda row: (row.asset_class, row.year, row.member)),
    ):
        assert sum(each.number for each in found.values()) == whole.number
        assert sum(each.amount for each in found.values()) == whole.amount
    for row in plan:
        factor = Fraction(1)
        for year in range(FIRST + 1, row.year + 1):
            factor *= 1 + given_terms.index.get(year, 0)
        assert row.unit_price == round_ore(given_terms.prices[row.asset_class] * factor)


@given(cohorts, terms, st.sampled_from(CLASSES), st.integers(FIRST, LAST), st.integers(-24, 60))
def test_deferral_moves_a_whole_wave_as_far(
    register: list[Cohort], given_terms: Terms, kind: str, year: int, months: int
) -> None:
    """Of cohorts that fall due but once, the wave moves by as many months, and nothing else does."""
    assume(-months < given_terms.cycles[kind] * MONTHS)
    once = [
        row for row in register if row.taken + 2 * given_terms.cycles[row.asset_class] * MONTHS > (LAST + 9) * MONTHS
    ]
    before = plan_replacements(once, given_terms, FIRST, LAST + 8)
    moved = Terms(given_terms.cycles, given_terms.prices, given_terms.index, {Wave(kind, year): months})
    after = plan_replacements(once, moved, FIRST, LAST + 8)
    expected: dict[tuple[str, str, int, int], int] = {}
    for row in before:
        is_wave = row.asset_class == kind and row.year == year
        month = max(row.month + months, FIRST * MONTHS) if is_wave else row.month
        if month < (LAST + 9) * MONTHS:
            place = row.asset_class, row.member, month, row.due
            expected[place] = expected.get(place, 0) + row.number
    found = {(row.asset_class, row.member, row.month, row.due): row.number for row in after}
    assert {place: found.get(place) for place in expected} == expected


@given(cohorts, terms)
def test_no_deferral_is_the_plan_itself(register: list[Cohort], given_terms: Terms) -> None:
    nothing = {Wave(kind, year): 0 for kind in CLASSES for year in range(FIRST, LAST + 1)}
    still = Terms(given_terms.cycles, given_terms.prices, given_terms.index, nothing)
    assert plan_replacements(register, still, FIRST, LAST) == plan_replacements(register, given_terms, FIRST, LAST)


def test_a_class_without_a_cycle_is_not_planned_and_one_without_a_price_costs_what_it_did() -> None:
    row = Cohort("network", "", count_months(2023, 1), 1, 500_000_00)
    assert plan_replacements([row], Terms({}, {"network": 1}), 2027, 2029) == []
    (found,) = plan_replacements([row], Terms({"network": 5}, {}, {2028: Fraction(1, 10)}), 2027, 2029)
    assert (found.year, found.amount) == (2028, 550_000_00)


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="a cycle of 0 years"):
        plan_replacements([], Terms({"computers": 0}, {}), 2027, 2029)
    with pytest.raises(ValueError, match="before the first year"):
        plan_replacements([], Terms({}, {}), 2027, 2026)
    with pytest.raises(ValueError, match="brought forward by a whole cycle"):
        plan_replacements([], Terms({"computers": 4}, {}, {}, {Wave("computers", 2027): -48}), 2027, 2029)
