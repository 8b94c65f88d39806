"""The whole budget's way: compiled, proposed, adopted by a decision, and replaced by a revision; what each step refuses."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.models import User
from budgets.models import (
    AllocationKey,
    Budget,
    BudgetProduct,
    CostLine,
    KeyWeight,
    ProductTotal,
    SubBudget,
    SubBudgetTotal,
    WorkflowStep,
)
from budgets.selectors import find_earlier, find_newest_adopted, is_behind
from budgets.services.adoption import ReasonNeededError
from budgets.services.compiling import UnfinishedError, compile_budget, propose_budget, reopen_budget, set_deadlines
from budgets.services.workflow import CommentNeededError, NotYourStepError, RefusedError
from forecasts.models import ForecastRow
from forecasts.selectors.adoption import list_free_decisions, warn_of_announcement
from forecasts.services.versions import adopt_proposed, revise_budget
from investments.models import Investment, PlannedLoan, PlannedRepayment
from invoices.selectors.billing import list_billed_budgets
from objects.models import Decision

pytestmark = pytest.mark.django_db
OTHERS = ("objektagare", "objektledare", "styrgrupp", "direktion", "kommundirektor", "administrator", "revisor")
OUTSIDE = ("vimmerby", "utan.roll")
WAY = "/budgets/budget-2027/workflow/"


def user(name: str) -> User:
    found: User = User.objects.get(email=f"{name}@demo.example")
    return found


def client_of(name: str) -> Client:
    client = Client(headers={"accept-language": "sv"})
    client.force_login(user(name))
    return client


def budget(slug: str = "budget-2027") -> Budget:
    return Budget.objects.get(slug=slug)


def slugs() -> list[str]:
    return list(SubBudget.objects.filter(budget=budget()).values_list("slug", flat=True))


def statuses() -> set[str]:
    return set(SubBudget.objects.filter(budget=budget()).values_list("status", flat=True))


def approve_all() -> None:
    SubBudget.objects.filter(budget=budget()).update(status="approved")


def propose() -> None:
    approve_all()
    compile_budget(budget(), by=user("ekonom"))
    propose_budget(budget(), by=user("ekonom"))


def decide(**values: Any) -> Decision:
    given = {"body": "board", "kind": "adopt_budget", "text": "Budget 2027", "meeting_on": date(2026, 12, 20)}
    return Decision.objects.create(**{**given, "announced_on": date(2026, 12, 10), **values})


def make_negative() -> None:
    line = CostLine.objects.filter(
        budget=budget(), cost_kind="direct_cost", budget_product__sub_budget__slug="grundanslag"
    )
    product = BudgetProduct.objects.filter(budget=budget(), sub_budget__slug="grundanslag").earliest("pk")
    CostLine.objects.create(
        budget=budget(), budget_product=line[0].budget_product if line else product, text="Eget kapital",
        cost_kind="use_of_equity", amount_1_ore=-500_00, amount_2_ore=0, amount_3_ore=0,
    )  # fmt: skip


# Compiling


def test_approved_sub_budgets_are_compiled_and_locked_together() -> None:
    approve_all()
    compile_budget(budget(), by=user("ekonom"), comment="Klart")
    assert (budget().phase, statuses()) == ("compiled", {"locked"})
    step = WorkflowStep.objects.get(sub_budget=None, budget=budget())
    assert (step.action, step.from_state, step.to_state, step.comment) == ("compile", "open", "compiled", "Klart")


def test_unfinished_sub_budgets_are_named_and_compiled_only_when_confirmed() -> None:
    approve_all()
    SubBudget.objects.filter(budget=budget(), slug__in=["klient", "socialtjanst"]).update(status="draft")
    for confirmed in ([], ["klient"]):
        with pytest.raises(UnfinishedError, match="Socialtjänst"):
            compile_budget(budget(), by=user("ekonom"), confirmed=confirmed)
    assert (budget().phase, statuses()) == ("open", {"approved", "draft"})
    compile_budget(budget(), by=user("ekonom"), confirmed=["klient", "socialtjanst"])
    assert statuses() == {"locked"}


def test_reopened_budget_gives_back_what_each_sub_budget_was() -> None:
    approve_all()
    SubBudget.objects.filter(budget=budget(), slug="klient").update(status="submitted")
    compile_budget(budget(), by=user("ekonom"), confirmed=["klient"])
    with pytest.raises(CommentNeededError):
        reopen_budget(budget(), by=user("ekonom"), comment=" ")
    propose_unlocked = SubBudget.objects.get(budget=budget(), slug="klient").status
    assert propose_unlocked == "locked"
    reopen_budget(budget(), by=user("ekonom"), comment="Ränta glömdes")
    assert budget().phase == "open"
    assert SubBudget.objects.get(budget=budget(), slug="klient").status == "submitted"
    assert statuses() == {"approved", "submitted"}


def test_proposed_budget_can_be_reopened_too() -> None:
    propose()
    reopen_budget(budget(), by=user("ekonom"), comment="Direktionen vill ha en ändring")
    assert (budget().phase, statuses()) == ("open", {"approved"})


def test_budget_with_an_unlocked_part_is_not_proposed() -> None:
    approve_all()
    compile_budget(budget(), by=user("ekonom"))
    SubBudget.objects.filter(budget=budget(), slug="klient").update(status="approved")
    with pytest.raises(UnfinishedError, match="Klient"):
        propose_budget(budget(), by=user("ekonom"))
    assert budget().phase == "compiled"


@pytest.mark.parametrize("name", [*OTHERS, *OUTSIDE])
def test_only_the_economist_runs_the_budget(name: str) -> None:
    by, decision = user(name), decide()
    for attempt in (
        lambda: compile_budget(budget(), by=by, confirmed=slugs()),
        lambda: propose_budget(budget(), by=by),
        lambda: reopen_budget(budget(), by=by, comment="x"),
        lambda: adopt_proposed(budget(), decision=decision, by=by, reason="x"),
        lambda: revise_budget(budget("budget-2026"), slug="x", name="x", by=by),
        lambda: set_deadlines(budget(), by=by, due_on=None, approval_due_on=None, jump_percent=Decimal(1)),
    ):
        with pytest.raises(NotYourStepError):
            attempt()
    assert (budget().phase, statuses(), Budget.objects.count()) == ("open", {"draft"}, Budget.objects.count())


def test_steps_out_of_turn_are_refused() -> None:
    economist, decision = user("ekonom"), decide()
    for refused in (
        lambda: propose_budget(budget(), by=economist),
        lambda: reopen_budget(budget(), by=economist, comment="x"),
        lambda: adopt_proposed(budget(), decision=decision, by=economist),
        lambda: revise_budget(budget(), slug="x", name="x", by=economist),
        lambda: compile_budget(budget("budget-2026"), by=economist, confirmed=slugs()),
    ):
        with pytest.raises(RefusedError):
            refused()
    propose()
    for refused in (lambda: compile_budget(budget(), by=economist), lambda: propose_budget(budget(), by=economist)):
        with pytest.raises(RefusedError):
            refused()


# Deadlines


def test_deadlines_are_set_and_a_wrong_order_is_refused() -> None:
    economist = user("ekonom")
    day = date(2026, 12, 1)
    set_deadlines(budget(), by=economist, due_on=day, approval_due_on=day, jump_percent=Decimal("7.5"))
    found = budget()
    assert (found.due_on, found.approval_due_on, found.jump_percent) == (day, day, Decimal("7.5"))
    before = day - timedelta(days=1)
    with pytest.raises(ValidationError):
        set_deadlines(budget(), by=economist, due_on=day, approval_due_on=before, jump_percent=Decimal(7))
    with pytest.raises(RefusedError):
        set_deadlines(budget("budget-2026"), by=economist, due_on=None, approval_due_on=None, jump_percent=Decimal(7))


@pytest.mark.parametrize(("field", "value"), [
    ("due_on", "i morgon"), ("due_on", "2026-02-30"), ("approval_due_on", "2026-11-01"), ("jump_percent", ""),
    ("jump_percent", "tio"), ("jump_percent", "-1"), ("jump_percent", "1001"), ("jump_percent", "1,25"),
    ("jump_percent", "1.234"),
])  # fmt: skip
def test_bad_deadline_is_told_in_its_field_and_nothing_typed_is_lost(field: str, value: str) -> None:
    typed = {"due_on": "2026-12-01", "approval_due_on": "2026-12-10", "jump_percent": "12,5", field: value}
    before = Budget.objects.values().get(slug="budget-2027")
    response = client_of("ekonom").post(f"{WAY}deadlines/", typed)
    shown = response.content.decode()
    assert response.status_code == 422
    assert f'id="id_{field}_error"' in shown
    assert all(f'value="{text}"' in shown for text in typed.values() if text)
    assert Budget.objects.values().get(slug="budget-2027") == before


def test_deadlines_are_saved_as_typed() -> None:
    typed = {"due_on": "2026-12-01", "approval_due_on": "", "jump_percent": "12,5"}
    assert client_of("ekonom").post(f"{WAY}deadlines/", typed).status_code == 302
    assert (budget().due_on, budget().approval_due_on, budget().jump_percent) == (
        date(2026, 12, 1),
        None,
        Decimal("12.5"),
    )


# Adoption


def test_proposed_budget_is_adopted_by_a_free_decision_and_frozen() -> None:
    propose()
    decision = decide()
    adopt_proposed(budget(), decision=decision, by=user("ekonom"))
    found = budget()
    assert (found.is_adopted, found.adopted_by, found.result_reason) == (True, decision, "")
    step = WorkflowStep.objects.get(budget=found, action="adopt")
    assert (step.from_state, step.to_state, step.by) == ("proposed", "adopted", user("ekonom"))
    assert decision not in list_free_decisions(user("ekonom"))
    with pytest.raises(RefusedError):
        adopt_proposed(found, decision=decide(), by=user("ekonom"))


def test_budget_that_is_not_all_locked_is_not_adopted() -> None:
    propose()
    SubBudget.objects.filter(budget=budget(), slug="klient").update(status="approved")
    with pytest.raises(UnfinishedError, match="Klient"):
        adopt_proposed(budget(), decision=decide(), by=user("ekonom"))
    assert not budget().is_adopted


def test_decision_of_another_kind_or_already_used_adopts_nothing() -> None:
    propose()
    used = budget("budget-2026").adopted_by
    assert used is not None
    for decision in (used, decide(kind="information")):
        assert decision not in list_free_decisions(user("ekonom"))
        with pytest.raises(RefusedError):
            adopt_proposed(budget(), decision=decision, by=user("ekonom"))


def test_superseded_decision_is_not_offered() -> None:
    old = decide()
    new = decide(supersedes=old)
    assert list(list_free_decisions(user("ekonom"))) == [new]


@pytest.mark.parametrize("reason", ["", "  "])
def test_negative_result_needs_a_reason_which_is_kept(reason: str) -> None:
    make_negative()
    propose()
    decision = decide()
    with pytest.raises(ReasonNeededError):
        adopt_proposed(budget(), decision=decision, by=user("ekonom"), reason=reason)
    assert not budget().is_adopted
    adopt_proposed(budget(), decision=decision, by=user("ekonom"), reason="Eget kapital används.")
    assert budget().result_reason == "Eget kapital används."


@pytest.mark.parametrize(("meeting_on", "announced_on", "is_late"), [
    (date(2026, 12, 20), date(2026, 12, 13), False), (date(2026, 12, 20), date(2026, 12, 14), True),
    (date(2026, 12, 20), None, True), (None, None, True),
])  # fmt: skip
def test_meeting_announced_less_than_seven_days_before_warns(
    meeting_on: date | None, announced_on: date | None, is_late: bool
) -> None:
    assert bool(warn_of_announcement(decide(meeting_on=meeting_on, announced_on=announced_on))) is is_late


def test_adopting_on_the_page_asks_for_what_is_missing_and_warns_of_a_late_announcement() -> None:
    make_negative()
    propose()
    client = client_of("ekonom")
    decision = decide(announced_on=date(2026, 12, 19))
    assert client.post(f"{WAY}adopt/", {"reason": "x"}).status_code == 422
    response = client.post(f"{WAY}adopt/", {"decision": str(decision.uuid), "reason": " "})
    assert response.status_code == 422
    assert 'id="id_reason_error"' in response.content.decode()
    for wrong in ("x", "00000000-0000-0000-0000-000000000000", str(budget("budget-2026").adopted_by.uuid)):  # type: ignore[union-attr]
        assert client.post(f"{WAY}adopt/", {"decision": wrong, "reason": "x"}).status_code == 422
    response = client.post(f"{WAY}adopt/", {"decision": str(decision.uuid), "reason": "Kapital"}, follow=True)
    assert "msg-warn" in response.content.decode()
    assert budget().is_adopted


def test_without_a_free_decision_the_page_says_what_to_do() -> None:
    propose()
    response = client_of("ekonom").get(f"{WAY}adopt/")
    assert response.status_code == 200
    assert "<form" not in response.content.decode().split('<main id="content"')[1]


# Revision

COPIED = (SubBudget, BudgetProduct, CostLine, AllocationKey, Investment, PlannedLoan)
LEFT_OUT = {
    "id", "budget_id", "sub_budget_id", "budget_product_id", "allocation_key_id", "planned_loan_id", "status",
    "edited_at", "provenance", *SubBudget.TEXTS,
}  # fmt: skip


def rows_of(model: Any, of: Budget) -> list[dict[str, Any]]:
    rows = model.objects.filter(budget=of).order_by("lineage").values()
    return [{name: value for name, value in row.items() if name not in LEFT_OUT} for row in rows]


def revise() -> Budget:
    return revise_budget(budget("budget-2026"), slug="budget-2026-r", name="Budget 2026, reviderad", by=user("ekonom"))


def test_revised_budget_starts_as_a_copy_of_everything_with_the_same_years() -> None:
    line = CostLine.objects.filter(budget=budget()).earliest("pk")
    CostLine.objects.filter(pk=line.pk).update(quantity=2, unit_price_ore=50, amount_1_ore=100)
    SubBudget.objects.filter(budget=budget(), slug="klient").update(changes_sv="Nya datorer")
    propose()
    adopt_proposed(budget(), decision=decide(), by=user("ekonom"))
    source = budget()
    target = revise_budget(source, slug="r", name="R", by=user("ekonom"))
    assert (target.kind, target.fiscal_year, target.replaces, target.based_on) == ("revised", 2027, source, source)
    assert (target.status, target.phase, is_behind(target)) == ("draft", "open", False)
    for model in COPIED:
        assert rows_of(model, target) == rows_of(model, source), model
    assert set(target.sub_budgets.values_list("status", flat=True)) == {"draft"}
    repayments = [
        sorted(PlannedRepayment.objects.filter(budget=of).values_list("planned_loan__lineage", "year", "amount_ore"))
        for of in (source, target)
    ]
    assert repayments[0] == repayments[1]
    weights = [
        sorted(KeyWeight.objects.filter(key__budget=of).values_list("key__lineage", "customer", "weight"))
        for of in (source, target)
    ]
    assert weights[0] == weights[1]


def test_revised_budget_adds_up_as_the_one_it_revises() -> None:
    target = revise()
    source = budget("budget-2026")
    for model, of in ((SubBudgetTotal, "sub_budget"), (ProductTotal, "budget_product")):
        keys = (f"{of}__lineage", "cost_kind", "amount_1_ore", "amount_2_ore", "amount_3_ore")
        sums = [
            sorted(model.objects.filter(sub_budget__budget=each).values_list(*keys), key=str)
            for each in (source, target)
        ]
        assert sums[0] == sums[1]
    rows = [
        sorted(
            ForecastRow.objects.filter(forecast__budget=each, forecast__kind="result").values_list(
                "row", "year", "amount_ore"
            )
        )
        for each in (source, target)
    ]
    assert rows[0] == rows[1]


def test_draft_revision_replaces_nothing_until_it_is_adopted() -> None:
    target, source = revise(), budget("budget-2026")
    economist, officer = user("ekonom"), user("vimmerby")
    assert find_newest_adopted(officer) == source
    assert source in list_billed_budgets(economist)
    assert find_earlier(budget()) == source
    SubBudget.objects.filter(budget=target).update(status="approved")
    compile_budget(target, by=economist)
    propose_budget(target, by=economist)
    adopt_proposed(target, decision=decide(), by=economist, reason="Eget kapital används.")
    assert find_newest_adopted(officer) == target
    assert source not in list_billed_budgets(economist)


def test_budget_is_revised_once_at_a_time() -> None:
    revise()
    with pytest.raises(RefusedError, match="reviderad"):
        revise_budget(budget("budget-2026"), slug="again", name="Again", by=user("ekonom"))
    assert client_of("ekonom").get("/budgets/budget-2026/workflow/revise/").status_code == 409


@pytest.mark.parametrize("name", ["", "  ", "Budget 2027", "budget 2027", "!!!", "x" * 121, "Budget-2027"])
def test_bad_name_of_a_revision_is_refused(name: str) -> None:
    count = Budget.objects.count()
    response = client_of("ekonom").post("/budgets/budget-2026/workflow/revise/", {"name": name})
    assert response.status_code == 422
    assert Budget.objects.count() == count


def test_revision_made_on_the_page_leads_to_its_own_workflow() -> None:
    response = client_of("ekonom").post("/budgets/budget-2026/workflow/revise/", {"name": "Budget 2026 åter"})
    assert response.headers["Location"] == "/budgets/budget-2026-ater/workflow/"
    for path in (
        "",
        "sub-budgets/",
        "sub-budgets/klient/",
        "workflow/",
        "loans/",
        "dashboard/",
        "costs/",
        "reconciliation/",
    ):
        assert client_of("ekonom").get(f"/budgets/budget-2026-ater/{path}").status_code == 200, path


# Pages


@pytest.mark.parametrize("name", OTHERS)
def test_others_inside_read_the_workflow_and_are_refused_its_steps(name: str) -> None:
    client = client_of(name)
    response = client.get(WAY)
    assert response.status_code == 200
    assert f'"{WAY}compile/"' not in response.content.decode()
    for step in ("compile", "propose", "reopen", "adopt", "deadlines"):
        assert client.get(f"{WAY}{step}/").status_code == 403
        assert client.post(f"{WAY}{step}/", {"comment": "x"}).status_code == 403
    assert (budget().phase, statuses()) == ("open", {"draft"})


def test_those_outside_find_no_workflow() -> None:
    for name in OUTSIDE:
        assert client_of(name).get(WAY).status_code == 404
    assert client_of("vimmerby").get("/budgets/budget-2026/workflow/").status_code == 403
    assert client_of("vimmerby").get("/budgets/budget-2026/workflow/revise/").status_code == 403
    assert Client().get(WAY).status_code == 302
    assert Client().post(f"{WAY}compile/").status_code == 401


def test_what_was_confirmed_is_what_the_page_showed() -> None:
    approve_all()
    SubBudget.objects.filter(budget=budget(), slug__in=["klient", "socialtjanst"]).update(status="draft")
    client = client_of("ekonom")
    assert client.post(f"{WAY}compile/", {"missing": ["klient", "socialtjanst"]}).status_code == 422
    response = client.post(f"{WAY}compile/", {"missing": ["klient"], "confirmed": "on", "comment": "Mina ord"})
    assert response.status_code == 422
    assert "Mina ord" in response.content.decode() and "Socialtjänst" in response.content.decode()
    assert budget().phase == "open"
    typed = {"missing": ["klient", "socialtjanst"], "confirmed": "on"}
    assert client.post(f"{WAY}compile/", typed).status_code == 302
    assert budget().phase == "compiled"


def test_late_step_says_what_is_the_case_now() -> None:
    propose()
    response = client_of("ekonom").post(f"{WAY}compile/", {"comment": "Mina ord"})
    assert response.status_code == 409
    assert "Mina ord" in response.content.decode()
    assert client_of("ekonom").get(f"{WAY}propose/").status_code == 409
    assert client_of("ekonom").post(f"{WAY}reopen/", {"comment": ""}).status_code == 422
    assert client_of("ekonom").post(f"{WAY}reopen/", {"comment": "Fel ränta"}).status_code == 302
    assert budget().phase == "open"
