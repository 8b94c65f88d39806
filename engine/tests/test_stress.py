"""Rule 8, stress. The worked tables are those of docs/algorithms/stress.md."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.framework import Framework
from engine.loans import Loan, roll_forward
from engine.money import ORE_PER_TKR, allocate, round_to_tkr
from engine.stress import BUFFER, Borrowed, Debt, Inputs, MonthEnd, Pot, Stressed, stress, yearly_interest

YEARS = (2026, 2027, 2028)
T = ORE_PER_TKR
COMPUTERS = [
    Borrowed("computers", Loan("investments", ore * T, year, 4, {}))
    for year, ore in zip(YEARS, (20_000, 16_000, 16_000), strict=True)
]
DEBT = Debt(
    years=YEARS,
    opening={"existing_loans": 40_000 * T},
    repaid=[("existing_loans", {2026: 20_000 * T, 2027: 12_000 * T, 2028: 8_000 * T})],
    fixed=[Borrowed("use_of_equity", Loan("use_of_equity", 3_000 * T, 2026, None, {}))],
    purchases=COMPUTERS,
)
FRAMEWORKS = [Framework(47_000 * T, date(2020, 1, 1)), Framework(60_000 * T, date(2028, 7, 1))]
CLASSES = st.sampled_from(["computers", "phones", "network"])
ORE = st.integers(0, 10**12)
FRACTIONS = st.fractions(-1, 3, max_denominator=1000)


@st.composite
def debts(draw: st.DrawFn) -> Debt:
    lives = st.none() | st.integers(1, 12)
    plans = st.dictionaries(st.integers(2026, 2034), ORE, max_size=3)
    opening = draw(ORE)
    existing = draw(st.dictionaries(st.integers(2026, 2034), st.integers(0, opening // 9), max_size=6))
    bought = st.builds(Loan, st.just("investments"), ORE, st.sampled_from(YEARS), lives, plans)
    months = st.none() | st.lists(st.integers(1, 12), min_size=1, max_size=3, unique=True)
    fixed = st.builds(Loan, st.just("use_of_equity"), ORE, st.sampled_from(YEARS), lives, plans)
    return Debt(
        YEARS,
        {"existing_loans": opening},
        [("existing_loans", existing)],
        draw(st.lists(st.builds(Borrowed, st.just("use_of_equity"), fixed, st.none()), max_size=3)),
        draw(st.lists(st.builds(raise_in, CLASSES, bought, months), max_size=8)),
    )


def raise_in(part: str, loan: Loan, months: list[int] | None) -> Borrowed:
    """A loan that is raised in equal parts in some months, or even over the year."""
    parts = allocate(loan.principal, [1] * len(months)) if months else []
    return Borrowed(part, loan, dict(zip(months, parts, strict=True)) if months else None)


INPUTS = st.builds(
    Inputs,
    price_change=st.dictionaries(CLASSES, FRACTIONS | st.dictionaries(st.integers(2026, 2034), FRACTIONS, max_size=3)),
    defer_months=st.dictionaries(CLASSES, st.integers(-30, 60)),
    quantity_change=st.dictionaries(CLASSES, FRACTIONS),
    pots=st.lists(
        st.builds(
            Pot, st.sampled_from(["pot", "system"]), ORE, st.just(2026), st.integers(2026, 2034), st.integers(1, 12),
            st.none() | CLASSES,
        ), max_size=2,
    ),
    buffer=ORE,
    until_year=st.none() | st.integers(2026, 2034),
)  # fmt: skip


def tkr(answer: Stressed) -> list[tuple[int, ...]]:
    return [(row.year, *(ore // T for ore in row.parts.values()), row.debt // T) for row in answer.year_ends]


def test_debt_as_budgeted_is_told_by_part_and_later_purchases_repeat_the_last_plan_years() -> None:
    answer = stress(DEBT, Inputs(until_year=2029), FRAMEWORKS)
    assert list(answer.year_ends[0].parts) == ["existing_loans", "use_of_equity", "computers"]
    assert tkr(answer) == [
        (2026, 20_000, 3_000, 20_000, 43_000),
        (2027, 8_000, 3_000, 31_000, 42_000),
        (2028, 0, 3_000, 38_000, 41_000),
        (2029, 0, 3_000, 41_000, 44_000),
    ]
    assert (answer.opening, answer.repeated) == (40_000 * T, {"computers": [2029]})
    assert [row.headroom for row in answer.year_ends] == [4_000 * T, 5_000 * T, 19_000 * T, 16_000 * T]
    assert answer.first_breach is None


def test_higher_prices_break_the_framework_in_a_month_and_the_break_even_uses_all_headroom() -> None:
    tried = Inputs(price_change={"computers": Fraction(3, 10)}, break_even_classes=frozenset({"computers"}))
    answer = stress(DEBT, tried, FRAMEWORKS)
    assert tkr(answer) == [
        (2026, 20_000, 3_000, 26_000, 49_000),
        (2027, 8_000, 3_000, 40_300, 51_300),
        (2028, 0, 3_000, 49_400, 52_400),
    ]
    assert answer.first_breach == MonthEnd(2026, 5, 4_708_333_335, 47_000 * T)
    # 2027 has 5 000 of headroom on 31 000 owed, 2026 has 4 000 on 20 000: the nearer of them.
    assert answer.break_even_price_change == Fraction(5, 31)
    exact = stress(DEBT, Inputs(price_change={"computers": Fraction(5, 31)}), FRAMEWORKS)
    assert abs(exact.year_ends[1].headroom or 0) <= 2


def test_deferring_by_a_year_moves_purchase_and_repayment_and_by_half_a_year_half_of_them() -> None:
    whole = stress(DEBT, Inputs(defer_months={"computers": 12}), FRAMEWORKS)
    assert [row.parts["computers"] // T for row in whole.year_ends] == [0, 20_000, 31_000]
    half = stress(DEBT, Inputs(defer_months={"computers": 6}), FRAMEWORKS)
    assert [round_to_tkr(row.parts["computers"]) for row in half.year_ends] == [10_000, 25_500, 34_500]
    earlier = stress(DEBT, Inputs(defer_months={"computers": -12}), FRAMEWORKS)
    assert [row.parts["computers"] // T for row in earlier.year_ends] == [36_000, 43_000, 46_000]


def test_pot_stands_in_the_place_of_a_class_and_a_buffer_beside_everything() -> None:
    pot = Pot("devices", 18_000 * T, 2026, 2027, 3, "computers")
    answer = stress(DEBT, Inputs(pots=[pot], buffer=500 * T), FRAMEWORKS)
    assert [(row.parts["devices"] // T, row.parts[BUFFER] // T) for row in answer.year_ends] == [
        (18_000, 500),
        (30_000, 500),
        (18_000, 500),
    ]
    assert "computers" not in answer.year_ends[0].parts


def test_interest_is_the_mean_of_the_month_ends_times_the_rate() -> None:
    level = Debt((2026,), {"existing_loans": 1_200_00}, [], [], [])
    assert yearly_interest(stress(level, Inputs(), []).year_ends, Fraction(3, 100)) == {2026: 36_00}


def test_no_price_uses_up_the_headroom_of_what_is_broken_without_the_class() -> None:
    named = frozenset({"computers"})
    broken = [Framework(10_000 * T, date(2020, 1, 1))]
    assert stress(DEBT, Inputs(break_even_classes=named), broken).break_even_price_change is None
    assert stress(DEBT, Inputs(break_even_classes=named), []).break_even_price_change is None
    assert stress(DEBT, Inputs(break_even_classes=frozenset({"phones"})), FRAMEWORKS).break_even_price_change is None


def test_horizon_before_the_first_year_is_refused() -> None:
    with pytest.raises(ValueError, match="2025"):
        stress(DEBT, Inputs(until_year=2025), FRAMEWORKS)


def test_item_with_a_month_is_borrowed_in_it_and_its_price_and_deferral_move_it_there() -> None:
    bought = Borrowed("computers", Loan("investments", 1_200 * T, 2027, 4, {}), {3: 1_140 * T, 11: 60 * T})
    debt = Debt(YEARS, {}, [], [], [bought])
    assert [row.debt // T for row in stress(debt, Inputs(), []).months[12:24]] == [0, 0, *[1_140] * 8, 1_200, 1_200]
    dearer = stress(debt, Inputs(price_change={"computers": Fraction(1, 10)}), [])
    assert [row.debt // T for row in dearer.months[14:24:8]] == [1_254, 1_320]
    later = stress(debt, Inputs(defer_months={"computers": 2}), []).months
    assert [row.debt // T for row in later[12:26]] == [*[0] * 4, *[1_140] * 8, 1_200, 1_200]


@pytest.mark.parametrize("months", [{0: 100}, {13: 100}, {1: 50}, {1: 150, 2: -50}])
def test_months_that_are_none_or_do_not_add_up_to_the_loan_are_refused(months: dict[int, int]) -> None:
    bought = Borrowed("computers", Loan("investments", 100, 2027, 4, {}), months)
    with pytest.raises(ValueError, match="computers"):
        stress(Debt(YEARS, {}, [], [], [bought]), Inputs(), [])


FAMILY = {"student_computers": "computers", "laptops": "student_computers"}


def test_what_is_tried_of_a_parent_is_tried_of_its_children_unless_they_have_their_own() -> None:
    children = [Borrowed("student_computers", COMPUTERS[0].loan), Borrowed("laptops", COMPUTERS[1].loan)]
    debt = replace(DEBT, purchases=[*COMPUTERS, *children], parents=FAMILY)
    tried = Inputs(
        price_change={"computers": Fraction(1, 10), "laptops": Fraction(0)}, defer_months={"computers": 12},
        break_even_classes=frozenset({"computers"}),
    )  # fmt: skip
    said = Inputs(
        price_change={"computers": Fraction(1, 10), "student_computers": Fraction(1, 10)},
        defer_months=dict.fromkeys(("computers", "student_computers", "laptops"), 12),
        break_even_classes=frozenset({"computers", "student_computers", "laptops"}),
    )
    wide = [Framework(100_000 * T, date(2020, 1, 1))]
    answer = stress(debt, tried, wide)
    assert answer == stress(replace(debt, parents={}), said, wide)
    assert answer.break_even_price_change is not None
    pot = stress(debt, Inputs(pots=[Pot("devices", T, 2026, 2027, 3, "student_computers")]), wide)
    assert set(pot.year_ends[0].parts) == {"existing_loans", "use_of_equity", "computers", "devices"}


def test_family_that_goes_in_a_circle_ends() -> None:
    debt = replace(DEBT, parents={"computers": "phones", "phones": "computers"})
    assert stress(debt, Inputs(price_change={"phones": Fraction(1)}), []).year_ends[0].parts["computers"] == 40_000 * T


@given(debts())
def test_year_ends_of_what_is_not_changed_are_those_of_the_loan_forecast(debt: Debt) -> None:
    planned = [row.loan for row in (*debt.fixed, *debt.purchases)]
    rows = roll_forward(debt.opening["existing_loans"], [plan for _part, plan in debt.repaid], planned, YEARS)
    assert [row.closing_debt for row in rows] == [row.debt for row in stress(debt, Inputs(), []).year_ends]


@given(debts(), INPUTS)
def test_parts_add_up_to_the_debt_and_months_to_the_year_ends_and_no_part_is_negative(
    debt: Debt, inputs: Inputs
) -> None:
    answer = stress(debt, inputs, FRAMEWORKS)
    for row in answer.year_ends:
        assert sum(row.parts.values()) == row.debt
        assert min(row.parts.values(), default=0) >= 0
    assert [row.debt for row in answer.months if row.month == 12] == [row.debt for row in answer.year_ends]


@given(debts(), INPUTS)
def test_order_of_the_loans_does_not_matter(debt: Debt, inputs: Inputs) -> None:
    turned = replace(debt, fixed=list(reversed(debt.fixed)), purchases=list(reversed(debt.purchases)))
    assert stress(debt, inputs, FRAMEWORKS) == stress(turned, inputs, FRAMEWORKS)


@given(debts(), INPUTS)
def test_first_breach_is_the_first_month_above_its_framework(debt: Debt, inputs: Inputs) -> None:
    answer = stress(debt, inputs, FRAMEWORKS)
    above = [row for row in answer.months if row.framework is not None and row.debt > row.framework]
    assert answer.first_breach == (above[0] if above else None)


@given(debts(), INPUTS, st.sets(CLASSES, min_size=1), st.integers(1, 10**14))
def test_break_even_price_leaves_no_headroom_within_an_ore_a_loan(
    debt: Debt, inputs: Inputs, named: set[str], limit: int
) -> None:
    frameworks = [Framework(limit, date(2020, 1, 1))]
    tried = replace(inputs, break_even_classes=frozenset(named))
    change = stress(debt, tried, frameworks).break_even_price_change
    if change is None:
        return
    at_it = replace(tried, price_change={**inputs.price_change, **dict.fromkeys(named, change)})
    answer = stress(debt, at_it, frameworks)
    least = min(row.headroom for row in answer.year_ends if row.headroom is not None)
    # A loan is repeated for at most 13 years, is raised in at most 3 of them, and is rounded once and in each instalment.
    assert abs(least) <= len(debt.purchases) * 13 * 3 * 13


@given(debts(), st.integers(0, 3))
def test_deferring_everything_by_years_is_the_same_debt_so_much_later(debt: Debt, years: int) -> None:
    bought = Debt(YEARS, {}, [], [], debt.purchases)
    later = Inputs(defer_months=dict.fromkeys(("computers", "phones", "network"), 12 * years), until_year=2036)
    at_once, deferred = stress(bought, Inputs(until_year=2036), []), stress(bought, later, [])
    assert [row.debt for row in deferred.months[12 * years :]] == [
        row.debt for row in at_once.months[: len(at_once.months) - 12 * years]
    ]
