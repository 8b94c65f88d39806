"""What a limit pays for: purchases in the order of their priority, and the line below which nothing is paid for."""

from collections.abc import Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

Item = TypeVar("Item")


class Funded(NamedTuple, Generic[Item]):
    """A purchase with what it and all before it come to, öre, and whether the limit pays for it.

    `is_paid` is None where it can't be said: its own amount is not known, or that of one before it.
    """

    item: Item
    ore: int | None
    total: int
    is_paid: bool | None


def fund(items: Iterable[tuple[Item, int | None]], limit: int) -> list[Funded[Item]]:
    """Return purchases in their order with what `limit` öre pays for.

    The line falls before the first that does not fit; nothing after it is paid for, however small. Amounts are not negative.
    """
    rows: list[Funded[Item]] = []
    total, is_sure = 0, True
    for item, ore in items:
        total += ore or 0
        is_sure = is_sure and ore is not None
        is_within = total <= limit
        rows.append(Funded(item, ore, total, is_within if is_sure or not is_within else None))
    return rows


def find_line(rows: Sequence[Funded[Item]]) -> int:
    """Return how many purchases stand above the line."""
    return next((place for place, row in enumerate(rows) if row.is_paid is False), len(rows))
