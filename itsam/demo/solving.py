"""What the solving of posts, pools and weights reads: lines that are known, those to come to, and published figures."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from engine.money import ORE_PER_TKR
from engine.result import is_income, sum_amounts
from engine.years import Amounts

DATA = Path(__file__).parent / "data"
# The loader needs no such lines: they are what its posts, pools and weights are to come to.
TARGETS = Path(__file__).parent / "cost_targets.csv"
YEARS = range(3)
GRANT = "grundanslag"
COLUMNS = ("budget_2026", "forecast_2027", "forecast_2028")


class Target(NamedTuple):
    """A product, by its sub-budget."""

    sub_budget: str
    product: str


class Line(NamedTuple):
    """A cost of a product, öre."""

    target: Target
    kind: str
    amounts: Amounts


class Span(NamedTuple):
    """What a shown tkr figure leaves free, öre: from `low` to just before `high`."""

    low: int
    high: int


@dataclass(frozen=True)
class Figures:
    """`known` lines stay; `wanted` ones are to come out of the pools. Published tkr by table."""

    known: list[Line]
    wanted: list[Line]
    categories: dict[Target, str]
    sub_budgets: dict[tuple[str, str], tuple[int, int, int]]
    result: dict[str, tuple[int, int, int]]
    revenue: dict[str, int]
    personnel: dict[str, int]

    def amounts_of(self, kind: str) -> dict[Target, Amounts]:
        """Return the wanted lines of a kind."""
        return {line.target: line.amounts for line in self.wanted if line.kind == kind}

    def sum_kind(self, kind: str) -> Amounts:
        """Return the wanted sum of a kind."""
        return sum_amounts(self.amounts_of(kind).values())

    def sum_others(self, year: int, choose: Callable[[Line], bool]) -> int:
        """Return what lines but those of personnel and staff time come to, for those chosen."""
        others = [*self.known, *(line for line in self.wanted if line.kind == "server_operation")]
        return sum(line.amounts[year] for line in others if choose(line) and not is_income(line.kind))

    @cached_property
    def _places(self) -> dict[Target, int]:
        return {target: place for place, target in enumerate(self.categories)}

    def place(self, target: Target) -> int:
        """Return a product's place in the budget."""
        return self._places[target]


def span(tkr: int) -> Span:
    """Return what rounds to a tkr figure; a negative one is rounded away from zero, too."""
    low = tkr * ORE_PER_TKR - ORE_PER_TKR // 2
    return Span(low, low + ORE_PER_TKR) if tkr >= 0 else Span(low + 1, low + ORE_PER_TKR + 1)


def read_figures(folder: Path) -> Figures:
    """Read the files that the loader has checked."""
    products = [(Target(row["sub_budget"], row["product"]), row) for row in _read(folder / "products.csv")]
    printed = _read(folder / "published_sub_budgets.csv")
    return Figures(
        known=_read_lines(folder / "cost_lines.csv"),
        wanted=_read_lines(TARGETS),
        categories={target: row["revenue_category"] for target, row in products},
        sub_budgets={(row["sub_budget"], row["line"]): _three(row, COLUMNS) for row in printed},
        result={
            row["line"]: _three(row, ("budget_2026", "plan_2027", "plan_2028"))
            for row in _read(folder / "result_budget.csv")
        },
        revenue={r["category"]: int(r["budget_2026"]) for r in _read(folder / "revenue_by_category.csv")},
        personnel={r["line"]: int(r["budget_2026"]) for r in _read(folder / "personnel_costs.csv")},
    )


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _read_lines(path: Path) -> list[Line]:
    lines = []
    for row in _read(path):
        first, second, third = (int(row[f"sek_{year}"]) * 100 for year in (2026, 2027, 2028))
        lines.append(Line(Target(row["sub_budget"], row["product"]), row["cost_kind"], (first, second, third)))
    return lines


def _three(row: dict[str, str], columns: tuple[str, ...]) -> tuple[int, int, int]:
    first, second, third = (int(row[column] or 0) for column in columns)
    return first, second, third
