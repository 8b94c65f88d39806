"""What reviewers read: a revision beside what it revises, two times compared by their names, and one word for a status."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from django.utils.translation import override
from openpyxl import load_workbook

from budgets.models import COST_KINDS, Action, Budget, CostLine, SubBudget
from budgets.selectors.budgets import find_default_budget, find_earlier, find_year_before
from budgets.selectors.sheets import load_sheet
from budgets.selectors.sub_budgets import list_sub_budgets
from budgets.services.lines import add_line, change_line, delete_line
from budgets.words import name_earlier
from engine.result import COUNTED
from forecasts.services.roll_up import roll_up_budget
from forecasts.services.versions import adopt_proposed, revise_budget
from history.sides import list_moments
from reports.dashboard.selectors import load_dashboard
from reports.overview.selectors import load_overview
from tests.cast import (
    AUDITOR,
    BOARD,
    DRAFT,
    ECONOMIST,
    GROUP,
    NEW,
    OFFICER,
    OWN,
    OWNER,
    client_of,
    count_queries,
    decide,
    forget_revision,
    get_budget,
    get_page,
    get_user,
    list_open,
    propose,
    take,
)  # fmt: skip

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def adopted_is_not_revised(db: None) -> None:
    """The demo's adopted budget is revised already; these revise it themselves."""
    forget_revision()


COMPARE = f"/budgets/{DRAFT}/compare/"


def revise() -> Budget:
    return revise_budget(
        get_budget("budget-2026"), slug="budget-2026-r", name="Budget 2026, reviderad", by=get_user(ECONOMIST)
    )


# A revision beside what it revises


def test_revised_budget_is_compared_with_the_one_it_revises_on_every_page() -> None:
    target, source = revise(), get_budget("budget-2026")
    assert find_earlier(target) == source
    slug = "klient"
    line = CostLine.objects.filter(budget=target, budget_product__sub_budget__slug=slug, amount_1_ore__gt=0).earliest(
        "pk"
    )
    CostLine.objects.filter(pk=line.pk).update(amount_1_ore=line.amount_1_ore + 123_000_00, quantity=None)
    roll_up_budget(target)
    client = client_of("ekonom")
    for path in ("", "sub-budgets/", f"sub-budgets/{slug}/", "dashboard/"):
        html = client.get(f"/budgets/{target.slug}/{path}", headers={"accept-language": "en"}).content.decode()
        assert "2026 before revision" in html, path
        assert "+123" in html, path
        assert "Budget 2025" not in html.split("<main", 1)[1], path
    assert load_sheet(SubBudget.objects.get(budget=target, slug=slug), get_user("ekonom")).change == 123_000_00
    overview = load_overview(target, get_user("ekonom"), find_earlier(target))
    before = load_overview(source, get_user("ekonom"), find_earlier(source))
    assert overview.forecasts["closing_debt"].earlier == before.forecasts["closing_debt"].amounts[0]
    assert overview.total.change == 123_000_00


def test_a_scenario_is_compared_with_the_budget_of_its_year_that_it_was_copied_from() -> None:
    source = get_budget(DRAFT)
    scenario = Budget.objects.create(
        slug="prov", name="Prov", fiscal_year=source.fiscal_year, kind=Budget.Kind.SCENARIO, based_on=source
    )
    assert find_earlier(scenario) == source
    assert name_earlier(scenario) == "2027 i förlagan"
    assert find_earlier(source) == get_budget("budget-2026")


def test_revision_counts_up_from_the_year_before_and_not_from_what_it_revises() -> None:
    target = revise()
    assert find_year_before(target) == find_year_before(get_budget("budget-2026"))
    years = load_dashboard(target, get_user("ekonom"), find_earlier(target)).results
    assert [year.year for year in years] == sorted({year.year for year in years})


def test_revised_budget_says_each_word_once() -> None:
    html = get_page(ECONOMIST, f"/budgets/{revise().slug}/workflow/", "sv").content.decode()
    main = re.sub(r"<[^>]+>", " ", html.split("<main", 1)[1])
    assert "reviderad, reviderad" not in html
    assert not re.search(r"reviderad\s+reviderad", main)


def test_board_and_auditor_open_the_budget_in_force_while_its_revision_is_a_draft() -> None:
    propose()
    adopt_proposed(get_budget(), decision=decide(), by=get_user(ECONOMIST))
    target = revise_budget(get_budget(), slug="r", name="R", by=get_user(ECONOMIST))
    for name in (BOARD, AUDITOR):
        assert find_default_budget(get_user(name)) == get_budget()
        assert f"/budgets/{DRAFT}/" in client_of(name).get("/").headers["Location"]
    assert find_default_budget(get_user(ECONOMIST)) == target
    Budget.objects.filter(pk=target.pk).update(phase="proposed")
    assert find_default_budget(get_user(BOARD)) == target


# Two times compared by their names


def test_two_budgets_are_compared_line_by_line_and_add_up_to_the_ore() -> None:
    response = get_page(ECONOMIST, COMPARE, first="budget-2026", second=DRAFT)
    found = response.context["comparison"]
    assert found.differences
    totals = [
        sum(CostLine.objects.filter(budget__slug=slug, cost_kind__in=COUNTED).values_list("amount_1_ore", flat=True))
        for slug in ("budget-2026", DRAFT)
    ]
    assert [found.total.before[0], found.total.after[0]] == totals
    counted = [row for row in found.differences if row.line.cost_kind in COUNTED]
    assert found.total.change == sum(row.changes[0] for row in counted) == sum(row.change for row in found.sums)
    assert len(counted) < len(found.differences) and "Income is not in the sum" in response.content.decode()
    one = get_page(ECONOMIST, COMPARE, first="budget-2026", second=DRAFT, object=OWN).context["comparison"]
    assert [row.slug for row in one.sums] == [OWN]
    assert one.total.change == next(row.change for row in found.sums if row.slug == OWN)


def test_moments_are_chosen_by_what_was_done_and_show_what_changed_between() -> None:
    first, second = list_open()[:2]
    change_line(first, {"amount_1_ore": first.amount_1_ore + 10_01, "note": "Nytt avtal"}, by=get_user(OWNER))
    take(Action.SUBMIT, OWNER)
    change_line(second, {"text": "Annan text"}, by=get_user(GROUP))
    added = add_line(first.budget_product, {**NEW, "text": "Ny"}, by=get_user(ECONOMIST))
    propose()
    keys = {moment.action: moment.value for moment in list_moments([get_budget()], get_user(GROUP))[0] if moment.action}
    begun = get_page(GROUP, COMPARE, first=f"{DRAFT}@begun", second=keys[Action.SUBMIT])
    assert [row.text for row in begun.context["comparison"].differences] == [first.text]
    assert begun.context["comparison"].total.change == 10_01
    assert "Nytt avtal" in begun.content.decode()
    later = get_page(GROUP, COMPARE, first=keys[Action.SUBMIT], second=keys[Action.COMPILE])
    assert {row.text.split(" → ")[-1]: row.what for row in later.context["comparison"].differences} == {
        "Annan text": "changed", added.text: "added",
    }  # fmt: skip
    assert "last submitted, each object" in later.content.decode()
    whole = get_page(GROUP, COMPARE, first=f"{DRAFT}@begun", second=DRAFT).context["comparison"]
    assert whole.total.change == 10_01 + 100


def test_deleted_line_is_found_and_its_amount_taken_from_the_sum() -> None:
    line = list_open()[0]
    delete_line(line, by=get_user(OWNER))
    found = get_page(GROUP, COMPARE, first=f"{DRAFT}@begun", second=DRAFT).context["comparison"]
    assert [(row.text, row.what) for row in found.differences] == [(line.text, "deleted")]
    assert found.total.change == -line.amount_1_ore


def test_comparison_without_differences_says_so() -> None:
    html = get_page(GROUP, COMPARE, first=f"{DRAFT}@begun", second=DRAFT).content.decode()
    assert "No line differs" in html


@pytest.mark.parametrize(
    "query",
    [
        {"first": "nothing"}, {"first": DRAFT, "second": DRAFT}, {"object": "nothing"}, {"first": f"{DRAFT}@nothing"},
        {"first": "", "second": ""},
    ],
)  # fmt: skip
def test_bad_choice_is_said_at_its_field_and_nothing_is_compared(query: dict[str, str]) -> None:
    response = get_page(ECONOMIST, COMPARE, **query)
    assert response.status_code == 200
    assert response.context["comparison"] is None
    assert response.context["form"].errors


def test_comparison_is_sorted_and_taken_out_as_a_workbook_that_adds_up() -> None:
    query = {"first": "budget-2026", "second": DRAFT}
    rows = [row.record for row in get_page(ECONOMIST, COMPARE, **query, sort="-now").context["table"].page.object_list]
    known = [row.now for row in rows if row.now is not None]
    assert known == sorted(known, reverse=True)
    response = get_page(ECONOMIST, COMPARE, **query, export="xlsx")
    sheet = load_workbook(BytesIO(b"".join(response) if response.streaming else response.content)).active
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = next(place for place, row in enumerate(cells) if "Line" in row)
    at = cells[head].index(next(cell for cell in cells[head] if str(cell).startswith("Change")))
    kind = cells[head].index("Cost kind")
    with override("en"):
        counted = {str(label) for code, label in COST_KINDS if code in COUNTED}
    amounts = [row[at] for row in cells[head + 1 :] if row[kind] in counted and isinstance(row[at], int | float)]
    found = get_page(ECONOMIST, COMPARE, **query).context["comparison"]
    assert round(sum(amounts) * 100) == found.total.change


def test_those_outside_compare_adopted_budgets_only_as_they_are() -> None:
    assert client_of(OFFICER).get(COMPARE).status_code == 404
    response = get_page(OFFICER, "/budgets/budget-2026/compare/")
    assert DRAFT not in response.content.decode().split("<main", 1)[1]
    assert [moment.key for moment in list_moments([get_budget("budget-2026")], get_user(OFFICER))[0]] == [""]


def test_queries_of_a_comparison_do_not_depend_on_how_many_budgets_there_are() -> None:
    client = client_of(ECONOMIST)
    before = count_queries(client, COMPARE)
    revise()
    assert count_queries(client, COMPARE) == before


@pytest.mark.parametrize("path", ["", "workflow/", f"sub-budgets/{OWN}/"])
def test_comparison_is_reached_from_the_pages_of_a_budget(path: str) -> None:
    assert COMPARE in get_page(GROUP, f"/budgets/{DRAFT}/{path}").content.decode()


# One word for a status


def test_returned_sub_budget_is_called_so_on_all_pages() -> None:
    take(Action.SUBMIT, OWNER)
    take(Action.RETURN, GROUP)
    row = next(row for row in list_sub_budgets(get_budget(), get_user(OWNER)) if row.slug == OWN)
    assert (row.state, row.get_state_display()) == ("returned", "återlämnad")
    for path in ("", "sub-budgets/", f"sub-budgets/{OWN}/", "workflow/", "sub-budgets/?status=returned"):
        assert "Återlämnad" in re.sub(
            r"<option.*?</option>", "", get_page(OWNER, f"/budgets/{DRAFT}/{path}", "sv").content.decode()
        ).replace("återlämnad", "Återlämnad"), path
    listed = get_page(OWNER, f"/budgets/{DRAFT}/sub-budgets/", status="draft").context["table"].rows
    assert OWN not in {line.record.sub_budget.slug for line in listed}


def test_compiled_budget_has_one_word_on_all_pages() -> None:
    propose()
    for path in (
        "",
        "dashboard/",
        "costs/",
        "loans/",
        "workflow/",
        "sub-budgets/",
        "lines/",
        "essential-changes/",
        "compare/",
        "history/",
    ):
        main = get_page(ECONOMIST, f"/budgets/{DRAFT}/{path}", "sv").content.decode().split("<main", 1)[1]
        head = main.split("page-head", 1)[1].split("</ul>", 1)[0]
        assert re.search("öreslagen", head), path
        assert "tkast" not in head, path


# The decision behind a budget


def test_adopted_budget_names_and_links_its_decision_on_its_pages() -> None:
    budget = get_budget("budget-2026")
    assert budget.adopted_by is not None
    url = f"/decisions/{budget.adopted_by.uuid}/"
    for path in ("", "dashboard/", "costs/", "loans/", "workflow/", "sub-budgets/", "lines/", f"sub-budgets/{OWN}/"):
        assert url in get_page(BOARD, f"/budgets/budget-2026/{path}").content.decode(), path
