"""Commands for hands and scripts: what they print, and how they fail."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection

from budgets.models import Budget, CostLine
from budgets.selectors.budgets import is_behind
from engine.money import round_to_tkr
from engine.result import RESULT_ROWS
from tests import services

LOAN_ROWS = [
    "opening_debt",
    "borrowing_investments",
    "borrowing_use_of_equity",
    "amortisation",
    "closing_debt",
    "borrowing_framework",
    "headroom",
]
COLUMNS = ["table", "row", "column", "published_tkr", "computed_tkr", "difference_tkr", "class"]


@pytest.fixture
def database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The name of this run's copy of the demo; nothing here writes in it."""
    with django_db_blocker.unblock():
        yield str(connection.settings_dict["NAME"])


def run(database: str, *arguments: str) -> str:
    done = services.manage_here(database, *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def run_json(database: str, *arguments: str) -> Any:
    return json.loads(run(database, *arguments, "--json"))


def test_forecast_prints_the_three_forecasts_as_json(database: str) -> None:
    rows_by_kind = run_json(database, "forecast", "budget-2026")
    assert list(rows_by_kind) == ["grant", "result", "loan"]
    for kind, rows in rows_by_kind.items():
        keys = ["row", "year", "ore", "tkr", "provenance", *(["product"] if kind == "grant" else [])]
        assert rows
        assert all(list(row) == keys for row in rows)
        assert all(isinstance(row["year"], int) and isinstance(row["ore"], int) for row in rows)
        assert all(row["tkr"] == round_to_tkr(row["ore"]) for row in rows)


def test_forecast_rows_are_named_as_agreed(database: str) -> None:
    rows_by_kind = run_json(database, "forecast", "budget-2026")
    assert list(dict.fromkeys(row["row"] for row in rows_by_kind["result"])) == list(RESULT_ROWS)
    assert list(dict.fromkeys(row["row"] for row in rows_by_kind["loan"])) == LOAN_ROWS
    assert (
        {row["year"] for row in rows_by_kind["result"]}
        == {row["year"] for row in rows_by_kind["grant"]}
        == {2026, 2027, 2028}
    )


def test_forecast_shows_costs_negative_and_what_the_use_of_equity_leaves(database: str) -> None:
    rows = {(row["row"], row["year"]): row["tkr"] for row in run_json(database, "forecast", "budget-2026")["result"]}
    assert (rows["operating_revenue", 2026], rows["operating_costs", 2026]) == (113073, -82211)
    assert rows["net_result", 2026] == -3000


def test_grant_rows_name_their_product_and_sums_none(database: str) -> None:
    rows = run_json(database, "forecast", "budget-2026")["grant"]
    assert all((row["product"] is None) == (row["row"] in ("total_cost", "base_grant")) for row in rows)


def test_reconcile_prints_a_list_as_json(database: str) -> None:
    rows = run_json(database, "reconcile", "budget-2026")
    assert len(rows) > 500
    assert all(list(row) == COLUMNS for row in rows)
    assert {row["class"] for row in rows} <= {"exact", "rounding", "explained", "unexplained", "not_computed"}
    compared = [row for row in rows if row["computed_tkr"] is not None]
    assert all(row["difference_tkr"] == row["published_tkr"] - row["computed_tkr"] for row in compared)


@pytest.mark.parametrize("command", ["forecast", "reconcile"])
def test_without_json_a_readable_table_is_printed(database: str, command: str) -> None:
    printed = run(database, command, "budget-2026")
    assert "operating_revenue" in printed
    assert "113 073" in printed.replace("\u00a0", " ")
    with pytest.raises(json.JSONDecodeError):
        json.loads(printed)


@pytest.mark.parametrize("command", ["forecast", "reconcile", "roll_up"])
def test_unknown_budget_is_an_error_that_names_it_and_those_there_are(database: str, command: str) -> None:
    done = services.manage_here(database, command, "budget-1999")
    assert done.returncode != 0
    assert done.stdout == ""
    assert "budget-1999" in done.stderr and "budget-2026" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["forecast", "reconcile", "roll_up"])
def test_command_without_a_budget_says_what_is_missing(database: str, command: str) -> None:
    done = services.manage_here(database, command)
    assert done.returncode != 0
    assert (done.stdout, "budget" in done.stderr) == ("", True)


def test_budget_of_published_figures_has_no_forecasts(database: str) -> None:
    done = services.manage_here(database, "forecast", "budget-2025", "--json")
    assert (done.returncode != 0, done.stdout) == (True, "")
    assert "budget-2025" in done.stderr


@pytest.mark.parametrize("slug", ["budget-2025", "budget-2026", "budget-2027"])
def test_every_budget_can_be_rolled_up_from_scratch(committed: str, slug: str) -> None:
    assert slug in run(committed, "roll_up", slug, "--all")
    assert not is_behind(Budget.objects.get(slug=slug))


def test_roll_up_brings_totals_and_forecasts_up_to_date(committed: str) -> None:
    before = run_json(committed, "forecast", "budget-2027")["result"]
    line = CostLine.objects.filter(budget__slug="budget-2027", cost_kind="direct_cost")[0]
    with psycopg.connect(services.url_of(services.SERVERS.database_url, committed)) as hands:
        hands.execute("UPDATE budgets_costline SET amount_1_ore = amount_1_ore + 10000000 WHERE id = %s", [line.pk])
    behind = services.manage_here(committed, "forecast", "budget-2027", "--json")
    assert json.loads(behind.stdout)["result"] == before
    assert "roll_up" in behind.stderr
    run(committed, "roll_up", "budget-2027")
    after = services.manage_here(committed, "forecast", "budget-2027", "--json")
    assert after.stderr == ""
    assert json.loads(after.stdout)["result"][0]["ore"] == before[0]["ore"] + 10_000_000
    assert not is_behind(Budget.objects.get(slug="budget-2027"))


def test_roll_up_of_everything_repairs_what_is_wrong(committed: str) -> None:
    before = run_json(committed, "forecast", "budget-2027")
    with psycopg.connect(services.url_of(services.SERVERS.database_url, committed)) as hands:
        of_draft = "(SELECT b.id FROM budgets_subbudget b JOIN budgets_budget g ON g.id = b.budget_id WHERE g.slug = 'budget-2027')"
        hands.execute(f"UPDATE budgets_producttotal SET amount_1_ore = 1 WHERE sub_budget_id IN {of_draft}")  # noqa: S608
        hands.execute(f"DELETE FROM budgets_subbudgettotal WHERE sub_budget_id IN {of_draft}")  # noqa: S608
    run(committed, "roll_up", "budget-2027", "--all")
    assert run_json(committed, "forecast", "budget-2027") == before


def test_process_of_its_own_prints_and_fails_as_one_in_this_process_does(database: str) -> None:
    for arguments in (("forecast", "budget-2026", "--json"), ("forecast", "budget-1999"), ("reconcile",)):
        apart, here = services.manage(database, *arguments), services.manage_here(database, *arguments)
        assert (apart.returncode, apart.stdout, apart.stderr) == (here.returncode, here.stdout, here.stderr)


def test_demo_is_not_loaded_twice_and_the_command_says_who_can_sign_in(database: str) -> None:
    assert "ekonom@demo.example" in run(database, "load_demo")


def test_bad_demo_file_ends_the_command_without_traceback(empty_database: str, tmp_path: Any) -> None:
    done = services.manage_here(empty_database, "load_demo", "--folder", str(tmp_path))
    assert (done.returncode != 0, done.stdout) == (True, "")
    assert "cost_lines.csv" in done.stderr and "Traceback" not in done.stderr
    assert not Budget.objects.exists()


def test_missing_password_file_ends_the_command_without_traceback(empty_database: str, tmp_path: Any) -> None:
    done = services.manage_here(empty_database, "load_demo", "--password-file", str(tmp_path / "none"))
    assert done.returncode != 0
    assert "none" in done.stderr and "Traceback" not in done.stderr


def test_migrate_is_refused_as_the_sites_role(database: str) -> None:
    done = services.manage(database, "migrate", "--plan")
    assert "ITSAM_DATABASE_ROLE" in done.stderr or "DATABASE_OWNER_URL" in done.stderr
    assert done.returncode != 0
