"""Nouns as history tells them: what a row is called, who reads of it, and its values as people read them.

Nothing is listed here: the models say it themselves (`web.tracking`), so what lies beside this app is told of too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache, cached_property
from typing import TYPE_CHECKING, cast

from django.db import models
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import Truncator, capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from budgets.models import (
    Budget,
    BudgetProduct,
    BudgetScopedQuerySet,
    CostLine,
    SubBudget,
    WorkflowStep,
)
from objects.models import Decision, DecisionCondition, DevelopmentItem, GovernanceObject, ObjectPlan
from records.changes import Events, events_of
from records.models import Comment, StoredFile, Task
from web.fields import OreField
from web.numbers import UNKNOWN, format_decimal, format_sek, trim
from web.tracking import Noun, Words, list_nouns, noun_of

if TYPE_CHECKING:
    from accounts.models import User

    Field = models.Field[object, object]

LONGEST_TEXT = 160
AMOUNT = re.compile(r"amount_([123])_ore")
# Instead of a value that is shown to nobody.
KEPT = "…"

Names = Mapping[tuple[str, int], str]


@dataclass(frozen=True)
class Kind:
    """A kind of thing with a history; `noun` is what its model says of it."""

    noun: Noun

    @property
    def key(self) -> str:
        """What names it in addresses."""
        return self.noun.key

    @property
    def model(self) -> type[models.Model]:
        """Its model."""
        return self.noun.model

    @property
    def label(self) -> str | Promise:
        """What it is called."""
        return self.model._meta.verbose_name or self.key

    @property
    def inside(self) -> bool:
        """Whether only the federation reads of it: of all but what those outside see once the budget is adopted."""
        return self.noun.is_inside or not isinstance(self.model._default_manager.all(), BudgetScopedQuerySet)

    def is_told_to(self, user: User) -> bool:
        """Say whether the user reads of it at all; where its queryset names those who may read any row, only they do."""
        may_read: Callable[[User], bool] | None = getattr(self.model._default_manager.all(), "may_read", None)
        return may_read is None or may_read(user)

    @property
    def is_of_a_budget(self) -> bool:
        """Whether it names its budget and belongs to the budget's story."""
        return not self.noun.is_bulk and any(map(_is_budget, self.model._meta.concrete_fields))

    @cached_property
    def told_fields(self) -> list[Field]:
        """The fields that people set and see."""
        return [field for field in self.model._meta.concrete_fields if self._is_told(field)]

    def _is_told(self, field: Field) -> bool:
        is_own = field.primary_key or not field.editable or isinstance(field, models.SlugField)
        return not (is_own or _is_budget(field) or field.attname in self.noun.hidden)

    @cached_property
    def home(self) -> Kind | None:
        """The kind of what its rows lie in; None where they lie in nothing, or in what has no history."""
        target = self.find_field(self.noun.place).related_model if self.noun.place else None
        return kind_of(target) if isinstance(target, type) and "noun" in vars(target) else None

    @property
    def events(self) -> Events:
        """All events of its kind."""
        return events_of(self.model)

    @property
    def table(self) -> str:
        """The table of its events."""
        return str(self.events.model._meta.db_table)

    def find_field(self, column: str) -> Field:
        """Return the field with this column."""
        return next(field for field in self.model._meta.concrete_fields if field.attname == column)


def _is_budget(field: Field) -> bool:
    """Return whether a field names the budget that the row belongs to, which a page is about."""
    return field.name == "budget" and field.related_model is Budget


@cache
def kind_of(model: type[models.Model]) -> Kind:
    """Return the kind of a model's rows."""
    return Kind(noun_of(model))


def load_kinds() -> dict[str, Kind]:
    """Return all kinds by their keys."""
    return {noun.key: kind_of(noun.model) for noun in list_nouns()}


def load_kinds_told_to(user: User) -> dict[str, Kind]:
    """Return the kinds that the user reads of, by their keys."""
    return {key: kind for key, kind in load_kinds().items() if kind.is_told_to(user)}


# Those whose place in a story is a rule of its own.
LINE, PRODUCT, SUB_BUDGET, BUDGET = map(kind_of, (CostLine, BudgetProduct, SubBudget, Budget))
STEP = kind_of(WorkflowStep)
COMMENT, TASK, FILE = map(kind_of, (Comment, Task, StoredFile))
OBJECT, PLAN, ITEM = map(kind_of, (GovernanceObject, ObjectPlan, DevelopmentItem))
DECISION, CONDITION = map(kind_of, (Decision, DecisionCondition))


@dataclass(frozen=True)
class FieldChange:
    """A field's name, and its values as shown; nothing before what is added, nothing after what is removed."""

    label: str
    old: str
    new: str
    # Of an amount the öre of both, for files, where a number is to be a number.
    amounts: tuple[int | None, int | None] | None = None


def label_of(field: Field, year: int) -> str:
    """Return a field's name in the reader's language; amounts by their year."""
    amount = AMOUNT.fullmatch(field.attname)
    if amount and year:
        return _("Amount %(year)s, SEK") % {"year": year + int(amount[1]) - 1}
    return capfirst(str(field.verbose_name))


def name_of_target(field: Field) -> str:
    """Return the name of the model that a relation points to."""
    return str(cast(type[models.Model], field.related_model)._meta.model_name)


def show_value(field: Field, value: object, names: Names) -> str:
    """Return a stored value as people read it; a dash for nothing."""
    if value is None or value == "":
        return UNKNOWN
    if field.is_relation:
        return names.get((name_of_target(field), cast(int, value))) or UNKNOWN
    if words := _words_of(field):
        chosen = cast(list[str], value if isinstance(value, list) else [value])
        return ", ".join(str(words.get(one, one)) for one in chosen)
    if isinstance(field, OreField):
        return format_sek(int(cast(int, value)))
    if isinstance(field, models.DecimalField):
        return format_decimal(trim(Decimal(str(value))))
    return _show_plain(field, value)


def _words_of(field: Field) -> Words:
    """Return the words for what a field holds: its choices, or those that its model gives; nothing for most."""
    choices: Words = dict(getattr(field, "base_field", field).flatchoices)
    return choices or noun_of(field.model).values.get(field.attname, {})


def _show_plain(field: Field, value: object) -> str:
    if isinstance(field, models.DateTimeField):
        return date_format(localtime(datetime.fromisoformat(str(value))), "Y-m-d H:i")
    if isinstance(field, models.DateField):
        return date_format(date.fromisoformat(str(value)), "Y-m-d")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return Truncator(str(value)).chars(LONGEST_TEXT)
