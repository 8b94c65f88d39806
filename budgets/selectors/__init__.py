"""What pages, jobs and commands read of a budget. Every read for a person starts from `visible_to`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, Prefetch, Q, QuerySet, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from budgets.models import (
    Budget,
    BudgetProduct,
    CostLine,
    ForecastState,
    PublishedFigure,
    RollUpState,
    SubBudget,
    SubBudgetTotal,
)
from budgets.models.budget import BudgetQuerySet
from budgets.selectors.totals import AMOUNT_FIELDS, load_totals_by_kind, load_totals_by_sub_budget
from engine.money import ORE_PER_TKR, percent, round_to_tkr
from engine.result import CostKind, result_rows
from engine.years import Amounts
from objects.models import GovernanceObject
from objects.models.roles import EDITORS, REVIEWERS, Role, objects_of, roles_of
from objects.selectors import Text, list_texts

if TYPE_CHECKING:
    from accounts.models import User

# What filters call the base grant, which is no object.
BASE_GRANT = "base_grant"

# Budgets


def list_budgets(user: User) -> BudgetQuerySet:
    """The budgets the user may see, newest year first."""
    rows: BudgetQuerySet = Budget.objects.visible_to(user).select_related("adopted_by", "based_on")
    return rows


def find_default_budget(user: User) -> Budget | None:
    """The budget a first page shows: the newest draft, else the newest adopted."""
    budgets = list(list_budgets(user).exclude(status=Budget.Status.PUBLISHED_FIGURES))
    drafts = [
        budget for budget in budgets if budget.status == Budget.Status.DRAFT and budget.kind != Budget.Kind.SCENARIO
    ]
    return next(iter(drafts or budgets), None)


def find_earlier(budget: Budget) -> Budget | None:
    """The budget of the year before, to compare with: the one it is based on, else the adopted or published one."""
    if budget.based_on is not None and budget.based_on.fiscal_year == budget.fiscal_year - 1:
        return budget.based_on
    earlier = Budget.objects.filter(fiscal_year=budget.fiscal_year - 1).exclude(status=Budget.Status.DRAFT)
    return earlier.not_replaced().order_by("-adopted_at").first()


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
        "status_label": budget.stage,
        "date_label": date_format(moment, "j N Y"),
        "url": reverse("reports:overview", args=[budget.slug]),
        "current": budget.pk == current.pk,
    }


def is_behind(budget: Budget) -> bool:
    """Whether totals or forecasts lack a change."""
    behind = RollUpState.objects.filter(sub_budget__budget=budget).exclude(changed=F("summed"))
    forecasts = ForecastState.objects.filter(budget=budget).exclude(changed=F("computed"))
    return behind.exists() or forecasts.exists()


# Sub-budgets and lines


def name_of(thing: Any) -> str:
    """A name in the reader's language, of anything with name_sv and name_en."""
    return str(thing.name_en if get_language() == "en" else thing.name_sv)


def list_sub_budgets(budget: Budget, user: User) -> QuerySet[SubBudget]:
    """The sub-budgets the user may see, in their order, with the number of lines."""
    rows = SubBudget.objects.visible_to(user).filter(budget=budget).select_related("governance_object", "budget")
    counted: QuerySet[SubBudget] = rows.annotate(line_count=Count("budget_products__cost_lines"))
    return counted.order_by("position", "pk")


def own_sub_budgets(budget: Budget, user: User) -> QuerySet[SubBudget]:
    """The sub-budgets of the objects for which the user holds a role."""
    return list_sub_budgets(budget, user).filter(governance_object__in=objects_of(user, frozenset(Role)))


MAY_EDIT: dict[str, frozenset[Role]] = {SubBudget.Status.DRAFT: EDITORS, SubBudget.Status.SUBMITTED: REVIEWERS}


def can_edit(user: User, sub_budget: SubBudget) -> bool:
    """Whether the user may change lines: owners and managers in draft, the steering group corrects while submitted.

    The economist may until the sub-budget is locked or the budget adopted.
    """
    if sub_budget.budget.status != Budget.Status.DRAFT or sub_budget.status == SubBudget.Status.LOCKED:
        return False
    if Role.ECONOMIST in roles_of(user):
        return True
    allowed = MAY_EDIT.get(sub_budget.status, frozenset())
    return sub_budget.governance_object_id in objects_of(user, allowed)


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


# Published figures


def list_published_figures(budget: Budget) -> QuerySet[PublishedFigure]:
    """The figures printed in the budget's documents, in the documents' order."""
    return PublishedFigure.objects.filter(budget=budget).order_by("position")


def load_published(edition: str, table: str) -> dict[str, int]:
    """The printed tkr of one table's rows in an edition such as budget:2025."""
    rows = PublishedFigure.objects.filter(edition=edition, table=table, tkr__isnull=False)
    return dict(rows.values_list("row", "tkr"))


# Comparisons for pages


@dataclass(frozen=True)
class Compared:
    """Three years' amounts beside the first of the year before, öre; None where that is not known."""

    amounts: Amounts
    earlier: int | None

    @property
    def change(self) -> int | None:
        """By how much the budget year differs from the year before."""
        return None if self.earlier is None else self.amounts[0] - self.earlier

    @property
    def percent(self) -> Decimal | None:
        """The change in per cent of the year before."""
        return None if self.earlier is None else percent(self.amounts[0] - self.earlier, abs(self.earlier))


@dataclass(frozen=True)
class SubBudgetRow(Compared):
    """A sub-budget in a list, with its stored totals."""

    sub_budget: SubBudget
    name: str
    line_count: int


def find_budget(user: User, slug: str) -> Budget | None:
    """The budget with this slug, if the user may see it."""
    return list_budgets(user).filter(slug=slug).first()


def find_sub_budget(user: User, budget: str, slug: str) -> SubBudget | None:
    """The sub-budget with this slug in the budget with that one, if the user may see both."""
    found = SubBudget.objects.visible_to(user).filter(budget__slug=budget, slug=slug)
    return found.select_related("governance_object", "budget").order_by().first()


def list_own_texts(sub_budget: SubBudget) -> list[Text]:
    """What is written about a sub-budget's object: in a draft as it is now, else as it was when the budget was adopted."""
    is_draft = sub_budget.budget.status == Budget.Status.DRAFT
    return list_texts(sub_budget.governance_object if is_draft and sub_budget.governance_object else sub_budget)


def find_product(sub_budget: SubBudget, user: User, lineage: Any) -> BudgetProduct | None:
    """One of the sub-budget's products, by lineage."""
    products = BudgetProduct.objects.visible_to(user).filter(sub_budget=sub_budget, lineage=lineage)
    found: BudgetProduct | None = products.select_related("sub_budget__budget", "budget").first()
    return found


def find_line(sub_budget: SubBudget, user: User, lineage: Any) -> CostLine | None:
    """One of the sub-budget's lines, by lineage."""
    lines = CostLine.objects.visible_to(user).filter(budget_product__sub_budget=sub_budget, lineage=lineage)
    found: CostLine | None = lines.select_related("budget_product__sub_budget__budget", "governance_object").first()
    return found


def list_lines(budget: Budget, user: User) -> QuerySet[CostLine]:
    """All cost lines of a budget that the user may see."""
    lines: QuerySet[CostLine] = CostLine.objects.visible_to(user).filter(budget=budget)
    order = ("budget_product__sub_budget__position", "budget_product__position", "position", "pk")
    return lines.select_related("budget_product__sub_budget").order_by(*order)


def list_choices(budget: Budget, user: User) -> QuerySet[BudgetProduct]:
    """The budget's products with their sub-budgets, for filters."""
    products: QuerySet[BudgetProduct] = BudgetProduct.objects.visible_to(user).filter(budget=budget)
    return products.select_related("sub_budget").order_by("sub_budget__position", "position", "pk")


def list_governance_objects() -> QuerySet[GovernanceObject]:
    """The objects that a line of the base grant can be held against."""
    return GovernanceObject.objects.order_by("position")


IN_BASE_GRANT = Q(budget_product__sub_budget__governance_object=None)
STAYS_IN_BASE_GRANT = Q(governance_object=None) | Q(cost_kind=CostKind.USE_OF_EQUITY)
HELD_AGAINST_OBJECTS = IN_BASE_GRANT & ~STAYS_IN_BASE_GRANT


def counted_to(governance_object: str) -> Q:
    """Which lines are the cost of an object, by its slug, or of BASE_GRANT.

    Lines of the base grant that name an object are counted to it. Use of equity is nobody's cost and stays.
    """
    if governance_object == BASE_GRANT:
        return IN_BASE_GRANT & STAYS_IN_BASE_GRANT
    own = Q(budget_product__sub_budget__governance_object__slug=governance_object)
    return own | (HELD_AGAINST_OBJECTS & Q(governance_object__slug=governance_object))


def sum_all(lines: QuerySet[CostLine]) -> dict[str, int]:
    """The sum of each year's amount over the lines, öre."""
    sums = lines.order_by().aggregate(**{name: Sum(name, default=0) for name in AMOUNT_FIELDS})
    return {name: int(total) for name, total in sums.items()}


def list_sub_budget_rows(
    sub_budgets: Iterable[SubBudget], budget: Budget, earlier: Budget | None
) -> list[SubBudgetRow]:
    """Sub-budgets with their stored totals beside the year before's."""
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
    """The year before's total of each sub-budget, öre by slug: stored, or as published when there is nothing else."""
    if earlier is None:
        return None
    if earlier.status == Budget.Status.PUBLISHED_FIGURES:
        return load_published_sub_budgets(f"budget:{earlier.fiscal_year}")
    rows = SubBudgetTotal.objects.filter(sub_budget__budget=earlier).values_list("sub_budget__slug")
    return dict(rows.annotate(total=Sum("amount_1_ore")))


def load_published_sub_budgets(edition: str) -> dict[str, int]:
    """The printed totals of all sub-budgets in an edition, öre by slug."""
    figures = PublishedFigure.objects.filter(
        edition=edition, table__startswith="sub_budget/", row="TOTAL", tkr__isnull=False
    )
    return {table.partition("/")[2]: tkr * ORE_PER_TKR for table, tkr in figures.values_list("table", "tkr")}


def load_sub_budget_names() -> dict[str, str]:
    """The sub-budgets' names by slug, in their newest order, for tables that only name the slug."""
    rows = SubBudget.objects.order_by("position", "-budget__fiscal_year").only("slug", "name_sv", "name_en", "position")
    names: dict[str, str] = {}
    for row in rows:
        names.setdefault(row.slug, name_of(row))
    return names


def find_newest_adopted(user: User) -> Budget | None:
    """The adopted budget of the latest year that the user may see."""
    found: Budget | None = list_budgets(user).filter(status=Budget.Status.ADOPTED).not_replaced().first()
    return found


def differ_by_rounding(parts: Sequence[int], total: int) -> bool:
    """Whether the parts as shown in tkr miss the total as shown (rule 1 then asks for a footnote)."""
    return sum(round_to_tkr(part) for part in parts) != round_to_tkr(total)


@dataclass(frozen=True)
class Progress:
    """How far the forecasts are: the counter that is computed, when, and whether changes are waiting."""

    computed: int
    computed_at: Any
    behind: bool


def load_progress(budget: Budget) -> Progress:
    """A budget's progress, in one query."""
    waiting = RollUpState.objects.filter(sub_budget__budget=budget).exclude(changed=F("summed"))
    state = ForecastState.objects.filter(budget=budget).annotate(waiting=Exists(waiting)).first()
    if state is None:
        return Progress(0, None, behind=True)
    return Progress(state.computed, state.computed_at, behind=state.waiting or state.changed != state.computed)


def load_result(budget: Budget) -> dict[str, Amounts]:
    """The income statement from the stored totals, öre by row (rule 3)."""
    return result_rows(load_totals_by_kind(budget))


def list_neighbours(sub_budget: SubBudget, user: User) -> tuple[SubBudget | None, SubBudget | None]:
    """The sub-budgets before and after this one."""
    rows = list(SubBudget.objects.visible_to(user).filter(budget=sub_budget.budget).order_by("position", "pk"))
    place = next(index for index, row in enumerate(rows) if row.pk == sub_budget.pk)
    return rows[place - 1] if place else None, rows[place + 1] if place + 1 < len(rows) else None
