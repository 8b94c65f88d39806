"""A form that is sent twice is carried out once, and the second send leads to what the first one led to."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.utils import timezone

from budgets.models import CostLine, EditStep, WorkflowStep
from itsam.platform.embedded import CHECKOUT
from objects.models import ApiToken, Decision, DecisionCondition
from objects.selectors.tokens import list_token_customers
from records.models import Comment, Job, SentForm, StoredFile, Task
from records.services.sent import KEPT_DAYS, remove_old_forms
from tests.cast import ADMINISTRATOR, DRAFT, ECONOMIST, OWN, OWNER, client_of, get_line, get_sub_budget, get_user

pytestmark = pytest.mark.django_db

SUB_BUDGET = f"/budgets/{DRAFT}/sub-budgets/{OWN}/"
FROM_HERE = {"host": "testserver", "origin": "http://testserver"}
PDF = b"%PDF-1.4\n%%EOF"
# What may be sent twice as it is, and why.
HARMLESS = {
    "templates/_language.jinja": "a choice of language, made twice, is the same choice",
    "templates/_account_menu.jinja": "signing out twice is signing out",
    "templates/account/login.html": "nobody is signed in yet",
    "templates/account/profile.html": "a choice of language",
    "templates/reports/house/report.html": "nobody needs to be signed in, and so many an hour are taken",
    "templates/_typed.html": "it sends the key of the form that failed",
    "templates/desk/grid/_bar.html": "undo and redo name their step",
    "templates/desk/grid/_foot.html": "each cell says what stood there",
    "templates/desk/grid/_undo.jinja": "a line that is there already is left alone",
    "templates/desk/investments/_grid.html": "undo names its act, and each cell says what stood there",
    "templates/desk/pools/_matrix.html": "undo and redo name their step, and each cell says what stood there",
}


def product() -> str:
    return str(get_line().budget_product.lineage)


def decision() -> str:
    planned = Decision.objects.create(body="board", kind="adopt_budget", text="Budget", meeting_on=timezone.localdate())
    return str(planned.uuid)


def last_day() -> str:
    return str(timezone.localdate() + timedelta(days=30))


LINE = {
    "text": "Licenser",
    "cost_kind": "direct_cost",
    "amount_1_ore": "10",
    "amount_2_ore": "10",
    "amount_3_ore": "10",
}
FORMS: dict[str, Any] = {
    "line": (OWNER, lambda: f"{SUB_BUDGET}products/{product()}/add/", lambda: LINE, CostLine),
    "comment": (OWNER, lambda: f"{SUB_BUDGET}comments/", lambda: {"text": "Varför?"}, Comment),
    "file": (OWNER, lambda: f"{SUB_BUDGET}files/", lambda: {"file": SimpleUploadedFile("a.pdf", PDF)}, StoredFile),
    "task": (OWNER, lambda: f"{SUB_BUDGET}tasks/", lambda: {"text": "Räkna", "to": get_user(OWNER).uuid}, Task),
    "step": (OWNER, lambda: f"{SUB_BUDGET}steps/submit/", dict, WorkflowStep),
    "job": (ECONOMIST, lambda: f"/budgets/{DRAFT}/export/workbook/", dict, Job),
    "decision": (
        ECONOMIST,
        lambda: "/decisions/new/",
        lambda: {"body": "board", "kind": "adopt_budget", "text": "B", "stage": "planned", "meeting_on": last_day()},
        Decision,
    ),
    "condition": (
        ECONOMIST,
        lambda: f"/decisions/{decision()}/conditions/new/",
        lambda: {"text": "Om fullmäktige säger ja"},
        DecisionCondition,
    ),
    "token": (
        ADMINISTRATOR,
        lambda: "/api-access/new/",
        lambda: {"name": "Ekot", "customer": first_customer(), "scopes": "invoices:read", "expires_on": last_day()},
        ApiToken,
    ),
}


def first_customer() -> int:
    return list_token_customers(get_user(ADMINISTRATOR))[0].pk


def count(model: type[Model]) -> int:
    return model._default_manager.count()


@pytest.mark.parametrize("name", FORMS)
def test_a_form_sent_twice_makes_one_row_and_leads_to_the_same_page(name: str, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    person, address, values, model = FORMS[name]
    client, url, data = client_of(person), address(), {**values(), "once": str(uuid4())}
    before = count(model)
    first = client.post(url, data)
    if "file" in data:
        data["file"].seek(0)
    second = client.post(url, data)
    assert first.status_code in (200, 302), first.content.decode()[-3000:]
    assert second.status_code == 302
    assert second["Location"] == (first.get("Location") or first["Content-Location"])
    assert count(model) == before + 1


def test_the_second_send_is_told_that_it_was_done_once() -> None:
    client, data = client_of(OWNER, "en"), {"text": "Varför?", "once": str(uuid4())}
    for _time in range(2):
        answer = client.post(f"{SUB_BUDGET}comments/", data, follow=True)
    assert "done once" in answer.content.decode()


def test_htmx_loads_the_page_anew_where_it_sent_a_form_twice() -> None:
    client, data = client_of(OWNER), {"text": "Varför?", "once": str(uuid4())}
    answers = [client.post(f"{SUB_BUDGET}comments/", data, headers={"HX-Request": "true"}) for _time in range(2)]
    assert [answer.get("HX-Refresh") for answer in answers] == [None, "true"]
    assert Comment.objects.filter(text="Varför?").count() == 1


def test_what_is_typed_anew_in_the_same_page_is_another_form() -> None:
    client, key = client_of(OWNER), str(uuid4())
    for text in ("Först", "Sedan"):
        client.post(f"{SUB_BUDGET}comments/", {"text": text, "once": key})
    assert Comment.objects.filter(text__in=("Först", "Sedan")).count() == 2


def test_a_form_that_was_refused_can_be_sent_again() -> None:
    client, data = client_of(OWNER), {"text": "", "once": str(uuid4())}
    assert [client.post(f"{SUB_BUDGET}comments/", data).status_code for _time in range(2)] == [422, 422]
    assert not SentForm.objects.exists()


def test_a_form_that_failed_in_drawing_its_answer_has_changed_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    client, data = client_of(OWNER), {"text": "Varför?", "once": str(uuid4())}
    client.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr("desk.teamwork.view.CommentsView.go", lambda *given: 1 / 0)
        failed = client.post(f"{SUB_BUDGET}comments/", data, headers=FROM_HERE)
    assert failed.status_code == 500 and "data-resend" in failed.content.decode()
    assert not Comment.objects.filter(text="Varför?").exists()
    assert client.post(f"{SUB_BUDGET}comments/", data).status_code == 302
    assert Comment.objects.filter(text="Varför?").count() == 1


def test_keys_are_forgotten_when_nobody_sends_the_form_again() -> None:
    user = get_user(OWNER)
    for days in (KEPT_DAYS + 1, KEPT_DAYS - 1):
        form = SentForm.objects.create(digest=f"{days:064}", user=user)
        SentForm.objects.filter(pk=form.pk).update(created_at=timezone.now() - timedelta(days=days))
    assert remove_old_forms() == 1


def test_every_form_of_ours_has_a_key_or_says_why_it_needs_none() -> None:
    without = set()
    for path in [*CHECKOUT.glob("templates/**/*.html"), *CHECKOUT.glob("templates/**/*.jinja")]:
        for form in re.findall(r'<form[^>]*method="post".*?</form>', path.read_text(), re.DOTALL):
            if "{% once %}" not in form:
                without.add(str(path.relative_to(CHECKOUT)))
    assert without == HARMLESS.keys()


def test_undo_sent_twice_takes_one_step() -> None:
    client, line = client_of(OWNER), get_line()
    for amount in ("11", "12"):
        cells = {"changed": [{"line": str(line.lineage), "cells": {"amount_2_ore": amount}, "was": {}}]}
        client.post(f"{SUB_BUDGET}grid/", cells, content_type="application/json")
    step = EditStep.objects.latest("pk")
    for _time in range(2):
        client.post(f"{SUB_BUDGET}grid/undo/", {"step": step.pk})
    line.refresh_from_db()
    assert line.amount_2_ore == 11_00
    for _time in range(2):
        client.post(f"{SUB_BUDGET}grid/redo/", {"step": step.pk})
    line.refresh_from_db()
    assert line.amount_2_ore == 12_00


def test_undo_of_a_step_that_is_not_the_last_says_so() -> None:
    client, line = client_of(OWNER), get_line()
    for amount in ("11", "12"):
        cells = {"changed": [{"line": str(line.lineage), "cells": {"amount_2_ore": amount}, "was": {}}]}
        client.post(f"{SUB_BUDGET}grid/", cells, content_type="application/json")
    first = EditStep.objects.filter(sub_budget=get_sub_budget()).order_by("-pk")[1]
    refused = client.post(f"{SUB_BUDGET}grid/undo/", {"step": first.pk}, headers={"X-Grid": "1"})
    assert refused.status_code == 409
    line.refresh_from_db()
    assert line.amount_2_ore == 12_00


@pytest.mark.parametrize("has_key", [True, False])
def test_an_error_page_offers_to_send_again_only_what_is_carried_out_once(
    has_key: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(OWNER)
    client.raise_request_exception = False
    monkeypatch.setattr("desk.teamwork.view.CommentsView.post", lambda *given, **more: 1 / 0)
    data = {"text": "Varför?"} | ({"once": str(uuid4())} if has_key else {})
    failed = client.post(f"{SUB_BUDGET}comments/", data, headers=FROM_HERE).content.decode()
    assert ("data-resend" in failed) is has_key
    assert "Varför?" in failed
