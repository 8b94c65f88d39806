"""The first page of those who work with an object: what waits, what has changed since last time, what each member pays."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from budgets.models import Action, AllocationKey, Budget, CostLine, SubBudget
from budgets.selectors.bar import load_bar, load_news
from budgets.selectors.changes import load_changes
from budgets.selectors.members import load_member_costs
from budgets.selectors.workflow import list_steps
from budgets.services.lines import change_line
from budgets.services.workflow import mark_as_read, take_step
from forecasts.services.roll_up import roll_up_budget
from objects.models import RoleAssignment
from objects.models.roles import Role
from reports.selectors.costs import load_costs
from reports.tests.test_costs import budget_of, get, members, person, vimmerby

pytestmark = pytest.mark.django_db
OWN = "socialtjanst"
OWNER, GROUP, ECONOMIST = "objektagare", "styrgrupp", "ekonom"
PAGE = f"/budgets/budget-2027/sub-budgets/{OWN}/"
COSTS = "/budgets/budget-2027/costs/"


def sub_budget(slug: str = OWN) -> SubBudget:
    found: SubBudget = SubBudget.objects.select_related("budget").get(slug=slug, budget__slug="budget-2027")
    return found


def lines(slug: str = OWN) -> list[CostLine]:
    rows = CostLine.objects.filter(budget_product__sub_budget=sub_budget(slug)).order_by("pk")
    return list(rows.select_related("budget_product__sub_budget__budget"))


def take(action: Action, by: str) -> None:
    take_step(sub_budget(), action, by=person(by), comment="because")


def resubmit() -> None:
    """Submitted, returned, corrected in two lines, submitted again."""
    take(Action.SUBMIT, OWNER)
    take(Action.RETURN, ECONOMIST)
    first, second = lines()[:2]
    change_line(first, {"note": "rättad"}, by=person(OWNER))
    change_line(second, {"note": "rättad"}, by=person(OWNER))
    take(Action.SUBMIT, OWNER)


# Changed since last time


def bar_of(name: str) -> Any:
    row, user = sub_budget(), person(name)
    return load_bar(row, user, None, list_steps(row, user), load_changes(row, after=2**60))


def test_group_that_never_marked_as_read_sees_what_became_of_its_return() -> None:
    resubmit()
    bar = bar_of(GROUP)
    assert (len(bar.news.lines), bar.look, bar.turn.action) == (2, None, Action.RETURN)
    shown = get(GROUP, PAGE).content.decode()
    assert 'id="news"' in shown
    assert "2 lines changed since" in shown
    assert f'name="mark" value="{bar.news.newest}"' in shown
    mark_as_read(sub_budget(), by=person(GROUP))
    assert not bar_of(GROUP).news


def test_first_submission_lists_what_came_after_it_and_a_draft_without_steps_nothing() -> None:
    assert (bar_of(GROUP).turn, bool(bar_of(GROUP).news)) == (None, False)
    take(Action.SUBMIT, OWNER)
    change_line(lines()[0], {"note": "ekonomens"}, by=person(ECONOMIST))
    assert [line.lineage for line in bar_of(GROUP).news.lines] == [lines()[0].lineage]


def test_first_page_counts_the_changes_and_leads_to_them() -> None:
    resubmit()
    shown = get(GROUP, "/").content.decode()
    assert f'href="{PAGE}#news">2 lines changed since last time</a>' in shown
    mark_as_read(sub_budget(), by=person(GROUP))
    assert "since last time" not in get(GROUP, "/").content.decode()


def test_news_of_several_are_those_of_each() -> None:
    resubmit()
    other = sub_budget("klient")
    mark_as_read(other, by=person(GROUP))
    change_line(lines("klient")[0], {"note": "ny"}, by=person(ECONOMIST))
    found = load_news([sub_budget(), other], person(GROUP))
    assert {key: len(changes.lines) for key, changes in found.items()} == {sub_budget().pk: 2, other.pk: 1}
    assert load_news([sub_budget()], person("vimmerby")) == {}


# What each member pays


def test_members_and_others_add_up_to_the_sub_budget_and_agree_with_the_costs_page() -> None:
    rows = list(SubBudget.objects.filter(budget=budget_of(2027)).select_related("budget"))
    found = load_member_costs(rows, person(GROUP))
    for member in members():
        costs = load_costs(budget_of(2027), None, member)
        assert costs is not None
        by_object = {row.code: row.amounts[0] for row in costs.objects}
        mine = {row.slug: dict(found[row.pk].members).get(member, 0) for row in rows}
        assert {slug: ore for slug, ore in mine.items() if ore} == {slug: ore for slug, ore in by_object.items() if ore}
    alone = load_member_costs([sub_budget()], person(GROUP))[sub_budget().pk]
    assert dict(alone.members).items() <= dict(found[sub_budget().pk].members).items()
    total = sum(line.amount_1_ore for line in lines())
    assert sum(ore for _member, ore in alone.members) + alone.others == total


@pytest.mark.parametrize("provenance", ["assumed", "published"])
def test_shares_by_a_guessed_key_are_marked(provenance: str) -> None:
    AllocationKey.objects.filter(budget=budget_of(2027)).update(provenance=provenance)
    assert load_member_costs([sub_budget()], person(GROUP))[sub_budget().pk].is_assumed == (provenance == "assumed")
    assert ("assumed keys" in get(GROUP, PAGE).content.decode()) == (provenance == "assumed")


def test_officer_sees_the_own_municipality_only() -> None:
    found = load_member_costs([sub_budget()], person("vimmerby"))[sub_budget().pk]
    assert ([member for member, _ore in found.members], found.others) == ([vimmerby()], 0)


def test_sub_budget_tells_what_each_member_pays_and_leads_to_its_costs_of_the_object() -> None:
    shown = get(GROUP, PAGE).content.decode()
    for member in members():
        assert f'href="{COSTS}?customer={member.uuid}&amp;object={OWN}"' in shown
    costs = get(GROUP, COSTS, customer=str(vimmerby().uuid), object=OWN)
    assert [row.code for row in costs.context["costs"].objects] == [OWN]
    paid = dict(load_member_costs([sub_budget()], person(GROUP))[sub_budget().pk].members)
    assert costs.context["costs"].total.amounts[0] == paid[vimmerby()]
    assert f"?customer={vimmerby().uuid}" in costs.content.decode()
    assert get(GROUP, COSTS, object="finns-inte").status_code == 404


def test_what_members_pay_follows_the_sums() -> None:
    change_line(lines()[0], {"amount_1_ore": 9_999_900_000}, by=person(OWNER))
    roll_up_budget(budget_of(2027))
    state = get(OWNER, f"{PAGE}state/", seen="0", behind="1").content.decode()
    assert 'id="members"' in state
    assert "hx-swap-oob" in state
    assert state.count("?customer=") == len(members())


def test_nobodys_share_is_told_where_there_are_no_keys() -> None:
    Budget.objects.get(slug="budget-2027").budget_products.update(allocation_key=None)
    assert load_member_costs([sub_budget()], person(GROUP)) == {}
    assert "?customer=" not in get(GROUP, PAGE).content.decode()
    assert get(GROUP, "/").status_code == 200


def test_group_sees_on_its_first_page_what_each_member_pays_of_what_waits() -> None:
    assert "own-members" not in get(GROUP, "/").content.decode()
    resubmit()
    answer = get(GROUP, "/")
    assert "own-members" in answer.content.decode()
    ((row, costs),) = answer.context["members"]
    assert row == sub_budget()
    assert [member for member, _ore in costs.members] == sorted(members(), key=lambda member: member.name)


def test_queries_of_the_first_page_do_not_depend_on_what_waits_or_has_changed() -> None:
    client = Client()
    client.force_login(person(GROUP))

    def count() -> int:
        client.get("/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/").status_code == 200
        return len(queries)

    resubmit()
    before = count()
    other = sub_budget("klient")
    RoleAssignment.objects.create(
        user=person(GROUP), role=Role.STEERING_GROUP, governance_object=other.governance_object
    )
    take_step(other, Action.SUBMIT, by=person(ECONOMIST))
    for line in [*lines()[:4], *lines("klient")]:
        change_line(line, {"note": "ännu en"}, by=person(ECONOMIST))
    assert count() == before
