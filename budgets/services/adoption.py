"""Adopting a budget: after it nothing under it changes, which database triggers hold."""

from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from budgets.models import Action, Budget, SubBudget
from budgets.selectors.budgets import is_behind
from budgets.services.compiling import check_all_locked, find_person, write_budget_step
from budgets.services.workflow import RefusedError, hold_sub_budgets
from objects.models import Decision, GovernanceObject
from records.reasons import Reason
from records.services import change


class BehindError(Exception):
    """The budget was changed while it was being adopted; roll it up and try again."""


class ReasonNeededError(RefusedError):
    """The result is negative, and nobody has said why (rule 9)."""


def hold_rolled_up(budget: Budget) -> Budget:
    """Lock a rolled-up draft within the caller's transaction. Raise BehindError when a change came in between.

    The locks, taken in the one order (`budgets.services.editing`), wait for edits, steps and other writers under way, and
    make later ones see the adopted budget and be refused.
    """
    hold_sub_budgets(SubBudget.objects.filter(budget=budget))
    locked: Budget = Budget.objects.select_for_update(of=("self",)).get(pk=budget.pk)
    if locked.status != Budget.Status.DRAFT:
        raise ValueError(f"{locked.slug} is {locked.status}, only a draft can be adopted.")
    if is_behind(locked):
        raise BehindError(locked.slug)
    return locked


def freeze_budget(
    held: Budget, *, net_result: int, decision: Decision, by: str, reason: str = "", only_proposed: bool = False
) -> None:
    """Adopt a budget, as `hold_rolled_up` returned it, by a decision.

    `net_result` is the stored forecast's, öre: a negative one needs a `reason`, else ReasonNeededError. With
    `only_proposed` the budget must have come the whole way, else RefusedError.
    """
    with change(by=by, reason=Reason.ADOPT, decision=decision):
        if only_proposed:
            _check_proposed(held)
        is_negative = net_result < 0
        if is_negative and not reason.strip():
            raise ReasonNeededError(_("The result is negative. Write the reason for it."))
        _keep_texts(held)
        write_budget_step(held, Action.ADOPT, Budget.Status.ADOPTED, by=find_person(by), comment=reason)
        held.result_reason = reason.strip() if is_negative else ""
        held.status, held.adopted_by, held.adopted_at = Budget.Status.ADOPTED, decision, timezone.now()
        held.save()


def _keep_texts(budget: Budget) -> None:
    """Give each sub-budget its object's texts as they are now; until then they are read from the object."""
    own = GovernanceObject.objects.filter(pk=OuterRef("governance_object"))
    texts = {name: Subquery(own.values(name)) for name in GovernanceObject.TEXTS}
    SubBudget.objects.filter(budget=budget).exclude(governance_object=None).update(**texts)


def _check_proposed(budget: Budget) -> None:
    if budget.phase != Budget.Phase.PROPOSED:
        raise RefusedError(_("The budget is not proposed to the board. Compile it and propose it first."))
    check_all_locked(list(SubBudget.objects.filter(budget=budget)))
