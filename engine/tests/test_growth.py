"""A growth is said in per cent until that says nothing."""

from decimal import Decimal

import pytest

from engine.growth import NEW, Growth, growth


@pytest.mark.parametrize(
    ("now", "before", "grown"),
    [
        (106_000, 100_000, Decimal("6.0")),
        (-99, -100, Decimal("1.0")),
        (0, 100, Decimal("-100.0")),
        (1_100, 100, Decimal("1000.0")),
        (110_001, 10_000, NEW),
        (-90_001, 10_000, NEW),
        (5, 0, NEW),
        (0, 0, None),
        (5, None, None),
    ],
)
def test_a_change_beyond_a_thousand_per_cent_is_new(now: int, before: int | None, grown: Growth) -> None:
    assert growth(now, before) == grown
