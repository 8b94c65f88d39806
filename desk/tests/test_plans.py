"""Object plans: who changes which, the order of priority, the period, and what a plan shows where."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction

from objects.models import DevelopmentItem, GovernanceObject, ObjectPlan
from objects.selectors.plans import load_plan_part
from objects.services.plans import move_item, remove_item, save_item, save_plan, save_texts
from records.changes import list_changes
from records.services.stale import StaleError
from tests.cast import client_of, count_queries, get_user

pytestmark = pytest.mark.django_db
PAGE = "/objects/socialtjanst/"
SUB_BUDGET = "/budgets/budget-2027/sub-budgets/socialtjanst/"


def thing(slug: str = "socialtjanst") -> GovernanceObject:
    governance_object: GovernanceObject = GovernanceObject.objects.get(slug=slug)
    return governance_object


@pytest.fixture
def plan() -> ObjectPlan:
    plan: ObjectPlan = ObjectPlan.objects.get(governance_object__slug="socialtjanst")
    return plan


def titles(plan: ObjectPlan) -> list[str]:
    rows = list(DevelopmentItem.objects.filter(plan=plan).order_by("priority"))
    assert [row.priority for row in rows] == list(range(1, len(rows) + 1))
    return [row.title for row in rows]


def item_of(plan: ObjectPlan, priority: int) -> DevelopmentItem:
    item: DevelopmentItem = DevelopmentItem.objects.get(plan=plan, priority=priority)
    return item


# The demo


def test_demo_holds_the_published_priorities_and_no_plan_where_the_document_has_none() -> None:
    assert ObjectPlan.objects.count() == 8
    assert set(ObjectPlan.objects.values_list("from_year", "to_year", "state")) == {(2025, 2027, "agreed")}
    assert not ObjectPlan.objects.filter(governance_object__slug="informationssakerhet").exists()
    assert DevelopmentItem.objects.filter(plan__governance_object__slug="socialtjanst").count() == 6


# Order


def test_item_moves_one_step_and_stops_at_the_ends(plan: ObjectPlan) -> None:
    by, before = get_user("objektagare"), titles(plan)
    assert move_item(item_of(plan, 2), up=True, by=by)
    assert titles(plan) == [before[1], before[0], *before[2:]]
    assert move_item(item_of(plan, 1), up=False, by=by)
    assert titles(plan) == before
    assert not move_item(item_of(plan, 1), up=True, by=by)
    assert not move_item(item_of(plan, len(before)), up=False, by=by)


def test_item_is_added_last_and_a_removed_one_leaves_no_gap(plan: ObjectPlan) -> None:
    by, before = get_user("objektagare"), titles(plan)
    save_item(DevelopmentItem(plan=plan, title="Ny"), by=by)
    assert titles(plan) == [*before, "Ny"]
    remove_item(item_of(plan, 3), by=by)
    assert titles(plan) == [*before[:2], *before[3:], "Ny"]


# What can't be


@pytest.mark.parametrize(
    "values",
    [{"priority": 1}, {"quarter": 2}, {"year": 2026, "quarter": 5}, {"year": 1900}, {"effect_ore": 10**16}],
    ids=["same priority", "quarter without year", "fifth quarter", "year long ago", "effect beyond all"],
)
def test_database_refuses_an_item_that_can_not_be(plan: ObjectPlan, values: dict[str, int]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        DevelopmentItem.objects.create(**{"plan": plan, "priority": 99, "title": "x", **values})
        connection.check_constraints()


@pytest.mark.parametrize("years", [(2027, 2026), (1999, 2001), (2199, 2201)])
def test_database_refuses_a_period_that_can_not_be(years: tuple[int, int]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ObjectPlan.objects.create(governance_object=thing("nat"), from_year=years[0], to_year=years[1])


def test_plans_of_an_object_do_not_overlap(plan: ObjectPlan) -> None:
    new = ObjectPlan(governance_object=plan.governance_object, from_year=2027, to_year=2029)
    with pytest.raises(ValidationError, match="2025–2027"):
        save_plan(new, by=get_user("ekonom"))
    new.from_year = 2028
    save_plan(new, by=get_user("ekonom"))


def test_item_is_within_its_plan_and_the_plan_round_its_items(plan: ObjectPlan) -> None:
    by = get_user("objektagare")
    for values in ({"year": 2028}, {"quarter": 1}):
        with pytest.raises(ValidationError) as caught:
            save_item(DevelopmentItem(plan=plan, title="x", **values), by=by)
        assert "year" in caught.value.message_dict
    save_item(DevelopmentItem(plan=plan, title="Tidig", year=2025, quarter=1), by=by)
    plan.from_year = 2026
    with pytest.raises(ValidationError, match="Tidig"):
        save_plan(plan, by=by)


def test_item_changed_by_somebody_else_meanwhile_is_not_overwritten(plan: ObjectPlan) -> None:
    mine, theirs = item_of(plan, 1), item_of(plan, 1)
    seen = mine.edited_at
    theirs.title = "Deras"
    save_item(theirs, by=get_user("ekonom"), seen=seen)
    mine.title = "Min"
    with pytest.raises(StaleError):
        save_item(mine, by=get_user("objektagare"), seen=seen)


# Who


@pytest.mark.parametrize(
    "name",
    ["objektledare", "styrgrupp", "direktion", "kommundirektor", "revisor", "administrator", "vimmerby", "utan.roll"],
)
def test_others_change_neither_texts_nor_plan(plan: ObjectPlan, name: str) -> None:
    by, item = get_user(name), item_of(plan, 1)
    for attempt in (
        lambda: save_texts(plan.governance_object, by=by),
        lambda: save_plan(plan, by=by),
        lambda: save_item(item, by=by),
        lambda: move_item(item, up=False, by=by),
        lambda: remove_item(item, by=by),
    ):
        with pytest.raises(PermissionDenied):
            attempt()
    client, refused = client_of(name, "en"), 404 if name == "utan.roll" else 403
    for address in (f"{PAGE}texts/", f"{PAGE}plans/new/", f"/objects/plans/{plan.uuid}/",
                    f"/objects/plans/{plan.uuid}/items/new/", f"/objects/items/{item.uuid}/",
                    f"/objects/items/{item.uuid}/remove/"):  # fmt: skip
        assert client.get(address).status_code == client.post(address).status_code == refused, address
    assert client.post(f"/objects/items/{item.uuid}/move/", {"to": "down"}).status_code == refused


def test_manager_of_another_object_changes_the_own_one_only() -> None:
    client = client_of("objektledare", "en")
    assert client.get("/objects/klient/texts/").status_code == 200
    assert client.get("/objects/klient/").context["can_plan"]
    assert not client.get(PAGE).context["can_plan"]


def test_draft_is_for_the_federation_and_an_outsider_sees_nothing(plan: ObjectPlan) -> None:
    ObjectPlan.objects.filter(pk=plan.pk).update(state="draft")
    officer, outsider = get_user("vimmerby"), get_user("utan.roll")
    assert plan not in ObjectPlan.objects.visible_to(officer)
    assert ObjectPlan.objects.visible_to(officer).exists()
    assert not DevelopmentItem.objects.visible_to(officer).filter(plan=plan).exists()
    assert not ObjectPlan.objects.visible_to(outsider).exists()
    assert plan in ObjectPlan.objects.visible_to(get_user("styrgrupp"))


# The forms


def posted(**values: str) -> dict[str, str]:
    given = {"title": "Ny", "text": "", "state": "proposed", "year": "", "quarter": "", "effect_ore": "", "seen": ""}
    return {**given, **values}


def test_owner_writes_texts_makes_the_next_plan_and_fills_it() -> None:
    client = client_of("objektagare", "en")
    assert client.post(f"{PAGE}texts/", {"text_sv": "Kort", "purpose_sv": "Varför"}).status_code == 302
    form = client.get(f"{PAGE}plans/new/").context["form"]
    assert (form["from_year"].value(), form["to_year"].value()) == (2028, 2030)
    made = {"from_year": "2028", "to_year": "2030", "state": "draft", "goal_sv": "Lugn och ro"}
    assert client.post(f"{PAGE}plans/new/", made).status_code == 302
    plan = ObjectPlan.objects.get(from_year=2028)
    typed = posted(year="2028", quarter="2", effect_ore="-12 500")
    assert client.post(f"/objects/plans/{plan.uuid}/items/new/", typed).status_code == 302
    item = plan.items.get()
    assert (item.effect_ore, item.year, item.quarter, item.priority) == (-1_250_000, 2028, 2, 1)
    text = client.get(PAGE).content.decode()
    assert all(part in text for part in ("Varför", "Lugn och ro", "2028, quarter 2"))


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", ""), ("title", "x" * 201), ("state", "lost"), ("year", "2040"), ("year", "snart"), ("quarter", "7"),
     ("effect_ore", "1.234"), ("effect_ore", "mycket"), ("effect_ore", "9" * 20)],
)  # fmt: skip
def test_bad_item_is_422_and_told_at_its_field(plan: ObjectPlan, field: str, value: str) -> None:
    response = client_of("objektagare", "en").post(
        f"/objects/plans/{plan.uuid}/items/new/", posted(**{field: value, "text": "Behålls"})
    )
    text = response.content.decode()
    assert response.status_code == 422
    assert f"id_{field}_error" in text and "Behålls" in text


@pytest.mark.parametrize(
    ("values", "field"),
    [({"to_year": "2024"}, "to_year"), ({"from_year": ""}, "from_year"), ({"from_year": "2026"}, "from_year"),
     ({"to_year": "99999"}, "to_year"), ({"state": "gone"}, "state"), ({"to_year": "2201"}, "to_year"),
     ({"from_year": "1999"}, "from_year")],
)  # fmt: skip
def test_bad_plan_is_422_and_told_at_its_field(values: dict[str, str], field: str) -> None:
    typed = {"from_year": "2028", "to_year": "2029", "state": "draft", **values}
    response = client_of("ekonom", "en").post(f"{PAGE}plans/new/", typed)
    assert response.status_code == 422
    assert f"id_{field}_error" in response.content.decode()
    assert "plan_ends_after_it_begins" not in response.content.decode()


def test_stale_texts_show_both_and_saving_again_keeps_mine() -> None:
    client, address = client_of("objektagare", "en"), f"{PAGE}texts/"
    seen = client.get(address).context["form"]["seen"].value()
    governance_object = thing()
    governance_object.purpose_sv = "Ekonomens syfte"
    save_texts(governance_object, by=get_user("ekonom"), seen=seen)
    typed = {"text_sv": governance_object.text_sv, "purpose_sv": "Ägarens syfte"}
    response = client.post(address, {**typed, "seen": seen})
    text = response.content.decode()
    assert response.status_code == 422
    assert "Ekonomens syfte" in text and "Ägarens syfte" in text
    assert thing().purpose_sv == "Ekonomens syfte"
    again = response.context["form"]["seen"].value()
    assert client.post(address, {**typed, "seen": again}).status_code == 302
    assert thing().purpose_sv == "Ägarens syfte"
    with pytest.raises(StaleError):
        save_texts(thing(), by=get_user("ekonom"), seen=again)


def test_buttons_move_and_remove_without_script(plan: ObjectPlan) -> None:
    client, before = client_of("objektagare", "en"), titles(plan)
    item = item_of(plan, 1)
    response = client.post(f"/objects/items/{item.uuid}/move/", {"to": "down"}, follow=True)
    assert titles(plan)[:2] == [before[1], before[0]]
    assert before[0] in response.content.decode()
    assert client.get(f"/objects/items/{item.uuid}/move/").status_code == 405
    assert client.get(f"/objects/items/{item.uuid}/remove/").status_code == 200
    assert client.post(f"/objects/items/{item.uuid}/remove/").status_code == 302
    assert before[0] not in titles(plan)


# Where it is shown


def test_sub_budget_page_shows_the_newest_plan_and_the_base_grant_none(plan: ObjectPlan) -> None:
    text = client_of("styrgrupp", "en").get(SUB_BUDGET).content.decode()
    assert "2025–2027" in text and item_of(plan, 1).title in text
    base = client_of("ekonom", "en").get(SUB_BUDGET.replace("socialtjanst", "grundanslag")).content.decode()
    assert 'id="object-plan"' not in base
    assert load_plan_part(get_user("ekonom"), None) is None


def test_object_without_plan_says_what_to_do_to_those_who_may() -> None:
    assert "/objects/klient/plans/new/" in client_of("objektledare", "en").get("/objects/klient/").content.decode()
    text = client_of("direktion", "en").get("/objects/klient/").content.decode()
    assert 'class="empty"' in text and "plans/new" not in text


def test_number_of_queries_does_not_depend_on_the_number_of_items(plan: ObjectPlan) -> None:
    client = client_of("ekonom", "en")
    counts: list[dict[str, int]] = []
    for many in range(2):
        counts.append({address: count_queries(client, address) for address in (PAGE, "/objects/", SUB_BUDGET)})
        DevelopmentItem.objects.bulk_create(
            DevelopmentItem(plan=plan, priority=100 * (many + 1) + n, title=f"Mer {n}") for n in range(30)
        )
    assert counts[0] == counts[1]


def test_history_keeps_what_an_item_was_and_who_took_it_out(plan: ObjectPlan) -> None:
    by, item = get_user("objektagare"), item_of(plan, 1)
    item.state = "done"
    save_item(item, by=by)
    title = item.title
    remove_item(item, by=by)
    changes = list_changes(plan, DevelopmentItem).rows
    updated = next(change for change in changes if change.about == title and change.label == "update")
    assert updated.by == "objektagare@demo.example" and len(updated.fields) == 1
    assert any(change.about == title and change.label == "delete" for change in changes)
    assert title in client_of("revisor", "en").get(PAGE).content.decode()
