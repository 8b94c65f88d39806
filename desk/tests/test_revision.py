"""An adopted budget is replaced by a revision, which begins as a copy of it."""

from __future__ import annotations

from typing import Any

import pytest

from budgets.models import (
    AllocationKey,
    Budget,
    BudgetProduct,
    CostLine,
    KeyWeight,
    ProductTotal,
    SubBudget,
    SubBudgetTotal,
)
from budgets.selectors.budgets import find_earlier, find_newest_adopted, is_behind
from budgets.services.compiling import compile_budget, propose_budget
from budgets.services.workflow import RefusedError
from forecasts.models import ForecastRow
from forecasts.services.versions import adopt_proposed, revise_budget
from investments.models import Investment, PlannedLoan, PlannedRepayment
from invoices.selectors.billing import list_billed_budgets
from tests.cast import client_of, decide, forget_revision, get_budget, get_user, propose

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def adopted_is_not_revised(db: None) -> None:
    """The demo's adopted budget is revised already; these revise it themselves."""
    forget_revision()


COPIED = (SubBudget, BudgetProduct, CostLine, AllocationKey, Investment, PlannedLoan)
LEFT_OUT = {
    "id", "budget_id", "sub_budget_id", "budget_product_id", "allocation_key_id", "planned_loan_id", "investment_id", "follows", "status",
    "edited_at", "provenance", *SubBudget.TEXTS,
}  # fmt: skip


def rows_of(model: Any, of: Budget) -> list[dict[str, Any]]:
    rows = model.objects.filter(budget=of).order_by("lineage").values()
    return [{name: value for name, value in row.items() if name not in LEFT_OUT} for row in rows]


def revise() -> Budget:
    return revise_budget(
        get_budget("budget-2026"), slug="budget-2026-r", name="Budget 2026, reviderad", by=get_user("ekonom")
    )


def test_revised_budget_starts_as_a_copy_of_everything_with_the_same_years() -> None:
    line = CostLine.objects.filter(budget=get_budget(), is_calculated=False, cost_kind="direct_cost").earliest("pk")
    CostLine.objects.filter(pk=line.pk).update(quantity=2, unit_price_ore=50, amount_1_ore=100)
    SubBudget.objects.filter(budget=get_budget(), slug="klient").update(changes_sv="Nya datorer")
    propose()
    adopt_proposed(get_budget(), decision=decide(), by=get_user("ekonom"))
    source = get_budget()
    target = revise_budget(source, slug="r", name="R", by=get_user("ekonom"))
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
    source = get_budget("budget-2026")
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
    target, source = revise(), get_budget("budget-2026")
    economist, officer = get_user("ekonom"), get_user("vimmerby")
    assert find_newest_adopted(officer) == source
    assert source in list_billed_budgets(economist)
    assert find_earlier(get_budget()) == source
    SubBudget.objects.filter(budget=target).update(status="approved")
    compile_budget(target, by=economist)
    propose_budget(target, by=economist)
    adopt_proposed(target, decision=decide(), by=economist, reason="Eget kapital används.")
    assert find_newest_adopted(officer) == target
    assert source not in list_billed_budgets(economist)


def test_budget_is_revised_once_at_a_time() -> None:
    revise()
    with pytest.raises(RefusedError, match="reviderad"):
        revise_budget(get_budget("budget-2026"), slug="again", name="Again", by=get_user("ekonom"))
    assert client_of("ekonom").get("/budgets/budget-2026/workflow/revise/").status_code == 409


@pytest.mark.parametrize("name", ["", "  ", "Budget 2027", "budget 2027", "!!!", "x" * 121, "Budget-2027"])
def test_bad_name_of_a_revision_is_refused(name: str) -> None:
    count = Budget.objects.count()
    response = client_of("ekonom").post("/budgets/budget-2026/workflow/revise/", {"name": name})
    assert response.status_code == 422
    assert Budget.objects.count() == count


REVISED_PAGE = {"name": "Budget 2026 åter", "due_on": "2027-03-01", "approval_due_on": "2027-03-15"}


@pytest.mark.parametrize(
    "days",
    [{"due_on": "", "approval_due_on": ""}, {"due_on": "2027-03-01"}, {"due_on": "0026-03-01", "approval_due_on": "x"},
     {"due_on": "2027-03-15", "approval_due_on": "2027-03-01"}],
)  # fmt: skip
def test_revision_is_not_made_without_its_deadlines(days: dict[str, str]) -> None:
    response = client_of("ekonom").post("/budgets/budget-2026/workflow/revise/", {"name": "Åter", **days})
    assert response.status_code == 422
    assert not Budget.objects.filter(name="Åter").exists()
    assert 'value="Åter"' in response.content.decode()


def test_revision_made_on_the_page_leads_to_its_own_workflow() -> None:
    response = client_of("ekonom").post("/budgets/budget-2026/workflow/revise/", REVISED_PAGE)
    assert response.headers["Location"] == "/budgets/budget-2026-ater/workflow/"
    made = get_budget("budget-2026-ater")
    assert (str(made.due_on), str(made.approval_due_on)) == ("2027-03-01", "2027-03-15")
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
