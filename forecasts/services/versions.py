"""A budget's whole life: copied forward or revised with all that belongs to it, rolled up and adopted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from budgets.models import Budget, SubBudget
from budgets.selectors.starting import StartedSum, count_started, list_started_sums
from budgets.services.adoption import BehindError, freeze_budget, hold_rolled_up
from budgets.services.compiling import check_days, check_economist
from budgets.services.copying import copy_as_revision
from budgets.services.shown import require_shown
from budgets.services.starting import StartKind, StartPlan, check_start, choose_newest, copy_by_plan, mark_started
from budgets.services.workflow import RefusedError, hold_sub_budgets
from forecasts.selectors.adoption import is_name_taken, list_free_decisions
from forecasts.selectors.stored import load_result
from forecasts.services.roll_up import roll_up_budget, run_calculations
from investments.selectors.capital import is_capital_behind
from investments.services.capital import follow_purchases
from investments.services.loans import borrow_in_last_year
from objects.models import Decision
from pricing.selectors.behind import is_calculation_behind
from records.reasons import Reason
from records.services import change
from web.faults import retried

if TYPE_CHECKING:
    from accounts.models import User

ATTEMPTS = 5


def copy_forward(
    source: Budget, *, slug: str, name: str, on: date, by: str, kind: str = Budget.Kind.ORIGINAL
) -> Budget:
    """Return a draft for the year after `source`, by the newest rates valid on a day, rolled up (rule 2)."""
    indexes = choose_newest(source.years[2] + 1, on)
    return start_by_plan(source, StartPlan(name, slug, budget_kind=kind, indexes=indexes), by=by)


def start_by_plan(source: Budget, plan: StartPlan, *, by: str) -> Budget:
    """Return the draft that is started from `source` as planned, with investments and loans, rolled up: one act.

    Raise IntegrityError when the slug or name is taken, ValidationError for days and rates that can't be.
    """
    with change(by=by, reason=Reason.COPY_FORWARD, budget=source.slug):
        target = copy_by_plan(source, plan)
        if plan.kind == StartKind.NEXT:
            borrow_in_last_year(source, target, by=by)
        follow_purchases(target)
        run_calculations(target.pk)
        mark_started(target)
        roll_up_budget(target, everything=True)
    return target


@retried
def start_budget(source: Budget, plan: StartPlan, *, by: User) -> Budget:
    """Return the draft that the economist starts as planned.

    Raise NotYourStepError, RefusedError (YearExistsError for a year that has its original budget), ValidationError.
    """
    check_economist(by)
    with transaction.atomic():
        hold_sub_budgets(SubBudget.objects.filter(budget=source))
        source.refresh_from_db()
        check_start(source, plan)
        if is_name_taken(plan.name, plan.slug):
            raise ValidationError({"name": _("There is already a budget with that name. Write another name.")})
        return start_by_plan(source, plan, by=by.email)


@dataclass(frozen=True)
class StartPreview:
    """What a start would give: öre by sub-budget and kind of year, before and after, as stored totals have them."""

    years: tuple[int, int, int]
    rows: list[StartedSum]
    counts: Mapping[str, int]

    @property
    def totals(self) -> tuple[int, int, int]:
        """The new budget's three years, öre."""
        first, second, third = (sum(row.after[year] for row in self.rows) for year in range(3))
        return first, second, third


def preview_start(source: Budget, plan: StartPlan, *, by: User) -> StartPreview:
    """Return what `start_budget` would give, by doing it and taking it back. Raise as it does."""
    with transaction.atomic():
        target = start_budget(source, plan, by=by)
        preview = StartPreview(target.years, list_started_sums(source, target), count_started(target))
        transaction.set_rollback(True)
    return preview


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
                if (is_calculation_behind(held) or is_capital_behind(held)) and held.phase != Budget.Phase.PROPOSED:
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
        follow_purchases(target)
    roll_up_budget(target, everything=True)
    return target
