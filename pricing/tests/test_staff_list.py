"""Staff lists: what is read of a post, and that nothing about people comes in."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pricing.services.imports.staff import StaffImport
from pricing.services.imports.staff_rows import PostRow, check_post
from pricing.services.personal import has_name, has_personal_number
from records.import_kinds import Cell, CellFault, Value

FIELDS = {field.key: field for field in StaffImport.fields}


def read(**cells: Cell) -> dict[str, Value]:
    return {key: FIELDS[key].read(cell) for key, cell in cells.items()}


def test_post_is_read_with_its_months_and_whole_year_where_none_are_said() -> None:
    said: list[tuple[str, str]] = []
    cells = read(title="Systemförvaltare", rate="80", pay=38500, from_month="mars", to_month=12, unit="Socialtjänst")
    post = check_post(cells, lambda key, text: said.append((key, text)))
    assert post == PostRow("Systemförvaltare", Decimal(80), 38_500_00, 3, 12, "Socialtjänst")
    whole = check_post(read(title="Chef", rate=100, pay="52 000"), lambda key, text: said.append((key, text)))
    assert whole is not None
    assert (whole.from_month, whole.to_month, whole.pay_ore) == (1, 12, 52_000_00)
    assert said == []


def test_months_in_the_wrong_order_are_told_of() -> None:
    said: list[str] = []
    check_post(read(title="A", rate=100, pay=1, from_month=9, to_month=3), lambda key, text: said.append(key))
    assert said == ["to_month"]


@pytest.mark.parametrize(
    ("key", "cell"), [("rate", 101), ("rate", 0), ("pay", "38.500"), ("pay", ""), ("from_month", 13), ("title", "")]
)
def test_what_no_post_has_is_refused(key: str, cell: Cell) -> None:
    with pytest.raises(CellFault):
        FIELDS[key].read(cell)


@pytest.mark.parametrize(
    "text",
    ["850101-1236", "19850101-1236", "8112189876", "198112189876", "850161-1236", "Anna, 850101 -1236", "850101+1236"],
)
def test_personal_number_is_found(text: str) -> None:
    assert has_personal_number(text)


@pytest.mark.parametrize("text", ["38500", "8599991236", "2026-11-27", "0123456789", "12 345 678", "2024123112345678"])
def test_other_numbers_are_no_personal_numbers(text: str) -> None:
    assert not has_personal_number(text)


def test_column_about_people_is_refused_by_its_heading() -> None:
    headings = ["Titel", "Namn", "Månadslön", "Personnr", "Förnamn", "Enhet", "E-post", "Enhetsnamn"]
    assert [place for place, _why in StaffImport().find_head_faults(headings)] == [1, 3, 4, 6]


def test_cell_with_a_personal_number_is_refused_also_as_a_number_of_excel() -> None:
    kind = StaffImport()
    assert kind.find_cell_fault(8112189876)
    assert kind.find_cell_fault("Ring 811218-9876")
    assert not kind.find_cell_fault(38500)


@pytest.mark.parametrize(
    ("text", "is_name"),
    [
        ("Systemtekniker Anna Svensson", True),
        ("Supporttekniker (Erik Johansson)", True),
        ("Åsa Öberg-Lindqvist, handläggare", True),
        ("Chef Tuulikki Bergström", True),
        ("Systemspecialist identitet", False),
        ("Systemförvaltare Lifecare Grundmodul", False),
        ("Förvaltare Microsoft Teams", False),
        ("Utvecklare e-tjänster och webb", False),
        ("Personal inkl. kringkostnader och inhyrd", False),
    ],
)
def test_name_within_a_text_is_known_and_a_title_is_not(text: str, is_name: bool) -> None:
    assert has_name(text) == is_name
