"""Asset classes: lives, order, what an adopted budget's loans are repaid over stays, and each change is undone."""

from __future__ import annotations

import re

import pytest

from budgets.models import ForecastState
from investments.models import AssetClass, PlannedLoan
from investments.selectors.loans import list_planned_loans, loan_life
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
)

pytestmark = pytest.mark.django_db
LIST = "/asset-classes/"
NEW = {"name": "Övervakningskameror", "useful_life_years": "5", "assumed_life_years": ""}


def add() -> AssetClass:
    assert client_of(ECONOMIST).post(f"{LIST}new/", NEW).status_code == 302
    return AssetClass.objects.get(name=NEW["name"])


def typed(row: AssetClass, **changed: str) -> dict[str, str]:
    form = get_page(ECONOMIST, f"{LIST}{row.slug}/change/").context["form"]
    shown = {name: form[name].value() for name in form.fields}
    return {**{name: str(value) for name, value in shown.items() if value is not None}, **changed}


def used() -> AssetClass:
    """One that the adopted budget's loans are repaid over."""
    loan = PlannedLoan.objects.filter(
        budget__slug=ADOPTED, life_years=None, repayments=None, asset_class__isnull=False
    ).earliest("pk")
    assert loan.asset_class is not None
    return loan.asset_class


def test_list_tells_lives_and_use_to_everybody_with_a_role() -> None:
    for who in (OWNER, OFFICER):
        assert used().name in get_page(who, LIST).content.decode()
    rows = get_page(OWNER, LIST, "sv", export="csv").content.decode()
    assert "Nyttjandeperiod" in rows and "row-act" not in rows
    assert used().name not in get_page(OUTSIDER, LIST).content.decode()


@pytest.mark.parametrize("who", [OWNER, OFFICER])
def test_only_economist_and_administrator_keep_them(who: str) -> None:
    client = client_of(who)
    for address in (f"{LIST}new/", f"{LIST}{used().slug}/change/", f"{LIST}{used().slug}/remove/", f"{LIST}move/"):
        assert client.post(address, NEW).status_code == 403


def test_class_is_added_changed_and_removed_and_each_step_undone() -> None:
    row, client = add(), client_of(ECONOMIST)
    assert (row.slug, row.life_years) == ("overvakningskameror", 5)
    assert client.post(f"{LIST}{row.slug}/change/", typed(row, useful_life_years="7")).status_code == 302
    client.post(client.get(LIST).context["acts"][0].undo_url)
    assert AssetClass.objects.get(pk=row.pk).life_years == 5
    assert client.post(f"{LIST}{row.slug}/remove/").status_code == 302
    client.post(client.get(LIST).context["acts"][0].undo_url)
    assert AssetClass.objects.get(pk=row.pk).life_years == 5


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"name": ""}, "name"),
        ({"useful_life_years": "0"}, "useful_life_years"),
        ({"useful_life_years": "101"}, "useful_life_years"),
        ({"useful_life_years": "-5"}, "useful_life_years"),
        ({"useful_life_years": "2,5"}, "useful_life_years"),
        ({"assumed_life_years": "x"}, "assumed_life_years"),
    ],
)
def test_what_can_not_be_stays_typed_with_words_at_its_field(bad: dict[str, str], field: str) -> None:
    answer = client_of(ECONOMIST).post(f"{LIST}new/", {**NEW, **bad})
    assert answer.status_code == 422 and field in answer.context["form"].errors
    answer = client_of(ECONOMIST).post(f"{LIST}new/", {**NEW, "name": used().name.upper()})
    assert answer.status_code == 422 and "name" in answer.context["form"].errors


def test_another_life_of_a_class_changes_no_budget_that_has_its_own() -> None:
    row, client = used(), client_of(ECONOMIST, "en")
    loans = list_planned_loans(get_budget(ADOPTED))
    before = [loan_life(loan) for loan in loans]
    assert client.post(f"{LIST}{row.slug}/change/", typed(row, useful_life_years="9")).status_code == 302
    assert AssetClass.objects.get(pk=row.pk).useful_life_years == 9
    assert [loan_life(loan) for loan in list_planned_loans(get_budget(ADOPTED))] == before


def test_another_life_lets_the_forecasts_of_drafts_follow() -> None:
    row = add()
    state = ForecastState.objects.get(budget__slug=DRAFT)
    client_of(ECONOMIST).post(f"{LIST}{row.slug}/change/", typed(row, useful_life_years="7"))
    state.refresh_from_db()
    assert (
        state.changed > state.computed
        and get_budget(ADOPTED).forecast_state.changed == get_budget(ADOPTED).forecast_state.computed
    )


def test_class_that_budgets_use_stays_and_what_uses_it_is_linked() -> None:
    client = client_of(ECONOMIST, "en")
    text = client.get(f"{LIST}{used().slug}/remove/").content.decode()
    assert "It stays" in text and f"/budgets/{DRAFT}/loans/" in text
    assert client.post(f"{LIST}{used().slug}/remove/").status_code == 422


def test_class_moves_one_place_and_back_by_undo() -> None:
    client = client_of(ECONOMIST)
    rows = AssetClass.objects.order_by("position", "pk").values_list("slug", flat=True)
    before = list(rows)
    client.post(f"{LIST}move/", {"up": before[2]})
    assert list(rows.all())[:3] == [before[0], before[2], before[1]]
    client.post(client.get(LIST).context["acts"][0].undo_url)
    assert list(rows.all()) == before


def test_first_and_last_class_have_no_arrow_beyond_the_list_however_it_is_filtered() -> None:
    slugs = list(AssetClass.objects.order_by("position", "pk").values_list("slug", flat=True))
    for asked in ({}, {"sort": "-name"}):
        page = client_of(ECONOMIST).get(LIST, asked).content.decode()
        off = re.findall(r'name="(up|down)" value="([^"]+)" type="submit" disabled', page)
        assert sorted(off) == [("down", slugs[-1]), ("up", slugs[0])]


def test_list_asks_as_many_questions_for_one_class_as_for_all() -> None:
    client = client_of(ECONOMIST)
    assert count_queries(client, LIST, q=used().name) == count_queries(client, LIST)


def test_class_is_part_of_another_by_one_level_only() -> None:
    computers, pupils = AssetClass.objects.get(slug="computers"), AssetClass.objects.get(slug="student_computers")
    assert "Datorer och surfplattor" in get_page(OWNER, LIST, "sv", q="Elevdatorer").content.decode()
    row, client = add(), client_of(ECONOMIST)
    assert (
        client.post(f"{LIST}{row.slug}/change/", typed(row, is_device="", parent=str(computers.pk))).status_code == 302
    )
    row.refresh_from_db()
    assert row.parent == computers
    circle = client.post(f"{LIST}computers/change/", typed(computers, is_device="on", parent=str(row.pk)))
    assert list(circle.context["form"].errors) == ["parent"]
    assert client.post(f"{LIST}{row.slug}/change/", typed(row, is_device="", parent=str(pupils.pk))).status_code == 422


def test_class_whose_register_has_no_customer_can_not_become_devices() -> None:
    network = AssetClass.objects.get(slug="network")
    answer = client_of(ECONOMIST).post(f"{LIST}network/change/", typed(network, is_device="on"))
    assert list(answer.context["form"].errors) == ["is_device"]
