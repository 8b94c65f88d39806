"""Debt and framework as stored: the members of the day, statements of different days, repayments within their loan."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from budgets.models import Budget
from budgets.selectors.budgets import is_behind
from engine.money import ORE_PER_TKR
from forecasts.models import Forecast
from forecasts.selectors import list_framework_states, load_amounts
from forecasts.services.roll_up import roll_up_budget
from investments.models import CouncilDecision, Loan, LoanInstalment, PlannedLoan, PlannedRepayment
from objects.models import Customer, Municipality
from objects.selectors.decisions import list_members
from tests.cast import ADMINISTRATOR, ECONOMIST, client_of, get_budget, get_page, get_user

pytestmark = pytest.mark.django_db
LOANS = "/budgets/budget-2027/loans/"


@pytest.fixture
def draft() -> Budget:
    budget = get_budget()
    roll_up_budget(budget)
    return budget


def join(**dates: date) -> Municipality:
    customer = Customer.objects.create(kind="member", name="Tranås kommun")
    return Municipality.objects.create(customer=customer, code="0687", name="Tranås", county="Jönköping", **dates)


def load_debt(budget: Budget, row: str) -> dict[int, int | None]:
    roll_up_budget(budget)
    return load_amounts(budget, Forecast.Kind.LOAN).get(row, {})


def test_a_municipality_that_joins_later_leaves_the_framework_in_force(draft: Budget) -> None:
    before = load_debt(draft, "borrowing_framework")
    in_force = [state.in_force_on for state in list_framework_states(get_user(ECONOMIST))]
    tranas = join(member_from_on=date(2028, 1, 1))
    assert load_debt(draft, "borrowing_framework") == before and None not in before.values()
    states = list_framework_states(get_user(ECONOMIST))
    assert [state.in_force_on for state in states] == in_force
    assert not any(council.municipality == tranas for state in states for council in state.councils)
    assert tranas not in list_members()
    assert "Tranås" not in get_page(ECONOMIST, LOANS).content.decode()


def test_a_membership_counts_on_the_forecasts_of_drafts(draft: Budget) -> None:
    assert not is_behind(draft)
    tranas = join(member_from_on=date(2028, 1, 1))
    assert is_behind(draft)
    roll_up_budget(draft)
    Municipality.objects.filter(pk=tranas.pk).update(member_from_on=date(2020, 1, 1))
    assert is_behind(draft)


def test_a_former_member_is_no_condition_after_it_has_left_and_one_before() -> None:
    old = next(state for state in list_framework_states(get_user(ECONOMIST)) if state.in_force_on)
    assert old.in_force_on == date(2025, 3, 25)
    Municipality.objects.filter(code="0513").update(member_to_on=date(2025, 6, 30))
    moved = next(state for state in list_framework_states(get_user(ECONOMIST)) if state.framework == old.framework)
    assert moved.in_force_on == date(2025, 7, 1)


def test_an_appealed_council_decision_is_missing_until_a_day_is_entered(draft: Budget) -> None:
    row = CouncilDecision.objects.earliest("pk")
    CouncilDecision.objects.filter(pk=row.pk).update(appealed_on=date(2025, 3, 5))
    assert set(load_debt(draft, "borrowing_framework").values()) == {None}
    CouncilDecision.objects.filter(pk=row.pk).update(legal_force_on=date(2025, 9, 1))
    assert None not in load_debt(draft, "borrowing_framework").values()


def test_loans_stated_on_different_days_are_rolled_to_one_day_by_known_repayments(draft: Budget) -> None:
    old = Loan.objects.get()
    repaid = old.instalments.get(year=2025).amount_ore
    Loan.objects.create(name="Nytt lån", debt_on=date(2025, 12, 31), debt_ore=500 * ORE_PER_TKR)
    opening = load_debt(draft, "opening_debt")
    assert min(opening) == 2026
    assert opening[2026] == old.debt_ore - repaid + 500 * ORE_PER_TKR


def test_debt_is_not_summed_while_a_repayment_on_the_way_is_missing_and_the_page_names_it(draft: Budget) -> None:
    LoanInstalment.objects.filter(year=2025).delete()
    Loan.objects.create(name="Nytt lån", debt_on=date(2025, 12, 31), debt_ore=500 * ORE_PER_TKR)
    assert load_debt(draft, "closing_debt") == {}
    page = get_page(ECONOMIST, LOANS).content.decode()
    assert Loan.objects.earliest("pk").name in page and "2025" in page and "The debt can't be summed" in page
    for address in ("/budgets/budget-2027/", "/budgets/budget-2027/dashboard/", "/budgets/budget-2027/reconciliation/"):
        assert get_page(ECONOMIST, address).status_code == 200


# Repayments


def planned(**values: object) -> PlannedLoan:
    given = {"budget": get_budget(), "purpose": "investments", "year": 2027, "principal_ore": 17_650_000_00}
    loan: PlannedLoan = PlannedLoan.objects.create(**{**given, "life_years": 10, **values})
    return loan


def close_transaction() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def repay(loan: PlannedLoan, year: int, ore: int) -> None:
    PlannedRepayment.objects.create(budget=loan.budget, planned_loan=loan, year=year, amount_ore=ore)


def exceed_planned() -> None:
    repay(planned(), 2028, 200_000_000_00)


def precede_planned() -> None:
    repay(planned(purpose="use_of_equity", year=2025, principal_ore=4_000_000_00, life_years=None), 2024, 1_000_00)


def lower_planned() -> None:
    loan = planned()
    repay(loan, 2028, loan.principal_ore)
    close_transaction()
    PlannedLoan.objects.filter(pk=loan.pk).update(principal_ore=1)


def postpone_planned() -> None:
    loan = planned()
    repay(loan, 2028, 1)
    close_transaction()
    PlannedLoan.objects.filter(pk=loan.pk).update(year=2029)


def exceed_existing() -> None:
    loan = Loan.objects.create(name="x", debt_on=date(2025, 12, 31), debt_ore=100)
    LoanInstalment.objects.create(loan=loan, year=2026, amount_ore=101)


def lower_existing() -> None:
    Loan.objects.update(debt_ore=1)


@pytest.mark.parametrize(
    "act", [exceed_planned, precede_planned, lower_planned, postpone_planned, exceed_existing, lower_existing]
)
def test_the_database_refuses_repayments_beyond_or_before_their_loan(act: Callable[[], None]) -> None:
    with pytest.raises(IntegrityError, match="exceed"), transaction.atomic():
        act()
        close_transaction()


@pytest.mark.parametrize(("year", "kronor", "said"), [
    (2028, "200 000 000", "182"), (2026, "1 000", "2027"),
])  # fmt: skip
def test_the_administration_says_why_a_repayment_does_not_fit_its_loan(year: int, kronor: str, said: str) -> None:
    loan = planned()
    typed = {"planned_loan": loan.pk, "year": year, "amount_ore": kronor, "provenance": "entered"}
    response = client_of(ADMINISTRATOR, "en").post("/admin/investments/plannedrepayment/add/", typed)
    assert response.status_code == 200 and not loan.repayments.exists()
    assert any(said in text for errors in response.context["adminform"].errors.values() for text in errors)


def test_the_administration_holds_a_planned_loan_to_its_repayments() -> None:
    loan = planned()
    repay(loan, 2028, loan.principal_ore)
    typed = {
        "budget": loan.budget_id, "lineage": loan.lineage, "purpose": "investments", "year": 2027,
        "principal_ore": "1 000", "life_years": 10, "provenance": "entered", "note": "",
    }  # fmt: skip
    response = client_of(ADMINISTRATOR, "en").post(f"/admin/investments/plannedloan/{loan.pk}/change/", typed)
    assert response.status_code == 200 and "principal_ore" in response.context["adminform"].errors


def test_the_administration_holds_instalments_to_the_debt() -> None:
    loan = Loan.objects.create(name="x", debt_on=date(2025, 12, 31), debt_ore=100_00)
    typed = {
        "name": "x", "debt_on": "2025-12-31", "debt_ore": "100", "provenance": "entered", "note": "",
        "instalments-TOTAL_FORMS": 1, "instalments-INITIAL_FORMS": 0, "instalments-MIN_NUM_FORMS": 0,
        "instalments-0-loan": loan.pk, "instalments-0-year": 2026, "instalments-0-amount_ore": "101",
        "instalments-0-provenance": "entered",
    }  # fmt: skip
    client = client_of(ADMINISTRATOR, "en")
    response = client.post(f"/admin/investments/loan/{loan.pk}/change/", typed)
    assert response.status_code == 200 and "101" in response.content.decode() and not loan.instalments.exists()
    typed["instalments-0-amount_ore"] = "100"
    assert client.post(f"/admin/investments/loan/{loan.pk}/change/", typed).status_code == 302


def test_repayments_from_before_the_rule_are_counted_up_to_the_loan_and_told(draft: Budget) -> None:
    loan = planned()
    repay(loan, 2028, 200_000_000_00)  # deferred: within this transaction it stands as an old row does
    assert all((ore or 0) >= 0 for ore in load_debt(draft, "closing_debt").values())
    assert (
        "1 planned loan has repayments before it is raised or above its amount"
        in get_page(ECONOMIST, LOANS).content.decode()
    )
    PlannedRepayment.objects.filter(planned_loan=loan).delete()
