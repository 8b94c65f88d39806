"""The device register in the pages: who sees and keeps it, what is typed, retired, written down, removed and undone."""

from __future__ import annotations

import re
from datetime import date

import pytest

from investments.models import AssetClass, DeviceBatch, DeviceEvent
from investments.selectors.devices import load_assets
from objects.models import Customer
from tests.cast import (
    ADMINISTRATOR,
    AUDITOR,
    ECONOMIST,
    OFFICER,
    OUTSIDER,
    OWNER,
    client_of,
    count_queries,
    get_page,
)

pytestmark = pytest.mark.django_db
LIST = "/devices/"


def typed(**changed: str) -> dict[str, str]:
    """120 laptops of a member, as a form sends them."""
    vimmerby = Customer.objects.get(municipality__code="0884")
    laptops = AssetClass.objects.get(slug="computers")
    given = {
        "asset_class": str(laptops.pk), "model": "Bärbar dator", "customer": str(vimmerby.pk), "cost_centre": "4100",
        "taken_on": "2026-03", "number": "120", "unit_price_ore": "9 500", "state": "in_use", "note": "",
    }  # fmt: skip
    return {**given, **changed}


def add(**changed: str) -> DeviceBatch:
    before = set(DeviceBatch.objects.values_list("pk", flat=True))
    assert client_of(ECONOMIST).post(f"{LIST}new/", typed(**changed)).status_code == 302
    return DeviceBatch.objects.exclude(pk__in=before).get()


def address(row: DeviceBatch, act: str = "") -> str:
    return f"{LIST}{row.uuid}/{act}"


def test_federation_sees_all_devices_and_an_officer_its_own() -> None:
    assert get_page(OWNER, LIST, "sv").context["ages"].number > 4_000
    own = get_page(OFFICER, LIST, "sv").content.decode()
    assert "Vimmerby kommun" in own and "Boxholms kommun" not in own and "row-act" not in own
    assert get_page(OUTSIDER, LIST).status_code == 403
    other = DeviceBatch.objects.exclude(customer__municipality__code="0884").earliest("pk")
    assert get_page(OFFICER, address(other)).status_code == 404
    assert get_page(AUDITOR, address(other)).status_code == 200


@pytest.mark.parametrize("who", [OWNER, OFFICER])
def test_only_economist_and_administrator_keep_them(who: str) -> None:
    row = DeviceBatch.objects.filter(customer__municipality__code="0884").earliest("pk")
    for act in ("change/", "retire/", "write-down/", "remove/"):
        assert client_of(who).post(address(row, act), typed()).status_code == 403
    assert client_of(who).post(f"{LIST}new/", typed()).status_code == 403
    assert get_page(ADMINISTRATOR, address(row, "change/")).status_code == 200


def test_120_laptops_are_kept_with_their_cost_and_depreciated_from_their_month() -> None:
    row = add()
    assert (row.taken_on, row.cost_ore, row.provenance) == (date(2026, 3, 1), 1_140_000_00, "entered")
    assets = [held.asset for held in load_assets() if held.asset.cost == 1_140_000_00]
    assert [(asset.life_years, asset.year, asset.month) for asset in assets] == [(4, 2026, 3)]
    said = get_page(OFFICER, address(row), "sv").content.decode()
    assert "1140000" in re.sub(r"[\s\xa0\u202f]", "", said)


def test_what_is_ordered_is_no_asset_yet_but_what_is_in_storage_is() -> None:
    before = len(load_assets())
    add(state="ordered", taken_on="2027-03")
    assert len(load_assets()) == before
    add(state="in_storage")
    assert len(load_assets()) == before + 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"customer": ""}, "customer"),
        ({"unit_price_ore": ""}, "unit_price_ore"),
        ({"unit_price_ore": "0"}, "unit_price_ore"),
        ({"number": "0"}, "number"),
        ({"taken_on": "2026-13"}, "taken_on"),
        ({"taken_on": "2031-01"}, "taken_on"),
        ({"model": ""}, "model"),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_nothing_is_kept(wrong: dict[str, str], field: str) -> None:
    before = DeviceBatch.objects.count()
    answer = client_of(ECONOMIST).post(f"{LIST}new/", typed(**wrong))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert DeviceBatch.objects.count() == before


def test_network_belongs_to_the_federation_itself() -> None:
    network = AssetClass.objects.get(slug="network")
    row = add(asset_class=str(network.pk), customer="", number="1", unit_price_ore="500000")
    assert row.customer is None
    assert get_page(OFFICER, address(row)).status_code == 404


def test_some_are_sold_and_the_rest_scrapped_and_that_is_undone() -> None:
    row, client = add(), client_of(ECONOMIST)
    sold = {"number": "20", "month_on": "2026-09", "price_ore": "60000"}
    assert client.post(address(row, "retire/"), sold).status_code == 302
    event = DeviceEvent.objects.get(batch=row)
    assert (event.number, event.price_ore) == (20, 60_000_00)
    assert get_page(ECONOMIST, address(row, "retire/")).context["form"]["number"].value() == 100
    assert client.post(address(row, "retire/"), {"number": "100", "month_on": "2026-10"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.retired_on, row.sale_price_ore) == ("retired", date(2026, 10, 1), 0)
    client.post(client.get(LIST).context["acts"][0].undo_url)
    row.refresh_from_db()
    assert (row.state, row.retired_on, DeviceEvent.objects.filter(batch=row).count()) == ("in_use", None, 1)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"number": "121"}, "number"),
        ({"month_on": "2026-02"}, "month_on"),
        ({"month_on": "2027-02"}, "month_on"),
        ({"price_ore": "-1"}, "price_ore"),
    ],
)
def test_no_more_is_retired_than_there_is_and_not_before_its_use(wrong: dict[str, str], field: str) -> None:
    row = add()
    given = {"number": "20", "month_on": "2026-09", "price_ore": "0", **wrong}
    answer = client_of(ECONOMIST).post(address(row, "retire/"), given)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not DeviceEvent.objects.filter(batch=row).exists()


def test_what_is_written_down_is_worth_less_and_never_more() -> None:
    row, client = add(), client_of(ECONOMIST)
    high = client.post(address(row, "write-down/"), {"month_on": "2026-09", "value_ore": "1 000 000"})
    assert high.status_code == 422 and "973" in high.content.decode()
    down = {"month_on": "2026-09", "value_ore": "500 000"}
    assert client.post(address(row, "write-down/"), down).status_code == 302
    asset = next(held.asset for held in load_assets() if held.asset.cost == 1_140_000_00)
    assert [(each.year, each.month, each.value) for each in asset.impairments] == [(2026, 9, 500_000_00)]
    assert client.post(address(row, "write-down/"), down).status_code == 422


def test_a_batch_is_changed_only_to_what_fits_what_has_happened() -> None:
    row, client = add(), client_of(ECONOMIST)
    client.post(address(row, "retire/"), {"number": "20", "month_on": "2026-09"})
    form = get_page(ECONOMIST, address(row, "change/")).context["form"]
    assert form["taken_on"].value() is not None
    seen = form["seen"].value()
    less = client.post(address(row, "change/"), typed(number="20", seen=seen))
    assert list(less.context["form"].errors) == ["number"]
    later = client.post(address(row, "change/"), typed(taken_on="2026-10", seen=seen))
    assert list(later.context["form"].errors) == ["taken_on"]
    assert client.post(address(row, "change/"), typed(number="119", seen=seen)).status_code == 302


def test_removed_devices_come_back_with_what_had_become_of_them() -> None:
    row, client = add(), client_of(ECONOMIST)
    client.post(address(row, "retire/"), {"number": "20", "month_on": "2026-09"})
    assert client.post(address(row, "remove/")).status_code == 302
    assert not DeviceBatch.objects.filter(pk=row.pk).exists()
    client.post(client.get(LIST).context["acts"][0].undo_url)
    assert DeviceEvent.objects.get(batch__uuid=row.uuid).number == 20


def test_list_is_narrowed_by_class_with_its_children_age_customer_and_state() -> None:
    def rows(**chosen: str) -> list[DeviceBatch]:
        return list(get_page(ECONOMIST, LIST, "sv", **chosen).context["table"].data.data)

    kinds = {row.asset_class.slug for row in rows(asset_class="computers")}
    assert kinds == {"computers", "student_computers"}
    past = rows(age="past", asset_class="mobile_phones")
    assert past and all(row.taken_on <= date(2023, 11, 1) and row.state == "in_use" for row in past)
    assert {row.customer for row in rows(customer="none")} == {None}
    assert {row.state for row in rows(state="ordered")} == {"ordered"}
    assert not set(rows(age="later")) & set(rows(age="soon"))


def test_ages_add_up_to_the_devices_and_tell_those_past_their_cycle() -> None:
    ages = get_page(ECONOMIST, LIST, "sv").context["ages"]
    kinds = [row for row in ages.rows if row.is_class]
    parts = [row for row in ages.rows if not row.is_class]
    assert sum(row.number for row in kinds) == sum(row.number for row in parts) == ages.number
    assert all(sum(row.by_age) == row.number for row in ages.rows)
    phones = next(row for row in kinds if row.name == "Mobiltelefoner")
    assert (phones.past, phones.is_assumed) == (60, True)


def test_list_asks_as_little_of_the_database_however_long_it_is() -> None:
    client = client_of(ECONOMIST)
    few = count_queries(client, LIST)
    DeviceBatch.objects.bulk_create(
        [
            DeviceBatch(**{name: value for name, value in vars(add()).items() if name not in ("_state", "id", "uuid")})
            for _turn in range(3)
        ]
    )
    assert count_queries(client, LIST, per_page="100") <= few + 1
