"""The pages of the objects: all of them, and one with its people, plan, products and cost over the years."""

from __future__ import annotations

import pytest
from django.utils import translation

from budgets.models import SubBudgetTotal
from desk.objects.selectors import list_year_rows
from objects.models import GovernanceObject, ObjectPlan
from objects.selectors.objects import list_texts
from objects.services.plans import save_plan
from tests.cast import client_of, get_user

pytestmark = pytest.mark.django_db
PAGE = "/objects/socialtjanst/"


def thing() -> GovernanceObject:
    governance_object: GovernanceObject = GovernanceObject.objects.get(slug="socialtjanst")
    return governance_object


def test_every_object_is_listed_with_its_plan_and_people() -> None:
    response = client_of("direktion", "en").get("/objects/")
    rows = [row for _label, rows in response.context["groups"] for row in rows]
    assert len(rows) == GovernanceObject.objects.count()
    text = response.content.decode()
    assert "2025–2027" in text and "Olivia Objektägare" in text and "no plan yet" in text


def test_object_shows_its_total_in_every_budget_that_the_reader_may_see() -> None:
    rows = {row.budget.slug: row.amounts for row in list_year_rows(get_user("ekonom"), thing())}
    stored = SubBudgetTotal.objects.filter(
        sub_budget__budget__slug="budget-2027", sub_budget__governance_object=thing()
    )
    assert rows["budget-2027"][0] == sum(stored.values_list("amount_1_ore", flat=True))
    assert rows["budget-2025"] == [967_700_000, None, None]
    assert {row.budget.slug for row in list_year_rows(get_user("vimmerby"), thing())} == {"budget-2025", "budget-2026"}


def test_people_are_shown_within_the_federation_only() -> None:
    assert "Stina Styrgrupp" in client_of("revisor", "en").get(PAGE).content.decode()
    assert "Stina Styrgrupp" not in client_of("vimmerby", "en").get(PAGE).content.decode()


def test_outsider_finds_no_object() -> None:
    assert client_of("utan.roll", "en").get(PAGE).status_code == 404
    assert client_of("utan.roll", "en").get("/objects/").context["groups"] == []
    assert client_of("ekonom", "en").get("/objects/nowhere/").status_code == 404


def test_text_is_in_the_readers_language_or_the_one_there_is() -> None:
    governance_object = thing()
    governance_object.text_en, governance_object.purpose_sv = "", "Varför"
    governance_object.purpose_en = ""
    assert [(text.text, text.language) for text in list_texts(governance_object)] == [
        (governance_object.text_sv, ""),
        ("Varför", ""),
    ]
    with translation.override("en"):
        assert [text.language for text in list_texts(governance_object)] == ["sv", "sv"]


def test_markup_in_texts_is_shown_as_text() -> None:
    GovernanceObject.objects.filter(slug="socialtjanst").update(purpose_sv="<img src=x onerror=alert(1)>")
    assert "<img src=x" not in client_of("ekonom", "en").get(PAGE).content.decode()


def test_object_without_a_sub_budget_of_its_own_says_so() -> None:
    text = client_of("ekonom", "en").get("/objects/arkitektur/").content.decode()
    assert "No sub-budget of its own" in text and 'id="years"' not in text


def test_history_of_a_plan_names_people_and_is_for_the_federation_only() -> None:
    plan = ObjectPlan.objects.get(governance_object=thing())
    plan.goal_sv, plan.state = "Ännu hemligt", "draft"
    save_plan(plan, by=get_user("objektagare"))
    plan.goal_sv, plan.state = "Beslutat", "agreed"
    save_plan(plan, by=get_user("objektagare"))
    inside = client_of("ekonom", "en").get(PAGE).content.decode()
    assert "Ännu hemligt" in inside and "Olivia" in inside and "objektagare@" not in inside
    outside = client_of("vimmerby", "en").get(PAGE)
    assert outside.status_code == 200
    for secret in ("Ännu hemligt", "Olivia", "objektagare@", "History of the plan"):
        assert secret not in outside.content.decode()
