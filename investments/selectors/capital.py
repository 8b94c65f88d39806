"""What a budget's assets and purchases come to in depreciation, by asset class, and who carries it.

Computed from what is owned, what the budgets before have decided to buy, and what this one plans; nothing is stored here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import F, QuerySet

from budgets.models import Budget
from engine.capital import Owned, carry, depreciate_by_month, sum_years
from engine.depreciation import ASSUMED_MONTH, Asset
from engine.provenance import Source, weakest
from engine.result import CostKind
from engine.years import Amounts
from investments.models import CapitalState, Investment, ProductClass
from investments.selectors.purchases import list_investments
from web.compiled import compiled


@dataclass(frozen=True)
class Purchase:
    """What is bought of a class in a year and taken into use in a month, öre; July where nobody has said the month."""

    part: str
    year: int
    month: int
    ore: int
    source: str


@dataclass(frozen=True)
class PartCost:
    """What a part of the capital costs: öre in the budget's years and in each year to the end of its assets' lives."""

    part: str
    amounts: Amounts
    by_year: Mapping[int, int]
    source: str


@dataclass
class Capital:
    """A budget's capital cost; `lifeless` are classes that nobody has given a life, so that they can't be depreciated."""

    years: tuple[int, int, int]
    parts: dict[CostKind, dict[str, PartCost]] = field(default_factory=dict)
    weights: dict[str, dict[int, Decimal]] = field(default_factory=dict)
    weight_sources: dict[str, list[str]] = field(default_factory=dict)
    lifeless: list[str] = field(default_factory=list)

    def carried(self) -> Iterator[tuple[int, CostKind, PartCost, Amounts]]:
        """Yield what each product carries: its key, the kind of cost, the part and öre in three years."""
        for kind, parts in self.parts.items():
            for part in parts.values():
                for product, amounts in carry(part.amounts, self.weights.get(part.part, {})).items():
                    if any(amounts):
                        yield product, kind, part, amounts

    @property
    def uncarried(self) -> list[str]:
        """The parts with a cost that no product carries."""
        costly = {part.part for parts in self.parts.values() for part in parts.values() if any(part.amounts)}
        return sorted(part for part in costly if not any(self.weights.get(part, {}).values()))


def compute_capital(budget: Budget, rows: Sequence[Investment] | None = None) -> Capital:
    """Return what a budget's capital costs (rule 8), by asset class; works for adopted budgets too, to compare with."""
    rows = list_investments(budget) if rows is None else rows
    lives = {row.asset_class.slug: row for row in reversed(rows)}
    owned: list[Owned] = []
    sources: dict[str, list[str]] = defaultdict(list)
    capital = Capital(budget.years)
    for purchase in [*_list_earlier(budget), *list_purchases(rows)]:
        life = lives[purchase.part].life_years if purchase.part in lives else None
        if life is None:
            if purchase.part not in capital.lifeless:
                capital.lifeless.append(purchase.part)
            continue
        owned.append(Owned(purchase.part, Asset(purchase.ore, life, purchase.year, purchase.month)))
        assumed = [] if lives[purchase.part].useful_life_years else [Source.ASSUMED.value]
        sources[purchase.part] += [purchase.source, *assumed]
    capital.parts[CostKind.DEPRECIATION] = _by_part(owned, sources, budget)
    _add_weights(capital, budget)
    return capital


def _by_part(owned: Sequence[Owned], sources: Mapping[str, list[str]], budget: Budget) -> dict[str, PartCost]:
    if not owned:
        return {}
    last = max(row.asset.year + row.asset.life_years for row in owned)
    first, end = budget.years[0], max(last, budget.years[2])
    found = {}
    for part, months in depreciate_by_month(owned, first, end).items():
        years = sum_years(months)
        by_year = {year: ore for year, ore in enumerate(years, start=first) if ore or year <= budget.years[2]}
        found[part] = PartCost(part, (years[0], years[1], years[2]), by_year, weakest(sources[part]))
    return found


def list_purchases(rows: Iterable[Investment]) -> Iterator[Purchase]:
    """Yield what rows of an investment budget and their items buy, as far as it is known."""
    for row in rows:
        part = row.asset_class.slug
        for year, ore in zip(row.budget.years, row.own_amounts, strict=True):
            if ore:
                yield Purchase(part, year, ASSUMED_MONTH, ore, row.provenance)
        for item in row.items.all():
            if item.amount_ore:
                yield Purchase(part, item.year, item.month or ASSUMED_MONTH, item.amount_ore, item.provenance)


def _list_earlier(budget: Budget) -> Iterator[Purchase]:
    """Yield what the budgets that it is based on bought before its years, each year by the last that held it."""
    before, first = budget.based_on, budget.years[0]
    while before is not None:
        for purchase in list_purchases(list_investments(before)):
            if purchase.year < first and purchase.year < before.years[0] + 1:
                yield purchase
        before = before.based_on


def _add_weights(capital: Capital, budget: Budget) -> None:
    for slug, product, weight, source in _list_carriers(budget.pk):
        capital.weights.setdefault(slug or "", {})[product] = weight
        capital.weight_sources.setdefault(slug or "", []).append(source)


@compiled
def _list_carriers(budget_id: int) -> QuerySet[ProductClass, tuple[str | None, int, Decimal, str]]:
    rows = ProductClass.objects.filter(budget=budget_id).order_by(
        "asset_class__position", "budget_product__sub_budget__position", "budget_product__position", "pk"
    )
    return rows.values_list("asset_class__slug", "budget_product_id", "weight", "provenance")


def capital_behind() -> list[int]:
    """Return the drafts whose products' capital cost lacks a change, but for those that are proposed."""
    behind = CapitalState.objects.exclude(changed=F("placed"))
    drafts = behind.filter(budget__status=Budget.Status.DRAFT).exclude(budget__phase=Budget.Phase.PROPOSED)
    return list(drafts.order_by("pk").values_list("pk", flat=True))


def is_capital_behind(budget: Budget) -> bool:
    """Return whether the products' capital cost of a budget lacks a change."""
    return CapitalState.objects.filter(pk=budget.pk).exclude(changed=F("placed")).exists()
