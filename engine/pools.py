"""Rule 5, cost pools: each places its whole cost on pools, the base grant and products, to the öre.

The trick: a pool is taken after all that pay it, so that when it is split it holds what it was given; the order of the
rows says nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from fractions import Fraction
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

from engine.money import Exact, allocate, to_fraction

WHOLE_PERCENT = 100


class Unit(StrEnum):
    """What a pool's weights are counted in."""

    HOURS = "hours"
    PERCENT = "percent"


class To(IntEnum):
    """Whom a pool may serve, in the order in which öre are given."""

    POOL = 1
    BASE_GRANT = 2
    PRODUCT = 3


class Receiver(NamedTuple):
    """Who takes a part: whom, its place among these, and its key; receivers sort in the order of the split."""

    to: To
    position: int
    key: int


@dataclass(frozen=True)
class Pool:
    """A pool of one year: what its weights are counted in, and who takes its cost by which weights."""

    key: int
    unit: str
    weights: Mapping[Receiver, Exact]


class PoolProblem(StrEnum):
    """Why pools can't be placed."""

    CIRCLE = "circle"
    NO_WEIGHTS = "no_weights"
    NEGATIVE = "negative"
    NOT_A_HUNDRED = "not_a_hundred"


@dataclass(frozen=True)
class FoundProblem:
    """A problem and the pools it concerns: of a circle its path, which ends where it begins. `total` is the per cents' sum."""

    problem: PoolProblem
    pools: tuple[int, ...]
    total: Fraction = Fraction(0)


Placed = dict[int, dict[Receiver, int]]
"""What each pool gives to each receiver, öre."""


def find_problems(pools: Sequence[Pool], costs: Mapping[int, int]) -> list[FoundProblem]:
    """Return all that keeps pools from being placed. A pool without weights is one when it has a cost or is paid by others."""
    paid = {to.key for pool in pools for to, weight in pool.weights.items() if to.to is To.POOL and weight > 0}
    found = []
    for pool in pools:
        total = sum((to_fraction(weight) for weight in pool.weights.values()), Fraction(0))
        if any(weight < 0 for weight in pool.weights.values()):
            found.append(FoundProblem(PoolProblem.NEGATIVE, (pool.key,)))
        elif total == 0:
            if costs.get(pool.key) or pool.key in paid:
                found.append(FoundProblem(PoolProblem.NO_WEIGHTS, (pool.key,)))
        elif pool.unit == Unit.PERCENT and total != WHOLE_PERCENT:
            found.append(FoundProblem(PoolProblem.NOT_A_HUNDRED, (pool.key,), total))
    path = _find_circle(pools)
    return [*found, FoundProblem(PoolProblem.CIRCLE, path)] if path else found


def place_pools(pools: Sequence[Pool], costs: Mapping[int, int]) -> Placed:
    """Return what each pool gives to whom (rule 5): its own cost and what others gave it, by `money.allocate`.

    `costs` are öre by pool; what is not there is 0. Pools that `find_problems` found something about raise ValueError.
    """
    held = {pool.key: costs.get(pool.key, 0) for pool in pools}
    by_key = {pool.key: pool for pool in pools}
    placed: Placed = {}
    for key in _sorter(pools).static_order():
        placed[key] = _split(by_key[key], held[key])
        for to, ore in placed[key].items():
            if to.to is To.POOL:
                held[to.key] += ore
    return placed


def _split(pool: Pool, ore: int) -> dict[Receiver, int]:
    receivers = sorted(to for to, weight in pool.weights.items() if weight)
    if not receivers and not ore:
        return {}
    return dict(zip(receivers, allocate(ore, [pool.weights[to] for to in receivers]), strict=True))


def _sorter(pools: Sequence[Pool]) -> "TopologicalSorter[int]":
    """Return the pools, each after those that pay it."""
    payers: dict[int, list[int]] = {pool.key: [] for pool in pools}
    for pool in pools:
        for to, weight in pool.weights.items():
            if to.to is To.POOL and weight:
                payers[to.key].append(pool.key)
    return TopologicalSorter(payers)


def _find_circle(pools: Sequence[Pool]) -> tuple[int, ...]:
    """Return the path of a circle in the direction of the payments; empty when there is none."""
    try:
        _sorter(pools).prepare()
    except CycleError as error:
        path = error.args[1]
        first = min(range(len(path) - 1), key=lambda place: [pool.key for pool in pools].index(path[place]))
        return (*path[first:-1], *path[:first], path[first])
    return ()
