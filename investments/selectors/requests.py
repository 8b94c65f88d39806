"""Supplementary requests: who may write them, which there are, and what they may name."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet

from budgets.models import Budget, BudgetProduct, CostLine
from budgets.selectors.sub_budgets import is_economist
from investments.models import SupplementaryRequest
from objects.models import Decision, GovernanceObject
from objects.models.roles import EDITORS, objects_of

if TYPE_CHECKING:
    from accounts.models import User

State = SupplementaryRequest.State


def can_ask(user: User) -> bool:
    """Return whether the user may ask for money: the economist, and who owns or manages an object."""
    return is_economist(user) or bool(objects_of(user, EDITORS))


def can_write(user: User, request: SupplementaryRequest) -> bool:
    """Return whether the user may change a request: while it is a draft, of an own object; the economist any."""
    if request.state != State.DRAFT:
        return False
    return is_own(user, request)


def is_own(user: User, request: SupplementaryRequest) -> bool:
    """Return whether a request is of an object that the user owns or manages; the economist keeps all."""
    return is_economist(user) or request.governance_object_id in objects_of(user, EDITORS)


def list_own_objects(user: User) -> QuerySet[GovernanceObject]:
    """Return the objects that the user may ask for."""
    rows: QuerySet[GovernanceObject] = GovernanceObject.objects.visible_to(user).order_by("position")
    return rows if is_economist(user) else rows.filter(pk__in=objects_of(user, EDITORS))


def list_requests(budget: Budget, user: User) -> QuerySet[SupplementaryRequest]:
    """Return the requests of a budget's year that the user may see: the drafts first, then the newest."""
    rows: QuerySet[SupplementaryRequest] = SupplementaryRequest.objects.visible_to(user)
    related = (
        "governance_object",
        "asset_class",
        "product",
        "decision",
        "asked_by",
        "answered_by",
        "gathered_in",
        "budget",
    )
    return rows.filter(budget__fiscal_year=budget.fiscal_year).select_related(*related).order_by("-submitted_at", "-pk")


def find_request(budget: Budget, uuid: UUID, user: User) -> SupplementaryRequest | None:
    """Return a request of a budget's year that the user may see."""
    return list_requests(budget, user).filter(uuid=uuid).first()


def find_in_force(budget: Budget) -> Budget | None:
    """Return the adopted budget of the same year that no adopted one replaces: what is asked for comes on top of it."""
    rows = Budget.objects.filter(fiscal_year=budget.fiscal_year, status=Budget.Status.ADOPTED)
    return rows.not_replaced().order_by("-adopted_at").first()


def find_draft_revision(budget: Budget) -> Budget | None:
    """Return the revised budget under way that is to replace the one in force of the same year."""
    in_force = find_in_force(budget)
    if in_force is None:
        return None
    found: Budget | None = Budget.objects.filter(replaces=in_force, status=Budget.Status.DRAFT).first()
    return found


def list_products(budget: Budget, user: User) -> QuerySet[BudgetProduct]:
    """Return the products that the user may ask money for: those of own objects, of all for the economist."""
    rows: QuerySet[BudgetProduct] = BudgetProduct.objects.filter(budget=budget).select_related("sub_budget", "product")
    if not is_economist(user):
        rows = rows.filter(sub_budget__governance_object__in=objects_of(user, EDITORS))
    return rows.order_by("sub_budget__position", "position", "pk")


def list_lines_to_lower(budget: Budget, user: User) -> QuerySet[CostLine]:
    """Return the entered cost lines that a request within the object can take from."""
    rows: QuerySet[CostLine] = CostLine.objects.filter(
        budget=budget, is_calculated=False, cost_kind__in=("direct_cost", "personnel")
    )
    if not is_economist(user):
        rows = rows.filter(budget_product__sub_budget__governance_object__in=objects_of(user, EDITORS))
    rows = rows.exclude(amount_1_ore__lte=0, amount_2_ore__lte=0, amount_3_ore__lte=0)
    return rows.select_related("budget_product__sub_budget").order_by(
        "budget_product__sub_budget__position", "budget_product__position", "position", "pk"
    )


def list_request_decisions() -> QuerySet[Decision]:
    """Return the decisions that can answer a request: what is decided on requests, and on budgets that gather them."""
    kinds = (Decision.Kind.GRANT_REQUEST, Decision.Kind.ADOPT_BUDGET)
    return Decision.objects.filter(kind__in=kinds, stage=Decision.Stage.DECIDED).order_by("-meeting_on", "pk")


def list_to_gather(requests: QuerySet[SupplementaryRequest]) -> list[SupplementaryRequest]:
    """Return the granted requests that no revised budget holds yet."""
    return [row for row in requests if row.is_granted and row.gathered_in_id is None]
