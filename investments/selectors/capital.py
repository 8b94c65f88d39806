"""What a budget's assets and purchases come to in depreciation, by asset class, and who carries it.

Computed from what is owned, what the budgets before have decided to buy, and what this one plans; nothing is stored here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from uuid import UUID

from django.db.models import F, QuerySet

from budgets.models import Budget
from engine.capital import Owned, carry, depreciate_by_month, sum_costs, sum_years
from engine.depreciation import ASSUMED_MONTH, Asset
from engine.provenance import Source, weakest
from engine.result import CostKind, sum_amounts
from engine.years import Amounts
from investments.models import AssetClass, CapitalState, Investment, PlannedLoan, ProductClass, PurchaseState
from investments.selectors.classes import find_parents
from investments.selectors.devices import load_assets, load_lives
from investments.selectors.purchases import list_investments
from web.compiled import compiled

Interest = Mapping[str, tuple[Amounts, str]]
"""What each part of the debt pays in interest in the budget's years, öre, and where that comes from."""


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


def compute_capital(
    budget: Budget, rows: Sequence[Investment] | None = None, interest: Interest | None = None
) -> Capital:
    """Return what a budget's capital costs (rule 8), by asset class; works for adopted budgets too, to compare with.

    `interest` is what each part of the debt pays, as `forecasts` knows it. What loans pay for that nobody has said is
    interest on what was owned when the budget begins, by book value.
    """
    rows = list_investments(budget) if rows is None else rows
    lives = {row.asset_class.slug: row for row in reversed(rows)}
    capital = Capital(budget.years)
    sources: dict[str, list[str]] = defaultdict(list)
    before = list(_list_registered(budget, lives, sources))
    registered = sum_costs(before)
    owned = [*before, *_own(_list_earlier(budget, registered), lives, sources, capital)]
    borrowed = {row.asset_class.slug for row in rows if row.financing == Investment.Financing.LOAN}
    of_loans = [row for row in owned if row.part in borrowed or row.part not in lives]
    book = {part: sum(months) for part, months in _depreciate(of_loans, budget.years[0]).items()}
    owned += _own(list_purchases(rows), lives, sources, capital)
    capital.parts[CostKind.DEPRECIATION] = _by_part(owned, sources, budget)
    if interest is not None:
        capital.parts[CostKind.INTEREST] = dict(_place_interest(interest, book, lives, budget))
    _add_weights(capital, budget)
    return capital


def _own(
    purchases: Iterable[Purchase],
    lives: Mapping[str, Investment],
    sources: dict[str, list[str]],
    capital: Capital,
) -> Iterator[Owned]:
    """Yield purchases as what is owned; those of a class without a life are named instead."""
    for purchase in purchases:
        row = lives.get(purchase.part)
        life = None if row is None else row.life_years
        if row is None or life is None:
            if purchase.part not in capital.lifeless:
                capital.lifeless.append(purchase.part)
            continue
        sources[purchase.part] += [purchase.source, *([] if row.useful_life_years else [Source.ASSUMED.value])]
        yield Owned(purchase.part, Asset(purchase.ore, life, purchase.year, purchase.month))


def _list_registered(budget: Budget, lives: Mapping[str, Investment], sources: dict[str, list[str]]) -> Iterator[Owned]:
    """Yield what the register holds that was taken into use before the budget's years, by the budget's own lives."""
    slugs = dict(AssetClass.objects.values_list("pk", "slug"))
    own = {row.asset_class_id: (row.life_years, not row.useful_life_years) for row in lives.values() if row.life_years}
    for held in load_assets({**load_lives(), **own}):
        if held.asset.year < budget.years[0]:
            part = slugs[held.asset_class_id]
            sources[part].append(Source.ASSUMED.value if held.is_assumed else Source.ENTERED.value)
            yield Owned(part, held.asset)


def _depreciate(owned: Sequence[Owned], first: int) -> dict[str, list[int]]:
    """Return depreciation by part and month from a year's January to the end of all lives."""
    last = max((row.asset.year + row.asset.life_years for row in owned), default=first)
    return depreciate_by_month(owned, first, max(first, last))


def _place_interest(
    interest: Interest, book: Mapping[str, int], lives: Mapping[str, Investment], budget: Budget
) -> Iterator[tuple[str, PartCost]]:
    """Yield the interest of each class, and under no name that of what pays for none (rule 8); it adds up to the whole."""
    found: dict[str, list[Amounts]] = defaultdict(list)
    sources: dict[str, list[str]] = defaultdict(list)
    for name, (amounts, source) in interest.items():
        if name in lives or name == PlannedLoan.Purpose.USE_OF_EQUITY:
            split: dict[str, Amounts] = {name if name in lives else "": amounts}
        else:
            split = carry(amounts, book) or {"": amounts}
        for part, own in split.items():
            found[part].append(own)
            sources[part].append(source)
    for part, rows in found.items():
        total = sum_amounts(rows)
        yield part, PartCost(part, total, dict(zip(budget.years, total, strict=True)), weakest(sources[part]))


def _by_part(owned: Sequence[Owned], sources: Mapping[str, list[str]], budget: Budget) -> dict[str, PartCost]:
    first = budget.years[0]
    last = max((row.asset.year + row.asset.life_years for row in owned), default=first)
    found = {}
    for part, months in depreciate_by_month(owned, first, max(last, budget.years[2])).items():
        years = sum_years(months)
        by_year = {year: ore for year, ore in enumerate(years, start=first) if ore or year <= budget.years[2]}
        found[part] = PartCost(part, (years[0], years[1], years[2]), by_year, weakest(sources[part]))
    return found


def _list_deferred(rows: Sequence[Investment]) -> dict[UUID, int]:
    """Return what is paid of the purchases that are deferred, öre: no more of them was bought in their year."""
    lineages = [item.lineage for row in rows for item in row.items.all()]
    found = PurchaseState.objects.filter(item_lineage__in=lineages, state=PurchaseState.State.DEFERRED)
    return {lineage: paid or 0 for lineage, paid in found.values_list("item_lineage", "paid_ore")}


def list_purchases(rows: Iterable[Investment], deferred: Mapping[UUID, int] | None = None) -> Iterator[Purchase]:
    """Yield what rows of an investment budget and their items buy, as far as it is known.

    Of what is `deferred` only what is paid, öre by lineage.
    """
    for row in rows:
        part = row.asset_class.slug
        for year, ore in zip(row.budget.years, row.own_amounts, strict=True):
            if ore:
                yield Purchase(part, year, ASSUMED_MONTH, ore, row.provenance)
        for item in row.items.all():
            ore = (deferred or {}).get(item.lineage, item.amount_ore)
            if ore:
                yield Purchase(part, item.year, item.month or ASSUMED_MONTH, ore, item.provenance)


def _list_earlier(budget: Budget, registered: Mapping[tuple[str, int], int]) -> Iterator[Purchase]:
    """Yield what budgets of earlier years decided to buy and nobody has registered, by class and year.

    Each year is told by its newest budget; of what is registered already only the rest is still to come.
    """
    told: dict[int, list[Purchase]] = {}
    before = budget.based_on
    while before is not None:
        year = before.years[0]
        if year < budget.years[0] and year not in told:
            rows = list_investments(before)
            told[year] = [row for row in list_purchases(rows, _list_deferred(rows)) if row.year == year]
        before = before.based_on
    parents = find_parents()
    there: dict[tuple[str, int], int] = defaultdict(int)
    for (part, year), ore in registered.items():
        there[parents.get(part, part), year] += ore
    for purchase in (row for rows in told.values() for row in rows):
        key = parents.get(purchase.part, purchase.part), purchase.year
        known = min(there[key], purchase.ore)
        there[key] -= known
        if purchase.ore > known:
            yield replace(purchase, ore=purchase.ore - known)


def _add_weights(capital: Capital, budget: Budget) -> None:
    """Add who carries each class; a child that nobody carries by itself is carried as its parent is."""
    for slug, product, weight, source in _list_carriers(budget.pk):
        capital.weights.setdefault(slug or "", {})[product] = weight
        capital.weight_sources.setdefault(slug or "", []).append(source)
    for child, parent in find_parents().items():
        if child not in capital.weights and parent in capital.weights:
            capital.weights[child], capital.weight_sources[child] = (
                capital.weights[parent],
                capital.weight_sources[parent],
            )


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
