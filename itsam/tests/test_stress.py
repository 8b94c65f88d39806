"""manage.py stress: the answer on the demo, and everything that can be wrong with its file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from engine.money import ORE_PER_TKR
from forecasts.models import Forecast, ForecastRow
from tests.cast import ADOPTED, DRAFT

pytestmark = pytest.mark.django_db
MKR = 1_000 * ORE_PER_TKR

MOVING = (
    "borrowing_investments_ore", "borrowing_use_of_equity_ore", "amortisation_ore", "refinancing_repaid_ore",
    "refinancing_raised_ore",
)  # fmt: skip


def answer(capsys: pytest.CaptureFixture[str], tmp_path: Path, budget: str = ADOPTED, **inputs: object) -> Any:
    path = tmp_path / "inputs.json"
    path.write_text(json.dumps(inputs))
    call_command("stress", budget, "--inputs", str(path), "--json")
    return json.loads(capsys.readouterr().out)


def faults(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "inputs.json"
    path.write_text(text)
    with pytest.raises(CommandError) as refused:
        call_command("stress", ADOPTED, "--inputs", str(path))
    return str(refused.value).splitlines()


@pytest.mark.parametrize("budget", [ADOPTED, DRAFT])
def test_without_inputs_the_year_ends_are_those_of_the_stored_loan_forecast(
    budget: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    told = answer(capsys, tmp_path, budget)
    rows = ForecastRow.objects.filter(forecast__budget__slug=budget, forecast__kind=Forecast.Kind.LOAN)
    stored = {(row.row, row.year): row.amount_ore for row in rows}
    first = told["year_ends"][0]["year"]
    assert [row["year"] for row in told["year_ends"]] == [first, first + 1, first + 2]
    for row in told["year_ends"]:
        assert row["debt_ore"] == stored["closing_debt", row["year"]] == sum(row["parts"].values())
        assert row["framework_ore"] == stored["borrowing_framework", row["year"]]
        assert row["headroom_ore"] == stored["headroom", row["year"]]
    assert [row["month"] for row in told["months"]] == [f"{first + n // 12}-{n % 12 + 1:02}" for n in range(36)]


def test_published_debt_is_told_by_part_and_every_assumption_is_said(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    told = answer(capsys, tmp_path, until_year=2030)
    assert told["year_ends"][0]["debt_ore"] == 67_634 * ORE_PER_TKR
    assert set(told["year_ends"][0]["parts"]) >= {"existing_loans", "use_of_equity", "computers", "network"}
    said = " ".join(told["assumed"])
    for words in ("computers: purchases of 2029–2030 repeat", "finance_system: the amount of 2026–2028 is not known"):
        assert words in said
    assert "use_of_equity: what is borrowed in 2025–2026 is never repaid" in said
    shares = told["recourse_shares"]
    highest = max(told["months"], key=lambda row: row["debt_ore"])
    assert sum(row["ore"] for row in shares) == highest["debt_ore"]
    assert {row["month"] for row in shares} == {highest["month"]}
    assert sum(row["share"] for row in shares) == pytest.approx(1)


def test_break_even_price_uses_the_whole_headroom(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    wide = [{"amount_ore": 130 * MKR, "from_on": "2026-01-01"}]
    named = ["computers", "mobile_phones"]
    change = answer(capsys, tmp_path, frameworks=wide, break_even_classes=named)["break_even_price_change"]
    assert change > 0
    at_it = answer(capsys, tmp_path, frameworks=wide, price_change=dict.fromkeys(named, round(change, 12)))
    assert abs(min(row["headroom_ore"] for row in at_it["year_ends"])) <= 100


def test_frameworks_of_the_file_stand_in_the_place_of_the_federations_from_their_first_day(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    told = answer(capsys, tmp_path, frameworks=[{"amount_ore": 130 * MKR, "from_on": "2026-06-23"}])
    assert [row["framework_ore"] for row in told["months"]][4:7] == [80 * MKR, 130 * MKR, 130 * MKR]
    low = answer(capsys, tmp_path, frameworks=[{"amount_ore": 60 * MKR, "from_on": "2015-01-01"}])
    assert {row["framework_ore"] for row in low["months"]} == {60 * MKR}


def test_pots_systems_and_buffer_are_parts_of_their_own(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    told = answer(
        capsys, tmp_path, buffer_ore=MKR,
        unpriced_systems=[{"name": "Ekonomisystem", "yearly_amount_ore": 6 * MKR, "first_year": 2027, "last_year": 2027, "life_years": 3}],
        recurring_pots=[{"name": "Pott", "yearly_amount_ore": 3 * MKR, "life_years": 3, "replaces": "development_pot"}],
    )  # fmt: skip
    parts = [row["parts"] for row in told["year_ends"]]
    assert [row.get("Ekonomisystem", 0) // MKR for row in parts] == [0, 6, 4]
    assert [row["Pott"] // MKR for row in parts] == [3, 5, 6]
    assert [row["buffer"] // MKR for row in parts] == [1, 1, 1]
    assert "development_pot" not in parts[0]


def test_everything_wrong_in_the_file_is_told_at_once_by_its_place(tmp_path: Path) -> None:
    wrong = {
        "prise_change": {},
        "price_change": {"computer": 0.1, "network": {"2019": 0.1, "2027": "dyrt"}, "servers": -2},
        "defer_months": {"computers": 1.5, "servers": 9_999},
        "quantity_change": [],
        "interest_shift": 3,
        "unpriced_systems": [{"yearly_amount_ore": -1, "life_years": 0}],
        "recurring_pots": [
            {"name": "servers", "yearly_amount_ore": 1, "life_years": 3},
            {"name": "Pott", "yearly_amount_ore": 1, "life_years": 3, "first_year": 2028, "last_year": 2026},
            {"name": "Bäck", "yearly_amount_ore": 1, "life_years": 3, "replaces": "båtar"},
        ],
        "buffer_ore": "10",
        "frameworks": [{"amount_ore": 1, "from_on": "2026-02-30"}, {"from_on": "2026-01-01"}],
        "until_year": 2020,
        "break_even_classes": "computers",
    }
    told = faults(tmp_path, json.dumps(wrong))
    places = {line.split(": ")[0] for line in told[1:]}
    assert places == {
        "the file", "price_change", "price_change.network.2019", "price_change.network.2027", "price_change.servers",
        "defer_months.computers", "defer_months.servers", "quantity_change", "interest_shift", "unpriced_systems[0]",
        "unpriced_systems[0].yearly_amount_ore", "unpriced_systems[0].life_years", "recurring_pots[1].last_year",
        "recurring_pots[2].replaces", "recurring_pots[0].name", "buffer_ore", "frameworks[0].from_on", "frameworks[1]", "until_year",
        "break_even_classes",
    }  # fmt: skip
    assert all("computers" in line for line in told if "no asset class" in line)


@pytest.mark.parametrize("text", ["", "[", '{"buffer_ore": NaN}', "[]", '"x"', "[" * 100_000, "\ufeff{}"])
def test_file_that_is_no_object_is_refused(text: str, tmp_path: Path) -> None:
    assert "inputs.json" in faults(tmp_path, text)[0]


def test_two_frameworks_of_one_day_and_a_file_that_is_not_there_are_refused(tmp_path: Path) -> None:
    row = {"amount_ore": 1, "from_on": "2026-01-01"}
    assert "two frameworks" in faults(tmp_path, json.dumps({"frameworks": [row, row]}))[1]
    with pytest.raises(CommandError, match="can't be read"):
        call_command("stress", ADOPTED, "--inputs", str(tmp_path / "missing.json"))


@pytest.mark.parametrize("command", ["stress", "loan_forecast", "forecast"])
def test_budget_of_published_figures_has_no_debt_to_tell(command: str) -> None:
    with pytest.raises(CommandError, match="published figures only"):
        call_command(command, "budget-2025")


def test_loan_forecast_tells_the_published_roll_forward_by_year_and_the_debt_by_month(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    call_command("loan_forecast", ADOPTED, "--json")
    tkr = {(row["row"], row["year"]): row["tkr"] for row in json.loads(capsys.readouterr().out)}
    assert (tkr["closing_debt", 2025], tkr["closing_debt", 2026], tkr["headroom", 2026]) == (57_477, 67_634, 12_366)
    call_command("loan_forecast", ADOPTED, "--months", "--json")
    months = json.loads(capsys.readouterr().out)
    owed = ("month", "debt_ore", "framework_ore")
    assert [{name: row[name] for name in owed} for row in months] == answer(capsys, tmp_path)["months"]
    closed = [row["opening_debt_ore"] + sum(row[name] for name in MOVING) for row in months]
    assert closed == [row["debt_ore"] for row in months]
    assert sum(row["borrowing_investments_ore"] for row in months[:12]) == 32_865_000_00
    assert sum(row["amortisation_ore"] for row in months[:12]) == -25_708_000_00
    assert months[11]["debt_ore"] == 67_634 * ORE_PER_TKR


def test_table_for_reading_names_breach_and_assumptions(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("stress", ADOPTED)
    told = capsys.readouterr().out
    assert "First month above the framework" in told
    assert "Assumed:" in told
