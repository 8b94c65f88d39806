"""What each customer pays of each product in a budget, as far as the reader may see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from budgets.models import AllocationKey, Budget, BudgetProduct
from budgets.selectors.budgets import find_budget
from budgets.selectors.shares import load_shares
from engine.years import Amounts
from objects.models import Customer
from objects.models.roles import FEDERATION_ROLES, roles_of
from records.models import Provenance
from web.ordering import in_swedish

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.models import User


@dataclass(frozen=True)
class MemberShare:
    """A customer's part of a product in the budget's three years, öre, and the key it is split by."""

    product: BudgetProduct
    key: AllocationKey
    customer: Customer
    amounts: Amounts


@dataclass(frozen=True)
class Shares:
    """The shares of the customers that the reader may see; the year before is öre by customer, None where it is not split.

    `is_whole` says that no customer is left out, so that they add up to the budget.
    """

    rows: list[MemberShare]
    customers: list[Customer]
    earlier: dict[int, int] | None
    is_whole: bool

    @property
    def is_assumed(self) -> bool:
        """Whether a key is guessed, and with it what somebody pays."""
        return any(row.key.provenance == Provenance.ASSUMED for row in self.rows)


def load_member_shares(
    budget: Budget, earlier: Budget | None, user: User, sub_budgets: Sequence[UUID] | None = None
) -> Shares:
    """Return what the customers that the user may see pay of a budget, or of some sub-budgets by lineage."""
    visible = {customer.pk: customer for customer in Customer.objects.visible_to(user).order_by(in_swedish("name"))}
    found = BudgetProduct.objects.filter(budget=budget).select_related("sub_budget", "allocation_key")
    products = found.in_bulk()
    rows = [
        MemberShare(product, product.allocation_key, visible[share.customer_id], share.amounts)
        for share in load_shares(budget, sub_budgets)
        if share.customer_id in visible
        if (product := products[share.budget_product_id]).allocation_key
    ]
    before = _load_before(earlier, user, sub_budgets)
    paying = {row.customer.pk for row in rows} | set(before or ())
    customers = [customer for key, customer in visible.items() if key in paying]
    return Shares(rows, customers, before, bool(roles_of(user) & FEDERATION_ROLES))


def _load_before(earlier: Budget | None, user: User, sub_budgets: Sequence[UUID] | None) -> dict[int, int] | None:
    if earlier is None or find_budget(user, earlier.slug) is None:
        return None
    shares = load_shares(earlier, sub_budgets)
    paid: dict[int, int] = {}
    for share in shares:
        paid[share.customer_id] = paid.get(share.customer_id, 0) + share.amounts[0]
    return paid if shares else None
