"""Reconciliation: every printed figure against the computed one and against the others, and nothing known by heart."""

from __future__ import annotations

from collections import Counter

import pytest
from django.db import connection

from budgets.models import Budget, PublishedFigure
from budgets.selectors.published import list_published_figures
from engine.reconcile import Figure, compare_computed
from engine.years import edition_of
from forecasts.models import ReconciliationReason
from forecasts.selectors import load_computed, reconcile
from tests.cast import get_budget, get_user, read_demo_file

pytestmark = pytest.mark.django_db

Row = dict[str, object]
ROUNDING, EXACT, UNEXPLAINED, EXPLAINED = "rounding", "exact", "unexplained", "explained"


@pytest.fixture
def budget() -> Budget:
    return get_budget("budget-2026")


def load_figures(budget: Budget) -> list[Figure]:
    stored = list_published_figures(budget).filter(tkr__isnull=False)
    return [Figure(f.table, f.row, f.column, f.edition, f.tkr or 0) for f in stored]


def count_computed(budget: Budget) -> int:
    """How many comparisons are with the system's figures: they come first in the list."""
    return len(compare_computed(load_figures(budget), load_computed(budget)))


def classify(difference: int, parts: int) -> str:
    """Rule 12 in its own words."""
    if difference == 0:
        return EXACT
    return ROUNDING if abs(difference) < (parts + 1) / 2 else UNEXPLAINED


# Against the system


def test_every_computed_figure_of_the_budget_and_its_plan_is_exact(budget: Budget) -> None:
    against_system = reconcile(budget)[: count_computed(budget)]
    assert len(against_system) > 250
    assert [row for row in against_system if row["class"] != EXACT] == []
    assert all(row["difference_tkr"] == 0 and row["published_tkr"] == row["computed_tkr"] for row in against_system)


@pytest.mark.parametrize(
    "table", ["sub_budget/", "result_budget", "revenue_by_category", "investments", "finance_leases"]
)
def test_every_printed_row_and_total_of_these_tables_is_computed(budget: Budget, table: str) -> None:
    computed, editions = load_computed(budget), {edition_of(budget.fiscal_year, year) for year in budget.years}
    printed = [f for f in load_figures(budget) if f.table.startswith(table) and f.edition in editions]
    assert printed
    assert [figure for figure in printed if (figure.table, figure.row, figure.edition) not in computed] == []


def test_every_printed_line_of_the_loan_forecast_is_computed(budget: Budget) -> None:
    computed = load_computed(budget)
    printed = [figure for figure in load_figures(budget) if figure.table == "loan_forecast"]
    assert len(printed) == len(read_demo_file("loan_forecast_2026.csv"))
    assert [figure for figure in printed if (figure.table, figure.row, figure.edition) not in computed] == []


def test_every_published_figure_is_in_the_list_at_least_once(budget: Budget) -> None:
    listed = {(row["table"], row["row"], row["column"]) for row in reconcile(budget)}
    assert listed == {(figure.table, figure.row, figure.column) for figure in load_figures(budget)}


def test_parts_add_up_to_the_stored_totals_that_are_compared(budget: Budget) -> None:
    computed, edition = load_computed(budget), budget.edition
    for table in ("sub_budget/grundanslag", "revenue_by_category"):
        parts = [ore for (own, row, of), ore in computed.items() if (own, of) == (table, edition) and row != "TOTAL"]
        assert len(parts) > 1 and sum(parts) == computed[table, "TOTAL", edition]


def test_what_is_not_computed_says_so_and_has_no_difference(budget: Budget) -> None:
    rows = [row for row in reconcile(budget) if row["class"] == "not_computed"]
    assert rows
    assert all(row["computed_tkr"] is None and row["difference_tkr"] is None for row in rows)


def test_amount_printed_as_not_yet_known_is_not_compared_with_zero(budget: Budget) -> None:
    unknown = set(PublishedFigure.objects.filter(is_unknown=True).values_list("table", "row", "column"))
    assert unknown
    assert unknown.isdisjoint((row["table"], row["row"], row["column"]) for row in reconcile(budget))


def test_budget_without_published_figures_has_nothing_to_reconcile(budget: Budget) -> None:
    assert reconcile(get_budget("budget-2025")) == []


# Against each other


def between(budget: Budget) -> list[Row]:
    return reconcile(budget)[count_computed(budget) :]


def read_sums(file: str, name: str, table: str) -> dict[tuple[str, str], tuple[int, list[int]]]:
    """By table and column: the printed TOTAL and its printed rows, straight from the file."""
    totals: dict[tuple[str, str], int] = {}
    parts: dict[tuple[str, str], list[int]] = {}
    for row in read_demo_file(file):
        for column in (column for column in row if column.startswith(("budget_", "forecast_")) and row[column]):
            key = (table.format(**row), column)
            if row[name] == "TOTAL":
                totals[key] = int(row[column])
            else:
                parts.setdefault(key, []).append(int(row[column]))
    return {key: (total, parts[key]) for key, total in totals.items()}


@pytest.mark.parametrize(
    ("file", "name", "table"),
    [
        ("published_sub_budgets.csv", "line", "sub_budget/{sub_budget}"),
        ("revenue_by_category.csv", "category", "revenue_by_category"),
        ("influenceable_costs.csv", "cost_pool", "influenceable_costs"),
    ],
)
def test_total_is_compared_with_its_printed_rows_and_the_difference_classed_by_the_rule(
    budget: Budget, file: str, name: str, table: str
) -> None:
    """Also in the columns of earlier years, which do not all add up."""
    listed = [
        (row["table"], row["column"], row["published_tkr"], row["computed_tkr"], row["class"])
        for row in between(budget)
        if row["row"] == "TOTAL"
    ]
    for (of_table, column), (total, parts) in read_sums(file, name, table).items():
        assert (of_table, column, total, sum(parts), classify(total - sum(parts), len(parts))) in listed


def test_figure_printed_in_two_documents_is_compared(budget: Budget) -> None:
    """The annual accounts print the budget of 2025 once more beside the actuals."""
    first = {row["line"]: int(row["budget_2025"]) for row in read_demo_file("result_budget.csv")}
    again = {
        row["line"]: int(row["budget_2025"])
        for row in read_demo_file("annual_accounts_2025.csv")
        if row["line"] in first
    }
    expected = {(row, tkr, first[row], classify(tkr - first[row], 1)) for row, tkr in again.items()}
    listed = {
        (row["row"], row["published_tkr"], row["computed_tkr"], row["class"])
        for row in between(budget)
        if (row["table"], row["column"]) == ("annual_accounts", "budget_2025")
    }
    assert expected <= listed
    assert UNEXPLAINED in {outcome for *_figures, outcome in expected}


def test_printed_sub_budget_totals_differ_from_printed_revenue_by_rounding_at_most(budget: Budget) -> None:
    rows = [row for row in read_demo_file("published_sub_budgets.csv") if row["line"] == "TOTAL"]
    total = sum(int(row["budget_2026"]) for row in rows)
    (found,) = [
        row
        for row in between(budget)
        if (row["table"], row["row"], row["column"]) == ("result_budget", "operating_revenue", "budget_2026")
        and row["computed_tkr"] == total
    ]
    assert found["class"] == classify(int(str(found["difference_tkr"])), len(rows)) == ROUNDING


def test_classes_of_the_figures_of_the_budget_year_are_all_exact_or_rounding_or_found(budget: Budget) -> None:
    """What the documents contradict each other on is shown as it is, with a difference."""
    for row in between(budget):
        if row["class"] in (UNEXPLAINED, ROUNDING):
            assert row["difference_tkr"] == int(str(row["published_tkr"])) - int(str(row["computed_tkr"])) != 0
    assert Counter(row["class"] for row in between(budget))[EXACT] > 50


# A figure changed, a reason linked


Key = tuple[str, str, str]
CHANGED: list[Key] = [
    ("sub_budget/klient", "TOTAL", "budget_2026"),
    ("sub_budget/grundanslag", "Beredskap", "forecast_2028"),
    ("revenue_by_category", "usage", "budget_2026"),
    ("result_budget", "depreciation", "plan_2027"),
    ("loan_forecast", "closing_debt", "2026-12-31"),
    ("investments", "computers", "forecast_2027"),
]


def key_of(row: Row) -> Key:
    return (str(row["table"]), str(row["row"]), str(row["column"]))


def change_figure(budget: Budget, key: Key) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            'UPDATE budgets_publishedfigure SET tkr = tkr + 7 WHERE budget_id = %s AND "table" = %s AND "row" = %s'
            ' AND "column" = %s',
            [budget.pk, *key],
        )
        assert cursor.rowcount == 1


@pytest.mark.parametrize("key", CHANGED)
def test_one_changed_figure_makes_exactly_that_comparison_unexplained(budget: Budget, key: Key) -> None:
    count, before = count_computed(budget), reconcile(budget)
    change_figure(budget, key)
    after = reconcile(budget)
    (old,) = [row for row in before[:count] if key_of(row) == key]
    published = int(str(old["published_tkr"])) + 7
    expected = {**old, "published_tkr": published, "difference_tkr": 7, "class": UNEXPLAINED}
    assert [new for new in after[:count] if new not in before[:count]] == [expected]
    assert len(after) == len(before)


@pytest.mark.parametrize("key", CHANGED)
def test_one_changed_figure_moves_only_comparisons_that_it_takes_part_in(budget: Budget, key: Key) -> None:
    count, before = count_computed(budget), between(budget)
    change_figure(budget, key)
    moved = [(new, old) for new, old in zip(reconcile(budget)[count:], before, strict=True) if new != old]
    assert 1 <= len(moved) <= 4
    for new, old in moved:
        is_published = new["published_tkr"] != old["published_tkr"]
        assert (key_of(new) == key) is is_published
        assert abs(int(str(new["difference_tkr"])) - int(str(old["difference_tkr"]))) == 7


def add_reason(budget: Budget, row: Row) -> None:
    table, name, column = key_of(row)
    ReconciliationReason.objects.create(
        budget=budget,
        table=table,
        row=name,
        column=column,
        text="Printed before the last change.",
        author=get_user("ekonom"),
    )


def test_linked_reason_explains_its_own_figure_only(budget: Budget) -> None:
    change_figure(budget, CHANGED[0])
    before = reconcile(budget)
    (changed,) = [row for row in before[: count_computed(budget)] if row["class"] == UNEXPLAINED]
    add_reason(budget, changed)
    for new, old in zip(reconcile(budget), before, strict=True):
        is_its_own = key_of(old) == key_of(changed) and old["class"] == UNEXPLAINED
        assert new == ({**old, "class": EXPLAINED} if is_its_own else old)


def test_everything_can_be_explained_and_what_is_exact_stays_exact(budget: Budget) -> None:
    before = reconcile(budget)
    wanted = {key_of(row): row for row in before if row["class"] == UNEXPLAINED}
    for row in wanted.values():
        add_reason(budget, row)
    for new, old in zip(reconcile(budget), before, strict=True):
        assert new["class"] == (EXPLAINED if old["class"] == UNEXPLAINED else old["class"])


def test_reason_in_another_budget_explains_nothing_here(budget: Budget) -> None:
    before = reconcile(budget)
    unexplained = next(row for row in before if row["class"] == UNEXPLAINED)
    add_reason(get_budget(), unexplained)
    assert reconcile(budget) == before
