"""What has been done with a budget's products, as acts that can be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Model

from budgets.models import Budget, BudgetProduct
from objects.models.roles import FEDERATION_ROLES, roles_of
from records.changes import Events, author_of, events_of
from records.reasons import Reason, read_reason

if TYPE_CHECKING:
    from accounts.models import User

UNDOABLE = frozenset(
    {
        Reason.ADD_PRODUCT, Reason.CHANGE_PRODUCT, Reason.CONFIRM_PRODUCT, Reason.END_PRODUCT, Reason.SPLIT_PRODUCT,
        Reason.MERGE_PRODUCTS, Reason.UNDO_PRODUCT, Reason.ACCEPT_PROPOSAL,
    }
)  # fmt: skip
MOST = 8


@dataclass(frozen=True)
class ProductAct:
    """A change of products: who did what, when, and whether nobody has changed the same products since."""

    id: UUID
    at: datetime
    by: str
    context: dict[str, Any]
    is_newest: bool


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


def list_product_acts(budget: Budget, user: User) -> list[ProductAct]:
    """Return the latest changes of a draft's products, newest first, for those inside the federation."""
    if budget.status != Budget.Status.DRAFT or not roles_of(user) & FEDERATION_ROLES:
        return []
    acts: dict[UUID, ProductAct] = {}
    newest: dict[int, UUID | None] = {}
    for event in events_of(BudgetProduct).filter(budget=budget).order_by("-pgh_id")[: MOST * 20]:
        act, context = event.pgh_context_id, event.pgh_context
        is_newest = newest.setdefault(event.pgh_obj_id, act) == act
        reason, _parts = read_reason(context)
        if reason in UNDOABLE and act is not None:
            is_newest = is_newest and (act not in acts or acts[act].is_newest)
            acts[act] = ProductAct(act, event.pgh_created_at, author_of(context), context, is_newest)
    return list(acts.values())[:MOST]
