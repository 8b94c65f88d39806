"""Adding a product to a draft budget, and changing what it is there.

The lasting product follows the newest draft: it takes the name and the object that the product has there. Adopted budgets
keep theirs, for a product's name in a budget is the budget's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _

from budgets.models import AllocationKey, BudgetProduct, RevenueCategory, SubBudget
from budgets.product_givers import list_givers
from budgets.selectors.products import SHOWN
from budgets.services.products.holding import open_products
from objects.models import GovernanceObject, Product
from records.models import Provenance
from records.reasons import Reason
from records.services.stale import require_same
from web.faults import retried

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class ProductValues:
    """What a product is to be in a budget."""

    name: str
    sub_budget: SubBudget
    category: str
    vat_percent: Decimal
    allocation_key: AllocationKey | None = None


def find_product_faults(values: ProductValues, product: Product | None) -> list[tuple[str, str]]:
    """Return what can't be with a product, as (field, words); `product` is the lasting one, None for a new one."""
    faults = []
    is_grant = values.category == RevenueCategory.BASE_GRANT
    if is_grant != values.sub_budget.is_base_grant:
        said = (
            _("The category base grant is for products of the base grant only. Choose another category.")
            if is_grant
            else _("Products of the base grant have the category base grant.")
        )
        faults.append(("category", said))
    if not 0 <= values.vat_percent <= 100:
        faults.append(("vat_percent", _("Write a percentage between 0 and 100.")))
    key = values.allocation_key
    if key is not None and key.budget_id != values.sub_budget.budget_id:
        faults.append(("allocation_key", _("Choose a key of the same budget.")))
    namesakes = Product.objects.filter(
        name=values.name, governance_object=values.sub_budget.governance_object_id, ended_on=None
    )
    if namesakes.exclude(pk=(product.pk or 0) if product else 0).exists():
        said = _("There is a product “%(name)s” already. Choose it, or write another name.")
        faults.append(("name", said % {"name": values.name}))
    return faults


@retried
def add_product(values: ProductValues, *, by: User, product: Product | None = None) -> BudgetProduct:
    """Add a product last in a draft's sub-budget: `product`, or a new lasting one. Errors as for `open_products`.

    ValidationError by field for what can't be; a product that had ended goes on.
    """
    with open_products([values.sub_budget], by=by, reason=Reason.ADD_PRODUCT, product=values.name):
        return place_product(values, product)


def place_product(values: ProductValues, product: Product | None = None) -> BudgetProduct:
    """Store a new product of a held sub-budget."""
    _check(values, product)
    if product is not None and product.budget_products.filter(budget=values.sub_budget.budget_id).exists():
        raise ValidationError({"product": _("The budget has this product already.")})
    lasting = product or Product(name=values.name)
    store_lasting(lasting, values)
    last = values.sub_budget.budget_products.aggregate(last=Max("position"))["last"]
    row = BudgetProduct(budget_id=values.sub_budget.budget_id, product=lasting, position=(last or 0) + 1)
    store_product(row, values)
    return row


@retried
def change_product(row: BudgetProduct, values: ProductValues, *, by: User, seen: str | None = None) -> BudgetProduct:
    """Give a product of a draft another name, sub-budget, category, VAT or key; `seen` is the digest of what was shown.

    StaleError when it is another by now; errors as for `add_product`.
    """
    places = [row.sub_budget, values.sub_budget]
    with open_products(places, by=by, reason=Reason.CHANGE_PRODUCT, product=values.name):
        require_same(row, SHOWN, seen)
        held = BudgetProduct.objects.select_related("product").get(pk=row.pk)
        apply_values(held, values)
    return held


def apply_values(held: BudgetProduct, values: ProductValues) -> None:
    """Store what a held product is to be."""
    _check(values, held.product)
    if held.sub_budget_id != values.sub_budget.pk:
        for giver in list_givers():
            giver.check_place(held, values.sub_budget)
        last = values.sub_budget.budget_products.aggregate(last=Max("position"))["last"]
        held.position = (last or 0) + 1
    store_lasting(held.product, values)
    store_product(held, values)


@retried
def confirm_category(row: BudgetProduct, *, by: User, seen: str | None = None) -> BudgetProduct:
    """Confirm a product's assumed category as it is shown: it is entered from now on, by who confirmed it."""
    with open_products([row.sub_budget], by=by, reason=Reason.CONFIRM_PRODUCT, product=row.name):
        require_same(row, SHOWN, seen)
        held: BudgetProduct = BudgetProduct.objects.get(pk=row.pk)
        if held.provenance == Provenance.ASSUMED:
            held.provenance = Provenance.ENTERED
            held.save(update_fields=["provenance"])
    return held


def store_product(row: BudgetProduct, values: ProductValues) -> None:
    """Write a product's values; whoever chooses another category has entered it."""
    is_chosen = row.pk is None or row.category != values.category
    row.name, row.sub_budget, row.category = values.name, values.sub_budget, values.category
    row.vat_percent, row.allocation_key = values.vat_percent, values.allocation_key
    if is_chosen:
        row.provenance = Provenance.ENTERED
    row.full_clean()
    row.save()


def store_lasting(product: Product, values: ProductValues) -> None:
    """Let a lasting product go on under the name and object that the draft gives it."""
    owner: GovernanceObject | None = values.sub_budget.governance_object
    wanted = (values.name, owner.pk if owner else None, None)
    if product.pk is None or (product.name, product.governance_object_id, product.ended_on) != wanted:
        product.name, product.governance_object, product.ended_on = values.name, owner, None
        product.full_clean()
        product.save()


def _check(values: ProductValues, product: Product | None) -> None:
    faults = find_product_faults(values, product)
    if faults:
        raise ValidationError(dict(faults))
