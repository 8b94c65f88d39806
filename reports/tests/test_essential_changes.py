"""The page that collects what the objects write on essential changes: in their order, the empty ones named."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from budgets.models import SubBudget
from tests.cast import client_of, count_queries

pytestmark = pytest.mark.django_db
PAGE = "/budgets/budget-2027/essential-changes/"
ADOPTED = "/budgets/budget-2026/essential-changes/"


def read(name: str = "ekonom", url: str = PAGE) -> Any:
    return client_of(name, "en").get(url)


def write(**texts: str) -> None:
    for slug, text in texts.items():
        SubBudget.objects.filter(budget__slug="budget-2027", slug=slug).update(changes_sv=text)


def test_texts_stand_in_the_order_of_the_objects_and_the_others_are_named() -> None:
    write(klient="Nya datorer", socialtjanst="Nytt <b>avtal</b>\n\nAndra stycket")
    response = read()
    page = response.content.decode()
    order = list(SubBudget.objects.filter(budget__slug="budget-2027").values_list("slug", flat=True))
    shown = [row.slug for row in response.context["written"]]
    assert shown == [slug for slug in order if slug in ("klient", "socialtjanst")]
    assert [row.slug for row, _may in response.context["missing"]] == [slug for slug in order if slug not in shown]
    assert "Nya datorer" in page and "<p>Andra stycket</p>" in page and "<b>avtal" not in page
    assert 'lang="sv"' in page


def test_link_to_write_is_for_those_who_may() -> None:
    address = "/budgets/budget-2027/sub-budgets/socialtjanst/changes/"
    assert [address in read(name).content.decode() for name in ("ekonom", "objektagare", "styrgrupp")] == [
        True, True, False,
    ]  # fmt: skip
    assert "No object has written" in read().content.decode()


def test_page_is_linked_from_the_overview_and_from_each_sub_budget() -> None:
    for url in ("/budgets/budget-2027/", "/budgets/budget-2027/sub-budgets/klient/"):
        assert PAGE in read(url=url).content.decode()


def test_officer_reads_it_of_an_adopted_budget_only_and_others_nothing() -> None:
    assert read("vimmerby", ADOPTED).status_code == 200
    assert read("vimmerby").status_code == 404
    assert read("utan.roll", ADOPTED).status_code == 404
    assert Client().get(PAGE).status_code == 302


def test_number_of_queries_does_not_depend_on_how_many_have_written() -> None:
    counts = []
    for text in ("", "Skrivet"):
        SubBudget.objects.filter(budget__slug="budget-2027").update(changes_sv=text)
        counts.append(count_queries(client_of("ekonom", "en"), PAGE))
    assert counts[0] == counts[1]
