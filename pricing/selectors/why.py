"""Why what customers pay differs between two budgets: every product's causes, from stored totals, keys and records.

What the causes begin and end in are the shares themselves (budgets.selectors.shares): the same totals, split by the same
weights in the same order. The rule is `engine.bill`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from django.db.models import QuerySet

from budgets.models import (
    AllocationKey,
    Budget,
    BudgetProduct,
    CostLine,
    IndexRate,
    PlanningRate,
    ProductTotal,
    SubBudget,
)
from budgets.selectors.shares import load_product_weights
from engine.bill import Cause, Effect, Known, Side, explain_change
from engine.indexing import Rate, find_index
from engine.money import percent, round_ore
from engine.personnel import Tariff
from engine.provenance import weakest
from engine.result import CostKind, is_income
from objects.models import Contract, Customer
from pricing.models import LineOrigin, MovedCost
from pricing.selectors.inputs import load_indexes, to_rate
from pricing.selectors.wages import load_pay
from web.compiled import compiled

# The weights of all customers where nobody asks for one of them.
ALL_TOGETHER = {0: 1}


@dataclass(frozen=True)
class Told:
    """A cause with what it makes the customer pay more, öre; `source` is the weakest of what the cause is made of.

    `about` is the record that tells it, where there is one.
    """

    cause: Cause
    kind: str
    ore: int
    source: str
    about: MovedCost | Contract | None = None


@dataclass(frozen=True)
class ProductWhy:
    """A product's causes. `product` is what it is in the newer budget, of an ended one what it was; öre."""

    product: BudgetProduct
    before: int
    causes: list[Told]
    earlier: BudgetProduct | None = None
    is_gone: bool = False

    @property
    def change(self) -> int:
        """What the customer pays more."""
        return sum(told.ore for told in self.causes)

    @property
    def after(self) -> int:
        """What the customer pays now."""
        return self.before + self.change


@dataclass(frozen=True)
class Why:
    """All products that the customer pays in either budget, in the newer one's order, and the wage revision in per cent."""

    products: list[ProductWhy]
    wage_percent: Decimal | None = None

    @property
    def change(self) -> int:
        """What the customer pays more."""
        return sum(row.change for row in self.products)

    @property
    def before(self) -> int:
        """What the customer paid."""
        return sum(row.before for row in self.products)

    def keep(self, sub_budget: str = "", category: str = "") -> Why:
        """Return the same of the products of a sub-budget, by its slug, or of a revenue category."""
        kept = [
            row
            for row in self.products
            if sub_budget in ("", row.product.sub_budget.slug) and category in ("", row.product.category)
        ]
        return replace(self, products=kept)

    def sum_causes(self) -> list[Told]:
        """Return what each cause and kind comes to over all products, in their order; the records are the products'."""
        sums: dict[tuple[Cause, str], list[Told]] = defaultdict(list)
        for product in self.products:
            for told in product.causes:
                sums[told.cause, told.kind if told.cause == Cause.KIND else ""].append(told)
        places = [*Cause]
        kinds = ["", *CostKind]
        ordered = sorted(sums, key=lambda key: (places.index(key[0]), kinds.index(key[1])))
        summed = [
            Told(*key, sum(told.ore for told in sums[key]), weakest(told.source for told in sums[key]))
            for key in ordered
        ]
        return [told for told in summed if told.ore]


@dataclass
class _Held:
    """A product as a budget holds it."""

    product: BudgetProduct
    side: Side
    sources: dict[str, str]
    key_source: str
    # What contracts set the price of, by kind.
    priced: dict[str, int] = field(default_factory=dict)

    def source_of(self, kind: str = "") -> list[str]:
        return [source for name, source in self.sources.items() if kind in ("", name)]


@dataclass
class _Records:
    """What tells parts of the changes: known parts by the products' lineage, and the records by their id."""

    known: dict[UUID, list[Known]] = field(default_factory=lambda: defaultdict(list))
    rows: dict[str, MovedCost | Contract] = field(default_factory=dict)
    wage_source: str = ""
    index_sources: dict[str, str] = field(default_factory=dict)
    wage_percent: Decimal | None = None


def load_why(budget: Budget, earlier: Budget, customer: Customer | None = None) -> Why | None:
    """Return why a customer pays otherwise than in the earlier budget; without a customer, why all of them together do.

    None when a budget has no keys: what each pays is not known there.
    """
    now, before = (_load_held(one, by_customer=customer is not None) for one in (budget, earlier))
    if not _is_shared(now) or not _is_shared(before):
        return None
    records = _Records()
    _add_moves(records, budget)
    _add_contracts(records, budget, earlier, before)
    if budget.fiscal_year > earlier.fiscal_year:
        _add_raises(records, budget, earlier, before)
    products = [
        _explain(lineage, before.get(lineage), now.get(lineage), records, customer) for lineage in {**now, **before}
    ]
    return Why([row for row in products if row.before or row.causes], records.wage_percent)


def _is_shared(held: dict[UUID, _Held]) -> bool:
    return any(row.side.weights for row in held.values())


def _load_held(budget: Budget, *, by_customer: bool) -> dict[UUID, _Held]:
    """Return a budget's products by lineage with their stored totals and the weights of who pays them.

    What all customers pay together is what one would pay who were alone, which is split much faster.
    """
    weights = load_product_weights(budget)
    if not by_customer:
        weights = {product: ALL_TOGETHER for product, own in weights.items() if any(own.values())}
    kinds: dict[int, dict[str, int]] = defaultdict(dict)
    sources: dict[int, dict[str, str]] = defaultdict(dict)
    for pk, kind, ore, source in _list_totals(budget.pk):
        kinds[pk][kind], sources[pk][kind] = ore, source
    keys = dict(_list_key_sources(budget.pk))
    homes = {row.pk: row for row in _list_sub_budgets(budget.pk)}
    products = _list_products(budget.pk)
    for product in products:
        if product.sub_budget_id in homes:  # else it came between the two queries, and is asked for by itself
            product.sub_budget = homes[product.sub_budget_id]
    return {
        row.lineage: _Held(
            row, Side(kinds[row.pk], weights.get(row.pk, {})), sources[row.pk], keys.get(row.allocation_key_id or 0, "")
        )
        for row in products
    }


@compiled
def _list_totals(budget_id: int) -> QuerySet[ProductTotal, tuple[int, str, int, str]]:
    totals = ProductTotal.objects.filter(sub_budget__budget=budget_id).order_by()
    return totals.values_list("budget_product", "cost_kind", "amount_1_ore", "provenance")


@compiled
def _list_key_sources(budget_id: int) -> QuerySet[AllocationKey, tuple[int, str]]:
    return AllocationKey.objects.filter(budget=budget_id).order_by().values_list("pk", "provenance")


@compiled
def _list_products(budget_id: int) -> QuerySet[BudgetProduct]:
    return BudgetProduct.objects.filter(budget=budget_id).order_by("sub_budget__position", "position", "pk")


@compiled
def _list_sub_budgets(budget_id: int) -> QuerySet[SubBudget]:
    return SubBudget.objects.filter(budget=budget_id).order_by()


def _explain(
    lineage: UUID, before: _Held | None, now: _Held | None, records: _Records, customer: Customer | None
) -> ProductWhy:
    held = now or before
    assert held is not None
    effects = explain_change(before.side if before else None, now.side if now else None, records.known.get(lineage, ()))
    causes = [
        Told(effect.cause, effect.kind, ore, _find_source(effect, before, now, records), records.rows.get(effect.about))
        for effect in effects
        if (ore := effect.whole if customer is None else effect.parts.get(customer.pk, 0))
    ]
    was = _pay(before, customer) if before else 0
    return ProductWhy(held.product, was, causes, before.product if before else None, is_gone=now is None)


def _pay(held: _Held, customer: Customer | None) -> int:
    """Return what a customer pays of a product: what it would stop paying if the product ended."""
    parts = {who: -ore for effect in explain_change(held.side, None) for who, ore in effect.parts.items()}
    return sum(parts.values()) if customer is None else parts.get(customer.pk, 0)


def _find_source(effect: Effect, before: _Held | None, now: _Held | None, records: _Records) -> str:
    """Return the weakest of what a cause is made of, besides the keys that every part is split by."""
    sides = [side for side in (before, now) if side]
    of_kind = [source for side in sides for source in side.source_of(effect.kind)]
    row = records.rows.get(effect.about)
    extra = {
        Cause.MOVED: [row.provenance] if row else [],
        Cause.CONTRACT: [*of_kind, *([row.provenance] if row else [])],
        Cause.WAGES: [*of_kind, records.wage_source],
        Cause.INDEX: [*of_kind, records.index_sources.get(effect.kind, "")],
        Cause.KEY: [side.key_source for side in sides],
    }.get(effect.cause, of_kind)
    return weakest(source for source in extra if source)


# What records tell


def _add_moves(records: _Records, budget: Budget) -> None:
    """Add what moved, at both ends; the kind of cost is not recorded."""
    for row in _list_moves(budget.pk):
        about, ore = str(row.lineage), row.amount_1_ore
        records.rows[about] = row
        records.known[row.from_product.lineage].append(Known(Cause.MOVED, -ore, about=about))
        records.known[row.to_product.lineage].append(Known(Cause.MOVED, ore, about=about))


@compiled
def _list_moves(budget_id: int) -> QuerySet[MovedCost]:
    return MovedCost.objects.filter(budget=budget_id).select_related("from_product", "to_product").order_by("pk")


def _add_contracts(records: _Records, budget: Budget, earlier: Budget, before: dict[UUID, _Held]) -> None:
    """Add the changes of lines whose price a contract sets, of products that are in both budgets."""
    origins = {row.lineage: row.contract for row in _list_origins(budget.pk)}
    if not origins:
        return
    was = {line.lineage: line for line in _list_lines(earlier, origins)}
    for line in _list_lines(budget, origins):
        old = was.get(line.lineage)
        contract = origins[line.lineage]
        if contract is None or not (old is None or _is_same(old, line)):
            continue
        about = str(contract.uuid)
        records.rows[about] = contract
        sign = -1 if is_income(line.cost_kind) else 1
        ore = sign * (line.amount_1_ore - (old.amount_1_ore if old else 0))
        records.known[line.budget_product.lineage].append(Known(Cause.CONTRACT, ore, line.cost_kind, about))
        held = before.get(line.budget_product.lineage)
        if held and old:
            # What a contract raises no index raises.
            held.priced[line.cost_kind] = held.priced.get(line.cost_kind, 0) + old.amount_1_ore


@compiled
def _list_origins(budget_id: int) -> QuerySet[LineOrigin]:
    return LineOrigin.objects.filter(budget=budget_id, contract__isnull=False).select_related("contract")


def _is_same(old: CostLine, line: CostLine) -> bool:
    return old.cost_kind == line.cost_kind and old.budget_product.lineage == line.budget_product.lineage


def _list_lines(budget: Budget, lineages: Iterable[UUID]) -> Iterator[CostLine]:
    rows = CostLine.objects.filter(budget=budget, lineage__in=list(lineages)).select_related("budget_product")
    return rows.order_by("pk").iterator()


def _add_raises(records: _Records, budget: Budget, earlier: Budget, before: dict[UUID, _Held]) -> None:
    """Add the wage revision on what posts cost before, and the year's index on what else there was of a kind."""
    raised, indexes = _load_raise(records, budget, earlier), _load_indexes(records, budget)
    if raised == 1 and not indexes:
        return
    pay = load_pay(earlier, {held.product.pk for held in before.values() if held.product.sub_budget.is_base_grant})
    for lineage, held in before.items():
        paid = pay.get(held.product.pk, {})
        for kind, ore in held.side.kinds.items():
            if kind in paid:
                records.known[lineage].append(Known(Cause.WAGES, round_ore((raised - 1) * paid[kind]), kind))
            if kind in indexes:
                index = round_ore((indexes[kind] - 1) * (ore - paid.get(kind, 0) - held.priced.get(kind, 0)))
                records.known[lineage].append(Known(Cause.INDEX, -index if is_income(kind) else index, kind))


def _load_raise(records: _Records, budget: Budget, earlier: Budget) -> Fraction:
    """Return what pay rises to by the revisions that the budget uses, and by the index of years without one."""
    years = range(earlier.fiscal_year, budget.fiscal_year + 1)
    revisions = [row for row in _list_revisions(budget.pk) if row.valid_from_on.year in years]
    records.wage_source = weakest(row.provenance for row in revisions)
    tariff = Tariff([to_rate(row) for row in revisions], load_indexes(budget))
    raised = tariff.raise_of(earlier.fiscal_year, budget.fiscal_year)
    records.wage_percent = percent(raised.numerator - raised.denominator, raised.denominator)
    return raised


@compiled
def _list_revisions(budget_id: int) -> QuerySet[PlanningRate]:
    return PlanningRate.objects.filter(chosen_by__budget=budget_id, kind=PlanningRate.Kind.WAGE_REVISION)


def _load_indexes(records: _Records, budget: Budget) -> dict[str, Fraction]:
    """Return the indexes of the budget's year that were decided before it began, by kind."""
    year = budget.fiscal_year
    rows = _list_indexes(year)
    records.index_sources = {row.cost_kind: row.provenance for row in rows}
    rates = [Rate(row.cost_kind, row.year, row.valid_from_on, row.percent) for row in rows]
    found = {row.cost_kind: find_index(rates, row.cost_kind, year, date(year, 1, 1)) for row in rows}
    return {kind: index for kind, index in found.items() if index != 1}


@compiled
def _list_indexes(year: int) -> QuerySet[IndexRate]:
    return IndexRate.objects.filter(year=year).order_by("valid_from_on")
