"""What the economist reads on the way to adoption: free decisions and revisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from budgets.models import Budget
from budgets.selectors.budgets import list_budgets
from objects.models import Decision

if TYPE_CHECKING:
    from accounts.models import User


def list_free_decisions(user: User) -> QuerySet[Decision]:
    """List what the board has decided that can adopt a budget: no budget is adopted by it, and no later one supersedes it.

    The newest come first.
    """
    return _list_unused(user).filter(stage=Decision.Stage.DECIDED)


def list_adoptable(decision: Decision, user: User) -> list[Budget]:
    """List the budgets that a decision, taken or planned, can adopt: those that are proposed to the board."""
    if not _list_unused(user).filter(pk=decision.pk).exists():
        return []
    return list(list_budgets(user).filter(status=Budget.Status.DRAFT, phase=Budget.Phase.PROPOSED))


def _list_unused(user: User) -> QuerySet[Decision]:
    rows: QuerySet[Decision] = Decision.objects.visible_to(user).filter(kind=Decision.Kind.ADOPT_BUDGET)
    return rows.filter(body=Decision.Body.BOARD, adopted_budgets=None, superseded_by=None)


def find_revision(budget: Budget, user: User) -> Budget | None:
    """Return the budget that replaces this one or will when it is adopted, if the user may see it."""
    return list_budgets(user).filter(replaces=budget).first()


def is_name_taken(name: str, slug: str) -> bool:
    """Return whether a budget has this name or address."""
    return Budget.objects.filter(Q(name__iexact=name) | Q(slug=slug)).exists()
