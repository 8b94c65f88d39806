"""What everything under a budget has in common: who sees it, and the lineage that ties it across versions."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.utils.translation import gettext_lazy as _

from engine.result import COUNTED, CostKind
from objects.models.roles import FEDERATION_ROLES, Role, roles_of

if TYPE_CHECKING:
    from accounts.models import User

COST_KINDS = [
    (CostKind.PERSONNEL.value, _("Personnel")),
    (CostKind.STAFF_TIME.value, _("Staff and overhead time")),
    (CostKind.SERVER_OPERATION.value, _("Server operation")),
    (CostKind.DIRECT_COST.value, _("Direct cost")),
    (CostKind.DEPRECIATION.value, _("Depreciation")),
    (CostKind.INTEREST.value, _("Interest")),
    (CostKind.USE_OF_EQUITY.value, _("Use of equity")),
    (CostKind.DEDUCTION.value, _("Deduction")),
    (CostKind.EQUIPMENT_SALES.value, _("Income: sale of equipment")),
    (CostKind.GRANTS.value, _("Income: grant")),
    (CostKind.FINANCIAL_INCOME.value, _("Income: financial")),
]
# Lines and sums that a product's revenue counts; the others are its income (engine.result).
IS_COUNTED = models.Q(cost_kind__in=sorted(COUNTED))


ADOPTED = "adopted"
DECIDED = (ADOPTED, "published")


Row = TypeVar("Row", bound=models.Model, covariant=True)


class BudgetScopedQuerySet(models.QuerySet[Row]):
    """Rows under a budget: the federation sees them all, a municipality officer those of budgets that are no draft.

    Of a year before the system there are printed figures only, which are public.
    """

    budget_path = "budget__"

    def visible_to(self, user: User) -> Self:
        roles = roles_of(user)
        if roles & FEDERATION_ROLES:
            return self
        if Role.MUNICIPALITY_OFFICER in roles:
            return self.filter(**{f"{self.budget_path}status__in": DECIDED})
        return self.none()

    def adopted(self) -> Self:
        """Return those of adopted budgets."""
        return self.filter(**{f"{self.budget_path}status": ADOPTED})


class SubBudgetScopedQuerySet(BudgetScopedQuerySet[Row]):
    budget_path = "sub_budget__budget__"


if TYPE_CHECKING:
    UUIDField = models.UUIDField[uuid.UUID | str, uuid.UUID]
else:
    UUIDField = models.UUIDField


class Lineage(UUIDField):
    """Ties the same row across versions of a budget; unique within one."""

    def __init__(self, **kwargs: Any) -> None:
        given = {"default": uuid.uuid4, "db_default": RandomUUID(), "editable": False, "verbose_name": _("Lineage")}
        super().__init__(**{**given, **kwargs})
