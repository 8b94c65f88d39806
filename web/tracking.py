"""What a model says of its own history: every insert, update and delete is kept, and a noun says how they are told.

It is the one place where a model is named. History, copying, the demo and the rights of the site are derived from the
nouns, from the fields and their names for people, and from the queryset that decides who sees what.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypedDict, Unpack

import pghistory
from django.apps import apps
from django.db.models import Model
from django.db.models.expressions import Combinable
from django.utils.functional import Promise
from django.utils.text import camel_case_to_spaces

Words = Mapping[str, "str | Promise"]
REFUSED = "refused_to_site"
OPTIONS = ("exclude", "meta")


class Said(TypedDict, total=False):
    """What a model may say of itself, by the names of its fields; what is left out is derived.

    `exclude` and `meta` are options of pghistory.track.
    """

    key: str
    shown: Iterable[str]
    title: str
    place: str
    hidden: Iterable[str]
    kept: Iterable[str]
    values: Mapping[str, Words]
    name: Combinable
    name_en: Combinable
    is_bulk: bool
    stays: bool
    is_inside: bool
    is_beside: bool
    copied: Mapping[str, str]
    year_on: Mapping[str, str]
    indexed_by: str
    exclude: list[str]
    meta: dict[str, Any]


@dataclass(frozen=True, eq=False)
class Noun:
    """How rows of a model are told of and copied; fields are named by the columns they have.

    `key` names it in addresses. `shown` fields tell what was added or deleted, `title` is the one that names a row that
    has neither text nor name, `place` the one that says where it belongs. `hidden` ones are what people neither set nor
    see, or what another field says already. The values of `kept` are told to nobody: what somebody took back is not to
    be read in its history. `values` are the words for what fields without choices hold. `name` and `name_en` are
    expressions that name a row, where no field does. Of what `is_bulk` a thousand rows are loaded at a time, which
    would bury the story of their budget. Of what `is_inside` no story is told to those outside who see the row.
    What `is_beside` is told with what it is about, and on its own only to who asks for its kind.

    Where a row is copied with its whole, `copied` says what the copy holds instead of the same, in SQL over the `old`
    row; `year_on` does where it is copied to the next year. `indexed_by` is the kind of cost, in SQL, whose index `i` it may
    use then: where it is empty a row that has a cost kind goes by that, and others have no index. What `stays` is about one
    whole beside the one before it, and is not copied.
    """

    model: type[Model]
    key: str
    shown: tuple[str, ...] = ()
    title: str = ""
    place: str = ""
    hidden: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    values: Mapping[str, Words] = field(default_factory=dict)
    name: Combinable | None = None
    name_en: Combinable | None = None
    is_bulk: bool = False
    is_inside: bool = False
    is_beside: bool = False
    copied: Mapping[str, str] = field(default_factory=dict)
    year_on: Mapping[str, str] = field(default_factory=dict)
    indexed_by: str = ""
    stays: bool = False


def tracked(**said: Unpack[Said]) -> Callable[[type[Model]], type[Model]]:
    """A class decorator: keeps the model's history, by ORM, in bulk, by COPY or by raw SQL, and makes it a noun.

    The trackers are made anew for each model: copies of them, as the library's default setting makes, lose which
    operation they are for at statement level.
    """
    options: dict[str, Any] = {name: value for name, value in said.items() if name in OPTIONS}
    track: Callable[[type[Model]], type[Model]] = pghistory.track(
        pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), **options
    )

    def decorate(model: type[Model]) -> type[Model]:
        tracked_model = track(model)
        tracked_model.noun = _make_noun(model, said)  # type: ignore[attr-defined]
        return tracked_model

    return decorate


def _make_noun(model: type[Model], said: Said) -> Noun:
    """A noun of what a model says, with the columns of its fields; a field that is none ends the start of the site."""
    words: dict[str, Any] = {name: value for name, value in said.items() if name not in OPTIONS}
    for name in ("title", "place"):
        if name in words:
            words[name] = _column(model, words[name])
    for name, kind in (("shown", tuple), ("hidden", frozenset), ("kept", frozenset)):
        words[name] = kind(_column(model, field_name) for field_name in words.get(name, ()))
    for name in ("values", "copied", "year_on"):
        words[name] = {_column(model, field_name): value for field_name, value in words.get(name, {}).items()}
    words.setdefault("key", camel_case_to_spaces(model.__name__).replace(" ", "_"))
    return Noun(model=model, **words)


def _column(model: type[Model], name: str) -> str:
    return str(model._meta.get_field(name).attname)  # type: ignore[union-attr]


def noun_of(model: type[Model]) -> Noun:
    """The noun of a tracked model."""
    found: Noun = vars(model)["noun"]
    return found


def list_nouns() -> list[Noun]:
    """The nouns of all tracked models, in the order of the apps and of their models."""
    return [noun_of(model) for model in apps.get_models() if "noun" in vars(model)]


def refused_to_site(*rights: str) -> Callable[[type[Model]], type[Model]]:
    """A class decorator: the site's role gets none of these rights (such as UPDATE) on the model's table."""

    def decorate(model: type[Model]) -> type[Model]:
        setattr(model, REFUSED, rights)
        return model

    return decorate


def list_refused() -> dict[str, tuple[str, ...]]:
    """The rights that the site's role does not get, by table."""
    return {model._meta.db_table: vars(model)[REFUSED] for model in apps.get_models() if REFUSED in vars(model)}
