"""What pages, jobs and commands read of a budget. Every read for a person starts from `visible_to`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Prefetch, QuerySet, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from budgets.models import Budget, BudgetProduct, CostLine, ForecastState, ProductTotal, PublishedFigure, RollUpState, SubBudget, SubBudgetTotal
from engine.result import CostKind, sum_amounts
from engine.years import Amounts
from objects.models.roles import EDITORS, Role, objects_of, roles_of

if TYPE_CHECKING:
    from accounts.models import User

AMOUNT_FIELDS = ("amount_1_ore", "amount_2_ore", "amount_3_ore")


def amount_sums() -> dict[str, Sum]:
    """The three years' sums, for aggregate() and annotate()."""
    return {f"sum_{year}": Sum(field) for year, field in enumerate(AMOUNT_FIELDS, start=1)}


# Budgets


def list_budgets(user: User) -> QuerySet[Budget]:
    """The budgets the user may see, newest year first."""
    return Budget.objects.visible_to(user).select_related("adopted_by", "based_on")


def find_default_budget(user: User) -> Budget | None:
    """The budget a first page shows: the newest draft, else the newest adopted."""
    budgets = list(list_budgets(user).exclude(status=Budget.Status.PUBLISHED_FIGURES))
    drafts = [budget for budget in budgets if budget.status == Budget.Status.DRAFT and budget.kind != Budget.Kind.SCENARIO]
    return next(iter(drafts or budgets), None)


def find_earlier(budget: Budget) -> Budget | None:
    """The budget of the year before, to compare with: the one it is based on, else the adopted or published one."""
    if budget.based_on is not None and budget.based_on.fiscal_year == budget.fiscal_year - 1:
        return budget.based_on
    earlier = Budget.objects.filter(fiscal_year=budget.fiscal_year - 1).exclude(status=Budget.Status.DRAFT)
    return earlier.filter(replaced_by=None).order_by("-adopted_at").first()


def page_context(request: HttpRequest) -> dict[str, Any]:
    """The budget switcher and what the side bar needs; the current budget is the address's, else the default."""
    user: Any = request.user
    budgets = list(list_budgets(user))
    match = request.resolver_match
    slug = match.kwargs.get("budget") if match else None
    current = next((budget for budget in budgets if budget.slug == slug), None) or find_default_budget(user)
    if current is None:
        return {"roles": roles_of(user)}
    groups = [
        (_("In progress"), [_switcher_item(b, current) for b in budgets if b.status == Budget.Status.DRAFT]),
        (_("Adopted"), [_switcher_item(b, current) for b in budgets if b.status != Budget.Status.DRAFT]),
    ]
    return {
        "roles": roles_of(user),
        "nav_kwargs": {"budget": current.slug},
        "switcher": {"current": _switcher_item(current, current), "groups": [group for group in groups if group[1]]},
    }


STATES = {Budget.Status.DRAFT: "draft", Budget.Status.ADOPTED: "locked", Budget.Status.PUBLISHED_FIGURES: "locked"}


def _switcher_item(budget: Budget, current: Budget) -> dict[str, Any]:
    moment = budget.adopted_at or budget.created_at
    return {
        "name": budget.name,
        "kind": budget.get_kind_display(),
        "status": STATES[Budget.Status(budget.status)],
        "status_label": budget.get_status_display(),
        "date_label": date_format(moment, "j N Y"),
        "url": reverse("budgets:overview", args=[budget.slug]),
        "current": budget.pk == current.pk,
    }


def is_behind(budget: Budget) -> bool:
    """Whether totals or forecasts lack a change."""
    behind = RollUpState.objects.filter(sub_budget__budget=budget).exclude(changed=F("summed"))
    forecasts = ForecastState.objects.filter(budget=budget).exclude(changed=F("computed"))
    return behind.exists() or forecasts.exists()


def get_forecast_state(budget: Budget) -> ForecastState:
    """The budget's counters of changes and computed forecasts."""
    return ForecastState.objects.get(budget=budget)


# Sub-budgets and lines


def name_of(thing: Any) -> str:
    """A name in the reader's language, of anything with name_sv and name_en."""
    return str(thing.name_en if get_language() == "en" else thing.name_sv)


def list_sub_budgets(budget: Budget, user: User) -> QuerySet[SubBudget]:
    """The sub-budgets the user may see, with the number of lines."""
    rows = SubBudget.objects.visible_to(user).filter(budget=budget).select_related("governance_object", "budget")
    counted: QuerySet[SubBudget] = rows.annotate(line_count=Count("budget_products__cost_lines"))
    return counted


def own_sub_budgets(budget: Budget, user: User) -> QuerySet[SubBudget]:
    """The sub-budgets of the objects for which the user holds a role."""
    return list_sub_budgets(budget, user).filter(governance_object__in=objects_of(user, frozenset(Role)))


def can_edit(user: User, sub_budget: SubBudget) -> bool:
    """Whether the user may change lines: the economist in any draft, owners and managers in their own while in draft."""
    if sub_budget.budget.status != Budget.Status.DRAFT or sub_budget.status == SubBudget.Status.LOCKED:
        return False
    if Role.ECONOMIST in roles_of(user):
        return True
    in_draft = sub_budget.status == SubBudget.Status.DRAFT
    return in_draft and sub_budget.governance_object_id in objects_of(user, EDITORS)


def list_products(sub_budget: SubBudget, user: User) -> QuerySet[BudgetProduct]:
    """The sub-budget's products, each with its lines."""
    lines = CostLine.objects.visible_to(user).select_related("governance_object")
    products: QuerySet[BudgetProduct] = BudgetProduct.objects.visible_to(user).filter(sub_budget=sub_budget)
    return products.prefetch_related(Prefetch("cost_lines", lines))


def load_earlier_amounts(sub_budget: SubBudget, earlier: Budget | None) -> dict[Any, int]:
    """The year before's first amount of each line, öre by lineage."""
    if earlier is None:
        return {}
    rows = CostLine.objects.filter(budget=earlier, budget_product__sub_budget__lineage=sub_budget.lineage)
    return dict(rows.values_list("lineage", "amount_1_ore"))


def sum_lines(sub_budget: SubBudget) -> Amounts:
    """The sub-budget's true total now, öre, from its lines: never behind."""
    sums = CostLine.objects.filter(budget_product__sub_budget=sub_budget).aggregate(**amount_sums())
    return (sums["sum_1"] or 0, sums["sum_2"] or 0, sums["sum_3"] or 0)


# Totals


def load_totals_by_kind(budget: Budget) -> dict[CostKind, Amounts]:
    """A budget's stored totals per cost kind, öre."""
    rows = SubBudgetTotal.objects.filter(sub_budget__budget=budget).values("cost_kind").annotate(**amount_sums())
    return {CostKind(row["cost_kind"]): (row["sum_1"], row["sum_2"], row["sum_3"]) for row in rows}


def load_totals_by_sub_budget(budget: Budget) -> dict[Any, Amounts]:
    """A budget's stored totals per sub-budget's lineage, öre."""
    rows = SubBudgetTotal.objects.filter(sub_budget__budget=budget).values("sub_budget__lineage").annotate(**amount_sums())
    return {row["sub_budget__lineage"]: (row["sum_1"], row["sum_2"], row["sum_3"]) for row in rows}


def load_totals_by_category(budget: Budget) -> dict[str, Amounts]:
    """A budget's revenue per category, öre: the stored totals by their product's category."""
    rows = ProductTotal.objects.filter(sub_budget__budget=budget).values("budget_product__category").annotate(**amount_sums())
    return {row["budget_product__category"]: (row["sum_1"], row["sum_2"], row["sum_3"]) for row in rows}


def load_totals_by_product(budget: Budget) -> dict[tuple[str, str], Amounts]:
    """A budget's stored totals per (sub-budget slug, product name), öre."""
    keys = ("sub_budget__slug", "budget_product__name")
    rows = ProductTotal.objects.filter(sub_budget__budget=budget).values(*keys).annotate(**amount_sums())
    return {(row[keys[0]], row[keys[1]]): (row["sum_1"], row["sum_2"], row["sum_3"]) for row in rows}


@dataclass(frozen=True)
class GrantProduct:
    """A base-grant product with its cost and its use of equity, öre."""

    budget_product_id: int
    name: str
    cost: Amounts
    use_of_equity: Amounts


def load_grant_products(budget: Budget) -> list[GrantProduct]:
    """The base grant's products in order, with stored totals."""
    products = BudgetProduct.objects.filter(budget=budget, sub_budget__governance_object=None).prefetch_related("totals")
    return [_grant_product(product, list(product.totals.all())) for product in products.order_by("position", "pk")]


def _grant_product(product: BudgetProduct, totals: list[ProductTotal]) -> GrantProduct:
    equity = [total.amounts for total in totals if total.cost_kind == CostKind.USE_OF_EQUITY]
    cost = [total.amounts for total in totals if total.cost_kind != CostKind.USE_OF_EQUITY]
    return GrantProduct(product.pk, product.name, sum_amounts(cost), sum_amounts(equity))


# Published figures


def list_published_figures(budget: Budget) -> QuerySet[PublishedFigure]:
    """The figures printed in the budget's documents, in the documents' order."""
    return PublishedFigure.objects.filter(budget=budget).order_by("position")


def load_published(edition: str, table: str) -> dict[str, int]:
    """The printed tkr of one table's rows in an edition such as budget:2025."""
    rows = PublishedFigure.objects.filter(edition=edition, table=table, tkr__isnull=False)
    return dict(rows.values_list("row", "tkr"))
