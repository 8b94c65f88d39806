"""Who and what the tests of a sub-budget's way need."""

from __future__ import annotations

from budgets.models import Action, CostLine, SubBudget, WorkflowStep
from budgets.services.workflow import take_step
from records.tests.cast import find_user

OWNER, GROUP, ECONOMIST = "objektagare", "styrgrupp", "ekonom"
PEOPLE = (
    OWNER,
    "objektledare",
    GROUP,
    ECONOMIST,
    "direktion",
    "kommundirektor",
    "vimmerby",
    "administrator",
    "revisor",
    "utan.roll",
)
OWN, OTHER, GRANT = "socialtjanst", "klient", "grundanslag"
NEW = {"text": "Licenser", "cost_kind": "direct_cost", "amount_1_ore": 100, "amount_2_ore": 200, "amount_3_ore": 300}


def sub_budget(slug: str = OWN, status: str | None = None, budget: str = "budget-2027") -> SubBudget:
    rows = SubBudget.objects.filter(slug=slug, budget__slug=budget)
    if status is not None:
        rows.update(status=status)
    found: SubBudget = rows.select_related("budget").get()
    return found


def line_of(slug: str = OWN) -> CostLine:
    lines = CostLine.objects.filter(budget__slug="budget-2027", budget_product__sub_budget__slug=slug)
    found: CostLine = lines.select_related("budget_product__sub_budget__budget").earliest("pk")
    return found


def take(action: Action, by: str, comment: str = "because", slug: str = OWN) -> WorkflowStep:
    return take_step(sub_budget(slug), action, by=find_user(by), comment=comment)
