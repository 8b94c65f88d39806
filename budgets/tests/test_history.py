"""History: every change of a cost line leaves an event with who and why, and the site's role can't touch one."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import ProgrammingError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from accounts.models import User
from budgets.models import Budget, BudgetProduct, CostLine
from budgets.services.lines import add_line, change_line, delete_line
from itsam.platform.grants import history_tables
from records.middleware import HistoryMiddleware
from records.reasons import Reason
from records.services import change

Event = tuple[str, str, Any]
BY, WORDS = "ekonom@demo.example", "år 2027: 100 % “rätt”"
WHO = {"by": BY, "reason": "said", "of": {"words": WORDS}}
COLUMNS = "budget_id, budget_product_id, text, cost_kind, amount_1_ore, amount_2_ore, amount_3_ore, note, position, provenance"


@pytest.fixture
def product(db: None) -> BudgetProduct:
    found: BudgetProduct = BudgetProduct.objects.filter(budget__slug="budget-2027", cost_lines__isnull=False)[0]
    return found


def new_line(product: BudgetProduct, text: str = "new") -> CostLine:
    return CostLine(budget=product.budget, budget_product=product, text=text, cost_kind="direct_cost")


def newest_event() -> int:
    latest = apps.get_model("budgets", "CostLineEvent")._default_manager.order_by("-pgh_id").first()
    return 0 if latest is None else int(latest.pgh_id)


def events_since(mark: int) -> list[Event]:
    """Label, the line's text and the context of each later event."""
    events = apps.get_model("budgets", "CostLineEvent")._default_manager.filter(pgh_id__gt=mark)
    return list(events.order_by("pgh_id").values_list("pgh_label", "text", "pgh_context"))


def execute(sql: str, *parameters: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def save_new(product: BudgetProduct, line: CostLine) -> None:
    new_line(product).save()


def save_changed(product: BudgetProduct, line: CostLine) -> None:
    line.text = "new"
    line.save()


def create_in_bulk(product: BudgetProduct, line: CostLine) -> None:
    CostLine.objects.bulk_create([new_line(product)])


def update_in_bulk(product: BudgetProduct, line: CostLine) -> None:
    line.text = "new"
    CostLine.objects.bulk_update([line], ["text"])


def update_queryset(product: BudgetProduct, line: CostLine) -> None:
    CostLine.objects.filter(pk=line.pk).update(text="new")


def delete_one(product: BudgetProduct, line: CostLine) -> None:
    line.delete()


def delete_queryset(product: BudgetProduct, line: CostLine) -> None:
    CostLine.objects.filter(pk=line.pk).delete()


def copy_in(product: BudgetProduct, line: CostLine) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY budgets_costline ({COLUMNS}) FROM STDIN") as copy:
        copy.write_row((product.budget_id, product.pk, "new", "direct_cost", 1, 1, 1, "", 1, "imported"))


def insert_by_sql(product: BudgetProduct, line: CostLine) -> None:
    values = "%s, %s, 'new', 'direct_cost', 1, 1, 1, '', 1, 'entered'"
    execute(f"INSERT INTO budgets_costline ({COLUMNS}) VALUES ({values})", product.budget_id, product.pk)  # noqa: S608


def update_by_sql(product: BudgetProduct, line: CostLine) -> None:
    execute("UPDATE budgets_costline SET text = 'new' WHERE id = %s", line.pk)


def delete_by_sql(product: BudgetProduct, line: CostLine) -> None:
    execute("DELETE FROM budgets_costline WHERE id = %s", line.pk)


@pytest.mark.parametrize(
    ("write", "label"),
    [
        (save_new, "insert"),
        (create_in_bulk, "insert"),
        (copy_in, "insert"),
        (insert_by_sql, "insert"),
        (save_changed, "update"),
        (update_in_bulk, "update"),
        (update_queryset, "update"),
        (update_by_sql, "update"),
        (delete_one, "delete"),
        (delete_queryset, "delete"),
        (delete_by_sql, "delete"),
    ],
)
class TestEveryWayToWrite:
    def test_leaves_an_event_with_who_and_why(
        self, product: BudgetProduct, write: Callable[[BudgetProduct, CostLine], None], label: str
    ) -> None:
        line = product.cost_lines.all()[0]
        text, mark = (line.text if label == "delete" else "new"), newest_event()
        with change(by=BY, reason=Reason.SAID, words=WORDS):
            write(product, line)
        assert events_since(mark) == [(label, text, WHO)]

    def test_leaves_an_event_also_without_context(
        self, product: BudgetProduct, write: Callable[[BudgetProduct, CostLine], None], label: str
    ) -> None:
        line, mark = product.cost_lines.all()[0], newest_event()
        write(product, line)
        assert [(found, context) for found, _text, context in events_since(mark)] == [(label, None)]


def test_statement_over_many_lines_leaves_an_event_for_each(product: BudgetProduct) -> None:
    lines, mark = CostLine.objects.filter(budget=product.budget), newest_event()
    with change(by=BY, reason=Reason.SAID, words=WORDS):
        lines.update(text="new")
    assert events_since(mark) == [("update", "new", WHO)] * lines.count()


def test_event_keeps_what_the_line_was_after_the_change_and_before_its_deletion(product: BudgetProduct) -> None:
    line, mark = new_line(product), newest_event()
    line.save()
    CostLine.objects.filter(pk=line.pk).update(amount_2_ore=5)
    CostLine.objects.filter(pk=line.pk).delete()
    events = apps.get_model("budgets", "CostLineEvent")._default_manager.filter(pgh_id__gt=mark).order_by("pgh_id")
    assert list(events.values_list("pgh_label", "amount_2_ore", "lineage")) == [
        ("insert", 0, line.lineage),
        ("update", 5, line.lineage),
        ("delete", 5, line.lineage),
    ]


def test_author_of_one_transaction_is_not_that_of_the_next_on_the_same_connection(committed: str) -> None:
    product = BudgetProduct.objects.filter(budget__slug="budget-2027")[0]
    mark = newest_event()
    with change(by="first", reason=Reason.SAID, words="one"):
        new_line(product, "a").save()
    with change(by="second", reason=Reason.SAID, words="two"):
        new_line(product, "b").save()
    execute("UPDATE budgets_costline SET text = 'c' WHERE text = 'b'")
    assert events_since(mark) == [
        ("insert", "a", {"by": "first", "reason": "said", "of": {"words": "one"}}),
        ("insert", "b", {"by": "second", "reason": "said", "of": {"words": "two"}}),
        ("update", "c", None),
    ]


# Services and requests


def test_services_name_the_person_and_what_was_done(product: BudgetProduct) -> None:
    by, mark = User.objects.get(email=BY), newest_event()
    line = add_line(product, {"text": "a", "cost_kind": "direct_cost"}, by=by)
    change_line(line, {"text": "b"}, by=by)
    delete_line(CostLine.objects.get(pk=line.pk), by=by)
    assert events_since(mark) == [
        (label, text, {"by": by.email, "reason": reason})
        for label, text, reason in (
            ("insert", "a", "add_cost_line"),
            ("update", "b", "change_cost_line"),
            ("delete", "b", "delete_cost_line"),
        )
    ]


def send(user: User | AnonymousUser, method: str, view: Callable[[], object]) -> None:
    def answer(_request: HttpRequest) -> HttpResponse:
        view()
        return HttpResponse()

    request = RequestFactory().generic(method, "/budgets/budget-2027/lines/")
    request.user = user
    HistoryMiddleware(answer)(request)


def test_change_in_a_request_carries_the_signed_in_person_and_the_address(product: BudgetProduct) -> None:
    mark = newest_event()
    send(User.objects.get(email=BY), "POST", new_line(product).save)
    assert events_since(mark) == [
        ("insert", "new", {"by": BY, "reason": "request", "of": {"request": "POST /budgets/budget-2027/lines/"}})
    ]


def test_change_in_a_request_of_nobody_says_so(product: BudgetProduct) -> None:
    mark = newest_event()
    send(AnonymousUser(), "POST", new_line(product).save)
    assert events_since(mark)[0][2]["by"] == "anonymous"


def test_reason_of_a_service_is_finer_than_that_of_its_request(product: BudgetProduct) -> None:
    by, mark = User.objects.get(email=BY), newest_event()
    send(by, "POST", lambda: add_line(product, {"text": "a", "cost_kind": "direct_cost"}, by=by))
    assert events_since(mark) == [("insert", "a", {"by": by.email, "reason": "add_cost_line", "of": None})]


def test_author_of_a_request_can_not_be_slipped_into_the_sql(product: BudgetProduct) -> None:
    mark = newest_event()
    with change(by="o'brien\"; DROP TABLE x; --", reason=Reason.SAID, words="100 % {} %s \\"):
        new_line(product).save()
    assert events_since(mark)[0][2] == {
        "by": "o'brien\"; DROP TABLE x; --",
        "reason": "said",
        "of": {"words": "100 % {} %s \\"},
    }
    json.dumps(events_since(mark)[0][2])


# What the site's role can't do


def test_history_is_kept_of_everything_with_money_or_rights() -> None:
    tracked = {
        model.pgh_tracked_model._meta.label for model in apps.get_models() if hasattr(model, "pgh_tracked_model")
    }
    assert tracked >= {
        "accounts.User", "objects.RoleAssignment", "objects.Decision", "budgets.Budget", "budgets.SubBudget",
        "budgets.BudgetProduct", "budgets.CostLine", "budgets.IndexRate", "budgets.PublishedFigure",
        "investments.Investment", "investments.Loan", "investments.PlannedLoan", "investments.BorrowingFramework",
        "investments.CouncilDecision", "forecasts.ReconciliationReason",
    }  # fmt: skip
    assert len(history_tables()) == len(tracked)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO {table} (pgh_label) VALUES ('insert')",
        'UPDATE {table} SET pgh_context = \'{{"by": "somebody else"}}\'',
        "DELETE FROM {table}",
        "TRUNCATE {table}",
        "ALTER TABLE {table} ADD COLUMN x int",
        "DROP TABLE {table}",
    ],
)
def test_site_role_can_not_add_change_or_remove_an_event(db: None, statement: str) -> None:
    for table in history_tables():
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
            execute(statement.format(table=table))


def test_site_role_can_not_write_an_event_through_the_model(product: BudgetProduct) -> None:
    event = apps.get_model("budgets", "CostLineEvent")._default_manager.filter(budget=product.budget)[0]
    event.text = "never was"
    for attempt in (event.save, event.delete):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            attempt()


def test_site_role_can_not_hang_what_writes_history_on_a_table_of_its_own(db: None) -> None:
    """These functions run as their owner, who may write events: the site must not start them as it likes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.oid::regprocedure::text FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid"
            " WHERE t.tgrelid = 'budgets_costline'::regclass AND p.proname LIKE 'pgtrigger%'"
        )
        functions = [function for (function,) in cursor.fetchall()]
    assert len(functions) >= 3
    for function in functions:
        with pytest.raises(ProgrammingError, match="permission denied for function"), transaction.atomic():
            execute("CREATE TEMPORARY TABLE mine (LIKE budgets_costline)")
            execute(
                f"CREATE TRIGGER forged AFTER INSERT ON mine REFERENCING NEW TABLE AS new_values"
                f" FOR EACH STATEMENT EXECUTE FUNCTION {function}"
            )


def test_history_of_many_lines_is_not_written_by_comparing_each_with_each(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, p.proconfig FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid"
            " JOIN pg_class AS c ON c.oid = t.tgrelid"
            " WHERE p.proname LIKE 'pgtrigger%' AND t.tgoldtable IS NOT NULL AND t.tgnewtable IS NOT NULL"
        )
        settings = dict(cursor.fetchall())
    tracked = {
        model.pgh_tracked_model._meta.db_table for model in apps.get_models() if hasattr(model, "pgh_tracked_model")
    }
    assert settings.keys() == tracked
    assert {table for table, config in settings.items() if "enable_nestloop=off" not in config} == set()


def test_events_of_an_adopted_budget_are_those_of_its_making(db: None) -> None:
    events = apps.get_model("budgets", "CostLineEvent")._default_manager.filter(
        budget=Budget.objects.get(slug="budget-2026")
    )
    assert set(events.values_list("pgh_label", flat=True)) == {"insert"}
    assert all(event.pgh_context == {"by": "load_demo", "reason": "demo"} for event in events)
