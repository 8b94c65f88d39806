"""What each member pays of a sub-budget: its products' shares in the budget year, by customer."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from budgets.models import BudgetProduct, SubBudget
from budgets.selectors.shares import load_shares
from objects.models import Customer
from objects.models.roles import FEDERATION_ROLES, roles_of
from objects.selectors.reader import compiled_for_reader
from records.models import Provenance
from web.compiled import compiled
from web.ordering import in_swedish

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class MemberCosts:
    """What the members pay of a sub-budget in the budget year, öre, by name; and all other customers together.

    `is_assumed` says that a key it is split by is guessed.
    """

    members: list[tuple[Customer, int]]
    others: int
    is_assumed: bool

    def __bool__(self) -> bool:
        return bool(self.members)


def load_member_costs(sub_budgets: Collection[SubBudget], user: User) -> dict[int, MemberCosts]:
    """Return what each member that the user may see pays of each sub-budget of one budget, a row for each member.

    By the stored totals, so as far as they are summed. Empty when the budget has no keys; the number of queries does not
    depend on the sub-budgets.
    """
    rows = list(sub_budgets)
    shares = load_shares(rows[0].budget, [row.lineage for row in rows]) if rows else []
    if not shares:
        return {}
    keys = _list_keys(*(row.pk for row in rows))
    of = {product: row for product, row, _provenance in keys}
    assumed = {row for _product, row, provenance in keys if provenance == Provenance.ASSUMED}
    paid: dict[tuple[int, int], int] = {}
    for share in shares:
        place = (of[share.budget_product_id], share.customer_id)
        paid[place] = paid.get(place, 0) + share.amounts[0]
    payers = {customer for _row, customer in paid}
    members = [member for member in _list_members(user) if member.pk in payers]
    sees_all = bool(roles_of(user) & FEDERATION_ROLES)
    costs = {}
    for row in rows:
        own = [(member, paid.get((row.pk, member.pk), 0)) for member in members]
        every = sum(ore for (key, _customer), ore in paid.items() if key == row.pk)
        others = every - sum(ore for _member, ore in own) if sees_all else 0
        costs[row.pk] = MemberCosts(own, others, row.pk in assumed)
    return costs


@compiled
def _list_keys(*sub_budgets: int) -> QuerySet[BudgetProduct, Any]:
    products = BudgetProduct.objects.filter(sub_budget__in=sub_budgets)
    return products.values_list("pk", "sub_budget", "allocation_key__provenance")


@compiled_for_reader
def _list_members(user: User) -> QuerySet[Customer]:
    return Customer.objects.visible_to(user).filter(kind=Customer.Kind.MEMBER).order_by(in_swedish("name"))
