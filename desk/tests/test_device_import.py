"""The device register from a file: read, previewed, saved, read again, undone; every fault by row and field at once."""

from __future__ import annotations

from datetime import date

import pytest

from desk.tests.test_imports import make_excel, read_in, save
from investments.models import DeviceBatch, DeviceEvent
from records.models import Import, ImportRow
from tests.cast import ECONOMIST, OFFICER, OWNER, client_of

pytestmark = pytest.mark.django_db
HEADS = (
    "Klass",
    "Modell",
    "Kund",
    "Kostnadsställe",
    "Tagen i bruk",
    "Antal",
    "Styckpris",
    "Status",
    "Utrangerad",
    "Såld för",
)
LAPTOPS = ("Datorer och surfplattor", "Latitude 5450", "Vimmerby", "4100", "2025-03", 40, 9500.5, None, None, None)
PUPILS = ("student_computers", "Chromebook", "0560", "Skola", date(2024, 8, 15), 200, "4 000", "i lager", None, None)
SOLD = ("Mobiltelefoner", "Galaxy", "Ydre kommun", None, "2023-02-01", 10, 4000, "såld", "2026-03", 1500)
NETWORK = ("Nät", "Kärnswitch", None, None, "2025-01", 1, 500000, "i drift", None, None)


def begin(*rows: tuple[object, ...], source: str = "Servicedesk") -> Import:
    return read_in("devices", "register", make_excel(HEADS, *rows), source=source)


def imported() -> list[DeviceBatch]:
    return list(DeviceBatch.objects.exclude(reference="").order_by("pk"))


def faults(row: Import) -> dict[int, list[str]]:
    """The headings of the cells with faults, by the row of the file."""
    rows = ImportRow.objects.filter(of=row, status="bad").order_by("number")
    return {found.number or 0: [HEADS[place] for place, _why in found.errors] for found in rows}


def test_register_is_read_previewed_saved_and_undone() -> None:
    row = begin(LAPTOPS, PUPILS, SOLD, NETWORK)
    assert (row.faults, faults(row), row.counts) == ([], {}, {"new": 4, "rows": 4})
    assert imported() == []
    save(row)
    laptops, pupils, sold, network = imported()
    assert (laptops.unit_price_ore, laptops.state, laptops.taken_on) == (9_500_50, "in_use", date(2025, 3, 1))
    assert (pupils.asset_class.slug, pupils.taken_on, pupils.state) == (
        "student_computers",
        date(2024, 8, 1),
        "in_storage",
    )
    assert (sold.state, sold.retired_on, sold.sale_price_ore) == ("retired", date(2026, 3, 1), 1_500_00)
    assert network.customer is None and {each.provenance for each in imported()} == {"imported"}
    client_of(ECONOMIST).post(f"/imports/{row.uuid}/undo/")
    assert imported() == []


def test_same_file_again_changes_nothing_and_a_corrected_one_what_it_corrects() -> None:
    save(begin(LAPTOPS, LAPTOPS, PUPILS))
    again = begin(LAPTOPS, LAPTOPS, PUPILS)
    assert again.counts == {"same": 3, "rows": 3}
    more = begin((*LAPTOPS[:5], 45, *LAPTOPS[6:]), LAPTOPS)
    assert more.counts == {"changed": 1, "same": 1, "gone": 1, "rows": 2}
    save(more)
    assert [(each.number, each.model) for each in imported()] == [(45, "Latitude 5450"), (40, "Latitude 5450")]
    assert DeviceBatch.objects.filter(provenance="assumed").exists()


def test_half_bad_file_tells_every_fault_by_row_and_field_and_changes_nothing() -> None:
    row = begin(
        LAPTOPS,
        (*LAPTOPS[:2], None, *LAPTOPS[3:]),
        (*LAPTOPS[:6], None, *LAPTOPS[7:]),
        ("Datrer", "Latitude", "Wimmerby", "", "2025-13", 0, 0, "borta", None, None),
        (*SOLD[:8], None, 1500),
        (*LAPTOPS[:8], "2026-01", None),
        (*SOLD[:8], "2022-01", None),
        (*LAPTOPS[:4], "2029-01", *LAPTOPS[5:]),
        PUPILS,
    )
    assert set(faults(row)) == {3, 4, 5, 6, 8, 9}
    assert set(faults(row)[5]) == {"Tagen i bruk", "Antal", "Klass", "Kund", "Styckpris", "Status"}
    save(row)
    assert imported() == []


def test_the_same_number_of_the_source_twice_is_told() -> None:
    heads = (*HEADS, "Inventarienummer")
    row = read_in("devices", "register", make_excel(heads, (*LAPTOPS, "A1"), (*PUPILS, "A1")))
    assert row.counts["bad"] == 1


def test_a_batch_that_something_has_happened_to_is_not_taken_away_or_made_too_small() -> None:
    save(begin(LAPTOPS, PUPILS))
    laptops = imported()[0]
    DeviceEvent.objects.create(batch=laptops, kind="retired", number=5, price_ore=0, month_on=date(2026, 1, 1))
    small = begin((*LAPTOPS[:5], 5, *LAPTOPS[6:]), PUPILS)
    assert faults(small) == {2: ["Antal"]}
    gone = begin(PUPILS)
    assert "Latitude 5450" in save(gone).content.decode()
    assert len(imported()) == 2


@pytest.mark.parametrize("who", [OWNER, OFFICER])
def test_only_those_who_keep_the_register_read_it_in(who: str) -> None:
    assert client_of(who).get("/imports/new/devices/").status_code in (403, 404)
