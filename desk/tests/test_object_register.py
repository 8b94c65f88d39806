"""The register of objects: added, changed, put in order and removed, with sub-budgets in drafts and roles."""

from __future__ import annotations

import re

import pytest

from budgets.models import SubBudget
from objects.models import GovernanceObject, RoleAssignment
from tests.cast import (
    ADMINISTRATOR,
    ADOPTED,
    DRAFT,
    ECONOMIST,
    MANAGER,
    OFFICER,
    OUTSIDER,
    OWN,
    OWNER,
    REVISED,
    client_of,
    get_page,
    get_sub_budget,
    get_user,
    put_sub_budget,
)

pytestmark = pytest.mark.django_db
LIST = "/governance-objects/"
NEW = {"name_sv": "Ärendehantering", "name_en": "Case management", "kind": "support", "has_own_budget": "on"}


def own() -> GovernanceObject:
    return GovernanceObject.objects.get(slug=OWN)


def typed(row: GovernanceObject, **changed: str) -> dict[str, str]:
    form = get_page(ECONOMIST, f"/objects/{row.slug}/change/").context["form"]
    shown = {"name_sv": row.name_sv, "name_en": row.name_en, "kind": row.kind, "seen": form["seen"].value()}
    return {**shown, **({"has_own_budget": "on"} if row.has_own_budget else {}), **changed}


def add() -> GovernanceObject:
    assert client_of(ECONOMIST).post(f"{LIST}new/", NEW).status_code == 302
    return GovernanceObject.objects.get(name_en="Case management")


def test_list_tells_who_answers_for_each_object_also_as_a_file() -> None:
    rows = get_page(OWNER, LIST, "sv", export="csv").content.decode()
    assert "Socialtjänst" in rows and str(get_user(OWNER)) in rows and "row-act" not in rows
    assert get_page(OWNER, LIST, "sv", kind="primary", q="social", export="csv").content.decode().count("\n") == 2
    assert get_page(OFFICER, LIST).status_code == 200 and "Inga" not in get_page(OUTSIDER, LIST).content.decode()


@pytest.mark.parametrize("who", [OWNER, MANAGER, OFFICER, OUTSIDER])
def test_only_economist_and_administrator_keep_the_register(who: str) -> None:
    client = client_of(who)
    for address in (f"{LIST}new/", f"/objects/{OWN}/change/", f"/objects/{OWN}/remove/", f"{LIST}move/"):
        assert client.post(address, NEW).status_code in (403, 404)
    assert own().name_sv == "Socialtjänst"


def test_object_is_added_given_a_sub_budget_and_a_product_can_be_entered_in_it() -> None:
    row, client = add(), client_of(ECONOMIST)
    assert row.slug == "arendehantering" and row.position == GovernanceObject.objects.count()
    assert [budget.slug for budget in client.get(f"/objects/{row.slug}/change/").context["lacking"]] == [REVISED, DRAFT]
    assert client.post(f"/objects/{row.slug}/sub-budgets/new/", {"budget": DRAFT}).status_code == 302
    sub_budget = SubBudget.objects.get(governance_object=row)
    assert client.get(f"/budgets/{DRAFT}/sub-budgets/{sub_budget.slug}/").status_code == 200
    product = {"name": "Ny tjänst", "sub_budget": sub_budget.slug, "category": "allocated", "vat_percent": "25"}
    assert client.post(f"/budgets/{DRAFT}/products/new/", product).status_code == 302
    again = client.post(f"/objects/{row.slug}/sub-budgets/new/", {"budget": DRAFT}, follow=True)
    assert again.status_code == 200 and SubBudget.objects.filter(governance_object=row).count() == 1
    assert client.post(f"/objects/{row.slug}/sub-budgets/new/", {"budget": "x"}).status_code == 404
    client.post(f"/objects/{row.slug}/sub-budgets/new/", {"budget": ADOPTED})
    assert not SubBudget.objects.filter(governance_object=row, budget__slug=ADOPTED).exists()


def test_addition_is_undone_until_something_rests_on_it() -> None:
    row, client = add(), client_of(ECONOMIST, "en")
    undo = client.get(LIST).context["acts"][0].undo_url
    client.post(f"/objects/{row.slug}/sub-budgets/new/", {"budget": DRAFT})
    assert "can’t be taken back" in client.post(undo, follow=True).content.decode().replace("&#x27;", "’")
    SubBudget.objects.filter(governance_object=row).delete()
    client.post(undo)
    assert not GovernanceObject.objects.filter(pk=row.pk).exists()


def test_draft_follows_the_new_name_and_the_adopted_budget_and_a_locked_sub_budget_keep_theirs() -> None:
    client = client_of(ECONOMIST)
    assert client.post(f"/objects/{OWN}/change/", typed(own(), name_sv="Social omsorg")).status_code == 302
    assert get_sub_budget().name_sv == "Social omsorg" and get_sub_budget(OWN, ADOPTED).name_sv == "Socialtjänst"
    client.post(client.get(LIST).context["acts"][0].undo_url)
    assert (own().name_sv, get_sub_budget().name_sv) == ("Socialtjänst", "Socialtjänst")
    put_sub_budget("locked")
    client.post(f"/objects/{OWN}/change/", typed(own(), name_sv="Social omsorg"))
    assert (own().name_sv, get_sub_budget().name_sv) == ("Social omsorg", "Socialtjänst")


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"name_sv": ""}, "name_sv"),
        ({"name_sv": "socialtjänst"}, "name_sv"),
        ({"name_en": "x" * 121}, "name_en"),
        ({"kind": "x"}, "kind"),
    ],
)
def test_what_can_not_be_stays_typed_with_words_at_its_field(bad: dict[str, str], field: str) -> None:
    answer = client_of(ECONOMIST).post(f"{LIST}new/", {**NEW, **bad})
    assert answer.status_code == 422 and field in answer.context["form"].errors


def test_object_with_a_sub_budget_in_work_can_not_be_without_one() -> None:
    values = typed(own())
    del values["has_own_budget"]
    answer = client_of(ECONOMIST).post(f"/objects/{OWN}/change/", values)
    assert answer.status_code == 422 and "Budget 2027" in str(answer.context["form"].errors["has_own_budget"])


def test_form_over_somebody_elses_change_shows_both() -> None:
    mine = typed(own(), name_en="Mine")
    GovernanceObject.objects.filter(slug=OWN).update(name_en="Theirs")
    answer = client_of(ECONOMIST).post(f"/objects/{OWN}/change/", mine)
    text = answer.content.decode()
    assert answer.status_code == 422 and "Theirs" in text and "Mine" in text and own().name_en == "Theirs"


def test_object_moves_one_place_among_its_kind_and_back_by_undo() -> None:
    client = client_of(ECONOMIST)
    same = list(GovernanceObject.objects.filter(kind=own().kind).order_by("position").values_list("slug", flat=True))
    client.post(f"{LIST}move/", {"down": same[0]})
    moved = GovernanceObject.objects.filter(kind=own().kind).order_by("position").values_list("slug", flat=True)
    assert list(moved[:2]) == [same[1], same[0]] and list(moved[2:]) == same[2:]
    client.post(client.get(LIST).context["acts"][0].undo_url)
    assert list(moved.all()) == same
    assert client.post(f"{LIST}move/", {"up": same[0]}).status_code == 302 and list(moved.all()) == same
    assert client.post(f"{LIST}move/", {"up": "x"}).status_code == 404


def test_first_and_last_of_a_kind_have_no_arrow_beyond_it() -> None:
    page = client_of(ECONOMIST).get(LIST).content.decode()
    rows = list(GovernanceObject.objects.order_by("position", "pk"))
    same = [[row.slug for row in rows if row.kind == kind] for kind in {row.kind for row in rows}]
    off = re.findall(r'name="(up|down)" value="([^"]+)" type="submit" disabled', page)
    assert sorted(off) == sorted([("up", slugs[0]) for slugs in same] + [("down", slugs[-1]) for slugs in same])


def test_objects_that_share_a_place_get_their_own_when_one_is_moved() -> None:
    GovernanceObject.objects.update(position=0)
    rows = GovernanceObject.objects.filter(kind=own().kind)
    before = list(rows.order_by("position", "pk").values_list("slug", flat=True))
    client_of(ECONOMIST).post(f"{LIST}move/", {"up": before[1]})
    assert list(rows.order_by("position", "pk").values_list("slug", flat=True))[:2] == [before[1], before[0]]


def test_object_is_removed_only_when_nothing_rests_on_it_and_what_does_is_linked() -> None:
    client = client_of(ECONOMIST, "en")
    text = client.get(f"/objects/{OWN}/remove/").content.decode()
    assert f"/budgets/{DRAFT}/sub-budgets/{OWN}/" in text and "/people/" in text and f"/objects/{OWN}/#plan" in text
    assert client.post(f"/objects/{OWN}/remove/").status_code == 422 and own()
    row = add()
    assert client.post(f"/objects/{row.slug}/remove/").status_code == 302
    assert not GovernanceObject.objects.filter(pk=row.pk).exists()


def test_administrator_gives_a_role_on_the_objects_page_and_the_economist_does_not() -> None:
    address, person = f"/objects/{OWN}/people/new/", get_user(ECONOMIST)
    assert client_of(ECONOMIST).post(address, {"person": person.uuid, "role": "object_owner"}).status_code == 403
    client = client_of(ADMINISTRATOR)
    assert client.post(address, {"person": person.uuid, "role": "object_owner"}).status_code == 302
    assert RoleAssignment.objects.filter(user=person, governance_object=own(), role="object_owner").exists()
    assert client.post(address, {"person": person.uuid, "role": "object_owner"}).status_code == 422
    assert client.post(address, {"person": person.uuid, "role": "economist"}).status_code == 422


def test_empty_sub_budget_of_a_draft_is_removed_comes_back_and_one_with_products_stays() -> None:
    row, client = add(), client_of(ECONOMIST, "en")
    form, remove = f"/objects/{row.slug}/change/", f"/objects/{row.slug}/sub-budgets/remove/"
    client.post(f"/objects/{row.slug}/sub-budgets/new/", {"budget": DRAFT})
    made = SubBudget.objects.get(governance_object=row)
    assert [budget.slug for budget in client.get(form).context["with_empty"]] == [DRAFT]
    page = client.post(remove, {"budget": DRAFT}, follow=True)
    assert not SubBudget.objects.filter(governance_object=row).exists()
    assert "removed an empty sub-budget: Ärendehantering" in page.content.decode()
    undo = next(act.undo_url for act in page.context["acts"] if "empty sub-budget" in act.said)
    client.post(undo)
    assert SubBudget.objects.get(governance_object=row).lineage == made.lineage
    stays = client.post(f"/objects/{OWN}/sub-budgets/remove/", {"budget": DRAFT}, follow=True).content.decode()
    assert "so it stays" in stays and SubBudget.objects.filter(budget__slug=DRAFT, slug=OWN).exists()
    client.post(f"/objects/{OWN}/sub-budgets/remove/", {"budget": ADOPTED})
    assert SubBudget.objects.filter(budget__slug=ADOPTED, slug=OWN).exists()
    assert not get_page(ECONOMIST, f"/objects/{OWN}/change/").context["with_empty"]


def order(slug: str) -> list[str]:
    rows = SubBudget.objects.filter(budget__slug=slug, governance_object__kind=own().kind)
    return list(rows.order_by("position").values_list("slug", flat=True))


def test_sub_budgets_of_drafts_stand_in_the_order_of_their_objects() -> None:
    """Those of an adopted budget, and those that are locked, stand where they stood."""
    before, adopted = order(DRAFT), order(ADOPTED)
    client_of(ECONOMIST).post(f"{LIST}move/", {"up": OWN})
    place = before.index(OWN)
    assert order(DRAFT) == [*before[: place - 1], OWN, before[place - 1], *before[place + 1 :]]
    assert order(ADOPTED) == adopted
    put_sub_budget("locked")
    client_of(ECONOMIST).post(f"{LIST}move/", {"down": OWN})
    assert order(DRAFT) != before
