"""Solves what posts are paid: whole kronor a month that come to the published cost of all three years."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

from engine.money import allocate
from engine.personnel import PersonnelRate, PersonnelRow, Post, RateKind, Tariff
from engine.years import Amounts
from itsam.demo.assumed_staff import AssumedPost
from itsam.demo.solving import GRANT, YEARS, Figures, span

START = date(2026, 1, 1)
# How far from what rounds to another figure the sums of the base grant are kept, öre.
MARGIN = 4_000
PAY_STEP = 10


@dataclass(frozen=True)
class PaidPost:
    """A post, and its pay a month in full time, SEK."""

    assumed: AssumedPost
    pay: int


class Pay:
    """What posts cost by the demo's planning rates."""

    def __init__(self, folder: Path) -> None:
        with (folder / "planning_rates.csv").open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        self.hours = next(int(row["value"]) for row in rows if row["kind"] == "hours")
        rates = [
            PersonnelRate(row["kind"], date.fromisoformat(row["valid_from"]), Decimal(row["value"]))
            for row in rows
            if row["kind"] in set(RateKind)
        ]
        self._tariff = Tariff(rates, {})
        self.rows = cache(self._rows)

    def _rows(self, percent: int, pay: int, year: int) -> dict[PersonnelRow, int]:
        return self._tariff.cost(Post(pay * 100, percent, START), START.year + year)

    def cost(self, post: AssumedPost, pay: int) -> Amounts:
        """Return a post's cost, öre."""
        first, second, third = (sum(self.rows(post.percent, pay, year).values()) for year in YEARS)
        return first, second, third

    def split(self, post: AssumedPost, pay: int) -> dict[str, list[int]]:
        """Return what each carrier bears, öre."""
        sums = {carrier: [0, 0, 0] for carrier, _weight in post.carriers}
        weights = [weight for _carrier, weight in post.carriers]
        for year in YEARS:
            for ore in self.rows(post.percent, pay, year).values():
                for carrier, part in zip(sums, allocate(ore, weights), strict=True):
                    sums[carrier][year] += part
        return sums


def solve_grant_posts(assumed: Sequence[AssumedPost], figures: Figures, pay: Pay) -> list[PaidPost]:
    """Return the base grant's posts: each product's cost of each year is as published, and so is the base grant's."""
    pays = [post.pay for post in assumed]
    for product in dict.fromkeys(post.carriers[0][0] for post in assumed):
        own = [place for place, post in enumerate(assumed) if post.carriers[0][0] == product]
        low, _high = _bounds(figures, product)
        turn = 0
        while any(cost < least for cost, least in zip(_sum(assumed, pays, own, pay), low, strict=True)):
            pays[own[turn % len(own)]] += 1
            turn += 1
    _fill_up(assumed, pays, figures, pay)
    return [PaidPost(post, paid) for post, paid in zip(assumed, pays, strict=True)]


def _fill_up(assumed: Sequence[AssumedPost], pays: list[int], figures: Figures, pay: Pay) -> None:
    """Raise pay krona by krona, post by post, as far as the base grant's figures let it: they leave less than posts do."""
    total_high = [
        span(figures.sub_budgets[GRANT, "TOTAL"][year]).high - _others(figures, year) - MARGIN for year in YEARS
    ]
    everyone, moved = range(len(assumed)), True
    while moved:
        moved = False
        for place, post in enumerate(assumed):
            pays[place] += 1
            own = [p for p, other in enumerate(assumed) if other.carriers == post.carriers]
            _low, high = _bounds(figures, post.carriers[0][0])
            if _fits(_sum(assumed, pays, own, pay), high) and _fits(_sum(assumed, pays, everyone, pay), total_high):
                moved = True
            else:
                pays[place] -= 1


def _fits(costs: Sequence[int], high: Sequence[int]) -> bool:
    return all(cost < most for cost, most in zip(costs, high, strict=True))


def _others(figures: Figures, year: int) -> int:
    return figures.sum_others(year, lambda line: line.target.sub_budget == GRANT)


def _bounds(figures: Figures, product: str) -> tuple[list[int], list[int]]:
    spans = [span(tkr) for tkr in figures.sub_budgets[GRANT, product]]
    return [found.low + MARGIN for found in spans], [found.high - MARGIN for found in spans]


def _sum(assumed: Sequence[AssumedPost], pays: list[int], places: Sequence[int], pay: Pay) -> list[int]:
    costs = [pay.cost(assumed[place], pays[place]) for place in places]
    return [sum(cost[year] for cost in costs) for year in YEARS]


def solve_team_posts(assumed: Sequence[AssumedPost], grant: Amounts, figures: Figures, pay: Pay) -> list[PaidPost]:
    """Return the teams' posts: with the base grant's they come to the published total, rows and all."""
    total = span(figures.personnel["TOTAL"])
    wanted = Fraction(total.low + total.high, 2) - grant[0]
    pays = [post.pay for post in assumed]
    raised = wanted / sum(pay.cost(post, post.pay)[0] for post in assumed)
    pays = [int(paid * raised / PAY_STEP) * PAY_STEP for paid in pays]
    everyone, turn = range(len(assumed)), 0
    while _sum(assumed, pays, everyone, pay)[0] < wanted:
        pays[turn % len(pays)] += PAY_STEP
        turn += 1
    return [PaidPost(post, paid) for post, paid in zip(assumed, pays, strict=True)]
