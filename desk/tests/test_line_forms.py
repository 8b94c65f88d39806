"""What works without script: the pages of one line, and the table as one form."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from budgets.models import Action, CostLine, EditStep, SubBudget
from budgets.selectors.grid import load_places
from budgets.services.collaboration import add_comment
from budgets.services.grid.undoing import undo_step
from budgets.services.lines import change_line, delete_line
from budgets.services.workflow import take_step
from engine.years import AMOUNTS
from records.services.stale import StaleError
from tests.cast import (
    ECONOMIST,
    GROUP,
    OUTSIDER,
    OWN,
    OWNER,
    client_of,
    get_line,
    get_sub_budget,
    get_user,
    list_lines,
    list_open,
)
from tests.grid_form import as_posted, read_cells
from web.numbers import format_quantity, format_sek

pytestmark = pytest.mark.django_db


def page(line: CostLine, name: str = "edit_line") -> str:
    return reverse(f"budgets:{name}", args=["budget-2027", OWN, line.lineage])


def exists(line: CostLine) -> bool:
    return CostLine.objects.filter(pk=line.pk).exists()


# Deleting


def test_line_that_was_changed_meanwhile_is_not_deleted_unseen() -> None:
    line, client = get_line(), client_of(OWNER)
    asked = client.get(page(line, "delete_line"))
    assert f'name="seen" value="{line.edited_at.isoformat()}"' in asked.content.decode()
    changed = change_line(line, {"amount_1_ore": 77_700_000}, by=get_user(ECONOMIST))
    answer = client.post(page(line, "delete_line"), {"seen": line.edited_at.isoformat()})
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "777 tkr" in shown.replace("\u202f", " ")
    assert "Ta bort den ändå" in shown
    assert exists(line)
    assert client.post(page(line, "delete_line"), {"seen": changed.edited_at.isoformat()}).status_code == 302
    assert not exists(line)
    undo_step(get_sub_budget(), by=get_user(OWNER))
    assert CostLine.objects.get(lineage=line.lineage, budget=line.budget).amount_1_ore == 77_700_000


def test_refused_deletion_is_put_in_the_row_that_asked() -> None:
    line, client = get_line(), client_of(OWNER)
    posted = {"seen": "2020-01-01T00:00:00+00:00"}
    answer = client.post(page(line, "delete_line"), posted, headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Retarget"]) == (422, f"#form-{line.lineage}")


def test_deleting_what_is_gone_leaves_no_step_behind() -> None:
    line, by = get_line(), get_user(OWNER)
    twice = CostLine.objects.select_related("budget_product__sub_budget__budget").get(pk=line.pk)
    delete_line(line, by=get_user(ECONOMIST))
    with pytest.raises(CostLine.DoesNotExist):
        delete_line(twice, by=by)
    assert not EditStep.objects.filter(user=by).exists()
    assert client_of(OWNER).post(page(twice, "delete_line")).status_code == 404


def test_deletion_keeps_the_line_as_it_is_under_the_lock() -> None:
    line, by = get_line(), get_user(OWNER)
    stale = CostLine.objects.select_related("budget_product__sub_budget__budget").get(pk=line.pk)
    change_line(line, {"note": "nyare"}, by=get_user(ECONOMIST))
    with pytest.raises(StaleError):
        delete_line(stale, by=by, seen=stale.edited_at)
    delete_line(stale, by=by)
    assert EditStep.objects.get(user=by).changes[0]["before"]["note"] == "nyare"


# The form of one line


def post_line(line: CostLine, **typed: str) -> Any:
    shown = {"text": line.text, "cost_kind": line.cost_kind, "seen": line.edited_at.isoformat(), "note": line.note}
    shown |= {"quantity": format_quantity(line.quantity)} if line.quantity is not None else {}
    ore = ("unit_price_ore", *AMOUNTS)
    shown |= {name: format_sek(getattr(line, name)) for name in ore if getattr(line, name) is not None}
    return client_of(OWNER).post(page(line), shown | typed)


def again(line: CostLine) -> CostLine:
    return CostLine.objects.get(pk=line.pk)


def test_form_yields_as_the_grid_does() -> None:
    line = get_line()
    assert post_line(line, quantity="2,5", unit_price_ore="101", amount_1_ore="").status_code == 302
    assert (again(line).quantity, again(line).amount_1_ore) == (Decimal("2.5"), 25_250)
    post_line(again(line), quantity="3")
    assert again(line).amount_1_ore == 30_300
    post_line(again(line), quantity="")
    assert (again(line).quantity, again(line).unit_price_ore, again(line).amount_1_ore) == (None, None, 30_300)
    post_line(again(line), quantity="2", unit_price_ore="5")
    post_line(again(line), amount_1_ore="7")
    assert (again(line).unit_price_ore, again(line).amount_1_ore) == (None, 700)


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"quantity": "2"}, ["quantity"]),
        ({"amount_1_ore": ""}, ["amount_1_ore"]),
        ({"quantity": "2", "unit_price_ore": "5", "amount_1_ore": "11"}, ["amount_1_ore"]),
        ({"quantity": "1000000000", "unit_price_ore": "1000000000"}, ["quantity", "unit_price_ore"]),
    ],
)
def test_form_tells_what_does_not_go_together_at_its_fields(typed: dict[str, str], fields: list[str]) -> None:
    line = get_line()
    answer = post_line(line, **typed)
    assert (answer.status_code, sorted(answer.context["form"].errors)) == (422, fields)
    assert again(line).amounts == line.amounts


def test_form_saved_untouched_is_no_step() -> None:
    line = get_line()
    CostLine.objects.filter(pk=line.pk).update(provenance="entered")
    assert post_line(again(line)).status_code == 302
    assert not EditStep.objects.exists()


# Copying and moving


def place(line: CostLine, name: str = OWNER, **posted: str) -> Any:
    return client_of(name).post(page(line, "place_line"), posted)


def order_now(line: CostLine) -> list[UUID]:
    return load_places(get_sub_budget())[line.budget_product.lineage]


def middle_line() -> CostLine:
    """A line with one above and one below it."""
    lines = list_lines()
    product = next(line.budget_product_id for line in lines if len(order_now(line)) > 2)
    return [line for line in lines if line.budget_product_id == product][1]


def test_line_is_copied_below_itself_once_though_sent_twice() -> None:
    line, client = middle_line(), client_of(OWNER)
    before = order_now(line)
    new = str(client.get(page(line)).context["place_form"]["new"].value())
    for _time in range(2):
        answer = client.post(page(line, "place_line"), {"act": "copy", "new": new})
    copy = CostLine.objects.get(lineage=new)
    assert order_now(line) == [before[0], line.lineage, copy.lineage, *before[2:]]
    assert (copy.text, copy.amounts, copy.note) == (line.text, line.amounts, line.note)
    assert answer.status_code == 302
    assert EditStep.objects.get().action == "copy"
    undo_step(get_sub_budget(), by=get_user(OWNER))
    assert order_now(line) == before


def test_line_is_moved_up_and_down_and_no_further_than_the_ends() -> None:
    line = middle_line()
    first, own, *rest = order_now(line)
    assert place(line, act="up").headers["Location"].endswith(f"#line-{own}")
    assert order_now(line) == [own, first, *rest]
    place(line, act="up")
    assert order_now(line) == [own, first, *rest]
    for at in range(1, len(rest) + 3):
        place(line, act="down")
        there = order_now(line)
        assert there.index(own) == min(at, len(there) - 1)
        assert [other for other in there if other != own] == [first, *rest]
    undo_step(get_sub_budget(), by=get_user(OWNER))
    assert order_now(line)[-2] == own


def test_line_is_moved_last_in_another_product() -> None:
    line = middle_line()
    other = get_sub_budget().budget_products.exclude(pk=line.budget_product_id).earliest("pk")
    before = load_places(get_sub_budget()).get(other.lineage, [])
    shown = client_of(OWNER).get(page(line)).content.decode()
    assert f'<option value="{other.lineage}">{other.name}</option>' in shown
    assert place(line, act="to", to=str(other.lineage)).status_code == 302
    assert load_places(get_sub_budget())[other.lineage] == [*before, line.lineage]
    assert line.lineage not in order_now(line)


@pytest.mark.parametrize(
    "wrong", [{}, {"act": "steal"}, {"act": "to"}, {"act": "to", "to": "x"}, {"act": "copy", "new": "x"}]
)
def test_place_that_cannot_be_read_is_told_on_the_lines_page(wrong: dict[str, str]) -> None:
    line = middle_line()
    before = order_now(line)
    answer = place(line, **wrong)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert order_now(line) == before


def test_product_of_another_sub_budget_is_no_place() -> None:
    line, other = middle_line(), get_line("klient").budget_product
    assert place(line, act="to", to=str(other.lineage)).status_code == 422


def test_only_those_who_may_edit_copy_and_move() -> None:
    line = middle_line()
    assert Client().post(page(line, "place_line"), {"act": "up"}).status_code == 401
    assert place(line, GROUP, act="up").status_code == 403
    assert place(line, OUTSIDER, act="up").status_code == 404
    SubBudget.objects.filter(pk=get_sub_budget().pk).update(status="submitted")
    assert place(line, act="up").status_code == 403


# The table as one form


def whole_form(client: Client, **typed: str) -> dict[str, str]:
    """Everything that the page's form posts without script."""
    html = client.get(sheet()).content.decode()
    (mark,) = re.findall(r'name="mark" value="([^"]*)"', html)
    return {"mark": mark, **read_cells(html)} | typed


def sheet(name: str = "sub_budget") -> str:
    return reverse(f"budgets:{name}", args=["budget-2027", OWN])


def test_cell_that_its_author_never_touched_neither_clashes_nor_comes_back() -> None:
    client = client_of(OWNER)
    first, second = list_open()[:2]
    posted = whole_form(client)
    change_line(first, {"amount_2_ore": 12_300, "note": "deras"}, by=get_user(ECONOMIST))
    posted |= {f"{first.lineage}:amount_3_ore": "45 000", f"{second.lineage}:text": "Mina ord"}
    assert client.post(sheet("grid"), as_posted(posted)).status_code == 302
    saved = CostLine.objects.get(pk=first.pk)
    assert (saved.amount_2_ore, saved.amount_3_ore, saved.note) == (12_300, 4_500_000, "deras")
    assert CostLine.objects.get(pk=second.pk).text == "Mina ord"
    step = EditStep.objects.filter(user=get_user(OWNER)).get()
    assert [sorted(change["after"]) for change in step.changes] == [["amount_3_ore", "index_provenance"], ["text"]]


def test_a_clock_that_goes_back_loses_nothing_of_what_somebody_else_saved(monkeypatch: pytest.MonkeyPatch) -> None:
    client, first = client_of(OWNER), list_open()[0]
    posted = whole_form(client) | {f"{first.lineage}:amount_3_ore": "40000"}
    back = first.edited_at - timedelta(days=1)
    with monkeypatch.context() as clock:
        clock.setattr("budgets.services.grid.sheet.timezone.now", lambda: back)
        change_line(first, {"amount_2_ore": 12_300}, by=get_user(ECONOMIST))
    assert client.post(sheet("grid"), as_posted(posted)).status_code == 302
    saved = CostLine.objects.get(pk=first.pk)
    assert (saved.amount_2_ore, saved.amount_3_ore) == (12_300, 4_000_000)


def test_saving_again_after_a_clash_keeps_mine_and_leaves_theirs_beside_it() -> None:
    client, first = client_of(OWNER), list_open()[0]
    posted = whole_form(client) | {f"{first.lineage}:note": "mitt"}
    change_line(first, {"note": "deras", "amount_2_ore": 12_300}, by=get_user(ECONOMIST))
    answer = client.post(sheet("grid"), as_posted(posted))
    html = answer.content.decode()
    assert (answer.status_code, html.count('aria-invalid="true"')) == (422, 1)
    (mark,) = re.findall(r'name="mark" value="([^"]*)"', html)
    again = {"mark": mark} | read_cells(html)
    assert again[f"{first.lineage}:note"] == "mitt"
    assert client.post(sheet("grid"), as_posted(again)).status_code == 302
    saved = CostLine.objects.get(pk=first.pk)
    assert (saved.note, saved.amount_2_ore) == ("mitt", 12_300)


def test_what_was_typed_in_a_line_deleted_meanwhile_is_told_and_the_rest_can_be_saved() -> None:
    client = client_of(OWNER)
    first, second = list_open()[:2]
    posted = whole_form(client) | {f"{first.lineage}:note": "viktigt", f"{second.lineage}:note": "kvar"}
    change_line(first, {"amount_2_ore": 12_300}, by=get_user(ECONOMIST))
    delete_line(CostLine.objects.get(pk=first.pk), by=get_user(ECONOMIST))
    answer = client.post(sheet("grid"), as_posted(posted))
    html = answer.content.decode()
    assert answer.status_code == 422
    (told,) = answer.context["gone"]
    assert "Eva Ekonom" in told
    assert first.text in told
    assert "viktigt" in told
    assert "12\u202f300" not in told
    assert read_cells(html)[f"{second.lineage}:note"] == "kvar"
    again = {key: typed for key, typed in posted.items() if not key.startswith(str(first.lineage))}
    assert client.post(sheet("grid"), as_posted(again)).status_code == 302
    assert CostLine.objects.get(pk=second.pk).note == "kvar"


def test_line_deleted_meanwhile_is_no_matter_to_one_who_wrote_nothing_in_it() -> None:
    client = client_of(OWNER)
    first, second = list_open()[:2]
    posted = whole_form(client) | {f"{second.lineage}:note": "kvar"}
    delete_line(first, by=get_user(ECONOMIST))
    assert client.post(sheet("grid"), as_posted(posted)).status_code == 302
    assert CostLine.objects.get(pk=second.pk).note == "kvar"
    assert not exists(first)


def test_row_with_a_new_place_keeps_its_comments_and_the_reviewers_mark() -> None:
    line, group = middle_line(), client_of(GROUP)
    add_comment(get_sub_budget(), text="Varför?", about=line.lineage, by=get_user(OWNER))
    take_step(get_sub_budget(), Action.SUBMIT, by=get_user(OWNER))
    change_line(line, {"note": "rättat"}, by=get_user(GROUP))
    move = {"line": str(line.lineage), "product": str(line.budget_product.lineage), "after": None}
    answer = group.post(
        sheet("grid"), {"action": "move", "moved": [move]}, content_type="application/json", headers={"X-Grid": "1"}
    )
    (row,) = answer.json()["rows"]
    assert f"comments/?about={line.lineage}" in row["html"]
    assert 'href="#corrections"' in row["html"]
