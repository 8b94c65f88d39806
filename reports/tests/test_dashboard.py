"""The board's dashboard: what its figures and sentences say, that parts add up, and who may read it."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import translation

from budgets.models import AllocationKey, Budget, BudgetProduct, CostLine
from budgets.selectors.budgets import find_earlier
from engine.money import ORE_PER_TKR, round_to_tkr
from forecasts.selectors.stored import load_result
from forecasts.services.roll_up import roll_up_budget
from investments.models import Loan, PlannedLoan
from objects.models import GovernanceObject, Inhabitants
from reports.dashboard.charts import Pen
from reports.dashboard.rows import show_dashboard
from reports.dashboard.selectors import Dashboard, find_shown_earlier, load_dashboard
from tests.cast import client_of, count_queries, get_budget, get_user
from web.ahead import count_asked
from web.charts import Chart

pytestmark = pytest.mark.django_db
PAGE = "/budgets/budget-2027/dashboard/"


def load(year: int = 2027) -> Dashboard:
    budget = get_budget(f"budget-{year}")
    return show_dashboard(load_dashboard(budget, get_user("direktion"), find_earlier(budget)), budget)


@pytest.mark.parametrize("year", [2026, 2027])
def test_categories_add_up_to_the_stored_operating_revenue(year: int) -> None:
    budget = get_budget(f"budget-{year}")
    *categories, total = load(year).overview.categories
    assert total.amounts == load_result(budget)["operating_revenue"]
    assert tuple(map(sum, zip(*(row.amounts for row in categories), strict=True))) == total.amounts


def draw(year: int = 2027) -> dict[str, Chart]:
    with translation.override("en"):
        return Pen(get_budget(f"budget-{year}"), load(year)).draw()


def add_line(sub_budget: str, ore: int, **values: object) -> CostLine:
    product = BudgetProduct.objects.filter(budget__slug="budget-2027", sub_budget__slug=sub_budget).earliest("pk")
    row = {"text": "Ny rad", "cost_kind": "direct_cost", "amount_1_ore": ore, **values}
    line: CostLine = CostLine.objects.create(budget=product.budget, budget_product=product, **row)
    roll_up_budget(product.budget)
    return line


def figures_of(page: str) -> dict[str, str]:
    found = re.findall(r'<dd class="big" data-figure="(\w+)">(.*?)</dd>', page, re.DOTALL)
    return {key: re.sub(r"<[^>]+>", "", text).replace("\u202f", "").strip() for key, text in found}


# The figures


def test_four_figures_are_those_of_the_forecasts() -> None:
    page = client_of("direktion").get(PAGE).content.decode()
    assert figures_of(page) == {
        "net_result": "0 tkr antaget",
        "operating_revenue": "119849 tkr antaget",
        "closing_debt": "77321 tkr antaget",
        "unknown": "1",
    }
    assert "±1\u202f798 tkr" in page


def test_result_beyond_the_bound_is_said_in_words() -> None:
    client = client_of("ekonom")
    client.cookies["django_language"] = "en"
    assert "within ±1.5 %" in client.get(PAGE).content.decode()
    add_line("grundanslag", -3_000 * ORE_PER_TKR, cost_kind="use_of_equity")
    assert "beyond ±1.5 %" in client.get(PAGE).content.decode()


# The sentences


def test_titles_say_what_the_demo_shows() -> None:
    assert {key: chart.title for key, chart in draw().items()} == {
        "bridge": "The result is zero when equity is no longer used",
        "revenue": "Revenue rises by 6.0 per cent",
        "objects": "The 3 largest of 13 bear 69 per cent of the cost",
        "per_inhabitant": "Ydre pays most per inhabitant",
        "members": "Vimmerby pays 34 per cent of what the members pay",
        "debt": "The debt exceeds the framework in force in 2028 and 2029 if the assumed repayments and purchases hold",
        "results": "The result is within ±1.5 per cent of revenue 2027–2029",
    }


@pytest.mark.parametrize("chart", ["bridge", "revenue", "objects", "per_inhabitant", "members", "results"])
def test_chart_says_that_its_amounts_are_assumed_also_where_something_else_is(chart: str) -> None:
    assert any("figures of 2027" in str(note) for note in draw()[chart].notes)


def test_titles_of_another_budget_say_something_else() -> None:
    charts = draw(2026)
    assert charts["bridge"].title == "The result improves by 1\u202f000 tkr to \u22123\u202f000"
    assert charts["debt"].title == (
        "The debt exceeds the framework in force in 2028 if the assumed repayments and purchases hold"
    )
    assert charts["results"].title == (
        "Apart from the decided use of equity the result is within ±1.5 per cent of revenue 2026–2028"
    )


def test_titles_follow_the_lines() -> None:
    add_line("klient", -20_000 * ORE_PER_TKR)
    add_line("grundanslag", -2_000 * ORE_PER_TKR, cost_kind="use_of_equity")
    charts = draw()
    assert charts["revenue"].title == "Revenue falls by 13.5 per cent"
    assert charts["bridge"].title == "The result improves by 1\u202f000 tkr to \u22122\u202f000"
    assert charts["results"].title == "The result is beyond ±1.5 per cent of revenue in 2027"


def test_debt_that_is_not_known_says_so() -> None:
    PlannedLoan.objects.filter(budget__slug="budget-2027").delete()
    Loan.objects.all().delete()
    roll_up_budget(get_budget(), everything=True)
    chart = draw()["debt"]
    assert chart.plot is None
    assert "There is no loan forecast" in str(chart.notes[0])
    assert client_of("direktion").get(PAGE).status_code == 200


def test_investments_not_yet_known_are_named_under_the_debt() -> None:
    assert any("Ekonomisystem" in str(note) for note in draw()["debt"].notes)


# Parts and wholes


def test_steps_go_from_last_years_result_to_this_years() -> None:
    for year in (2026, 2027):
        dashboard = load(year)
        net = dashboard.overview.result[-1]
        assert dashboard.bridge[0].start == net.earlier
        assert dashboard.bridge[-1].end == net.amounts[0]
        assert [step.row for step in dashboard.bridge] == [
            "operating_revenue",
            "operating_costs",
            "depreciation",
            "financial_costs",
        ]


def test_objects_add_up_to_the_revenue() -> None:
    for year in (2026, 2027):
        dashboard = load(year)
        revenue = dashboard.overview.result[0]
        assert sum(row.amounts[0] for row in dashboard.objects) == revenue.amounts[0]


def test_line_of_the_base_grant_that_names_an_object_is_counted_to_it_and_the_sum_stays() -> None:
    before = {row.name: row.amounts[0] for row in load().objects}
    held = CostLine.objects.filter(
        budget__slug="budget-2027",
        budget_product__sub_budget__slug="grundanslag",
        cost_kind="direct_cost",
        amount_1_ore__gt=0,
    ).earliest("pk")
    held.governance_object = GovernanceObject.objects.get(slug="nat")
    held.save()
    other = add_line("grundanslag", 700, governance_object=GovernanceObject.objects.get(slug="arkitektur"))
    dashboard = load()
    after = {row.name: row.amounts[0] for row in dashboard.objects}
    assert after["Nät"] == before["Nät"] + held.amount_1_ore
    assert after["Grundanslag"] == before["Grundanslag"] - held.amount_1_ore
    assert after[str(other.governance_object)] == 700
    assert sum(after.values()) == sum(before.values()) + 700 == dashboard.overview.total.amounts[0]
    heads = draw()["objects"].table
    assert heads is not None
    assert "From the base grant" in heads.heads
    client = client_of("direktion")
    for row in dashboard.objects:
        for url, ore in ((row.url, row.amounts[0]), (row.own_url, row.own), (row.moved_url, row.moved)):
            if url and (row.name != "Grundanslag" or url == row.own_url):
                assert sum_of_lines(client, url) == ore, (row.name, url)
    base = next(row for row in dashboard.objects if row.name == "Grundanslag")
    equity = sum_of_lines(client, f"{base.url}&cost_kind=use_of_equity")
    assert sum_of_lines(client, base.url) - equity == base.amounts[0]


def sum_of_lines(client: Client, url: str) -> int:
    """Return the sum that the list shows: of what its lines cost, without income."""
    return int(client.get(url).context["table"].totals["amount_1_ore"])


def test_members_income_and_revenue_without_a_key_add_up_to_the_revenue() -> None:
    BudgetProduct.objects.filter(budget__slug="budget-2027", sub_budget__slug="klient").update(allocation_key=None)
    dashboard = load()
    assert dashboard.income is not None
    assert dashboard.income.amounts[0] == 859_000_00
    assert dashboard.unshared is not None
    parts = [*dashboard.members, dashboard.income, dashboard.unshared]
    whole = dashboard.overview.result[0]
    assert sum(part.amounts[0] for part in parts) == whole.amounts[0]
    assert sum(part.earlier or 0 for part in parts) == whole.earlier
    assert dashboard.unshared.amounts[0] > 0


def test_cost_per_inhabitant_is_the_cost_by_the_newest_count_before_the_year() -> None:
    ydre = next(member for member in load().members if member.name == "Ydre")
    assert ydre.inhabitants == 3_650
    assert ydre.per_inhabitant == pytest.approx(ydre.amounts[0] / 3_650, abs=0.5)
    Inhabitants.objects.all().delete()
    chart = draw()["per_inhabitant"]
    assert chart.plot is None
    assert "how many inhabitants" in str(chart.notes[0])


def test_former_member_is_no_member() -> None:
    assert [member.name for member in load().members] == ["Boxholm", "Vimmerby", "Ydre", "Åtvidaberg", "Ödeshög"]


def test_budget_without_keys_says_what_to_do() -> None:
    BudgetProduct.objects.filter(budget__slug="budget-2027").update(allocation_key=None)
    AllocationKey.objects.filter(budget__slug="budget-2027").delete()
    charts = draw()
    for key in ("members", "per_inhabitant"):
        assert charts[key].plot is None
        assert "has no allocation keys" in str(charts[key].notes[0])
    assert client_of("direktion").get(PAGE).status_code == 200


def test_results_are_actuals_where_known_then_budgets_then_plans() -> None:
    found = [(row.year, row.edition, round_to_tkr(row.result)) for row in load().results]
    assert found == [
        (2024, "actual", -6_847),
        (2025, "actual", -3_808),
        (2026, "budget", -3_000),
        (2027, "budget", 0),
        (2028, "plan", 0),
        (2029, "plan", 0),
    ]


def test_debts_are_those_of_the_loan_forecast() -> None:
    found = [(row.year, row.edition, round_to_tkr(row.debt or 0)) for row in load().debts]
    assert found[:4] == [
        (2024, "opening", 58_662),
        (2025, "budget", 57_477),
        (2026, "budget", 67_634),
        (2027, "budget", 77_321),
    ]


# The page


def test_every_link_of_the_tables_opens_what_is_behind_the_figure() -> None:
    client = client_of("direktion")
    links = re.findall(r'<a class="fig" href="([^"]+)"', client.get(PAGE).content.decode())
    kinds = {re.sub(r"=[^&]*", "", link): link.replace("&amp;", "&") for link in links}
    assert {"governance_object", "category", "customer", "cost_kind"} <= {re.split("[?&;]", kind)[-1] for kind in kinds}
    assert {kind: client.get(link).status_code for kind, link in kinds.items()} == dict.fromkeys(kinds, 200)


def test_each_chart_has_a_table_with_a_caption() -> None:
    page = client_of("direktion").get(PAGE).content.decode()
    figures = page.split("<figure")[1:]
    assert len(figures) == 8
    assert all("<caption" in figure and figure.count(' role="img"') == 2 for figure in figures)
    keys = re.findall(r'id="([td]-[a-z_]+-(?:wide|narrow))"', page)
    assert len(keys) == len(set(keys)) == 32


def test_number_of_queries_does_not_depend_on_the_rows() -> None:
    client, page = client_of("direktion"), ("dashboard", get_budget().pk, get_user("direktion").pk)
    before, asked = count_queries(client, PAGE), count_asked(*page)
    for number in range(30):
        add_line("klient", number)
    assert count_queries(client, PAGE) == before <= 10
    assert count_asked(*page) == asked <= 55


def test_published_figures_are_shown_by_the_overview() -> None:
    response = client_of("direktion").get("/budgets/budget-2025/dashboard/")
    assert (response.status_code, response["Location"]) == (302, "/budgets/budget-2025/")


@pytest.mark.parametrize("name", ["objektagare", "objektledare", "styrgrupp", "ekonom", "direktion", "revisor"])
def test_everybody_of_the_federation_reads_it(name: str) -> None:
    assert client_of(name).get(PAGE).status_code == 200


def test_officer_sees_what_all_members_pay_of_an_adopted_budget_and_nothing_of_a_draft() -> None:
    client = client_of("vimmerby")
    page = client.get("/budgets/budget-2026/dashboard/").content.decode()
    assert all(f">{name}</" in page for name in ("Boxholm", "Vimmerby", "Ydre", "Åtvidaberg", "Ödeshög"))
    assert client.get(PAGE).status_code == 404


def test_officer_gets_a_link_to_the_own_costs_only() -> None:
    page = client_of("vimmerby").get("/budgets/budget-2026/dashboard/").content.decode()
    assert len(set(re.findall(r"customer=[0-9a-f-]+", page))) == 1


def test_last_years_draft_is_not_compared_with_for_an_officer() -> None:
    budget = Budget(slug="b", fiscal_year=2028, based_on=get_budget())
    assert find_shown_earlier(budget, get_user("direktion")) == get_budget()
    assert find_shown_earlier(budget, get_user("vimmerby")) is None


def test_outsider_and_anonymous_see_nothing() -> None:
    assert client_of("utan.roll").get(PAGE).status_code == 404
    assert Client().get(PAGE).status_code == 302


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("direktion", PAGE),
        ("kommundirektor", PAGE),
        ("ekonom", "/budgets/budget-2027/"),
        ("revisor", "/budgets/budget-2027/"),
    ],
)
def test_first_page_of_each_role(name: str, start: str) -> None:
    assert client_of(name).get("/")["Location"] == start
