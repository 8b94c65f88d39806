"""Keeps what is tried in the stress test: saved, renamed, put on the board's dashboard, removed, and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from budgets.models import Budget
from forecasts.models import StressScenario
from forecasts.selectors.scenarios import can_keep_scenarios, keep_base, read_inputs, try_inputs, write_inputs
from forecasts.selectors.stress_base import StressBase
from forecasts.selectors.stress_inputs import Given
from forecasts.words import place_fault
from objects.selectors.registers import Register
from objects.services.registers import hold, require_mark, undo_act
from records.reasons import Reason
from records.services import change
from records.services.restoring import Restored
from records.services.stale import digest_of
from web.faults import retried

if TYPE_CHECKING:
    from accounts.models import User

SCENARIO_FIELDS = ("name", "is_on_board")
REGISTER = Register(
    (StressScenario,),
    frozenset({Reason.SAVE_SCENARIO, Reason.CHANGE_SCENARIO, Reason.REMOVE_SCENARIO, Reason.UNDO_REGISTER}),
)


def find_name_fault(scenario: StressScenario) -> str:
    """Return what can't be with a scenario's name, in words; nothing where it can."""
    if not scenario.name:
        return _("Write a name.")
    others = StressScenario.objects.filter(budget=scenario.budget, name__iexact=scenario.name)
    if not others.exclude(pk=scenario.pk).exists():
        return ""
    return _("This budget has a scenario “%(name)s” already. Write another name.") % {"name": scenario.name}


@retried
def save_scenario(
    scenario: StressScenario, *, inputs: Given, base: StressBase, by: User, seen: str | None = None
) -> StressScenario:
    """Keep what is tried, as a new scenario or in the place of what one held, with the base it is tried on.

    PermissionDenied; ValidationError by field: a name that is taken, inputs that can't be read. StaleError where the
    scenario is another by now than `seen`, its `saved_at`.
    """
    with _open(scenario, Reason.SAVE_SCENARIO, by):
        if scenario.pk:
            saved = StressScenario.objects.get(pk=scenario.pk)
            require_mark(saved, saved.saved_at.isoformat(), seen)
        read, frameworks, faults = read_inputs(inputs, base)
        if faults:
            raise ValidationError({"inputs": [place_fault(fault) for fault in faults]})
        scenario.inputs, scenario.base = write_inputs(inputs), keep_base(try_inputs(base, read, frameworks))
        scenario.author, scenario.saved_at = by, timezone.now()
        _save(scenario)
    return scenario


@retried
def change_scenario(scenario: StressScenario, *, by: User, seen: str | None = None) -> StressScenario:
    """Save another name, and whether the board's dashboard shows it; what is tried stays. Errors as of `save_scenario`."""
    with _open(scenario, Reason.CHANGE_SCENARIO, by):
        saved = StressScenario.objects.get(pk=scenario.pk)
        require_mark(saved, digest_of(saved, SCENARIO_FIELDS), seen)
        _save(scenario)
    return scenario


@retried
def remove_scenario(scenario: StressScenario, *, by: User) -> None:
    """Remove a scenario; history keeps it, and it can be taken back. PermissionDenied, ValidationError when it is gone."""
    with _open(scenario, Reason.REMOVE_SCENARIO, by):
        scenario.delete()


def undo_scenario_act(budget: Budget, act: UUID, *, by: User) -> None:
    """Take back what was done with a budget's scenarios. PermissionDenied, ValidationError with words."""
    _require(by)

    def check(rows: list[Restored]) -> None:
        for row in rows:
            owners = set(StressScenario.objects.filter(pk=row.pk).values_list("budget_id", flat=True))
            if not owners | ({row.before["budget_id"]} if row.before else set()) <= {budget.pk}:
                raise ValidationError(_("There is nothing to take back."))

    undo_act(REGISTER, act, by=by, check=check)


@contextmanager
def _open(scenario: StressScenario, reason: Reason, by: User) -> Iterator[None]:
    _require(by)
    with change(by=by.email, reason=reason, row=scenario.name, budget=scenario.budget.slug):
        Budget.objects.select_for_update(no_key=True).only("pk").get(pk=scenario.budget_id)
        hold(scenario)
        yield


def _save(scenario: StressScenario) -> None:
    scenario.name = " ".join(scenario.name.split())
    if said := find_name_fault(scenario):
        raise ValidationError({"name": said})
    scenario.full_clean(validate_constraints=False)
    scenario.save()


def _require(by: User) -> None:
    if not can_keep_scenarios(by):
        raise PermissionDenied
