"""What a customer's share of one product is made of: the product's cost less its income, the key, and the customer's weight in it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from budgets.models import AllocationKey, Budget, BudgetProduct, KeyWeight, ProductTotal
from budgets.selectors.shares import load_shares
from engine.provenance import Sources, weakest_by_year
from engine.result import counted, customers_pay, is_income, sum_amounts
from engine.years import Amounts
from objects.models import Customer


@dataclass(frozen=True)
class ProductShare:
    """Öre of the budget's three years: all customers' and the own; `sources` is where the own come from.

    What all customers pay, `whole`, is the product's cost less its income.
    """

    product: BudgetProduct
    key: AllocationKey
    whole: Amounts
    cost: Amounts
    income: Amounts
    own: Amounts
    weight_years: list[tuple[Decimal, Decimal]]
    sources: Sources

    @property
    def weight(self) -> Decimal:
        """The customer's weight in the budget year."""
        return self.weight_years[0][0] if self.weight_years else Decimal(0)

    @property
    def weights(self) -> Decimal:
        """The weights of all customers in the budget year."""
        return self.weight_years[0][1] if self.weight_years else Decimal(0)


def find_share(budget: Budget, customer: Customer, lineage: UUID) -> ProductShare | None:
    """Return a customer's share of a product; None where the budget has no such product, or no key splits it."""
    products = BudgetProduct.objects.filter(budget=budget, lineage=lineage, allocation_key__isnull=False)
    product = products.select_related("sub_budget", "allocation_key").first()
    if product is None or product.allocation_key is None:
        return None
    key = product.allocation_key
    totals = list(ProductTotal.objects.filter(budget_product=product))
    shares = load_shares(budget, [product.sub_budget.lineage])
    own = (
        share.amounts for share in shares if (share.budget_product_id, share.customer_id) == (product.pk, customer.pk)
    )
    weights = list(KeyWeight.objects.filter(key=key))
    mine = next((row.years for row in weights if row.customer_id == customer.pk), (Decimal(0),) * 3)
    wholes = [sum(own, Decimal(0)) for own in zip(*(row.years for row in weights), strict=True)]
    return ProductShare(
        product=product,
        key=key,
        whole=customers_pay((total.cost_kind, total.amounts) for total in totals),
        cost=sum_amounts(counted(total.cost_kind, total.amounts) for total in totals),
        income=sum_amounts(total.amounts for total in totals if is_income(total.cost_kind)),
        own=sum_amounts(own),
        weight_years=list(zip(mine, wholes, strict=False)),
        sources=weakest_by_year([*(total.sources for total in totals), (key.provenance,) * 3]),
    )
