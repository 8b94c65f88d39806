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
from django.db import models
from django.utils import timezone

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
