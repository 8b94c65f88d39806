"""Rule 8, batches of devices. The worked table is that of docs/algorithms/devices.md."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.depreciation import MONTHS, Disposal, Impairment, count_months, depreciate
from engine.devices import Batch, Retirement, is_past_its_cycle, split_batch, worth_at

LAPTOPS = Batch(120, 9_500_00, 4, 2027, 3)


@st.composite
def batches(draw: st.DrawFn) -> Batch:
    number, life, month = draw(st.integers(1, 500)), draw(st.integers(1, 8)), draw(st.integers(1, 12))
    start = count_months(2026, month)
    months = st.integers(start, start + life * MONTHS + 12)
    left, retirements = number, []
    for _turn in range(draw(st.integers(0, 3))):
        if left:
            at, gone = draw(months), draw(st.integers(1, left))
            retirements.append(Retirement(at // MONTHS, at % MONTHS + 1, gone, draw(st.integers(0, 10**9))))
            left -= gone
    batch = Batch(number, draw(st.integers(1, 10**7)), life, 2026, month, retirements)
    for end in sorted(draw(st.sets(st.integers(start, start + life * MONTHS - 1), max_size=2))):
        worth = sum(worth_at(asset, end) for asset in split_batch(batch))
        row = Impairment(end // MONTHS, end % MONTHS + 1, draw(st.integers(0, worth)))
        batch = batch._replace(impairments=[*batch.impairments, row])
    return batch


def test_120_laptops_of_which_20_are_sold_and_the_rest_is_written_down() -> None:
    sold = Retirement(2028, 9, 20, 60_000_00)
    batch = LAPTOPS._replace(retirements=[sold], impairments=[Impairment(2028, 12, 400_000_00)])
    gone, left = split_batch(batch)
    assert (gone.cost, left.cost) == (190_000_00, 950_000_00)
    assert gone.disposal == Disposal(2028, 9, 60_000_00)
    assert depreciate(gone).years == {2027: 39_583_33, 2028: 31_666_68}
    assert depreciate(gone).result_of_sale == 60_000_00 - 118_749_99
    course = depreciate(left)
    assert course.impaired == {2028: 114_583_33}
    assert course.years == {2027: 197_916_67, 2028: 237_500_00, 2029: 184_615_38, 2030: 184_615_38, 2031: 30_769_24}


@given(batches())
def test_the_parts_of_a_batch_add_up_to_its_cost_and_each_is_used_up(batch: Batch) -> None:
    assets = split_batch(batch)
    assert sum(asset.cost for asset in assets) == batch.number * batch.unit_price
    for asset in assets:
        course = depreciate(asset)
        assert asset.cost == sum(course.months.values()) + sum(course.impairments.values()) + course.book_value
    assert sum(asset.cost for asset in assets if asset.disposal is None) == batch.left * batch.unit_price


@given(batches())
def test_what_is_written_down_is_worth_what_was_found(batch: Batch) -> None:
    if not batch.impairments:
        return
    last = batch.impairments[-1]
    worth = sum(worth_at(asset, count_months(last.year, last.month)) for asset in split_batch(batch))
    assert worth == last.value


@given(batches())
def test_without_events_a_batch_is_one_asset(batch: Batch) -> None:
    whole = batch._replace(retirements=(), impairments=())
    assert [asset.cost for asset in split_batch(whole)] == [batch.number * batch.unit_price]


def test_no_more_is_retired_than_there_is() -> None:
    with pytest.raises(ValueError, match="120 devices, of which 121"):
        split_batch(LAPTOPS._replace(retirements=[Retirement(2028, 1, 121, 0)]))
    with pytest.raises(ValueError, match="worth"):
        split_batch(LAPTOPS._replace(impairments=[Impairment(2028, 1, 2_000_000_00)]))


def test_a_device_is_past_its_cycle_in_the_month_it_falls_due() -> None:
    taken = count_months(2023, 3)
    assert not is_past_its_cycle(taken, count_months(2027, 2), 4)
    assert is_past_its_cycle(taken, count_months(2027, 3), 4)
