"""What falls due of the device register in a budget's years, by class, year and member, and what is proposed to be bought."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from fractions import Fraction

from budgets.models import Budget
from engine.depreciation import MONTHS
from engine.money import MAX_ORE, round_ore
from engine.provenance import Source
from engine.replacements import Cohort, Replacement, Terms, plan_replacements
from investments.models import AssetClass, DeviceBatch, Investment, InvestmentItem
from investments.selectors.devices import Cohort as HeldCohort
from investments.selectors.devices import load_cohorts
from objects.models import Customer

State = DeviceBatch.State
# What is ordered is in use soon, and falls due as what is; what lies in storage nobody uses.
REPLACED = (State.IN_USE, State.ORDERED)
# How many years after a budget's own are shown of what falls due.
YEARS_AFTER = 3
PLANNED = frozenset({Source.CALCULATED.value, Source.COPIED.value, Source.ASSUMED.value})


@dataclass(frozen=True)
class Planned:
    """A class that something of is replaced of, with what a plan starts from; a price of None is that of what is replaced.

    `is_assumed` says that its devices or their price are assumed, `is_life_assumed` that its life is.
    """

    asset_class: AssetClass
    life_years: int
    is_life_assumed: bool
    unit_price_ore: int | None
    is_assumed: bool

    @property
    def slug(self) -> str:
        """What the engine knows it by."""
        return str(self.asset_class.slug)

    @property
    def family(self) -> str:
        """The class that it is counted with: its parent, or itself."""
        parent = self.asset_class.parent
        return str(parent.slug if parent else self.asset_class.slug)


@dataclass(frozen=True)
class Register:
    """The devices that a plan replaces, as the engine's values, and the classes and customers that they name."""

    cohorts: list[Cohort]
    planned: list[Planned]
    customers: Mapping[str, Customer]

    def name_member(self, key: str) -> Customer | None:
        """Return the customer of a cohort; None is the federation itself."""
        return self.customers.get(key)


def load_register(rows: Sequence[Investment]) -> Register:
    """Return what is replaced (rule 8), with lives and prices of a budget's `rows` where they have any, else of the class."""
    held = load_cohorts(states=REPLACED)
    own = {row.asset_class_id: row for row in reversed(rows)}
    classes = AssetClass.objects.select_related("parent").order_by("position", "pk").in_bulk()
    planned = [
        found
        for kind in _in_order(classes)
        if (found := _plan_class(kind, own.get(kind.pk), [row for row in held if row.asset_class_id == kind.pk]))
    ]
    slugs = {row.asset_class.pk: row.slug for row in planned}
    cohorts = [
        Cohort(slugs[row.asset_class_id], str(row.customer_id or ""), row.taken, row.number, row.unit_price_ore)
        for row in held
        if row.asset_class_id in slugs
    ]
    customers = Customer.objects.in_bulk({row.customer_id for row in held if row.customer_id})
    return Register(cohorts, planned, {str(key): row for key, row in customers.items()})


def _in_order(classes: Mapping[int, AssetClass]) -> list[AssetClass]:
    """Return the classes in their order, each child after its parent."""
    rows = list(classes.values())
    children: dict[int, list[AssetClass]] = defaultdict(list)
    for row in rows:
        if row.parent_id is not None:
            children[row.parent_id].append(row)
    return [each for row in rows if row.parent_id is None for each in (row, *children[row.pk])]


def _plan_class(kind: AssetClass, row: Investment | None, held: Sequence[HeldCohort]) -> Planned | None:
    known = kind if row is None or row.life_years is None else row
    life = known.life_years
    if life is None or not held:
        return None
    price, is_assumed = _find_price(kind, row, held)
    return Planned(kind, life, known.useful_life_years is None, price, is_assumed)


def _find_price(kind: AssetClass, row: Investment | None, held: Sequence[HeldCohort]) -> tuple[int | None, bool]:
    """Return the budget's price, else what the devices bought last cost on average; none for what is no device."""
    doubtful = any(each.is_assumed for each in held)
    if row is not None and row.unit_price_ore:
        return row.unit_price_ore, doubtful
    if not kind.is_device:
        return None, doubtful
    last = max(each.taken for each in held)
    newest = [each for each in held if each.taken == last]
    number = sum(each.number for each in newest)
    return round_ore(Fraction(sum(each.number * each.unit_price_ore for each in newest), number)), doubtful


def plan_budget(budget: Budget, register: Register, terms: Terms) -> list[Replacement]:
    """Return what is replaced in a budget's years and some after them."""
    first = budget.years[0]
    return plan_replacements(register.cohorts, terms, first, budget.years[2] + YEARS_AFTER)


def start_terms(planned: Iterable[Planned]) -> Terms:
    """Return the terms that a plan starts from: the lives and prices as they are, no index, nothing deferred."""
    rows = list(planned)
    prices = {row.slug: row.unit_price_ore for row in rows if row.unit_price_ore is not None}
    return Terms({row.slug: row.life_years for row in rows}, prices)


@dataclass(frozen=True)
class Proposal:
    """What is proposed to be bought instead of what a budget says of some classes, each with its family, in its years.

    `items` are what the rows of the investment budget get, by the slug of their class, `lives` the lives that those get
    with it, where a proposal has its own.
    """

    budget: Budget
    planned: Mapping[str, Planned]
    items: Mapping[str, list[InvestmentItem]]
    lives: Mapping[str, int] = field(default_factory=dict)

    def give_life(self, row: Investment) -> bool:
        """Give a row the proposal's own life; return whether that is another one."""
        life = self.lives.get(row.asset_class.slug)
        if life is None or (row.useful_life_years == life and row.assumed_life_years is None):
            return False
        row.useful_life_years, row.assumed_life_years = life, None
        return True

    @property
    def number(self) -> int:
        """How many purchases there are."""
        return sum(len(items) for items in self.items.values())

    @property
    def is_too_large(self) -> bool:
        """Whether a purchase costs more than can be kept."""
        return any((item.amount_ore or 0) > MAX_ORE for items in self.items.values() for item in items)


def propose(
    budget: Budget, register: Register, plan: Iterable[Replacement], families: Collection[str], *, name: str
) -> Proposal:
    """Return the purchases that a plan comes to for some families of classes; `name` says what each is, by its %(name)s.

    A purchase is what a member gets of a class in a month. It is calculated, or assumed where its devices, their price or
    their life are.
    """
    planned = {row.slug: row for row in register.planned if row.family in families}
    items: dict[str, list[InvestmentItem]] = {slug: [] for slug in planned}
    sums: dict[tuple[str, str, int, int], int] = {}
    for row in plan:
        if row.asset_class in planned and row.year in budget.years:
            place = row.asset_class, row.member, row.month, row.unit_price
            sums[place] = sums.get(place, 0) + row.number
    for (slug, member, month, price), number in sums.items():
        kind = planned[slug]
        source = Source.ASSUMED if kind.is_assumed or kind.is_life_assumed else Source.CALCULATED
        items[slug].append(
            InvestmentItem(
                budget=budget,
                name=(name % {"name": kind.asset_class.name})[:160],
                customer=register.name_member(member),
                year=month // MONTHS,
                month=month % MONTHS + 1,
                quantity=number,
                unit_price_ore=price,
                amount_ore=number * price,
                position=len(items[slug]) + 1,
                provenance=source.value,
            )
        )
    return Proposal(budget, planned, items)


def is_replaced(item: InvestmentItem) -> bool:
    """Say whether a purchase gives way to a new proposal: what a person has entered stays on top of it."""
    return item.provenance in PLANNED


def try_rows(proposal: Proposal, rows: Sequence[Investment]) -> list[Investment]:
    """Return a budget's rows as they would be with a proposal; nothing is stored, and `rows` stay as they are."""
    found: list[Investment] = []
    left = dict(proposal.items)
    for row in rows:
        slug = row.asset_class.slug
        if slug in left and row.financing == Investment.Financing.LOAN:
            kept = [item for item in row.items.all() if not is_replaced(item)]
            found.append(_try_row(proposal, copy(row), [*kept, *left.pop(slug)]))
        else:
            found.append(row)
    for slug, items in left.items():
        if items:
            found.append(_try_row(proposal, make_row(proposal, slug), items))
    return found


def make_row(proposal: Proposal, slug: str) -> Investment:
    """Return a new row of the investment budget for a class that has none, with the class's life."""
    kind = proposal.planned[slug].asset_class
    return Investment(
        budget=proposal.budget,
        asset_class=kind,
        useful_life_years=kind.useful_life_years,
        assumed_life_years=kind.assumed_life_years,
        amount_1_ore=0,
        amount_2_ore=0,
        amount_3_ore=0,
    )


def _try_row(proposal: Proposal, row: Investment, items: list[InvestmentItem]) -> Investment:
    proposal.give_life(row)
    row.amount_1_ore = row.amount_2_ore = row.amount_3_ore = 0
    row.pk = row.pk or 0  # Asked of its items, a row without a key answers with an error.
    rows = InvestmentItem.objects.none()
    rows._result_cache = items
    row.__dict__["_prefetched_objects_cache"] = {"items": rows}
    return row
