"""The demo: loaded whole or not at all, every figure marked, and every bad cell named with file, row, field and value."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import translation

from accounts.models import User
from budgets.models import Budget, BudgetProduct, CostLine, ProductTotal, PublishedFigure, SubBudgetTotal
from budgets.selectors.budgets import find_default_budget, is_behind
from engine.money import ORE_PER_TKR
from engine.provenance import ORDER
from forecasts.models import Forecast, ForecastRow
from forecasts.selectors import budgets_behind, load_amounts, sub_budgets_behind
from forecasts.selectors.stored import load_stored
from investments.models import Investment, Loan, LoanInstalment, PlannedLoan
from itsam.demo import loader
from itsam.demo.loader import DATA, NotEmptyError, is_demo_loaded, is_empty, load_demo
from itsam.demo.reader import DemoDataError
from objects.models import GovernanceObject, Municipality
from pricing.models import Post
from records.models import Provenance
from tests.cast import ADOPTED, AUDITOR, BOARD, DRAFT, ECONOMIST, REVISED, get_budget, get_user

Rows = list[list[str]]

# English opens a quotation with another sign than Swedish.
OPENING_QUOTE, QUOTE = "“", "”"

COMPUTED = {ForecastRow, ProductTotal, SubBudgetTotal}
MARKED = {Provenance.PUBLISHED.value, Provenance.DERIVED.value, Provenance.COPIED.value, Provenance.ASSUMED.value}


def count_rows() -> dict[str, int]:
    """The rows of every table that is not empty, but those of Django's own."""
    django = {"contenttypes", "auth", "sessions", "admin"}
    models = [model for model in apps.get_models() if model._meta.app_label not in django]
    counted = {model._meta.db_table: model._default_manager.count() for model in models}
    return {table: count for table, count in counted.items() if count}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the demo's files, to be spoilt."""
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def read(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def write(path: Path, rows: Rows) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)


def change_cell(folder: Path, file: str, row: int, field: str, value: str) -> None:
    """Changes the cell of a row as people count them: the heading is row 1."""
    rows = read(folder / file)
    rows[row - 1][rows[0].index(field)] = value
    write(folder / file, rows)


def refuse_sql(*_arguments: object) -> None:
    raise AssertionError("the files are checked before the database is asked")


def problems(folder: Path) -> list[str]:
    """What is wrong with the files, found without a look at the database."""
    with pytest.raises(DemoDataError) as caught, connection.execute_wrapper(refuse_sql):
        load_demo(folder)
    return [problem.replace(OPENING_QUOTE, QUOTE) for problem in caught.value.problems]


# Loading


def test_demo_is_loaded_into_an_empty_database(empty_database: str) -> None:
    assert (is_empty(), is_demo_loaded()) == (True, False)
    load_demo(password="a long password")
    assert (is_empty(), is_demo_loaded()) == (False, True)
    statuses = dict(Budget.objects.values_list("slug", "status"))
    assert statuses == {
        "budget-2025": "published", "budget-2026": "adopted", "budget-2026-reviderad": "draft", "budget-2027": "draft",
    }  # fmt: skip
    assert (sub_budgets_behind(), budgets_behind()) == ([], [])
    assert User.objects.get(email="ekonom@demo.example").check_password("a long password")


def test_without_a_password_nobody_can_sign_in(empty_database: str) -> None:
    load_demo()
    assert not any(user.has_usable_password() for user in User.objects.all())


@pytest.mark.django_db
def test_demo_holds_what_its_files_hold() -> None:
    lines = {row[1] for row in read(DATA / "cost_lines.csv")[1:]}
    in_budget = CostLine.objects.filter(budget__slug="budget-2026")
    assert in_budget.filter(is_calculated=False).count() == len(read(DATA / "cost_lines.csv")) - 1
    assert Post.objects.filter(budget__slug="budget-2026").count() == len(read(DATA / "posts.csv")) - 1
    assert lines <= set(BudgetProduct.objects.filter(budget__slug="budget-2026").values_list("name", flat=True))
    assert Municipality.objects.count() == len(read(DATA / "municipalities.csv")) - 1
    assert GovernanceObject.objects.count() == len(read(DATA / "objects.csv")) - 1
    printed = [cell for row in read(DATA / "result_budget.csv")[1:] for cell in row[1:] if cell]
    assert PublishedFigure.objects.filter(table="result_budget").count() == len(printed)


@pytest.mark.django_db
def test_every_figure_is_marked_published_derived_copied_or_assumed() -> None:
    marked = [
        model
        for model in apps.get_models()
        if any(field.name == "provenance" for field in model._meta.get_fields())
        and not hasattr(model, "pgh_tracked_model")
    ]
    assert {CostLine, BudgetProduct, Investment, Loan, LoanInstalment, PlannedLoan} <= set(marked)
    for model in marked:
        allowed = set(ORDER) if model in COMPUTED else MARKED
        assert set(model._default_manager.values_list("provenance", flat=True)) <= allowed, model


@pytest.mark.django_db
def test_line_says_what_its_file_says_of_where_it_comes_from() -> None:
    in_file = {row[-1] for row in read(DATA / "cost_lines.csv")[1:]}
    lines = CostLine.objects.filter(budget__slug="budget-2026", is_calculated=False)
    assert set(lines.values_list("provenance", flat=True)) == in_file


@pytest.mark.django_db
def test_what_is_calculated_from_assumed_posts_and_weights_is_assumed() -> None:
    lines = CostLine.objects.filter(budget__slug="budget-2026", is_calculated=True)
    assert set(lines.values_list("provenance", flat=True)) == {Provenance.ASSUMED}


@pytest.mark.django_db
def test_life_that_is_not_yet_known_stays_so_beside_an_assumed_one() -> None:
    unknown = [row[0] for row in read(DATA / "investments.csv") if row[2] == "x"]
    classes = {i.asset_class.slug: i.asset_class for i in Investment.objects.select_related("asset_class")}
    for slug in unknown:
        assert classes[slug].useful_life_years is None
        assert classes[slug].life_years == classes[slug].assumed_life_years


def test_second_load_is_refused_and_changes_nothing(committed: str) -> None:
    before = count_rows()
    with pytest.raises(NotEmptyError):
        load_demo()
    assert count_rows() == before


@pytest.mark.parametrize("other", ["user", "budget", "object"])
def test_load_is_refused_when_there_is_something_else_and_nothing_is_changed(empty_database: str, other: str) -> None:
    if other == "user":
        User.objects.create_user("somebody@example.org", name="Somebody")
    elif other == "budget":
        Budget.objects.create(slug="ours", name="Ours", fiscal_year=2026)
    else:
        GovernanceObject.objects.create(slug="ours", name_sv="Vårt", name_en="Ours", kind="primary")
    before = count_rows()
    with pytest.raises(CommandError, match="nothing was changed"):
        call_command("load_demo")
    assert count_rows() == before
    call_command("load_demo", "--if-empty")
    assert count_rows() == before


@pytest.mark.parametrize("step", ["create_people", "copy_forward", "adopt_budget"])
def test_load_that_fails_late_leaves_the_database_empty(
    empty_database: str, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(loader, step, fail)
    with pytest.raises(KeyboardInterrupt):
        load_demo()
    assert count_rows() == {}
    monkeypatch.undo()
    load_demo()
    assert is_demo_loaded()


# Bad input: all of it is found before anything is written


@pytest.mark.parametrize(
    ("file", "row", "field", "value"),
    [
        ("cost_lines.csv", 3, "sek_2026", "12O0"),
        ("cost_lines.csv", 3, "sek_2026", "1000000000000"),
        ("objects.csv", 3, "code", "utbildning"),
        ("objects.csv", 3, "name_sv", "x" * 161),
        ("cost_lines.csv", 3, "sek_2027", "1 200"),
        ("cost_lines.csv", 3, "sek_2028", "12,5"),
        ("cost_lines.csv", 3, "sek_2026", ""),
        ("cost_lines.csv", 4, "sub_budget", "okänt-objekt"),
        ("cost_lines.csv", 5, "product", "Fanns aldrig"),
        ("cost_lines.csv", 6, "cost_kind", "rent"),
        ("cost_lines.csv", 7, "provenance", "guessed"),
        ("posts.csv", 3, "employment_percent", "101"),
        ("posts.csv", 3, "kind", "chief"),
        ("posts.csv", 3, "monthly_pay_sek", "0"),
        ("post_parts.csv", 3, "post", "P99"),
        ("post_parts.csv", 20, "pool", "okänd-pool"),
        ("post_parts.csv", 3, "product", "Fanns aldrig"),
        ("post_parts.csv", 3, "weight", "0"),
        ("planning_rates.csv", 3, "kind", "tax"),
        ("cost_pools.csv", 3, "unit", "kilometres"),
        ("pool_products.csv", 3, "product", "AiAi"),
        ("pool_lines.csv", 3, "row", "salary"),
        ("pool_weights.csv", 3, "to_pool", "okänd-pool"),
        ("pool_weights.csv", 9, "product", "Fanns aldrig"),
        ("pool_weights.csv", 9, "weight_2027", "1.005"),
        ("pool_weights.csv", 9, "weight_2028", "-1"),
        ("products.csv", 3, "sub_budget", "okänt-objekt"),
        ("products.csv", 3, "revenue_category", "free"),
        ("investments.csv", 2, "useful_life_years", "-4"),
        ("investments.csv", 2, "useful_life_years", "0"),
        ("investments.csv", 2, "useful_life_years", ""),
        ("investments.csv", 3, "budget_2026", "-1"),
        ("investments.csv", 3, "financing", "gift"),
        ("life_years.csv", 2, "assumed_life_years", "-10"),
        ("index_rates.csv", 2, "percent", "3 %"),
        ("index_rates.csv", 2, "cost_kind", "rent"),
        ("index_rates.csv", 3, "valid_from", "2026-02-30"),
        ("council_decisions.csv", 2, "announced_on", "28/2 2025"),
        ("borrowing_frameworks.csv", 2, "amount_tkr", "0"),
        ("council_decisions.csv", 3, "framework_tkr", "90000"),
        ("council_decisions.csv", 4, "municipality_code", "9999"),
        ("repayments.csv", 2, "tkr", "-7127"),
        ("loan_forecast_2026.csv", 2, "tkr", "x"),
        ("objects.csv", 2, "object_type", "tertiary"),
        ("municipalities.csv", 2, "municipality_code", "9999"),
        ("assumed_parties.csv", 3, "inhabitants", "-5400"),
        ("result_budget.csv", 2, "budget_2026", "113.073"),
        ("decisions.csv", 2, "kind", "rumour"),
        ("planned_decisions.csv", 2, "body", "king"),
        ("object_plans.csv", 2, "object", "okänt-objekt"),
        ("object_plans.csv", 2, "to_year", "2024"),
        ("development_items.csv", 2, "state", "lost"),
        ("development_items.csv", 2, "quarter", "5"),
        ("development_items.csv", 3, "object", "klient"),
    ],
)
def test_bad_cell_is_named_with_file_row_field_and_value(
    folder: Path, file: str, row: int, field: str, value: str
) -> None:
    change_cell(folder, file, row, field, value)
    reported = problems(folder)
    assert any(all(part in problem for part in (file, str(row), field, f"”{value}”")) for problem in reported), reported


def test_every_problem_is_named_at_once(folder: Path) -> None:
    change_cell(folder, "cost_lines.csv", 3, "sek_2026", "abc")
    change_cell(folder, "cost_lines.csv", 9, "sek_2027", "def")
    change_cell(folder, "investments.csv", 2, "useful_life_years", "-4")
    reported = problems(folder)
    assert len(reported) == 3
    assert [value for value in ("”abc”", "”def”", "”-4”") if not any(value in problem for problem in reported)] == []


def test_product_missing_from_its_file_is_named_where_a_line_needs_it(folder: Path) -> None:
    sub_budget, product, *_rest = read(folder / "cost_lines.csv")[1]
    rows = read(folder / "products.csv")
    write(folder / "products.csv", [row for row in rows if row[:2] != [sub_budget, product]])
    assert any("cost_lines.csv" in problem and f"”{product}”" in problem for problem in problems(folder))


def test_line_with_too_few_or_too_many_fields_is_named(folder: Path) -> None:
    rows = read(folder / "cost_lines.csv")
    rows[3] = rows[3][:-1]
    rows[5] = [*rows[5], "one more"]
    write(folder / "cost_lines.csv", rows)
    reported, width = problems(folder), len(rows[0])
    assert len(reported) == 2
    for problem, row, count in zip(reported, (4, 6), (width - 1, width + 1), strict=True):
        assert all(part in problem for part in ("cost_lines.csv", str(row), str(count), str(width)))


def test_quote_that_is_never_closed_is_named_with_its_row(folder: Path) -> None:
    path = folder / "cost_lines.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[10] = f'"{lines[10]}'
    path.write_text("\n".join(lines), encoding="utf-8")
    (problem,) = [problem for problem in problems(folder) if "cost_lines.csv" in problem]
    assert "11" in problem


@pytest.mark.parametrize("file", ["objects.csv", "cost_lines.csv", "municipalities.csv"])
def test_file_that_is_not_utf_8_is_named(folder: Path, file: str) -> None:
    path = folder / file
    path.write_bytes(path.read_text(encoding="utf-8").encode("latin-1"))
    assert any(file in problem for problem in problems(folder))


@pytest.mark.parametrize("file", sorted(path.name for path in DATA.glob("*.csv")))
def test_missing_file_is_named(folder: Path, file: str) -> None:
    (folder / file).unlink()
    assert any(file in problem for problem in problems(folder))


@pytest.mark.parametrize(
    ("file", "field"), [("cost_lines.csv", "sek_2027"), ("objects.csv", "code"), ("investments.csv", "financing")]
)
def test_missing_column_is_named(folder: Path, file: str, field: str) -> None:
    rows = read(folder / file)
    place = rows[0].index(field)
    write(folder / file, [row[:place] + row[place + 1 :] for row in rows])
    assert any(file in problem and field in problem for problem in problems(folder))


def test_empty_file_is_named(folder: Path) -> None:
    (folder / "cost_lines.csv").write_text("")
    assert any("cost_lines.csv" in problem for problem in problems(folder))


def test_command_names_the_problem_in_swedish_and_english_and_leaves_the_database_empty(
    empty_database: str, folder: Path
) -> None:
    change_cell(folder, "cost_lines.csv", 3, "sek_2026", "12O0")
    for language in ("sv", "en"):
        with translation.override(language), pytest.raises(CommandError) as caught:
            call_command("load_demo", "--folder", str(folder))
        assert all(
            part in str(caught.value).replace(OPENING_QUOTE, QUOTE)
            for part in ("cost_lines.csv", "3", "sek_2026", "”12O0”")
        )
    assert count_rows() == {}


@pytest.mark.django_db
def test_draft_revised_budget_owes_what_the_minutes_say_by_one_assumed_loan_and_replaces_nothing_yet() -> None:
    adopted, revised = get_budget(ADOPTED), get_budget(REVISED)
    rows = load_amounts(revised, Forecast.Kind.LOAN)
    assert (rows["closing_debt"][2026], rows["headroom"][2026]) == (80_000 * ORE_PER_TKR, 0)
    kept = set(PlannedLoan.objects.filter(budget=adopted).values_list("lineage", flat=True))
    extra = PlannedLoan.objects.filter(budget=revised).exclude(lineage__in=kept).get()
    assert (extra.principal_ore, extra.provenance) == ((80_000 - 67_634) * ORE_PER_TKR, "assumed")
    assert load_stored(revised, Forecast.Kind.LOAN)[Forecast.Kind.LOAN].source_of("closing_debt", 2026) == "assumed"
    assert not is_behind(revised)
    for person in (BOARD, AUDITOR, ECONOMIST):
        assert find_default_budget(get_user(person)) == get_budget(DRAFT)
    Budget.objects.filter(slug=DRAFT).update(kind=Budget.Kind.SCENARIO)
    assert find_default_budget(get_user(BOARD)) == find_default_budget(get_user(AUDITOR)) == adopted
