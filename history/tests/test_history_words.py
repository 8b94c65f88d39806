"""Nothing of history is told in the system's own words: every field has words for people."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Value
from django.utils.translation import override

from accounts.models import User
from history.nouns import label_of, load_kinds, show_value
from history.rows import find_name
from history.stories import tell_person
from tests.cast import get_user


def test_every_kind_of_history_is_told_of() -> None:
    tracked = {model.pgh_tracked_model for model in apps.get_models() if hasattr(model, "pgh_tracked_model")}
    assert tracked == {kind.model for kind in load_kinds().values()} and len(load_kinds()) == len(tracked)


def test_every_field_and_model_has_a_name_of_its_own() -> None:
    for kind in load_kinds().values():
        assert kind.told_fields, kind.key
        for field in kind.told_fields:
            with override("en"):
                assert getattr(field, "_verbose_name", None), f"{kind.key}.{field.name}"
                assert "_" not in label_of(field, 2027)


def test_every_thing_pointed_to_has_a_name() -> None:
    kinds = load_kinds().values()
    for kind in kinds:
        for field in kind.told_fields:
            if field.is_relation:
                related = next(other for other in kinds if other.model is field.related_model)
                assert find_name(related.noun, english=True) != Value(""), f"{kind.key}.{field.name}"


@override("en")
def test_values_without_choices_of_their_own_are_shown_in_words() -> None:
    kinds = load_kinds()
    assert show_value(kinds["step"].find_field("from_state"), "draft", {}) == "draft"
    assert show_value(kinds["step"].find_field("to_state"), "proposed", {}) == "proposed"
    assert show_value(kinds["token"].find_field("scopes"), ["invoices:read"], {}) == "read invoices"
    assert show_value(kinds["index_rate"].find_field("cost_kind"), "direct_cost", {}) == "Direct cost"
    assert label_of(kinds["line"].find_field("cost_kind"), 2027) == "Cost kind"


@pytest.mark.django_db
def test_what_a_person_has_done_is_found_by_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_indexes WHERE indexname = tablename || '_by'")
        indexed = {name for (name,) in cursor.fetchall()}
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert {kind.table for kind in load_kinds().values()} <= indexed
    for kind in (load_kinds()["line"], load_kinds()["comment"]):
        rows = tell_person(User.objects.earliest("pk"), get_user("ekonom")).parts[kind.key]
        assert f"{kind.table}_by" in rows.explain()
