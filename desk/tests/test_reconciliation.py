"""The reconciliation page: what everybody reads, and the reasons that the economist links."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.test import Client

from budgets.models import Budget, CostLine, PublishedFigure
from desk.reconciliation.table import join_place, split_place
from forecasts.models import ReconciliationReason
from forecasts.selectors import count_unexplained, list_differences, reconcile
from forecasts.services.reasons import remove_reason, save_reason, undo_reason
from forecasts.services.roll_up import roll_up_budget
from records.services.stale import StaleError
from tests.cast import client_of, count_queries, get_budget, get_user

pytestmark = pytest.mark.django_db
URL = "/budgets/budget-2026/reconciliation/"
PLACE = ("loan_forecast", "borrowing_investments", "2025")
FIGURE = {"figure": join_place(PLACE)}
TEXT = "Upplåningen för bilarna flyttades till 2026."


@pytest.fixture
def budget() -> Budget:
    budget: Budget = get_budget("budget-2026")
    return budget


def read(client: Client, **query: str) -> str:
    response = client.get(URL, query)
    assert response.status_code == 200
    return response.content.decode()


def outcome_of(budget: Budget) -> str:
    (outcome,) = [row.outcome for row in list_differences(budget) if row.place == PLACE and row.parts]
    return outcome


def post_reason(client: Client, text: str = TEXT, seen: str = "") -> int:
    address = f"{URL}reason/?figure={FIGURE['figure']}"
    status: int = client.post(address, {"text": text, "seen": seen}).status_code
    return status


# What everybody reads


@pytest.mark.parametrize("name", ["ekonom", "objektagare", "direktion", "revisor", "vimmerby"])
def test_everybody_who_sees_the_budget_reads_its_reconciliation(name: str) -> None:
    assert "Låneprognos" in read(client_of(name)) or "Loan forecast" in read(client_of(name))


def test_outsider_finds_no_page() -> None:
    assert client_of("utan.roll").get(URL).status_code == 404


def test_page_counts_each_class_as_the_command_does(budget: Budget) -> None:
    rows = reconcile(budget)
    chips = {str(chip["label"]): chip["count"] for chip in client_of("ekonom").get(URL).context["chips"]}
    differing = [row for row in rows if row["class"] in ("rounding", "explained", "unexplained")]
    assert sorted(chips.values()) == sorted(
        [
            len(rows),
            len(differing),
            *(
                sum(row["class"] == name for row in rows)
                for name in ("exact", "rounding", "explained", "unexplained", "not_computed")
            ),
        ]
    )


def test_filters_by_class_table_column_and_text_narrow_each_other() -> None:
    client = client_of("direktion")
    table = client.get(URL, {"table": "loan_forecast", "outcome": "unexplained"}).context["table"]
    assert [row.record.place for row in table.rows] == [PLACE]
    table = client.get(URL, {"q": "amortering", "column": "2026", "outcome": "all"}).context["table"]
    assert {row.record.row for row in table.rows} == {"amortisation"}


def test_chosen_table_that_does_not_exist_is_said_and_shows_nothing() -> None:
    response = client_of("direktion").get(URL, {"table": "nonsense"})
    assert len(response.context["table"].rows) == 0
    assert "nonsense" in response.content.decode()


@pytest.mark.parametrize("column", ["row", "table", "column", "published", "computed", "difference", "outcome"])
def test_every_column_sorts_both_ways(column: str) -> None:
    client = client_of("direktion")
    for direction in ("", "-"):
        assert client.get(URL, {"sort": f"{direction}{column}", "page": "2"}).status_code == 200


def test_codes_are_shown_as_words_in_both_languages() -> None:
    client = client_of("ekonom")
    client.cookies["django_language"] = "en"
    text = read(client, table="loan_forecast")
    assert "borrowing_investments" not in text.replace("value=", "").split("<tbody>")[1].split("</tbody>")[0].replace(
        "figure=loan_forecast%7Cborrowing_investments", ""
    )
    assert "Borrowing for investments" in text


def test_every_link_behind_a_computed_figure_opens(budget: Budget) -> None:
    client = client_of("ekonom")
    words = client.get(URL).context["view"].words
    urls = {words.find_url(row) for row in list_differences(budget)} - {""}
    assert len(urls) > 90
    for url in sorted(urls):
        assert client.get(url).status_code == 200, url


def test_lines_behind_a_sub_budget_product_sum_to_its_computed_figure(budget: Budget) -> None:
    client = client_of("ekonom")
    words = client.get(URL).context["view"].words
    rows = [r for r in list_differences(budget) if r.table == "sub_budget/socialtjanst" and r.column == "budget_2026"]
    for row in [row for row in rows if not row.parts and row.computed_tkr]:
        sums = client.get(words.find_url(row)).context["table"].totals
        assert round(sums["amount_1_ore"] / 100_000) == row.computed_tkr


def test_budget_without_published_figures_says_what_the_page_is_for() -> None:
    text = client_of("ekonom").get(URL.replace("2026", "2025")).content.decode()
    assert 'class="empty"' in text
    assert "<table" not in text


def test_number_of_queries_does_not_depend_on_the_number_of_figures(budget: Budget) -> None:
    client = client_of("ekonom")
    before = count_queries(client, URL)
    PublishedFigure.objects.bulk_create(
        PublishedFigure(
            budget=budget, table="more", row=str(n), label="Mer", column="budget_2026", edition="budget:2026", tkr=n
        )
        for n in range(100)
    )
    for place in [PLACE, ("annual_accounts", "operating_costs", "budget_2025")]:
        save_reason(budget, place, text=TEXT, by=get_user("ekonom"))
    assert count_queries(client, URL) == before


@pytest.mark.parametrize("place", [PLACE, ("sub_budget/klient", "a|b", "budget_2026")])
def test_place_of_a_figure_survives_its_address(place: tuple[str, str, str]) -> None:
    assert split_place(join_place(place)) == place


@pytest.mark.parametrize("value", ["", "a", "a|b"])
def test_broken_address_of_a_figure_is_no_place(value: str) -> None:
    assert split_place(value) is None
    assert client_of("ekonom").get(f"{URL}reason/", {"figure": value}).status_code == 404


# Reasons


def test_linked_reason_makes_the_difference_explained_with_author_and_day(budget: Budget) -> None:
    assert outcome_of(budget) == "unexplained"
    before = count_unexplained(budget)
    client = client_of("ekonom")
    assert post_reason(client) == 302
    assert outcome_of(budget) == "explained"
    assert count_unexplained(budget) == before - 1
    text = read(client_of("direktion"), outcome="explained")
    reason = ReconciliationReason.objects.get(budget=budget)
    assert TEXT in text and str(reason.author) in text and f"{reason.created_at:%Y-%m-%d}" in text


@pytest.mark.parametrize("name", ["objektagare", "direktion", "revisor", "administrator", "vimmerby"])
def test_others_read_the_reason_and_change_nothing(name: str, budget: Budget) -> None:
    save_reason(budget, PLACE, text=TEXT, by=get_user("ekonom"))
    client = client_of(name)
    assert TEXT in client.get(f"{URL}reason/", FIGURE).content.decode()
    assert post_reason(client, "Taget över") == 403
    for end in ("remove/", "undo/"):
        assert client.post(f"{URL}reason/{end}?figure={FIGURE['figure']}").status_code == 403
    assert ReconciliationReason.objects.get(budget=budget).text == TEXT


def test_added_changed_and_removed_reason_are_each_taken_back_and_kept_in_history(budget: Budget) -> None:
    by = get_user("ekonom")
    save_reason(budget, PLACE, text=TEXT, by=by)
    undo_reason(budget, PLACE, by=by)
    assert outcome_of(budget) == "unexplained"
    save_reason(budget, PLACE, text=TEXT, by=by)
    first = ReconciliationReason.objects.get(budget=budget)
    save_reason(budget, PLACE, text="En annan orsak.", by=by, seen=TEXT)
    undo_reason(budget, PLACE, by=by)
    again = ReconciliationReason.objects.get(budget=budget)
    assert (again.text, again.created_at) == (TEXT, first.created_at)
    remove_reason(budget, PLACE, by=by)
    assert outcome_of(budget) == "unexplained"
    undo_reason(budget, PLACE, by=by)
    again = ReconciliationReason.objects.get(budget=budget)
    assert (again.text, again.author, again.created_at) == (TEXT, by, first.created_at)
    events = apps.get_model("forecasts", "ReconciliationReasonEvent")._default_manager.filter(budget=budget)
    assert {event.pgh_context["by"] for event in events} == {by.email}


def test_reason_that_somebody_else_changed_meanwhile_is_not_overwritten_silently(budget: Budget) -> None:
    save_reason(budget, PLACE, text="Den andras.", by=get_user("ekonom"))
    client = client_of("ekonom")
    response = client.post(f"{URL}reason/?figure={FIGURE['figure']}", {"text": TEXT, "seen": ""})
    text = response.content.decode()
    assert response.status_code == 422
    assert "Den andras." in text and TEXT in text
    assert ReconciliationReason.objects.get(budget=budget).text == "Den andras."
    assert post_reason(client, TEXT, "Den andras.") == 302
    with pytest.raises(StaleError):
        save_reason(budget, PLACE, text="x", by=get_user("ekonom"), seen="Den andras.")


def test_empty_reason_is_told_in_its_field() -> None:
    assert post_reason(client_of("ekonom"), "  ") == 422


def test_overview_counts_what_is_unexplained_and_links_to_it(budget: Budget) -> None:
    text = client_of("ekonom").get("/budgets/budget-2026/").content.decode()
    assert f"{URL}?outcome=unexplained" in text
    assert count_unexplained(budget) == sum(row["class"] == "unexplained" for row in reconcile(budget)) > 0
    assert "reconciliation/?outcome" not in client_of("ekonom").get("/budgets/budget-2027/").content.decode()


# What it opens on, and what it is held against


def test_it_opens_on_what_is_not_exact() -> None:
    rows = client_of("ekonom").get(URL).context["table"].rows
    assert rows
    assert {row.record.outcome for row in rows} <= {"unexplained", "explained", "rounding"}
    everything = client_of("ekonom").get(URL, {"outcome": "all"}).context["table"]
    assert len(everything.rows) > len(rows)


def test_a_figure_that_is_printed_twice_says_printed_elsewhere() -> None:
    page = client_of("ekonom", "en").get(URL, {"table": PLACE[0], "outcome": "unexplained"}).content.decode()
    assert "printed elsewhere" in page
    computed = client_of("ekonom", "en").get(URL, {"table": "result_budget", "column": "plan_2027", "outcome": "all"})
    rows = [row.record for row in computed.context["table"].rows]
    assert computed.content.decode().count("printed elsewhere") == sum(bool(row.parts) for row in rows) < len(rows)


def test_the_filter_is_kept_after_a_reason_is_saved_removed_and_taken_back() -> None:
    client = client_of("ekonom")
    chosen = {"outcome": "unexplained", "table": "loan_forecast", "q": "upplåning"}
    query = "&".join(f"{name}={value}" for name, value in {**FIGURE, **chosen}.items())
    for address, data in (
        (f"{URL}reason/?{query}", {"text": TEXT, "seen": ""}),
        (f"{URL}reason/undo/?{query}", {}),
    ):
        back = client.post(address, data)
        assert back.status_code == 302, address
        landed = client.get(back["Location"]).context["filter"].data
        assert {name: landed[name] for name in chosen} == chosen


def test_a_budgets_years_are_held_against_the_plan_published_the_year_before() -> None:
    draft = get_budget("budget-2027")
    rows = [row for row in list_differences(draft) if row.table == "result_budget"]
    assert {row.column for row in rows} == {"plan_2027", "plan_2028"}
    revenue = {row.column: row.computed_tkr for row in rows if row.row == "operating_revenue"}
    assert revenue == {"plan_2027": 119_849, "plan_2028": 122_500}
    assert {row.outcome for row in rows} == {"exact"}
    assert client_of("ekonom").get("/budgets/budget-2027/reconciliation/?outcome=all").context["has_plan"]


def test_a_change_of_the_plan_is_a_difference_that_can_be_explained() -> None:
    line = CostLine.objects.filter(budget__slug="budget-2027", cost_kind="direct_cost").earliest("pk")
    CostLine.objects.filter(pk=line.pk).update(
        amount_1_ore=line.amount_1_ore + 5_000_000, quantity=None, unit_price_ore=None
    )
    draft = get_budget("budget-2027")
    roll_up_budget(draft)
    place = ("result_budget", "operating_revenue", "plan_2027")
    (found,) = [row for row in list_differences(draft) if row.place == place]
    assert (found.difference_tkr, found.outcome) == (-50, "unexplained")
    save_reason(draft, place, text="Nytt avtal", by=get_user("ekonom"))
    (found,) = [row for row in list_differences(draft) if row.place == place]
    assert found.outcome == "explained"
