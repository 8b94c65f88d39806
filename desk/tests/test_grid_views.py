"""The grid's requests: who may send them, what they answer, and the form without script."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from budgets.models import CostLine, EditStep, IndexRate
from budgets.selectors.grid import find_mark
from budgets.services.lines import change_line
from tests.cast import (
    ADMINISTRATOR,
    AUDITOR,
    BOARD,
    DIRECTOR,
    ECONOMIST,
    GROUP,
    OFFICER,
    OUTSIDER,
    OWN,
    OWNER,
    again,
    client_of,
    get_line,
    get_user,
    list_lines,
    list_open,
)
from tests.grid_form import as_posted

pytestmark = pytest.mark.django_db

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def address(name: str = "grid", budget: str = "budget-2027", sub_budget: str = OWN) -> str:
    return reverse(f"budgets:{name}", args=[budget, sub_budget])


def post(client: Client, body: Any, name: str = "grid") -> Any:
    text = body if isinstance(body, str) else json.dumps(body)
    return client.post(address(name), text, content_type="application/json", HTTP_X_GRID="1")


def change(line: CostLine, seen: str | None = None, was: dict[str, str] | None = None, **cells: str) -> dict[str, Any]:
    row = {"line": str(line.lineage), "seen": seen or line.edited_at.isoformat(), "cells": cells, "was": was or {}}
    return {"action": "cells", "changed": [row]}


@pytest.mark.parametrize("name", ["grid", "undo_step", "redo_step", "change_many", "spread"])
def test_only_those_who_may_edit_get_anywhere(name: str) -> None:
    assert post(Client(), {}, name).status_code == 401
    for person in (GROUP, BOARD, DIRECTOR, OFFICER, ADMINISTRATOR, AUDITOR):
        assert post(client_of(person), {}, name).status_code in (403, 404), person
    assert post(client_of(OUTSIDER), {}, name).status_code == 404
    frozen = address(name, "budget-2026")
    assert client_of(ECONOMIST).post(frozen, "{}", content_type="application/json").status_code == 403


def test_saved_cells_are_answered_as_the_page_writes_them() -> None:
    line, client = get_line(), client_of(OWNER)
    answer = post(client, change(line, amount_1_ore="=2*1 000,25", note="x")).json()
    stored = answer["lines"][str(line.lineage)]
    assert (stored["cells"][4], stored["cells"][7]) == ("2\u202f000,50", "x")
    assert stored["seen"] == again(line).edited_at.isoformat()
    assert answer["products"][str(line.budget_product.lineage)][0] == sum(
        row.amount_1_ore for row in CostLine.objects.filter(budget_product=line.budget_product)
    )
    assert (bool(answer["undo"]), answer["redo"], answer["count"]) == (True, "", len(list_lines()))


def test_bad_cells_are_answered_with_place_value_and_reason() -> None:
    line = get_line()
    answer = post(client_of(OWNER), change(line, amount_1_ore="3.286", text=""))
    assert answer.status_code == 422
    told = {cell["field"]: cell for cell in answer.json()["bad"]}
    assert (told["amount_1_ore"]["place"], told["amount_1_ore"]["typed"]) == ("2027", "3.286")
    assert "3.286" in told["amount_1_ore"]["reason"]
    assert again(line).amounts == line.amounts


def test_somebody_elses_value_is_answered_beside_mine_with_who() -> None:
    line = get_line()
    change_line(line, {"amount_1_ore": 12_300}, by=get_user(ECONOMIST))
    answer = post(client_of(OWNER), change(line, amount_1_ore="7"))
    assert answer.status_code == 409
    (clash,) = answer.json()["clashes"]
    assert "Eva Ekonom" in clash["words"]
    assert "123" in clash["take"]
    assert "7" in clash["keep"]


@pytest.mark.parametrize(
    ("unit", "typed", "keep", "take"), [("tkr", "40 tkr", "40 tkr", "123 kr"), ("kr", "40", "40", "123")]
)
def test_both_values_are_told_with_their_units_where_tkr_is_shown(unit: str, typed: str, keep: str, take: str) -> None:
    line = get_line()
    change_line(line, {"amount_1_ore": 12_300}, by=get_user(ECONOMIST))
    text = json.dumps(change(line, amount_1_ore=typed))
    answer = client_of(OWNER).post(address(), text, content_type="application/json", HTTP_X_GRID="1", HTTP_X_UNIT=unit)
    (clash,) = answer.json()["clashes"]
    assert clash["keep"].endswith(keep)
    assert clash["take"].endswith(take)


def test_news_are_what_others_have_changed() -> None:
    line, client = get_line(), client_of(OWNER)
    since = max(row.edited_at for row in list_lines()).isoformat()
    assert client.get(address(), {"since": since}).json()["news"] == {}
    change_line(line, {"amount_1_ore": 12_300}, by=get_user(ECONOMIST))
    news = client.get(address(), {"since": since}).json()["news"]
    assert list(news) == [str(line.lineage)]
    assert "Eva Ekonom" in news[str(line.lineage)]["words"]


def test_added_line_comes_with_its_row_and_the_order() -> None:
    line, new = get_line(), str(uuid.uuid4())
    product = str(line.budget_product.lineage)
    added = {"line": new, "product": product, "after": str(line.lineage), "cells": {"text": "<b>Ny</b>"}}
    answer = post(client_of(OWNER), {"action": "add", "added": [added]}).json()
    (row,) = answer["rows"]
    assert "&lt;b&gt;Ny&lt;/b&gt;" in row["html"]
    assert "<b>Ny" not in row["html"]
    order = answer["places"][product]
    assert order[order.index(str(line.lineage)) + 1] == new


def test_undo_is_answered_and_refused_in_words() -> None:
    line, client = get_line(), client_of(OWNER)
    post(client, change(line, amount_1_ore="7"))
    answer = post(client, {}, "undo_step").json()
    assert (again(line).amount_1_ore, bool(answer["said"]), bool(answer["redo"])) == (line.amount_1_ore, True, True)
    refused = post(client, {}, "undo_step")
    assert (refused.status_code, bool(refused.json()["refused"])) == (409, True)


@pytest.mark.parametrize(
    "body",
    [" ", "[]", "{", '"x"', '{"changed": 5}', '{"changed": [{"line": "x", "cells": {}}]}', '{"action": "steal"}',
     '{"changed": [{"line": "00000000-0000-0000-0000-000000000000", "cells": {"budget_id": "1"}}]}',
     '{"changed": [{"line": "00000000-0000-0000-0000-000000000000", "cells": {"text": 1}}]}',
     '{"deleted": [{"line": "00000000-0000-0000-0000-000000000000", "seen": "2026-01-01"}]}'],
)  # fmt: skip
def test_what_the_grid_never_sends_is_refused(body: str) -> None:
    assert post(client_of(OWNER), body).status_code == 400
    assert not EditStep.objects.exists()


def test_line_of_another_sub_budget_is_gone_here() -> None:
    other = get_line("klient")
    answer = post(client_of(OWNER), change(other, amount_1_ore="7"))
    assert (answer.status_code, len(answer.json()["gone"])) == (409, 1)
    assert again(other).amounts == other.amounts


# Without script


def form_of(lines: list[CostLine], **changed: str) -> dict[str, str]:
    mark = str(find_mark(lines[0].budget_product.sub_budget))
    return {"mark": mark, **{key.replace("__", ":"): typed for key, typed in changed.items()}}


def test_form_saves_its_changed_cells_and_undo_takes_them_back() -> None:
    lines, client = list_open(), client_of(OWNER)
    first = lines[0]
    posted = form_of(lines) | {f"{first.lineage}:amount_1_ore": "5 000", f"{first.lineage}:text": first.text}
    assert client.post(address(), as_posted(posted)).status_code == 302
    assert again(first).amount_1_ore == 500_000
    assert client.post(address("undo_step")).status_code == 302
    assert again(first).amounts == first.amounts
    assert client.post(address("undo_step")).status_code == 302


def test_form_with_a_bad_cell_is_shown_again_with_all_that_was_typed() -> None:
    lines, client = list_open(), client_of(OWNER)
    first, second = lines[:2]
    posted = form_of(lines) | {f"{first.lineage}:amount_1_ore": "3.286", f"{second.lineage}:note": "<i>hej</i>"}
    answer = client.post(address(), as_posted(posted))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="3.286"' in page
    assert "&lt;i&gt;hej&lt;/i&gt;" in page
    assert page.count('aria-invalid="true"') == 1
    assert again(second).note == second.note
    assert client.post(address(), as_posted(posted | {"partial": "1"})).status_code == 302
    assert (again(first).amounts, again(second).note) == (first.amounts, "<i>hej</i>")


@pytest.mark.parametrize(
    "named", [{"lines": ""}, {"lines": "no-line"}, {"1:note": "x"}, {"a:note": "x"}, {"-2:note": "x"}]
)
def test_form_whose_cells_belong_to_no_line_is_refused_whole(named: dict[str, str]) -> None:
    client, line = client_of(OWNER), get_line()
    posted = as_posted({f"{line.lineage}:note": "skrivet"}) | named
    assert client.post(address(), posted).status_code == 400
    assert again(line).note == line.note


def test_old_form_does_not_overwrite_what_somebody_else_saved() -> None:
    lines, client = list_open(), client_of(OWNER)
    first = lines[0]
    posted = form_of(lines) | {f"{first.lineage}:amount_1_ore": "7"}
    change_line(first, {"amount_1_ore": 12_300}, by=get_user(ECONOMIST))
    answer = client.post(address(), as_posted(posted))
    assert answer.status_code == 422
    assert "Eva Ekonom" in answer.content.decode()
    assert again(first).amount_1_ore == 12_300


# Several at once


def test_amounts_are_raised_by_per_cent_after_the_sums_were_shown() -> None:
    client, lines = client_of(OWNER), list_open()
    asked = {"scope": "all", "kind": "", "years": ["0", "2"], "how": "percent", "value": "10"}
    shown = client.post(address("change_many"), asked | {"preview": "1"})
    assert shown.status_code == 200
    assert [again(line).amounts for line in lines] == [line.amounts for line in lines]
    applied = client.post(address("change_many"), asked | {"apply": "1", "shown": shown.context["shown"]})
    assert applied.status_code == 302
    for line in lines:
        assert abs(again(line).amount_1_ore * 10 - line.amount_1_ore * 11) <= 5
        assert again(line).amount_2_ore == line.amount_2_ore
    assert EditStep.objects.get().action == "many"


def test_sums_that_were_not_shown_are_not_applied() -> None:
    client, line = client_of(OWNER), get_line()
    asked = {"scope": "all", "kind": "", "years": ["0"], "how": "amount", "value": "=1+1", "apply": "1", "shown": "1,2"}
    answer = client.post(address("change_many"), asked)
    assert (answer.status_code, answer.context["is_new"]) == (200, True)
    assert again(line).amounts == line.amounts


def test_amounts_are_counted_up_by_the_index_valid_today() -> None:
    client, line = client_of(OWNER), get_line()
    IndexRate.objects.filter(cost_kind=line.cost_kind, year__in=(2028, 2029)).delete()
    for year, percent in ((2028, 10), (2029, 50)):
        IndexRate.objects.create(cost_kind=line.cost_kind, year=year, valid_from_on="2020-01-01", percent=percent)
        IndexRate.objects.create(cost_kind=line.cost_kind, year=year, valid_from_on="2190-01-01", percent=99)
    CostLine.objects.filter(pk=line.pk).update(amount_1_ore=1000, quantity=None, unit_price_ore=None)
    asked = {
        "scope": "selected",
        "lines": str(line.lineage),
        "kind": "",
        "years": ["1", "2"],
        "how": "index",
        "value": "",
    }
    shown = client.post(address("change_many"), asked | {"preview": "1"})
    client.post(address("change_many"), asked | {"apply": "1", "shown": shown.context["shown"]})
    assert again(line).amounts == (1000, 1100, 1650)


@pytest.mark.parametrize("kind", ["depreciation", "interest", "server_operation"])
def test_kinds_that_are_never_indexed_are_left_as_they_are(kind: str) -> None:
    client, line = client_of(OWNER), get_line()
    IndexRate.objects.filter(cost_kind=kind).delete()
    amounts = {"amount_1_ore": 103_00, "amount_2_ore": 67_00, "amount_3_ore": 67_00}
    CostLine.objects.filter(pk=line.pk).update(
        cost_kind=kind, provenance="entered", quantity=None, unit_price_ore=None, **amounts
    )
    asked = {"scope": "selected", "lines": str(line.lineage), "kind": "", "years": ["0", "1", "2"], "how": "index"}
    shown = client.post(address("change_many"), asked | {"preview": "1"})
    assert (shown.context["plan"].count, shown.context["plan"].after) == (0, (103_00, 67_00, 67_00))
    IndexRate.objects.create(cost_kind=kind, year=2028, valid_from_on="2020-01-01", percent=10)
    assert client.post(address("change_many"), asked | {"preview": "1"}).context["plan"].count == 0


def test_change_of_several_says_which_line_and_year_is_wrong() -> None:
    client, line = client_of(OWNER), get_line()
    CostLine.objects.filter(pk=line.pk).update(amount_2_ore=10**15, quantity=None, unit_price_ore=None)
    asked = {
        "scope": "selected",
        "lines": str(line.lineage),
        "kind": "",
        "years": ["0", "1"],
        "how": "percent",
        "value": "10",
    }
    shown = client.post(address("change_many"), asked | {"preview": "1"})
    answer = client.post(address("change_many"), asked | {"apply": "1", "shown": shown.context["shown"]})
    assert answer.status_code == 422
    (told,) = answer.context["form"].non_field_errors()
    assert told.startswith(f"{line.text}, 2028: ")


@pytest.mark.parametrize(
    "wrong", [{"value": "tolv"}, {"value": ""}, {"value": "99999"}, {"years": []}, {"scope": "x"}, {"how": "x"}]
)
def test_wrong_change_of_several_is_told(wrong: dict[str, Any]) -> None:
    asked = {"scope": "all", "kind": "", "years": ["0"], "how": "percent", "value": "10", "apply": "1"}
    answer = client_of(OWNER).post(address("change_many"), asked | wrong)
    assert answer.status_code == 422
    assert "aria-invalid" in answer.content.decode()


def test_half_a_character_and_a_zero_from_a_clipboard_are_no_error() -> None:
    line = get_line()
    body = json.dumps(change(line, text="Rad \ud83d\0!"))
    assert post(client_of(OWNER), body).status_code == 200
    assert again(line).text == "Rad ?!"


def test_ones_own_change_is_no_news_in_words() -> None:
    line, client = get_line(), client_of(OWNER)
    since = max(row.edited_at for row in list_lines()).isoformat()
    change_line(line, {"note": "min egen"}, by=get_user(OWNER))
    (news,) = client.get(address(), {"since": since}, HTTP_X_GRID="1").json()["news"].values()
    assert (news["cells"][7], "words" in news) == ("min egen", False)


# What quantity × unit price does with the plan years


@pytest.mark.parametrize(("plan_years", "wanted"), [("leave", (7, 8)), ("same", (1000, 1000)), ("index", (1100, 1650))])
def test_quantity_and_price_fill_the_plan_years_as_is_chosen(plan_years: str, wanted: tuple[int, int]) -> None:
    client, line = client_of(OWNER), get_line()
    IndexRate.objects.filter(cost_kind=line.cost_kind, year__in=(2028, 2029)).delete()
    for year, percent in ((2028, 10), (2029, 50)):
        IndexRate.objects.create(cost_kind=line.cost_kind, year=year, valid_from_on="2020-01-01", percent=percent)
    CostLine.objects.filter(pk=line.pk).update(amount_2_ore=7, amount_3_ore=8, quantity=None, unit_price_ore=None)
    sent = change(line, quantity="2", unit_price_ore="5") | {"plan_years": plan_years}
    assert post(client, sent).status_code == 200
    assert again(line).amounts == (1000, *wanted)
    assert EditStep.objects.count() == 1
    assert post(client, {}, "undo_step").status_code == 200
    assert again(line).amounts[1:] == (7, 8)


def test_plan_years_that_are_typed_stand_and_an_amount_alone_fills_none() -> None:
    client, line = client_of(OWNER), get_line()
    sent = change(line, quantity="2", unit_price_ore="5", amount_3_ore="9") | {"plan_years": "same"}
    assert post(client, sent).status_code == 200
    assert again(line).amounts == (1000, 1000, 900)
    line = again(line)
    assert post(client, change(line, amount_1_ore="3") | {"plan_years": "same"}).status_code == 200
    assert again(line).amounts == (300, 1000, 900)


def test_unknown_choice_for_the_plan_years_is_no_request_of_the_grid() -> None:
    line = get_line()
    assert post(client_of(OWNER), change(line, quantity="2") | {"plan_years": "twice"}).status_code == 400


# What the grid's filter says


def test_change_of_what_is_visible_says_how_many_lines_it_leaves() -> None:
    client, lines = client_of(OWNER), list_lines()
    asked = {"kind": "", "years": ["0"], "how": "percent", "value": "10", "visible": str(lines[0].lineage)}
    shown = client.post(address("change_many"), asked | {"scope": "visible", "preview": "1"})
    assert str(len(lines) - 1) in shown.context["untouched"][-1]
    assert shown.context["plan"].before[0] == lines[0].amount_1_ore
    every = client.post(address("change_many"), asked | {"scope": "all", "preview": "1"})
    assert str(len(lines) - 1) in every.context["untouched"][-1]


def test_lines_are_touched_that_somebody_has_changed_or_added_since_the_budget_was_made() -> None:
    client, (line, *_rest) = client_of(OWNER), list_open()
    page = reverse("budgets:sub_budget", args=["budget-2027", OWN])
    assert client.get(page).context["grid"]["touched"] == ""
    post(client, change(line, amount_1_ore="12"))
    new = str(uuid.uuid4())
    added = {"line": new, "product": str(line.budget_product.lineage), "after": str(line.lineage)}
    assert post(client, {"action": "add", "added": [added]}).status_code == 200
    assert set(client.get(page).context["grid"]["touched"].split(",")) == {
        f"{line.lineage} amount_1_ore",
        f"{new} text",
    }


def test_page_with_refused_cells_leads_to_them_and_not_on_to_the_next_step() -> None:
    client, line = client_of(OWNER), get_line()
    page = reverse("budgets:sub_budget", args=["budget-2027", OWN])
    assert "data-goes-on" in client.get(page).content.decode()
    answer = client.post(address(), as_posted({f"{line.lineage}:amount_1_ore": "3.286"}))
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "data-goes-on" not in shown
    assert 'href="#lines"' in shown
