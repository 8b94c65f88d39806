"""What is governed, and by whom."""

from objects.models.contracts import Contract
from objects.models.decisions import Decision, DecisionCondition
from objects.models.governance import EssentialTexts, GovernanceObject, Product
from objects.models.parties import Customer, Federation, Inhabitants, Municipality
from objects.models.plans import DevelopmentItem, ObjectPlan
from objects.models.roles import Role, RoleAssignment
from objects.models.tokens import ApiToken, ApiTokenUse, Scope

__all__ = [
    "ApiToken",
    "ApiTokenUse",
    "Contract",
    "Customer",
    "Decision",
    "DecisionCondition",
    "DevelopmentItem",
    "EssentialTexts",
    "Federation",
    "GovernanceObject",
    "Inhabitants",
    "Municipality",
    "ObjectPlan",
    "Product",
    "Role",
    "RoleAssignment",
    "Scope",
]
