"""Working together: where comments and tasks belong, whose tasks are, and links that lead only where the reader may act."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from budgets.models import Action, SubBudget
from budgets.selectors.collaboration import load_my_tasks
from budgets.selectors.workflow import list_own_tasks
from budgets.services.collaboration import add_comment, change_task, give_task
from budgets.services.workflow import take_step
from records.models import Comment, MailPreference, OutboxMessage, Task
from records.services.tasks import end_task, finish_task
from tests.cast import (
    ADMINISTRATOR,
    BOARD,
    DRAFT,
    ECONOMIST,
    GROUP,
    INSIDE,
    OFFICER,
    OUTSIDER,
    OWN,
    OWNER,
    PEOPLE,
    client_of,
    get_budget,
    get_line,
    get_sub_budget,
    get_user,
    propose,
)  # fmt: skip

pytestmark = pytest.mark.django_db


def url(name: str, *more: Any, query: str = "") -> str:
    return reverse(f"budgets:{name}", args=[DRAFT, OWN, *more]) + query


def make_task(by: str = ECONOMIST, to: str = OWNER, **values: Any) -> Task:
    own = {"text": "Stäm av priset", "to": get_user(to), "due_on": None}
    return give_task(get_sub_budget(), by=get_user(by), **{**own, **values})


# Product and line


def test_comments_and_tasks_name_product_and_line() -> None:
    line = get_line()
    whole = f"{line.budget_product.name}, {line.text}"
    client_of(ECONOMIST).post(url("comments", query=f"?about={line.lineage}"), {"text": "Hej @Olivia"})
    client_of(ECONOMIST).post(
        url("give_task", query=f"?about={line.lineage}"), {"text": "Kolla", "to": str(get_user(OWNER).uuid)}
    )
    mine = load_my_tasks(get_user(OWNER))
    assert [row.subject.full_name for row in (*mine.tasks, *mine.mentions)] == [whole, whole]
    for address in ("/tasks/", url("sub_budget"), url("comments", query=f"?about={line.lineage}")):
        assert whole in client_of(OWNER).get(address).content.decode(), address


def test_mail_names_product_and_line() -> None:
    line, owner = get_line(), get_user(OWNER)
    MailPreference.objects.create(user=owner, when=MailPreference.When.AT_ONCE)
    add_comment(get_sub_budget(), about=line.lineage, text="Varför?", by=get_user(ECONOMIST))
    assert f"{line.budget_product.name}, {line.text}" in OutboxMessage.objects.get(recipient=owner).subject


def test_comments_beside_the_table_have_ids_of_their_own_and_the_mark_of_the_row() -> None:
    line = get_line()
    add_comment(get_sub_budget(), about=line.lineage, text="Varför?", by=get_user(ECONOMIST))
    query = f"?about={line.lineage}&beside=1"
    part = client_of(OWNER).get(url("comments", query=query), headers={"HX-Request": "true"}).content.decode()
    page = client_of(OWNER).get(url("sub_budget")).content.decode()
    ids = re.compile(r' id="([^"]+)"')
    assert ids.findall(part) and not set(ids.findall(part)) & set(ids.findall(page))
    assert f'data-mark="{line.lineage}"' in part and f"{line.budget_product.name}, {line.text}" in part
    answer = client_of(OWNER).post(url("comments", query=query), {"text": "Nytt avtal"}, headers={"HX-Request": "true"})
    assert 'id="beside-comments"' in answer.content.decode() and Comment.objects.filter(about=line.lineage).count() == 2


# Whose tasks


def test_who_gave_a_task_changes_and_ends_it_and_nobody_else() -> None:
    task = make_task()
    data = {"text": "Stäm av mängden", "to": str(get_user(GROUP).uuid)}
    for name in (OWNER, BOARD):
        assert client_of(name).post(url("change_task", task.uuid), data).status_code in (403, 404)
        assert client_of(name).post(url("end_task", task.uuid)).status_code in (403, 404)
    client = client_of(ECONOMIST)
    assert client.get("/tasks/?show=given").content.decode().count(url("change_task", task.uuid)) == 1
    assert client.get(url("change_task", task.uuid)).status_code == 200
    assert client.post(url("change_task", task.uuid), data).status_code == 302
    task.refresh_from_db()
    assert (task.text, task.to) == ("Stäm av mängden", get_user(GROUP))
    assert client.post(url("end_task", task.uuid)).status_code == 302
    assert not Task.objects.exists()


def test_a_task_that_is_done_stays_as_it_was() -> None:
    task, by = make_task(), get_user(ECONOMIST)
    finish_task(task, by=get_user(OWNER))
    with pytest.raises(PermissionDenied):
        end_task(task, by=by)
    with pytest.raises(PermissionDenied):
        change_task(get_sub_budget(), task, text="x", to=by, due_on=None, by=by)


def test_a_wrong_change_of_a_task_is_said_at_its_field_and_saves_nothing() -> None:
    task = make_task()
    for data in ({"text": "", "to": str(get_user(OWNER).uuid)}, {"text": "x", "to": "nobody"}):
        assert client_of(ECONOMIST).post(url("change_task", task.uuid), data).status_code == 422
    assert Task.objects.get().text == "Stäm av priset"


# The side bar


def nav_of(name: str) -> dict[str, Any]:
    page = client_of(name, "en").get("/account/").context["page"]
    return {link.key: link for _label, links in page.nav for link in links}


@pytest.mark.parametrize("name", INSIDE)
def test_to_do_and_workflow_stand_in_the_side_bar(name: str) -> None:
    assert {"my_tasks", "workflow"} <= nav_of(name).keys()


def test_they_count_what_waits_for_the_reader() -> None:
    make_task()
    assert (nav_of(OWNER)["my_tasks"].count, nav_of(OWNER)["workflow"].count) == (1, 1)
    take_step(get_sub_budget(), Action.SUBMIT, by=get_user(OWNER))
    assert (nav_of(OWNER)["workflow"].count, nav_of(GROUP)["workflow"].count) == (0, 1)
    take_step(get_sub_budget(), Action.APPROVE, by=get_user(GROUP))
    own = SubBudget.objects.filter(budget=get_budget(), governance_object=None)
    assert list_own_tasks(get_user(ECONOMIST), get_budget()).count() == own.count() + 1


def test_who_has_no_role_has_no_menu() -> None:
    page = client_of(OUTSIDER).get("/").content.decode()
    assert 'id="menu"' not in page and "popovertarget" not in page and "/jobs/" not in page


@pytest.mark.parametrize("name", PEOPLE)
def test_every_link_of_the_menu_leads_somewhere(name: str) -> None:
    client = client_of(name)
    for link in nav_of(name).values():
        assert client.get(link.url, follow=True).status_code == 200, link.url


def test_an_officer_sees_neither_tasks_nor_workflow() -> None:
    assert not {"my_tasks", "workflow"} & nav_of(OFFICER).keys()


# Links lead only where the reader may act


class Boxes(HTMLParser):
    """Collects the links of a page's boxes of things to do, and the links and forms of its main part."""

    def __init__(self) -> None:
        super().__init__()
        self.todo: list[str] = []
        self.acts: list[str] = []
        self.depth = 0
        self.has_form = self.is_main = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.is_main = self.is_main or tag == "main" or given.get("id") == "content"
        if tag == "div":
            self.depth += bool(self.depth or "data-todo" in given)
        if tag == "form" and self.is_main and given.get("method") == "post":
            self.has_form = True
        if tag == "a" and self.is_main:
            (self.todo if self.depth else self.acts).append(given.get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag == "div" and self.depth > 0


def read(client: Client, address: str) -> Boxes:
    boxes = Boxes()
    response = client.get(address, follow=True)
    assert response.status_code == 200, address
    boxes.feed(response.content.decode())
    return boxes


# Pages with a form, one click from the page that a box leads to.
FORMS = re.compile(r"/decisions/.+/(councils|change)/|/reconciliation/reason/|/admin/.+/change/|/steps/")


@pytest.mark.parametrize("name", INSIDE)
@pytest.mark.parametrize("year", [2026, 2027])
def test_what_is_to_do_leads_to_a_form_or_nowhere(name: str, year: int) -> None:
    client = client_of(name, "en")
    for page in ("", "dashboard/"):
        for address in read(client, f"/budgets/budget-{year}/{page}").todo:
            target = read(client, address)
            assert target.has_form or any(map(FORMS.search, target.acts)), address


def test_proposed_budget_is_the_first_that_the_board_is_told_to_decide() -> None:
    propose()
    for name in (ECONOMIST, BOARD):
        for page in ("", "dashboard/"):
            answer = client_of(name, "en").get(f"/budgets/{DRAFT}/{page}")
            assert (answer.context["todo"][0].text, bool(answer.context["todo"][0].url)) == (
                "Decide on Budget 2027", name == ECONOMIST,
            )  # fmt: skip
    page = answer.content.decode()
    assert "Proposed to the board, which adopts it by a decision" in page
    assert client_of(ECONOMIST, "en").get(f"/budgets/{DRAFT}/workflow/adopt/").status_code == 200


def test_the_economist_and_the_administrator_get_there_and_a_reader_sees_the_words() -> None:
    overview = f"/budgets/{DRAFT}/"
    found = {name: read(client_of(name, "en"), overview).todo for name in (ECONOMIST, ADMINISTRATOR, BOARD)}
    assert any("/decisions/" in address for address in found[ECONOMIST])
    assert any("/admin/" in address for address in found[ADMINISTRATOR])
    assert not found[BOARD]
    assert "council decisions are missing" in client_of(BOARD, "en").get(overview).content.decode()
