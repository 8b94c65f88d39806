"""What a calculation made, before it is stored: parts of posts by row, what pools give, and lines; or what stood against it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from engine.provenance import Source

Amounts = list[int]


class Target(NamedTuple):
    """A calculated line: a product, by key, and a kind of cost."""

    product_id: int
    cost_kind: str


@dataclass
class Figure:
    """Three years' öre, and where they come from."""

    amounts: Amounts = field(default_factory=lambda: [0, 0, 0])
    sources: set[str] = field(default_factory=lambda: {Source.CALCULATED.value})

    def add(self, amounts: Amounts, *sources: str) -> None:
        """Add a part."""
        self.amounts = [whole + part for whole, part in zip(self.amounts, amounts, strict=True)]
        self.sources.update(sources)


@dataclass
class Calculated:
    """What a calculation made: parts of posts by row, what pools give, and lines; or the problems that it found."""

    post_costs: dict[tuple[int, str], Amounts] = field(default_factory=dict)
    shares: dict[tuple[int, int | None, int | None], Amounts] = field(default_factory=dict)
    lines: dict[Target, Figure] = field(default_factory=dict)
    problems: list[dict[str, object]] = field(default_factory=list)
