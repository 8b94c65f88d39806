"""Imports of cost lines into a draft: by product, cost kind and text, settled by the rule of the engine as in the grid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from budgets.models import Budget, BudgetProduct, CostLine, SubBudget
from budgets.selectors.sub_budgets import can_edit
from budgets.services.grid.cells import LONGEST_NOTE, LONGEST_TEXT, QUANTITY, CellError, read_cell, settle_line
from budgets.services.grid.edits import Values as EditedValues
from budgets.services.imports.base import BudgetImport, load_sub_budgets, say_near
from engine.lines import FIGURES, Figures, settle
from records.import_kinds import Cell, CellFault, Check, Fault, Field, Form, Value, Values
from records.models import Import, ImportRow, Provenance
from records.services.imports.cells import read_number, read_ore, read_text, show
from web.names import name_of

if TYPE_CHECKING:
    from accounts.models import User

OF_FIELDS = {"quantity": "quantity", "unit_price_ore": "price", "cost_kind": "kind"} | {
    f"amount_{year}_ore": f"amount_{year}" for year in (1, 2, 3)
}

BLANK = Figures()


def read_kind(cell: Cell) -> Value:
    """Return a cost kind by its name in either language."""
    try:
        return str(read_cell("cost_kind", show(cell)))
    except CellError as error:
        raise CellFault(str(error)) from error


class LinesImport(BudgetImport):
    """Lines of a draft, in kronor."""

    key = "lines"
    label = gettext_lazy("Cost lines of a budget")
    about = gettext_lazy(
        "Product, cost kind, text and the amounts of three years in SEK, or quantity and price. Only drafts."
    )
    period_label = gettext_lazy("Budget")
    fields: ClassVar[Sequence[Field]] = (
        Field("sub_budget", gettext_lazy("Sub-budget"), ("delbudget", "sub-budget", "objekt", "object"), read_text(120, empty=True), is_required=False),
        Field("product", gettext_lazy("Product"), ("produkt", "product"), read_text(160)),
        Field("kind", gettext_lazy("Cost kind"), ("kostnadsslag", "slag", "kind", "cost kind"), read_kind),
        Field("text", gettext_lazy("Text"), ("text", "benämning", "beskrivning", "description"), read_text(LONGEST_TEXT)),
        Field("amount_1", gettext_lazy("First year, SEK"), ("belopp", "budget", "belopp 1", "år 1", "amount", "amount 1", "kr", "sek"), read_ore(empty=True), is_required=False, is_number=True),
        Field("amount_2", gettext_lazy("Second year, SEK"), ("belopp 2", "år 2", "amount 2"), read_ore(empty=True), is_required=False, is_number=True),
        Field("amount_3", gettext_lazy("Third year, SEK"), ("belopp 3", "år 3", "amount 3"), read_ore(empty=True), is_required=False, is_number=True),
        Field("quantity", gettext_lazy("Quantity"), ("antal", "quantity", "qty"), read_number(QUANTITY, empty=True), is_required=False, is_number=True),
        Field("price", gettext_lazy("Unit price, SEK"), ("pris", "à-pris", "a-pris", "styckpris", "price", "unit price"), read_ore(empty=True), is_required=False, is_number=True),
        Field("note", pgettext_lazy("of a line", "Note"), ("anteckning", "notering", "kommentar", "note"), read_text(LONGEST_NOTE, empty=True), is_required=False),
    )  # fmt: skip
    model = CostLine
    keys = ("budget_product_id", "cost_kind", "text")
    columns = (*keys, "budget_id", *[name for name in FIGURES if name != "cost_kind"], "note", "provenance")
    only_new = ("position",)
    changed_at = "edited_at"
    figure = "amount_1_ore"
    figure_label = gettext_lazy("First year, SEK")
    form = Form.ORE
    groups = "budget_product_id"
    groups_label = gettext_lazy("Product")
    is_unique = False

    def list_aliases(self, period: str) -> Mapping[str, tuple[str, ...]]:
        """The years of the budget."""
        budget = Budget.objects.get(slug=period)
        names = (("{}", "budget {}", "belopp {}", "amount {}", "plan {}", "{} kr", "{}, sek") for _year in budget.years)
        return {
            f"amount_{place}": tuple(name.format(year) for name in forms)
            for place, (year, forms) in enumerate(zip(budget.years, names, strict=True), start=1)
        }

    def start(self, period: str, by: User) -> Check:
        """Read the budget's products."""
        budget = Budget.objects.get(slug=period)
        places = _Places(budget, by)
        last = CostLine.objects.filter(budget=budget).aggregate(last=Max("position", default=0))["last"]
        positions = count(last + 1)

        def check(read: Mapping[str, Value], fault: Fault) -> Values:
            product = places.find(read, fault)
            figures: Values = {"quantity": None, "unit_price_ore": None}
            figures |= dict.fromkeys(("amount_1_ore", "amount_2_ore", "amount_3_ore"), 0)
            if product is not None and "kind" in read:
                figures |= _settle(product, read, fault)
            return {
                "budget_id": budget.pk,
                "budget_product_id": product.pk if product else None,
                "cost_kind": read.get("kind"),
                "text": read.get("text"),
                "note": read.get("note") or "",
                "provenance": Provenance.IMPORTED.value,
                "position": next(positions),
                **figures,
            }

        return check

    def refuse(self, row: Import, by: User) -> Iterable[tuple[int, str, str]]:
        """Return the rows that are about calculated lines."""
        calculated = row.rows.filter(status=ImportRow.Status.CHANGED, before__provenance=Provenance.CALCULATED)
        said = _("The line is calculated, so its figures can't be read in.")
        return [(number or 0, "text", said) for number in calculated.values_list("number", flat=True)]

    def name_groups(self, keys: Iterable[str]) -> dict[str, str]:
        """The products' names."""
        return {
            str(key): name for key, name in BudgetProduct.objects.filter(pk__in=list(keys)).values_list("pk", "name")
        }


def _settle(product: BudgetProduct, read: Mapping[str, Value], fault: Fault) -> Values:
    """Return the figures that the rule of a line gives, typed as the row says them."""
    given: dict[str, Any] = {name: read[key] for name, key in OF_FIELDS.items() if read.get(key) is not None}
    if not {"amount_1_ore", "quantity", "unit_price_ore"} & given.keys():
        fault("amount_1", _("Write the amount of the first year, or quantity and unit price."))
    settled = settle(BLANK, Figures(**given), given.keys(), is_base_grant=product.sub_budget.is_base_grant)
    if settled.problems:
        # The words are those of the grid.
        for name, error in settle_line(CostLine(budget_product=product), cast(EditedValues, dict(given))).items():
            fault(OF_FIELDS[name], str(error))
    return {name: getattr(settled.figures, name) for name in FIGURES if name != "cost_kind"}


class _Places:
    """Finds the product that a row names, in the sub-budget that it names where the name alone does not say."""

    def __init__(self, budget: Budget, by: User) -> None:
        self.sub_budgets = load_sub_budgets(budget)
        self.products: dict[str, list[BudgetProduct]] = {}
        # Rows name the same products again and again.
        self.found: dict[tuple[Value, Value], BudgetProduct] = {}
        self.closed = {row.pk for row in self.sub_budgets.values() if not can_edit(by, row)}
        for product in BudgetProduct.objects.filter(budget=budget).select_related("sub_budget__budget"):
            self.products.setdefault(product.name.casefold(), []).append(product)

    def find(self, read: Mapping[str, Value], fault: Fault) -> BudgetProduct | None:
        """Return the product; say why where there is none, several, or one that may not be changed."""
        asked = (read.get("product"), read.get("sub_budget"))
        product = self.found.get(asked) or self._find(read, fault)
        if product is not None and product.sub_budget_id not in self.closed:
            self.found[asked] = product
        return product

    def _find(self, read: Mapping[str, Value], fault: Fault) -> BudgetProduct | None:
        name, sub_budget = str(read.get("product") or ""), self._find_sub_budget(read, fault)
        if not name:
            return None
        known = self.products.get(name.casefold(), [])
        found = [product for product in known if sub_budget is None or product.sub_budget_id == sub_budget.pk]
        if len(found) == 1:
            if found[0].sub_budget_id in self.closed:
                fault(
                    "product", _("%(name)s is locked, and can't be changed.") % {"name": name_of(found[0].sub_budget)}
                )
            return found[0]
        if found:
            fault("sub_budget", _("Several products are called %(name)s. Say in which sub-budget.") % {"name": name})
        elif known and sub_budget is not None:
            said = _("%(name)s is in %(place)s, not in %(sub_budget)s.")
            places = {"name": name, "place": name_of(known[0].sub_budget), "sub_budget": name_of(sub_budget)}
            fault("product", said % places)
        else:
            names = {rows[0].name for rows in self.products.values()}
            fault("product", say_near(name, names, _("%(name)s is not a product of the budget.")))
        return None

    def _find_sub_budget(self, read: Mapping[str, Value], fault: Fault) -> SubBudget | None:
        name = str(read.get("sub_budget") or "")
        found = self.sub_budgets.get(name.casefold())
        if name and found is None:
            names = {row.name_sv for row in self.sub_budgets.values()}
            fault("sub_budget", say_near(name, names, _("%(name)s is not a sub-budget of the budget.")))
        return found
