from datetime import date
from decimal import Decimal

import pytest

from engine.personnel import PersonnelRate, PersonnelRow, Post, RateKind, RateMissingError, Tariff, split_post

START = date(2026, 1, 1)
APRIL = date(2026, 4, 1)
RATES = [
    PersonnelRate(RateKind.WAGE_REVISION, APRIL, Decimal(3)),
    PersonnelRate(RateKind.ABSENCE, START, Decimal("3.8")),
    PersonnelRate(RateKind.HOLIDAY_PAY, START, Decimal("1.38")),
    PersonnelRate(RateKind.EMPLOYER_CONTRIBUTIONS, START, Decimal("31.42")),
    PersonnelRate(RateKind.PENSION, START, Decimal("9.77")),
    PersonnelRate(RateKind.INSURANCE, START, Decimal("0.20")),
    PersonnelRate(RateKind.EMPLOYER_CONTRIBUTIONS, APRIL, Decimal("20.81"), "young", 2_500_000),
    PersonnelRate(RateKind.EMPLOYER_CONTRIBUTIONS, START, Decimal("10.21"), "senior"),
]
A = Post(4_850_000, Decimal(80), START)
B = Post(3_120_000, Decimal(100), START, date(2026, 3, 1), date(2026, 12, 31), "young")
C = Post(6_100_000, Decimal(50), START, START, date(2026, 6, 30), "senior")


@pytest.mark.parametrize(
    ("post", "rows"),
    [
        (A, [45_798_511, 632_019, 14_588_473, 4_536_263, 92_861]),
        (B, [30_824_789, 425_382, 7_490_577, 3_053_142, 62_500]),
        (C, [17_868_669, 246_588, 1_849_568, 1_769_861, 36_231]),
    ],
)
def test_a_post_costs_what_the_worked_example_says(post: Post, rows: list[int]) -> None:
    assert list(Tariff(RATES, {}).cost(post, 2026).values()) == rows


def test_parts_of_a_post_add_up_row_by_row() -> None:
    grant = [18_319_404, 252_808, 5_835_389, 1_814_505, 37_144]
    first, second = split_post(Tariff(RATES, {}).cost(A, 2026), [60, 40])
    assert [list(first.values()), list(second.values())] == [[27_479_107, 379_211, 8_753_084, 2_721_758, 55_717], grant]


def test_the_year_after_starts_from_the_revised_pay() -> None:
    salary = Tariff(RATES, {2027: Decimal(3)}).cost(A, 2027)
    assert salary[PersonnelRow.SALARY] == round(4_850_000 * 0.8 * 12 * 1.03 * 0.962 * 1.03)


def test_a_rate_that_is_missing_is_named_with_its_month() -> None:
    with pytest.raises(RateMissingError, match="pension is valid in 2025-01"):
        Tariff(_from_2025(), {}).cost(A, 2025)


def _from_2025() -> list[PersonnelRate]:
    kinds = (RateKind.HOLIDAY_PAY, RateKind.EMPLOYER_CONTRIBUTIONS, RateKind.INSURANCE)
    return [PersonnelRate(kind, date(2025, 1, 1), Decimal(1)) for kind in kinds]
