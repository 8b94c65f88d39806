"""Stored forecasts and totals say where they come from, and pages and workbook say what rests on assumptions."""

from __future__ import annotations

import re

import pytest
from django.db import connection

from budgets.models import CostLine, ProductTotal, PublishedFigure, SubBudgetTotal
from budgets.services.copying import copy_as_revision
from engine.provenance import ORDER, weakest
from forecasts.models import Forecast, ForecastRow
from forecasts.selectors.stored import load_stored
from forecasts.services.roll_up import roll_up_budget
from investments.models import LoanInstalment, PlannedLoan, PlannedRepayment
from investments.selectors.loans import list_planned_loans, trace_whole_loan
from records.models import Provenance
from tests.cast import BOARD, DRAFT, ECONOMIST, client_of, forget_revision, get_budget, list_lines

pytestmark = pytest.mark.django_db


def read(name: str, address: str, language: str = "en") -> str:
    page = client_of(name, language).get(address).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def sources_of(kind: Forecast.Kind, row: str, budget: str = DRAFT) -> dict[int, str]:
    return load_stored(get_budget(budget), kind)[kind].sources[row]


@pytest.mark.parametrize("budget", ["budget-2026", "budget-2027"])
def test_totals_and_forecasts_are_as_sure_as_the_weakest_of_their_lines(budget: str) -> None:
    whole = get_budget(budget)
    lines = list(CostLine.objects.filter(budget=whole).select_related("budget_product"))
    for total in ProductTotal.objects.filter(sub_budget__budget=whole):
        own = [
            line
            for line in lines
            if (line.budget_product_id, line.cost_kind) == (total.budget_product_id, total.cost_kind)
        ]
        assert total.sources == tuple(weakest(line.sources[year] for line in own) for year in range(3))
    for kind_total in SubBudgetTotal.objects.filter(sub_budget__budget=whole):
        place = (kind_total.sub_budget_id, kind_total.cost_kind)
        own = [line for line in lines if (line.budget_product.sub_budget_id, line.cost_kind) == place]
        assert kind_total.sources == tuple(weakest(line.sources[year] for line in own) for year in range(3))
    revenue = sources_of(Forecast.Kind.RESULT, "operating_revenue", budget)
    made_of = [weakest(line.sources[year] for line in lines) for year in range(3)]
    # What Budget 2026 and its plan print is theirs, whatever it is made of.
    assert list(revenue.values()) == (["published"] * 3 if budget == "budget-2026" else made_of)


def test_a_sum_that_is_no_longer_what_is_printed_is_as_sure_as_its_parts_again() -> None:
    forget_revision()
    revision = copy_as_revision(get_budget("budget-2026"), slug="revised", name="Revised", by="ekonom@demo.example")
    for figure in PublishedFigure.objects.filter(budget=get_budget("budget-2026"), table="result_budget"):
        figure.pk, figure.budget = None, revision
        figure.save()
    roll_up_budget(revision)
    assert set(sources_of(Forecast.Kind.RESULT, "operating_revenue", "revised").values()) == {"published"}
    line = CostLine.objects.filter(budget=revision, cost_kind="direct_cost")[0]
    CostLine.objects.filter(pk=line.pk).update(amount_1_ore=line.amount_1_ore + 1_000_000)
    roll_up_budget(revision)
    found = sources_of(Forecast.Kind.RESULT, "operating_revenue", "revised")
    assert list(found.values()) == ["assumed", "published", "published"]


# No document prints them: revenue is printed as one sum, whoever pays it.
NOT_PRINTED = ("total_cost", "customers", "income")


def test_figures_of_the_adopted_budget_bear_no_mark_though_its_posts_are_assumed() -> None:
    for kind in (Forecast.Kind.GRANT, Forecast.Kind.RESULT):
        shown = ForecastRow.objects.filter(forecast__budget=get_budget("budget-2026"), forecast__kind=kind)
        rows = shown.exclude(row__in=NOT_PRINTED).values_list("row", "provenance")
        assert {source for _row, source in rows} <= {"published", "calculated"}


@pytest.mark.parametrize("index_source", ["", "published", "assumed"])
def test_the_ranks_that_the_database_keeps_are_the_places_in_the_order(index_source: str) -> None:
    line = list_lines()[0]
    for source in Provenance.values:
        CostLine.objects.filter(pk=line.pk).update(provenance=source, index_provenance=index_source)
        with connection.cursor() as cursor:
            cursor.execute("SELECT source_rank, last_source_rank FROM budgets_costline WHERE id = %s", [line.pk])
            ranks = cursor.fetchone()
        own = 1 + ORDER.index(source)
        assert ranks == (own, max(own, 1 + ORDER.index(index_source) if index_source else 0))


def test_a_figure_that_somebody_enters_is_no_longer_copied_and_one_that_is_guessed_makes_its_sums_so() -> None:
    draft = get_budget()
    CostLine.objects.filter(budget=draft).update(provenance="entered", index_provenance="")
    roll_up_budget(draft)
    assert set(sources_of(Forecast.Kind.RESULT, "net_result").values()) == {"entered"}
    line = list_lines()[0]
    line.provenance = "assumed"
    line.save()
    roll_up_budget(draft)
    assert set(sources_of(Forecast.Kind.RESULT, "net_result").values()) == {"assumed"}
    assert set(sources_of(Forecast.Kind.GRANT, "base_grant").values()) == {"entered"}


def test_debt_rests_on_assumptions_from_the_first_assumed_repayment_on() -> None:
    closing = sources_of(Forecast.Kind.LOAN, "closing_debt")
    assert [year for year, source in closing.items() if source == "assumed"] == [2027, 2028, 2029]
    assert "assumed" not in (closing[2025], closing[2026])


def test_entered_repayments_and_purchases_make_the_debt_as_sure_as_they_are() -> None:
    draft = get_budget()
    LoanInstalment.objects.update(provenance="entered")
    PlannedRepayment.objects.filter(budget=draft).update(provenance="entered")
    PlannedLoan.objects.filter(budget=draft).update(provenance="entered", life_years=5)
    roll_up_budget(draft)
    assert "assumed" not in sources_of(Forecast.Kind.LOAN, "closing_debt").values()
    assert "if the assumed" not in read(BOARD, "/budgets/budget-2027/dashboard/")


def test_a_headline_that_rests_on_assumptions_says_so() -> None:
    says = "if the assumed repayments and purchases hold"
    assert f"exceeds the framework in force in 2028 and 2029 {says}" in read(BOARD, "/budgets/budget-2027/dashboard/")
    assert says in read(ECONOMIST, "/budgets/budget-2027/loans/")


def test_a_loans_plan_is_no_surer_than_its_repayments() -> None:
    loans = [loan for loan in list_planned_loans(get_budget()) if loan.repayments.all()]
    assert {loan.provenance for loan in loans} == {"published"}
    assert {trace_whole_loan(loan) for loan in loans} == {"assumed"}


def test_years_that_are_copied_or_made_by_an_assumed_index_are_marked_in_their_column() -> None:
    for address in ("/budgets/budget-2027/", "/budgets/budget-2027/sub-budgets/socialtjanst/"):
        text = read(ECONOMIST, address)
        assert re.search(r"2027 assumed", text), address
        assert re.search(r"2029 assumed", text), address
    assert list(sources_of(Forecast.Kind.RESULT, "depreciation").values())[:2] == ["copied", "copied"]
    assert "copied" not in read(ECONOMIST, "/budgets/budget-2026/")


def test_charts_of_what_members_pay_say_that_the_keys_are_assumed() -> None:
    page = client_of(BOARD, "en").get("/budgets/budget-2027/dashboard/").content.decode()
    for chart in ("per_inhabitant", "members"):
        figure = page.partition(f'data-chart="{chart}"')[2].partition("</figure>")[0]
        assert "Keys" in figure
        assert 'class="assumed"' in figure
