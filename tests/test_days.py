"""No door takes a day far from today: every field of every form and model is asked, and the pages say what is allowed."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from itsam.demo.reader import Reader
from itsam.platform.embedded import CHECKOUT
from objects.models import Decision, DecisionCondition
from tests.cast import ECONOMIST, OWNER, client_of, get_user
from web.days import DayField, DayFormField, WithinYears, YearField

FAR = ("0001-01-01", "0026-05-04", "0026-12-01", "1926-11-26", "9999-12-31")
# Nobody types them: the seal's own day, and the year of a computed figure.
NOT_TYPED = {"records.HistoryDigest.day", "forecasts.ForecastRow.year"}
OURS = sorted(path.parent.name for path in CHECKOUT.glob("*/__init__.py") if path.parent.name != "benchmarks")


def list_model_fields() -> list[models.Field[Any, Any]]:
    tables = [model for model in apps.get_models() if model._meta.app_label in OURS]
    facts = [model for model in tables if not model.__name__.endswith("Event")]
    return [field for model in facts for field in model._meta.concrete_fields if str(field) not in NOT_TYPED]


def list_form_fields() -> Iterator[tuple[str, forms.Field]]:
    """The fields of all forms of ours, those of the administration too."""
    for package in OURS:
        for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
            if (
                ".tests" not in module.name
                and ".migrations" not in module.name
                and not module.name.startswith("tests.")
            ):
                with suppress(ImproperlyConfigured):  # of a sign-in that the tests do not switch on
                    importlib.import_module(module.name)
    waiting: list[Any] = [forms.Form, forms.ModelForm]
    while waiting:
        form = waiting.pop()
        waiting += form.__subclasses__()
        if form.__module__.partition(".")[0] in OURS:
            yield from ((f"{form.__qualname__}.{name}", field) for name, field in form.base_fields.items())


def is_day(field: object) -> bool:
    days, moments = (models.DateField, forms.DateField), (models.DateTimeField,)
    return isinstance(field, days) and not isinstance(field, moments)


def test_every_day_and_year_of_every_model_is_held_near_today() -> None:
    fields = list_model_fields()
    days = [field for field in fields if is_day(field)]
    years = [
        field for field in fields if isinstance(field, models.PositiveSmallIntegerField) and field.name.endswith("year")
    ]
    assert len(days) > 20 and len(years) > 7
    assert [str(field) for field in days if not isinstance(field, DayField)] == []
    assert [str(field) for field in years if not isinstance(field, YearField)] == []
    for field in days:
        for far in FAR:
            with pytest.raises(ValidationError, match=r"\d{4}-\d\d-\d\d"):
                field.clean(far, None)
        assert field.clean(timezone.localdate(), None) == timezone.localdate()
    for field in years:
        with pytest.raises(ValidationError, match=str(timezone.localdate().year - 60)):
            field.clean(26, None)


@pytest.mark.django_db
def test_every_day_of_every_form_is_held_near_today() -> None:
    fields = list(list_form_fields())
    days = [(name, field) for name, field in fields if is_day(field)]
    moments = [(name, field) for name, field in fields if isinstance(field, forms.DateTimeField)]
    assert len(days) > 15
    assert [name for name, field in days if not isinstance(field, DayFormField)] == []
    for _name, field in days:
        for far in FAR:
            with pytest.raises(ValidationError, match=r"\d{4}-\d\d-\d\d"):
                field.clean(far)
    for _name, moment in moments:
        for far in FAR[:3] + FAR[4:]:
            with pytest.raises(ValidationError, match=r"\d{4}"):
                moment.clean(f"{far} 12:00")


def test_what_is_done_is_not_in_the_future_and_what_is_planned_may_be() -> None:
    today = timezone.localdate()
    WithinYears(ahead=0)(today)
    with pytest.raises(ValidationError, match=today.isoformat()):
        WithinYears(ahead=0)(today + timedelta(days=1))
    WithinYears(ahead=5)(date(today.year + 5, 12, 31))
    with pytest.raises(ValidationError, match=f"{today.year + 5}-12-31"):
        WithinYears(ahead=5)(date(today.year + 6, 1, 1))


def list_doors() -> dict[str, tuple[str, str, dict[str, str]]]:
    """Who types what on which page; the day goes into the field that is empty."""
    framework = Decision.objects.get(kind="propose_framework")
    condition = DecisionCondition.objects.create(decision=framework, text="x")
    decided = {"text": "x", "kind": "other", "stage": "decided", "body": "board", "meeting_on": ""}
    register, budget = "/decisions/", "/budgets/budget-2027/"
    return {
        "decided": (ECONOMIST, f"{register}new/", decided),
        "planned": (ECONOMIST, f"{register}new/?planned=1", {**decided, "stage": "planned"}),
        "council": (ECONOMIST, f"{register}{framework.uuid}/councils/0884/", {"decided_on": ""}),
        "notice": (ECONOMIST, f"{register}{framework.uuid}/councils/0884/", {"announced_on": ""}),
        "appeal": (ECONOMIST, f"{register}{framework.uuid}/councils/0884/", {"appealed_on": ""}),
        "condition": (ECONOMIST, f"{register}conditions/{condition.uuid}/", {"met_on": ""}),
        "task": (OWNER, f"{budget}sub-budgets/socialtjanst/tasks/", {
            "text": "x", "to": str(get_user(OWNER).uuid), "due_on": "",
        }),
        "deadline": (ECONOMIST, f"{budget}workflow/deadlines/", {"jump_percent": "10", "due_on": ""}),
        "invoice": (ECONOMIST, "/budgets/budget-2026/invoices/1/create/", {"invoice_on": ""}),
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("far", ["0001-01-01", "0026-05-04", "9999-12-31"])
@pytest.mark.parametrize(
    "door", ["decided", "planned", "council", "notice", "appeal", "condition", "task", "deadline", "invoice"]
)
def test_a_page_refuses_a_day_far_from_today_and_says_what_is_allowed(door: str, far: str) -> None:
    who, address, typed = list_doors()[door]
    field = next(name for name, value in typed.items() if not value)
    counts = Decision.objects.count()
    response = client_of(who, "en").post(address, {**typed, field: far})
    text = response.content.decode()
    assert response.status_code == 422, (response.status_code, response.headers)
    assert f"id_{field}_error" in text or f"task-{field}_error" in text
    assert "Write a day from" in text or "Write a date from" in text
    assert f'value="{far}"' in text
    assert Decision.objects.count() == counts


@pytest.mark.django_db
def test_the_administration_refuses_them_too() -> None:
    client = client_of("administrator", "en")
    row = {"name": "x", "debt_on": "0026-01-01", "debt_ore": "100", "provenance": "entered", "note": ""}
    many = {f"instalments-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS")}
    response = client.post("/admin/investments/loan/add/", {**row, **many})
    assert response.status_code == 200 and "0026-01-01 is far from today" in response.content.decode()


def list_columns() -> list[tuple[str, str, str]]:
    """Each day that the database keeps, but those of events, which are copies: its model, table and column."""
    tables = [model for model in apps.get_models() if model._meta.app_label in OURS]
    facts = [model for model in tables if not model.__name__.endswith("Event")]
    fields = [field for model in facts for field in model._meta.concrete_fields if is_day(field)]
    return [(str(field), field.model._meta.db_table, str(field.column)) for field in fields]


@pytest.mark.django_db
@pytest.mark.parametrize("far", ["0001-01-01", "0026-05-04", "1899-12-31", "2201-01-01", "9999-12-31"])
def test_the_database_keeps_no_day_outside_its_bounds(far: str) -> None:
    """Whatever the door, also one that asks no form: each CHECK is asked with a day, of which a row of it makes a value."""
    columns, missing = list_columns(), []
    assert len(columns) > 20
    with connection.cursor() as cursor:
        for name, table, column in columns:
            cursor.execute(
                "SELECT pg_get_expr(conbin, conrelid) FROM pg_constraint WHERE contype = 'c' AND conrelid = %s::regclass "
                "AND conkey = ARRAY[(SELECT attnum FROM pg_attribute WHERE attrelid = conrelid AND attname = %s)]",
                [table, column],
            )
            checks = [check for (check,) in cursor.fetchall()]
            asked = [f"SELECT {check} FROM (SELECT %s::date AS {column}) AS row" for check in checks]  # noqa: S608
            if all(cursor.execute(sql, [far]).fetchone() == (True,) for sql in asked):
                missing.append(name)
            # Some days stand for their month, by its first, and some for their year, by its last.
            today = timezone.localdate()
            days = (today, today.replace(day=1), date(today.year - 1, 12, 31))
            assert any(all(cursor.execute(sql, [day]).fetchone() == (True,) for sql in asked) for day in days), name
    assert missing == []


@pytest.mark.django_db
def test_a_row_that_goes_past_every_form_is_refused() -> None:
    decision = Decision.objects.earliest("pk")
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.filter(pk=decision.pk).update(meeting_on=date(26, 5, 4))


def list_questions() -> dict[str, tuple[str, str, dict[str, str], str, str]]:
    """Who types which rare day where, in which field, and what is asked."""
    year_ago = (timezone.localdate() - timedelta(days=400)).isoformat()
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    framework = Decision.objects.get(kind="propose_framework")
    condition = DecisionCondition.objects.create(decision=framework, text="x")
    decided = {"text": "Kept as typed", "kind": "other", "body": "board"}
    register, budget = "/decisions/", "/budgets/budget-2027/"
    task = {"text": "Kept as typed", "to": str(get_user(OWNER).uuid), "due_on": yesterday}
    other = {"jump_percent": "12.5", "due_on": "2030-02-01"}
    return {
        "decided": (ECONOMIST, f"{register}new/", {**decided, "stage": "decided", "meeting_on": year_ago}, "meeting_on", "more than a year ago"),
        "planned": (ECONOMIST, f"{register}new/?planned=1", {**decided, "stage": "planned", "meeting_on": yesterday}, "meeting_on", "has passed"),
        "council": (ECONOMIST, f"{register}{framework.uuid}/councils/0884/", {"decided_on": year_ago}, "decided_on", "more than a year ago"),
        "condition": (ECONOMIST, f"{register}conditions/{condition.uuid}/", {"met_on": year_ago}, "met_on", "more than a year ago"),
        "task": (OWNER, f"{budget}sub-budgets/socialtjanst/tasks/", task, "due_on", "has passed"),
        "deadline": (ECONOMIST, f"{budget}workflow/deadlines/", {"jump_percent": "12.5", "due_on": yesterday}, "due_on", "has passed"),
        "other year": (ECONOMIST, f"{budget}workflow/deadlines/", other, "due_on", "neither in 2027"),
        "invoice": (ECONOMIST, "/budgets/budget-2026/invoices/1/create/", {"invoice_on": yesterday}, "invoice_on", "has passed"),
        "invoice of another year": (ECONOMIST, "/budgets/budget-2026/invoices/1/create/", {"invoice_on": "2027-01-05"}, "invoice_on", "neither in 2026"),
        "administration": ("administrator", "/admin/objects/decision/add/", {**decided, "stage": "planned", "provenance": "entered", "meeting_on": yesterday, "conditions-TOTAL_FORMS": "0", "conditions-INITIAL_FORMS": "0"}, "meeting_on", "has passed"),
    }  # fmt: skip


QUESTIONS = ["decided", "planned", "council", "condition", "task", "deadline", "other year", "invoice", "invoice of another year", "administration"]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("door", QUESTIONS)
def test_a_rare_day_is_asked_about_once_with_all_that_is_typed_and_then_kept(door: str) -> None:
    who, address, typed, field, said = list_questions()[door]
    client = client_of(who, "en")
    asked = client.post(address, typed)
    text = asked.content.decode()
    assert asked.status_code in (422, 200), asked.headers
    assert said in text and "save again to keep it" in text
    for value in typed.values():
        assert value in text
    answer = f'<input type="hidden" name="{field}-asked" value="{typed[field]}">'
    assert answer in text
    assert client.post(address, {**typed, f"{field}-asked": "2026-01-01"}).status_code == asked.status_code
    assert client.post(address, {**typed, f"{field}-asked": typed[field]}).status_code == 302


@pytest.mark.django_db
def test_a_day_that_stood_there_is_not_asked_about_again() -> None:
    old = Decision.objects.create(text="x", kind="other", stage="decided", body="board", meeting_on=date(2020, 3, 3))
    typed = {"text": "y", "kind": "other", "stage": "decided", "body": "board", "meeting_on": "2020-03-03"}
    assert client_of(ECONOMIST, "en").post(f"/decisions/{old.uuid}/change/", typed).status_code == 302


def test_a_federations_file_says_where_its_day_is_wrong(tmp_path: Any) -> None:
    (tmp_path / "a.csv").write_text("day\n0026-05-04\n", encoding="utf-8")
    reader = Reader(tmp_path)
    assert [row.day("day") for row in reader.rows("a.csv", "day")] == [None]
    assert "0026-05-04" in reader.problems[0] and "1900-01-01" in reader.problems[0]
