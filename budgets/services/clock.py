"""Writes the days that people set in a budget's year. They are never frozen: the year goes on after adoption."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from budgets.models import Budget, ClockStep
from budgets.services.compiling import check_economist
from records.models import Provenance
from records.reasons import Reason
from records.services import change

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class TypedStep:
    """A step as typed: a known one by its code, one of the federation's own by its name; `uuid` if it is there."""

    code: str = ""
    name: str = ""
    who: str = ""
    on: date | None = None
    done_on: date | None = None
    uuid: UUID | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.name or self.on or self.done_on)


class ClockChangedError(ValidationError):
    """Somebody else has changed the days since they were shown."""


def mark_clock(budget: Budget) -> str:
    """Return what tells the days of a budget's year from any others."""
    rows = ClockStep.objects.filter(budget=budget).order_by("pk").values_list("uuid", "edited_at")
    return " ".join(f"{uuid}:{edited.timestamp()}" for uuid, edited in rows)


def save_clock(budget: Budget, steps: Sequence[TypedStep], *, by: User, seen: str) -> None:
    """Save the days as typed; a step that nothing is typed of goes.

    Raise NotYourStepError, ClockChangedError when the days are others by now than those of the mark `seen`.
    """
    check_economist(by)
    with change(by=by.email, reason=Reason.SET_CLOCK):
        # Whoever saves the same year's days meanwhile waits here.
        Budget.objects.select_for_update(of=("self",)).get(pk=budget.pk)
        if mark_clock(budget) != seen:
            said = _(
                "Somebody else has changed the days since you opened the page. Look at them beside and save again."
            )
            raise ClockChangedError(said)
        kept = {row.code or str(row.uuid): row for row in ClockStep.objects.filter(budget=budget)}
        for step in steps:
            _save(budget, step, kept.get(step.code or str(step.uuid)))


def _save(budget: Budget, step: TypedStep, row: ClockStep | None) -> None:
    if step.is_empty or (not step.code and not step.name):
        if row is not None:
            row.delete()
        return
    saved = row or ClockStep(budget=budget, code=step.code)
    values = {"name": "" if step.code else step.name, "who": step.who, "on": step.on, "done_on": step.done_on}
    if row is not None and all(getattr(row, name) == value for name, value in values.items()):
        return
    for name, value in values.items():
        setattr(saved, name, value)
    saved.provenance = Provenance.ENTERED
    saved.save()
