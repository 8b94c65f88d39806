"""A step is taken on what was shown, and what stands against it is listed before: approving, compiling, adopting, billing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from budgets.models import Action, AllocationKey, Budget, CostLine, RollUpState
from budgets.services.compiling import compile_budget
from budgets.services.lines import change_line
from budgets.services.shown import ChangedError, load_shown_changes, mark_shown
from budgets.services.workflow import take_step
from forecasts.selectors.obstacles import Against, list_obstacles, list_unapproved
from forecasts.services.roll_up import roll_up_budget
from forecasts.services.versions import adopt_budget
from investments.models import BorrowingFramework, Investment, Loan, PlannedLoan
from invoices.models import BillingRun
from invoices.selectors.billing import load_planned_invoices
from invoices.services import BillingError, ShownError, mark_planned, run_billing
from objects.models import Customer, Decision
from pages.obstacles import tell_obstacles
from tests.cast import (
    ECONOMIST,
    GROUP,
    OWNER,
    approve_all,
    client_of,
    decide,
    get_budget,
    get_line,
    get_sub_budget,
    get_user,
    propose,
    put_sub_budget,
)

pytestmark = pytest.mark.django_db
OWN = "/budgets/budget-2027/sub-budgets/socialtjanst/"
WAY = "/budgets/budget-2027/workflow/"


def open_step(client: Client, address: str) -> str:
    """Opens the page of a step, and gives what its form keeps of what was shown."""
    response = client.get(address)
    assert response.status_code == 200
    mark: str = response.context["shown"]
    assert mark and f'name="shown" value="{mark}"' in response.content.decode()
    return mark


def change_somewhere(slug: str = "socialtjanst") -> None:
    line = get_line(slug)
    change_line(line, {"amount_1_ore": line.amount_1_ore + 12_345_00}, by=get_user(ECONOMIST))


def post(client: Client, address: str, mark: str, **typed: str) -> Any:
    return client.post(address, {"comment": "Mina ord", **typed, "shown": mark})


# Sub-budgets


@pytest.mark.parametrize(("action", "who", "before"), [
    ("submit", OWNER, "draft"), ("approve", GROUP, "submitted"), ("lock", ECONOMIST, "approved"),
])  # fmt: skip
def test_a_step_on_a_page_that_somebody_changed_meanwhile_is_refused_with_the_changes(
    action: str, who: str, before: str
) -> None:
    put_sub_budget(before)
    client, address = client_of(who, "en"), f"{OWN}steps/{action}/"
    mark = open_step(client, address)
    change_somewhere()
    response = post(client, address, mark)
    text = response.content.decode()
    assert response.status_code == 409 and get_sub_budget().status == before
    assert "Somebody has changed it since you opened the page" in text
    assert get_line().text in text and "Mina ord" in text and get_user(ECONOMIST).name in text
    again = response.context["shown"]
    assert again != mark and post(client, address, again).status_code == 302
    assert get_sub_budget().status != before


@pytest.mark.parametrize(("action", "who", "before"), [
    ("submit", OWNER, "draft"), ("approve", GROUP, "submitted"), ("lock", ECONOMIST, "approved"),
])  # fmt: skip
def test_a_step_on_a_page_that_is_as_it_was_shown_is_taken(action: str, who: str, before: str) -> None:
    put_sub_budget(before)
    client, address = client_of(who, "en"), f"{OWN}steps/{action}/"
    mark = open_step(client, address)
    change_somewhere("klient")
    assert post(client, address, mark).status_code == 302


def test_what_was_changed_and_changed_back_is_as_it_was_shown() -> None:
    sub_budget, line = put_sub_budget("submitted"), get_line()
    mark = mark_shown(sub_budget)
    for ore in (line.amount_1_ore + 100, line.amount_1_ore):
        CostLine.objects.filter(pk=line.pk).update(amount_1_ore=ore)
    take_step(sub_budget, Action.APPROVE, by=get_user(GROUP), shown=mark)
    assert get_sub_budget().status == "approved"


def test_a_product_or_a_text_that_changed_meanwhile_is_told_by_its_kind() -> None:
    sub_budget = put_sub_budget("submitted")
    mark = mark_shown(sub_budget)
    key = AllocationKey.objects.filter(budget=sub_budget.budget).latest("pk")
    sub_budget.budget_products.update(allocation_key=key, name="x")
    changes = load_shown_changes(sub_budget, mark)
    assert [changed.model.__name__ for changed in changes.others] == ["BudgetProduct"] and not changes.lines
    with pytest.raises(ChangedError, match="Någon har ändrat"):
        take_step(sub_budget, Action.APPROVE, by=get_user(GROUP), shown=mark)


@pytest.mark.parametrize(
    "mark", ["nonsense", "budgets.costline:x", "budgets.costline:-1", "a:1", "budgets.costline:" + "9" * 40]
)
def test_a_mark_that_can_not_be_read_is_of_nothing_that_was_shown(mark: str) -> None:
    put_sub_budget("submitted")
    assert post(client_of(GROUP, "en"), f"{OWN}steps/approve/", mark).status_code == 409
    assert get_sub_budget().status == "submitted"


# The whole budget


def change_an_investment() -> None:
    Investment.objects.filter(pk=Investment.objects.filter(budget=get_budget()).earliest("pk").pk).update(
        amount_1_ore=1
    )


def change_a_framework() -> None:
    BorrowingFramework.objects.filter(pk=BorrowingFramework.objects.latest("pk").pk).update(needs="x")


def change_a_loan() -> None:
    Loan.objects.update(note="x")


@pytest.mark.parametrize("change", [change_somewhere, change_an_investment, change_a_framework, change_a_loan])
def test_a_budget_is_not_compiled_on_what_changed_meanwhile(change: Any) -> None:
    approve_all()
    client = client_of(ECONOMIST, "en")
    mark = open_step(client, f"{WAY}compile/")
    change()
    response = post(client, f"{WAY}compile/", mark)
    assert response.status_code == 409 and get_budget().phase == "open"
    assert "Somebody has changed it" in response.content.decode() and "Mina ord" in response.content.decode()
    assert post(client, f"{WAY}compile/", response.context["shown"]).status_code == 302


def test_what_was_confirmed_is_asked_again_when_it_is_another_by_then() -> None:
    client = client_of(ECONOMIST, "en")
    approve_all()
    put_sub_budget("draft")
    mark = open_step(client, f"{WAY}compile/")
    put_sub_budget("draft", "klient")
    response = post(client, f"{WAY}compile/", mark, confirmed="on", missing="socialtjanst")
    assert response.status_code == 409 and "checked" not in response.content.decode().split('name="confirmed"')[1][:60]


def test_a_budget_is_neither_proposed_nor_adopted_on_what_changed_meanwhile() -> None:
    approve_all()
    compile_budget(get_budget(), by=get_user(ECONOMIST))
    client = client_of(ECONOMIST, "en")
    mark = open_step(client, f"{WAY}propose/")
    change_an_investment()
    response = post(client, f"{WAY}propose/", mark)
    assert response.status_code == 409 and get_budget().phase == "compiled"
    assert post(client, f"{WAY}propose/", response.context["shown"]).status_code == 302
    decision = decide()
    mark = open_step(client, f"{WAY}adopt/")
    PlannedLoan.objects.filter(budget=get_budget()).update(note="x")
    response = post(client, f"{WAY}adopt/", mark, decision=str(decision.uuid))
    assert response.status_code == 409 and get_budget().status == "draft"
    assert (
        f'value="{decision.uuid}" checked' in " ".join(response.content.decode().split())
        or "checked" in response.content.decode()
    )
    again = response.context["shown"]
    assert post(client, f"{WAY}adopt/", again, decision=str(decision.uuid)).status_code == 302
    assert get_budget().status == "adopted"


def test_deadlines_that_somebody_else_set_meanwhile_are_not_overwritten_silently() -> None:
    client, address = client_of(ECONOMIST, "en"), f"{WAY}deadlines/"
    seen = client.get(address).context["form"]["seen"].value()
    Budget.objects.filter(slug="budget-2027").update(due_on=date(2026, 12, 1))
    typed = {"due_on": "2026-12-24", "approval_due_on": "", "jump_percent": "10"}
    response = client.post(address, {**typed, "seen": seen})
    assert response.status_code == 422 and get_budget().due_on == date(2026, 12, 1)
    text = response.content.decode()
    assert "2026-12-01" in text and 'value="2026-12-24"' in text
    again = response.context["form"]["seen"].value()
    assert client.post(address, {**typed, "seen": again}).status_code == 302
    assert get_budget().due_on == date(2026, 12, 24)


# What stands against it


def list_against(budget: Budget) -> dict[Against, Any]:
    return {found.against: found for found in list_obstacles(budget, get_user(ECONOMIST))}


def test_the_page_before_adopting_lists_what_stands_against_it() -> None:
    propose()
    roll_up_budget(get_budget())
    decide()
    response = client_of(ECONOMIST, "en").get(f"{WAY}adopt/")
    told = {found.against for found in response.context["obstacles"]}
    assert told == set(list_against(get_budget()))
    assert {Against.OVER_FRAMEWORK, Against.COUNCILS, Against.UNKNOWN, Against.ASSUMED, Against.COPIED} <= told
    for found in response.context["obstacles"]:
        assert found.text in response.content.decode().replace("&#x27;", "'")
        assert client_of(ECONOMIST, "en").get(found.url).status_code == 200


def test_copied_lines_that_stand_against_a_step_are_those_that_its_link_shows() -> None:
    client = client_of(ECONOMIST, "en")
    found = {
        told.against: told for told in tell_obstacles(list_obstacles(get_budget(), get_user(ECONOMIST)), get_budget())
    }
    shown = client.get(found[Against.COPIED].url).context["table"]
    count = list_against(get_budget())[Against.COPIED].count
    assert len(shown.rows) == count > 0 and f"{count} rader" in found[Against.COPIED].text
    assumed = client.get(found[Against.ASSUMED].url).context["table"]
    assert assumed.rows and {row.record.provenance for row in assumed.rows} == {"assumed"}


@pytest.mark.parametrize("page", ["workflow/compile/", "dashboard/", "loans/"])
def test_debt_over_the_framework_is_said_with_what_it_rests_on_at_every_place(page: str) -> None:
    roll_up_budget(get_budget())
    said = "The debt exceeds the framework in force in 2028 and 2029 if the assumed repayments and purchases hold"
    assert said in client_of(ECONOMIST, "en").get(f"/budgets/budget-2027/{page}").content.decode()


def test_each_obstacle_is_found_where_it_is_and_gone_where_it_is_mended() -> None:
    budget = get_budget()
    approve_all()
    roll_up_budget(budget)
    assert not {Against.BEHIND, Against.UNAPPROVED} & set(list_against(budget))
    put_sub_budget("submitted")
    assert list_against(budget)[Against.UNAPPROVED].names == ["Socialtjänst"]
    change_somewhere()
    assert Against.BEHIND in list_against(budget)
    Investment.objects.filter(budget=budget).update(amount_1_ore=1, amount_2_ore=1, amount_3_ore=1)
    assert Against.UNKNOWN not in list_against(budget)
    BorrowingFramework.objects.update(amount_ore=10**14)
    roll_up_budget(budget)
    assert not {Against.OVER_FRAMEWORK, Against.NO_FRAMEWORK, Against.BEHIND} & set(list_against(budget))
    PlannedLoan.objects.filter(budget=budget, life_years=None).update(life_years=4)
    assert Against.NO_PLAN not in list_against(budget)
    budget.budget_products.update(allocation_key=None)
    assert Against.NO_KEY in list_against(budget)
    assert all(told.text for told in tell_obstacles(list_obstacles(budget, get_user(ECONOMIST)), budget))


def test_an_assumption_without_a_note_is_counted_beside_all_that_is_assumed() -> None:
    budget = get_budget()
    CostLine.objects.filter(budget=budget).update(provenance="entered")
    before = list_against(budget)
    lines = CostLine.objects.filter(budget=budget)[:2]
    CostLine.objects.filter(pk=lines[0].pk).update(provenance="assumed", note="By last year's tender")
    CostLine.objects.filter(pk=lines[1].pk).update(provenance="assumed", note="")
    after = list_against(budget)
    assert after[Against.ASSUMED].count == before[Against.ASSUMED].count + 2
    bare = before[Against.UNMARKED].count if Against.UNMARKED in before else 0
    assert after[Against.UNMARKED].count == bare + 1


def test_a_sub_budget_locked_without_approval_stays_unapproved() -> None:
    approve_all()
    put_sub_budget("draft")
    compile_budget(get_budget(), by=get_user(ECONOMIST), confirmed=["socialtjanst"])
    assert [row.slug for row in list_unapproved(get_budget())] == ["socialtjanst"]


def test_the_page_before_approving_says_that_the_totals_are_behind() -> None:
    put_sub_budget("submitted")
    roll_up_budget(get_budget())
    client = client_of(GROUP, "en")
    assert client.get(f"{OWN}steps/approve/").context["obstacles"] == []
    RollUpState.objects.filter(sub_budget=get_sub_budget()).update(changed=10**6)
    assert [found.against for found in client.get(f"{OWN}steps/approve/").context["obstacles"]] == [Against.BEHIND]


# Billing


def adopt_unapproved() -> Budget:
    approve_all()
    put_sub_budget("draft")
    compile_budget(get_budget(), by=get_user(ECONOMIST), confirmed=["socialtjanst"])
    decision = Decision.objects.create(body="board", kind="adopt_budget", text="Budget 2027")
    adopt_budget(get_budget(), decision=decision, by="test", reason="x")
    return get_budget()


def test_billing_a_budget_with_unapproved_sub_budgets_is_refused_until_it_is_confirmed() -> None:
    budget = adopt_unapproved()
    client, address = client_of(ECONOMIST, "en"), "/budgets/budget-2027/invoices/1/create/"
    page = client.get(address).content.decode()
    assert "1 sub-budget is not approved: Social services." in page
    typed = {"invoice_on": "2027-01-02"}
    assert client.post(address, typed).status_code == 422
    with pytest.raises(BillingError, match="Social"):
        run_billing(budget, 1, by=get_user(ECONOMIST))
    assert not BillingRun.objects.exists()
    assert client.post(address, {**typed, "confirmed": "on"}).status_code == 302


def test_invoices_that_are_not_those_that_were_shown_are_not_created_and_the_difference_is_told() -> None:
    budget = get_budget("budget-2026")
    client, address = client_of(ECONOMIST, "en"), "/budgets/budget-2026/invoices/1/create/"
    mark = client.get(address).context["shown"]
    assert mark == mark_planned(load_planned_invoices(budget, 1))
    first, *rest = mark.split()
    stale = " ".join([first.partition(":")[0] + ":100", *rest])
    response = client.post(address, {"invoice_on": "2026-01-02", "invoice_on-asked": "2026-01-02", "shown": stale})
    name = Customer.objects.get(uuid=first.partition(":")[0]).name
    assert response.status_code == 409 and not BillingRun.objects.exists()
    assert f"{name}: 1 is now" in response.content.decode()
    with pytest.raises(ShownError):
        run_billing(budget, 1, by=get_user(ECONOMIST), shown="nonsense")
    assert (
        client.post(
            address, {"invoice_on": "2026-01-02", "invoice_on-asked": "2026-01-02", "shown": response.context["shown"]}
        ).status_code
        == 302
    )


def test_steps_of_sub_budgets_and_billing_need_no_clock() -> None:
    """The mark names rows by numbers only."""
    mark = mark_shown(get_budget(), Loan) + " " + mark_shown(get_sub_budget())
    assert all(number.isdecimal() for _label, _colon, number in (part.partition(":") for part in mark.split()))
    assert {"budgets.costline", "budgets.keyweight", "investments.plannedrepayment", "investments.loan"} <= {
        part.partition(":")[0] for part in mark.split()
    }
