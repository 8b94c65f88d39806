"""What the database itself refuses of loans, whoever writes."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from investments.models import Loan, LoanInstalment, LoanStatement, LoanTerm
from investments.tests.cast import MATURES, RAISED, enter_loan, enter_refinancing

pytestmark = pytest.mark.django_db


def refuse(model: Any, row: Any, held: str, **values: Any) -> None:
    """Write past all services: the constraint `held` answers, now or at the end of the transaction."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        if row is None:
            model.objects.create(**values)
        else:
            model.objects.filter(pk=row.pk).update(**values)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert held in str(caught.value) or held == getattr(caught.value.__cause__, "diag").constraint_name  # noqa: B009


@pytest.mark.parametrize(
    ("values", "held"),
    [
        ({"matures_on": RAISED}, "loan_matures_after_it_is_raised"),
        ({"principal_ore": None}, "loan_is_a_sum_or_has_terms"),
        ({"debt_ore": 5, "debt_on": RAISED}, "loan_is_a_sum_or_has_terms"),
        ({"every_months": 5}, "loan_months_between_are_known"),
        ({"every_months": None}, "loan_equal_parts_have_days"),
        ({"instalment_ore": 0}, "loan_instalment_is_something"),
        ({"first_instalment_on": RAISED}, "loan_first_instalment_within"),
        ({"raised_on": RAISED + timedelta(days=1)}, "loan_terms_are_within_it"),
    ],
)
def test_loan_that_can_not_be_is_refused(values: dict[str, Any], held: str) -> None:
    refuse(Loan, enter_loan(), held, **values)


@pytest.mark.parametrize(
    ("values", "held"),
    [
        ({"from_on": RAISED}, "loan_terms_do_not_overlap"),
        ({"from_on": MATURES}, "loan_terms_are_within_it"),
        ({"from_on": RAISED - timedelta(days=1)}, "loan_terms_are_within_it"),
        ({"from_on": date(2028, 1, 1), "rate_percent": Decimal("100.01")}, "loan_rate_is_at_most_100"),
        ({"from_on": date(2028, 1, 1), "kind": "variable"}, "variable_rate_is_set_anew"),
    ],
)
def test_rate_that_can_not_be_is_refused(values: dict[str, Any], held: str) -> None:
    refuse(LoanTerm, None, held, **{"loan": enter_loan(), "rate_percent": 1, **values})


@pytest.mark.parametrize(
    ("values", "held"),
    [
        ({"year": 2026, "due_on": RAISED}, "instalments_are_within_the_loan"),
        ({"year": 2029, "due_on": MATURES + timedelta(days=1)}, "instalments_are_within_the_loan"),
        ({"year": 2025}, "instalments_are_within_the_loan"),
        ({"year": 2027, "due_on": date(2028, 1, 1)}, "instalment_day_is_of_its_year"),
        ({"year": 2027, "amount_ore": 10**12}, "instalments_are_of_the_loan"),
        ({"year": 2027, "amount_ore": -1}, "instalment_is_not_negative"),
    ],
)
def test_instalment_that_can_not_be_is_refused(values: dict[str, Any], held: str) -> None:
    own: dict[str, Any] = {"plan": Loan.Plan.OWN, "every_months": None, "instalment_ore": None}
    refuse(LoanInstalment, None, held, **{"loan": enter_loan(**own), "amount_ore": 1, **values})


def test_loan_of_equal_parts_and_a_sum_have_no_dated_rows() -> None:
    refuse(LoanInstalment, None, "instalments_are_of_own_rows", loan=enter_loan(), year=2027, amount_ore=1)
    whole = Loan.objects.get(raised_on=None)
    values = {"loan": whole, "year": 2028, "due_on": date(2028, 1, 1), "amount_ore": 0}
    refuse(LoanInstalment, None, "instalments_are_within_the_loan", **values)
    refuse(LoanTerm, None, "loan_terms_are_within_it", loan=whole, from_on=RAISED, rate_percent=1)


def test_statement_is_of_a_day_that_has_come_and_of_the_loan() -> None:
    loan, tomorrow = enter_loan(), timezone.localdate() + timedelta(days=1)
    values: dict[str, Any] = {"loan": loan, "debt_ore": 1}
    refuse(LoanStatement, None, "loan_is_stated_today_at_the_latest", stated_on=tomorrow, **values)
    refuse(LoanStatement, None, "loan_is_stated_after_it_is_raised", stated_on=RAISED - timedelta(days=1), **values)
    refuse(LoanStatement, None, "stated_debt_is_not_negative", **(values | {"stated_on": RAISED, "debt_ore": -1}))


def test_loan_refinances_on_the_day_and_is_part_of_a_later_sum() -> None:
    old = enter_loan()
    new = enter_refinancing(old)
    refuse(Loan, old, "loan_refinances_at_maturity", matures_on=MATURES - timedelta(days=1))
    refuse(Loan, new, "loan_is_part_of_a_later_sum", part_of=Loan.objects.get(raised_on=None))
    refuse(Loan, Loan.objects.get(raised_on=None), "loan_of_terms_refinances", refinances=old)
