"""Nobody changes an adopted budget: not in Python, not by SQL as the site's role."""

import uuid

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from budgets.models import Budget, BudgetProduct, CostLine
from forecasts.models import ForecastRow
from forecasts.services.roll_up import roll_up_budget

pytestmark = pytest.mark.django_db


@pytest.fixture
def line() -> CostLine:
    found: CostLine = CostLine.objects.filter(budget__slug="budget-2026").earliest("pk")
    return found


def test_site_role_owns_nothing_and_is_no_superuser() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, (SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole)")
        assert cursor.fetchone() == ("itsam_site", 0)
        cursor.execute("SELECT rolsuper OR rolcreatedb OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,)


def test_line_of_adopted_budget_is_not_changed_deleted_or_added(line: CostLine) -> None:
    def insert() -> None:
        CostLine.objects.create(
            budget=line.budget, budget_product=line.budget_product, text="x", cost_kind="direct_cost"
        )

    def update() -> None:
        CostLine.objects.filter(pk=line.pk).update(text="changed")

    for attempt in (insert, update, line.delete):
        with pytest.raises(IntegrityError, match="adopted"), transaction.atomic():
            attempt()


def test_line_is_not_moved_into_an_adopted_budget(line: CostLine) -> None:
    draft_line = CostLine.objects.filter(budget__slug="budget-2027").earliest("pk")
    with pytest.raises(IntegrityError, match="adopted"), transaction.atomic():
        moved = {"budget": line.budget, "budget_product": line.budget_product, "lineage": uuid.uuid4()}
        CostLine.objects.filter(pk=draft_line.pk).update(**moved)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE budgets_budget SET status = 'draft', adopted_by_id = NULL WHERE slug = 'budget-2026'",
        "UPDATE budgets_budget SET name = 'x' WHERE slug = 'budget-2026'",
        "DELETE FROM budgets_budget WHERE slug = 'budget-2026'",
        "UPDATE budgets_subbudget SET text_sv = 'x' WHERE budget_id = (SELECT id FROM budgets_budget WHERE slug = 'budget-2026')",
        "UPDATE budgets_budgetproduct SET category = 'usage' WHERE budget_id = (SELECT id FROM budgets_budget WHERE slug = 'budget-2026')",
        "UPDATE budgets_subbudgettotal SET amount_1_ore = 0",
        "UPDATE budgets_producttotal SET amount_1_ore = 0",
        "UPDATE forecasts_forecastrow SET amount_ore = 0",
        "UPDATE investments_investment SET amount_1_ore = 0",
        "UPDATE investments_plannedloan SET principal_ore = 0",
        "DELETE FROM investments_plannedrepayment",
        "INSERT INTO budgets_budget (slug, name, kind, status, fiscal_year, adopted_by_id, created_at)"
        " SELECT 'y', 'y', 'original', 'adopted', 2030, adopted_by_id, now() FROM budgets_budget WHERE slug = 'budget-2026'",
    ],
)
def test_sql_of_the_site_does_not_reach_an_adopted_budget(statement: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE budgets_costline",
        "TRUNCATE budgets_costline CASCADE",
        "ALTER TABLE budgets_costline DISABLE TRIGGER ALL",
        "ALTER TABLE budgets_costline DISABLE TRIGGER freeze_update",
        "DROP TRIGGER freeze_update ON budgets_costline",
        "SET session_replication_role = replica",
        "DROP FUNCTION refuse_frozen_budgets CASCADE",
        "CREATE OR REPLACE FUNCTION refuse_frozen_budgets(budget_ids bigint[]) RETURNS void LANGUAGE sql AS ''",
        "CREATE FUNCTION public.mine() RETURNS void LANGUAGE sql AS ''",
        "SET ROLE itsam_owner",
        "DELETE FROM django_migrations",
    ],
)
def test_site_role_can_neither_truncate_nor_switch_off_a_trigger(statement: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_copy_into_an_adopted_budget_is_refused(line: CostLine) -> None:
    columns = "COPY budgets_costline (budget_id, budget_product_id, text, cost_kind, amount_1_ore, amount_2_ore, amount_3_ore, note, position, provenance)"

    def copy_in() -> None:
        with transaction.atomic(), connection.cursor() as cursor, cursor.copy(f"{columns} FROM STDIN") as copy:
            copy.write_row((line.budget_id, line.budget_product_id, "x", "direct_cost", 1, 1, 1, "", 1, "entered"))

    with pytest.raises(psycopg.errors.IntegrityError):
        copy_in()


def test_ignoring_triggers_is_ignored(line: CostLine) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pgtrigger.ignore', '{budgets_costline:freeze_update}', true)")
        cursor.execute("UPDATE budgets_costline SET text = 'x' WHERE id = %s", [line.pk])


def test_budget_that_is_behind_is_not_adopted() -> None:
    decision = Budget.objects.get(slug="budget-2026").adopted_by
    CostLine.objects.filter(budget__slug="budget-2027").update(note="x")
    with pytest.raises(IntegrityError, match="rolled up"), transaction.atomic():
        Budget.objects.filter(slug="budget-2027").update(status="adopted", adopted_by=decision)


def test_product_stays_in_its_own_budget() -> None:
    other = BudgetProduct.objects.filter(budget__slug="budget-2026").earliest("pk")
    with pytest.raises(IntegrityError), transaction.atomic():
        CostLine.objects.create(
            budget=Budget.objects.get(slug="budget-2027"), budget_product=other, text="x", cost_kind="direct_cost"
        )
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_rolling_up_an_adopted_budget_again_changes_nothing() -> None:
    before = list(
        ForecastRow.objects.filter(forecast__budget__slug="budget-2026").values_list("row", "year", "amount_ore")
    )
    roll_up_budget(Budget.objects.get(slug="budget-2026"), everything=True)
    assert (
        list(ForecastRow.objects.filter(forecast__budget__slug="budget-2026").values_list("row", "year", "amount_ore"))
        == before
    )
