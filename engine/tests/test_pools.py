from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

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
