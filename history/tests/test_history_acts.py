"""One entry an act: folded to its rows, told once, by names, with a reason only where a person gave one."""

from __future__ import annotations

import json
import re
from datetime import date
from html import unescape
from itertools import cycle
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from budgets.models import Action, BudgetProduct, CostLine, EditStep
from budgets.services.grid.edits import GridEdit, LineEdit, Move
from budgets.services.grid.saving import save_edit
from budgets.services.grid.undoing import redo_step, undo_step
from budgets.services.lines import change_line
from budgets.services.workflow import take_step
from forecasts.services.versions import copy_forward
from history.acts import Cursor, load_page
from history.stories import tell_budget, tell_line
from records.chain.verification import verify_history
from records.changes import events_of
from records.models import ActReason
from records.tests.chain import seal
from tests.cast import client_of, get_budget, get_page, get_sub_budget, get_user, list_open

DRAFT = "/budgets/budget-2027/"
SUB_BUDGET = f"{DRAFT}sub-budgets/socialtjanst/"
GRID = f"{SUB_BUDGET}grid/"
BAD = (
    "", "x", "-1", "0", "1", "99999999999999999999", "2026-01-01", "2026-01-01T00:00", "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00", "2026-01-01T00:00:00 01:00", "nan", "ä" * 300, "[]", "'; DROP TABLE x; --",
)  # fmt: skip


def read(response: Any) -> str:
    main = response.content.decode().split("<main")[1]
    return re.sub(r"\s+", " ", unescape(strip_tags(re.sub("</(?=[tplsd])", " </", main))))


def paste(more: int, *, by: str = "objektagare", action: EditStep.Action = EditStep.Action.PASTE) -> int:
    """Raises the first amount of all open lines by so many kronor; returns how many there are."""
    lines = list_open()
    edits = tuple(
        LineEdit(line.lineage, {"amount_1_ore": str(line.amount_1_ore // 100 + more)}, {}, line.edited_at)
        for line in lines
    )
    save_edit(get_sub_budget(), GridEdit(changed=edits, action=action), by=get_user(by))
    return len(lines)


# One entry an act


@pytest.mark.django_db
@pytest.mark.parametrize("address", [f"{DRAFT}history/", f"{SUB_BUDGET}history/"])
def test_paste_is_one_entry_with_its_rows_and_sums_and_so_is_its_undo(address: str) -> None:
    count = paste(100)
    undo_step(get_sub_budget(), by=get_user("objektagare"))
    redo_step(get_sub_budget(), by=get_user("objektagare"))
    told = read(get_page("ekonom", address))
    where = "" if "sub-budgets" in address else " in Social services"
    for words in (f"pasted {count} lines", f"undid paste, {count} lines", f"did paste again, {count} lines"):
        assert told.count(f"Olivia Objektägare {words}{where}") == 1, words
    assert told.count(f"Together, SEK: 2027: +{count * 100}") == 2
    assert told.count(f"Together, SEK: 2027: −{count * 100}") == 1


@pytest.mark.django_db
def test_line_that_only_gave_way_is_no_row_of_a_move() -> None:
    product = max(
        BudgetProduct.objects.filter(sub_budget=get_sub_budget()), key=lambda product: product.cost_lines.count()
    )
    lines = list(product.cost_lines.order_by("position", "pk"))
    move = Move(lines[-1].lineage, product.lineage, None)
    save_edit(get_sub_budget(), GridEdit(moved=(move,), action=EditStep.Action.MOVE), by=get_user("ekonom"))
    assert f"Eva Ekonom moved the line “{lines[-1].text}”" in read(get_page("ekonom", f"{SUB_BUDGET}history/"))


@pytest.mark.django_db
def test_copy_is_told_once_and_names_the_budget() -> None:
    copy_forward(get_budget(), slug="budget-2028", name="Budget 2028", on=date(2026, 6, 1), by="ekonom@demo.example")
    told = read(get_page("ekonom", "/budgets/budget-2028/history/"))
    assert told.count("Eva Ekonom copied forward from Budget 2027") == told.count("Eva Ekonom") == 1
    assert "budget-2027" not in told


@pytest.mark.django_db
def test_step_is_told_as_an_act_and_states_are_not_listed() -> None:
    take_step(get_sub_budget(), Action.SUBMIT, by=get_user("objektagare"))
    told = read(get_page("ekonom", f"{DRAFT}history/"))
    assert told.count("Olivia Objektägare submitted the sub-budget Social services") == 1
    assert "step of the workflow" not in told.split("What was done, newest")[1] and "draft → submitted" not in told


@pytest.mark.django_db
def test_file_holds_all_rows_of_each_act_with_its_words() -> None:
    count = paste(100)
    body = get_page("ekonom", f"{SUB_BUDGET}history/", export="csv", what="update").content.decode("utf-8-sig")
    assert body.count(f"Olivia Objektägare;pasted {count} lines;") >= count
    assert "because" not in body


@pytest.mark.django_db
def test_all_rows_of_an_act_are_a_click_away() -> None:
    page = load_page(tell_budget(get_budget(), get_user("ekonom")), Cursor(5))
    copied = next(act for act in page.acts if act.context["reason"] == "copy_forward")
    assert copied.count > 300 and len(copied.places) == 5
    shown = read(get_page("ekonom", f"{DRAFT}history/", at=copied.at.isoformat()))
    assert shown.count("cost line,") >= 150 and "To the whole history" in shown


# Why


def give(name: str, act: object, words: str, **headers: str) -> Any:
    address = f"/history/acts/{act}/reason/"
    return client_of(name).post(address, {"words": words}, headers={"Accept-Language": "en", **headers})


def save_in_grid(name: str = "objektagare") -> str:
    """Saves a cell as the grid does; returns what its answer calls the act."""
    line = list_open()[0]
    cells = {"amount_1_ore": str(line.amount_1_ore // 100 + 7)}
    sent = {"changed": [{"line": str(line.lineage), "cells": cells, "was": {}}]}
    response = client_of(name).post(GRID, json.dumps(sent), content_type="application/json", headers={"X-Grid": "1"})
    assert response.status_code == 200
    act: str = response.json()["act"]
    return act


@pytest.mark.django_db
def test_reason_is_given_from_the_grid_and_stands_in_every_history_of_the_act() -> None:
    line = list_open()[0]
    act = save_in_grid()
    assert give("objektagare", act, "  The supplier's \n new price ", **{"X-Grid": "1"}).status_code == 204
    for address in (f"{DRAFT}history/", f"{SUB_BUDGET}history/", f"{SUB_BUDGET}lines/{line.lineage}/history/"):
        told = read(get_page("ekonom", address))
        assert told.count("Why: The supplier's new price") == 1, address
    body = get_page("ekonom", f"{SUB_BUDGET}history/", export="csv").content.decode("utf-8-sig")
    assert ";The supplier's new price;" in body


@pytest.mark.django_db
def test_reason_is_changed_and_taken_back_by_who_did_it_and_by_nobody_else() -> None:
    act = save_in_grid()
    assert give("ekonom", act, "not mine").status_code == 403
    assert give("objektagare", "00000000-0000-0000-0000-000000000000", "of nothing").status_code == 403
    assert give("objektagare", act, "first").status_code == 302
    assert give("objektagare", act, "second").status_code == 302
    assert ActReason.objects.get(act=act).words == "second"
    page = client_of("objektagare").get(f"/history/acts/{act}/reason/")
    assert page.status_code == 200 and "second" in page.content.decode()
    long = give("objektagare", act, "x" * 501)
    assert long.status_code == 422 and ActReason.objects.get(act=act).words == "second"
    assert give("objektagare", act, "y" * 501, **{"X-Grid": "1"}).status_code == 422
    assert give("objektagare", act, " ").status_code == 302 and not ActReason.objects.exists()
    assert f"/history/acts/{act}/reason/" in get_page("objektagare", f"{SUB_BUDGET}history/").content.decode()
    assert f"/history/acts/{act}/reason/" not in get_page("ekonom", f"{SUB_BUDGET}history/").content.decode()


def see_all(**query: str) -> str:
    """Reads the history of everything, as who looks after people; what stands below its form."""
    return read(get_page("administrator", "/history/", **query)).split("What was done, newest")[-1]


@pytest.mark.django_db
def test_reason_is_told_once_with_its_act_also_in_the_history_of_everything_and_of_the_person() -> None:
    act = save_in_grid()
    assert give("objektagare", act, "The supplier's new price").status_code == 302
    person = f"/people/{get_user('objektagare').uuid}/history/"
    for told in (see_all(), read(get_page("administrator", person)), see_all(who="objektagare")):
        assert told.count("The supplier's new price") == told.count("Why: The supplier's new price") == 1
        assert "wrote why" not in told and "reason for a change" not in told.split("What was done, newest")[-1]
    body = get_page("administrator", "/history/", export="csv", who="objektagare", what="update").content.decode()
    assert "The supplier's new price" in body and "wrote why" not in body


@pytest.mark.django_db
def test_earlier_words_of_a_reason_are_found_by_asking_for_reasons() -> None:
    act = save_in_grid()
    for words in ("first words", "second words", " "):
        assert give("objektagare", act, words).status_code == 302
    assert "first words" not in see_all() and "wrote why" not in see_all()
    told = see_all(thing="act_reason")
    assert "first words → second words" in told and told.count("wrote why") == 3 and "pasted" not in told


@pytest.mark.django_db
def test_nobody_is_asked_why_a_reason_was_given() -> None:
    act = save_in_grid("ekonom")
    assert give("ekonom", act, "dearer").status_code == 302
    given = events_of(ActReason).get().pgh_context_id
    assert give("ekonom", given, "why of why").status_code == 403
    page = get_page("ekonom", "/history/", thing="act_reason").content.decode()
    assert "dearer" in page and "/reason/" not in page


@pytest.mark.django_db
def test_nothing_saved_is_no_act_to_say_why_of() -> None:
    line = list_open()[0]
    cells = {"amount_1_ore": str(line.amount_1_ore // 100)}
    sent = {"changed": [{"line": str(line.lineage), "cells": cells, "was": {}}]}
    response = client_of("objektagare").post(
        GRID, json.dumps(sent), content_type="application/json", headers={"X-Grid": "1"}
    )
    assert response.json()["act"] == ""


def test_reason_given_later_leaves_what_is_sealed_as_it_is(committed: str) -> None:
    act = save_in_grid()
    seal()
    assert give("objektagare", act, "said later").status_code == 302
    seal()
    assert verify_history().faults == []


# Pages


def test_pages_lead_to_older_and_newer_acts_without_counting(committed: str) -> None:
    line = list_open()[0]
    for number in range(60):
        change_line(CostLine.objects.get(pk=line.pk), {"note": f"note {number}."}, by=get_user("ekonom"))
    address = f"{SUB_BUDGET}lines/{line.lineage}/history/"
    client = client_of("ekonom", "en")
    with CaptureQueriesContext(connection) as asked:
        first = client.get(address)
    assert "OFFSET" not in str(asked.captured_queries)
    shown = read(first)
    assert "note 59." in shown and "→ note 40." in shown and "→ note 39." not in shown
    assert "20 shown, there are more" in read(first) and "20 rows" not in read(first)
    second = client.get(address + link_of(first, "Older"))
    assert "→ note 39." in read(second) and "→ note 40." not in read(second)
    assert read(client.get(address + link_of(second, "Newer"))).count("→ note") == 20
    last = client.get(address + link_of(client.get(address + link_of(second, "Older")), "Older"))
    assert "copied forward" in read(last) and ">Older<" not in last.content.decode()
    assert len(load_page(tell_line(line.budget, line.lineage, get_user("ekonom")), Cursor(100)).acts) == 61


def link_of(page: Any, words: str) -> str:
    found = re.search(rf'href="([^"]*)">{words}<', page.content.decode())
    assert found, words
    return unescape(found[1])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["before", "after", "at", "since", "until", "who", "what", "thing", "page", "per_page", "sort", "next"]
)
def test_no_value_of_a_parameter_breaks_a_history(name: str) -> None:
    line = list_open()[0]
    person = f"/people/{get_user('ekonom').uuid}/history/"
    client = client_of("ekonom")
    addresses = (f"{DRAFT}history/", f"{SUB_BUDGET}history/", f"{SUB_BUDGET}lines/{line.lineage}/history/", person)
    for address, value in zip(cycle(addresses), BAD, strict=False):
        assert client.get(address, {name: value}).status_code == 200, (address, name, value)


@pytest.mark.django_db
def test_filter_is_folded_and_says_what_it_asks_for() -> None:
    page = get_page("ekonom", f"{DRAFT}history/", what="update", who="eva")
    assert "Filter: Who, name or email: eva; What was done: Changed" in read(page)
    assert "Filter: everything is shown" in read(get_page("ekonom", f"{DRAFT}history/"))
    bad = get_page("ekonom", f"{DRAFT}history/", since="yesterday").content.decode()
    assert re.search(r'<details class="as-table mb-4" open>', bad)


@pytest.mark.django_db
def test_the_newest_events_of_all_budgets_are_found_by_their_moment_however_many_there_are() -> None:
    newest = "SELECT pgh_created_at, count(*) FROM budgets_costlineevent GROUP BY 1 ORDER BY 1 DESC LIMIT 21"
    with connection.cursor() as cursor:
        # A table of thousands is scanned and sorted at once; where that is not to be had, the index shows.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_hashagg = off")
        cursor.execute(f"EXPLAIN {newest}")
        plan = " ".join(row[0] for row in cursor.fetchall())
    assert "cost_line_events_by_time" in plan
    assert "Sort" not in plan
