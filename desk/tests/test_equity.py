"""Equity: what is not known is asked for and spreads, funds and their years hold together, and each change is undone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from investments.models import BalanceStatement, EquityFloor, EquityFund, EquityFundYear, EquityInitiative
from objects.models import Decision
from tests.cast import ADOPTED, DRAFT, ECONOMIST, OFFICER, OUTSIDER, OWNER, client_of, get_page

pytestmark = pytest.mark.django_db
PAGE = f"/budgets/{ADOPTED}/equity/"
OPENING = {
    "item": "equity",
    "stated_on": "2025-12-31",
    "amount_ore": "10 000 000",
    "provenance": "entered",
    "note": "Bokslut",
}


def post(part: str, typed: dict[str, str], who: str = ECONOMIST, query: str = "") -> Any:
    return client_of(who, "en").post(f"{PAGE}{part}/new/{query}", typed)


def errors(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 422
    return {name: list(said) for name, said in response.context["form"].errors.items()}


def plain(text: str) -> str:
    """A text with ordinary spaces, in numbers too."""
    return re.sub(r"\s+", " ", text)


def row(page: Any, code: str) -> list[str]:
    text = page.content.decode()
    found = re.search(rf'<tr[^>]*data-row="{code}".*?</tr>', text, re.S)
    assert found
    cells = re.findall(r"<td[^>]*>(.*?)</td>", found[0], re.S)
    return [plain(re.sub(r"<[^>]+>", " ", cell)).strip() for cell in cells]


def test_without_an_opening_results_are_told_and_no_year_is_judged() -> None:
    page = get_page(ECONOMIST, PAGE)
    text = page.content.decode()
    assert "Whether equity stays at the floor cannot be judged" in text
    assert "at least 20 655 tkr at the end of 2023" in plain(text)
    assert row(page, "result") == ["−6 847", "−3 808", "−3 000", "0", "0"]
    assert row(page, "closing") == ["not known"] * 5
    assert f"{PAGE}statement/new/" in text


def test_what_is_left_of_the_fund_is_that_of_the_worked_example() -> None:
    [(state, warnings)] = get_page(ECONOMIST, PAGE).context["funds"]
    assert [year.used.ore for year in state.years] == [684_700_000, 380_800_000, 300_000_000]
    assert [year.left_of_total.ore for year in state.years] == [715_300_000, 334_500_000, 34_500_000]
    assert [year.decided.source for year in state.years] == ["derived", "published", "published"]
    assert warnings == ["No decision is linked to the fund."]


def test_an_entered_opening_judges_every_year_that_has_a_floor() -> None:
    assert post("statement", OPENING).status_code == 302
    report = get_page(ECONOMIST, PAGE).context["report"]
    assert [(year.year, year.closing.ore, year.verdict) for year in report.years] == [
        (2026, 700_000_000, "met"), (2027, 700_000_000, "met"), (2028, 700_000_000, "met")
    ]  # fmt: skip
    text = get_page(OWNER, PAGE, "sv").content.decode()
    assert "Eget kapital" in text and "minsta marginalen är 0 tkr" in text


def test_equity_below_the_floor_is_told_with_how_much() -> None:
    post("statement", {**OPENING, "amount_ore": "9 999 000"})
    page = get_page(ECONOMIST, PAGE)
    said = "Equity falls below the floor in 2026, 2027 and 2028: 6 999 tkr at the end of 2026, 1 tkr too little"
    assert said in plain(page.content.decode())
    assert page.context["report"].below[0].above_floor.ore == -100_000


def test_a_draft_reads_the_year_before_from_the_budget_in_force() -> None:
    post("statement", OPENING)
    report = get_page(ECONOMIST, f"/budgets/{DRAFT}/equity/").context["report"]
    assert [year.year for year in report.years] == [2026, 2027, 2028, 2029]
    assert report.years[0].result.ore == -300_000_000
    assert report.origins[2026].budget.slug == ADOPTED and report.origins[2027].budget.slug == DRAFT


def test_every_change_is_told_and_taken_back() -> None:
    post("statement", OPENING)
    act = get_page(ECONOMIST, PAGE).context["acts"][0]
    assert "Equity 2025-12-31" in act.said
    assert client_of(ECONOMIST).post(act.undo_url).status_code == 302
    assert not BalanceStatement.objects.exists()
    assert post("statement", OPENING).status_code == 302


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"stated_on": "2025-11-30"}, "stated_on", "2025-11-30 is not the last day of a year. Write 2025-12-31."),
        ({"stated_on": "2199-12-31"}, "stated_on", "has not come yet"),
        ({"amount_ore": "tio"}, "amount_ore", "tio"),
        ({"amount_ore": ""}, "amount_ore", "required"),
        ({"item": "provisions", "amount_ore": "-5"}, "amount_ore", "Only equity can be negative"),
        ({"item": "debt"}, "item", "debt"),
        ({"note": ""}, "note", "required"),
    ],
)
def test_a_statement_that_cannot_be_is_refused_by_its_field(typed: dict[str, str], field: str, said: str) -> None:
    found = errors(post("statement", {**OPENING, **typed}))
    assert list(found) == [field] and said in found[field][0]
    assert not BalanceStatement.objects.exists()


def test_an_item_has_one_figure_a_day() -> None:
    post("statement", OPENING)
    assert "has a figure for 2025-12-31 already" in errors(post("statement", OPENING))["stated_on"][0]


def fund() -> EquityFund:
    return EquityFund.objects.get()


def typed_fund(**changed: str) -> dict[str, str]:
    own = {
        "name": "Omställning",
        "amount_ore": "5 000 000",
        "first_year": "2027",
        "last_year": "2028",
        "provenance": "entered",
    }
    return {**own, **changed}


def test_a_fund_is_decided_and_its_years_do_not_exceed_it() -> None:
    decision = Decision.objects.get(kind="adopt_budget", stage="decided")
    assert post("fund", typed_fund(decision=str(decision.uuid))).status_code == 302
    made = EquityFund.objects.get(name="Omställning")
    year = {"fund": str(made.pk), "year": "2027", "amount_ore": "3 000 000", "provenance": "entered"}
    assert post("year", year).status_code == 302
    found = errors(post("year", {**year, "year": "2028", "amount_ore": "2 000 000,01"}))
    assert "5 000 000.01 kr is decided" in plain(found["amount_ore"][0])
    assert "2027 to 2028" in errors(post("year", {**year, "year": "2029", "amount_ore": "1"}))["year"][0]
    assert "2027" in errors(post("year", year))["year"][0]
    states = get_page(ECONOMIST, f"/budgets/{DRAFT}/equity/").context["funds"]
    assert [said for state, said in states if state.fund == made] == [[]]


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"last_year": "2026"}, "last_year", "before it begins in 2027"),
        ({"amount_ore": "0"}, "amount_ore", "above zero"),
        ({"amount_ore": "-1"}, "amount_ore", "above zero"),
        ({"name": "nyttjande av eget kapital 2024–2026"}, "name", "already"),
        ({"first_year": "1700"}, "first_year", "1700"),
    ],
)
def test_a_fund_that_cannot_be_is_refused_by_its_field(changed: dict[str, str], field: str, said: str) -> None:
    found = errors(post("fund", typed_fund(**changed)))
    assert list(found) == [field] and said in found[field][0]
    assert EquityFund.objects.count() == 1


def test_initiatives_stay_within_what_is_decided_for_the_year() -> None:
    typed = {
        "fund": str(fund().pk),
        "name": "Digital kompetens",
        "year": "2026",
        "amount_ore": "2 000 000",
        "provenance": "entered",
    }
    assert post("initiative", typed).status_code == 302
    assert EquityInitiative.objects.get().left_ore is None
    over = errors(post("initiative", {**typed, "name": "Annat", "amount_ore": "1 000 000,01"}))
    assert "3 000 000.01" in plain(over["amount_ore"][0])
    assert "Nothing is decided" in errors(post("initiative", {**typed, "year": "2029"}))["year"][0]
    assert "already" in errors(post("initiative", typed))["name"][0]
    text = get_page(OFFICER, PAGE, "sv").content.decode()
    assert "Digital kompetens" in text and f"{PAGE}initiative/" not in text


def test_a_fund_goes_with_its_years_but_not_with_its_initiatives() -> None:
    EquityInitiative.objects.create(fund=fund(), name="Stöd", year=2026, amount_ore=1)
    address = f"{PAGE}fund/{fund().uuid}/remove/"
    client = client_of(ECONOMIST, "en")
    assert client.post(address).status_code == 422 and EquityFund.objects.exists()
    EquityInitiative.objects.all().delete()
    assert client.post(address).status_code == 302
    assert not EquityFund.objects.exists() and not EquityFundYear.objects.exists()
    act = get_page(ECONOMIST, PAGE).context["acts"][0]
    client.post(act.undo_url)
    assert EquityFundYear.objects.filter(fund=fund()).count() == 3


def test_undoing_never_leaves_a_fund_that_its_years_do_not_fit() -> None:
    made = fund()
    client = client_of(ECONOMIST, "en")
    form = get_page(ECONOMIST, f"{PAGE}fund/{made.uuid}/change/").context["form"]
    typed = {name: str(form[name].value() or "") for name in form.fields}
    assert client.post(f"{PAGE}fund/{made.uuid}/change/", {**typed, "amount_ore": "15 000 000"}).status_code == 302
    raised = get_page(ECONOMIST, PAGE).context["acts"][0]
    year = made.years.get(year=2026)
    form = get_page(ECONOMIST, f"{PAGE}year/{year.uuid}/change/").context["form"]
    typed = {name: str(form[name].value() or "") for name in form.fields}
    assert client.post(f"{PAGE}year/{year.uuid}/change/", {**typed, "amount_ore": "4 000 000"}).status_code == 302
    client.post(raised.undo_url)
    made.refresh_from_db()
    assert made.amount_ore == 1_500_000_000


def test_the_database_holds_the_years_to_the_fund() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        EquityFundYear.objects.filter(year=2026).update(amount_ore=300_000_001)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for wrong in ({"amount_ore": -1, "item": "provisions"}, {"item": "debt", "amount_ore": 1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            BalanceStatement.objects.create(stated_on="2025-12-31", note="x", **wrong)


def test_only_the_economist_and_the_administrator_keep_equity() -> None:
    for who in (OWNER, OFFICER):
        assert get_page(who, PAGE).status_code == 200
        assert post("statement", OPENING, who).status_code == 403
        assert client_of(who).post(f"{PAGE}fund/{fund().uuid}/remove/").status_code == 403
    assert get_page(OUTSIDER, PAGE).status_code == 404
    assert post("statement", OPENING, OUTSIDER).status_code == 404
    assert client_of(ECONOMIST).get(f"{PAGE}nothing/new/").status_code == 404


def test_somebody_elses_change_is_shown_before_it_is_overwritten() -> None:
    row = EquityFloor.objects.get()
    address = f"{PAGE}floor/{row.uuid}/change/"
    form = get_page(ECONOMIST, address).context["form"]
    typed = {name: str(form[name].value() or "") for name in form.fields}
    client = client_of(ECONOMIST, "en")
    assert client.post(address, {**typed, "amount_ore": "8 000 000"}).status_code == 302
    stale = client.post(address, {**typed, "amount_ore": "9 000 000"})
    assert stale.status_code == 422 and stale.context["is_stale"]
    row.refresh_from_db()
    assert row.amount_ore == 800_000_000
