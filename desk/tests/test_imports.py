"""Imports: upload, review, save and undo, by the pages that people use."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from objects.models import Inhabitants
from records.models import Import
from tests.cast import ECONOMIST, client_of

pytestmark = pytest.mark.django_db
NAMES = ("Boxholm", "Vimmerby", "Ydre")


def make_excel(*rows: tuple[object, ...]) -> bytes:
    """An Excel file with one sheet."""
    book = Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def upload(client: Client, kind: str, period: str, content: bytes, name: str = "fil.xlsx", source: str = "SCB") -> Any:
    """What the page answers to a file."""
    file = SimpleUploadedFile(name, content)
    given = {"source": source, "period": period, "file": file}
    return client.post(f"/imports/new/{kind}/", given)


def read_in(kind: str, period: str, content: bytes, name: str = "fil.xlsx", source: str = "SCB") -> Import:
    """The import that the economist began with a file."""
    client = client_of(ECONOMIST, "en")
    response = upload(client, kind, period, content, name, source)
    assert response.status_code == 302, response.content.decode()
    return Import.objects.get(uuid=response["Location"].split("/")[2])


def save(row: Import, version: int | None = None) -> Any:
    """Press the button."""
    version = row.version if version is None else version
    return client_of(ECONOMIST, "en").post(f"/imports/{row.uuid}/save/", {"version": version}, follow=True)


def count_of(name: str, day: date) -> int | None:
    return Inhabitants.objects.filter(municipality__name=name, counted_on=day).values_list("count", flat=True).first()


INHABITANTS = (("Kommun", "Antal invånare"), ("Boxholm", 5400), ("Vimmerby", 15500), ("Ydre", 3700))
DAY = date(2024, 12, 31)


def test_inhabitants_are_read_in_saved_and_undone() -> None:
    row = read_in("inhabitants", "2024", make_excel(*INHABITANTS))
    assert (row.faults, row.mapping) == ([], ["municipality", "count"])
    assert row.counts == {"new": 3, "rows": 3}
    assert count_of("Ydre", DAY) is None
    page = client_of(ECONOMIST, "en").get(f"/imports/{row.uuid}/")
    assert page.status_code == 200
    answer = save(row)
    assert "is saved" in answer.content.decode()
    assert [count_of(name, DAY) for name in NAMES] == [5400, 15500, 3700]
    client_of(ECONOMIST, "en").post(f"/imports/{row.uuid}/undo/")
    assert [count_of(name, DAY) for name in NAMES] == [None, None, None]
