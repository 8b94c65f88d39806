"""Two moments compared, where time really passes between changes."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.utils import timezone

from budgets.models import BudgetProduct, CostLine, SubBudget
from budgets.services.lines import add_line, change_line, delete_line
from engine.result import COUNTED
from history.differences import compare_lines, load_lines_at
from history.tests.test_history_kinds import read
from tests.cast import client_of, get_budget, get_page, get_user

DRAFT = "/budgets/budget-2027/"
SUB_BUDGET = f"{DRAFT}sub-budgets/socialtjanst/"
WHOLE = 114_200_000


def test_added_changed_deleted_and_moved_lines_are_told_apart(committed: str) -> None:
    by = get_user("ekonom")
    products = BudgetProduct.objects.filter(sub_budget__budget__slug="budget-2027", sub_budget__slug="socialtjanst")
    first, second, *_rest = products.select_related("sub_budget__budget").order_by("pk")

    def new_line(text: str) -> CostLine:
        values: dict[str, Any] = {"text": text, "cost_kind": "direct_cost", "amount_1_ore": WHOLE}
        return add_line(first, values, by=by)

    lines = {text: new_line(text) for text in ("changed", "deleted", "moved", "same")}
    middle = timezone.now()
    change_line(lines["changed"], {"amount_1_ore": 1}, by=by)
    delete_line(lines["deleted"], by=by)
    CostLine.objects.filter(pk=lines["moved"].pk).update(budget_product=second)
    new_line("added")
    sub_budget = first.sub_budget
    before, after = (load_lines_at(sub_budget.budget, at) for at in (middle, timezone.now()))
    found = compare_lines(before, after, [sub_budget], only=sub_budget.slug)
    assert {row.text: (row.was, row.now) for row in found.differences} == {
        "changed": (WHOLE, 1), "deleted": (WHOLE, None), "moved": (WHOLE, WHOLE), "added": (None, WHOLE),
    }  # fmt: skip
    assert len({str(row.what) for row in found.differences}) == 4
    assert found.total.change == 1 - WHOLE == sum(row.change for row in found.sums)
    assert found.total.change == sum(row.changes[0] for row in found.differences)


@pytest.mark.django_db
def test_two_moments_differ_by_what_happened_between() -> None:
    budget = get_budget()
    before = timezone.now() - timedelta(days=3650)
    homes, now = list(SubBudget.objects.filter(budget=budget)), load_lines_at(budget, timezone.now())
    found = compare_lines(load_lines_at(budget, before), now, homes)
    lines = CostLine.objects.filter(budget=budget)
    assert found.counts == (0, lines.count())
    # Cost and its reductions: income stands beside it.
    assert found.total.after[0] == sum(lines.filter(cost_kind__in=COUNTED).values_list("amount_1_ore", flat=True))
    counted = [row for row in found.differences if row.line.cost_kind in COUNTED]
    assert found.total.change == sum(row.changes[0] for row in counted)
    assert sum(row.after[0] for row in found.sums) == found.total.after[0]
    same = compare_lines(now, load_lines_at(budget, timezone.now()), homes)
    assert same.differences == [] and same.total.change == 0


OWN = {"first": "budget-2027", "second": "budget-2027"}


@pytest.mark.django_db
def test_comparison_page_says_what_is_wrong_with_the_moments() -> None:
    for query in (
        {"first_at": "x"},
        {"first_at": "2026-02-01T10:00", "second_at": "2026-01-01T10:00"},
        {"first_at": "2026-02-01T10:00", "second_at": "2026-02-01T10:00"},
        {"first_at": "2199-02-01T10:00"},
        {"first_at": "0001-01-01T00:00", "second_at": "9999-12-31T23:59"},
    ):
        page = get_page("ekonom", f"{DRAFT}compare/", **OWN, **query)
        assert page.status_code == 200 and "to correct" in read(page), query
    asked = {**OWN, "first_at": "2020-01-01T00:00"}
    assert "0 lines on the first side" in read(get_page("ekonom", f"{DRAFT}compare/", **asked))
    page = get_page("ekonom", f"{DRAFT}compare/", **asked, export="csv")
    rows = list(csv.reader(StringIO(page.content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert len(rows) == 1 + CostLine.objects.filter(budget__slug="budget-2027").count()


@pytest.mark.django_db
def test_two_budgets_and_two_moments_are_compared_on_one_page() -> None:
    address = f"{DRAFT}compare/"
    html = get_page("ekonom", address).content.decode()
    assert 'name="first"' in html and 'name="first_at"' in html
    told = read(get_page("ekonom", address, first="budget-2026", second="budget-2027", second_at="2020-01-01T00:00"))
    assert "2020-01-01 00:00" in told and "0 on the second" in told


@pytest.mark.django_db
def test_addresses_that_two_moments_had_before_lead_to_the_one_page() -> None:
    for old, only in ((f"{DRAFT}history/compare/", ""), (f"{SUB_BUDGET}history/compare/", "socialtjanst")):
        for query in ({}, {"first": "2020-01-01T00:00", "second": ""}):
            page = client_of("ekonom").get(old, query)
            assert page.status_code == 302 and page["Location"].startswith(f"{DRAFT}compare/?")
            told = client_of("ekonom").get(page["Location"], headers={"Accept-Language": "en"})
            assert "to correct" not in read(told)
            assert told.context["form"].data.get("object", "") == only
            assert told.context["form"].data["first_at"] == query.get("first", told.context["form"].data["first_at"])


@pytest.mark.django_db
def test_who_sees_nothing_to_compare_with_is_told_so_and_of_no_fault() -> None:
    for person, slug in (("vimmerby", "budget-2026"), ("ekonom", "budget-2025")):
        page = read(get_page(person, f"/budgets/{slug}/compare/"))
        assert "There is nothing to compare with yet" in page and "to correct" not in page, person
    asked = {"first": "nothing", "second": "budget-2026"}
    assert "to correct" in read(get_page("vimmerby", "/budgets/budget-2026/compare/", **asked))
