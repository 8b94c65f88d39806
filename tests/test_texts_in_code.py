"""Texts that no catalogue would find: inside an f-string gettext's tools see none, so it would be English for everybody."""

from __future__ import annotations

import ast
import gettext
from collections.abc import Iterator
from pathlib import Path

import pytest

from itsam.platform.embedded import CHECKOUT

ASKING = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy", "npgettext"}
WITH_CONTEXT = {"pgettext", "pgettext_lazy", "npgettext"}
LEFT_OUT = {".venv", "node_modules", "var", "tests", "migrations", "benchmarks", "tmp"}


Trees = dict[Path, ast.Module]


@pytest.fixture(scope="module")
def trees() -> Trees:
    """The code of the site as its tests look at it, by path; read once, and kept no longer than they need it."""
    return {path.relative_to(CHECKOUT): ast.parse(path.read_text(encoding="utf-8")) for path in list_sources()}


def list_sources() -> list[Path]:
    files = [path for path in CHECKOUT.rglob("*.py") if not LEFT_OUT & set(path.relative_to(CHECKOUT).parts)]
    assert len(files) > 200
    return files


def calls_in(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in ASKING:
                yield name, node


def test_no_text_is_asked_for_inside_an_f_string(trees: Trees) -> None:
    """The tools that collect texts do not look into f-strings."""
    found = [
        f"{path}:{string.lineno} {ast.unparse(call)}"
        for path, tree in trees.items()
        for string in ast.walk(tree)
        if isinstance(string, ast.JoinedStr)
        for _name, call in calls_in(string)
    ]
    assert found == []


def test_no_text_is_put_together_before_it_is_asked_for(trees: Trees) -> None:
    """An f-string, a sum or a format is no text that a catalogue could hold."""
    found = [
        f"{path}:{call.lineno} {ast.unparse(call)}"
        for path, tree in trees.items()
        for name, call in calls_in(tree)
        for text in call.args[1 if name in WITH_CONTEXT else 0 :][:1]
        if isinstance(text, ast.JoinedStr | ast.BinOp)
        or (isinstance(text, ast.Call) and getattr(text.func, "attr", "") == "format")
    ]
    assert found == []


AT_ONCE = {"gettext", "ngettext", "pgettext", "npgettext"}


def asked_at_import(tree: ast.Module) -> Iterator[ast.Call]:
    """The calls outside functions that ask for a text at once: whoever reads it gets the language of the start."""
    names = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in AT_ONCE
    }
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in names:
            yield node
        is_later = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        waiting += [] if is_later else ast.iter_child_nodes(node)


def test_no_text_is_asked_for_before_there_is_a_reader(trees: Trees) -> None:
    """A heading that a class holds must be lazy."""
    assert list(asked_at_import(ast.parse("from django.utils.translation import gettext as _\nTITLE = _('Lines')")))
    found = [
        f"{path}:{call.lineno} {ast.unparse(call)}" for path, tree in trees.items() for call in asked_at_import(tree)
    ]
    assert found == []


@pytest.mark.parametrize("folder", ["reports", "web", "desk", "history", "invoices", "forecasts", "pages"])
def test_each_text_of_the_code_has_its_swedish(trees: Trees, folder: str) -> None:
    """Asked of the catalogue itself, so that a text its tools overlooked, wherever it stands, is found."""
    with (CHECKOUT / "locale/sv/LC_MESSAGES/django.mo").open("rb") as stream:
        catalogue = gettext.GNUTranslations(stream)
    known = set(catalogue._catalog)  # type: ignore[attr-defined]
    missing = []
    for path in (path for path in trees if path.parts[0] == folder):
        for name, call in calls_in(trees[path]):
            given = [arg.value for arg in call.args[:2] if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            if not given:
                continue
            text = "\x04".join(given[:2]) if name in WITH_CONTEXT else given[0]
            if text not in known and (text, 0) not in known and (text, 1) not in known:
                missing.append(f"{path}:{call.lineno} {text!r}")
    assert missing == []
