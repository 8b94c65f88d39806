"""The rows of a sub-budget's table: whatever people write stays text, and words follow the reader's language."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse

from budgets.models import Action, BudgetProduct, CostLine
from budgets.services.collaboration import add_comment
from budgets.services.lines import change_line
from budgets.services.workflow import take_step
from desk.tests.test_grid_views import change, post
from objects.models import GovernanceObject
from tests.cast import AUDITOR, ECONOMIST, GROUP, OWN, OWNER, client_of, get_line, get_sub_budget, get_user, list_copies
from tests.grid_form import as_posted

pytestmark = pytest.mark.django_db

MARKUP = """<script>alert("x")</script> & 'y'"""
PAGE = f"/budgets/budget-2027/sub-budgets/{OWN}/"


class Row(HTMLParser):
    """The inputs, the texts and every attribute of a piece of page as a browser reads them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.inputs: dict[str, dict[str, str | None]] = {}
        self.tags: list[str] = []
        self.values: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.values += [value for _name, value in attrs if value]
        own = dict(attrs)
        if tag == "input":
            self.inputs[str(own["name"]).partition(":")[2]] = own

    def handle_data(self, data: str) -> None:
        self.text += data


def row_of(html: str, line: CostLine) -> Row:
    found = re.search(rf'<tr [^>]*id="?line-{line.lineage}.*?(?=</?t[rb])', html, re.DOTALL)
    assert found
    return Row(found[0])


def write_markup() -> CostLine:
    """Markup in everything that a line's rows show: the line itself, its object, its product, a correction, a comment."""
    line = get_line()
    owner = GovernanceObject.objects.order_by("pk")[0]
    GovernanceObject.objects.filter(pk=owner.pk).update(name_sv=MARKUP)
    BudgetProduct.objects.filter(pk=line.budget_product_id).update(name=MARKUP)
    take_step(get_sub_budget(), Action.SUBMIT, by=get_user(OWNER))
    changed = change_line(line, {"text": MARKUP, "note": MARKUP, "governance_object_id": owner.pk}, by=get_user(GROUP))
    add_comment(get_sub_budget(), about=line.lineage, text="Varför?", by=get_user(ECONOMIST))
    return changed


def test_what_people_write_stays_text_in_every_cell_of_the_grid() -> None:
    line = write_markup()
    html = client_of(ECONOMIST).get(PAGE).content.decode()
    assert "<script>alert" not in html and "&amp;lt;" not in html
    row = row_of(html, line)
    assert "script" not in row.tags
    assert (row.inputs["text"]["value"], row.inputs["note"]["value"]) == (MARKUP, MARKUP)
    assert any(f"→ {MARKUP}" in value for value in row.values)
    heading = html[html.index(f'id="product-{line.budget_product.lineage}"') :]
    assert Row(heading[: heading.index("</tr>")]).text.count(MARKUP) == 2


def test_what_people_write_stays_text_in_every_cell_that_is_only_read() -> None:
    line = write_markup()
    html = client_of(AUDITOR).get(PAGE).content.decode()
    assert "<script>alert" not in html and "&amp;lt;" not in html
    row = row_of(html, line)
    assert "script" not in row.tags and not row.inputs
    assert MARKUP not in row.values
    assert row.text.count(MARKUP) >= 2


def test_markup_that_is_refused_is_shown_again_as_it_was_typed() -> None:
    line = get_line()
    typed = {"loaded": line.edited_at.isoformat(), f"{line.lineage}:amount_1_ore": MARKUP}
    answer = client_of(OWNER).post(reverse("budgets:grid", args=["budget-2027", OWN]), as_posted(typed))
    html = answer.content.decode()
    assert answer.status_code == 422 and "<script>alert" not in html
    shown = row_of(html, line).inputs["amount_1_ore"]
    assert (shown["value"], shown["aria-invalid"], shown["aria-describedby"]) == (MARKUP, "true", f"msg-{line.lineage}")
    assert f'id="msg-{line.lineage}"' in html


def test_row_of_an_added_line_is_that_of_the_page() -> None:
    line, new, client = get_line(), "11111111-1111-4111-8111-111111111111", client_of(ECONOMIST)
    added = {
        "line": new,
        "product": str(line.budget_product.lineage),
        "after": str(line.lineage),
        "cells": {"text": MARKUP},
    }
    html = post(client, {"action": "add", "added": [added]}).json()["rows"][0]["html"]
    page = client.get(PAGE).content.decode()
    found = re.search(rf"<tr class=line id=line-{new}.*?(?=</?t[rb])", page)
    assert found
    assert _without_earlier(found[0]) == _without_earlier(html)


def _without_earlier(html: str) -> str:
    """A row that is added has no number in a form, and is not compared with the year before, as the page's are."""
    html = re.sub(" data-earlier=[-0-9]+|(?<=name=)[0-9]+(?=:)", "", html)
    return re.sub("<td>[^<]*<td>[^<]*(?=<td><input form=g name=:note)", "", html).replace('"lines/', f'"{PAGE}lines/')


def test_words_of_rows_follow_the_reader_also_in_a_process_that_has_drawn_the_other_language() -> None:
    line = get_line()
    for language in ("sv", "en", "sv"):
        client = Client(headers={"accept-language": language})
        client.force_login(get_user(OWNER), "allauth.account.auth_backends.AuthenticationBackend")
        html = client.get(PAGE).content.decode()
        row = row_of(html, line)
        assert ("Ändra" in row.text) == (language == "sv")


def test_saved_cells_come_with_the_mark_of_their_source() -> None:
    line = list_copies()[0]
    html = client_of(ECONOMIST).get(PAGE).content.decode()
    assert "ännu inte beräknat" in row_of(html, line).text
    answer = post(client_of(ECONOMIST), change(line, amount_1_ore="5"))
    assert json.loads(answer.content)["lines"][str(line.lineage)]["source"] == ""


def test_address_that_names_no_deleted_line_offers_no_undo() -> None:
    for named in ("x", ""):
        answer = client_of(OWNER).get(f"{PAGE}?deleted={named}")
        assert answer.status_code == 200 and "/restore/" not in answer.content.decode()
    assert client_of(OWNER).get(f"{PAGE}?deleted=%00").status_code == 400
