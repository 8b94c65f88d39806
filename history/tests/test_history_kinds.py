"""What else than figures has a history: where it is told, to whom, and by whom it was done."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags
from django.utils.translation import override

from accounts.models import User
from budgets.models import Action, AllocationKey, BudgetProduct, CostLine, KeyWeight, SubBudget
from budgets.services import collaboration
from budgets.services.lines import add_line, change_line, delete_line
from budgets.services.workflow import take_step
from forecasts.models import ReconciliationReason
from history.stories import tell_line, tell_person, tell_sub_budget
from itsam.demo.people import PEOPLE
from objects.models import Customer, Decision, ObjectPlan
from objects.models.roles import RoleAssignment
from objects.models.tokens import ApiToken
from records.reasons import Reason
from records.services import change
from tests.cast import client_of, count_queries, get_budget, get_page, get_sub_budget, get_user

DRAFT, ADOPTED = "/budgets/budget-2027/", "/budgets/budget-2026/"
SUB_BUDGET = f"{DRAFT}sub-budgets/socialtjanst/"


def read(response: Any) -> str:
    main = response.content.decode().split("<main")[1]
    return re.sub(r"\s+", " ", unescape(strip_tags(re.sub("</(?=[tpl])", " </", main))))


def new_line(product: BudgetProduct | None = None, **values: Any) -> CostLine:
    place = product or BudgetProduct.objects.filter(sub_budget=get_sub_budget()).earliest("pk")
    given = {"text": "Licence", "cost_kind": "direct_cost", "amount_1_ore": 100_00, **values}
    return add_line(place, given, by=get_user("objektagare"))


def line_address(line: CostLine) -> str:
    return f"{SUB_BUDGET}lines/{line.lineage}/history/"


# Why


@pytest.mark.django_db
def test_note_is_told_as_a_field_and_neither_it_nor_the_system_is_a_reason() -> None:
    line = new_line(note="begun")
    change_line(line, {"amount_1_ore": 200_00, "note": "dearer from May"}, by=get_user("ekonom"))
    change_line(CostLine.objects.get(pk=line.pk), {"amount_1_ore": 300_00}, by=get_user("ekonom"))
    told = read(get_page("ekonom", line_address(line)))
    assert "SEK: 100 → 200" in told and "Note: begun → dearer from May" in told and "SEK: 200 → 300" in told
    assert told.count("dearer from May") == 1 and "Why:" not in told and "because" not in told


@pytest.mark.django_db
def test_step_and_its_comment_are_told() -> None:
    take_step(get_sub_budget(), Action.SUBMIT, by=get_user("objektagare"))
    take_step(get_sub_budget(), Action.RETURN, by=get_user("ekonom"), comment="The rent is missing")
    for address in (f"{SUB_BUDGET}history/", f"{DRAFT}history/"):
        told = read(get_page("ekonom", address))
        returned = "Eva Ekonom returned the sub-budget Social services, on behalf of others Why: The rent is missing"
        assert told.count(returned) == told.count("The rent is missing") == 1
        assert told.count("Olivia Objektägare submitted the sub-budget Social services") == 1
        assert "Status: submitted" not in told and "From: submitted" not in told


# What belongs where


def make_all() -> None:
    """One of each kind, all by the economist but what only others may."""
    by, page = get_user("ekonom"), get_sub_budget()
    collaboration.add_comment(page, about=page.lineage, text="A secret about somebody", by=by)
    collaboration.give_task(page, text="Ask the supplier", to=get_user("objektagare"), due_on=None, by=by)
    owned = page.governance_object
    assert owned is not None
    with change(by=by.email, reason=Reason.CHANGE_OBJECT_PLAN):
        ObjectPlan.objects.filter(governance_object=owned).delete()
        plan = ObjectPlan.objects.create(governance_object=owned, from_year=2027, to_year=2029)
        plan.items.create(priority=1, title="New sign-in")
        key = AllocationKey.objects.filter(budget=page.budget).earliest("pk")
        KeyWeight.objects.filter(key=key).update(weight=7)
        decision = Decision.objects.create(body="board", kind="other", text="A decision of ours", stage="planned")
        decision.conditions.create(text="If all agree")
        RoleAssignment.objects.create(user=get_user("utan.roll"), role="board")
        ApiToken.objects.create(
            name="Ledger",
            customer=Customer.objects.earliest("pk"),
            digest="x",
            scopes=["invoices:read"],
            created_by=by,
            expires_on=date(2030, 1, 1),
        )
    collaboration.change_essentials(page, text="Dearer licences", by=by)


@pytest.mark.django_db
def test_sub_budget_tells_what_belongs_to_it_and_no_text_of_a_comment() -> None:
    make_all()
    moment = next(iter(tell_person(get_user("ekonom"), get_user("ekonom")))).at.isoformat()
    told = read(get_page("ekonom", f"{SUB_BUDGET}history/", at=moment))
    for words in (
        "Eva Ekonom wrote a comment",
        "Ask the supplier",
        "For whom: Olivia",
        "object plan",
        "New sign-in",
        "Dearer licences",
    ):
        assert words in told, words
    assert "A secret" not in told and "A decision of ours" not in told and "Ledger" not in told
    assert "Ask the supplier" not in read(get_page("ekonom", f"{DRAFT}sub-budgets/klient/history/"))


@pytest.mark.django_db
def test_budget_tells_of_key_weights_and_what_is_written_on_its_pages() -> None:
    make_all()
    moment = next(iter(tell_person(get_user("ekonom"), get_user("ekonom")))).at.isoformat()
    told = read(get_page("ekonom", f"{DRAFT}history/", at=moment))
    assert "Ask the supplier" in told and "weight in a key" in told and "→ 7" in told
    assert "New sign-in" not in told
    decision = get_budget("budget-2026").adopted_by
    assert decision is not None
    assert f"/decisions/{decision.uuid}/" in get_page("ekonom", f"{ADOPTED}history/", thing="decision").content.decode()


@pytest.mark.django_db
def test_person_is_told_all_that_the_person_did_and_rows_cost_no_query() -> None:
    address = f"/people/{get_user('ekonom').uuid}/history/"
    client = client_of("revisor")

    new_line()
    change_line(new_line(), {"note": "x"}, by=get_user("ekonom"))
    few = count_queries(client, address)
    make_all()
    assert count_queries(client, address) == few
    assert "All rows of this" in read(get_page("revisor", address))
    moment = next(iter(tell_person(get_user("ekonom"), get_user("ekonom")))).at.isoformat()
    told = read(get_page("revisor", address, at=moment))
    for words in ("A decision of ours", "If all agree", "role", "Ledger", "read invoices", "Ask the supplier", "→ 7"):
        assert words in told, words
    assert "A secret" not in told


@pytest.mark.django_db
def test_what_everybody_has_done_is_one_history_with_accounts_roles_and_keys() -> None:
    client, address = client_of("revisor", "en"), "/history/"
    new_line()
    few = count_queries(client, address)
    make_all()
    assert count_queries(client, address) == few
    moment = next(iter(tell_person(get_user("ekonom"), get_user("ekonom")))).at.isoformat()
    told = read(client.get(address, {"at": moment}))
    for words in ("A decision of ours", "role", "Ledger", "read invoices", "Ask the supplier", "→ 7"):
        assert words in told, words
    assert "A secret" not in told
    by_owner = read(client.get(address, {"who": "Olivia", "thing": "line"}))
    assert "Olivia Objektägare added the line “Licence”" in by_owner and "Eva Ekonom" not in by_owner
    rows = client.get(address, {"who": "Olivia", "export": "csv"}).content.decode("utf-8-sig").splitlines()
    assert len(rows) > 1 and all("Olivia Objektägare" in row for row in rows[1:])


@pytest.mark.django_db
def test_what_everybody_has_done_is_read_by_those_who_look_after_the_system() -> None:
    for someone in PEOPLE:
        name = someone.email.split("@")[0]
        may = someone.role in ("administrator", "auditor", "economist")
        assert get_page(name, "/history/").status_code == (200 if may else 403), name
        home = client_of(name).get("/", follow=True).content.decode()
        assert ('href="/history/"' in home) == may, name
    assert Client().get("/history/").status_code == 302


@pytest.mark.django_db
def test_every_kind_is_told_in_swedish_too() -> None:
    make_all()
    with override("sv"):
        for story in (
            tell_person(get_user("ekonom"), get_user("ekonom")),
            tell_sub_budget(get_sub_budget(), get_user("ekonom")),
        ):
            assert all(str(found.kind.label) and found.name for found in story)


# Who reads what


@pytest.mark.django_db
def test_municipality_is_told_no_address_and_nothing_of_what_is_inside() -> None:
    budget = get_budget("budget-2026")
    page = SubBudget.objects.filter(budget=budget).earliest("pk")
    collaboration.give_task(page, text="An inside task", to=get_user("objektagare"), due_on=None, by=get_user("ekonom"))
    with change(by="nameless@itsam.example", reason=Reason.LINK_REASON):
        ReconciliationReason.objects.create(
            budget=budget, table="t", row="r", column="c", text="A told difference", author=get_user("ekonom")
        )
    address = f"{ADOPTED}history/"
    inside, outside = read(get_page("ekonom", address)), read(get_page("vimmerby", address))
    assert "An inside task" in inside and "Nameless@itsam.example" in inside
    assert "A told difference" in outside and "Somebody in the federation" in outside
    assert "An inside task" not in outside and "@" not in outside
    assert "A told difference" in read(get_page("ekonom", address, who="nameless@"))
    assert "A told difference" not in read(get_page("vimmerby", address, who="nameless@"))


def test_new_address_neither_hides_nor_lends_a_past(committed: str) -> None:
    line = new_line(text="By Olivia")
    olivia, other = get_user("objektagare"), get_user("styrgrupp")
    for user, email in ((olivia, "olivia.new@demo.example"), (other, "objektagare@demo.example")):
        with change(by="administrator@demo.example", reason=Reason.ADMINISTRATION):
            User.objects.filter(pk=user.pk).update(email=email)
    with change(by="objektagare@demo.example", reason=Reason.SAID, words="mine now"):
        CostLine.objects.filter(pk=line.pk).update(text="By the next holder")
    with change(by="olivia.new@demo.example", reason=Reason.SAID, words="still me"):
        CostLine.objects.filter(pk=line.pk).update(text="By Olivia again")
    olivia.refresh_from_db()
    other.refresh_from_db()
    with override("en"):
        hers = [found.reason for found in tell_person(olivia, get_user("ekonom"))]
    assert hers[:2] == ["still me", ""] and "mine now" not in hers
    assert [found.reason for found in tell_person(other, get_user("ekonom"))][:1] == ["mine now"]
    story = tell_line(line.budget, line.lineage, get_user("ekonom"))
    assert [found.person for found in story] == [olivia.uuid, other.uuid, olivia.uuid]
    assert [found.who for found in story] == [olivia.name, other.name, olivia.name]


# A product that is gone


@pytest.mark.django_db
def new_product() -> BudgetProduct:
    place = BudgetProduct.objects.filter(sub_budget=get_sub_budget()).earliest("pk")
    with change(by="ekonom@demo.example", reason=Reason.SAID, words="test"):
        lasting = place.product
        lasting.pk, lasting.uuid, lasting.name = None, "00000000-0000-0000-0000-000000000001", "Fax"
        lasting.save()
        return BudgetProduct.objects.create(
            budget=place.budget,
            sub_budget=place.sub_budget,
            product=lasting,
            name="Fax service",
            category=place.category,
        )


def test_line_whose_product_is_gone_can_not_come_back_and_the_page_says_what_to_do() -> None:
    product = new_product()
    line = new_line(product)
    story = tell_line(line.budget, line.lineage, get_user("ekonom"))
    number = story[0].number
    delete_line(line, by=get_user("ekonom"))
    assert "/restore/" in get_page("objektagare", line_address(line)).content.decode()
    assert "Restore values below" in read(get_page("objektagare", line_address(line)))
    with change(by="ekonom@demo.example", reason=Reason.SAID, words="test"):
        BudgetProduct.objects.filter(pk=product.pk).delete()
    page = get_page("objektagare", line_address(line))
    said = "its product Fax service is no longer in the sub-budget. Add the line to another product"
    assert said in read(page) and "/restore/" not in page.content.decode()
    client = client_of("objektagare")
    address = f"{line_address(line)}{number}/restore/"
    for response, status in ((client.get(address), 200), (client.post(address), 422)):
        assert response.status_code == status
    answer = client.post(address, headers={"Accept-Language": "en"})
    assert said in read(answer) and "<form" not in answer.content.decode().split("<main")[1].split("</main")[0]
    assert not CostLine.objects.filter(lineage=line.lineage, budget=line.budget).exists()
