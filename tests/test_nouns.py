"""A model is named where it is and nowhere else: history, copying, rights and access are derived from it."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.translation import override

from accounts.models import User
from budgets.models import CostLine, Lineage
from budgets.services.copying import list_copied
from history.nouns import load_kinds
from investments.models import PlannedLoan
from itsam.platform.grants import list_refusals
from objects.models import Customer
from tests import services
from tests.test_access import models_of_ours
from web.tracking import list_nouns

SETTINGS = "tests.pledge.settings"


@pytest.fixture
def pledged(committed: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What came of a site that has one app more, with the tables, triggers and rights that its commands give it."""
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", SETTINGS)
    prepared = services.run_python(committed, "-m", "tests.pledge.prepare", owner=True)
    assert prepared.returncode == 0, prepared.stderr
    done = services.run_python(committed, "-m", "tests.pledge.check")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_new_model_is_told_of_copied_kept_and_seen_without_being_named_elsewhere(pledged: dict[str, Any]) -> None:
    assert pledged["keys"] == ["pledge", "pledge_part"]
    home, said = pledged["story"][0][3], "it was promised"
    assert home and pledged["story"] == [
        ["Changed", "pledge", "The coast pays", home, "State of the pledge: given at the meeting → paid in full", "and paid"],
        ["Added", "pledge", "The coast pays", home, "Amount, SEK:  → 100", said],
        ["Added", "part of a pledge", "Västervik", "The coast pays", "", said],
    ]  # fmt: skip
    assert pledged["of_person"] >= 3 and not pledged["outside"]
    assert pledged["copied"] == [True, "The coast pays", 100_00, "paid"] and pledged["copied_home"]
    assert pledged["parts"] == ["Västervik"]
    assert pledged["seen_by_outsider"] == 0 and not pledged["is_empty"]
    assert pledged["refused"] == [True, True]


def test_new_model_is_named_by_no_source_but_its_own() -> None:
    sources = settings.BASE_DIR.glob("*/**/*.py")
    left_out = {"tests", ".venv", "var"}
    ours = [path for path in sources if not left_out & set(path.relative_to(settings.BASE_DIR).parts[:-1])]
    assert len(ours) > 300
    assert [str(path) for path in ours if "pledge" in path.read_text().lower()] == []


# The models there are


def test_every_model_and_field_has_a_name_for_people_in_swedish() -> None:
    same = {"Budget", "budget", "Status", "Bankgiro", "GLN", "SHA-256", "index", "text", "Text"}
    for model in models_of_ours():
        fields = [field for field in model._meta.local_concrete_fields if not field.auto_created]
        own = [field for field in fields if field.model.__module__.startswith(model.__module__.split(".")[0])]
        for field in own:
            assert getattr(field, "_verbose_name", None) or field.name in ("password", "last_login"), field
        for words in (
            *(field.verbose_name for field in own),
            model._meta.verbose_name,
            model._meta.verbose_name_plural,
        ):
            texts = {say(words, language) for language in ("en", "sv")}
            assert len(texts) == 2 or texts <= same, f"{model.__name__}: {words}"


def say(words: Any, language: str) -> str:
    with override(language):
        return str(words)


def test_every_tracked_model_is_a_noun_with_a_key_of_its_own() -> None:
    tracked = {model.pgh_tracked_model for model in apps.get_models() if hasattr(model, "pgh_tracked_model")}
    assert {noun.model for noun in list_nouns()} == tracked
    assert len(load_kinds()) == len(tracked)


def test_every_model_with_a_lineage_is_copied_after_what_it_points_to() -> None:
    copied = list_copied()
    with_lineage = {
        noun.model for noun in list_nouns() if any(isinstance(f, Lineage) for f in noun.model._meta.concrete_fields)
    }
    assert with_lineage < set(copied)
    for place, model in enumerate(copied):
        assert not {field.related_model for field in model._meta.concrete_fields} & set(copied[place:])


def test_every_model_decides_who_sees_it_and_its_history_is_kept_from_the_site() -> None:
    for model in models_of_ours():
        assert hasattr(model._default_manager.all(), "visible_to"), model
    events = {noun.model.pgh_event_models["insert"]._meta.db_table for noun in list_nouns()}  # type: ignore[attr-defined]
    assert {
        table for table, rights in list_refusals().items() if set(rights) == {"INSERT", "UPDATE", "DELETE"}
    } >= events


# The administration


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("model", "known"),
    [(CostLine, "Belopp första året, kr"), (Customer, "Organisationsnummer"), (PlannedLoan, "Lånebelopp, kr")],
)
def test_administration_names_fields_in_swedish(model: Any, known: str, client: Client) -> None:
    client.force_login(User.objects.get(email="administrator@demo.example"))
    rows = model.objects.all() if model is Customer else model.objects.filter(budget__slug="budget-2027")
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[rows.earliest("pk").pk])
    page = client.get(address, headers={"Accept-Language": "sv"}).content.decode()
    labels = {
        unescape(strip_tags(label)).strip().rstrip(":")
        for label in re.findall(r"<label[^>]*>(.*?)</label>", page, re.S)
    }
    names = [field.verbose_name for field in model._meta.concrete_fields]
    english = {say(name, "en") for name in names} - {say(name, "sv") for name in names}
    assert known in labels and not english & labels
    assert say(model._meta.verbose_name_plural, "sv").capitalize() in page
