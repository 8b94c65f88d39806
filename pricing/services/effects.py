"""What a rate would change if it were saved: on every sub-budget and every customer of the drafts that follow their rates.

The trick: `calculate` writes nothing, so it is asked with the rate in its inputs, and what it says is held against the
stored lines; customers' shares are split anew from the whole revenue, so that the öre go where they would go.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from budgets.models import Budget, BudgetProduct, CostLine, IndexRate, PlanningRate, SubBudget
from budgets.selectors.rates import list_following, list_same, list_users_of
from budgets.selectors.shares import load_product_charges, split_charges
from engine.result import CostKind
from engine.years import Amounts
from objects.models import Customer
from pricing.selectors.inputs import Inputs, load_indexes, load_inputs, read_rates
from pricing.services.calculated import Calculated, Target
from pricing.services.calculating import calculate
from pricing.services.writing import find_switched
from web.ordering import in_swedish

ZERO: Amounts = (0, 0, 0)


@dataclass(frozen=True)
class Effect:
    """What a draft's three years would change by, öre: rows that change by nothing are left out.

    With `problems` nothing could be calculated. `replaces` are the rates whose place the new one takes.
    """

    budget: Budget
    sub_budgets: list[tuple[SubBudget, Amounts]]
    customers: list[tuple[Customer, Amounts]]
    problems: list[dict[str, object]]
    replaces: list[PlanningRate]

    @property
    def total(self) -> Amounts:
        """What the whole budget would change by."""
        return _sum(amounts for _sub_budget, amounts in self.sub_budgets)


def weigh_rate(rate: PlanningRate, wanted: Collection[Budget]) -> list[Effect]:
    """Return what saving a planning rate for these drafts would change in each that uses it or would."""
    chosen = {budget.pk for budget in wanted}
    touched = chosen | {budget.pk for budget in list_users_of(rate)}
    return [
        _weigh_rate(budget, rate, is_chosen=budget.pk in chosen) for budget in list_following() if budget.pk in touched
    ]


def weigh_index(index: IndexRate) -> list[Effect]:
    """Return what saving an index would change in each draft; one that is not of personnel changes copies to come only."""
    if index.cost_kind != CostKind.PERSONNEL:
        return []
    found = []
    for budget in list_following():
        inputs = replace(load_inputs(budget), indexes=load_indexes(budget, instead=index))
        found.append(_compare(inputs, []))
    return found


def _weigh_rate(budget: Budget, rate: PlanningRate, *, is_chosen: bool) -> Effect:
    used = PlanningRate.objects.filter(chosen_by__budget=budget).exclude(pk=rate.pk)
    replaced = list(used.filter(pk__in=list_same(rate).values("pk"))) if is_chosen else []
    rates = [other for other in used if other not in replaced] + ([rate] if is_chosen else [])
    return _compare(replace(load_inputs(budget), **read_rates(rates)), replaced)


def _compare(inputs: Inputs, replaced: list[PlanningRate]) -> Effect:
    budget, done = inputs.budget, calculate(inputs)
    if done.problems:
        return Effect(budget, [], [], done.problems, replaced)
    changes = _find_changes(budget, done)
    return Effect(budget, _by_sub_budget(budget, changes), _by_customer(budget, changes), [], replaced)


def _find_changes(budget: Budget, done: Calculated) -> dict[int, Amounts]:
    """Return what differs from the stored lines, öre by the product's id."""
    switched, free = find_switched(budget, done.lines.keys())
    changes: dict[int, Amounts] = defaultdict(lambda: ZERO)
    for target in switched | set(free):
        if target in done.lines:
            changes[target.product_id] = _sum([changes[target.product_id], done.lines[target].amounts])
    for line in CostLine.objects.filter(budget=budget, is_calculated=True):
        if Target(line.budget_product_id, line.cost_kind) in switched:
            changes[line.budget_product_id] = _sum([changes[line.budget_product_id], [-ore for ore in line.amounts]])
    return {product: amounts for product, amounts in changes.items() if any(amounts)}


def _by_sub_budget(budget: Budget, changes: Mapping[int, Amounts]) -> list[tuple[SubBudget, Amounts]]:
    owners = dict(BudgetProduct.objects.filter(pk__in=changes).values_list("pk", "sub_budget"))
    rows = SubBudget.objects.filter(budget=budget).order_by("position", "pk")
    sums = {row: _sum(changes[key] for key, owner in owners.items() if owner == row.pk) for row in rows}
    return [(row, amounts) for row, amounts in sums.items() if any(amounts)]


def _by_customer(budget: Budget, changes: Mapping[int, Amounts]) -> list[tuple[Customer, Amounts]]:
    """Split the touched products' revenue as it is and as it would be; the difference is the customer's."""
    stored = load_product_charges(budget)
    before = {key: stored.get(key, ZERO) for key in changes}
    after = {key: _sum([before[key], amounts]) for key, amounts in changes.items()}
    sums: dict[int, Amounts] = defaultdict(lambda: ZERO)
    for sign, revenues in ((-1, before), (1, after)):
        for share in split_charges(budget, revenues):
            sums[share.customer_id] = _sum([sums[share.customer_id], [sign * ore for ore in share.amounts]])
    customers = Customer.objects.filter(pk__in=sums).order_by(in_swedish("name"))
    return [(customer, sums[customer.pk]) for customer in customers if any(sums[customer.pk])]


def _sum(rows: Iterable[Iterable[int]]) -> Amounts:
    columns = list(zip(*rows, strict=True))
    first, second, third = (sum(column) for column in columns) if columns else ZERO
    return first, second, third
