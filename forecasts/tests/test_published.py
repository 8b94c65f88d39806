"""The federation's own files: which published figures must agree, and what tables and rows are called."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import translation

from budgets.models import Budget, PublishedFigure
from budgets.selectors.published import list_published_figures
from desk.reconciliation.words import ROWS, TABLES, load_words
from engine.reconcile import Figure, Part, Relation, compare_published
from forecasts.selectors.published import NAMES, RELATIONS, load_names, load_relations, read_names, read_relations
from itsam.platform.embedded import CHECKOUT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(settings.FEDERATION_FOLDER, tmp_path / "federation"))


def add_row(folder: Path, file: str, row: str) -> None:
    with (folder / file).open("a", encoding="utf-8") as stream:
        stream.write(row + "\n")


def get_refusal(read: Callable[[Path], object], folder: Path) -> str:
    with pytest.raises(ImproperlyConfigured) as refusal:
        read(folder)
    return str(refusal.value)


# What this federation says


def test_every_relation_is_declared_once_and_sums_something() -> None:
    relations = load_relations()
    assert len(set(relations)) == len(relations) > 30
    assert all(relation.parts for relation in relations)
    assert {part.sign for relation in relations for part in relation.parts} == {1, -1}


def test_relations_are_read_as_they_are_written() -> None:
    relations = load_relations()
    debt = Part(1, "loan_forecast", "opening_debt")
    assert relations[0] == Relation(("sub_budget/*", "TOTAL"), (Part(1, "sub_budget/*", "*"),))
    (across,) = [relation for relation in relations if relation.across_editions]
    assert (across.total, across.parts[0]) == (("loan_forecast", "closing_debt"), debt)


@pytest.mark.django_db
def test_every_relation_finds_its_total_and_its_parts_in_the_published_figures() -> None:
    printed = list_published_figures(Budget.objects.get(slug="budget-2026")).filter(tkr__isnull=False)
    figures = [Figure(f.table, f.row, f.column, f.edition, f.tkr or 0) for f in printed]
    assert [relation for relation in load_relations() if not compare_published(figures, [relation])] == []


@pytest.mark.django_db
def test_every_name_is_of_a_published_table_or_row_and_of_none_that_the_system_names() -> None:
    tables = set(PublishedFigure.objects.values_list("table", flat=True))
    rows = set(PublishedFigure.objects.values_list("row", flat=True))
    names = load_names()
    assert set(names.tables) <= tables - set(TABLES)
    assert set(names.rows) <= rows - set(ROWS)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "table", "row"), [("sv", "Personalkostnader", "Lokaler"), ("en", "Personnel costs", "Premises")]
)
def test_tables_and_rows_of_the_federation_are_named_in_the_readers_language(
    language: str, table: str, row: str
) -> None:
    words = load_words(Budget.objects.get(slug="budget-2026"))
    with translation.override(language):
        assert (words.name_table("personnel_costs"), words.name_row("premises", "Lokalkostnader")) == (table, row)


# What another federation might get wrong


def test_relations_of_another_federation_are_its_own(folder: Path) -> None:
    (folder / RELATIONS).write_text(
        "relation,role,table,row,across_editions\nsea,total,boats,TOTAL,yes\nsea,plus,boats,ferry,\nsea,minus,boats,raft,\n"
    )
    (only,) = read_relations(folder)
    assert only == Relation(("boats", "TOTAL"), (Part(1, "boats", "ferry"), Part(-1, "boats", "raft")), True)


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("sea,plus,boats,TOTAL,", "role"),
        ("sea,total,boats,TOTAL,", "relation"),
        ("sea,total,boats,*,", "row"),
        ("sea,total,boats,TOTAL,maybe", "across_editions"),
        ("sea,total,,TOTAL,", "table"),
        (",total,boats,TOTAL,", "relation"),
        ("premises,times,boats,ferry,", "role"),
        ("premises,total,boats,ferry,", "role"),
        ("premises,plus,boats,ferry,yes", "across_editions"),
        ("premises,plus,boats", "relation"),
    ],
)
def test_a_bad_row_of_relations_is_refused_with_file_number_and_field(folder: Path, row: str, field: str) -> None:
    number = len((folder / RELATIONS).read_text(encoding="utf-8").splitlines()) + 1
    add_row(folder, RELATIONS, row)
    refusal = get_refusal(read_relations, folder)
    assert f"{RELATIONS} row {number}, field {field}: " in refusal
    assert "FEDERATION_FOLDER" in refusal


@pytest.mark.parametrize(
    ("row", "field"),
    [("column,c,Namn,Name", "kind"), ("row,premises,Lokaler,Rooms", "code"), ("row,boats,Båtar,", "name_en")],
)
def test_a_bad_row_of_names_is_refused_with_file_number_and_field(folder: Path, row: str, field: str) -> None:
    add_row(folder, NAMES, row)
    assert f"{NAMES} row 17, field {field}: " in get_refusal(read_names, folder)


@pytest.mark.parametrize(("file", "read"), [(RELATIONS, read_relations), (NAMES, read_names)])
@pytest.mark.parametrize("content", [None, b"", b"relation,role\n", b"\xff\xfe", b'"never closed'])
def test_a_file_that_is_missing_or_of_another_kind_is_named(
    folder: Path, file: str, read: Callable[[Path], object], content: bytes | None
) -> None:
    (folder / file).unlink()
    if content is not None:
        (folder / file).write_bytes(content)
    assert str(folder / file) in get_refusal(read, folder)


def test_a_folder_without_the_files_stops_the_start(tmp_path: Path) -> None:
    variables = {**os.environ, "DJANGO_SETTINGS_MODULE": "itsam.settings", "FEDERATION_FOLDER": str(tmp_path)}
    command = [sys.executable, "-c", "import django; django.setup()"]
    done = subprocess.run(command, cwd=CHECKOUT, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert f"FEDERATION_FOLDER: {tmp_path / RELATIONS}" in done.stderr.splitlines()[-1]
