from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.pools import FoundProblem, Pool, PoolProblem, Receiver, To, Unit, find_problems, place_pools

SUPPORT = Receiver(To.POOL, 2, 2)
GRANT = Receiver(To.BASE_GRANT, 0, 3)
COMPUTERS, PHONES, LIFECARE = (Receiver(To.PRODUCT, place, name) for place, name in ((1, 11), (2, 12), (3, 13)))
OVERHEAD = Pool(1, Unit.PERCENT, {SUPPORT: 10, GRANT: 25, COMPUTERS: 40, PHONES: 25})
TEAM = Pool(2, Unit.HOURS, {COMPUTERS: 1720, PHONES: 950, LIFECARE: Decimal("33.5")})
COSTS = {1: 123_456_789, 2: 481_234_567}


def test_pools_that_serve_each_other_place_what_the_worked_example_says() -> None:
    placed = place_pools([TEAM, OVERHEAD], COSTS)
    assert placed[1] == {SUPPORT: 12_345_679, GRANT: 30_864_197, COMPUTERS: 49_382_716, PHONES: 30_864_197}
    assert placed[2] == {COMPUTERS: 314_021_832, PHONES: 173_442_291, LIFECARE: 6_116_123}


def test_a_circle_is_found_with_its_path() -> None:
    back = Pool(2, Unit.HOURS, {**TEAM.weights, Receiver(To.POOL, 1, 1): 142})
    found = find_problems([OVERHEAD, back], COSTS)
    assert found == [FoundProblem(PoolProblem.CIRCLE, (1, 2, 1))]


def test_per_cent_that_are_no_hundred_are_found_with_their_sum() -> None:
    thirds = Pool(7, Unit.PERCENT, {to: Decimal("33.33") for to in (COMPUTERS, PHONES, LIFECARE)})
    assert find_problems([thirds], {7: 1}) == [FoundProblem(PoolProblem.NOT_A_HUNDRED, (7,), Fraction(9999, 100))]


def test_a_pool_that_costs_or_is_paid_needs_someone_to_serve() -> None:
    idle, empty = Pool(4, Unit.HOURS, {}), Pool(2, Unit.HOURS, {COMPUTERS: 0})
    assert find_problems([idle], {}) == []
    assert find_problems([OVERHEAD, empty], {}) == [FoundProblem(PoolProblem.NO_WEIGHTS, (2,))]


def give(ore: int, *weights: int | str) -> list[int]:
    """What a pool gives to products by weights, in their order."""
    receivers = [Receiver(To.PRODUCT, place, place) for place in range(len(weights))]
    pool = Pool(1, Unit.HOURS, {to: Decimal(weight) for to, weight in zip(receivers, weights, strict=True)})
    return list(place_pools([pool], {1: ore})[1].values())


@pytest.mark.parametrize(
    ("ore", "weights", "parts"),
    [
        (613, (98, 92, 98, 123, 102, 92), [99, 93, 99, 125, 104, 93]),
        (613, (123, 102, 98, 98, 92, 92), [125, 104, 99, 99, 93, 93]),
        (9_999, (75, 25), [7_499, 2_500]),
        (1, (95, 5), [1, 0]),
        (-9_999, (75, 25), [-7_499, -2_500]),
    ],
)
def test_a_pool_gives_as_others_have_been_seen_to_miss(ore: int, weights: tuple[int, ...], parts: list[int]) -> None:
    assert give(ore, *weights) == parts


def test_a_million_goes_to_objects_and_then_to_their_customers() -> None:
    inhabitants = (5_400, 15_500, 3_650, 11_500, 5_300)
    objects = give(100_000_000, 1, 1, 1)
    assert objects == [33_333_334, 33_333_333, 33_333_333]
    first, *others = (give(ore, *inhabitants) for ore in objects)
    assert first == [4_353_083, 12_494_962, 2_942_362, 9_270_456, 4_272_471]
    assert others == [[4_353_083, 12_494_962, 2_942_362, 9_270_455, 4_272_471]] * 2


KEYS = range(5)
PRODUCTS = [Receiver(To.PRODUCT, place, 100 + place) for place in range(4)]


@st.composite
def shapes(draw: st.DrawFn) -> tuple[list[Pool], dict[int, int]]:
    """Pools that pay only those of a higher number, and at least one product each."""
    pools = []
    for key in KEYS:
        weights = {
            Receiver(To.POOL, other, other): draw(st.decimals(0, 99, places=2)) for other in range(key + 1, len(KEYS))
        }
        weights |= {to: draw(st.decimals(0, 99, places=2)) for to in PRODUCTS}
        pools.append(Pool(key, Unit.HOURS, {**weights, PRODUCTS[0]: Decimal(1)}))
    return pools, {key: draw(st.integers(-(10**12), 10**12)) for key in KEYS}


@given(shapes(), st.randoms())
def test_pools_of_any_shape_place_their_whole_cost_in_whatever_order(
    shape: tuple[list[Pool], dict[int, int]], random: st.DataObject
) -> None:
    pools, costs = shape
    placed = place_pools(pools, costs)
    assert _sum_to(placed, To.PRODUCT) == sum(costs.values())
    random.shuffle(pools)  # type: ignore[attr-defined]
    assert place_pools(pools, costs) == placed


def _sum_to(placed: Mapping[int, Mapping[Receiver, int]], to: To) -> int:
    return sum(ore for gives in placed.values() for receiver, ore in gives.items() if receiver.to is to)
