"""History pages: a figure's story in words, two moments compared, earlier values restored; no more than the page shows."""

from __future__ import annotations

import csv
import re
from datetime import timedelta
from decimal import Decimal
from html import unescape
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext, override
from openpyxl import load_workbook

from budgets.models import Budget, BudgetProduct, CostLine, SubBudget
from budgets.services.line_history import return_line
from budgets.services.lines import add_line, change_line, delete_line
from history.stories import tell_line
from itsam.demo.people import PEOPLE
from records.reasons import Reason
from records.services import change
from records.services.stale import StaleError
from tests.cast import change_as_before, client_of, count_queries, get_page, get_user

pytestmark = pytest.mark.django_db
DRAFT, ADOPTED = "/budgets/budget-2027/", "/budgets/budget-2026/"
SUB_BUDGET = f"{DRAFT}sub-budgets/socialtjanst/"


def read(response: Any) -> str:
    """The page's words."""
    main = response.content.decode().split("<main")[1]
    text = unescape(strip_tags(re.sub("</(?=[tpl])", " </", main)))
    return re.sub(r"\s+", " ", text)


def product() -> BudgetProduct:
    found: BudgetProduct = BudgetProduct.objects.filter(
        sub_budget__budget__slug="budget-2027", sub_budget__slug="socialtjanst"
    ).earliest("pk")
    return found


def new_line(**values: Any) -> CostLine:
    given = {"text": "Licence", "cost_kind": "direct_cost", "amount_1_ore": 114_200_000, **values}
    return add_line(product(), given, by=get_user("objektagare"))


def address_of(line: CostLine) -> str:
    return f"{SUB_BUDGET}lines/{line.lineage}/history/"


# The story


def test_figure_tells_old_and_new_value_who_and_why() -> None:
    line = new_line()
    with change(by="ekonom@demo.example", reason=Reason.SAID, words="the supplier's new price"):
        CostLine.objects.filter(pk=line.pk).update(amount_1_ore=118_000_000)
    told = read(get_page("objektagare", address_of(line)))
    assert "Eva Ekonom changed “Licence” (cost line) Why: the supplier's new price" in told
    assert "Amount 2027, SEK: 1 142 000 → 1 180 000" in told
    assert (
        "Olivia Objektägare added the line “Licence” Added: Cost kind: Direct cost; Amount 2027, SEK: 1 142 000" in told
    )


def test_story_is_in_the_readers_language() -> None:
    line = new_line()
    change_line(line, {"cost_kind": "interest", "note": "ny"}, by=get_user("ekonom"))
    told = read(get_page("objektagare", address_of(line), "sv"))
    with override("sv"):
        assert f"{gettext('Direct cost')} → {gettext('Interest')}" in told
        assert gettext("Direct cost") != "Direct cost"


def test_every_kind_of_field_is_shown_as_people_read_it() -> None:
    line = new_line()
    values = {"quantity": Decimal("2.5"), "unit_price_ore": 10_000, "amount_2_ore": -5_050, "note": "x" * 500}
    change_line(line, values, by=get_user("ekonom"))
    told = read(get_page("ekonom", address_of(line)))
    assert "Quantity: – → 2.5" in told
    assert "Unit price, SEK: – → 100" in told
    assert "Amount 2028, SEK: 0 → −50.50" in told
    assert "Note: – → xxx" in told and "x" * 400 not in told
    assert "edited" not in told.lower()


def test_deleted_line_keeps_its_story_and_says_that_it_is_gone() -> None:
    line = new_line()
    delete_line(line, by=get_user("objektagare"))
    page = get_page("objektagare", address_of(line))
    told = read(page)
    assert page.status_code == 200
    assert "This line is deleted" in told and "Deleted: Cost kind: Direct cost; Amount 2027, SEK: 1 142 000" in told


def test_text_of_a_line_is_never_markup() -> None:
    line = new_line(text="<script>alert(1)</script>", note="<b>x</b>")
    with change(by="<i>me</i>", reason=Reason.SAID, words="<img src=x>{0} %(who)s"):
        CostLine.objects.filter(pk=line.pk).update(note="<u>y</u>")
    for address in (address_of(line), f"{SUB_BUDGET}history/", f"{DRAFT}history/"):
        page = get_page("ekonom", address).content.decode()
        assert "<script>alert" not in page and "<img src=x>" not in page and "<u>y" not in page and "<i>me" not in page
        assert "&lt;img src=x&gt;{0} %(who)s" in page


def test_sub_budget_and_budget_tell_of_lines_products_and_themselves() -> None:
    line = new_line(text="A new licence")
    SubBudget.objects.filter(slug="socialtjanst", budget__slug="budget-2027").update(status="submitted")
    BudgetProduct.objects.filter(pk=product().pk).update(name="Another name")
    Budget.objects.filter(slug="budget-2027").update(due_on="2027-01-31")
    for address in (f"{SUB_BUDGET}history/", f"{DRAFT}history/"):
        told = read(get_page("ekonom", address))
        assert "A new licence" in told and "→ Another name" in told and "Status: draft → submitted" in told
        assert address_of(line) in get_page("ekonom", address).content.decode()
    assert "Due: 2026-12-04 → 2027-01-31" in read(get_page("ekonom", f"{DRAFT}history/"))
    other = read(get_page("ekonom", f"{DRAFT}sub-budgets/klient/history/"))
    assert "A new licence" not in other


def test_program_and_administration_are_named_as_such() -> None:
    line = new_line()
    with change_as_before(by="ekonom@demo.example", reason="POST /admin/budgets/costline/1/change/"):
        CostLine.objects.filter(pk=line.pk).update(text="a")
    with change_as_before(by="gone@example.org", reason="POST /budgets/budget-2027/"):
        CostLine.objects.filter(pk=line.pk).update(text="b")
    told = read(get_page("ekonom", address_of(line)))
    assert "Eva Ekonom changed “a” (cost line) in the administration" in told
    assert "Gone@example.org changed “b” (cost line)" in told
    assert "Licence → a" in told and "a → b" in told and "POST" not in told
    assert "The system (demo) loaded the demo" in read(get_page("ekonom", f"{ADOPTED}history/"))


# Narrowed, in pages, as files


def test_story_is_narrowed_by_day_person_and_what() -> None:
    line = new_line()
    change_line(line, {"note": "changed"}, by=get_user("ekonom"))
    today, tomorrow = timezone.localdate(), timezone.localdate() + timedelta(days=1)
    address = address_of(line)
    assert "No change matches" in read(get_page("ekonom", address, since=tomorrow.isoformat()))
    assert "No change matches" in read(get_page("ekonom", address, until=(today - timedelta(days=1)).isoformat()))
    assert "→ changed" in read(get_page("ekonom", address, since=today.isoformat(), until=today.isoformat()))
    by_owner = read(get_page("ekonom", address, who="olivia"))
    assert "added the line" in by_owner and "→ changed" not in by_owner
    assert "→ changed" in read(get_page("ekonom", address, who="EKONOM@demo"))
    assert "→ changed" not in read(get_page("ekonom", address, what="insert"))
    assert (
        "Licence"
        not in read(get_page("ekonom", f"{SUB_BUDGET}history/", thing="product")).split("What was done, newest")[-1]
    )


@pytest.mark.parametrize(
    "query",
    [
        {"since": "yesterday"},
        {"what": "x"},
        {"since": "2026-02-02", "until": "2026-01-01"},
        {"thing": "x"},
        {"until": "9999-12-31"},
        {"since": "0001-01-01"},
    ],
)
def test_filter_that_cannot_be_followed_says_why_and_shows_nothing(query: dict[str, str]) -> None:
    page = get_page("ekonom", f"{DRAFT}history/", **query)
    assert page.status_code == 200
    assert "to correct" in read(page) and "by Eva" not in read(page)


def test_an_act_of_many_rows_is_one_entry_and_a_row_more_costs_no_query() -> None:
    address = f"{SUB_BUDGET}history/"
    client = client_of("ekonom")
    new_line()
    few = count_queries(client, address)
    with change(by="ekonom@demo.example", reason=Reason.PASTE_INTO_COST_LINES):
        CostLine.objects.bulk_create(
            CostLine(
                budget=product().budget, budget_product=product(), text=f"Rad {n}", cost_kind="direct_cost",
                amount_1_ore=1_000_00, amount_3_ore=50_00,
            )
            for n in range(120)
        )  # fmt: skip
    assert count_queries(client, address) == few
    told = read(client.get(address, headers={"Accept-Language": "en"}))
    assert told.count("Eva Ekonom pasted 120 lines") == 1
    assert "Together, SEK: 2027: +120 000; 2029: +6 000" in told and "120 rows" in told
    assert told.count("Rad ") == 5 and "All rows of this" in told


def test_file_has_a_row_for_each_field_with_old_and_new_value() -> None:
    line = new_line()
    change_line(line, {"note": "=1+1", "amount_2_ore": 100}, by=get_user("ekonom"))
    page = get_page("ekonom", address_of(line), export="csv")
    rows = list(csv.reader(StringIO(page.content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[0] == [
        "When",
        "Who",
        "What was done",
        "Why",
        "Of what kind",
        "What",
        "Where",
        "Change of the row",
        "Field",
        "Before, SEK",
        "After, SEK",
        "Before, in words",
        "After, in words",
    ]
    changed = {row[8]: row for row in rows[1:] if row[7] == "Changed"}
    assert changed["Note"][1:4] == ["Eva Ekonom", "changed the line “Licence”", ""]
    assert changed["Note"][9:] == ["", "", "–", "'=1+1"]
    assert changed["Amount 2028, SEK"][9:] == ["0", "1", "", ""]
    sheet = load_workbook(BytesIO(get_page("ekonom", f"{DRAFT}history/", export="xlsx").content)).worksheets[0]
    assert sheet.max_row > 100


def test_amounts_of_a_file_are_numbers_before_and_after() -> None:
    line = new_line()
    change_line(line, {"note": "why", "amount_2_ore": 150}, by=get_user("ekonom"))
    sheet = load_workbook(BytesIO(get_page("ekonom", address_of(line), export="xlsx").content)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = next(row for row in rows if "Field" in row)
    shown = {row[head.index("Field")]: row for row in rows if row[head.index("Change of the row")] == "Changed"}
    place = head.index("Before, SEK")
    assert shown["Amount 2028, SEK"][place : place + 4] == [0, 1.5, None, None]
    assert shown["Note"][place : place + 2] == [None, None] and shown["Note"][place + 3] == "why"


# Going back


def restore(name: str, line: CostLine, number: int, **data: str) -> Any:
    return client_of(name).post(f"{address_of(line)}{number}/restore/", data, headers={"Accept-Language": "en"})


def first_number(line: CostLine) -> int:
    story = tell_line(line.budget, line.lineage, get_user("ekonom"))
    return story[len(story) - 1].number


def test_earlier_values_come_back_as_a_new_change() -> None:
    line = new_line(note="first")
    changed = change_line(line, {"amount_1_ore": 5, "note": "second"}, by=get_user("ekonom"))
    number = first_number(line)
    asked = read(get_page("objektagare", f"{address_of(line)}{number}/restore/"))
    assert "Amount 2027, SEK 0.05 1 142 000" in asked and "Note second first" in asked
    page = restore("objektagare", line, number, seen=changed.edited_at.isoformat())
    assert page.status_code == 302 and page["Location"] == address_of(line)
    line.refresh_from_db()
    assert (line.amount_1_ore, line.note) == (114_200_000, "first")
    told = read(get_page("objektagare", address_of(line)))
    assert "Amount 2027, SEK: 0.05 → 1 142 000" in told and "gave the line “Licence” earlier values" in told
    assert len(tell_line(line.budget, line.lineage, get_user("ekonom"))) == 3


def test_line_that_was_changed_meanwhile_is_not_overwritten() -> None:
    line = new_line()
    seen = line.edited_at.isoformat()
    change_line(line, {"amount_1_ore": 5}, by=get_user("ekonom"))
    for stale in (seen, "", "yesterday"):
        page = restore("objektagare", line, first_number(line), seen=stale)
        assert page.status_code == 422 and "Somebody else has changed" in read(page)
    line.refresh_from_db()
    assert line.amount_1_ore == 5


def test_deleted_line_comes_back_with_the_values_that_were_chosen() -> None:
    line = new_line()
    number = first_number(line)
    change_line(line, {"amount_1_ore": 5}, by=get_user("ekonom"))
    delete_line(CostLine.objects.get(lineage=line.lineage, budget=line.budget), by=get_user("ekonom"))
    assert restore("objektagare", line, number).status_code == 302
    assert CostLine.objects.get(lineage=line.lineage, budget=line.budget).amount_1_ore == 114_200_000


def test_only_who_may_edit_goes_back_and_never_in_an_adopted_budget() -> None:
    line = new_line()
    number = first_number(line)
    for name in ("styrgrupp", "direktion", "revisor", "objektledare"):
        assert restore(name, line, number).status_code == 403
        assert get_page(name, f"{address_of(line)}{number}/restore/").status_code == 403
        assert "/restore/" not in get_page(name, address_of(line)).content.decode()
    assert Client().post(f"{address_of(line)}{number}/restore/").status_code == 401
    frozen = CostLine.objects.filter(budget__slug="budget-2026").earliest("pk")
    slug = frozen.budget_product.sub_budget.slug
    address = f"{ADOPTED}sub-budgets/{slug}/lines/{frozen.lineage}/history/"
    assert get_page("ekonom", address).status_code == 200
    assert client_of("ekonom").post(f"{address}{first_number(frozen)}/restore/").status_code == 403


def test_change_of_another_line_is_not_found() -> None:
    line, other = new_line(), new_line(text="other")
    assert restore("ekonom", line, first_number(other)).status_code == 404
    with pytest.raises(CostLine.DoesNotExist):
        return_line(product().sub_budget, line.lineage, first_number(other), by=get_user("ekonom"), seen=line.edited_at)
    with pytest.raises(StaleError):
        return_line(product().sub_budget, line.lineage, first_number(line), by=get_user("ekonom"), seen=None)


# Who reads what


def test_history_is_read_by_those_who_see_the_page_and_of_drafts_by_no_municipality() -> None:
    line = new_line()
    draft = (
        f"{DRAFT}history/",
        f"{DRAFT}history/compare/",
        f"{SUB_BUDGET}history/",
        f"{SUB_BUDGET}history/compare/",
        address_of(line),
    )
    for someone in PEOPLE:
        inside = someone.role not in (None, "municipality_officer")
        for address in draft:
            page = client_of(someone.email.split("@")[0]).get(address, follow=True)
            assert page.status_code == (200 if inside else 404), address
    assert get_page("utan.roll", f"{ADOPTED}history/").status_code == 404
    assert Client().get(draft[0]).status_code == 302


def test_municipality_reads_an_adopted_budget_from_its_adoption_on() -> None:
    before = read(get_page("vimmerby", f"{ADOPTED}history/"))
    assert "Shown is what happened from the adoption of the budget on" in before
    assert "Shown is" not in read(get_page("ekonom", f"{ADOPTED}history/"))


def test_what_a_person_has_done_is_read_by_three_roles_only() -> None:
    line = new_line(text="By Olivia")
    address = f"/people/{get_user('objektagare').uuid}/history/"
    for someone in PEOPLE:
        page = get_page(someone.email.split("@")[0], address)
        allowed = someone.role in ("administrator", "auditor", "economist")
        assert page.status_code == (200 if allowed else 403)
        if allowed:
            assert "By Olivia" in read(page) and address_of(line) in page.content.decode()
    assert address in get_page("revisor", address_of(line)).content.decode()
    assert "/people/" not in get_page("objektagare", address_of(line)).content.decode()
    assert get_page("ekonom", "/people/00000000-0000-0000-0000-000000000000/history/").status_code == 404


def test_line_that_never_was_is_not_found_and_one_of_another_sub_budget_neither() -> None:
    line = new_line()
    assert get_page("ekonom", f"{SUB_BUDGET}lines/{product().lineage}/history/").status_code == 404
    assert get_page("ekonom", f"{DRAFT}sub-budgets/klient/lines/{line.lineage}/history/").status_code == 404


def test_seals_are_read_by_those_who_look_after_the_system() -> None:
    for someone in PEOPLE:
        allowed = someone.role in ("administrator", "auditor", "economist")
        for address in ("/history/seals/", "/history/head/"):
            status = get_page(someone.email.split("@")[0], address).status_code
            assert status in ((200, 404) if allowed else (403,))
    assert "not sealed yet" in read(get_page("revisor", "/history/seals/"))


def test_pages_lead_to_history() -> None:
    line = new_line()
    assert f"{DRAFT}history/" in get_page("ekonom", DRAFT).content.decode()
    assert f"{SUB_BUDGET}history/" in get_page("ekonom", SUB_BUDGET).content.decode()
    assert address_of(line) in get_page("ekonom", f"{SUB_BUDGET}lines/{line.lineage}/").content.decode()
