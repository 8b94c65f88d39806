"""The first page of those who work with an object: what waits, what has changed since last time, what each member pays."""

from __future__ import annotations

from typing import Any

import pytest

from budgets.models import Action, AllocationKey, SubBudget
from budgets.selectors.bar import load_bar, load_news
from budgets.selectors.changes import load_changes
from budgets.selectors.members import load_member_costs
from budgets.selectors.workflow import list_steps
from budgets.services.lines import change_line
from budgets.services.workflow import mark_as_read, take_step
from forecasts.services.roll_up import roll_up_budget
from objects.models import RoleAssignment
from objects.models.roles import Role
from reports.costs.selectors import load_costs
from reports.tests.test_costs import members
from tests.cast import (
    ECONOMIST,
    GROUP,
    OWN,
    OWNER,
    client_of,
    count_queries,
    get_budget,
    get_customer,
    get_line,
    get_page,
    get_sub_budget,
    get_user,
    list_lines,
    list_open,
    take,
)

pytestmark = pytest.mark.django_db
PAGE = f"/budgets/budget-2027/sub-budgets/{OWN}/"
COSTS = "/budgets/budget-2027/costs/"


def resubmit() -> None:
    """Submitted, returned, corrected in two lines, submitted again."""
    take(Action.SUBMIT, OWNER)
    take(Action.RETURN, ECONOMIST)
    first, second = list_lines()[:2]
    change_line(first, {"note": "rättad"}, by=get_user(OWNER))
    change_line(second, {"note": "rättad"}, by=get_user(OWNER))
    take(Action.SUBMIT, OWNER)


# Changed since last time


def bar_of(name: str) -> Any:
    row, user = get_sub_budget(), get_user(name)
    return load_bar(row, user, list_steps(row, user), load_changes(row, after=2**60))


def test_group_that_never_marked_as_read_sees_what_became_of_its_return() -> None:
    resubmit()
    bar = bar_of(GROUP)
    assert (len(bar.news.lines), bar.look, bar.turn.action) == (2, None, Action.SUBMIT)
    shown = get_page(GROUP, PAGE).content.decode()
    assert 'id="news"' in shown
    assert "2 lines changed since" in shown
    assert f'name="mark" value="{bar.news.newest}"' in shown
    mark_as_read(get_sub_budget(), by=get_user(GROUP))
    assert not bar_of(GROUP).news


def test_first_submission_lists_what_came_after_it_and_a_draft_without_steps_nothing() -> None:
    assert (bar_of(GROUP).turn, bool(bar_of(GROUP).news)) == (None, False)
    take(Action.SUBMIT, OWNER)
    change_line(list_lines()[0], {"note": "ekonomens"}, by=get_user(ECONOMIST))
    assert [line.lineage for line in bar_of(GROUP).news.lines] == [list_lines()[0].lineage]


def test_first_visit_of_the_group_shows_what_the_owner_changed_since_the_copy_with_sums() -> None:
    first, second = list_open()[:2]
    change_line(first, {"amount_1_ore": first.amount_1_ore + 100_000_00}, by=get_user(OWNER))
    change_line(second, {"amount_1_ore": second.amount_1_ore - 25_000_50, "amount_3_ore": 7}, by=get_user(OWNER))
    take(Action.SUBMIT, OWNER)
    news = bar_of(GROUP).news
    assert {line.lineage for line in news.lines} == {first.lineage, second.lineage}
    assert news.change == (74_999_50, 0, 7 - second.amount_3_ore)
    assert load_news([get_sub_budget()], get_user(GROUP))[get_sub_budget().pk].change == news.change
    shown = get_page(GROUP, PAGE).content.decode()
    assert "2 lines changed since it was copied from Budget 2026" in shown
    assert "+74\N{NARROW NO-BREAK SPACE}999.50" in shown


def test_first_page_counts_the_changes_and_leads_to_them() -> None:
    resubmit()
    shown = get_page(GROUP, "/").content.decode()
    assert f'href="{PAGE}#news">2 lines changed since last time</a>' in shown
    mark_as_read(get_sub_budget(), by=get_user(GROUP))
    assert "since last time" not in get_page(GROUP, "/").content.decode()


def test_news_of_several_are_those_of_each() -> None:
    resubmit()
    other = get_sub_budget("klient")
    mark_as_read(other, by=get_user(GROUP))
    change_line(list_lines("klient")[0], {"note": "ny"}, by=get_user(ECONOMIST))
    found = load_news([get_sub_budget(), other], get_user(GROUP))
    assert {key: len(changes.lines) for key, changes in found.items()} == {get_sub_budget().pk: 2, other.pk: 1}
    assert load_news([get_sub_budget()], get_user("vimmerby")) == {}


# What each member pays


def test_members_and_others_add_up_to_the_sub_budget_and_agree_with_the_costs_page() -> None:
    rows = list(SubBudget.objects.filter(budget=get_budget()).select_related("budget"))
    found = load_member_costs(rows, get_user(GROUP))
    for member in members():
        costs = load_costs(get_budget(), None, member)
        assert costs is not None
        by_object = {row.code: row.amounts[0] for row in costs.objects}
        mine = {row.slug: dict(found[row.pk].members).get(member, 0) for row in rows}
        assert {slug: ore for slug, ore in mine.items() if ore} == {slug: ore for slug, ore in by_object.items() if ore}
    alone = load_member_costs([get_sub_budget()], get_user(GROUP))[get_sub_budget().pk]
    assert dict(alone.members).items() <= dict(found[get_sub_budget().pk].members).items()
    total = sum(line.amount_1_ore for line in list_lines())
    assert sum(ore for _member, ore in alone.members) + alone.others == total


@pytest.mark.parametrize("provenance", ["assumed", "published"])
def test_shares_by_a_guessed_key_are_marked(provenance: str) -> None:
    AllocationKey.objects.filter(budget=get_budget()).update(provenance=provenance)
    assert load_member_costs([get_sub_budget()], get_user(GROUP))[get_sub_budget().pk].is_assumed == (
        provenance == "assumed"
    )
    assert ("assumed keys" in get_page(GROUP, PAGE).content.decode()) == (provenance == "assumed")


def test_officer_sees_the_own_municipality_only() -> None:
    found = load_member_costs([get_sub_budget()], get_user("vimmerby"))[get_sub_budget().pk]
    assert ([member for member, _ore in found.members], found.others) == ([get_customer()], 0)


def test_sub_budget_tells_what_each_member_pays_and_leads_to_its_costs_of_the_object() -> None:
    shown = get_page(GROUP, PAGE).content.decode()
    for member in members():
        assert f'href="{COSTS}?customer={member.uuid}&amp;object={OWN}"' in shown
    costs = get_page(GROUP, COSTS, customer=str(get_customer().uuid), object=OWN)
    assert [row.code for row in costs.context["costs"].objects] == [OWN]
    paid = dict(load_member_costs([get_sub_budget()], get_user(GROUP))[get_sub_budget().pk].members)
    assert costs.context["costs"].total.amounts[0] == paid[get_customer()]
    assert f"?customer={get_customer().uuid}" in costs.content.decode()
    assert get_page(GROUP, COSTS, object="finns-inte").status_code == 404


def test_what_members_pay_follows_the_sums() -> None:
    change_line(get_line(), {"amount_1_ore": 9_999_900_000}, by=get_user(OWNER))
    roll_up_budget(get_budget())
    state = get_page(OWNER, f"{PAGE}state/", seen="0", behind="1").content.decode()
    assert 'id="members"' in state
    assert "hx-swap-oob" in state
    assert state.count("?customer=") == len(members())


def test_nobodys_share_is_told_where_there_are_no_keys() -> None:
    get_budget().budget_products.update(allocation_key=None)
    assert load_member_costs([get_sub_budget()], get_user(GROUP)) == {}
    assert "?customer=" not in get_page(GROUP, PAGE).content.decode()
    assert get_page(GROUP, "/").status_code == 200


def test_group_sees_on_its_first_page_what_each_member_pays_of_what_waits() -> None:
    assert "own-members" not in get_page(GROUP, "/").content.decode()
    resubmit()
    answer = get_page(GROUP, "/")
    assert "own-members" in answer.content.decode()
    ((row, costs),) = answer.context["members"]
    assert row == get_sub_budget()
    assert [member for member, _ore in costs.members] == sorted(members(), key=lambda member: member.name)


def test_queries_of_the_first_page_do_not_depend_on_what_waits_or_has_changed() -> None:
    client = client_of(GROUP)

    resubmit()
    before = count_queries(client, "/")
    other = get_sub_budget("klient")
    RoleAssignment.objects.create(
        user=get_user(GROUP), role=Role.STEERING_GROUP, governance_object=other.governance_object
    )
    take_step(other, Action.SUBMIT, by=get_user(ECONOMIST))
    for line in [*list_lines()[:4], *list_lines("klient")]:
        change_line(line, {"note": "ännu en"}, by=get_user(ECONOMIST))
    assert count_queries(client, "/") == before
