"""Comments, tasks and essential changes of a sub-budget: who reads and writes them, and what bad input leads to."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from budgets.models import BudgetProduct, SubBudget
from budgets.selectors.collaboration import load_comment_counts, load_my_tasks, page_of
from budgets.services.collaboration import (
    ESSENTIALS,
    add_comment,
    change_comment,
    change_essentials,
    give_task,
    remove_comment,
    resolve_comment,
)
from budgets.services.lines import delete_line
from records.models import Comment, Mention, Task
from records.services.stale import StaleError, digest_of
from tests.cast import ADOPTED, DRAFT, OTHER, OWN, client_of, count_queries, get_line, get_sub_budget, get_user

pytestmark = pytest.mark.django_db

WRITERS = ("objektagare", "objektledare", "styrgrupp", "ekonom", "direktion", "kommundirektor", "administrator")
HERE, FROZEN = (DRAFT, OWN), (ADOPTED, OWN)


def seen_of(text: str) -> str:
    """What the form keeps of a text on essential changes."""
    return digest_of(SubBudget(changes_sv=text), ESSENTIALS)


def url(name: str, *more: Any, about: Any = None, address: tuple[str, str] = HERE) -> str:
    return reverse(f"budgets:{name}", args=[*address, *more]) + (f"?about={about}" if about else "")


def write(text: str = "Varför höjs licensen?", by: str = "ekonom", **values: Any) -> Comment:
    own = get_sub_budget(values.pop("slug", OWN), values.pop("budget", DRAFT))
    return add_comment(own, **{"about": own.lineage, "text": text, "by": get_user(by), **values})


# Who


@pytest.mark.parametrize("person", WRITERS)
@pytest.mark.parametrize("address", [HERE, FROZEN])
def test_everybody_in_the_federation_comments_also_on_an_adopted_budget(person: str, address: tuple[str, str]) -> None:
    client = client_of(person)
    assert client.post(url("comments", address=address), {"text": "Vad ingår?"}).status_code == 302
    page = client.get(url("sub_budget", address=address)).content.decode()
    assert "Vad ingår?" in page


def test_auditor_reads_comments_and_writes_nothing() -> None:
    comment = write()
    client = client_of("revisor")
    page = client.get(url("sub_budget")).content.decode()
    assert comment.text in page
    assert "comment-new-form" not in page
    for name, more in (
        ("comments", []),
        ("reply", [comment.uuid]),
        ("resolve_comment", [comment.uuid]),
        ("give_task", []),
        ("files", []),
    ):
        assert client.post(url(name, *more), {"text": "Nej"}).status_code == 403, name
    assert list(Comment.objects.values_list("text", "resolved_at")) == [(comment.text, None)]


def test_municipality_officer_sees_no_comments_on_an_adopted_budget() -> None:
    comment = write(budget=ADOPTED)
    client = client_of("vimmerby")
    page = client.get(url("sub_budget", address=FROZEN))
    assert page.status_code == 200
    assert comment.text not in page.content.decode()
    assert 'id="comments"' not in page.content.decode()
    assert client.get(url("comments", address=FROZEN)).status_code == 403
    assert client.post(url("comments", address=FROZEN), {"text": "Hej"}).status_code == 403
    assert client.get(url("comments")).status_code == 404
    assert client.get(reverse("budgets:my_tasks")).status_code == 403


def test_outsider_and_nobody_reach_nothing() -> None:
    comment = write()
    names = [("comments", []), ("reply", [comment.uuid]), ("files", []), ("give_task", []), ("changes", [])]
    outsider = client_of("utan.roll")
    for name, more in names:
        assert outsider.post(url(name, *more), {"text": "x"}).status_code == 404, name
        assert Client().post(url(name, *more), {"text": "x"}).status_code == 401, name
    assert Client().get(url("comments")).status_code == 302
    assert outsider.get(reverse("budgets:my_tasks")).status_code == 403


def test_comment_of_another_page_is_not_found_here() -> None:
    comment = write(slug=OTHER)
    client = client_of("ekonom")
    assert client.post(url("resolve_comment", comment.uuid)).status_code == 404
    assert client.post(url("reply", comment.uuid), {"text": "x"}).status_code == 404
    klient = BudgetProduct.objects.filter(sub_budget__slug="klient", budget__slug="budget-2027").earliest("pk")
    assert client.get(url("comments", about=klient.lineage)).status_code == 404
    assert client.get(url("comments", about="x")).status_code == 404


def test_copy_of_a_budget_starts_without_comments() -> None:
    write(budget=ADOPTED)
    assert load_comment_counts(get_sub_budget(budget=ADOPTED), get_user("ekonom"))
    assert load_comment_counts(get_sub_budget(), get_user("ekonom")) == {}


# Comments


def test_comment_on_a_line_is_counted_there_and_told_of_after_the_line_is_gone() -> None:
    own, by = get_line(), get_user("ekonom")
    client = client_of("objektagare")
    client.post(url("comments", about=own.lineage), {"text": "Är priset rätt?"})
    first = Comment.objects.get()
    client.post(url("reply", first.uuid, about=own.lineage), {"text": "Ja, enligt avtal."})
    counts = load_comment_counts(get_sub_budget(), by)
    assert {key: (count.total, count.open) for key, count in counts.items()} == {own.lineage: (2, 1)}
    resolve_comment(first, by=by)
    assert load_comment_counts(get_sub_budget(), by)[own.lineage].open == 0
    delete_line(own, by=by)
    page = client.get(url("comments")).content.decode()
    assert "om en borttagen rad" in page or "about a deleted line" in page
    assert client.get(url("comments", about=own.lineage)).status_code == 200


def test_counts_of_a_page_are_one_query() -> None:
    for _turn in range(3):
        write(about=get_line().lineage)
    own, by = get_sub_budget(), get_user("ekonom")
    load_comment_counts(own, by)
    with CaptureQueriesContext(connection) as queries:
        load_comment_counts(own, by)
    assert len(queries) == 1


def test_rows_tell_how_many_comments_there_are_where_there_are_any() -> None:
    own = get_line()
    write(about=own.lineage, parent=write(about=own.lineage))
    page = client_of("ekonom").get(url("sub_budget"), headers={"Accept-Language": "en"}).content.decode()
    link = f'href="{url("comments", about=own.lineage)}" title="2 comments, 1 open"'
    assert page.count(link) == 1
    assert page.count('title="2 comments') == 1


def test_page_makes_as_many_queries_with_many_comments_as_with_one() -> None:
    client = client_of("ekonom")

    own = get_line()
    first = write(about=own.lineage)
    write(about=own.budget_product.lineage)
    before = count_queries(client, url("sub_budget"))
    for turn in range(5):
        write(
            f"Nummer {turn}", about=own.lineage, parent=first if turn % 2 else None, mentioned=[get_user("direktion")]
        )
    assert count_queries(client, url("sub_budget")) == before


def test_script_and_markup_are_shown_as_text() -> None:
    write("<script>alert(1)</script> <b>fet</b> {{ x }}")
    page = client_of("ekonom").get(url("sub_budget")).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &lt;b&gt;fet&lt;/b&gt;" in page


@pytest.mark.parametrize("text", ["", "   \n ", "x" * 10_001, "nul\x00"])
def test_bad_comment_answers_422_with_what_was_typed_and_saves_nothing(text: str) -> None:
    for headers in ({}, {"HX-Request": "true"}):
        response = client_of("ekonom").post(url("comments"), {"text": text}, headers=headers)
        assert response.status_code == 422
        assert text.strip().replace("\x00", "") in response.content.decode() or "\x00" in text
    assert not Comment.objects.exists()
    first = write()
    assert client_of("ekonom").post(url("reply", first.uuid), {"text": text}).status_code == 422
    assert Comment.objects.count() == 1


def test_longest_comment_is_saved_whole_with_plain_line_ends() -> None:
    text = "å" * 9_998
    client_of("ekonom").post(url("comments"), {"text": f"{text}\r\nx"})
    assert Comment.objects.get().text == f"{text}\nx"


def test_mention_by_name_and_by_choice_reaches_the_persons_first_page() -> None:
    owner = get_user("objektagare")
    client_of("ekonom").post(url("comments"), {"text": "Titta på detta, @Stina Styrgrupp.", "mention": str(owner.uuid)})
    comment = Comment.objects.get()
    assert comment.text.startswith("@Olivia Objektägare Titta")
    assert {mention.user.email.split("@")[0] for mention in Mention.objects.all()} == {"objektagare", "styrgrupp"}
    assert comment.text in client_of("objektagare").get("/").content.decode()
    resolve_comment(comment, by=get_user("styrgrupp"))
    assert not load_my_tasks(owner).mentions


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_unknown_name_is_saved_and_it_is_said_that_nobody_was_told(headers: dict[str, str]) -> None:
    text = "@Nisse och @Vera Vimmerby, ser ni?"
    page = client_of("ekonom").post(url("comments"), {"text": text}, headers=headers, follow=True)
    assert "”Nisse”, ”Vera”" in page.content.decode() and "Ingen fick veta det" in page.content.decode()
    assert Comment.objects.get().text == text and not Mention.objects.exists()


def test_choice_of_somebody_outside_the_federation_is_refused() -> None:
    officer = get_user("vimmerby")
    response = client_of("ekonom").post(url("comments"), {"text": "Ser du?", "mention": str(officer.uuid)})
    assert response.status_code == 422
    assert not Mention.objects.exists()


def test_mention_is_put_away_by_the_person_alone() -> None:
    owner = get_user("objektagare")
    write("@Olivia se", mentioned=[owner])
    mention = Mention.objects.get()
    address = reverse("budgets:handle_mention", args=[mention.uuid])
    assert client_of("ekonom").post(address).status_code == 404
    assert client_of("objektagare").post(address, {"back": "//evil.example"})["Location"] == "/tasks/"
    assert client_of("objektagare").post(address).status_code == 404
    assert not load_my_tasks(owner).mentions


def test_author_changes_a_comment_for_a_day_and_nobody_else_does() -> None:
    comment, author = write(by="objektagare"), get_user("objektagare")
    address = url("change_comment", comment.uuid)
    assert client_of("ekonom").get(address).status_code == 403
    assert client_of("ekonom").post(address, {"text": "Mitt"}).status_code == 403
    assert client_of("objektagare").post(address, {"text": "Bättre @Eva"}).status_code == 302
    comment.refresh_from_db()
    assert (comment.text, comment.edited_at is not None) == ("Bättre @Eva", True)
    assert [mention.user.email for mention in Mention.objects.all()] == ["ekonom@demo.example"]
    change_comment(get_sub_budget(), comment, text="Bättre", by=author, mentioned=[])
    assert not Mention.objects.exists()
    Comment.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert client_of("objektagare").post(address, {"text": "Sent"}).status_code == 403
    Comment.objects.update(created_at=timezone.now())
    resolve_comment(comment, by=author)
    assert client_of("objektagare").post(address, {"text": "Avgjord"}).status_code == 403


def test_removed_comment_leaves_its_place_and_history_keeps_the_text() -> None:
    comment = write("Hemligt", by="objektagare")
    reply = write("Svar", parent=comment)
    with pytest.raises(PermissionDenied):
        remove_comment(comment, by=get_user("ekonom"))
    client = client_of("objektagare")
    assert "Hemligt" in client.get(url("remove_comment", comment.uuid)).content.decode()
    assert client.post(url("remove_comment", comment.uuid)).status_code == 302
    assert client.post(url("remove_comment", comment.uuid)).status_code == 403
    page = client.get(url("sub_budget")).content.decode()
    assert "Hemligt" not in page
    assert reply.text in page
    assert "Hemligt" in set(apps.get_model("records", "CommentEvent")._default_manager.values_list("text", flat=True))


def test_resolving_twice_names_the_first_and_a_reply_opens_the_thread_again() -> None:
    comment = write()
    client_of("objektagare").post(url("resolve_comment", comment.uuid))
    client_of("ekonom").post(url("resolve_comment", comment.uuid))
    comment.refresh_from_db()
    assert comment.resolved_by == get_user("objektagare")
    client_of("ekonom").post(url("reply", comment.uuid), {"text": "Nej, vänta"})
    comment.refresh_from_db()
    assert comment.resolved_at is None
    assert comment.resolved_by is None
    client_of("ekonom").post(url("resolve_comment", comment.uuid))
    client_of("ekonom").post(url("reopen_comment", comment.uuid))
    comment.refresh_from_db()
    assert comment.resolved_at is None


def test_reply_to_a_reply_is_in_the_same_thread() -> None:
    comment = write()
    reply = write("Ett", parent=comment)
    client_of("ekonom").post(url("reply", reply.uuid), {"text": "Två"})
    assert set(Comment.objects.exclude(parent=None).values_list("parent", flat=True)) == {comment.pk}


# Essential changes


@pytest.mark.parametrize(
    ("person", "status"),
    [("objektagare", 302), ("ekonom", 302), ("objektledare", 403), ("styrgrupp", 403), ("revisor", 403)],
)
def test_essential_changes_are_written_by_those_who_edit_the_sub_budget(person: str, status: int) -> None:
    before = get_sub_budget().changes_sv
    response = client_of(person).post(url("changes"), {"text": "Nytt avtal.", "seen": seen_of(before)})
    assert response.status_code == status
    assert get_sub_budget().changes_sv == ("Nytt avtal." if status == 302 else before)


def test_stale_text_on_changes_keeps_both() -> None:
    seen = seen_of(get_sub_budget().changes_sv)
    change_essentials(get_sub_budget(), text="Ekonomens text", by=get_user("ekonom"))
    response = client_of("objektagare").post(url("changes"), {"text": "Ägarens text", "seen": seen})
    assert response.status_code == 422
    page = response.content.decode()
    assert "Ekonomens text" in page
    assert "Ägarens text" in page
    assert seen_of("Ekonomens text") in page
    assert get_sub_budget().changes_sv == "Ekonomens text"
    again = client_of("objektagare").post(url("changes"), {"text": "Ägarens text", "seen": seen_of("Ekonomens text")})
    assert again.status_code == 302
    assert get_sub_budget().changes_sv == "Ägarens text"
    with pytest.raises(StaleError):
        change_essentials(get_sub_budget(), text="Tredje", by=get_user("ekonom"), seen=seen)


def test_changes_of_an_adopted_budget_stay() -> None:
    assert client_of("ekonom").post(url("changes", address=FROZEN), {"text": "Nytt"}).status_code == 403
    assert client_of("ekonom").post(url("changes"), {"text": "x" * 20_001}).status_code == 422


# Tasks


def test_task_is_given_done_and_taken_back() -> None:
    owner = get_user("objektagare")
    given = {"text": "Stäm av licenserna", "to": str(owner.uuid), "due_on": str(timezone.localdate())}
    assert client_of("ekonom").post(url("give_task"), given).status_code == 302
    task = Task.objects.get()
    assert (task.to, task.made_by.email, task.page) == (owner, "ekonom@demo.example", page_of(get_sub_budget()))
    assert task.text in client_of("objektagare").get("/").content.decode()
    assert task.text in client_of("ekonom").get("/tasks/?show=given").content.decode()
    done, undo = (reverse(f"budgets:{name}_task", args=[task.uuid]) for name in ("finish", "reopen"))
    assert client_of("direktion").post(done).status_code == 404
    assert client_of("objektagare").post(done, {"back": "/"})["Location"] == "/"
    assert not load_my_tasks(owner).tasks
    assert task.text in client_of("objektagare").get("/tasks/?show=done").content.decode()
    client_of("objektagare").post(undo)
    assert len(load_my_tasks(owner).tasks) == 1


@pytest.mark.parametrize(
    "values",
    [{"text": ""}, {"to": ""}, {"to": "nobody"}, {"due_on": "2020-01-01"}, {"due_on": "i morgon"}, {"text": "x" * 501}],
)
def test_bad_task_answers_422(values: dict[str, str]) -> None:
    good = {"text": "Gör", "to": str(get_user("ekonom").uuid), "due_on": ""}
    assert client_of("ekonom").post(url("give_task"), {**good, **values}).status_code == 422
    assert not Task.objects.exists()


def test_tasks_and_mentions_of_pages_that_a_person_may_no_longer_see_are_not_shown() -> None:
    owner = get_user("objektagare")
    give_task(get_sub_budget(), text="Gör", to=owner, due_on=date(2030, 1, 1), by=get_user("ekonom"))
    write("@Olivia", mentioned=[owner])
    owner.role_assignments.all().delete()
    assert not load_my_tasks(get_user("objektagare"))
    assert client_of("objektagare").get("/tasks/").status_code == 403


def test_open_comments_wait_for_the_owner_and_not_for_others() -> None:
    write()
    assert len(load_my_tasks(get_user("objektagare")).comments) == 1
    assert not load_my_tasks(get_user("objektledare"))


def test_badge_counts_what_is_on_pages_that_are_there_only() -> None:
    owner = get_user("objektagare")
    give_task(get_sub_budget(), text="Gör", to=owner, due_on=None, by=get_user("ekonom"))
    write("@Olivia", mentioned=[owner])

    def waiting() -> int:
        count: int = client_of("objektagare").get("/tasks/").context["page"].extra["tasks_waiting"]
        return count

    assert waiting() == 2
    Task.objects.update(page="sub-budget 999999999")
    assert waiting() == 1
    Comment.objects.update(page="sub-budget 999999999")
    assert waiting() == 0
