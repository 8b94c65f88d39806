"""Every text has one form, by whichever door it comes: the same words are found, compared and sorted as the same."""

from __future__ import annotations

import json
import unicodedata
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from budgets.models import CostLine
from engine.texts import compose
from itsam.demo.reader import Reader
from objects.models import Decision, Product
from records.models import Comment, StoredFile, Task
from tests.cast import ADMINISTRATOR, DRAFT, ECONOMIST, OWN, OWNER, client_of, get_line, get_user

pytestmark = pytest.mark.django_db

# As a PDF or a Mac gives them: dots and rings apart, a soft hyphen, a hard space, a sign of no width.
APART = unicodedata.normalize("NFD", "Åtgärds\u00adplan för\u00a0Sjö\u200bgång")
WHOLE = "Åtgärdsplan för Sjögång"


def test_the_form_of_a_text_is_composed_and_seen() -> None:
    assert compose(APART) == WHOLE == compose(WHOLE)
    assert compose("rad ett\r\n\trad två\x07") == "rad ett\r\n\trad två"
    assert compose("två\u2028rader\x85") == "två\nrader\n"
    assert compose("12\u202e34") == "12\u202e34" and compose("a\0") == "a\0"  # refused where they are read


@pytest.mark.parametrize("typed", [WHOLE, APART])
@pytest.mark.parametrize("stored", [WHOLE, unicodedata.normalize("NFD", WHOLE)])
def test_a_search_finds_it_however_it_is_stored_and_typed(stored: str, typed: str) -> None:
    CostLine.objects.filter(pk=get_line().pk).update(text=stored)
    Decision.objects.filter(pk=Decision.objects.earliest("pk").pk).update(text=stored)
    for address in (f"/budgets/{DRAFT}/lines/", "/decisions/"):
        page = client_of(ECONOMIST).get(address, {"q": typed})
        assert len(page.context["table"].rows) == 1, address


def save_line() -> str:
    line = get_line()
    edit = {"changed": [{"line": str(line.lineage), "cells": {"text": APART}, "was": {"text": line.text}}]}
    url = f"/budgets/{DRAFT}/sub-budgets/{OWN}/grid/"
    client_of(OWNER).post(url, json.dumps(edit), content_type="application/json", headers={"X-Grid": "1"})
    line.refresh_from_db()
    return str(line.text)


def write_task() -> str:
    task = {"text": APART, "to": str(get_user(OWNER).uuid)}
    client_of(OWNER).post(f"/budgets/{DRAFT}/sub-budgets/{OWN}/tasks/", task)
    return Task.objects.latest("pk").text


def write_comment() -> str:
    client_of(OWNER).post(f"/budgets/{DRAFT}/sub-budgets/{OWN}/comments/", {"text": APART})
    return Comment.objects.latest("pk").text


def plan_decision() -> str:
    planned = {"text": APART, "kind": "other", "stage": "planned", "body": "board"}
    client_of(ECONOMIST).post("/decisions/new/", planned)
    return Decision.objects.latest("pk").text


def administer() -> str:
    client_of(ADMINISTRATOR).post("/admin/objects/product/add/", {"name": APART})
    return Product.objects.latest("pk").name


def attach() -> str:
    file = SimpleUploadedFile("a.pdf", b"%PDF-1.4")
    file.name = f"{APART}.pdf".replace("\u00a0", " ")  # which Django itself takes out of names
    client_of(OWNER).post(f"/budgets/{DRAFT}/sub-budgets/{OWN}/files/", {"file": file})
    return StoredFile.objects.latest("pk").name.removesuffix(".pdf")


@pytest.mark.parametrize("door", [save_line, write_task, write_comment, plan_decision, administer, attach])
def test_every_door_stores_the_one_form(door: Any, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    assert door() == WHOLE


def test_the_files_of_a_federation_are_read_so_too(tmp_path: Any) -> None:
    (tmp_path / "a.csv").write_text(f"name\n{APART}\n", encoding="utf-8")
    assert [row.text("name") for row in Reader(tmp_path).rows("a.csv", "name")] == [WHOLE]


def test_a_password_stays_as_it_is_typed() -> None:
    user = get_user(OWNER)
    user.set_password(APART)
    user.save()
    sent = Client().post("/account/login/", {"login": user.email, "password": APART})
    assert sent.status_code == 302


# As a workbook writes a sign by its number: to a person it is text like any other.
ESCAPED = "Kod _x0041_ och _x000D_ slut"


def test_what_looks_like_a_sign_by_its_number_survives_a_workbook() -> None:
    CostLine.objects.filter(pk=get_line().pk).update(text=ESCAPED)
    answer = client_of(ECONOMIST).get(f"/budgets/{DRAFT}/lines/", {"q": "Kod _x0041_", "export": "xlsx"})
    sheet = load_workbook(BytesIO(answer.content)).worksheets[0]
    texts = [unescape(cell.value) for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert ESCAPED in texts
