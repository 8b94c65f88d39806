"""The device register: what the database refuses, what it gives the engine, and how fast."""

from __future__ import annotations

import csv
import time
from collections import Counter
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from engine.depreciation import MONTHS, depreciate
from forecasts.selectors.computed import load_computed
from investments.models import AssetClass, DeviceBatch, DeviceEvent, Investment
from investments.selectors.capital import compute_capital
from investments.selectors.devices import load_assets, load_cohorts
from itsam.demo.loader import DATA
from tests.cast import get_budget, get_customer

pytestmark = pytest.mark.django_db


def make(**given: object) -> DeviceBatch:
    shown = {
        "asset_class": AssetClass.objects.get(slug="computers"), "customer": get_customer(), "model": "Bärbar dator",
        "taken_on": date(2026, 3, 1), "number": 120, "unit_price_ore": 9_500_00,
    }  # fmt: skip
    row: DeviceBatch = DeviceBatch.objects.create(**{**shown, **given})
    return row


def refuse(constraint: str, **given: object) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make(**given)
        connection.check_constraints()


def test_database_refuses_what_cannot_be() -> None:
    refuse("batch_has_devices", number=0)
    refuse("device_has_a_price", unit_price_ore=0)
    refuse("device_taken_on_a_first", taken_on=date(2026, 3, 2))
    refuse("what_is_retired_has_a_month", state="retired")
    refuse("what_is_retired_has_a_month", retired_on=date(2026, 5, 1))
    refuse("device_retired_after_use", state="retired", retired_on=date(2026, 2, 1))


@pytest.mark.parametrize(
    "event",
    [
        {"kind": "retired", "number": 120, "price_ore": 0, "month_on": date(2026, 5, 1)},
        {"kind": "retired", "number": 2, "price_ore": 0, "month_on": date(2026, 2, 1)},
        {"kind": "retired", "number": 2, "month_on": date(2026, 5, 1)},
        {"kind": "impaired", "number": 2, "value_ore": 1, "month_on": date(2026, 5, 1)},
    ],
)
def test_database_refuses_events_that_are_not_of_the_batch(event: dict[str, object]) -> None:
    row = make()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        DeviceEvent.objects.create(batch=row, **event)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_database_refuses_a_device_of_nobody_but_not_a_network() -> None:
    with pytest.raises(IntegrityError, match="A device has a customer"), transaction.atomic():
        make(customer=None)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    network = AssetClass.objects.get(slug="network")
    make(asset_class=network, customer=None)
    with pytest.raises(IntegrityError, match="A device has a customer"), transaction.atomic():
        AssetClass.objects.filter(pk=network.pk).update(is_device=True)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_asset_classes_have_one_level_and_no_circle() -> None:
    child, network = AssetClass.objects.get(slug="student_computers"), AssetClass.objects.get(slug="network")
    assert child.parent is not None and child.parent.slug == "computers"
    for row, parent in ((network, child), (child.parent, network), (network, network)):
        with pytest.raises(IntegrityError), transaction.atomic():
            AssetClass.objects.filter(pk=row.pk).update(parent=parent)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_demo_s_purchases_are_what_the_document_says_was_bought() -> None:
    with (DATA / "investments.csv").open(encoding="utf-8") as stream:
        said = {row["asset_class"]: row for row in csv.DictReader(stream) if row["financing"] == "loan"}
    columns = {2024: "forecast_2024", 2025: "budget_2025", 2026: "budget_2026"}
    bought: Counter[tuple[str, int]] = Counter()
    for row in DeviceBatch.objects.select_related("asset_class__parent"):
        slug = (row.asset_class.parent or row.asset_class).slug
        bought[slug, row.taken_on.year] += row.cost_ore
    for slug, printed in said.items():
        years = columns if slug in ("computers", "mobile_phones") else [2024, 2025]
        assert slug.startswith("TOTAL") or [bought[slug, year] for year in years] == [
            int(printed[columns[year]].replace("x", "0")) * 100_000 for year in years
        ]
    assert {row.provenance for row in DeviceBatch.objects.all()} == {"assumed"}


def test_sold_devices_are_assets_of_their_own_and_all_add_up() -> None:
    row = make()
    DeviceEvent.objects.create(batch=row, kind="retired", number=20, price_ore=1, month_on=date(2026, 9, 1))
    DeviceEvent.objects.create(batch=row, kind="impaired", value_ore=500_000_00, month_on=date(2026, 9, 1))
    vimmerby = [held for held in load_assets() if held.customer_id == row.customer_id and held.asset.month == 3]
    found = [held.asset for held in vimmerby if held.asset.cost in (190_000_00, 950_000_00)]
    sold, left = sorted(found)
    assert (sold.cost, left.cost) == (190_000_00, 950_000_00)
    assert sold.disposal is not None and next(iter(left.impairments)).value == 500_000_00
    cohort = next(each for each in load_cohorts() if each.taken == 2026 * MONTHS + 2)
    assert cohort.number == 100


def test_twenty_thousand_batches_over_forty_years_take_less_than_a_second() -> None:
    classes, customer = list(AssetClass.objects.filter(is_device=True)), get_customer()
    DeviceBatch.objects.all().delete()
    DeviceBatch.objects.bulk_create(
        DeviceBatch(
            asset_class=classes[place % 3], customer=customer, model="Dator", taken_on=date(1990 + place % 36, place % 12 + 1, 1),
            number=place % 50 + 1, unit_price_ore=9_500_00 + place,
        )
        for place in range(20_000)
    )  # fmt: skip
    started = time.perf_counter()
    held = load_assets()
    assert len(held) == 20_000
    assert time.perf_counter() - started < 0.5
    assert sum(depreciate(held[0].asset).months.values()) == held[0].asset.cost


def test_a_printed_class_is_counted_with_its_children_and_carried_as_its_parent_is() -> None:
    budget = get_budget("budget-2027")
    parent = Investment.objects.get(budget=budget, asset_class__slug="computers")
    before = load_computed(budget)["investments", "computers", "budget:2027"]
    child = AssetClass.objects.get(slug="student_computers")
    Investment.objects.create(
        budget=budget, asset_class=child, useful_life_years=3, amount_1_ore=100_00, amount_2_ore=0, amount_3_ore=0
    )
    figures = load_computed(budget)
    assert figures["investments", "computers", "budget:2027"] == before + 100_00
    assert ("investments", "student_computers", "budget:2027") not in figures
    capital = compute_capital(budget)
    assert capital.weights["student_computers"] == capital.weights[parent.asset_class.slug]
