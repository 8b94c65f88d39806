"""Whom a text names with @. Pure: it is given the people who may be named."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import User

# An @ that begins a word: one within an e-mail address, or alone, names nobody.
AT = re.compile(r"(?<![\w@.+-])@(?=\w)")
WORD = re.compile(r"[\w.'-]{1,40}")


def read_mentions(text: str, people: Iterable[User]) -> tuple[list[User], list[str]]:
    """Return the people a text names, each once, and the words after an @ that name nobody.

    A person is named by the whole name, by e-mail address, or by the first name when only one has it. Of people who
    share a whole name all are meant.
    """
    names = _names(people)
    longest = sorted(names, key=len, reverse=True)
    mentioned: dict[int, User] = {}
    unknown: list[str] = []
    for match in AT.finditer(text):
        rest = text[match.end() :]
        name = next((name for name in longest if _begins(rest, name)), None)
        if name is None:
            word = WORD.match(rest)
            unknown.append(word[0].rstrip(".") if word else rest[:1])
        else:
            mentioned.update({person.pk: person for person in names[name]})
    return list(mentioned.values()), unknown


def _names(people: Iterable[User]) -> dict[str, list[User]]:
    people = list(people)
    firsts = Counter(_first_name(person) for person in people)
    names: dict[str, list[User]] = {}
    for person in people:
        first = _first_name(person)
        own = {person.get_full_name().casefold(), person.email.casefold()} | ({first} if firsts[first] == 1 else set())
        for name in own - {""}:
            names.setdefault(name, []).append(person)
    return names


def _first_name(person: User) -> str:
    return (person.get_full_name().split() or [""])[0].casefold()


def _begins(rest: str, name: str) -> bool:
    after = rest[len(name) : len(name) + 1]
    return rest[: len(name)].casefold() == name and not (after.isalnum() or after == "_")
