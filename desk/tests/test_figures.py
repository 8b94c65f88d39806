"""Published figures: listed in words, corrected and removed with undo, and what a reason is linked to keeps its place."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.http import urlencode

from budgets.models import PublishedFigure
from forecasts.services.reasons import save_reason
from tests.cast import (
    ADOPTED,
    DRAFT,
    ECONOMIST,
    OFFICER,
    OUTSIDER,
    OWNER,
    client_of,
    count_queries,
    get_budget,
    get_page,
    get_user,
)

pytestmark = pytest.mark.django_db
LIST = f"/budgets/{ADOPTED}/published/"
NEW = {
    "table": "result_budget",
    "row": "net_result",
    "column": "budget_2031",
    "edition_kind": "budget",
    "edition_year": "2031",
    "tkr": "-1 234",
}


def figure() -> PublishedFigure:
    rows = PublishedFigure.objects.filter(budget__slug=ADOPTED, table="result_budget", tkr__isnull=False)
    return rows.earliest("position")


def address(action: str = "change", of: PublishedFigure | None = None) -> str:
    of = of or figure()
    return f"{LIST}{action}/?" + urlencode({"figure": f"{of.table}|{of.row}|{of.column}|{of.edition}"})


def typed(of: PublishedFigure, **changed: str) -> dict[str, str]:
    form = get_page(ECONOMIST, address(of=of)).context["form"]
    values = {name: form[name].value() for name in form.fields if name != "is_unknown"}
    return {**{name: str(value) for name, value in values.items() if value is not None}, **changed}


def new() -> PublishedFigure:
    return PublishedFigure.objects.get(budget__slug=ADOPTED, column="budget_2031")


@pytest.mark.parametrize(
    ("language", "words"), [("sv", ("Resultatbudget", "Budget 2026")), ("en", ("Result budget", "Budget 2026"))]
)
def test_list_names_tables_and_years_in_words_and_is_filtered(language: str, words: tuple[str, ...]) -> None:
    text = get_page(OWNER, LIST, language, table="result_budget", export="csv").content.decode()
    assert all(word in text for word in words)
    assert "sub_budget" not in text and text.count("\n") < 60


@pytest.mark.parametrize(("who", "status"), [(OFFICER, 200), (OUTSIDER, 404), (OWNER, 200)])
def test_who_sees_the_budget_reads_its_figures(who: str, status: int) -> None:
    assert get_page(who, LIST).status_code == status
    assert get_page(who, LIST.replace(ADOPTED, DRAFT)).status_code == (200 if who == OWNER else 404)


@pytest.mark.parametrize("who", [OWNER, OFFICER])
def test_only_economist_and_administrator_correct_them(who: str) -> None:
    client = client_of(who)
    for url in (f"{LIST}new/", address(), address("remove")):
        assert client.get(url).status_code == 403 and client.post(url, NEW).status_code == 403


def test_figure_is_entered_corrected_and_removed_and_each_step_undone() -> None:
    client = client_of(ECONOMIST)
    assert client.post(f"{LIST}new/", NEW).status_code == 302
    assert (new().tkr, new().edition, new().label) == (-1234, "budget:2031", "net_result")
    assert client.post(address(of=new()), typed(new(), tkr="1 250")).status_code == 302 and new().tkr == 1250
    client.post(client.get(LIST).context["acts"][0].undo_url)
    assert new().tkr == -1234
    assert client.post(address("remove", new())).status_code == 302
    client.post(client.get(LIST).context["acts"][0].undo_url)
    assert new().tkr == -1234


def test_unknown_figure_is_entered_without_an_amount_and_shown_as_x() -> None:
    client = client_of(ECONOMIST)
    assert client.post(f"{LIST}new/", {**NEW, "tkr": "", "is_unknown": "on"}).status_code == 302
    assert new().is_unknown and new().tkr is None
    page = client.get(LIST, {"column": "budget_2031"}).content.decode()
    assert ">x<" in "".join(page.split())


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"tkr": ""}, "tkr"),
        ({"is_unknown": "on"}, "tkr"),
        ({"tkr": "1,5"}, "tkr"),
        ({"tkr": "99999999999"}, "tkr"),
        ({"edition_kind": "x"}, "edition_kind"),
        ({"edition_year": "1999"}, "edition_year"),
        ({"edition_year": "20260"}, "edition_year"),
        ({"table": "x"}, "table"),
        ({"row": ""}, "row"),
        ({"row": "x" * 161}, "row"),
        ({"column": ""}, "column"),
    ],
)
def test_what_can_not_be_stays_typed_with_words_at_its_field(bad: dict[str, str], field: str) -> None:
    answer = client_of(ECONOMIST).post(f"{LIST}new/", {**NEW, **bad})
    assert answer.status_code == 422 and field in answer.context["form"].errors


def test_figure_that_is_there_already_is_not_entered_twice() -> None:
    old = figure()
    kind, year = old.edition.split(":")
    twice = {
        "table": old.table,
        "row": old.row,
        "column": old.column,
        "edition_kind": kind,
        "edition_year": year,
        "tkr": "1",
    }
    answer = client_of(ECONOMIST).post(f"{LIST}new/", twice)
    assert answer.status_code == 422 and "row" in answer.context["form"].errors


def test_figure_with_a_linked_reason_stays_at_its_place_but_its_amount_is_corrected() -> None:
    old, client = figure(), client_of(ECONOMIST, "en")
    save_reason(
        get_budget(ADOPTED), (old.table, old.row, old.column), text="Tryckfel i handlingen", by=get_user(ECONOMIST)
    )
    for answer in (client.get(address("remove")), client.post(address("remove"))):
        text = answer.content.decode()
        assert "Tryckfel i handlingen" in text and "/reconciliation/reason/?figure=" in text
    assert client.post(address(), typed(old, row="annan")).status_code == 422
    assert client.post(address(), typed(old, tkr="77")).status_code == 302
    assert PublishedFigure.objects.get(pk=old.pk).tkr == 77


def test_form_over_somebody_elses_correction_shows_both() -> None:
    mine = typed(figure(), tkr="111")
    PublishedFigure.objects.filter(pk=figure().pk).update(tkr=222)
    answer: Any = client_of(ECONOMIST).post(address(), mine)
    assert answer.status_code == 422 and "222" in answer.content.decode() and "111" in answer.content.decode()
    assert figure().tkr == 222


@pytest.mark.parametrize("query", ["", "?figure=x", "?figure=a|b|c|d", "?figure=|||"])
def test_address_of_no_figure_is_not_found(query: str) -> None:
    assert client_of(ECONOMIST).get(f"{LIST}change/{query}").status_code == 404


def test_budget_without_figures_says_what_to_do() -> None:
    text = get_page(ECONOMIST, LIST.replace(ADOPTED, DRAFT)).content.decode()
    assert "no published figures" in text and f"/imports/new/figures/?period={DRAFT}" in text


def test_list_asks_as_many_questions_for_one_figure_as_for_many() -> None:
    client = client_of(ECONOMIST)
    assert count_queries(client, LIST, q=figure().label, per_page="1") == count_queries(client, LIST, per_page="100")
