"""A step is taken on what was shown: a form keeps a mark of it, and the step is refused when somebody changed it meanwhile.

The trick: the mark is the number of the newest event of every kind of row that belongs to the sub-budget or budget, never
a clock's time. It is asked again while the step holds the budget, when nothing more can come. What was changed and changed
back is as it was shown. The siblings for one row are in `records.services.stale`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from django.apps import apps
from django.db.models import Model
from django.utils.translation import gettext as _

from accounts.models import User
from budgets.models import Budget, BudgetProduct, CostLine, SubBudget
from budgets.selectors.changes import Changes, load_changes_of
from budgets.services.copying import list_copied
from objects.models import GovernanceObject
from records.changes import Events, author_of, events_of, find_newest_numbers

if TYPE_CHECKING:
    from django.db.models import Field

Scope: TypeAlias = SubBudget | Budget


@dataclass(frozen=True)
class ChangedRows:
    """How many changes there are of one kind of row, and by whom, by name."""

    model: type[Model]
    count: int
    authors: list[str]


@dataclass(frozen=True)
class ShownChanges:
    """What has changed since a page was shown: lines by their sub-budget, and other rows by their kind."""

    lines: list[tuple[SubBudget, Changes]]
    others: list[ChangedRows]

    def __bool__(self) -> bool:
        return bool(self.lines or self.others)


class ChangedError(Exception):
    """Somebody changed what the step was to be taken on; `changes` says what."""

    def __init__(self, changes: ShownChanges) -> None:
        super().__init__(_("Somebody has changed it since you opened the page. Look at what is new and decide again."))
        self.changes = changes


def mark_shown(scope: Scope, *shared: type[Model]) -> str:
    """Return the mark of a sub-budget or budget as it is now, to be taken before its page is read.

    `shared` are tracked models that belong to no budget, but that the page shows.
    """
    numbers = find_newest_numbers({model: _events(model, scope) for model in (*_paths_of(scope), *shared)})
    return " ".join(f"{label}:{number}" for label, number in numbers.items())


def require_shown(scope: Scope, mark: str) -> None:
    """Raise ChangedError when a held sub-budget or budget is no longer as its page showed it; an empty mark asks nothing.

    One that can't be read is of nothing that was shown: everything is new.
    """
    changes = load_shown_changes(scope, mark) if mark else None
    if changes:
        raise ChangedError(changes)


def load_shown_changes(scope: Scope, mark: str) -> ShownChanges:
    """Return what has changed since the mark was taken."""
    lines: list[tuple[SubBudget, Changes]] = []
    others: list[ChangedRows] = []
    for model, number in _read(mark).items():
        newer = _events(model, scope).filter(pgh_id__gt=number)
        if model is CostLine:
            lines = _load_lines(scope, number) if newer.exists() else []
        elif rows := list(newer.values_list("pgh_context", flat=True)):
            others.append(ChangedRows(model, len(rows), _name({author_of(context) for context in rows})))
    return ShownChanges(lines, others)


def _load_lines(scope: Scope, number: int) -> list[tuple[SubBudget, Changes]]:
    rows = [scope] if isinstance(scope, SubBudget) else list(SubBudget.objects.filter(budget=scope))
    changes = load_changes_of(dict.fromkeys(rows, number))
    return [(row, changes[row.pk]) for row in rows if changes[row.pk]]


def _name(addresses: Iterable[str]) -> list[str]:
    """Return the authors' names; commands, which have no address, are left out."""
    known = sorted(address for address in addresses if address)
    names = dict(User.objects.filter(email__in=known).values_list("email", "name"))
    return [names.get(address) or address for address in known]


def _read(mark: str) -> dict[type[Model], int]:
    """Return the numbers by model; of a mark that can't be read every line is new."""
    numbers: dict[type[Model], int] = {}
    for part in mark.split():
        label, _colon, number = part.partition(":")
        model = _list_tracked().get(label)
        if model is None or not number.isdecimal() or len(number) > 18:
            return {CostLine: 0, SubBudget: 0}
        numbers[model] = int(number)
    return numbers


def _list_tracked() -> dict[str, type[Model]]:
    return {model._meta.label_lower: model for model in apps.get_models() if "noun" in vars(model)}


def _events(model: type[Model], scope: Scope) -> Events:
    """Return the events of a model's rows in the scope; of what belongs to no budget all."""
    return events_of(model).filter(**_paths_of(scope).get(model, {}))


def _paths_of(scope: Scope) -> Mapping[type[Model], dict[str, object]]:
    """Return what belongs to a sub-budget or a budget, with what its events are found by."""
    if isinstance(scope, SubBudget):
        return {
            CostLine: {"budget": scope.budget_id, "budget_product__sub_budget": scope.pk},
            BudgetProduct: {"sub_budget": scope.pk},
            SubBudget: {"pgh_obj": scope.pk},
            GovernanceObject: {"pgh_obj": scope.governance_object_id},
        }
    return {model: {_path_to_budget(model): scope.pk} for model in list_copied()}


def _path_to_budget(model: type[Model]) -> str:
    """Return the path from a model that is copied with its budget to the budget."""
    fields: list[Field[object, object]] = list(model._meta.concrete_fields)
    if any(field.name == "budget" for field in fields):
        return "budget"
    key = next(field for field in fields if field.related_model in list_copied())
    return f"{key.name}__budget"
