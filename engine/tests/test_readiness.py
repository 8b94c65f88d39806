"""Readiness: each check finds what it is for, says where, and leaves alone what is as it should be."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from engine.readiness import Check, Finding, ReadyLine, ReadyProduct, find_warnings

TEN = Decimal(10)


def line(**values: Any) -> ReadyLine:
    given = {"key": "l", "text": "Licence", "cost_kind": "direct_cost", "amounts": (100_00, 100_00, 100_00)}
    return ReadyLine(**{**given, "earlier": 100_00, "note": "", "is_assumed": False, **values})


def find(*lines: ReadyLine, jump_percent: Decimal = TEN, before: int | None = None) -> list[Finding]:
    return find_warnings([ReadyProduct("p", "Lifecare", list(lines), before)], jump_percent=jump_percent)


def checks(*lines: ReadyLine, jump_percent: Decimal = TEN) -> list[Check]:
    return [finding.check for finding in find(*lines, jump_percent=jump_percent)]


def test_a_line_that_is_as_it_should_be_is_left_alone() -> None:
    assert find(line()) == []


def test_a_product_without_lines_is_told_by_its_own_place() -> None:
    (finding,) = find()
    assert finding.product is not None
    assert (finding.check, finding.product.key, finding.line) == (Check.NO_LINES, "p", None)


@pytest.mark.parametrize("amounts", [(-1, 1, 1), (1, -1, 1), (1, 1, -1)])
def test_a_negative_amount_of_any_year_is_found_where_none_is_expected(amounts: tuple[int, int, int]) -> None:
    assert checks(line(amounts=amounts, earlier=None)) == [Check.NEGATIVE]


def test_income_above_cost_is_told_and_income_is_no_part_of_the_cost_that_jumps() -> None:
    cost, income = (
        line(amounts=(100, 100, 100), earlier=100),
        line(cost_kind="grants", amounts=(150, 100, 100), earlier=150),
    )
    assert checks(cost, income) == [Check.INCOME]
    assert checks(cost, line(cost_kind="grants", amounts=(100, 100, 100), earlier=100)) == []


def test_use_of_equity_is_meant_to_be_negative() -> None:
    assert checks(line(cost_kind="use_of_equity", amounts=(-5, -5, -5), earlier=-5)) == []


@pytest.mark.parametrize(("text", "amounts", "found"), [
    ("", (1, 1, 1), [Check.NO_TEXT]), ("  ", (0, 0, 1), [Check.NO_TEXT]), ("", (0, 0, 0), []),
])  # fmt: skip
def test_an_amount_without_text_is_found_and_an_empty_line_is_not(
    text: str, amounts: tuple[int, int, int], found: list[Check]
) -> None:
    assert checks(line(text=text, amounts=amounts, earlier=None)) == found


def test_a_line_still_assumed_is_found() -> None:
    assert checks(line(is_assumed=True)) == [Check.ASSUMED]


@pytest.mark.parametrize(("now", "found"), [(110_00, []), (110_01, [Check.JUMP]), (90_00, []), (89_99, [Check.JUMP])])
def test_a_jump_is_more_than_the_set_percentage_either_way(now: int, found: list[Check]) -> None:
    assert checks(line(amounts=(now, now, now))) == found


def test_a_jump_says_by_how_much() -> None:
    (finding,) = find(line(amounts=(125_00, 1, 1)))
    assert finding.percent == Decimal("25.0")


def test_a_note_explains_a_jump_and_blanks_do_not() -> None:
    assert checks(line(amounts=(500_00, 0, 0), note="New contract")) == []
    assert checks(line(amounts=(500_00, 1, 1), note=" \n")) == [Check.JUMP]


@pytest.mark.parametrize(("earlier", "found"), [(None, []), (0, [Check.NEW])])
def test_a_line_that_is_new_has_no_percentage_and_is_told_where_that_is_known(
    earlier: int | None, found: list[Check]
) -> None:
    assert checks(line(earlier=earlier, amounts=(500_00, 1, 1))) == found


def test_a_note_explains_a_new_line_and_an_empty_year() -> None:
    assert checks(line(earlier=0, amounts=(500_00, 0, 0), note="Ends this year")) == []


def test_a_line_without_a_first_amount_is_not_new() -> None:
    assert checks(line(earlier=0, amounts=(0, 5, 5))) == []


@pytest.mark.parametrize("amounts", [(100_00, 0, 0), (100_00, 0, 5), (100_00, 5, 0)])
def test_an_empty_plan_year_after_a_first_amount_is_found(amounts: tuple[int, int, int]) -> None:
    assert checks(line(amounts=amounts)) == [Check.EMPTY_YEAR]


def test_a_kind_that_is_copied_and_not_calculated_is_told_once_a_product_and_not_judged() -> None:
    copies = [line(key=key, is_copied=True, amounts=(500_00, 0, 0)) for key in "ab"]
    found = find(*copies)
    assert [(finding.check, finding.line) for finding in found] == [(Check.COPIED, None)]


def test_a_new_product_is_told_instead_of_its_lines() -> None:
    found = find(line(earlier=0), line(earlier=0), before=0)
    assert [(finding.check, finding.line) for finding in found] == [(Check.NEW, None)]
    assert find(line(earlier=0, note="Agreed in May"), before=0) == []


def test_a_product_whose_lines_are_gone_jumps_by_itself() -> None:
    (finding,) = find(line(), before=300_00)
    assert (finding.check, finding.line, finding.percent) == (Check.JUMP, None, Decimal("-66.7"))


def test_a_product_with_a_line_that_jumps_is_not_told_a_second_time() -> None:
    assert checks(line(amounts=(300_00, 1, 1))) == [Check.JUMP]
    assert find(line(amounts=(300_00, 1, 1), note="New contract"), before=100_00) == []


def test_the_whole_jumps_after_all_products() -> None:
    small = ReadyProduct("p", "Lifecare", [line()], 100_00)
    found = find_warnings([small], jump_percent=TEN, earlier=200_00)
    assert found == [Finding(Check.JUMP, None, None, Decimal("-50.0"))]
    assert find_warnings([small], jump_percent=TEN, earlier=100_00) == []
    assert find_warnings([small], jump_percent=TEN, earlier=None) == []


def test_a_jump_from_a_negative_amount_is_judged_by_its_size() -> None:
    assert checks(line(cost_kind="use_of_equity", earlier=-100_00, amounts=(-111_00, -1, -1))) == [Check.JUMP]


def test_findings_come_in_the_order_of_the_page() -> None:
    first = line(key="a", text="", amounts=(-1, -1, -1), is_assumed=True)
    found = [
        (finding.check, finding.line and finding.line.key) for finding in find(first, line(key="b", is_assumed=True))
    ]
    assert found == [
        (Check.NO_TEXT, "a"), (Check.NEGATIVE, "a"), (Check.ASSUMED, "a"), (Check.JUMP, "a"), (Check.ASSUMED, "b")
    ]  # fmt: skip
