"""What it will cost: budgets, sub-budgets, products in a budget, cost lines, rates, published figures and totals."""

from budgets.models.base import COST_KINDS, IS_COUNTED, BudgetScopedQuerySet, Lineage
from budgets.models.budget import Budget, BudgetProduct, IndexRate, RevenueCategory, SubBudget
from budgets.models.figures import PublishedFigure
from budgets.models.keys import AllocationKey, KeyWeight
from budgets.models.lines import LINE_FIELDS, CostLine
from budgets.models.proposals import ProductProposal
from budgets.models.rates import ChosenRate, PlanningRate
from budgets.models.steps import EditStep
from budgets.models.totals import ForecastState, ProductTotal, RollUpState, SubBudgetTotal
from budgets.models.workflow import Action, Look, WorkflowStep
from budgets.models.year import BudgetStart, ClockStep, StartedIndex

__all__ = [
    "COST_KINDS",
    "IS_COUNTED",
    "LINE_FIELDS",
    "Action",
    "AllocationKey",
    "Budget",
    "BudgetProduct",
    "BudgetScopedQuerySet",
    "BudgetStart",
    "ChosenRate",
    "ClockStep",
    "CostLine",
    "EditStep",
    "ForecastState",
    "IndexRate",
    "KeyWeight",
    "Lineage",
    "Look",
    "PlanningRate",
    "ProductProposal",
    "ProductTotal",
    "PublishedFigure",
    "RevenueCategory",
    "RollUpState",
    "StartedIndex",
    "SubBudget",
    "SubBudgetTotal",
    "WorkflowStep",
]
