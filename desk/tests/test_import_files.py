"""What an import reads of a file: broken, merged, hidden and wrongly headed ones, each told by its place."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from desk.tests.test_imports import DAY, INHABITANTS, count_of, errors_of, make_excel, read_in, save, upload
from records.models import Import
from tests.cast import (
    ECONOMIST,
    client_of,
)

pytestmark = pytest.mark.django_db


def faults_of(content: bytes, name: str = "fil.xlsx") -> list[str]:
    return list(read_in("inhabitants", "2024", content, name).faults)


def edit_excel(edit: Callable[[Any], None], *rows: tuple[object, ...]) -> bytes:
    """An Excel file, changed before it is saved."""
    book = Workbook()
    for row in rows or INHABITANTS:
        book.active.append(row)
    edit(book)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_merged_cells_are_named_by_their_place() -> None:
    faults = faults_of(edit_excel(lambda book: book.active.merge_cells("A2:A3")))
    assert len(faults) == 1 and "A2:A3" in faults[0]


def test_formula_without_a_value_is_an_error_in_its_cell() -> None:
    row = read_in("inhabitants", "2024", make_excel(("Kommun", "Antal"), ("Ydre", "=1+2"), ("Boxholm", "#REF!")))
    assert [(number, place) for number, place, _text in errors_of(row)] == [(2, 1), (3, 1)]
    assert "no stored value" in errors_of(row)[0][2]


def hide_first(book: Any) -> None:
    book.active.sheet_state = "hidden"
    seen = book.create_sheet("Synligt")
    for row in (("Kommun", "Antal"), ("Ydre", 5)):
        seen.append(row)
    book.active = 1


def test_hidden_sheet_is_left_out_and_named() -> None:
    row = read_in("inhabitants", "2024", edit_excel(hide_first))
    assert (row.sheet, row.counts) == ("Synligt", {"new": 1, "rows": 1})
    assert any("Sheet" in note and "hidden" in note for note in row.notes)


def test_empty_rows_are_left_out_and_counted() -> None:
    row = read_in(
        "inhabitants", "2024", make_excel(("Kommun", "Antal"), (None, None), ("Ydre", 5), (" ", ""), ("Boxholm", 6))
    )
    assert row.counts["rows"] == 2
    assert any(note.startswith("2 empty rows") for note in row.notes)


def test_two_headings_of_one_name_are_chosen_by_hand() -> None:
    row = read_in("inhabitants", "2024", make_excel(("Kommun", "Antal", "Antal"), ("Ydre", 5, 6)))
    assert "B and C" in row.faults[0] and "Antal" in row.faults[0]
    client = client_of(ECONOMIST, "en")
    given = {"sheet": row.sheet, "header_row": "1", "column_0": "municipality", "column_1": "", "column_2": "count"}
    client.post(f"/imports/{row.uuid}/read/", given)
    row.refresh_from_db()
    assert row.faults == []
    save(row)
    assert count_of("Ydre", DAY) == 6


def test_mapping_is_kept_for_the_source_and_a_column_that_is_gone_is_told_of() -> None:
    first = read_in("inhabitants", "2024", make_excel(("Kommun", "Kolumn X"), ("Ydre", 5)))
    given = {"sheet": first.sheet, "header_row": "1", "column_0": "municipality", "column_1": "count"}
    client_of(ECONOMIST, "en").post(f"/imports/{first.uuid}/read/", given)
    first.refresh_from_db()
    save(first)
    again = read_in("inhabitants", "2023", make_excel(("Kommun", "Kolumn X"), ("Ydre", 5)))
    assert again.mapping == ["municipality", "count"]
    gone = read_in("inhabitants", "2023", make_excel(("Kommun", "Kolumn Y"), ("Ydre", 5)))
    assert any("Kolumn X" in fault for fault in gone.faults)


def test_letters_in_two_parts_are_read_as_one() -> None:
    row = read_in("inhabitants", "2024", make_excel(("Kommun", "Antal"), (unicodedata.normalize("NFD", "Ödeshög"), 5)))
    assert row.counts == {"new": 1, "rows": 1}


def test_headings_need_not_be_first() -> None:
    row = read_in("inhabitants", "2024", make_excel(("Statistik från SCB",), ("Kommun", "Antal"), ("Ydre", 5)))
    assert (row.header_row, row.counts) == (2, {"new": 1, "rows": 1})


@pytest.mark.parametrize("content", [b"%PDF-1.7 x", b"\xd0\xcf\x11\xe0old excel", b"PK\x03\x04broken", b""])
def test_what_is_no_table_is_refused_in_words(content: bytes) -> None:
    response = upload(client_of(ECONOMIST), "inhabitants", "2024", content)
    assert response.status_code == 422
    assert not Import.objects.exists()


@pytest.mark.parametrize("text", ["\n\n", "Kommun;Antal\n", 'Kommun;Antal\n"Ydre;5\n'])
def test_text_without_rows_can_not_be_saved(text: str) -> None:
    response = client_of(ECONOMIST).post("/imports/new/inhabitants/", {"source": "S", "period": "2024", "text": text})
    if response.status_code == 422:
        return
    row = Import.objects.get(uuid=response["Location"].split("/")[2])
    assert row.bad
    save(row)
    row.refresh_from_db()
    assert row.status == "review"


def test_corrected_file_marks_each_wrong_cell_and_can_be_read_in_again() -> None:
    row = read_in("inhabitants", "2024", make_excel(("Kommun", "Antal"), ("Kindaa", 10), ("=1", "1.050")))
    content = client_of(ECONOMIST, "en").get(f"/imports/{row.uuid}/to-correct/").content
    sheet = load_workbook(BytesIO(content)).active
    assert sheet["A2"].fill.fgColor.rgb == "00F7D6D6" and "Kinda" in sheet["A2"].comment.text
    assert sheet["B2"].comment is None and sheet["B3"].comment is not None
    assert "Kinda" in sheet["C2"].value
    again = read_in("inhabitants", "2024", content)
    assert again.mapping[:2] == ["municipality", "count"] and again.counts["bad"] == 2
