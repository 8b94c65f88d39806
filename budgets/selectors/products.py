"""The register of a budget's products: what each is in the budget, what it costs and who pays it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Case, Count, QuerySet, When

from budgets.models import AllocationKey, Budget, BudgetProduct, KeyWeight, ProductProposal, SubBudget
from budgets.models.keys import PAYING
from budgets.selectors.shares import load_product_revenues, load_shares
from engine.years import Amounts
from objects.models import Customer, Product
from objects.models.roles import EDITORS, FEDERATION_ROLES, objects_of, roles_of
from objects.selectors.reader import compiled_for_reader
from records.models import Provenance
from records.services.stale import digest_of
from web.ordering import in_swedish

if TYPE_CHECKING:
    from accounts.models import User

# What a form or list shows of a product, and people change.
SHOWN = ("name", "sub_budget", "category", "vat_percent", "allocation_key")


@dataclass(frozen=True)
class ProductRow:
    """A product in a budget with its stored three years, öre, and the customers that its key lets pay."""

    product: BudgetProduct
    amounts: Amounts
    payers: list[Customer]

    @property
    def is_assumed(self) -> bool:
        """Whether nobody has confirmed its category yet."""
        return self.product.provenance == Provenance.ASSUMED

    @property
    def digest(self) -> str:
        """What tells the product as it is shown from any other."""
        return digest_of(self.product, SHOWN)


def list_register(budget: Budget, user: User) -> QuerySet[BudgetProduct]:
    """Return the products of a budget that the user may see, in order, each with its sub-budget, key and `line_count`."""
    rows: QuerySet[BudgetProduct] = BudgetProduct.objects.visible_to(user).filter(budget=budget)
    counted = rows.select_related("sub_budget", "allocation_key", "product").annotate(line_count=Count("cost_lines"))
    return counted.order_by("sub_budget__position", "position", "pk")


def load_product_rows(products: Iterable[BudgetProduct], budget: Budget, user: User) -> list[ProductRow]:
    """Return products with what they cost and who pays, by two queries; of customers those that the user may see."""
    revenues, payers = load_product_revenues(budget), load_payers(budget, user)
    return [
        ProductRow(product, revenues.get(product.pk, (0, 0, 0)), payers.get(product.allocation_key_id or 0, []))
        for product in products
    ]


def load_payers(budget: Budget, user: User) -> dict[int, list[Customer]]:
    """Return the customers that weigh in each of a budget's keys, by the key's id."""
    payers: dict[int, list[Customer]] = {}
    for weight in _list_weights(user, budget.pk):
        payers.setdefault(weight.key_id, []).append(weight.customer)
    return payers


@compiled_for_reader
def _list_weights(user: User, budget_id: int) -> QuerySet[KeyWeight]:
    seen = Customer.objects.visible_to(user)
    weights: QuerySet[KeyWeight] = KeyWeight.objects.filter(PAYING, key__budget=budget_id, customer__in=seen)
    return weights.select_related("customer").order_by("key", in_swedish("customer__name"))


def find_budget_product(budget: Budget, user: User, lineage: UUID) -> BudgetProduct | None:
    """Return one of a budget's products, by lineage."""
    return list_register(budget, user).filter(lineage=lineage).select_related("budget", "sub_budget__budget").first()


def load_customer_shares(product: BudgetProduct, user: User) -> list[tuple[Customer, Amounts]]:
    """Return what each customer that the user may see is planned to pay of a product, öre by year."""
    shares = load_shares(product.budget, [product.sub_budget.lineage])
    own = {share.customer_id: share.amounts for share in shares if share.budget_product_id == product.pk}
    customers = Customer.objects.visible_to(user).filter(pk__in=own).order_by(in_swedish("name"))
    return [(customer, own[customer.pk]) for customer in customers]


def list_places(budget: Budget) -> QuerySet[SubBudget]:
    """Return the sub-budgets that a product can lie in, in their order."""
    return SubBudget.objects.filter(budget=budget).order_by("position", "pk")


def list_product_keys(budget: Budget) -> QuerySet[AllocationKey]:
    """Return the keys that a product's revenue can be split by."""
    return AllocationKey.objects.filter(budget=budget).order_by(in_swedish("name_sv"))


def list_addable(budget: Budget) -> QuerySet[Product]:
    """Return the lasting products that the budget does not hold, also those that have ended."""
    rows: QuerySet[Product] = Product.objects.exclude(budget_products__budget=budget)
    return rows.select_related("governance_object").order_by(in_swedish("name"))


def list_mergeable(product: BudgetProduct) -> QuerySet[BudgetProduct]:
    """Return the other products of the budget, whose lines a product's can join."""
    rows: QuerySet[BudgetProduct] = BudgetProduct.objects.filter(budget=product.budget_id).exclude(pk=product.pk)
    return rows.select_related("sub_budget").order_by("sub_budget__position", "position", "pk")


def can_propose(user: User, sub_budget: SubBudget) -> bool:
    """Say whether the user may propose products of a sub-budget: its object's owners and managers, while it is a draft."""
    is_open = sub_budget.budget.status == Budget.Status.DRAFT and sub_budget.status == SubBudget.Status.DRAFT
    return is_open and sub_budget.governance_object_id in objects_of(user, EDITORS)


def count_lines(product: BudgetProduct) -> int:
    """Return how many cost lines a product has now."""
    return product.cost_lines.count()


def list_proposals(budget: Budget, user: User) -> QuerySet[ProductProposal]:
    """Return the proposals on a budget's products, those that wait first, for those inside the federation."""
    if not roles_of(user) & FEDERATION_ROLES:
        return ProductProposal.objects.none()
    rows = ProductProposal.objects.visible_to(user).filter(budget=budget)
    waiting = Case(When(state=ProductProposal.State.OPEN, then=0), default=1)
    return rows.select_related("sub_budget", "proposed_by", "answered_by", "budget").order_by(waiting, "-pk")


def list_own_places(budget: Budget, user: User) -> list[SubBudget]:
    """Return the sub-budgets for which the user may propose products."""
    rows = list_places(budget).filter(governance_object__in=objects_of(user, EDITORS)).select_related("budget")
    return [row for row in rows if can_propose(user, row)]
