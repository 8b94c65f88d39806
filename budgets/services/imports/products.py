"""Imports of a draft budget's products: what each is in it. An import changes and adds products, and ends none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from budgets.models import AllocationKey, Budget, BudgetProduct, RevenueCategory, SubBudget
from budgets.selectors.sub_budgets import can_edit
from budgets.services.imports.base import MOVED, BudgetImport, load_sub_budgets, say_near
from objects.models import Product
from records.import_kinds import Check, Fault, Field, Form, Value, Values
from records.models import Import, ImportRow, Provenance
from records.services.imports.cells import read_number, read_text
from web.names import name_of
from web.reading import Scale

if TYPE_CHECKING:
    from accounts.models import User

VAT = Decimal(25)
PERCENT = Scale(2, Decimal(0), Decimal(100))


class ProductsImport(BudgetImport):
    """Products by their names, each with sub-budget, category, VAT and key."""

    key = "products"
    label = gettext_lazy("Products of a budget")
    about = gettext_lazy(
        "Name, sub-budget, revenue category, VAT and allocation key. Only drafts, and no product is removed."
    )
    period_label = gettext_lazy("Budget")
    fields: ClassVar[Sequence[Field]] = (
        Field("name", gettext_lazy("Product"), ("produkt", "product", "namn", "name"), read_text(160)),
        Field("sub_budget", gettext_lazy("Sub-budget"), ("delbudget", "sub-budget", "objekt", "object"), read_text(120)),
        Field("category", gettext_lazy("Revenue category"), ("intäktskategori", "kategori", "category", "intäktsslag"), read_text(80)),
        Field("vat", gettext_lazy("VAT, %"), ("moms", "moms %", "vat", "vat %"), read_number(PERCENT, empty=True), is_required=False, is_number=True),
        Field("key", gettext_lazy("Allocation key"), ("nyckel", "fördelningsnyckel", "key"), read_text(120, empty=True), is_required=False),
    )  # fmt: skip
    model = BudgetProduct
    keys = ("budget_id", "name")
    columns = (*keys, "sub_budget_id", "category", "vat_percent", "allocation_key_id", "provenance")
    only_new = ("product_id", "position")
    form = Form.NONE
    removes = False
    touched = MOVED

    def start(self, period: str, by: User) -> Check:
        """Read the budget's sub-budgets, keys and products."""
        budget = Budget.objects.get(slug=period)
        lookup = _Lookup(budget, by)
        positions = count(BudgetProduct.objects.filter(budget=budget).count() + 1)

        def check(read: Mapping[str, Value], fault: Fault) -> Values:
            sub_budget = lookup.find_sub_budget(read, fault)
            key = lookup.find_key(read, fault)
            vat = read.get("vat")
            return {
                "budget_id": budget.pk,
                "name": read.get("name"),
                "sub_budget_id": sub_budget.pk if sub_budget else None,
                "category": lookup.find_category(read, fault),
                "vat_percent": VAT if vat is None else vat,
                "allocation_key_id": key.pk if key else None,
                "provenance": Provenance.IMPORTED.value,
                "position": next(positions),
            }

        return check

    def refuse(self, row: Import, by: User) -> Iterable[tuple[int, str, str]]:
        """Return products that would move out of a sub-budget that may not be edited."""
        moved = row.rows.filter(status=ImportRow.Status.CHANGED).values_list("number", "before__sub_budget_id")
        closed = {
            sub_budget.pk: sub_budget
            for sub_budget in SubBudget.objects.filter(budget__slug=row.period).select_related("budget")
            if not can_edit(by, sub_budget)
        }
        said = _("The product lies in %(name)s, which is locked.")
        return [(number or 0, "name", said % {"name": name_of(closed[key])}) for number, key in moved if key in closed]

    def prepare(self, row: Import) -> None:
        """Make the lasting identity of products that no budget has had."""
        fresh = row.rows.filter(status=ImportRow.Status.NEW)
        objects = dict(SubBudget.objects.filter(budget__slug=row.period).values_list("pk", "governance_object_id"))
        for found in fresh.iterator():
            given = {"name": found.values["name"], "governance_object_id": objects[found.values["sub_budget_id"]]}
            product, _made = Product.objects.get_or_create(**given)
            found.values["product_id"] = product.pk
            found.save(update_fields=["values"])


class _Lookup:
    """What names in a file mean in a budget."""

    def __init__(self, budget: Budget, by: User) -> None:
        self.by = by
        self.sub_budgets = load_sub_budgets(budget)
        self.keys: dict[str, AllocationKey] = {}
        for key in AllocationKey.objects.filter(budget=budget):
            self.keys |= dict.fromkeys((key.slug.casefold(), key.name_sv.casefold(), key.name_en.casefold()), key)
        self.categories = dict[str, str]()
        for language in ("sv", "en"):
            with override(language):
                self.categories |= {str(label).casefold(): value for value, label in RevenueCategory.choices}
        self.categories |= {value: value for value in RevenueCategory.values}

    def find_sub_budget(self, read: Mapping[str, Value], fault: Fault) -> SubBudget | None:
        name = str(read.get("sub_budget") or "")
        found = self.sub_budgets.get(name.casefold())
        if name and found is None:
            names = {row.name_sv for row in self.sub_budgets.values()}
            fault("sub_budget", say_near(name, names, _("%(name)s is not a sub-budget of the budget.")))
        elif found is not None and not can_edit(self.by, found):
            fault("sub_budget", _("%(name)s is locked, and can't be changed.") % {"name": name_of(found)})
        return found

    def find_key(self, read: Mapping[str, Value], fault: Fault) -> AllocationKey | None:
        name = str(read.get("key") or "")
        found = self.keys.get(name.casefold())
        if name and found is None:
            names = {key.name_sv for key in self.keys.values()}
            fault("key", say_near(name, names, _("%(name)s is not an allocation key of the budget.")))
        return found

    def find_category(self, read: Mapping[str, Value], fault: Fault) -> str:
        name = str(read.get("category") or "")
        found = self.categories.get(name.casefold(), "")
        if name and not found:
            names = [str(label) for label in RevenueCategory.labels]
            fault("category", say_near(name, names, _("%(name)s is not a revenue category.")))
        return found
