"""What has been done with a budget's products, as acts that can be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Model

from budgets.models import Budget, BudgetProduct
from objects.models.roles import FEDERATION_ROLES, roles_of
from records.changes import Events, author_of, events_of
from records.reasons import Reason
from records.selectors.acts import DoneAct, list_acts

if TYPE_CHECKING:
    from accounts.models import User

UNDOABLE = frozenset(
    {
        Reason.ADD_PRODUCT, Reason.CHANGE_PRODUCT, Reason.CONFIRM_PRODUCT, Reason.END_PRODUCT, Reason.SPLIT_PRODUCT,
        Reason.MERGE_PRODUCTS, Reason.UNDO_PRODUCT, Reason.ACCEPT_PROPOSAL,
    }
)  # fmt: skip


def events_of_act(model: type[Model], budget: Budget, act: UUID) -> Events:
    """Return an act's events of a model in a budget, oldest first; of what has no budget of its own, all of them."""
    events = events_of(model).filter(pgh_context_id=act)
    has_budget = any(key.name == "budget" for key in model._meta.concrete_fields)
    return (events.filter(budget=budget) if has_budget else events).order_by("pgh_id")


def find_touched_places(budget: Budget, act: UUID) -> set[int]:
    """Return the keys of the sub-budgets that an act's products lie in, or lay in before it."""
    rows = events_of_act(BudgetProduct, budget, act)
    keys = {row.pgh_obj_id for row in rows}
    history = events_of(BudgetProduct).filter(budget=budget, pgh_obj__in=keys)
    return set(history.values_list("sub_budget", flat=True))


def list_product_acts(budget: Budget, user: User) -> list[DoneAct]:
    """Return the latest changes of a draft's products, newest first, for those inside the federation."""
    if budget.status != Budget.Status.DRAFT or not roles_of(user) & FEDERATION_ROLES:
        return []
    return list_acts([events_of(BudgetProduct).filter(budget=budget)], UNDOABLE)


@dataclass(frozen=True)
class Confirmation:
    """Who confirmed a product's assumed category, and when."""

    product_id: int
    by: str
    at: datetime


def list_confirmations(budget: Budget) -> list[Confirmation]:
    """Return the last confirmation of each product of a budget whose category has been confirmed, the oldest first."""
    events = events_of(BudgetProduct).filter(budget=budget, pgh_context__reason=Reason.CONFIRM_PRODUCT.value)
    rows = events.order_by("pgh_id").values_list("pgh_obj", "pgh_context", "pgh_created_at")
    return list({key: Confirmation(key, author_of(context), at) for key, context, at in rows}.values())
