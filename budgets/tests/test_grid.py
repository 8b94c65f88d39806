"""Saving from the grid: all or nothing, what other people changed, and every bad cell in words."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied

from budgets.models import BudgetProduct, CostLine, EditStep
from budgets.selectors.grid import load_places
from budgets.services.grid.edits import Deletion, GridEdit, GridRefusedError, LineEdit, Move, NewLine, Saved
from budgets.services.grid.saving import save_edit
from budgets.services.lines import change_line, delete_line
from budgets.services.workflow import find_newest_event
from forecasts.selectors import sub_budgets_behind
from records.changes import events_of
from records.models import Provenance
from tests.cast import (
    ECONOMIST,
    MAY_EDIT,
    MAY_NOT_EDIT,
    OWNER,
    again,
    email_of,
    get_line,
    get_sub_budget,
    get_user,
    list_lines,
    list_open,
)

pytestmark = pytest.mark.django_db


def type_cells(line: CostLine, was: dict[str, str] | None = None, **cells: str) -> LineEdit:
    return LineEdit(line.lineage, cells, was or {}, line.edited_at)


def save(*edits: LineEdit, by: str = OWNER, **options: Any) -> Saved:
    return save_edit(get_sub_budget(), GridEdit(changed=edits, **options), by=get_user(by))


def refused(*edits: LineEdit, **options: Any) -> GridRefusedError:
    before, steps = list(CostLine.objects.order_by("pk").values()), EditStep.objects.count()
    with pytest.raises(GridRefusedError) as caught:
        save(*edits, **options)
    assert list(CostLine.objects.order_by("pk").values()) == before
    assert EditStep.objects.count() == steps
    return caught.value


def test_typed_cells_are_stored_in_one_step_by_one_update(django_assert_max_num_queries: Any) -> None:
    lines = list_open()
    sub_budget, by = get_sub_budget(), get_user(OWNER)
    edits = tuple(type_cells(line, amount_2_ore=f"{n} 000,50", note="a  b") for n, line in enumerate(lines, 1))
    with django_assert_max_num_queries(14):
        save_edit(sub_budget, GridEdit(changed=edits, action="paste"), by=by)
    assert [again(line).amount_2_ore for line in lines] == [n * 100_000 + 50 for n in range(1, len(lines) + 1)]
    assert {again(line).note for line in lines} == {"a b"}
    assert {again(line).provenance for line in lines} == {Provenance.ENTERED}
    step = EditStep.objects.get()
    assert (step.user, step.action, len(step.changes)) == (by, "paste", len(lines))
    assert sub_budgets_behind() == [sub_budget.pk]


def test_history_says_who_and_why() -> None:
    line = get_line()
    save(type_cells(line, amount_1_ore="5"))
    event = apps.get_model("budgets", "CostLineEvent")._default_manager.filter(lineage=line.lineage).latest("pgh_id")
    assert event.pgh_context == {"by": email_of(OWNER), "reason": "change_cost_lines"}
    assert event.amount_1_ore == 500


@pytest.mark.parametrize(
    "word",
    ["#REF!", "#REFERENS!", "#N/A", "#SAKNAS!", "#DIV/0!", "#DIVISION/0!", "#VALUE!", "#VÄRDEFEL!", "#NAME?", "#namn?",
     "#NUM!", "#OGILTIGT!", "########", "Err:502", "Fel:502"],
)  # fmt: skip
@pytest.mark.parametrize("name", ["text", "cost_kind", "quantity", "unit_price_ore", "amount_3_ore", "note"])
def test_error_of_a_spreadsheet_is_told_as_such_and_never_stored(name: str, word: str) -> None:
    (bad,) = refused(type_cells(get_line(), {}, **{name: f" {word} "})).bad
    assert (bad.field, bad.typed) == (name, f" {word} ")
    assert bad.reason.startswith(f"{word} ")


def test_error_in_a_sum_is_told_and_words_about_one_are_let_be() -> None:
    line = get_line()
    assert refused(type_cells(line, amount_1_ore="=12*#REF!")).bad[0].reason.startswith("#REF! ")
    save(type_cells(line, text="Server #1", note="Stod #REF! i arket"))
    assert (again(line).text, again(line).note) == ("Server #1", "Stod #REF! i arket")


def test_what_is_typed_as_it_stands_is_no_change() -> None:
    line = get_line()
    saved = save(type_cells(line, text=line.text, note=line.note))
    assert saved.changed == []
    assert not EditStep.objects.exists()
    assert sub_budgets_behind() == []


def test_note_and_text_leave_the_source_of_the_figures() -> None:
    line = get_line()
    CostLine.objects.filter(pk=line.pk).update(provenance="assumed")
    save(type_cells(again(line), note="kolla"))
    assert again(line).provenance == Provenance.ASSUMED
    save(type_cells(again(line), amount_1_ore="=1+1"))
    assert (again(line).provenance, again(line).amount_1_ore) == (Provenance.ENTERED, 200)


@pytest.mark.parametrize(("name", "slug"), sorted(MAY_EDIT))
def test_those_who_may_save(name: str, slug: str) -> None:
    line = get_line(slug)
    save_edit(get_sub_budget(slug), GridEdit(changed=(type_cells(line, note="x"),)), by=get_user(name))
    assert again(line).note == "x"


@pytest.mark.parametrize(("name", "slug"), MAY_NOT_EDIT)
def test_nobody_else_saves(name: str, slug: str) -> None:
    with pytest.raises(PermissionDenied):
        save_edit(get_sub_budget(slug), GridEdit(changed=(type_cells(get_line(slug), note="x"),)), by=get_user(name))


def test_adopted_budget_is_refused() -> None:
    line = get_line(budget="budget-2026")
    with pytest.raises(PermissionDenied):
        save_edit(
            get_sub_budget(budget="budget-2026"),
            GridEdit(changed=(type_cells(line, note="x"),)),
            by=get_user(ECONOMIST),
        )


# Bad cells

BAD = [
    ("amount_1_ore", "3.286", "kan läsas som tusental eller med decimaler"),
    ("amount_2_ore", "tolv", "är inget tal"),
    ("amount_3_ore", "1 000 000 000 000 000 000", "för stort"),
    ("amount_3_ore", "=10000000000*100000000", "för stort"),
    ("amount_1_ore", "=1/0", "delar med noll"),
    ("amount_1_ore", "=2*(3", "har en ( utan sin )"),
    ("amount_1_ore", "0,005", "högst 2 decimaler"),
    ("text", " ", "behöver en text"),
    ("text", "x" * 241, "241 tecken; högst 240"),
    ("note", "x" * 2001, "2001 tecken; högst 2000"),
    ("cost_kind", "hyra", "hyra är inget kostnadsslag"),
    ("cost_kind", "use_of_equity", "hör bara till grundanslaget"),
    ("quantity", "1,00001", "högst 4 decimaler"),
    ("quantity", "99999999999", "Skriv högst 9\u202f999\u202f999\u202f999,9999"),
    ("quantity", "5", "både antal och à-pris"),
    ("unit_price_ore", "5", "både antal och à-pris"),
]


@pytest.mark.parametrize(("name", "typed", "words"), BAD)
def test_bad_cell_is_told_with_its_reason_and_nothing_is_written(name: str, typed: str, words: str) -> None:
    first, second = list_lines()[:2]
    error = refused(type_cells(first, note="good"), LineEdit(second.lineage, {name: typed}, {}, second.edited_at))
    assert [(bad.line, bad.typed) for bad in error.bad] == [(second.lineage, typed)]
    assert error.bad[0].field == name
    assert words in error.bad[0].reason


def test_good_cells_are_taken_where_that_is_agreed() -> None:
    first, second = list_lines()[:2]
    save(type_cells(first, note="good", amount_1_ore="3.286"), type_cells(second, amount_2_ore="7"), partial=True)
    assert (again(first).note, again(first).amount_1_ore) == ("good", first.amount_1_ore)
    assert again(second).amount_2_ore == 700


def test_markup_is_stored_as_it_is_typed() -> None:
    line = get_line()
    save(type_cells(line, text="<script>alert(1)</script>", note="=HYPERLINK(1)"))
    assert (again(line).text, again(line).note) == ("<script>alert(1)</script>", "=HYPERLINK(1)")


# Quantity and price


def test_quantity_and_price_give_the_first_amount_and_an_amount_clears_both() -> None:
    line = get_line()
    save(type_cells(line, quantity="2,5", unit_price_ore="=100+1"))
    assert (again(line).quantity, again(line).amount_1_ore) == (Decimal("2.5"), 25_250)
    save(type_cells(again(line), quantity="3"))
    assert again(line).amount_1_ore == 30_300
    save(type_cells(again(line), amount_1_ore="7"))
    assert (again(line).quantity, again(line).unit_price_ore, again(line).amount_1_ore) == (None, None, 700)


def test_emptied_quantity_takes_the_price_with_it_and_leaves_the_amount() -> None:
    line = get_line()
    save(type_cells(line, quantity="2", unit_price_ore="10"))
    save(type_cells(again(line), quantity=""))
    assert (again(line).unit_price_ore, again(line).amount_1_ore) == (None, 2000)


def test_emptied_amount_is_zero_and_follows_quantity_and_price_where_there_are() -> None:
    line = get_line()
    save(type_cells(line, amount_1_ore="", amount_2_ore=" "))
    assert again(line).amounts[:2] == (0, 0)
    save(type_cells(again(line), quantity="2", unit_price_ore="10"))
    save(type_cells(again(line), amount_1_ore=""))
    assert (again(line).quantity, again(line).amount_1_ore) == (Decimal(2), 2000)


def test_use_of_equity_is_never_above_zero() -> None:
    line = CostLine.objects.filter(budget__slug="budget-2027", cost_kind="use_of_equity").earliest("pk")
    with pytest.raises(GridRefusedError) as caught:
        save_edit(
            get_sub_budget("grundanslag"),
            GridEdit(changed=(type_cells(line, amount_2_ore="1"),)),
            by=get_user(ECONOMIST),
        )
    assert [bad.field for bad in caught.value.bad] == ["amount_2_ore"]


def test_product_above_zero_is_no_use_of_equity_and_is_refused_with_its_factors() -> None:
    line = CostLine.objects.filter(budget__slug="budget-2027", cost_kind="use_of_equity").earliest("pk")
    edit = type_cells(line, quantity="2", unit_price_ore="5", note="good")
    with pytest.raises(GridRefusedError) as caught:
        save_edit(get_sub_budget("grundanslag"), GridEdit(changed=(edit,)), by=get_user(ECONOMIST))
    assert {bad.field: bad.typed for bad in caught.value.bad} == {
        "amount_1_ore": "", "quantity": "2", "unit_price_ore": "5"
    }  # fmt: skip
    save_edit(get_sub_budget("grundanslag"), GridEdit(changed=(edit,), partial=True), by=get_user(ECONOMIST))
    assert (again(line).note, again(line).quantity, again(line).amounts) == ("good", None, line.amounts)


# Two people


def test_cell_that_somebody_else_has_changed_is_shown_and_not_overwritten() -> None:
    line = get_line()
    change_line(line, {"amount_1_ore": 100}, by=get_user(ECONOMIST))
    error = refused(type_cells(line, {"amount_1_ore": str(line.amount_1_ore // 100)}, amount_1_ore="2"))
    (clash,) = error.clashes
    assert (clash.field, clash.typed, clash.line.amount_1_ore) == ("amount_1_ore", "2", 100)
    save(type_cells(again(line), amount_1_ore="2"))
    assert again(line).amount_1_ore == 200


def test_another_cell_of_the_same_line_is_saved_beside_somebody_elses() -> None:
    line = get_line()
    change_line(line, {"amount_1_ore": 100}, by=get_user(ECONOMIST))
    save(type_cells(line, {"note": line.note}, note="min"))
    assert (again(line).amount_1_ore, again(line).note) == (100, "min")


def test_same_request_sent_twice_is_saved_once() -> None:
    line = get_line()
    edit = type_cells(line, {"amount_1_ore": "1"}, amount_1_ore="5")
    save(edit)
    assert save(edit).changed == []
    assert EditStep.objects.count() == 1


def test_deleted_line_keeps_what_was_typed_for_its_author() -> None:
    line = get_line()
    edit = type_cells(line, amount_1_ore="5")
    delete_line(line, by=get_user(ECONOMIST))
    error = refused(edit)
    assert [(gone.line, gone.typed) for gone in error.gone] == [(edit.line, "5")]


def test_line_that_somebody_else_has_changed_is_not_deleted_unseen() -> None:
    line = get_line()
    change_line(line, {"amount_1_ore": 100}, by=get_user(ECONOMIST))
    edit = GridEdit(deleted=(Deletion(line.lineage, line.edited_at),), action="delete")
    with pytest.raises(GridRefusedError) as caught:
        save_edit(get_sub_budget(), edit, by=get_user(OWNER))
    assert [clash.field for clash in caught.value.clashes] == [""]
    assert CostLine.objects.filter(pk=line.pk).exists()


# Adding, moving and deleting


def order_of(product: BudgetProduct) -> list[uuid.UUID]:
    return list(CostLine.objects.filter(budget_product=product).values_list("lineage", flat=True))


def structure(**options: Any) -> Saved:
    return save_edit(get_sub_budget(), GridEdit(**options), by=get_user(OWNER))


def test_line_is_added_after_another_with_its_cells() -> None:
    line, new = get_line(), uuid.uuid4()
    before = order_of(line.budget_product)
    added = NewLine(new, line.budget_product.lineage, line.lineage, {"text": "Ny", "amount_1_ore": "5"})
    structure(added=(added,), action="add")
    at = before.index(line.lineage) + 1
    assert order_of(line.budget_product) == [*before[:at], new, *before[at:]]
    found = CostLine.objects.get(lineage=new)
    assert (found.text, found.amounts, found.cost_kind) == ("Ny", (500, 0, 0), "direct_cost")
    structure(added=(added,), action="add")
    assert CostLine.objects.filter(lineage=new).count() == 1


def test_history_tells_of_the_lines_that_are_added_moved_or_deleted_and_of_those_that_make_room_only() -> None:
    events = apps.get_model("budgets", "CostLineEvent")._default_manager

    def changed(**options: Any) -> set[uuid.UUID]:
        newest = events.latest("pgh_id").pgh_id
        structure(**options)
        return set(events.filter(pgh_id__gt=newest).values_list("lineage", flat=True))

    product = max((line.budget_product for line in list_lines()), key=lambda found: len(order_of(found)))
    first, *rest = before = order_of(product)
    assert len(rest) > 1
    end, between = uuid.uuid4(), uuid.uuid4()
    assert changed(added=(NewLine(end, product.lineage, before[-1], {"text": "Sist"}),), action="add") == {end}
    inserted = changed(added=(NewLine(between, product.lineage, first, {"text": "Mellan"}),), action="add")
    assert {between} <= inserted <= {between, first}
    assert order_of(product) == [first, between, *rest, end]
    assert changed(moved=(Move(first, product.lineage, end),), action="move") == {first}
    assert changed(deleted=(Deletion(between),), action="delete") == {between}
    assert order_of(product) == [*rest, end, first]


def test_copied_line_holds_what_its_source_does() -> None:
    line, new = get_line(), uuid.uuid4()
    structure(added=(NewLine(new, line.budget_product.lineage, line.lineage, {}, line.lineage),), action="copy")
    found = CostLine.objects.get(lineage=new)
    assert (found.text, found.amounts, found.note) == (line.text, line.amounts, line.note)


def test_line_is_moved_to_another_product_and_within_one() -> None:
    line = get_line()
    other = BudgetProduct.objects.filter(sub_budget=get_sub_budget()).exclude(pk=line.budget_product_id)[0]
    last = order_of(other)[-1]
    structure(moved=(Move(line.lineage, other.lineage, last),), action="move")
    assert order_of(other)[-1] == line.lineage
    structure(moved=(Move(line.lineage, other.lineage, None),), action="move")
    assert order_of(other)[0] == line.lineage
    assert again(line).amounts == line.amounts


def test_lines_are_deleted_together() -> None:
    lines = list_open()[:3]
    saved = structure(deleted=tuple(Deletion(line.lineage, line.edited_at) for line in lines), action="delete")
    assert set(saved.gone) == {line.lineage for line in lines}
    assert not CostLine.objects.filter(pk__in=[line.pk for line in lines]).exists()


@pytest.mark.parametrize("how", ["add", "move"])
def test_removed_product_is_told(how: str) -> None:
    line, gone = get_line(), uuid.uuid4()
    edit: dict[str, Any] = (
        {"added": (NewLine(uuid.uuid4(), gone),)} if how == "add" else {"moved": (Move(line.lineage, gone, None),)}
    )
    with pytest.raises(GridRefusedError) as caught:
        structure(**edit, action=how)
    assert "produkt" in caught.value.gone[0].reason.lower() or "product" in caught.value.gone[0].reason.lower()


@pytest.mark.parametrize("place", ["first", "second", "last but one", "last"])
def test_a_new_line_moves_only_the_fewer_of_those_before_and_behind_it(place: str) -> None:
    product = max((line.budget_product for line in list_lines()), key=lambda found: len(order_of(found)))
    order = load_places(get_sub_budget())[product.lineage]
    at = {"first": 0, "second": 1, "last but one": len(order) - 1, "last": len(order)}[place]
    mark, new = find_newest_event(), uuid.uuid4()
    added = NewLine(new, product.lineage, after=order[at - 1] if at else None)
    save_edit(get_sub_budget(), GridEdit(added=(added,), action="add"), by=get_user(OWNER))
    assert load_places(get_sub_budget())[product.lineage] == [*order[:at], new, *order[at:]]
    told = events_of(CostLine).filter(pgh_id__gt=mark).exclude(lineage=new)
    assert told.count() <= min(at, len(order) - at)
