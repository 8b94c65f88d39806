"""The governance objects with their people and plans, and what each has cost over the years."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from budgets.models import IS_COUNTED, Budget, SubBudget, SubBudgetTotal
from budgets.selectors.budgets import list_budgets
from budgets.selectors.published import load_published_sub_budgets
from budgets.selectors.totals import amount_sums, sums_of
from objects.models import GovernanceObject, ObjectPlan, Role
from objects.selectors.objects import list_object_people, list_objects

if TYPE_CHECKING:
    from accounts.models import User

PEOPLE = (Role.OBJECT_OWNER, Role.OBJECT_MANAGER, Role.STEERING_GROUP)


@dataclass(frozen=True)
class ObjectRow:
    """An object in the list, with its newest plan and the names of those who hold a role for it."""

    governance_object: GovernanceObject
    plan: ObjectPlan | None
    people: dict[str, list[str]]


@dataclass(frozen=True)
class YearRow:
    """What an object costs in one budget: three years' amounts, öre, None is not known; its sub-budget, unless printed."""

    budget: Budget
    amounts: list[int | None]
    sub_budget: SubBudget | None


def list_object_rows(user: User) -> list[ObjectRow]:
    """The objects the user may see, in their order."""
    return load_object_rows(list_objects(user), user)


def load_object_rows(rows: Iterable[GovernanceObject], user: User) -> list[ObjectRow]:
    """Some of `list_objects` with the names of those who hold a role for each."""
    people = load_people(user)
    return [ObjectRow(row, next(iter(row.plans.all()), None), people.get(row.pk, {})) for row in rows]


def load_people(user: User) -> dict[int, dict[str, list[str]]]:
    """The names of those who hold a role for each object, by object and role."""
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in list_object_people(user):
        if row.governance_object_id is not None:
            found[row.governance_object_id][row.role].append(str(row.user))
    return found


def list_year_rows(user: User, governance_object: GovernanceObject) -> list[YearRow]:
    """The object's sub-budget in each budget the user may see, newest first: its stored total, or the printed one."""
    budgets = list(list_budgets(user))
    own = SubBudget.objects.visible_to(user).filter(governance_object=governance_object)
    sub_budgets = {row.budget_id: row for row in own}
    sums = (
        SubBudgetTotal.objects.filter(IS_COUNTED, sub_budget__in=own)
        .values("sub_budget__budget")
        .annotate(**amount_sums())
    )
    totals: dict[int, list[int | None]] = {row["sub_budget__budget"]: list(sums_of(row)) for row in sums}
    slugs = {row.slug for row in sub_budgets.values()}
    rows = []
    for budget in budgets:
        if budget.pk in sub_budgets:
            rows.append(YearRow(budget, totals.get(budget.pk, [0, 0, 0]), sub_budgets[budget.pk]))
        elif budget.status == Budget.Status.PUBLISHED_FIGURES:
            rows += _printed(budget, slugs)
    return rows


def _printed(budget: Budget, slugs: set[str]) -> list[YearRow]:
    printed = load_published_sub_budgets(budget.edition)
    return [YearRow(budget, [printed[slug], None, None], None) for slug in sorted(slugs & printed.keys())]
