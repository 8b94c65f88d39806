"""The stress test's own page: all inputs, rows that come and go, scenarios that are kept, opened, compared and refused."""

from __future__ import annotations

import json
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import F
from django.http import QueryDict
from openpyxl import load_workbook

from desk.stress.filling import fill_form
from desk.stress.form import WholeStressForm
from forecasts.models import StressScenario
from forecasts.selectors.scenarios import answer_kept
from forecasts.selectors.stress_base import load_base
from investments.models import PlannedLoan
from investments.selectors.purchases import list_investments
from tests.cast import (
    ADOPTED,
    AUDITOR,
    BOARD,
    DIRECTOR,
    DRAFT,
    ECONOMIST,
    OFFICER,
    OUTSIDER,
    OWNER,
    REVISED,
    client_of,
    get_budget,
)  # fmt: skip
from web.numbers import format_tkr

pytestmark = pytest.mark.django_db
PAGE = f"/budgets/{DRAFT}/stress/"
SCENARIOS = f"{PAGE}scenarios/"
CHOSEN: dict[str, Any] = {"chosen": "1", "classes": ["computers", "mobile_phones"]}
EVERYTHING: dict[str, Any] = {
    **CHOSEN, "price": "30", "other_price": "−5", "quantity": "10", "interest": "1,5", "months_later": "6",
    "until_year": "2032", "buffer": "1 mkr", "framework": "130 mkr", "framework_on": "2028-07-01",
    "price_network": "0", "price_servers_2028": "12,5", "quantity_switches": "-10", "months_network": "-3",
    "pot_0_name": "Pott", "pot_0_yearly_amount_ore": "2 mkr", "pot_0_life_years": "3", "pot_0_replaces": "development_pot",
    "pot_1_name": "", "pot_2_name": "System", "pot_2_yearly_amount_ore": "6 000 000", "pot_2_life_years": "5",
    "pot_2_first_year": "2028", "pot_2_last_year": "2028",
}  # fmt: skip


def show(data: dict[str, Any] | None = None, *, address: str = PAGE, by: str = ECONOMIST, part: bool = False) -> str:
    headers = {"HX-Request": "true"} if part else {}
    answer = client_of(by, "en").get(address, data or {}, headers=headers)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode()).replace("\u202f", " ")


def read_form(data: dict[str, Any] | None) -> WholeStressForm:
    budget = get_budget()
    query = QueryDict(mutable=True)
    for name, value in (data or {}).items():
        query.setlist(name, value if isinstance(value, list) else [value])
    form = WholeStressForm(query, base=load_base(budget), investments=list_investments(budget), years=budget.years)
    form.full_clean()
    return form


def keep(name: str, data: dict[str, Any], **more: str) -> StressScenario | None:
    page = show(data)
    given = re.search(r'name="given" value="([^"]*)"', page)
    assert given
    sent = {"name": name, "given": given[1].replace("&amp;", "&"), **more}
    answer = client_of(ECONOMIST, "en").post(f"{SCENARIOS}save/", sent)
    assert answer.status_code == 302
    return StressScenario.objects.filter(name=name).first()


def test_everything_that_is_typed_is_what_the_command_reads(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    form = read_form(EVERYTHING)
    assert not form.errors
    path = tmp_path / "inputs.json"
    path.write_text(json.dumps(form.given, default=float))
    call_command("stress", DRAFT, "--inputs", str(path), "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["year_ends"][-1]["year"] == 2032
    assert {"Pott", "System", "buffer"} <= set(told["year_ends"][-1]["parts"])
    assert "development_pot" not in told["year_ends"][0]["parts"]
    page = show(EVERYTHING)
    for row in told["year_ends"]:
        assert format_tkr(row["debt_ore"]).replace("\u202f", " ") in page
        assert format_tkr(row["interest_ore"]).replace("\u202f", " ") in page
    assert form.given["price_change"]["computers"] == form.fraction("price")
    assert "network" not in form.given["price_change"]  # its own nought goes before the others' slider
    assert set(form.given["price_change"]["servers"]) == {str(year) for year in range(2027, 2033)}


def test_kept_inputs_fill_the_form_with_what_gives_them_again() -> None:
    form = read_form(EVERYTHING)
    given = json.loads(json.dumps(form.given, default=float))
    filled = fill_form(given, form.names, form.unknown, form.base.debt.years)
    again = WholeStressForm(
        filled, base=form.base, investments=list_investments(get_budget()), years=get_budget().years
    )
    again.full_clean()
    assert not again.errors
    assert json.loads(json.dumps(again.given, default=float)) == given
    assert (str(filled["price"]), str(filled["months_later"])) == ("30.0", "6")


def test_rows_are_added_and_removed_without_losing_what_is_typed() -> None:
    typed = {**CHOSEN, "pot_0_name": "Första", "pot_1_name": "Andra"}
    assert 'name="pot_2_name"' in show({**typed, "more": "1"})
    left = show({**typed, "drop": "0"}, part=True)
    assert 'id="pots" hx-swap-oob="true"' in left
    assert "Andra" in left
    assert "Första" not in left
    assert 'name="pot_1_name"' not in left


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [({"pot_0_name": "Pott"}, "pot_0_yearly_amount_ore", "Write an amount"),
     ({"pot_0_name": "", "pot_1_life_years": "3"}, "pot_1_name", "Write a name"),
     ({"pot_0_name": "servers", "pot_0_yearly_amount_ore": "1", "pot_0_life_years": "3"}, "pot_0_name", "something else"),
     ({"pot_0_name": "P", "pot_0_yearly_amount_ore": "1", "pot_0_life_years": "0"}, "pot_0_life_years", "1"),
     ({"pot_0_name": "P", "pot_0_yearly_amount_ore": "1", "pot_0_life_years": "3", "pot_0_first_year": "2029",
       "pot_0_last_year": "2027"}, "pot_0_last_year", "2029"),
     ({"pot_0_name": "P", "pot_0_yearly_amount_ore": "-1", "pot_0_life_years": "3"}, "pot_0_yearly_amount_ore", "0"),
     ({"until_year": "2026"}, "until_year", "2027"), ({"until_year": "2060"}, "until_year", "2047"),
     ({"interest": "101"}, "interest", "50"), ({"quantity": "mycket"}, "quantity", "mycket"),
     ({"buffer": "-1"}, "buffer", "Write an amount"), ({"framework": "130 mkr"}, "framework_on", "from which day"),
     ({"framework_on": "2027-01-01"}, "framework", "above 0"), ({"framework": "0", "framework_on": "2027-01-01"},
       "framework", "above 0"), ({"price_computers_2028": "301"}, "price_computers_2028", "300"),
     ({"months_network": "1,5"}, "months_network", "whole")],
)  # fmt: skip
def test_what_cannot_be_tried_is_told_at_its_field(typed: dict[str, Any], field: str, said: str) -> None:
    page = show({**CHOSEN, **typed})
    told = re.search(rf'<a href="#id_{field}">([^<]*)</a>', page)
    assert told and said in told[1]
    assert "Debt under stress" not in page
    assert 'name="given" value=""' in page


def test_all_faults_are_told_at_once() -> None:
    form = read_form({**CHOSEN, "price": "dyrt", "buffer": "-1", "pot_0_name": "x", "until_year": "1"})
    assert set(form.errors) == {"price", "buffer", "pot_0_yearly_amount_ore", "pot_0_life_years", "until_year"}


def test_scenario_is_kept_and_opened_with_the_same_figures_after_the_budget_has_changed() -> None:
    kept = keep("Dyrare", EVERYTHING)
    assert kept is not None
    figures = [format_tkr(row.debt).replace("\u202f", " ") for row in answer_kept(kept).found.year_ends]
    opened = show({"scenario": str(kept.uuid)})
    assert all(figure in opened for figure in figures)
    assert "The budget has changed" not in opened
    assert 'name="pot_0_name" value="Pott"' in opened
    PlannedLoan.objects.filter(budget=get_budget()).update(principal_ore=F("principal_ore") + 100_000_000)
    later = show({"scenario": str(kept.uuid)})
    assert all(figure in later for figure in figures)
    assert "The budget has changed since the scenario was saved" in later
    compared = show(address=SCENARIOS)
    assert "with the budget of today" in compared


def test_saving_under_the_same_name_replaces_what_is_opened_and_nothing_else() -> None:
    first = keep("Dyrare", {**CHOSEN, "price": "30"})
    assert first is not None
    seen = {"scenario": str(first.uuid), "seen": first.saved_at.isoformat()}
    keep("Dyrare", {**CHOSEN, "price": "40"})
    assert StressScenario.objects.get().inputs == first.inputs
    keep("dyrare", {**CHOSEN, "price": "40"}, **seen)
    row = StressScenario.objects.get()
    assert (row.pk, row.inputs["price_change"]["computers"]) == (first.pk, 0.4)
    keep("Dyrare", {**CHOSEN, "price": "50"}, **seen)
    assert StressScenario.objects.get().inputs == row.inputs
    keep("Annan", {**CHOSEN, "price": "50"}, scenario=str(first.uuid))
    assert set(StressScenario.objects.values_list("name", flat=True)) == {"dyrare", "Annan"}


def test_what_cannot_be_read_is_not_kept() -> None:
    client = client_of(ECONOMIST, "en")
    for given in ("", "chosen=1&price=dyrt", "chosen=1&classes=b%C3%A5tar"):
        answer = client.post(f"{SCENARIOS}save/", {"name": "X", "given": given}, follow=True)
        assert "Correct what is tried" in answer.content.decode()
    assert not StressScenario.objects.exists()


def test_comparison_lays_them_side_by_side_and_the_workbook_holds_the_same() -> None:
    keep("Priser +30 %", {**CHOSEN, "price": "30"})
    unknown = re.search(r'name="(unknown_[0-9a-f]{32})"', show())
    assert unknown
    keep("Priser +50 % och ekonomisystem", {**CHOSEN, "price": "50", unknown[1]: "6 mkr"})
    page = show(address=SCENARIOS)
    for words in ("As planned", "Priser +30 %", "+50 %", "First month above the framework", "assumed", "not known",
                  "Headroom under the framework in force, 80 000", "Headroom under the proposed framework, 130 000"):  # fmt: skip
        assert words in page
    assert page.count('class="small"') == 3
    assert f'href="{PAGE}?scenario={StressScenario.objects.earliest("pk").uuid}"' in page
    found = [answer_kept(row).found for row in StressScenario.objects.order_by("pk")]
    content = client_of(ECONOMIST, "en").get(SCENARIOS, {"export": "xlsx"}).content
    rows = [[cell.value for cell in row] for row in load_workbook(BytesIO(content)).active.iter_rows()]
    debts = next(number for number, row in enumerate(rows) if row[0] == "Debt 31 December, kr")
    for place, year in enumerate(found[0].year_ends, 1):
        assert [row * 100 for row in rows[debts + place][2:4]] == [answer.year_ends[place - 1].debt for answer in found]
        assert str(rows[debts + place][0]) == str(year.year)


@pytest.mark.parametrize("name", [BOARD, DIRECTOR, AUDITOR, OWNER])
def test_who_reads_the_loans_reads_the_stress_test_and_its_scenarios_and_keeps_none(name: str) -> None:
    kept = keep("Dyrare", {**CHOSEN, "price": "30"})
    assert kept is not None
    assert "Dyrare" in show(address=SCENARIOS, by=name)
    opened = show({"scenario": str(kept.uuid)}, by=name)
    assert 'name="given"' not in opened
    client = client_of(name)
    assert client.post(f"{SCENARIOS}save/", {"name": "X", "given": "chosen=1"}).status_code == 403
    for address in (f"{SCENARIOS}{kept.uuid}/", f"{SCENARIOS}{kept.uuid}/remove/"):
        assert client.get(address).status_code == client.post(address).status_code == 403


def test_outsiders_see_no_scenario_and_officers_those_of_budgets_that_are_no_draft() -> None:
    kept = keep("Dyrare", {**CHOSEN, "price": "30"})
    assert kept is not None
    assert client_of(OUTSIDER).get(PAGE).status_code == client_of(OFFICER).get(PAGE).status_code == 404
    assert client_of(OFFICER).get(f"/budgets/{ADOPTED}/stress/").status_code == 200
    other = client_of(ECONOMIST).get(f"/budgets/{ADOPTED}/stress/", {"scenario": str(kept.uuid)})
    wrong = client_of(ECONOMIST).get(PAGE, {"scenario": "x"})
    assert other.status_code == wrong.status_code == 404


def test_scenario_is_renamed_shown_to_the_board_removed_and_put_back() -> None:
    kept, client = keep("Dyrare", {**CHOSEN, "price": "30"}), client_of(ECONOMIST, "en")
    assert kept is not None
    own = f"{SCENARIOS}{kept.uuid}/"
    assert client.post(own, {"name": "Mycket dyrare", "is_on_board": "on", "seen": ""}).status_code == 302
    board = show(address=f"/budgets/{DRAFT}/dashboard/", by=BOARD)
    assert "Mycket dyrare" in board and f"{PAGE}?scenario={kept.uuid}" in board
    assert client.post(f"{own}remove/").status_code == 302
    assert "Mycket dyrare" not in show(address=f"/budgets/{DRAFT}/dashboard/", by=BOARD)
    undo = re.search(r'action="([^"]*/acts/[^"]*/undo/)"', show(address=SCENARIOS))
    assert undo
    client.post(undo[1])
    assert "Mycket dyrare" in show(address=f"/budgets/{DRAFT}/dashboard/", by=BOARD)
    keep("Annan", CHOSEN)
    assert client.post(own, {"name": "ANNAN", "seen": ""}).status_code == 422


def test_stress_starts_from_the_adopted_budget_or_from_its_revision() -> None:
    adopted, revised = (show(address=f"/budgets/{slug}/stress/") for slug in (ADOPTED, REVISED))
    assert f"/budgets/{REVISED}/stress/" in adopted and f"/budgets/{ADOPTED}/stress/" in revised
    assert "67 634" in adopted and "80 000" in revised


def test_budget_whose_debt_is_not_known_says_what_to_enter() -> None:
    assert "There is no debt to try" in show(address="/budgets/budget-2025/stress/")
    assert "There is no debt to try" in show(address="/budgets/budget-2025/stress/scenarios/")
