"""The pages of a sub-budget's workflow: who reaches them, and what a bad or late post answers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from budgets.models import Action, Budget, CostLine, Look, SubBudget
from budgets.services.lines import change_line
from budgets.services.workflow import take_step
from tests.cast import client_of, count_queries, get_sub_budget, get_user

pytestmark = pytest.mark.django_db
OWN = "/budgets/budget-2027/sub-budgets/socialtjanst/"
GRANT = "/budgets/budget-2027/sub-budgets/grundanslag/"
ADOPTED = "/budgets/budget-2026/sub-budgets/socialtjanst/"


def set_status(status: str) -> None:
    SubBudget.objects.filter(pk=get_sub_budget().pk).update(status=status)


def read(name: str, path: str = OWN) -> str:
    response = client_of(name).get(path)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("name", ["objektagare", "styrgrupp", "ekonom", "direktion", "revisor", "administrator"])
def test_everybody_inside_reads_where_a_sub_budget_stands(name: str) -> None:
    for path in (OWN, GRANT, ADOPTED):
        assert 'aria-current="step"' in read(name, path)


def test_officer_reads_the_adopted_one_without_steps_and_comments() -> None:
    SubBudget.objects.filter(pk=get_sub_budget().pk).update(status="draft")
    shown = read("vimmerby", ADOPTED)
    assert 'aria-current="step"' in shown
    assert "/steps/" not in shown and 'id="steps"' not in shown and "/read/" not in shown
    assert client_of("vimmerby").get(f"{ADOPTED}steps/unlock/").status_code == 404
    assert client_of("vimmerby").post(f"{ADOPTED}read/").status_code == 403


def test_outsider_and_nobody_reach_no_step() -> None:
    assert client_of("utan.roll").get(f"{OWN}steps/submit/").status_code == 404
    assert client_of("utan.roll").post(f"{OWN}steps/submit/").status_code == 404
    assert Client().get(f"{OWN}steps/submit/").status_code == 302
    assert Client().post(f"{OWN}steps/submit/", {"comment": "x"}).status_code == 401
    assert get_sub_budget().status == "draft"


def test_step_that_does_not_exist_is_not_found() -> None:
    for action in ("publish", "compile", "adopt"):
        assert client_of("ekonom").get(f"{OWN}steps/{action}/").status_code == 404


def test_step_of_somebody_else_is_refused_with_the_names_to_ask_and_what_was_typed() -> None:
    set_status("submitted")
    for response in (
        client_of("objektagare").get(f"{OWN}steps/approve/"),
        client_of("direktion").post(f"{OWN}steps/approve/", {"comment": "Mina ord"}),
    ):
        assert response.status_code == 403
        assert "Stina Styrgrupp" in response.content.decode()
    assert "Mina ord" in response.content.decode()
    assert get_sub_budget().status == "submitted"


def test_step_that_somebody_else_has_taken_says_what_is_the_case_now_and_keeps_what_was_typed() -> None:
    set_status("approved")
    response = client_of("styrgrupp").post(f"{OWN}steps/approve/", {"comment": "Mina ord"})
    assert response.status_code == 409
    assert "Mina ord" in response.content.decode()
    assert client_of("styrgrupp").get(f"{OWN}steps/approve/").status_code == 409


@pytest.mark.parametrize("comment", ["", "   ", "x" * 4001])
def test_return_without_a_comment_or_with_a_too_long_one_is_shown_again(comment: str) -> None:
    set_status("submitted")
    response = client_of("styrgrupp").post(f"{OWN}steps/return/", {"comment": comment})
    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.content.decode()
    assert comment.strip() in response.content.decode()
    assert get_sub_budget().status == "submitted"


def test_comment_is_shown_as_text_never_as_markup() -> None:
    set_status("submitted")
    client_of("styrgrupp").post(f"{OWN}steps/return/", {"comment": "<script>alert(1)</script>"})
    assert "<script>alert" not in read("objektagare")
    assert "&lt;script&gt;alert" in read("objektagare")


def test_step_leads_back_to_where_it_was_chosen() -> None:
    response = client_of("objektagare").post(f"{OWN}steps/submit/", {"comment": ""})
    assert response.headers["Location"] == OWN
    response = client_of("ekonom").post(f"{OWN}steps/approve/?from=budget", {"comment": ""})
    assert response.headers["Location"] == "/budgets/budget-2027/workflow/"


def test_warnings_lead_to_their_lines_and_do_not_stop() -> None:
    line = CostLine.objects.filter(budget_product__sub_budget=get_sub_budget()).earliest("pk")
    CostLine.objects.filter(pk=line.pk).update(amount_1_ore=-100_00, quantity=None, unit_price_ore=None)
    client = client_of("objektagare")
    for response in (client.get(OWN), client.get(f"{OWN}steps/submit/")):
        assert f"#line-{line.lineage}" in response.content.decode()
    assert client.post(f"{OWN}steps/submit/", {"comment": ""}).status_code == 302


@pytest.mark.parametrize("text", ["Ny rad", "New line"])
def test_amount_on_a_line_that_nobody_has_named_is_something_to_look_at(text: str) -> None:
    line = CostLine.objects.filter(budget_product__sub_budget=get_sub_budget()).earliest("pk")
    client = client_of("objektagare")
    before = len(client.get(f"{OWN}steps/submit/").context["warnings"])
    CostLine.objects.filter(pk=line.pk).update(text=text)
    warnings = client.get(f"{OWN}steps/submit/").context["warnings"]
    assert len(warnings) == before + 1
    assert f"line-{line.lineage}" in {warning.place for warning in warnings}


def test_jump_follows_the_budgets_percentage() -> None:
    client = client_of("objektagare")
    Budget.objects.filter(slug="budget-2027").update(jump_percent=0)
    strict = len(client.get(f"{OWN}steps/submit/").context["warnings"])
    Budget.objects.filter(slug="budget-2027").update(jump_percent=1000)
    assert len(client.get(f"{OWN}steps/submit/").context["warnings"]) < strict


@pytest.mark.parametrize(("status", "field"), [("draft", "due_on"), ("submitted", "approval_due_on")])
@pytest.mark.parametrize("days", [-3, -1, 0, 1, 9])
def test_days_left_are_told_and_overdue_in_words(status: str, field: str, days: int) -> None:
    set_status(status)
    Budget.objects.filter(slug="budget-2027").update(due_on=None)
    Budget.objects.filter(slug="budget-2027").update(**{field: timezone.localdate() + timedelta(days=days)})
    shown = read("objektagare")
    assert (get_sub_budget().days_left, get_sub_budget().days_overdue) == (days, max(-days, 0))
    assert ("st-bad" in shown.split('id="content"')[1].split("</ul>")[0]) == (days < 0)
    set_status("approved")
    assert get_sub_budget().due_on is None


@pytest.mark.parametrize(("status", "said"), [("draft", "Lämnas in senast"), ("submitted", "Godkänns senast")])
def test_day_that_is_shown_says_for_which_step_it_is(status: str, said: str) -> None:
    set_status(status)
    day = timezone.localdate() + timedelta(days=9)
    Budget.objects.filter(slug="budget-2027").update(due_on=day, approval_due_on=day)
    assert f"<li>{said} <b>" in read("styrgrupp")
    assert ">Senast</" in read("ekonom", "/budgets/budget-2027/workflow/")


@pytest.mark.parametrize("mark", ["x", "-1", "1.5", str(2**70)])
def test_mark_that_is_no_event_is_refused(mark: str) -> None:
    assert client_of("styrgrupp").post(f"{OWN}read/", {"mark": mark}).status_code == 400
    assert not Look.objects.exists()


def test_marking_as_read_leads_back_and_get_is_not_allowed() -> None:
    assert client_of("styrgrupp").post(f"{OWN}read/", {"mark": ""}).headers["Location"] == OWN
    assert client_of("styrgrupp").get(f"{OWN}read/").status_code == 405
    assert Look.objects.get().user == get_user("styrgrupp")


def test_corrected_line_is_marked_and_both_values_are_on_the_page() -> None:
    take_step(get_sub_budget(), Action.SUBMIT, by=get_user("objektagare"))
    line = (
        CostLine.objects.select_related("budget_product__sub_budget__budget")
        .filter(budget_product__sub_budget=get_sub_budget())
        .earliest("pk")
    )
    was = line.text
    change_line(line, {"text": "Rättad text"}, by=get_user("styrgrupp"))
    shown = read("objektagare")
    assert 'href="#corrections"' in shown
    corrections = shown.split('id="corrections"')[1].split("</details>")[0]
    assert was in corrections and "Rättad text" in corrections and "Stina Styrgrupp" in corrections


def own_line() -> CostLine:
    lines = CostLine.objects.select_related("budget_product__sub_budget__budget")
    return lines.filter(budget_product__sub_budget=get_sub_budget(), cost_kind="direct_cost").earliest("pk")


def test_what_the_reviewer_is_told_has_changed_is_marked_in_the_table_too() -> None:
    line = own_line()
    change_line(line, {"text": "Nytt avtal"}, by=get_user("objektagare"))
    take_step(get_sub_budget(), Action.SUBMIT, by=get_user("objektagare"))
    assert f"{line.lineage} text" in read("styrgrupp").partition('data-touched="')[2].partition('"')[0]
    take_step(get_sub_budget(), Action.RETURN, by=get_user("styrgrupp"), comment="Mer")
    assert 'data-touched=""' in read("objektagare")


def test_change_of_the_economist_during_the_review_is_not_said_to_be_the_reviewers() -> None:
    take_step(get_sub_budget(), Action.SUBMIT, by=get_user("objektagare"))
    change_line(own_line(), {"text": "Rättad text"}, by=get_user("ekonom"))
    shown = read("objektagare")
    assert "Eva Ekonom" in shown.split('id="corrections"')[1].split("</details>")[0]
    assert "ändrad under granskningen" in shown and "granskaren" not in shown


def test_who_took_a_step_is_not_said_to_have_marked_anything_as_read() -> None:
    take_step(get_sub_budget(), Action.SUBMIT, by=get_user("objektagare"))
    assert "sedan du senast markerade som läst eller tog ett steg" in read("objektagare")


def test_queries_do_not_depend_on_how_much_has_changed() -> None:
    take_step(get_sub_budget(), Action.SUBMIT, by=get_user("objektagare"))

    lines = list(
        CostLine.objects.select_related("budget_product__sub_budget__budget").filter(
            budget_product__sub_budget=get_sub_budget()
        )
    )
    change_line(lines[0], {"text": "Rättad"}, by=get_user("styrgrupp"))
    one = count_queries(client_of("objektagare"), OWN)
    for line in lines[1:]:
        change_line(line, {"text": "Rättad"}, by=get_user("styrgrupp"))
    assert count_queries(client_of("objektagare"), OWN) == one


def test_first_page_says_what_waits_for_whom() -> None:
    assert '/sub-budgets/socialtjanst/"><b>' in read("objektagare", "/")
    assert '/sub-budgets/socialtjanst/"><b>' not in read("styrgrupp", "/")
    set_status("submitted")
    assert '/sub-budgets/socialtjanst/"><b>' not in read("objektagare", "/")
    assert '/sub-budgets/socialtjanst/"><b>' in read("styrgrupp", "/")
