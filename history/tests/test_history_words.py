"""Nothing of history is told in the system's own words: every reason and every field has words for people."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.utils.translation import override

from accounts.models import User
from budgets.models import Action, CostLine
from budgets.models.workflow import BUDGET_ACTIONS
from history.kinds import ALL, KINDS
from history.reasons import GOING_BACK, REASONS, say_reason, say_verb
from history.rows import NAMED
from history.stories import tell_person
from history.words import CHOICES, HIDDEN, find_label, label_of, show_value

APPS = ("accounts", "records", "objects", "budgets", "investments", "forecasts", "invoices", "reports", "itsam")
# What the parts that differ may be; anything else is shown as it is.
PARTS = {"action": [action.value for action in Action if action not in BUDGET_ACTIONS]}
# What people write themselves is passed on by these names.
OWN_WORDS = {"reason", "options"}


class Source:
    """A module's tree, and what its constants hold."""

    def __init__(self, path: Path) -> None:
        self.path, self.tree = path, ast.parse(path.read_text())
        named = [
            node for node in self.tree.body if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        ]
        self.constants = {node.targets[0].id: node.value for node in named if isinstance(node.targets[0], ast.Name)}

    def list_calls(self) -> Iterator[tuple[str, ast.expr]]:
        """(function, reason) of every call that gives one."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                yield from ((name, word.value) for word in node.keywords if word.arg == "reason")

    def list_passing(self, known: set[str]) -> set[str]:
        """The functions that pass a reason of theirs on to a known one."""
        found = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef):
                calls = [call for call in ast.walk(node) if isinstance(call, ast.Call)]
                for call in calls:
                    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
                    given = [word.value for word in call.keywords if word.arg == "reason"]
                    if name in known and any(isinstance(value, ast.Name) and value.id == "reason" for value in given):
                        found.add(node.name)
        return found

    def list_defaults(self, known: set[str]) -> Iterator[ast.expr]:
        """What known functions say when no reason is given."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef) and node.name in known:
                pairs = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
                yield from (value for argument, value in pairs if argument.arg == "reason" and value is not None)

    def resolve(self, value: ast.expr) -> list[str]:
        """What an expression can be; nothing for people's own words."""
        if isinstance(value, ast.Constant):
            return [str(value.value)]
        if isinstance(value, ast.IfExp):
            return [*self.resolve(value.body), *self.resolve(value.orelse)]
        if isinstance(value, ast.Dict):
            return [text for one in value.values for text in self.resolve(one)]
        if isinstance(value, ast.JoinedStr):
            texts = [""]
            for part in value.values:
                ways = self.resolve(part) if isinstance(part, ast.Constant) else _ways(part)
                texts = [text + way for text in texts for way in ways]
            return texts
        name = getattr(value.value if isinstance(value, ast.Subscript) else value, "id", "")
        if name in OWN_WORDS:
            return []
        assert name in self.constants, f"{self.path}: a reason that nobody can read from the source"
        return self.resolve(self.constants[name])


def _ways(part: ast.expr) -> list[str]:
    name = part.value.id if isinstance(part, ast.FormattedValue) and isinstance(part.value, ast.Name) else ""
    return PARTS.get(name, ["x"])


def list_reasons() -> set[str]:
    base = Path(settings.BASE_DIR)
    paths = [path for app in APPS for path in (base / app).rglob("*.py")]
    sources = [Source(path) for path in paths if not {"tests", "migrations"} & set(path.relative_to(base).parts)]
    known: set[str] = {"change"}
    while new := {name for source in sources for name in source.list_passing(known)} - known:
        known |= new
    found: set[str] = set()
    for source in sources:
        given = [value for name, value in source.list_calls() if name in known]
        found.update(text for value in (*given, *source.list_defaults(known)) for text in source.resolve(value))
    return found


def test_every_reason_in_the_source_has_words() -> None:
    reasons = list_reasons()
    assert {"change cost line", "redo", "paste into cost lines", "unlock sub-budget", "copy forward of x"} <= reasons
    assert {"restore earlier values of cost line", "remove attachment x", "condition open again"} <= reasons
    assert [reason for reason in sorted(reasons) if not say_verb(reason)] == []
    assert reasons >= GOING_BACK and REASONS.keys() >= GOING_BACK


@override("en")
def test_persons_own_words_go_before_the_systems() -> None:
    assert say_reason("the supplier's new price", "a note") == "the supplier's new price"
    assert say_reason("change cost line", "dearer from May") == "dearer from May"
    assert say_reason("undo", "an older note") == say_reason("undo") == "a change was undone"
    assert say_reason("POST /budgets/x/", "") == "" and say_reason("", "a note") == "a note"
    assert say_reason("adopt by § 5:\n100 % of it") == "adopted by § 5:\n100 % of it"


def test_every_kind_of_history_is_told_of() -> None:
    tracked = {model.pgh_tracked_model for model in apps.get_models() if hasattr(model, "pgh_tracked_model")}
    assert tracked == {kind.model for kind in ALL} and len(KINDS) == len(ALL)


def test_every_field_that_is_told_has_words_and_every_thing_pointed_to_a_name() -> None:
    for kind in ALL:
        fields = {field.attname: field for field in kind.model._meta.concrete_fields}
        assert {*kind.shown, *kind.kept, *filter(None, (kind.title, kind.place, kind.reason))} <= fields.keys(), (
            kind.key
        )
        for name, field in fields.items():
            if name in HIDDEN:
                continue
            with override("en"):
                assert find_label(field) or name.startswith("amount_"), f"{kind.key}.{name}"
                assert "_" not in label_of(field, 2027)
            if field.is_relation:
                related = field.related_model._meta.model_name  # type: ignore[union-attr]
                assert related in NAMED or related in ("budget", "subbudget"), f"{kind.key}.{name}"


@override("en")
def test_values_without_choices_of_their_own_are_shown_in_words() -> None:
    shown = {name: set(map(str, words.values())) for name, words in CHOICES.items()}
    assert "draft" in shown["from_state"] and "read invoices" in shown["scopes"]
    scopes = next(field for field in KINDS["token"].model._meta.concrete_fields if field.attname == "scopes")
    assert show_value(scopes, ["invoices:read"], {}) == "read invoices"
    kind = next(field for field in CostLine._meta.concrete_fields if field.attname == "cost_kind")
    assert label_of(kind, 2027) == "Cost kind"


@pytest.mark.django_db
def test_what_a_person_has_done_is_found_by_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_indexes WHERE indexname = tablename || '_by'")
        indexed = {name for (name,) in cursor.fetchall()}
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert {kind.table for kind in ALL} <= indexed
    for kind in (KINDS["line"], KINDS["comment"]):
        rows = tell_person(User.objects.earliest("pk")).parts[kind.key]
        assert f"{kind.table}_by" in rows.explain()
