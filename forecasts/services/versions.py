"""A budget's whole life: copied forward or revised with all that belongs to it, rolled up and adopted."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from budgets.models import Budget
from budgets.services.adoption import BehindError, freeze_budget, hold_rolled_up
from budgets.services.compiling import check_days, check_economist
from budgets.services.copying import copy_a_year_on, copy_as_revision
from budgets.services.shown import require_shown
from budgets.services.workflow import RefusedError
from forecasts.selectors.adoption import list_free_decisions
from forecasts.selectors.stored import load_result
from forecasts.services.roll_up import roll_up_budget
from investments.services import borrow_in_last_year
from objects.models import Decision
from pricing.selectors.behind import is_calculation_behind
from web.faults import retried

if TYPE_CHECKING:
    from accounts.models import User

ATTEMPTS = 5


def copy_forward(
    source: Budget, *, slug: str, name: str, on: date, by: str, kind: str = Budget.Kind.ORIGINAL
) -> Budget:
    """Return a draft for the year after `source`, with its lines, investments and loans, rolled up (rule 2)."""
    with transaction.atomic():
        target = copy_a_year_on(source, slug=slug, name=name, kind=kind, on=on, by=by)
        borrow_in_last_year(source, target, by=by)
    roll_up_budget(target, everything=True)
    return target


@retried
def adopt_budget(
    budget: Budget, *, decision: Decision, by: str, reason: str = "", only_proposed: bool = False, shown: str = ""
) -> None:
    """Roll up, then freeze; when somebody edits in between, do both again. Raise BehindError after five tries.

    `reason` and `only_proposed` as in `freeze_budget`. ChangedError when the budget is not as the page of the mark
    `shown` showed it.
    """
    for attempt in range(ATTEMPTS):
        roll_up_budget(budget)
        try:
            with transaction.atomic():
                held = hold_rolled_up(budget)
                if is_calculation_behind(held) and held.phase != Budget.Phase.PROPOSED:
                    raise BehindError(held.slug)
                require_shown(held, shown)
                net_result = load_result(held)["net_result"][0]
                freeze_budget(
                    held, net_result=net_result, decision=decision, by=by, reason=reason, only_proposed=only_proposed
                )
        except BehindError:
            if attempt == ATTEMPTS - 1:
                raise
        else:
            budget.refresh_from_db()
            return


def adopt_proposed(budget: Budget, *, decision: Decision, by: User, reason: str = "", shown: str = "") -> None:
    """The economist adopts a proposed budget by a decision to adopt that adopts nothing else yet.

    Raise NotYourStepError, RefusedError with words that say what to do first, ReasonNeededError, BehindError,
    ChangedError.
    """
    check_economist(by)
    if budget.status != Budget.Status.DRAFT:
        raise RefusedError(
            _("The budget is adopted, so nothing in it changes. The economist can make a revised budget.")
        )
    if not list_free_decisions(by).filter(pk=decision.pk).exists():
        raise RefusedError(_("Choose a decision to adopt a budget that no budget is adopted by yet."))
    adopt_budget(budget, decision=decision, by=by.email, reason=reason, only_proposed=True, shown=shown)


def revise_budget(
    source: Budget,
    *,
    slug: str,
    name: str,
    by: User,
    due_on: date | None = None,
    approval_due_on: date | None = None,
) -> Budget:
    """Return the economist starts a revised budget as the copy of an adopted one, rolled up; adopted, it replaces it.

    Its sub-budgets are to be submitted and approved by the days. Raise NotYourStepError, or RefusedError when `source` is
    not adopted or is being revised already, ValidationError when approval would be due before submission.
    """
    check_economist(by)
    check_days(due_on, approval_due_on)
    with transaction.atomic():
        held = Budget.objects.select_for_update(of=("self",)).get(pk=source.pk)
        if not held.is_adopted:
            raise RefusedError(_("Only an adopted budget is revised. This one can be changed as it is."))
        newer = Budget.objects.filter(replaces=held).first()
        if newer is not None:
            raise RefusedError(_("%(newer)s is already its revision. Work in that one.") % {"newer": newer.name})
        days = {"due_on": due_on, "approval_due_on": approval_due_on}
        target = copy_as_revision(held, slug=slug, name=name, by=by.email, **days)
    roll_up_budget(target, everything=True)
    return target
