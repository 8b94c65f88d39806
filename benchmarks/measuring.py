"""A figure with its bound, and how times are taken: alternating, so that a noisy machine disturbs both sides alike."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from django.db import connection


@dataclass(frozen=True)
class Figure:
    """One figure. It holds when it is measured and at most its bound."""

    name: str
    value: float | None
    unit: str
    bound: float
    details: dict[str, Any] = field(default_factory=dict)
    reason: str = ""

    @property
    def holds(self) -> bool:
        return self.value is not None and self.value <= self.bound


@dataclass(frozen=True)
class Sizes:
    """How much is measured: the whole, or less of it for a quick look, whose figures prove nothing."""

    roll_up: tuple[int, ...] = (10_000, 100_000, 1_000_000)
    small: int = 10_000
    large: int = 1_000_000
    copied: int = 100_000
    repetitions: int = 9
    edits: int = 40

    @staticmethod
    def quick() -> Sizes:
        """Small enough for a minute."""
        return Sizes((1_000, 10_000), small=1_000, large=10_000, copied=5_000, repetitions=3, edits=10)


def seconds_of(action: Callable[[], object]) -> float:
    """How long one call takes; the garbage of earlier ones is collected before."""
    gc.collect()
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def percentile_95(values: Sequence[float]) -> float:
    """The smallest value that at least 95 per cent of the values do not exceed."""
    ordered = sorted(values)
    return ordered[-(-len(ordered) * 95 // 100) - 1]


def medians(rounds: Sequence[dict[str, float]]) -> dict[str, float]:
    """The median of each of the named times."""
    return {name: median(times[name] for times in rounds) for name in rounds[0]}


def ratio_of(rounds: Sequence[dict[str, float]], measured: str, base: str) -> float:
    """The median of the rounds' ratios: both sides of each were taken within the same moment."""
    return median(times[measured] / times[base] for times in rounds)


def in_ms(times: dict[str, float]) -> dict[str, float]:
    """Seconds as milliseconds that a person can read."""
    return {f"{name}_ms": round(seconds * 1000, 2) for name, seconds in times.items()}


def fetch(query: str, *parameters: int) -> list[tuple[Any, ...]]:
    """All rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
