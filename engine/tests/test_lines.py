"""Rule 11, cost lines. The worked table is that of docs/algorithms/lines.md; the cases are the script's as well."""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.lines import FACTORS, FIGURES, Figures, Problem, settle
from engine.money import MAX_ORE, multiply
from engine.result import INCOMES, REDUCTIONS, CostKind
from engine.years import AMOUNTS

CASES = json.loads(Path(__file__).with_name("line_cases.json").read_text(encoding="utf-8"))
EQUITY = CostKind.USE_OF_EQUITY.value
QUANTITIES = st.none() | st.decimals(-(10**6), 10**6, places=4)
PRICES = st.none() | st.integers(-(10**8), 10**8)
TYPED_AMOUNTS = st.none() | st.integers(-MAX_ORE, MAX_ORE)
# An edit is drawn from some twenty values.
KINDS = st.sampled_from([EQUITY, "deduction", "equipment_sales", "direct_cost", "personnel"])


def read(figures: dict[str, Any]) -> dict[str, Any]:
    return {name: Decimal(value) if name == "quantity" and value else value for name, value in figures.items()}


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_line_yields_as_the_table_of_cases_says(case: dict[str, Any]) -> None:
    typed = read(case["typed"])
    if case["cost_kind"] != "direct_cost":
        typed["cost_kind"] = case["cost_kind"]
    stored = Figures(**read(case["stored"]))
    settled = settle(stored, replace(stored, **typed), typed.keys(), is_base_grant=True)
    if case["refused"]:
        assert settled.problems[case["refused"]["field"]] == case["refused"]["reason"]
    else:
        assert settled.problems == {}
        assert {name: getattr(settled.figures, name) for name in case["expected"]} == read(case["expected"])


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ({}, (Decimal("2.5"), 10_100, 25_250)),
        ({"quantity": Decimal(3)}, (Decimal(3), 10_100, 30_300)),
        ({"unit_price_ore": 200}, (Decimal("2.5"), 200, 500)),
        ({"amount_1_ore": 700}, (None, None, 700)),
        ({"amount_1_ore": 25_250}, (Decimal("2.5"), 10_100, 25_250)),
        ({"amount_1_ore": None}, (Decimal("2.5"), 10_100, 25_250)),
        ({"quantity": None}, (None, None, 25_250)),
        ({"quantity": Decimal(3), "amount_1_ore": 700}, {"amount_1_ore": Problem.DIFFERS}),
        ({"quantity": Decimal(3), "unit_price_ore": None}, {"quantity": Problem.ALONE}),
    ],
)
def test_line_of_the_worked_table(typed: dict[str, Any], line: object) -> None:
    stored = Figures(quantity=Decimal("2.5"), unit_price_ore=10_100, amount_1_ore=25_250)
    settled = settle(stored, replace(stored, **typed), typed.keys(), is_base_grant=False)
    now = settled.figures
    assert (settled.problems or (now.quantity, now.unit_price_ore, now.amount_1_ore)) == line


def test_use_of_equity_belongs_to_the_base_grant_only() -> None:
    stored = Figures()
    settled = settle(stored, replace(stored, cost_kind=EQUITY), {"cost_kind"}, is_base_grant=False)
    assert settled.problems == {"cost_kind": Problem.NOT_IN_GRANT}
    assert settled.figures == stored


def test_what_can_stand_is_kept_beside_what_can_not() -> None:
    stored = Figures(cost_kind=EQUITY, amount_1_ore=-500)
    wanted = replace(stored, quantity=Decimal(2), unit_price_ore=500, amount_2_ore=-700, amount_3_ore=1)
    settled = settle(stored, wanted, {*FACTORS, "amount_2_ore", "amount_3_ore"}, is_base_grant=True)
    refused = {"amount_1_ore", *FACTORS, "amount_3_ore"}
    assert settled.problems == dict.fromkeys(refused, Problem.ABOVE_ZERO)
    assert settled.figures == replace(stored, amount_2_ore=-700)


@st.composite
def edits(draw: st.DrawFn) -> tuple[Figures, Figures, set[str]]:
    """A line as it may be stored, what is wanted of it, and what of that is typed."""
    drawn = Figures(
        draw(KINDS), draw(QUANTITIES), draw(PRICES), *(draw(st.integers(-MAX_ORE, MAX_ORE)) for _year in AMOUNTS)
    )
    stored = settle(Figures(), drawn, set(FIGURES), is_base_grant=True).figures
    typed = draw(st.sets(st.sampled_from(FIGURES)))
    new = Figures(draw(KINDS), draw(QUANTITIES), draw(PRICES), *(draw(TYPED_AMOUNTS) for _year in AMOUNTS))
    return stored, replace(stored, **{name: getattr(new, name) for name in typed}), typed


@given(edits(), st.booleans())
def test_settled_line_is_one_that_the_database_takes(
    edit: tuple[Figures, Figures, set[str]], is_base_grant: bool
) -> None:
    line = settle(*edit, is_base_grant=is_base_grant).figures
    assert (line.quantity is None) == (line.unit_price_ore is None)
    if line.quantity is not None and line.unit_price_ore is not None:
        assert line.amount_1_ore == multiply(line.quantity, line.unit_price_ore)
    amounts = [getattr(line, name) for name in AMOUNTS]
    assert all(-MAX_ORE <= amount <= MAX_ORE for amount in amounts)
    assert line.cost_kind not in REDUCTIONS or max(amounts) <= 0
    assert line.cost_kind not in INCOMES or min(amounts) >= 0


@given(edits())
def test_settled_line_is_settled(edit: tuple[Figures, Figures, set[str]]) -> None:
    stored, _wanted, _typed = edit
    line = settle(*edit, is_base_grant=True).figures
    once_more = settle(stored, line, set(FIGURES), is_base_grant=True)
    assert (once_more.figures, once_more.problems) == (line, {})


@given(edits())
def test_every_typed_value_stands_or_has_a_problem(edit: tuple[Figures, Figures, set[str]]) -> None:
    _stored, wanted, typed = edit
    settled = settle(*edit, is_base_grant=True)
    follows = {name for name in ("amount_1_ore", *FACTORS) if name in typed and name not in settled.problems}
    for name in typed - settled.problems.keys() - follows:
        assert getattr(settled.figures, name) == (getattr(wanted, name) or (0 if name in AMOUNTS else ""))
    if follows == {"amount_1_ore"} and wanted.amount_1_ore is not None:
        assert settled.figures.amount_1_ore == wanted.amount_1_ore


@given(edits())
def test_line_without_anything_typed_stays_as_it_is(edit: tuple[Figures, Figures, set[str]]) -> None:
    stored = edit[0]
    assert settle(stored, stored, (), is_base_grant=True).figures == stored
