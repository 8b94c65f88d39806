"""Migrations follow what the database holds. Words for people are none of it: a better word needs no migration.

Every noun would else be written in the state of migrations twice, with its row's history, by hundreds of operations that
each test database runs and none of which is SQL.
"""

from __future__ import annotations

from typing import Any

from django.core.management.commands.makemigrations import Command
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.models import Field

WORDS = ("verbose_name", "verbose_name_plural")
# The one that pgtrigger has put there, which finds its triggers.
Base: type[MigrationAutodetector] = Command.autodetector


class WordlessAutodetector(Base):  # type: ignore[misc, valid-type]
    """Compares models with migrations by all but their words."""

    def deep_deconstruct(self, obj: Any) -> Any:
        """What a field is made of, without its name for people."""
        parts = super().deep_deconstruct(obj)
        if isinstance(obj, Field):
            parts[2].pop("verbose_name", None)
        return parts

    def generate_altered_options(self) -> None:
        """A model's words in migrations are taken to be those that it has."""
        for key, old in self.from_state.models.items():
            new = self.to_state.models.get(key)
            for word in WORDS:
                old.options.pop(word, None)
                if new is not None and word in new.options:
                    old.options[word] = new.options[word]
        super().generate_altered_options()
