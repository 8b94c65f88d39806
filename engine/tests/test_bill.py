"""The worked example of docs/algorithms/bill.md, and that the causes of a bill's change always add up to it."""

from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from engine.bill import Cause, Effect, Known, Side, State, explain_change, walk_bill
from engine.money import allocate
from engine.personnel import PersonnelRate, Tariff
from engine.result import CostKind, customers_pay

# Boxholm, Vimmerby, Ydre, Åtvidaberg, Ödeshög.
EQUAL = dict.fromkeys(range(5), 1)
COUNTED_2026 = dict(enumerate((5_400, 15_300, 3_650, 11_300, 5_250)))
COUNTED_2027 = dict(enumerate((5_360, 15_390, 3_690, 11_330, 5_230)))
PHONES_2026 = dict(enumerate((375, 1_080, 255, 790, 370)))
PHONES_2027 = dict(enumerate((375, 1_050, 240, 775, 360)))
YDRE = 2
GRANT_BEFORE = {"personnel": 1_212_560_000, "direct_cost": 1_136_189_000, "use_of_equity": -300_000_000}
GRANT_AFTER = {"personnel": 1_248_936_800, "direct_cost": 1_217_512_200}


def told(effects: list[Effect], customer: int = YDRE) -> dict[Cause, int]:
    parts: dict[Cause, int] = {}
    for effect in effects:
        parts[effect.cause] = parts.get(effect.cause, 0) + effect.parts.get(customer, 0)
    return {cause: ore for cause, ore in parts.items() if ore}


def explain_grant() -> list[Effect]:
    known = [Known(Cause.INDEX, 36_376_800, "personnel"), Known(Cause.MOVED, -20_000_000)]
    return explain_change(Side(GRANT_BEFORE, EQUAL), Side(GRANT_AFTER, EQUAL), known)


def explain_ist() -> list[Effect]:
    before = {"staff_time": 7_562_400, "direct_cost": 166_400_000}
    after = {"staff_time": 7_789_272, "direct_cost": 201_510_728}
    known = [Known(Cause.MOVED, 20_000_000), Known(Cause.INDEX, 226_872, "staff_time")]
    return explain_change(Side(before, COUNTED_2026), Side(after, COUNTED_2027), known)


def test_worked_example_of_ydre_is_told_cause_by_cause() -> None:
    assert told(explain_grant()) == {
        Cause.MOVED: -4_000_000, Cause.EQUITY: 60_000_000, Cause.INDEX: 7_275_360, Cause.KIND: 20_264_640,
    }  # fmt: skip
    assert told(explain_ist()) == {
        Cause.MOVED: 1_784_841, Cause.INDEX: 20_246, Cause.KIND: 1_348_513, Cause.KEY: 158_638,
    }  # fmt: skip
    ended = explain_change(Side({"direct_cost": 15_700_000}, EQUAL), None)
    new = explain_change(None, Side({"direct_cost": 30_000_000}, COUNTED_2027))
    assert (told(ended), told(new)) == ({Cause.ENDED: -3_140_000}, {Cause.NEW: 2_700_000})


def test_quantity_at_the_old_price_is_a_state_of_its_own() -> None:
    quantity, price = Known(Cause.KIND, 0, "quantity"), Known(Cause.KIND, 0, "price")
    at_old_price = allocate(345_149_000, [2_800, 70])[0]
    first = State(quantity, 345_149_000, PHONES_2026)
    effects = walk_bill(first, [State(quantity, at_old_price, PHONES_2027), State(price, 355_549_000, PHONES_2027)])
    assert [effect.parts[YDRE] for effect in effects] == [-1_803_915, 1_612_994]
    assert [effect.whole for effect in effects] == [-8_418_268, 18_818_268]


def test_moved_cost_and_a_new_key_sum_to_zero() -> None:
    effects = [*explain_grant(), *explain_ist()]
    sums = {cause: sum(e.whole for e in effects if e.cause == cause) for cause in Cause}
    assert (sums[Cause.MOVED], sums[Cause.KEY], sums[Cause.EQUITY]) == (0, 0, 300_000_000)


def test_moved_cost_is_taken_from_the_kind_that_changed_most_the_same_way() -> None:
    before, after = {"staff_time": 500, "direct_cost": 900}, {"staff_time": 200, "direct_cost": 1_300}
    effects = explain_change(Side(before, {1: 1}), Side(after, {1: 1}), [Known(Cause.MOVED, -310, about="x")])
    assert [(e.cause, e.kind, e.about, e.whole) for e in effects] == [
        (Cause.MOVED, "", "x", -310), (Cause.KIND, "staff_time", "", 10), (Cause.KIND, "direct_cost", "", 400),
    ]  # fmt: skip
    effects = explain_change(Side(before, {1: 1}), Side(before, {1: 1}), [Known(Cause.MOVED, 70)])
    assert [(e.cause, e.kind, e.whole) for e in effects] == [(Cause.MOVED, "", 70), (Cause.KIND, "direct_cost", -70)]


def test_income_lowers_what_is_paid() -> None:
    effects = explain_change(Side({"grants": 100}, {1: 1}), Side({"grants": 250}, {1: 1}))
    assert [(e.kind, e.whole) for e in effects] == [("grants", -150)]


def test_product_that_nobody_paid_before_is_told_by_its_key() -> None:
    effects = explain_change(Side({"direct_cost": 100}, {}), Side({"direct_cost": 130}, {1: 1, 2: 1}))
    assert [(e.cause, e.whole) for e in effects] == [(Cause.KEY, 130)]
    assert explain_change(None, None) == []


KINDS = st.dictionaries(st.sampled_from([kind.value for kind in CostKind]), st.integers(-(10**13), 10**13))
WEIGHTS = st.dictionaries(st.integers(1, 6), st.integers(0, 10**9))
SIDES = st.one_of(st.none(), st.builds(Side, KINDS, WEIGHTS))
KNOWN = st.lists(
    st.builds(
        Known,
        st.sampled_from([Cause.MOVED, Cause.WAGES, Cause.INDEX, Cause.CONTRACT]),
        st.integers(-(10**12), 10**12),
        st.sampled_from(["", "personnel", "direct_cost"]),
    ),
    max_size=4,
)


def pay(side: Side | None) -> dict[int, int]:
    if side is None or not any(side.weights.values()):
        return {}
    charge = customers_pay((kind, (ore, 0, 0)) for kind, ore in side.kinds.items())[0]
    return dict(zip(side.weights, allocate(charge, [*side.weights.values()]), strict=True))


@given(SIDES, SIDES, KNOWN)
def test_causes_add_up_to_the_change_of_every_customer(
    before: Side | None, after: Side | None, known: list[Known]
) -> None:
    effects = explain_change(before, after, known)
    was, now = pay(before), pay(after)
    for customer in range(1, 7):
        told_ore = sum(effect.parts.get(customer, 0) for effect in effects)
        assert told_ore == now.get(customer, 0) - was.get(customer, 0)
    assert all(any(effect.parts.values()) for effect in effects)


def test_wages_rise_by_the_revisions_between_two_years() -> None:
    rates = [PersonnelRate("wage_revision", date(2027, 1, 1), 3), PersonnelRate("wage_revision", date(2028, 4, 1), 4)]
    tariff = Tariff(rates, {2026: 2})
    assert tariff.raise_of(2026, 2027) == Fraction(103, 100)
    assert tariff.raise_of(2027, 2028) == Fraction(12 + 9 * Fraction(4, 100)) / 12
    assert tariff.raise_of(2027, 2027) == 1
