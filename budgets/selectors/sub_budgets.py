"""Sub-budgets: who sees and changes them, and their totals beside the year before's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum

from budgets.models import (
    IS_COUNTED,
    Budget,
    SubBudget,
    SubBudgetTotal,
    WorkflowStep,
)
from budgets.selectors.totals import load_totals_by_sub_budget
from objects.models.roles import EDITORS, REVIEWERS, Role, objects_of, roles_of
from objects.selectors.objects import Text, list_texts
from objects.selectors.reader import compiled_for_reader
from web.compiled import compiled

if TYPE_CHECKING:
    from accounts.models import User
from budgets.selectors.compared import Compared
from budgets.selectors.published import load_published_sub_budgets
from web.names import name_of

# What filters call the base grant, which is no object.
BASE_GRANT = "base_grant"


def list_sub_budgets(budget: Budget | int, user: User) -> QuerySet[SubBudget]:
    """Return the sub-budgets of a budget, or of the one with a key, that the user may see, in their order."""
    rows = SubBudget.objects.visible_to(user).filter(budget=budget).select_related("governance_object", "budget")
    return _with_last_step(rows).order_by("position", "pk")


def _with_last_step(rows: QuerySet[SubBudget]) -> QuerySet[SubBudget]:
    """Return sub-budgets with `last_action`, by which a returned one is told from other drafts."""
    steps = WorkflowStep.objects.filter(sub_budget=OuterRef("pk")).order_by("-pk")
    annotated: QuerySet[SubBudget] = rows.annotate(last_action=Subquery(steps.values("action")[:1]))
    return annotated


def with_line_count(rows: QuerySet[SubBudget]) -> QuerySet[SubBudget]:
    """Return sub-budgets with `line_count`, for lists that show it: it is as many index entries to read as lines."""
    counted: QuerySet[SubBudget] = rows.annotate(line_count=Count("budget_products__cost_lines"))
    return counted


def own_sub_budgets(budget: Budget, user: User) -> QuerySet[SubBudget]:
    """Return the sub-budgets of the objects for which the user holds a role."""
    return list_sub_budgets(budget, user).filter(governance_object__in=objects_of(user, frozenset(Role)))


MAY_EDIT: dict[str, frozenset[Role]] = {SubBudget.Status.DRAFT: EDITORS, SubBudget.Status.SUBMITTED: REVIEWERS}


def is_economist(user: User) -> bool:
    """Say whether the user keeps the budgets for the federation."""
    return Role.ECONOMIST in roles_of(user)


def can_edit(user: User, sub_budget: SubBudget) -> bool:
    """Say whether the user may change lines: owners and managers in draft, the steering group while submitted.

    The economist may until the sub-budget is locked or the budget adopted.
    """
    if sub_budget.budget.status != Budget.Status.DRAFT or sub_budget.status == SubBudget.Status.LOCKED:
        return False
    if is_economist(user):
        return True
    allowed = MAY_EDIT.get(sub_budget.status, frozenset())
    return sub_budget.governance_object_id in objects_of(user, allowed)


@dataclass(frozen=True)
class SubBudgetRow(Compared):
    """A sub-budget in a list, with its stored totals; how many tasks are open where the list counts them."""

    sub_budget: SubBudget
    name: str
    line_count: int
    task_count: int = 0


def find_sub_budget(user: User, budget: str, slug: str) -> SubBudget | None:
    """Return the sub-budget with this slug in the budget with that one, if the user may see both."""
    return next(iter(_find_by_slugs(user, budget, slug)), None)


@compiled_for_reader
def _find_by_slugs(user: User, budget: str, slug: str) -> QuerySet[SubBudget]:
    rows = _with_last_step(SubBudget.objects.visible_to(user).filter(budget__slug=budget, slug=slug))
    return rows.select_related("governance_object", "budget__adopted_by", "budget__based_on").order_by()


def list_own_texts(sub_budget: SubBudget) -> list[Text]:
    """List what is written about a sub-budget's object: now for a draft, else when the budget was adopted."""
    is_draft = sub_budget.budget.status == Budget.Status.DRAFT
    return list_texts(sub_budget.governance_object if is_draft and sub_budget.governance_object else sub_budget)


def list_sub_budget_rows(
    sub_budgets: Iterable[SubBudget], budget: Budget, earlier: Budget | None
) -> list[SubBudgetRow]:
    """Return sub-budgets with their stored totals beside the year before's."""
    totals, before = load_totals_by_sub_budget(budget), _load_earlier_totals(earlier)
    return [
        SubBudgetRow(
            amounts=totals.get(row.lineage, (0, 0, 0)),
            earlier=None if before is None else before.get(row.slug, 0),
            sub_budget=row,
            name=name_of(row),
            line_count=getattr(row, "line_count", 0),
        )
        for row in sub_budgets
    ]


def _load_earlier_totals(earlier: Budget | None) -> dict[str, int] | None:
    """Load the year before's total of each sub-budget, öre by slug: stored, or else as published."""
    if earlier is None:
        return None
    if earlier.status == Budget.Status.PUBLISHED_FIGURES:
        return load_published_sub_budgets(earlier.edition)
    return dict(_sum_by_slug(earlier.pk))


@compiled
def _sum_by_slug(budget_id: int) -> QuerySet[SubBudgetTotal, tuple[str, int]]:
    rows = SubBudgetTotal.objects.filter(IS_COUNTED, sub_budget__budget=budget_id).values_list("sub_budget__slug")
    return rows.annotate(total=Sum("amount_1_ore"))


def load_sub_budget_names() -> dict[str, str]:
    """Return the sub-budgets' names by slug, in their newest order, for tables that only name the slug."""
    names: dict[str, str] = {}
    for row in _list_named():
        names.setdefault(row.slug, name_of(row))
    return names


@compiled
def _list_named() -> QuerySet[SubBudget]:
    return SubBudget.objects.order_by("position", "-budget__fiscal_year").only("slug", "name_sv", "name_en", "position")


def list_neighbours(sub_budget: SubBudget, user: User) -> tuple[SubBudget | None, SubBudget | None]:
    """Return the sub-budgets before and after this one."""
    rows = _list_in_order(user, sub_budget.budget_id)
    place = next(index for index, row in enumerate(rows) if row.pk == sub_budget.pk)
    return rows[place - 1] if place else None, rows[place + 1] if place + 1 < len(rows) else None


@compiled_for_reader
def _list_in_order(user: User, budget_id: int) -> QuerySet[SubBudget]:
    return SubBudget.objects.visible_to(user).filter(budget=budget_id).order_by("position", "pk")
