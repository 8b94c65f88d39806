"""Loans by hand: days, rates, instalments and statements, each step undone, and all that can't be told at once."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client

from investments.models import Loan, LoanInstalment, LoanStatement, LoanTerm, PlannedLoan, PlannedRepayment
from investments.tests.cast import MKR, enter_loan, enter_refinancing
from records.changes import events_of
from tests.cast import (
    ADOPTED,
    AUDITOR,
    BOARD,
    DRAFT,
    ECONOMIST,
    OFFICER,
    OWNER,
    client_of,
    get_budget,
    get_page,
)

pytestmark = pytest.mark.django_db
LIST = "/loans/"
NEW = {
    "name": "", "lender": "Kommuninvest", "number": "1001", "purpose": "investments", "raised_on": "2026-03-16",
    "principal_ore": "20 000 000", "matures_on": "2029-03-16", "day_count": "30/360", "plan": "equal", "every_months": "6",
    "instalment_ore": "1 000 000", "is_planned": "on",
    "term_0_from_on": "2026-03-16", "term_0_rate_percent": "2,85", "term_0_kind": "fixed",
    "term_1_from_on": "2027-09-16", "term_1_rate_percent": "3,40", "term_1_kind": "fixed", "term_1_resets": "on",
}  # fmt: skip
OWN = {**NEW, "plan": "own", "every_months": "", "instalment_ore": ""}
FUTURE = "2026-12-31"


def post(address: str, sent: dict[str, str], who: str = ECONOMIST) -> Any:
    return client_of(who, "en").post(address, sent)


def add(sent: dict[str, str] | None = None) -> Loan:
    answer = post(f"{LIST}new/", sent or NEW)
    assert answer.status_code == 302, answer.context["form"].errors
    return Loan.objects.get(number="1001")


def page_of(loan: Loan) -> str:
    return f"{LIST}{loan.uuid}/"


def typed(loan: Loan, **changed: str) -> dict[str, str]:
    form = get_page(ECONOMIST, f"{page_of(loan)}change/").context["form"]
    shown = {name: form[name].value() for name in form.fields}
    kept = {name: str(value) for name, value in shown.items() if value not in (None, False)}
    return {**kept, **changed}


def plain(answer: Any) -> str:
    """A page's text with plain spaces in its numbers."""
    return re.sub("[\u202f\xa0]", " ", answer.content.decode())


def undo_newest(client: Client, address: str = LIST, model: type[Model] = Loan) -> None:
    """Take back the newest change of a kind of row by its button; within a test all are of one moment."""
    act = events_of(model).latest("pgh_id").pgh_context_id
    told = next(told for told in client.get(address).context["acts"] if told.act.id == act)
    client.post(told.undo_url)


def test_loan_is_added_with_its_rates_and_stands_in_the_list_and_on_its_page() -> None:
    loan = add()
    assert (loan.name, loan.principal_ore) == ("Kommuninvest 1001", 20 * MKR)
    assert list(loan.terms.values_list("from_on", "resets")) == [(date(2026, 3, 16), False), (date(2027, 9, 16), True)]
    text = get_page(BOARD, LIST).content.decode()
    assert "Kommuninvest 1001" in text and "2027-09-16" in text and "2029-03-16" in text
    text = plain(get_page(AUDITOR, page_of(loan)))
    assert "442 937.50" in text
    assert "Change the loan" not in text


@pytest.mark.parametrize("who", [OWNER, BOARD, AUDITOR])
def test_only_economist_and_administrator_keep_loans(who: str) -> None:
    loan = enter_loan()
    for path in ("new/", "new-sum/", f"{loan.uuid}/change/", f"{loan.uuid}/remove/", f"{loan.uuid}/statements/new/"):
        assert post(f"{LIST}{path}", NEW, who).status_code == 403
    assert get_page(OFFICER, LIST).status_code == 403
    assert get_page(OFFICER, page_of(loan)).status_code == 403


def test_loan_is_changed_and_removed_and_each_step_undone() -> None:
    loan, client = add(), client_of(ECONOMIST)
    changed = typed(loan, principal_ore="25000000", term_1_rate_percent="4")
    changed["principal_ore-asked"] = ""
    assert post(f"{page_of(loan)}change/", changed).status_code == 302
    assert Loan.objects.get(pk=loan.pk).principal_ore == 25 * MKR
    undo_newest(client)
    assert Loan.objects.get(pk=loan.pk).principal_ore == 20 * MKR
    assert [str(row.rate_percent) for row in loan.terms.all()] == ["2.8500", "3.4000"]
    assert post(f"{page_of(loan)}remove/", {}).status_code == 302
    assert not Loan.objects.filter(pk=loan.pk).exists()
    undo_newest(client)
    assert Loan.objects.get(pk=loan.pk).terms.count() == 2


def test_own_rows_have_days_or_years_and_an_emptied_row_goes() -> None:
    loan = add({
        **OWN, "instalment_0_due_on": "2026-09-16", "instalment_0_amount_ore": "1 000 000",
        "instalment_1_year": "2027", "instalment_1_amount_ore": "2 000 000",
    })  # fmt: skip
    assert list(loan.instalments.values_list("year", "due_on")) == [(2026, date(2026, 9, 16)), (2027, None)]
    movements = get_page(ECONOMIST, page_of(loan)).context["movements"]
    assert [(told.row.movement.on.isoformat(), told.row.is_placed) for told in movements[1:4]] == [
        ("2026-09-16", False), ("2027-03-31", True), ("2027-06-30", True),
    ]  # fmt: skip
    emptied = typed(loan, instalment_1_year="", instalment_1_amount_ore="")
    assert post(f"{page_of(loan)}change/", emptied).status_code == 302
    assert loan.instalments.count() == 1


def test_all_that_can_not_be_is_told_at_once_by_row_and_field_and_nothing_is_saved() -> None:
    answer = post(f"{LIST}new/", {
        **OWN, "principal_ore": "10 000 000",
        "term_0_rate_percent": "285", "term_2_from_on": "2027-09-16", "term_2_rate_percent": "3",
        "instalment_0_due_on": "2026-03-16", "instalment_0_amount_ore": "1",
        "instalment_1_due_on": "2029-03-17", "instalment_1_amount_ore": "1",
        "instalment_2_year": "2027", "instalment_2_amount_ore": "20 000 000",
        "instalment_3_year": "2027", "instalment_3_amount_ore": "-5",
        "instalment_4_year": "2028",
    })  # fmt: skip
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) >= {
        "principal_ore", "term_0_rate_percent", "term_2_from_on", "instalment_0_due_on", "instalment_1_due_on",
        "instalment_3_year", "instalment_3_amount_ore", "instalment_4_amount_ore",
    }  # fmt: skip
    assert not Loan.objects.filter(number="1001").exists()
    assert not LoanTerm.objects.exists()


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"matures_on": "2026-03-16"}, "matures_on"),
        ({"matures_on": "2025-01-01"}, "matures_on"),
        ({"principal_ore": "0"}, "principal_ore"),
        ({"principal_ore": "-1"}, "principal_ore"),
        ({"every_months": ""}, "every_months"),
        ({"instalment_ore": "0"}, "instalment_ore"),
        ({"instalment_ore": "21 000 000"}, "instalment_ore"),
        ({"first_instalment_on": "2026-03-16"}, "first_instalment_on"),
        ({"plan": "bullet"}, "instalment_ore"),
        ({"term_0_from_on": "2026-03-17"}, "term_0_from_on"),
        ({"term_1_from_on": "2026-03-16"}, "term_1_from_on"),
        ({"term_1_from_on": "2029-03-16"}, "term_1_from_on"),
        ({"term_1_rate_percent": ""}, "term_1_rate_percent"),
        ({"instalment_0_year": "2027", "instalment_0_amount_ore": "5"}, "instalment_0_amount_ore"),
        ({"lender": ""}, "lender"),
    ],
)
def test_what_can_not_be_stays_typed_with_words_at_its_field(bad: dict[str, str], field: str) -> None:
    answer = post(f"{LIST}new/", {**NEW, **bad})
    assert answer.status_code == 422 and field in answer.context["form"].errors
    assert not Loan.objects.filter(number="1001").exists()


def test_number_of_a_lender_is_of_one_loan() -> None:
    enter_loan()
    answer = post(f"{LIST}new/", {**NEW, "name": "Another", "lender": "kommuninvest"})
    assert answer.status_code == 422 and "number" in answer.context["form"].errors


def test_refinancing_begins_as_the_old_loan_ends_and_both_are_held_to_the_day() -> None:
    loan = enter_loan()
    form = get_page(ECONOMIST, f"{LIST}new/?refinances={loan.uuid}").context["form"]
    assert (form.initial["raised_on"], form.initial["principal_ore"]) == (date(2029, 3, 16), 14 * MKR)
    answer = post(f"{LIST}new/", {**NEW, "number": "1002", "refinances": str(loan.pk)})
    assert answer.status_code == 422 and "refinances" in answer.context["form"].errors
    enter_refinancing(loan)
    answer = post(f"{page_of(loan)}change/", typed(loan, matures_on="2029-04-16"))
    assert answer.status_code == 422 and "matures_on" in answer.context["form"].errors
    assert post(f"{page_of(loan)}remove/", {}).status_code == 422
    coming = get_page(BOARD, LIST, "en").content.decode()
    assert "refinanced by Kommuninvest 1002" in coming or "2029-03-16" in coming


def test_statement_that_contradicts_the_plan_is_asked_about_kept_beside_it_and_told_of_everywhere() -> None:
    loan, client = enter_loan(), client_of(ECONOMIST, "en")
    address = f"{page_of(loan)}statements/new/"
    sent = {"stated_on": "2026-10-01", "debt_ore": "20 000 000", "kind": "statement", "note": ""}
    answer = client.post(address, sent)
    assert answer.status_code == 422 and "19 000 000" in plain(answer)
    assert not LoanStatement.objects.exists()
    assert client.post(address, {**sent, "debt_ore-asked": str(20 * MKR)}).status_code == 302
    page = client.get(page_of(loan)).content.decode()
    assert "differs from the plan" in page and "not to have been paid" in page
    assert "differs from its plan" in client.get(LIST).content.decode()
    assert "differs from its plan" in client.get(f"/budgets/{DRAFT}/loans/").content.decode()
    assert client.post(address, {**sent, "stated_on": "2026-11-01", "debt_ore": "19 000 000"}).status_code == 302
    assert "differs from its plan" not in client.get(LIST).content.decode()
    undo_newest(client, model=LoanStatement)
    assert LoanStatement.objects.count() == 1


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"stated_on": FUTURE}, "stated_on"),
        ({"stated_on": "2026-03-15"}, "stated_on"),
        ({"debt_ore": "-1"}, "debt_ore"),
        ({"debt_ore": "x"}, "debt_ore"),
    ],
)
def test_statement_that_can_not_be_is_refused(bad: dict[str, str], field: str) -> None:
    sent = {"stated_on": "2026-10-01", "debt_ore": "19 000 000", "kind": "statement", "note": "", **bad}
    answer = post(f"{page_of(enter_loan())}statements/new/", sent)
    assert answer.status_code == 422 and field in answer.context["form"].errors


def test_statement_is_corrected_and_removed() -> None:
    loan = enter_loan()
    sent = {"stated_on": "2026-10-01", "debt_ore": "19 000 000", "kind": "statement", "note": ""}
    assert post(f"{page_of(loan)}statements/new/", sent).status_code == 302
    row = LoanStatement.objects.get()
    address = f"{page_of(loan)}statements/{row.uuid}/"
    assert post(address, {**sent, "kind": "confirmation"}).status_code == 302
    assert LoanStatement.objects.get().kind == "confirmation"
    assert post(f"{address}remove/", {}).status_code == 302
    assert not LoanStatement.objects.exists()


def test_sum_of_loans_is_kept_on_a_page_of_its_own_and_held_to_its_debt() -> None:
    whole = Loan.objects.get()
    answer = post(f"{page_of(whole)}change/", typed(whole, debt_ore="1 000"))
    assert answer.status_code == 422 and "debt_ore" in answer.context["form"].errors
    sent = {"name": "Nya lån", "lender": "", "debt_on": "2025-12-31", "debt_ore": "500", "note": ""}
    rows = {"instalment_0_year": "2026", "instalment_0_amount_ore": "100"}
    assert post(f"{LIST}new-sum/", sent | rows).status_code == 302
    assert LoanInstalment.objects.get(loan__name="Nya lån").amount_ore == 100_00


def test_sum_agrees_with_a_statement_of_what_its_plan_leaves() -> None:
    whole = Loan.objects.get()
    sent = {"stated_on": "2025-12-31", "debt_ore": "32 835 000", "kind": "confirmation", "note": ""}
    assert post(f"{page_of(whole)}statements/new/", sent).status_code == 302
    assert "differs from its plan" not in get_page(ECONOMIST, LIST, "en").content.decode()


def test_somebody_elses_change_is_not_written_over() -> None:
    loan = add()
    mine = typed(loan, number="77")
    assert post(f"{page_of(loan)}change/", typed(loan, term_0_rate_percent="2,9")).status_code == 302
    answer = post(f"{page_of(loan)}change/", mine)
    assert answer.status_code == 422 and answer.context["is_stale"]
    assert Loan.objects.get(pk=loan.pk).number == "1001"


def planned(budget: str = DRAFT) -> PlannedLoan:
    return PlannedLoan.objects.filter(budget=get_budget(budget), purpose="use_of_equity").earliest("pk")


def test_borrowing_for_use_of_equity_gets_its_plan_from_the_page_that_warns() -> None:
    loan, client = planned(), client_of(ECONOMIST, "en")
    address = f"/budgets/{DRAFT}/loans/planned/{loan.lineage}/"
    assert address in client.get(f"/budgets/{DRAFT}/loans/").content.decode()
    assert client.post(address, {"plan": "equal", "life_years": "4"}).status_code == 302
    assert loan not in client.get(f"/budgets/{DRAFT}/loans/").context["without_plan"]
    undo_newest(client, address, PlannedLoan)
    assert PlannedLoan.objects.get(pk=loan.pk).life_years is None
    first = f"repaid_{loan.year + 1}"
    assert client.post(address, {"plan": "equal", "life_years": "", first: "1 000 000"}).status_code == 302
    assert loan.repayments.get().amount_ore == MKR
    undo_newest(client, address, PlannedRepayment)
    assert not loan.repayments.exists()


@pytest.mark.parametrize(
    ("bad", "field"),
    [({"life_years": "0"}, "life_years"), ({"life_years": "101"}, "life_years"), ({"repaid_2030": "-1"}, "repaid_2030"),
     ({"repaid_2030": "999 000 000"}, "plan")],
)  # fmt: skip
def test_repayment_that_can_not_be_is_refused(bad: dict[str, str], field: str) -> None:
    address = f"/budgets/{DRAFT}/loans/planned/{planned().lineage}/"
    answer = post(address, {"plan": "equal", "life_years": "", **bad})
    assert answer.status_code == 422 and field in answer.context["form"].errors


def test_adopted_budgets_repayment_is_read_and_not_changed() -> None:
    address = f"/budgets/{ADOPTED}/loans/planned/{planned(ADOPTED).lineage}/"
    assert get_page(BOARD, address).status_code == 200
    assert post(address, {"plan": "equal", "life_years": "4"}).status_code == 403
    assert post(f"/budgets/{DRAFT}/loans/planned/{planned().lineage}/", {"plan": "equal"}, OWNER).status_code == 403
