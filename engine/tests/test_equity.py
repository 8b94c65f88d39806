"""Equity and the balance sheet: the worked examples of docs/algorithms/equity.md and balance.md, and what always holds."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from engine.balance import Item, Movements, roll_balance
from engine.equity import (
    UNKNOWN,
    Figure,
    FundFault,
    Verdict,
    add,
    find_fund_faults,
    follow_fund,
    least_opening,
    roll_equity,
    use_in,
)
from engine.money import ORE_PER_TKR
from engine.provenance import Source

ORE = st.integers(-(10**12), 10**12)
POSITIVE = st.integers(0, 10**12)
SOURCES = st.sampled_from([source.value for source in Source if source != Source.UNKNOWN])
FIGURES = st.builds(Figure, ORE, SOURCES)
MAYBE = st.one_of(FIGURES, st.just(UNKNOWN))
YEARS = [2024, 2025, 2026]


def tkr(amount: int, source: str = "published") -> Figure:
    return Figure(amount * ORE_PER_TKR, source)


RESULTS = {2024: tkr(-6847), 2025: tkr(-3808), 2026: tkr(-3000)}


def test_the_fund_of_the_worked_example_has_345_tkr_left_after_2026() -> None:
    used = {year: use_in(result) for year, result in RESULTS.items()}
    decided = {2024: tkr(7000, "derived"), 2025: tkr(4000), 2026: tkr(3000)}
    rows = follow_fund(tkr(14_000), decided, used, YEARS)
    assert [row.left_of_total.ore for row in rows] == [715_300_000, 334_500_000, 34_500_000]
    assert [row.left_of_year.ore for row in rows] == [15_300_000, 19_200_000, 0]
    assert rows[0].left_of_year.source == "derived" and rows[0].left_of_total.source == "published"


def test_equity_of_20_655_tkr_before_2024_is_what_the_floor_of_7_mkr_takes() -> None:
    assert least_opening(roll_equity({}, RESULTS, {2026: tkr(7000)}, YEARS)) == 2_065_500_000
    assert least_opening(roll_equity({}, RESULTS, {}, YEARS)) is None
    assert least_opening(roll_equity({}, {2024: tkr(0)}, {2026: tkr(7000)}, YEARS)) is None
    for opening, verdict in ((20_655, Verdict.MET), (20_654, Verdict.NOT_MET)):
        rows = roll_equity({2023: tkr(opening, "entered")}, RESULTS, {2026: tkr(7000)}, YEARS)
        assert rows[-1].verdict == verdict
    assert [row.closing.ore for row in rows] == [1_380_700_000, 999_900_000, 699_900_000]
    assert rows[-1].above_floor == Figure(-100_000, "entered")


def test_what_is_not_known_spreads_and_cannot_be_judged() -> None:
    rows = roll_equity({}, RESULTS, dict.fromkeys(YEARS, tkr(7000)), YEARS)
    assert [row.closing for row in rows] == [UNKNOWN] * 3
    assert {row.verdict for row in rows} == {Verdict.CANNOT_BE_JUDGED}
    assert [row.result for row in rows] == list(RESULTS.values())
    without_floor = roll_equity({2023: tkr(9000)}, RESULTS, {}, YEARS)
    assert {row.verdict for row in without_floor} == {Verdict.CANNOT_BE_JUDGED}


def test_a_stated_year_end_goes_before_what_is_rolled_and_its_difference_is_told() -> None:
    rows = roll_equity({2023: tkr(20_000), 2024: tkr(13_000)}, RESULTS, {}, YEARS)
    assert rows[0].closing == tkr(13_000) and rows[0].unexplained == -15_300_000
    assert rows[1].opening == tkr(13_000) and rows[1].unexplained == 0


@given(FIGURES, st.lists(FIGURES, min_size=1, max_size=8))
def test_closing_equity_is_the_opening_and_all_results(opening: Figure, results: list[Figure]) -> None:
    years = list(range(2024, 2024 + len(results)))
    rows = roll_equity({2023: opening}, dict(zip(years, results, strict=True)), {}, years)
    assert rows[-1].closing == add(opening, *results)


@given(st.lists(st.tuples(ORE, POSITIVE), min_size=1, max_size=8))
def test_the_least_opening_is_at_every_floor_and_an_ore_less_is_not(told: list[tuple[int, int]]) -> None:
    years = list(range(2024, 2024 + len(told)))
    results = {year: Figure(result, "entered") for year, (result, _floor) in zip(years, told, strict=True)}
    floors = {year: Figure(floor, "entered") for year, (_result, floor) in zip(years, told, strict=True)}

    def judge(opening: int) -> set[Verdict]:
        return {row.verdict for row in roll_equity({2023: Figure(opening, "entered")}, results, floors, years)}

    least = least_opening(roll_equity({}, results, floors, years))
    assert least is not None
    assert judge(least) == {Verdict.MET} and Verdict.NOT_MET in judge(least - 1)


@given(POSITIVE, st.dictionaries(st.sampled_from(YEARS), MAYBE))
def test_what_is_left_of_a_fund_is_the_fund_less_what_is_used(total: int, results: dict[int, Figure]) -> None:
    used = {year: use_in(result) for year, result in results.items()}
    rows = follow_fund(Figure(total, "entered"), {}, used, YEARS)
    taken = [used.get(year, UNKNOWN).ore for year in YEARS]
    known = [ore for ore in taken if ore is not None]
    assert rows[-1].left_of_total.ore == (total - sum(known) if len(known) == len(YEARS) else None)


def test_years_outside_a_fund_and_more_than_all_of_it_are_told() -> None:
    assert find_fund_faults(14, 2024, 2026, {2024: 7, 2025: 4, 2026: 3}) == []
    assert find_fund_faults(14, 2024, 2026, {2023: 1}) == [FundFault.OUTSIDE]
    assert find_fund_faults(14, 2024, 2026, {2024: 15}) == [FundFault.EXCEEDS]


# The balance sheet

MOVED = Movements(tkr(-3000), tkr(31_312), tkr(32_865), tkr(35_865), tkr(25_708))
OPENING = {
    Item.FIXED_ASSETS: tkr(70_000, "assumed"),
    Item.OTHER_ASSETS: tkr(12_000, "assumed"),
    Item.EQUITY: tkr(10_000, "assumed"),
    Item.PROVISIONS: tkr(2000, "assumed"),
    Item.DEBT: tkr(57_477),
    Item.OTHER_LIABILITIES: tkr(12_523, "assumed"),
}


def test_the_worked_example_balances_and_its_debt_is_the_published_one() -> None:
    opening, closing = roll_balance(2025, OPENING, {2026: MOVED}, [2026])
    assert opening.difference.ore == 0 and closing.difference.ore == 0
    assert {item: figure.ore for item, figure in closing.levels.items()} == {
        Item.FIXED_ASSETS: 7_155_300_000,
        Item.OTHER_ASSETS: 1_760_400_000,
        Item.EQUITY: 700_000_000,
        Item.PROVISIONS: 200_000_000,
        Item.DEBT: 6_763_400_000,
        Item.OTHER_LIABILITIES: 1_252_300_000,
    }
    assert closing.above_debt.ore == 391_900_000 and closing.missing == []


def test_without_an_opening_changes_are_shown_and_what_is_missing_is_named() -> None:
    opening = {Item.DEBT: OPENING[Item.DEBT], Item.EQUITY: OPENING[Item.EQUITY]}
    _opening, closing = roll_balance(2025, opening, {2026: MOVED}, [2026])
    assert closing.missing == [Item.FIXED_ASSETS, Item.OTHER_ASSETS, Item.PROVISIONS, Item.OTHER_LIABILITIES]
    assert closing.assets == UNKNOWN and closing.difference == UNKNOWN and closing.above_debt == UNKNOWN
    assert closing.changes[Item.FIXED_ASSETS].ore == 155_300_000
    assert closing.changes[Item.OTHER_ASSETS].ore == 560_400_000
    assert closing.levels[Item.DEBT].ore == 6_763_400_000


MOVEMENTS = st.builds(
    Movements,
    FIGURES,
    FIGURES,
    FIGURES,
    FIGURES,
    FIGURES,
    st.dictionaries(st.sampled_from([Item.PROVISIONS, Item.OTHER_LIABILITIES]), FIGURES),
)


@given(st.fixed_dictionaries(dict.fromkeys(Item, FIGURES)), st.lists(MOVEMENTS, max_size=5))
def test_what_the_opening_does_not_balance_by_stays_to_the_ore(
    opening: dict[Item, Figure], moved: list[Movements]
) -> None:
    years = list(range(2026, 2026 + len(moved)))
    rows = roll_balance(2025, opening, dict(zip(years, moved, strict=True)), years)
    assert {row.difference.ore for row in rows} == {rows[0].difference.ore}
    for before, after in itertools.pairwise(rows):
        for item in Item:
            assert after.levels[item].ore == add(before.levels[item], after.changes[item]).ore
