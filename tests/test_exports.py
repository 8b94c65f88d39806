"""Every file that the site gives out, found by walking its addresses: what programs read in it, in both languages."""

from __future__ import annotations

import csv
import functools
import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries

from budgets.models import CostLine
from forecasts.services.roll_up import roll_up_budget
from objects.models import Decision
from reports.tests.test_workbook import Calculate, calculate, find_differences
from tests.cast import client_of, get_budget, list_open
from tests.routes import list_routes
from web.exports import HEAD_ROW, ExportMixin
from web.tables import NumberColumn, ValueColumn
from web.workbook import CONTENT_TYPE, Form

__all__ = ["calculate"]

pytestmark = pytest.mark.django_db

DANGEROUS = ["=1+1", "+46 8 123", "-rabatt", "@alla", "Åäö, üß"]
# Files that are no tables: they are tested where they are made.
OTHER_FILES = {
    "records:import_file",
    "budgets:calendar",
    "reports:history_head",
    "reports:package_paper",
    "reports:whole_package",
}


def list_lists() -> list[str]:
    """The addresses of all lists that give files; a new one is here by itself."""
    routes = (route for route in list_routes() if not route.name.startswith("admin:"))
    found = [route.url for route in routes if issubclass(_view_of(route.url), ExportMixin)]
    assert len(found) >= 10
    return found


def _view_of(url: str) -> type:
    view: type = getattr(resolve(url.partition("?")[0]).func, "view_class", object)
    return view


def ask(client: Client, url: str, ending: str) -> Any:
    """A list's file; of all history one kind, since all of it is a job's."""
    more = "&thing=user" if url == "/history/" else ""
    return client.get(f"{url}?export={ending}{more}")


@functools.cache
def open_lists(language: str = "sv") -> tuple[tuple[str, Any], ...]:
    """Each list's address, and the sheet that openpyxl finds in its file; made once, since every test only reads them."""
    add_dangers()
    return tuple(_open_lists(language))


def _open_lists(language: str) -> Iterator[tuple[str, Any]]:
    client = client_of("ekonom", language)
    for url in list_lists():
        response = ask(client, url, "xlsx")
        if response.status_code == 403:
            response = ask(client_of("administrator", language), url, "xlsx")
        assert response["Content-Type"] == CONTENT_TYPE, url
        yield url, load_workbook(BytesIO(response.content)).worksheets[0]


def add_dangers() -> None:
    """Lines and decisions whose texts a program could take for something else, and amounts with öre."""
    for line, text in zip(list_open(), DANGEROUS, strict=False):
        CostLine.objects.filter(pk=line.pk).update(text=text, amount_1_ore=line.amount_1_ore // 100 * 100 + 1)
    Decision.objects.filter(pk=Decision.objects.earliest("pk").pk).update(text=DANGEROUS[0])
    roll_up_budget(get_budget())


def rows_of(sheet: Any) -> list[list[Any]]:
    return [list(row) for row in sheet.iter_rows(min_row=HEAD_ROW + 1)]


@pytest.mark.parametrize("language", ["sv", pytest.param("en", marks=pytest.mark.slow)])
def test_each_column_of_each_list_holds_one_kind_of_value(language: str) -> None:
    for url, sheet in open_lists(language):
        headings = [cell.value for cell in sheet[HEAD_ROW]]
        for place, heading in enumerate(headings):
            assert len(re.findall(r"\b(kr|SEK)\b", str(heading))) <= 1, (url, heading)
            kinds = {row[place].data_type for row in rows_of(sheet) if row[place].value not in (None, "")}
            assert len(kinds - {"f"}) <= 1, (url, heading, kinds)
            if re.search(r", (kr|SEK)$|^%$", heading):
                assert kinds <= {"n", "f"}, (url, heading, kinds)


def test_days_are_days_and_amounts_numbers_in_every_list() -> None:
    """A text that looks like a day or a number would be one that nobody can count with."""
    looks = re.compile(
        r"\d{4}-\d\d-\d\d( \d\d:\d\d(:\d\d)?)?$|[−-]?\d{1,3}([\u202f\u00a0 ]\d{3})+(,\d+)?$|\d+,\d+$|\d{1,3}$"
    )
    left_out = {"Före, i ord", "Efter, i ord"}  # of history: a field's old and new value, whatever it holds
    for url, sheet in open_lists():
        headings = [cell.value for cell in sheet[HEAD_ROW]]
        for row in rows_of(sheet):
            for heading, cell in zip(headings, row, strict=True):
                if cell.data_type == "s" and heading not in left_out:
                    assert not looks.match(str(cell.value)), (url, heading, cell.value)


def test_files_say_what_they_hold_and_sum_it() -> None:
    for url, sheet in open_lists():
        said = re.match(r"([\d\u202f]+) rad(er)?", sheet["A3"].value)
        assert said, url
        count = int(said[1].replace("\u202f", ""))
        rows = rows_of(sheet)
        has_total = bool(rows) and rows[-1][0].value == "Summa"
        assert len(rows) - has_total == count, url
        assert re.match(r"Exporterat \d{4}-\d\d-\d\d", sheet["A4"].value), url


def test_totals_of_a_list_are_formulas_over_its_own_rows() -> None:
    client = client_of("ekonom")
    response = client.get("/budgets/budget-2027/lines/?export=xlsx&cost_kind=interest")
    sheet = load_workbook(BytesIO(response.content)).worksheets[0]
    last = sheet.max_row
    assert sheet["A3"].value.endswith("Urval: Kostnadsslag Ränta")
    assert sheet.cell(last, 5).value == f"=SUBTOTAL(109,E{HEAD_ROW + 1}:E{last - 1})"
    stored = load_workbook(BytesIO(response.content), data_only=True).worksheets[0]
    lines = CostLine.objects.filter(budget__slug="budget-2027", cost_kind="interest")
    assert Decimal(str(stored.cell(last, 5).value)) * 100 == sum(line.amount_1_ore for line in lines)


def test_texts_stay_texts_in_both_formats() -> None:
    add_dangers()
    client = client_of("ekonom")
    url = "/budgets/budget-2027/lines/"
    sheet = load_workbook(BytesIO(ask(client, url, "xlsx").content)).worksheets[0]
    found = {cell.value: cell.data_type for cell in sheet["A"]}
    assert {text: found.get(text) for text in DANGEROUS} == dict.fromkeys(DANGEROUS, "s")
    rows = read_csv(ask(client, url, "csv").content)
    texts = {row[0] for row in rows}
    assert {f"'{text}" if text[0] in "=+-@" else text for text in DANGEROUS} <= texts


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_csv_holds_the_same_rows_as_the_workbook() -> None:
    client, administrator, sheets = client_of("ekonom"), client_of("administrator"), open_lists()
    add_dangers()
    # The addresses of rows that `list_routes` makes are others in each test.
    for url, (_address, sheet) in zip(list_lists(), sheets, strict=True):
        response = ask(client, url, "csv")
        rows = read_csv((response if response.status_code == 200 else ask(administrator, url, "csv")).content)
        assert rows[0] == [cell.value for cell in sheet[HEAD_ROW]], url
        kept = [row for row in rows_of(sheet) if row[0].value != "Summa"]
        assert len(rows) - 1 == len(kept), url
        for line, row in zip(rows[1:], kept, strict=True):
            for text, cell in zip(line, row, strict=True):
                if isinstance(cell.value, datetime):
                    assert text.startswith(cell.value.date().isoformat()), (url, text)


def test_each_file_of_the_site_is_one_of_these() -> None:
    """Whatever is downloaded is a list, a workbook, or named above: nothing escapes these tests."""
    economist, administrator, lists = client_of("ekonom"), client_of("administrator"), set(list_lists())
    for route in list_routes():
        if route.name.startswith("admin:") or "logout" in route.name:
            continue
        for reader in (economist, administrator):
            response = reader.get(route.url)
            if "attachment" in response.get("Content-Disposition", ""):
                assert response["Content-Type"] == CONTENT_TYPE or route.name in OTHER_FILES, route.name
            body = b"" if response.streaming else response.content
            for link in re.findall(rb'href="([^"]*export=[^"]*)"', body):
                assert route.url in lists or route.name in OWN_WORKBOOKS, (route.name, link)


# Pages that are no list and give a workbook of what they show.
OWN_WORKBOOKS = ("forecasts:scenarios",)


def list_workbooks() -> list[str]:
    """The addresses that answer with a workbook by themselves."""
    client = client_of("ekonom")
    routes = [route for route in list_routes() if not route.name.startswith("admin:") and "export" in route.url]
    found = [route.url for route in routes if client.get(route.url).get("Content-Type") == CONTENT_TYPE]
    assert len(found) >= 2
    own = [f"{route.url}?export=xlsx" for route in list_routes() if route.name in OWN_WORKBOOKS]
    assert [client.get(url).get("Content-Type") for url in own] == [CONTENT_TYPE] * len(OWN_WORKBOOKS)
    return [*found, *own]


@pytest.mark.slow
def test_every_file_is_read_and_calculated_by_another_program(calculate: Calculate) -> None:
    add_dangers()
    client, administrator = client_of("ekonom"), client_of("administrator")
    addresses = [*(f"{url}?export=xlsx" for url in list_lists()), *list_workbooks()]
    for address in addresses:
        response = client.get(address)
        if response.status_code == 403:
            response = administrator.get(address)
        if response["Content-Type"] != CONTENT_TYPE:
            continue
        found = calculate(response.content)
        assert find_differences(response.content, found) == [], address
        own = load_workbook(BytesIO(response.content))
        assert found.sheetnames == own.sheetnames
        for sheet in own:
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.data_type == "s" and cell.value:
                        assert found[sheet.title][cell.coordinate].value == cell.value, (address, cell.coordinate)


def test_every_sheet_of_every_workbook_can_be_read_on_a4() -> None:
    """What is printed is scaled to the width of landscape A4: a character of 10 points keeps at least 8."""
    client = client_of("ekonom")
    for address in list_workbooks():
        for sheet in load_workbook(BytesIO(client.get(address).content)):
            printed = range_boundaries(sheet.print_area.replace("$", "").split("!")[-1])[2]
            letters = [get_column_letter(place) for place in range(1, printed + 1)]
            pixels = sum(7 * sheet.column_dimensions[letter].width + 5 for letter in letters)
            inches = 11.69 - sheet.page_margins.left - sheet.page_margins.right
            assert inches * 96 / pixels >= 0.8, (sheet.title, round(inches * 96 / pixels, 2))
            assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth) == ("landscape", 1)
            assert sheet.print_title_rows, sheet.title


def test_columns_of_numbers_and_days_know_how_a_file_shows_them() -> None:
    for column in _kinds(ValueColumn):
        if column is not NumberColumn:
            assert column.form != Form.TEXT, column


def _kinds(column: type[ValueColumn]) -> Iterator[type[ValueColumn]]:
    for kind in column.__subclasses__():
        yield kind
        yield from _kinds(kind)
