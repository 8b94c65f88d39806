"""Supplementary requests: asked by an owner, answered by a decision, gathered into one revised budget, each with its way back."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum

from budgets.models import Budget, CostLine, SubBudget
from forecasts.models import ForecastRow
from forecasts.services.roll_up import roll_up_budget
from forecasts.services.versions import revise_budget
from investments.models import AssetClass, InvestmentItem, PlannedLoan, RequestedRow, SupplementaryRequest
from objects.models import Decision
from tests.cast import (
    ADOPTED,
    BOARD,
    DRAFT,
    ECONOMIST,
    MANAGER,
    OFFICER,
    OTHER,
    OUTSIDER,
    OWN,
    OWNER,
    client_of,
    forget_revision,
    get_budget,
    get_page,
    get_user,
)  # fmt: skip

pytestmark = pytest.mark.django_db
LIST = f"/budgets/{ADOPTED}/requests/"


@pytest.fixture(autouse=True)
def _without_revision(db: None) -> None:
    forget_revision()


def own_product(slug: str = OWN) -> Any:
    sub_budget = SubBudget.objects.get(budget__slug=ADOPTED, slug=slug)
    return sub_budget.budget_products.order_by("position").first()


def typed(**changed: str) -> dict[str, str]:
    product = own_product()
    return {
        "governance_object": str(product.sub_budget.governance_object_id),
        "name": "Fler licenser",
        "reason": "Fler medarbetare än beräknat.",
        "product": str(product.product_id),
        "amount_1_ore": "250 000",
        "amount_2_ore": "100 000",
        "amount_3_ore": "",
        "financing": "members",
        **changed,
    }


def write(who: str = OWNER, **changed: str) -> SupplementaryRequest:
    answer = client_of(who).post(f"{LIST}new/", typed(**changed))
    assert answer.status_code == 302, answer.context["form"].errors
    return SupplementaryRequest.objects.latest("pk")


def asset(**changed: str) -> dict[str, str]:
    computers = AssetClass.objects.get(slug="computers")
    return {"product": "", "asset_class": str(computers.pk), "financing": "loan", **changed}


def step(row: SupplementaryRequest, name: str, who: str) -> Any:
    return client_of(who, "en").post(f"{LIST}{row.uuid}/{name}/")


def submitted(who: str = OWNER, **changed: str) -> SupplementaryRequest:
    row = write(who, **changed)
    assert step(row, "submit", who).status_code == 302
    row.refresh_from_db()
    assert row.state == "submitted"
    return row


def decision() -> Decision:
    found, _made = Decision.objects.get_or_create(
        kind="grant_request", text="Tilläggsäskande", body="board", meeting_on="2026-05-07"
    )
    return found


def answer(row: SupplementaryRequest, **changed: str) -> Any:
    """Post the answer twice, as a person does: first to see what it leads to."""
    given = {"state": "granted", "decision": str(decision().uuid), "answer": "", **changed}
    client = client_of(ECONOMIST, "en")
    shown = client.post(f"{LIST}{row.uuid}/answer/", given)
    if shown.status_code != 200:
        return shown
    row.refresh_from_db()
    assert row.state == "submitted" and not Budget.objects.filter(slug__startswith="trial").exists()
    mark = shown.context["form"]["shown"].value()
    return shown, client.post(f"{LIST}{row.uuid}/answer/", {**given, "shown": mark})


def granted(**changed: str) -> SupplementaryRequest:
    row = submitted(**changed)
    _shown, done = answer(row)
    assert done.status_code == 302
    row.refresh_from_db()
    return row


def revision() -> Budget:
    source = get_budget(ADOPTED)
    return revise_budget(source, slug="budget-2026-rev", name="Budget 2026, reviderad", by=get_user(ECONOMIST))


def gather(*rows: SupplementaryRequest) -> Any:
    return client_of(ECONOMIST, "en").post(f"{LIST}gather/", {"request": [str(row.uuid) for row in rows]})


def figures(budget: Budget) -> list[tuple[Any, ...]]:
    rows = ForecastRow.objects.filter(forecast__budget=budget).order_by("forecast__kind", "position", "year")
    return list(rows.values_list("forecast__kind", "row", "budget_product", "year", "amount_ore"))


def stored(budget: Budget, row: str, year: int = 2026) -> int:
    found = ForecastRow.objects.get(forecast__budget=budget, row=row, year=year, budget_product=None)
    assert found.amount_ore is not None
    return found.amount_ore


def test_an_owner_asks_for_the_own_object_and_the_economist_reads_it_once_it_is_submitted() -> None:
    row = write()
    assert row.state == "draft" and row.amounts == (25_000_000, 10_000_000, 0) and row.asked_by == get_user(OWNER)
    for who in (BOARD, MANAGER):
        assert get_page(who, f"{LIST}{row.uuid}/").status_code == 404
    assert get_page(ECONOMIST, f"{LIST}{row.uuid}/").status_code == 200
    step(row, "submit", OWNER)
    page = get_page(BOARD, f"{LIST}{row.uuid}/", "sv").content.decode()
    assert "Fler licenser" in page and "inskickat" in page.lower() and "/answer/" not in page
    assert "Fler licenser" in get_page(BOARD, LIST, "sv").content.decode()
    assert get_page(OFFICER, LIST).context is None or "Fler licenser" not in get_page(OFFICER, LIST).content.decode()
    assert get_page(OUTSIDER, LIST).status_code == 404


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"amount_1_ore": "-5"}, "amount_1_ore", "-5 kr can't be asked for in 2026"),
        ({"amount_1_ore": "", "amount_2_ore": ""}, "amount_1_ore", "at least one of the years"),
        ({"amount_1_ore": "mycket"}, "amount_1_ore", "mycket"),
        ({"name": ""}, "name", "required"),
        ({"reason": ""}, "reason", "required"),
        ({"product": ""}, "asset_class", "one of them"),
        ({"financing": "loan"}, "financing", "A loan pays for assets only"),
        ({"financing": "within_object"}, "taken_from", "Choose the line"),
        ({"month": "3"}, "month", "Leave it empty"),
        ({"governance_object": ""}, "governance_object", "Choose the object"),
    ],
)
def test_a_request_that_cannot_be_is_refused_by_its_field(changed: dict[str, str], field: str, said: str) -> None:
    found = client_of(OWNER, "en").post(f"{LIST}new/", typed(**changed))
    assert found.status_code == 422
    errors = {name: " ".join(words) for name, words in found.context["form"].errors.items()}
    assert list(errors) == [field] and said in errors[field].replace("\u2212", "-")
    assert not SupplementaryRequest.objects.exists()


def test_months_and_financing_of_what_is_bought() -> None:
    for changed, field in (({"month": "13"}, "month"), ({"financing": "members"}, "financing")):
        found = client_of(OWNER, "en").post(f"{LIST}new/", typed(**asset(**changed)))
        assert list(found.context["form"].errors) == [field]
    both = client_of(OWNER, "en").post(f"{LIST}new/", typed(asset_class=asset()["asset_class"]))
    assert list(both.context["form"].errors) == ["product"]


def test_an_owner_asks_for_no_other_object_and_changes_nothing_that_is_submitted() -> None:
    other = own_product(OTHER)
    found = client_of(OWNER, "en").post(
        f"{LIST}new/", typed(governance_object=str(other.sub_budget.governance_object_id))
    )
    assert found.status_code == 422 and list(found.context["form"].errors) == ["governance_object"]
    row = submitted()
    assert client_of(OWNER).post(f"{LIST}{row.uuid}/change/", typed()).status_code == 403
    assert client_of(OWNER).get(f"{LIST}{row.uuid}/answer/").status_code == 403
    assert step(row, "take-back", MANAGER).status_code == 403
    for name in ("answer", "gather"):
        address = f"{LIST}{row.uuid}/answer/" if name == "answer" else f"{LIST}gather/"
        assert client_of(BOARD).post(address, {}).status_code == 403
    step(row, "take-back", OWNER)
    row.refresh_from_db()
    assert row.state == "draft" and row.submitted_at is None
    step(row, "remove", OWNER)
    assert not SupplementaryRequest.objects.exists()


def test_what_a_grant_leads_to_is_shown_before_it_is_granted_and_nothing_of_it_is_kept() -> None:
    row = submitted()
    before = (Budget.objects.count(), CostLine.objects.count(), RequestedRow.objects.count())
    shown, done = answer(row)
    effects = shown.context["effects"]
    moved = {effect.row: effect.changes for effect in effects.rows}
    assert moved["operating_costs"] == [-25_000_000, -10_000_000, 0]
    assert moved["net_result"] == [0, 0, 0] and moved["closing_debt"] == [0, 0, 0]
    assert [sum(own) for own in zip(*(e.changes for e in effects.members), strict=True)] == [25_000_000, 10_000_000, 0]
    assert done.status_code == 302
    assert (Budget.objects.count(), CostLine.objects.count(), RequestedRow.objects.count()) == before
    row.refresh_from_db()
    assert row.state == "granted" and row.granted == row.amounts and row.decision == decision()
    assert f"{LIST}{row.uuid}/" in get_page(BOARD, f"/decisions/{decision().uuid}/").content.decode()


def test_another_answer_than_the_one_shown_is_shown_again() -> None:
    row = submitted()
    given = {"state": "granted", "decision": str(decision().uuid)}
    client = client_of(ECONOMIST, "en")
    mark = client.post(f"{LIST}{row.uuid}/answer/", given).context["form"]["shown"].value()
    partly = {**given, "state": "partly", "granted_1_ore": "100 000", "answer": "Hälften räcker.", "shown": mark}
    again = client.post(f"{LIST}{row.uuid}/answer/", partly)
    assert again.status_code == 200 and again.context["effects"].rows[1].changes == [-10_000_000, 0, 0]
    row.refresh_from_db()
    assert row.state == "submitted"


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"decision": ""}, "decision", "Choose the decision"),
        ({"state": "refused"}, "answer", "Write why"),
        ({"state": "partly", "answer": "x", "granted_1_ore": "250 001"}, "granted_1_ore", "from 0 to the 250 000 kr"),
        ({"state": "partly", "answer": "x"}, "granted_1_ore", "Nothing is granted"),
        (
            {"state": "partly", "answer": "x", "granted_1_ore": "250 000", "granted_2_ore": "100 000"},
            "granted_1_ore",
            "all that is asked for",
        ),
    ],
)
def test_an_answer_that_cannot_be_is_refused_by_its_field(changed: dict[str, str], field: str, said: str) -> None:
    row = submitted()
    found = answer(row, **changed)
    errors = {name: " ".join(words) for name, words in found.context["form"].errors.items()}
    assert found.status_code == 422 and list(errors) == [field]
    assert said in errors[field].replace("\u202f", " ").replace("\xa0", " ")


def test_a_refusal_names_its_reason_and_can_be_taken_back() -> None:
    row = submitted()
    shown, done = answer(row, state="refused", answer="Ryms inte.")
    assert done.status_code == 302 and not any(effect.is_moved for effect in shown.context["effects"].rows)
    row.refresh_from_db()
    assert row.state == "refused" and row.granted == (0, 0, 0)
    assert "Ryms inte." in get_page(OWNER, f"{LIST}{row.uuid}/").content.decode()
    step(row, "reopen", ECONOMIST)
    row.refresh_from_db()
    assert row.state == "submitted" and row.decision is None and row.answer == ""


def test_several_are_gathered_into_one_revised_budget_and_taken_out_again_to_the_same_figures() -> None:
    cost, bought = granted(), granted(**asset(amount_1_ore="1 140 000", amount_2_ore="", month="3"))
    target = revision()
    before, adopted = figures(target), figures(get_budget(ADOPTED))
    lines = CostLine.objects.filter(budget__slug=ADOPTED).aggregate(total=Sum("amount_1_ore"))
    debt, costs = stored(target, "closing_debt"), stored(target, "operating_costs")
    assert gather(cost, bought).status_code == 302
    for row in (cost, bought):
        row.refresh_from_db()
        assert row.gathered_in == target
    item = InvestmentItem.objects.get(budget=target)
    assert (item.name, item.year, item.month, item.amount_ore) == ("Fler licenser", 2026, 3, 114_000_000)
    assert item.decision == decision() and bought.rows.get(kind="item").row_lineage == item.lineage
    line = CostLine.objects.get(budget=target, lineage=cost.rows.get(kind="line").row_lineage)
    assert line.amounts == (25_000_000, 10_000_000, 0) and "Fler licenser" in line.note
    assert stored(target, "closing_debt") == debt + 114_000_000
    assert stored(target, "operating_costs") == costs - 25_000_000
    # The adopted budget is as it was.
    assert figures(get_budget(ADOPTED)) == adopted
    assert CostLine.objects.filter(budget__slug=ADOPTED).aggregate(total=Sum("amount_1_ore")) == lines
    assert "Budget 2026, reviderad" in get_page(OWNER, f"{LIST}{cost.uuid}/").content.decode()
    for row in (bought, cost):
        step(row, "take-out", ECONOMIST)
        row.refresh_from_db()
        assert row.gathered_in is None and not row.rows.exists()
    assert figures(target) == before
    assert not InvestmentItem.objects.filter(budget=target).exists()


def test_equity_lowers_the_base_grant_so_that_the_members_together_pay_no_more() -> None:
    row = submitted(financing="equity")
    shown, _done = answer(row)
    moved = {effect.row: effect.changes for effect in shown.context["effects"].rows}
    assert moved["net_result"] == [-25_000_000, -10_000_000, 0] == moved["operating_costs"]
    members = shown.context["effects"].members
    assert [sum(own) for own in zip(*(e.changes for e in members), strict=True)] == [0, 0, 0]
    row.refresh_from_db()
    target = revision()
    gather(row)
    line = CostLine.objects.get(budget=target, cost_kind="use_of_equity", note__contains="Fler licenser")
    assert line.amounts == (-25_000_000, -10_000_000, 0) and line.budget_product.sub_budget.governance_object is None
    assert stored(target, "net_result") == -325_000_000


def line_with(ore: int) -> CostLine:
    rows = CostLine.objects.filter(
        budget__slug=ADOPTED, budget_product__sub_budget__slug=OWN, is_calculated=False, cost_kind="direct_cost"
    )
    found = rows.filter(amount_1_ore__gte=ore, amount_2_ore__gte=ore, amount_3_ore__gte=0).first()
    assert found is not None
    return found


def test_within_the_object_another_line_is_lowered_and_raised_again() -> None:
    line = line_with(1_000_000)
    changed = {
        "financing": "within_object",
        "taken_from": str(line.lineage),
        "amount_1_ore": "10 000",
        "amount_2_ore": "",
    }
    row = granted(**changed)
    target = revision()
    gather(row)
    copy = CostLine.objects.get(budget=target, lineage=line.lineage)
    assert copy.amounts == (line.amount_1_ore - 1_000_000, line.amount_2_ore, line.amount_3_ore)
    assert stored(target, "operating_costs") == stored(get_budget(ADOPTED), "operating_costs")
    step(row, "take-out", ECONOMIST)
    copy.refresh_from_db()
    assert copy.amounts == line.amounts
    too_much = {**changed, "amount_1_ore": str(line.amount_1_ore // 100 + 1)}
    found = client_of(OWNER, "en").post(f"{LIST}new/", typed(**too_much))
    assert list(found.context["form"].errors) == ["amount_1_ore"] and line.text in str(found.context["form"].errors)


def test_without_a_revised_budget_the_page_leads_to_making_one() -> None:
    row = granted()
    page = get_page(ECONOMIST, LIST).content.decode()
    assert f"/budgets/{ADOPTED}/workflow/revise/" in page
    gather(row)
    row.refresh_from_db()
    assert row.gathered_in is None


def test_a_locked_sub_budget_refuses_the_whole_gathering_with_words() -> None:
    bought, cost = granted(**asset(amount_1_ore="1 000")), granted()
    target = revision()
    SubBudget.objects.filter(budget=target, slug=OWN).update(status="locked")
    client = client_of(ECONOMIST, "en")
    page = client.post(f"{LIST}gather/", {"request": [str(bought.uuid), str(cost.uuid)]}, follow=True)
    assert "is locked. Unlock it" in page.content.decode()
    assert not InvestmentItem.objects.filter(budget=target).exists() and not RequestedRow.objects.exists()


def test_what_is_granted_is_answered_by_no_other_and_gathered_once() -> None:
    row = granted()
    revision()
    assert client_of(ECONOMIST).get(f"{LIST}{row.uuid}/answer/").status_code == 404
    gather(row)
    step(row, "reopen", ECONOMIST)
    row.refresh_from_db()
    assert row.state == "granted"
    gather(row)
    assert row.rows.count() == 1


def test_a_draft_takes_no_requests_and_the_page_says_so() -> None:
    page = get_page(ECONOMIST, f"/budgets/{DRAFT}/requests/").content.decode()
    assert "The budget is not adopted" in page
    assert client_of(ECONOMIST).get(f"/budgets/{DRAFT}/requests/new/").status_code == 404


def test_the_database_holds_the_ways_of_a_request() -> None:
    row = submitted()
    for wrong in (
        {"state": "granted"},
        {"amount_1_ore": -1},
        {"amount_1_ore": 0, "amount_2_ore": 0},
        {"product": None},
        {"financing": "loan"},
        {"financing": "within_object"},
        {"gathered_in": row.budget},
        {"granted_1_ore": 1},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            SupplementaryRequest.objects.filter(pk=row.pk).update(**wrong)


def test_a_class_whose_loan_follows_nothing_gets_a_loan_of_the_purchase() -> None:
    row = granted(**asset(amount_1_ore="500 000", amount_2_ore=""))
    target = revision()
    loans = PlannedLoan.objects.filter(budget=target, asset_class__slug="computers", year=2026)
    loans.update(follows=False)
    roll_up_budget(target)
    debt = stored(target, "closing_debt")
    gather(row)
    assert stored(target, "closing_debt") == debt + 50_000_000
    assert row.rows.filter(kind="loan").count() == 1
    step(row, "take-out", ECONOMIST)
    assert stored(target, "closing_debt") == debt and loans.count() == 1
