"""Undoes the start of a budget: it is removed whole, as long as nobody has done anything in it.

What belongs to a budget is found from the models' foreign keys: no list names it. The database forgets the states of
the totals and forecasts by itself.
"""

from __future__ import annotations

from graphlib import TopologicalSorter
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import transaction
from django.db.models import CASCADE, PROTECT, ForeignKey, Model
from django.utils.translation import gettext as _

from budgets.models import Budget, BudgetStart, StartedIndex, SubBudget
from budgets.selectors.collaboration import page_of
from budgets.services.compiling import check_economist
from budgets.services.copying import list_copied
from budgets.services.shown import ShownChanges, load_shown_changes
from budgets.services.workflow import RefusedError, hold_sub_budgets
from records.models import Comment, Task
from records.reasons import Reason
from records.services import change
from web.faults import retried
from web.names import name_of

if TYPE_CHECKING:
    from accounts.models import User


class ChangedSinceError(RefusedError):
    """Somebody has changed the budget since it was started."""


@retried
def undo_start(budget: Budget, *, by: User) -> str:
    """Remove a budget that was started and that nobody has changed; return its name.

    Raise NotYourStepError, or RefusedError with what stands against it.
    """
    check_economist(by)
    with change(by=by.email, reason=Reason.UNDO_START, name=budget.name), transaction.atomic():
        hold_sub_budgets(SubBudget.objects.filter(budget=budget))
        held = Budget.objects.select_for_update(of=("self",)).get(pk=budget.pk)
        why = why_not_undone(held)
        if why:
            raise ChangedSinceError(why)
        for model, path in reversed(list(_list_of_budget().items())):
            if _is_work(model):
                continue  # nothing of it is there, and of some even that may not be deleted
            model._base_manager.filter(**{path: held.pk})._raw_delete("default")
        held.delete()
    return budget.name


def why_not_undone(budget: Budget) -> str:
    """Return in words why a start can't be undone; empty when it can."""
    start = BudgetStart.objects.filter(budget=budget).first()
    if start is None:
        return _("The budget was not started from another one, so there is no start to undo.")
    if budget.status != Budget.Status.DRAFT or budget.phase != Budget.Phase.OPEN:
        return _("The budget is %(stage)s. Only an open draft can be removed.") % {"stage": budget.stage}
    later = Budget.objects.filter(based_on=budget).first()
    if later is not None:
        return _("%(name)s is made from it. Undo that start first.") % {"name": later.name}
    changes = load_shown_changes(budget, start.mark)
    if changes:
        return _say_changes(changes)
    return _say_work(budget)


def _say_changes(changes: ShownChanges) -> str:
    what = [name_of(row) for row, _found in changes.lines]
    what += [str(row.model._meta.verbose_name_plural) for row in changes.others]
    said = _("It has been changed since it was started: %(what)s. What people have done is not discarded.")
    return said % {"what": ", ".join(what)}


def _say_work(budget: Budget) -> str:
    """Return what people have done beside the rows that are copied: steps, comments, tasks, reasons, days."""
    found = [
        model
        for model, path in _list_of_budget().items()
        if _is_work(model) and model._base_manager.filter(**{path: budget.pk}).exists()
    ]
    pages = [page_of(row) for row in SubBudget.objects.filter(budget=budget)]
    found += [model for model in (Comment, Task) if model._base_manager.filter(page__in=pages).exists()]
    if not found:
        return ""
    said = _("People have worked in it: %(what)s. What people have done is not discarded.")
    return said % {"what": ", ".join(str(model._meta.verbose_name_plural) for model in found)}


def _is_work(model: type[Model]) -> bool:
    is_started = model in (*list_copied(), BudgetStart, StartedIndex)
    return "noun" in vars(model) and not is_started


def _list_of_budget() -> dict[type[Model], str]:
    """Return the models whose rows belong to a budget, with the path to it; what others point to comes first."""
    paths: dict[type[Model], str] = {}
    keys = {model: _list_owners(model) for model in apps.get_models() if model is not Budget}
    while True:
        found = {model: path for model, own in keys.items() if model not in paths and (path := _find_path(own, paths))}
        if not found:
            break
        paths |= found
    order = TopologicalSorter(
        {model: [key.related_model for key in keys[model] if key.related_model is not model] for model in paths}
    )
    return {model: paths[model] for model in order.static_order() if model in paths}


def _find_path(keys: list[ForeignKey[Model, Model]], paths: dict[type[Model], str]) -> str:
    """Return the path to the budget: straight, else by something that belongs to one."""
    for key in keys:
        if key.related_model is Budget:
            return str(key.name)
    return next((f"{key.name}__{paths[key.related_model]}" for key in keys if key.related_model in paths), "")


def _list_owners(model: type[Model]) -> list[ForeignKey[Model, Model]]:
    """Return the keys by which a row may belong to another; an event outlives its row, and a state goes by itself."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey)
        and field.name != "source"
        and field.remote_field.on_delete in (CASCADE, PROTECT)
    ]
