"""Lines that are not typed, as pages show them: closed cells, the line's form, and what changes several leaves alone."""

from __future__ import annotations

import pytest
from django.urls import reverse

from budgets.models import CostLine
from desk.tests.test_grid_views import address, change, post
from desk.tests.test_spreading import spread_of
from desk.tests.test_tables import PAGE, row_of
from records.changes import events_of
from tests.cast import DRAFT, ECONOMIST, OWN, OWNER, again, client_of, list_copies, list_lines, list_open
from tests.grid_form import as_posted

pytestmark = pytest.mark.django_db

CLOSED = {"cost_kind", "quantity", "unit_price_ore", "amount_1_ore", "amount_2_ore", "amount_3_ore"}
RAISED = {"scope": "all", "kind": "", "years": ["0"], "how": "percent", "value": "10"}


def page_of(line: CostLine, name: str = "edit_line") -> str:
    return reverse(f"budgets:{name}", args=[DRAFT, OWN, line.lineage])


def make_calculated(line: CostLine) -> CostLine:
    CostLine.objects.filter(pk=line.pk).update(provenance="calculated", is_calculated=True)
    return again(line)


def shown_closed(by: str, line: CostLine) -> tuple[set[str], bool]:
    """The cells of a row that are read only, and whether the line's own page offers to delete it."""
    html = client_of(by).get(PAGE).content.decode()
    row = row_of(html, line)
    assert (f'class="line fixed" id=line-{line.lineage}' in html) == ("readonly" in row.inputs["amount_1_ore"])
    can_delete = (
        reverse("budgets:delete_line", args=[DRAFT, OWN, line.lineage])
        in client_of(by).get(page_of(line)).content.decode()
    )
    return {name for name, own in row.inputs.items() if "readonly" in own}, can_delete


def test_copy_is_drawn_closed_for_the_owner_and_open_for_the_economist() -> None:
    line = list_copies()[0]
    assert shown_closed(OWNER, line) == (CLOSED, False)
    assert shown_closed(ECONOMIST, line) == (set(), True)
    assert shown_closed(OWNER, list_open()[0]) == (set(), True)


def test_what_is_calculated_is_drawn_closed_for_everybody() -> None:
    line = make_calculated(list_open()[0])
    for by in (OWNER, ECONOMIST):
        assert shown_closed(by, line) == (CLOSED, False)


def test_row_that_is_drawn_anew_stays_closed_and_an_answer_says_whether_it_is() -> None:
    line, client = list_copies()[0], client_of(OWNER)
    moved = {"line": str(line.lineage), "product": str(line.budget_product.lineage), "after": None}
    other = next(row for row in list_open() if row.budget_product_id == line.budget_product_id)
    post(client, {"action": "move", "moved": [moved | {"after": str(other.lineage)}]})
    (row,) = post(client, {"action": "move", "moved": [moved]}).json()["rows"]
    assert row["html"].count(" readonly") == len(CLOSED)
    noted = post(client, change(again(line), note="skäl")).json()
    assert noted["lines"][str(line.lineage)]["closed"] is True
    typed = post(client_of(ECONOMIST), change(again(line), amount_1_ore="7")).json()
    assert typed["lines"][str(line.lineage)]["closed"] is False


def test_closed_cell_of_a_request_is_told_at_its_place() -> None:
    answer = post(client_of(OWNER), change(list_copies()[0], amount_1_ore="7"))
    (bad,) = answer.json()["bad"]
    assert (answer.status_code, bad["place"], bad["typed"]) == (422, "2027", "7")
    assert "ekonomen" in bad["reason"]


def test_form_of_a_closed_line_says_why_and_saves_the_note() -> None:
    line, client = list_copies()[0], client_of(OWNER)
    answer = client.get(page_of(line))
    assert {name for name, field in answer.context["form"].fields.items() if field.disabled} == CLOSED
    assert "bara ekonomen" in answer.content.decode()
    posted = {"text": line.text, "note": "skäl", "seen": line.edited_at.isoformat()}
    assert client.post(page_of(line), posted | {"amount_1_ore": "7"}).status_code == 302
    assert (again(line).note, again(line).amounts, again(line).provenance) == ("skäl", line.amounts, "copied")
    assert not client_of(ECONOMIST).get(page_of(line)).context["form"].closed


def test_form_that_was_closed_when_it_was_shown_changes_no_figure_that_is_open_by_now() -> None:
    line, client = list_copies()[0], client_of(OWNER)
    posted = {"text": line.text, "note": "skäl", "seen": line.edited_at.isoformat()}
    post(client_of(ECONOMIST), change(line, amount_1_ore="7"))
    answer = client.post(page_of(line), posted)
    assert (answer.status_code, answer.context["is_stale"]) == (422, True)
    assert client.post(page_of(line), posted | {"seen": again(line).edited_at.isoformat()}).status_code == 302
    assert (again(line).note, again(line).amount_1_ore) == ("skäl", 700)


def test_closed_line_is_not_deleted_on_its_page_which_says_why() -> None:
    line, client = list_copies()[0], client_of(OWNER)
    asked = client.get(page_of(line, "delete_line")).content.decode()
    assert "bara ekonomen" in asked
    assert "btn-danger" not in asked
    assert client.post(page_of(line, "delete_line"), {"seen": line.edited_at.isoformat()}).status_code == 422
    assert CostLine.objects.filter(pk=line.pk).exists()


@pytest.mark.parametrize("by", [OWNER, ECONOMIST])
def test_change_of_several_leaves_closed_lines_and_says_how_many(by: str) -> None:
    client, calculated = client_of(by), make_calculated(list_open()[0])
    lines, copies = list_lines(), {line.pk for line in list_copies()}
    closed = {line.pk for line in lines if line.is_calculated or (by == OWNER and line.pk in copies)}
    assert calculated.pk in closed
    shown = client.post(address("change_many"), RAISED | {"preview": "1"})
    assert shown.context["untouched"][0].startswith(f"{len(closed)} beräknad")
    assert shown.context["plan"].before[0] == sum(line.amount_1_ore for line in lines)
    client.post(address("change_many"), RAISED | {"apply": "1", "shown": shown.context["shown"]})
    same = {line.pk for line in lines if again(line).amount_1_ore == line.amount_1_ore and line.amount_1_ore}
    assert same == closed
    assert sum(again(line).amount_1_ore for line in lines) == shown.context["plan"].after[0]


def test_new_sum_is_spread_beside_the_copies_and_says_so() -> None:
    client, copies = client_of(OWNER), [*list_copies(), *(line for line in list_lines() if line.is_calculated)]
    shown = client.post(address("spread"), spread_of("20 000 000"))
    assert [line.pk for line, _before, _after in shown.context["plan"].rows] == [line.pk for line in list_open()]
    assert shown.context["untouched"] == [f"{len(copies)} beräknade rader behåller sina belopp."]
    client.post(address("spread"), spread_of("20 000 000", apply="1", shown=shown.context["shown"]))
    assert [again(line).amounts for line in copies] == [line.amounts for line in copies]
    assert sum(line.amount_1_ore for line in list_lines()) == 2_000_000_000


def test_sum_of_closed_lines_only_is_refused_in_words() -> None:
    visible = ",".join(str(line.lineage) for line in list_copies())
    answer = client_of(OWNER).post(address("spread"), spread_of("1", visible=visible))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["scope"])


def test_form_without_script_sends_closed_cells_as_they_are() -> None:
    line, client = list_copies()[0], client_of(OWNER)
    inputs = row_of(client.get(PAGE).content.decode(), line).inputs
    page = client.get(PAGE).context["grid"]
    posted = {f"{line.lineage}:{name}": own.get("value") or "" for name, own in inputs.items()} | {
        "mark": str(page["mark"])
    }
    answer = client.post(address(), as_posted(posted | {f"{line.lineage}:note": "skäl"}))
    assert (answer.status_code, again(line).note) == (302, "skäl")
    assert again(line).amounts == line.amounts


def test_earlier_figures_of_a_closed_line_are_not_restored_which_is_said() -> None:
    line, economist, owner = list_copies()[0], client_of(ECONOMIST), client_of(OWNER)
    post(economist, change(line, amount_1_ore="7"))
    event = events_of(CostLine).filter(lineage=line.lineage, amount_1_ore=700).latest("pgh_id")
    post(economist, {}, "undo_step")
    restore = reverse("reports:restore_values", args=[DRAFT, OWN, line.lineage, event.pgh_id])
    answer = owner.post(restore, {"seen": again(line).edited_at.isoformat()}, follow=True)
    assert "bara ekonomen" in answer.content.decode()
    assert again(line).amounts == line.amounts
