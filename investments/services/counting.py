"""Has depreciation and interest of all products that carry capital calculated instead of entered, in one act, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from budgets.models import Budget, SubBudget
from investments.selectors.carried import load_carried
from investments.services.capital import place_capital
from investments.services.purchases import open_investments
from pricing.services.switching import switch_to_calculated, switch_to_entered
from records.reasons import Reason

if TYPE_CHECKING:
    from accounts.models import User


def count_capital(budget: Budget, *, by: User) -> int:
    """Have what products carry of capital calculated where it is entered; return how many kinds of products it was.

    The lines that stood there are kept, and `enter_capital` puts them back. ValidationError where something can't be
    calculated now, PermissionDenied.
    """
    with open_investments(budget, by=by, reason=Reason.COUNT_CAPITAL):
        place_capital(budget.pk)
        rows = [row for row in load_carried(budget) if not row.is_calculated and any(row.calculated)]
        rows = [row for row in rows if row.product.sub_budget.status != SubBudget.Status.LOCKED]
        for row in rows:
            row.product.budget = budget
            switch_to_calculated(row.product, row.kind, by=by)
        return len(rows)


def enter_capital(budget: Budget, *, by: User) -> int:
    """Put the entered lines of all products' capital back; return how many kinds of products it was. PermissionDenied."""
    with open_investments(budget, by=by, reason=Reason.SWITCH_TO_ENTERED):
        rows = [row for row in load_carried(budget) if row.is_calculated]
        rows = [row for row in rows if row.product.sub_budget.status != SubBudget.Status.LOCKED]
        for row in rows:
            row.product.budget = budget
            switch_to_entered(row.product, row.kind, by=by)
        return len(rows)
