"""Who reaches what: every route asked as every role and as nobody, compared with the committed table.

UPDATE_BASELINES=1 writes the table anew, in one process; read its difference before you commit it.
"""

from __future__ import annotations

import json
import os
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.test import Client

from accounts.models import User
from budgets.models import Budget, CostLine, SubBudget
from itsam.demo import people
from objects.models import Customer, Municipality, RoleAssignment
from tests.cast import ADMINISTRATOR, ECONOMIST, OFFICER, OUTSIDER, OWNER, PEOPLE, client_of, get_user
from tests.routes import ACCESS, Route, list_routes

pytestmark = pytest.mark.django_db
NOBODY = "nobody"


def ask(client: Client, route: Route, method: str) -> int:
    """The answer's status; what the request changed is undone."""
    with transaction.atomic():
        status: int = getattr(client, method)(route.url).status_code
        transaction.set_rollback(True)
    return status


# One of each reach: everything, the whole federation's money, an object's own, a municipality's own, and none at all.
QUICK = {NOBODY, ADMINISTRATOR, ECONOMIST, OWNER, OFFICER, OUTSIDER}
NAMES = [pytest.param(name, marks=[] if name in QUICK else pytest.mark.slow) for name in (NOBODY, *PEOPLE)]


@pytest.mark.parametrize("name", NAMES)
def test_every_route_answers_the_role_as_the_table_says(name: str) -> None:
    answers = ask_every_route(name)
    table: dict[str, dict[str, str]] = json.loads(ACCESS.read_text(encoding="utf-8"))
    if os.environ.get("UPDATE_BASELINES") == "1":
        table = {route: table.get(route, {}) | {name: answer} for route, answer in answers.items()}
        ACCESS.write_text(json.dumps(table, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
    assert answers == {route: row[name] for route, row in table.items()}
    assert not [route for route, answer in answers.items() if "500" in answer]


def test_table_has_no_role_that_is_not_asked() -> None:
    table: dict[str, dict[str, str]] = json.loads(ACCESS.read_text(encoding="utf-8"))
    assert all(set(row) == {NOBODY, *PEOPLE} for row in table.values())


def ask_every_route(name: str) -> dict[str, str]:
    """What each route answers to reading and to sending."""
    client = Client() if name == NOBODY else client_of(name)
    client.raise_request_exception = False
    signed_in = client.cookies.output()
    answers = {}
    for route in list_routes():
        answers[route.name] = "/".join(str(ask(client, route, method)) for method in ("get", "post"))
        # The request was undone, so the session it may have ended is there again.
        client.cookies = SimpleCookie(signed_in.replace("Set-Cookie: ", ""))
    return answers


def models_of_ours() -> list[Any]:
    """All models of the apps in this folder, but for those of events."""
    ours = [config for config in apps.get_app_configs() if Path(config.path).parent == settings.BASE_DIR]
    return [model for app in ours for model in app.get_models() if not hasattr(model, "pgh_tracked_model")]


@pytest.mark.parametrize("model", models_of_ours(), ids=lambda model: model.__name__)
def test_every_model_decides_who_sees_it_and_an_outsider_sees_nothing(model: Any) -> None:
    outsider = get_user(OUTSIDER)
    rows = model.objects.visible_to(outsider)
    own = rows.filter(pk=outsider.pk) if model is User else rows.none()
    assert set(rows) == set(own)


def test_municipality_officer_sees_no_draft_and_the_own_municipality_only() -> None:
    officer = get_user(OFFICER)
    assert set(Budget.objects.visible_to(officer).values_list("slug", flat=True)) == {"budget-2026", "budget-2025"}
    assert set(CostLine.objects.visible_to(officer).values_list("budget__slug", flat=True)) == {"budget-2026"}
    assert set(SubBudget.objects.visible_to(officer).values_list("budget__slug", flat=True)) == {"budget-2026"}
    assert [customer.name for customer in Customer.objects.visible_to(officer)] == ["Vimmerby kommun"]
    assert Municipality.objects.visible_to(officer).count() == Municipality.objects.count()


def test_only_administrators_and_auditors_see_others_roles() -> None:
    everybody = RoleAssignment.objects.count()
    for person in people.PEOPLE:
        seen = RoleAssignment.objects.visible_to(User.objects.get(email=person.email)).count()
        assert seen == (everybody if person.role in ("administrator", "auditor") else 1 if person.role else 0)
