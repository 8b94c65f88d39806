"""The pages of one line, for those without script: deleting, copying and moving it."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from budgets.models import CostLine, EditStep
from budgets.services.grid.undoing import undo_step
from budgets.services.lines import StaleLineError, change_line, delete_line
from budgets.tests.test_grid import again, get_sub_budget
from budgets.tests.test_grid_views import sign_in
from budgets.tests.test_lines import ECONOMIST, OWN, OWNER, get_line, get_user

pytestmark = pytest.mark.django_db


def page(line: CostLine, name: str = "edit_line") -> str:
    return reverse(f"budgets:{name}", args=["budget-2027", OWN, line.lineage])


def seen(client: Client, url: str) -> str:
    """What the form at an address says that its reader saw."""
    return str(client.get(url).context["line"].edited_at.isoformat())


def exists(line: CostLine) -> bool:
    return CostLine.objects.filter(pk=line.pk).exists()


# Deleting


def test_line_that_was_changed_meanwhile_is_not_deleted_unseen() -> None:
    line, client = get_line(), sign_in(OWNER)
    asked = client.get(page(line, "delete_line"))
    assert f'name="seen" value="{line.edited_at.isoformat()}"' in asked.content.decode()
    changed = change_line(line, {"amount_1_ore": 77_700_000}, by=get_user(ECONOMIST))
    answer = client.post(page(line, "delete_line"), {"seen": line.edited_at.isoformat()})
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "777 tkr" in shown.replace("\u202f", " ")
    assert "Ta bort ändå" in shown
    assert exists(line)
    assert client.post(page(line, "delete_line"), {"seen": changed.edited_at.isoformat()}).status_code == 302
    assert not exists(line)
    undo_step(get_sub_budget(), by=get_user(OWNER))
    assert CostLine.objects.get(lineage=line.lineage, budget=line.budget).amount_1_ore == 77_700_000


def test_refused_deletion_is_put_in_the_row_that_asked() -> None:
    line, client = get_line(), sign_in(OWNER)
    posted = {"seen": "2020-01-01T00:00:00+00:00"}
    answer = client.post(page(line, "delete_line"), posted, headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Retarget"]) == (422, f"#form-{line.lineage}")


def test_deleting_what_is_gone_leaves_no_step_behind() -> None:
    line, by = get_line(), get_user(OWNER)
    twice = CostLine.objects.select_related("budget_product__sub_budget__budget").get(pk=line.pk)
    delete_line(line, by=get_user(ECONOMIST))
    with pytest.raises(CostLine.DoesNotExist):
        delete_line(twice, by=by)
    assert not EditStep.objects.filter(user=by).exists()
    assert sign_in(OWNER).post(page(twice, "delete_line")).status_code == 404


def test_deletion_keeps_the_line_as_it_is_under_the_lock() -> None:
    line, by = get_line(), get_user(OWNER)
    stale = CostLine.objects.select_related("budget_product__sub_budget__budget").get(pk=line.pk)
    change_line(line, {"note": "nyare"}, by=get_user(ECONOMIST))
    with pytest.raises(StaleLineError):
        delete_line(stale, by=by, seen=stale.edited_at)
    delete_line(stale, by=by)
    assert EditStep.objects.get(user=by).changes[0]["before"]["note"] == "nyare"
