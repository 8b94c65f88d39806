"""Statements of loans are read in from a file: faults by row and field, contradictions named, and nothing until it is agreed."""

from __future__ import annotations

from datetime import date

import pytest

from desk.tests.test_imports import make_excel, read_in, save
from investments.models import LoanStatement
from investments.tests.cast import MKR, enter_loan
from records.models import ImportRow
from tests.cast import ECONOMIST, OWNER, client_of

pytestmark = pytest.mark.django_db
HEADS = ("Lånenummer", "Kapitalskuld", "Datum", "Typ")
KIND = "loan_statements"


def test_statements_are_read_in_saved_and_undone() -> None:
    loan = enter_loan()
    row = read_in(KIND, "2026", make_excel(HEADS, ("1001", 19_000_000, date(2026, 9, 30), "kontoutdrag")))
    assert (row.faults, row.counts) == ([], {"new": 1, "rows": 1})
    assert not [said for said in row.notes if "1001" in said]
    assert not LoanStatement.objects.exists()
    save(row)
    found = LoanStatement.objects.get()
    assert (found.loan, found.stated_on, found.debt_ore) == (loan, date(2026, 9, 30), 19 * MKR)
    assert (found.kind, found.provenance) == ("statement", "imported")
    client_of(ECONOMIST).post(f"/imports/{row.uuid}/undo/")
    assert not LoanStatement.objects.exists()


def test_file_of_which_half_the_rows_are_bad_tells_all_of_them_at_once_and_saves_nothing() -> None:
    enter_loan()
    row = read_in(
        KIND,
        "2026",
        make_excel(
            HEADS,
            ("1001", 19_000_000, date(2026, 9, 30), ""),
            ("1002", 5_000_000, date(2026, 9, 30), ""),
            ("Kommuninvest 1001", -5, date(2026, 10, 1), ""),
            ("Kommuninvest 1001", 5, date(2026, 3, 1), "kvitto"),
            ("1001", "x", date(2025, 12, 31), ""),
            ("1001", 19_000_000, date(2026, 10, 31), ""),
        ),
    )
    assert row.counts["bad"] == 4
    bad = {found.number: found.errors for found in ImportRow.objects.filter(of=row, status="bad")}
    assert set(bad) == {3, 4, 5, 6}
    assert [place for place, _words in bad[3]] == [0]
    assert {place for place, _words in bad[5]} == {2, 3}
    assert {place for place, _words in bad[6]} == {1, 2}
    save(row)
    assert not LoanStatement.objects.exists()


def test_row_that_contradicts_the_plan_is_named_before_it_is_saved_and_afterwards() -> None:
    loan = enter_loan()
    row = read_in(KIND, "2026", make_excel(HEADS[:2], ("1001", 18_500_000)), "a.xlsx")
    # Without a day the last of December is meant, which has not come.
    assert row.counts["bad"] == 1
    row = read_in(KIND, "2026", make_excel(HEADS[:3], ("1001", 18_500_000, date(2026, 10, 1))), "b.xlsx")
    assert [said for said in row.notes if "Kommuninvest 1001" in said and "Row 2" in said]
    assert row.counts.get("bad", 0) == 0
    save(row)
    page = client_of(ECONOMIST, "en").get(f"/loans/{loan.uuid}/").content.decode()
    assert "less than the plan" in page


def test_same_day_twice_in_a_file_is_told() -> None:
    enter_loan()
    twice = ("1001", 19_000_000, date(2026, 9, 30))
    row = read_in(KIND, "2026", make_excel(HEADS[:3], twice, twice))
    assert row.counts.get("bad", 0) >= 1


def test_only_those_who_keep_loans_read_them_in() -> None:
    assert client_of(OWNER).get(f"/imports/new/{KIND}/").status_code in (403, 404)
