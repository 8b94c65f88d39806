"""What it will cost: budgets, sub-budgets, products in a budget, cost lines, rates, published figures and totals."""

from budgets.models.base import COST_KINDS, BudgetScopedQuerySet, Lineage
from budgets.models.budget import Budget, BudgetProduct, IndexRate, RevenueCategory, SubBudget
from budgets.models.figures import PublishedFigure
from budgets.models.keys import AllocationKey, KeyWeight
from budgets.models.lines import LINE_FIELDS, CostLine
from budgets.models.proposals import ProductProposal
from budgets.models.steps import EditStep
from budgets.models.totals import ForecastState, ProductTotal, RollUpState, SubBudgetTotal
from budgets.models.workflow import Action, Look, WorkflowStep

__all__ = [
    "COST_KINDS",
    "LINE_FIELDS",
    "Action",
    "AllocationKey",
    "Budget",
    "BudgetProduct",
    "BudgetScopedQuerySet",
    "CostLine",
    "EditStep",
    "ForecastState",
    "IndexRate",
    "KeyWeight",
    "Lineage",
    "Look",
    "ProductProposal",
    "ProductTotal",
    "PublishedFigure",
    "RevenueCategory",
    "RollUpState",
    "SubBudget",
    "SubBudgetTotal",
    "WorkflowStep",
]
