"""Who and what the tests of a whole budget's way need."""

from __future__ import annotations

from datetime import date
from typing import Any

from budgets.models import Budget, BudgetProduct, CostLine, SubBudget
from budgets.services.compiling import compile_budget, propose_budget
from objects.models import Decision
from records.tests.cast import find_user

OTHERS = ("objektagare", "objektledare", "styrgrupp", "direktion", "kommundirektor", "administrator", "revisor")
OUTSIDE = ("vimmerby", "utan.roll")
WAY = "/budgets/budget-2027/workflow/"


def budget(slug: str = "budget-2027") -> Budget:
    return Budget.objects.get(slug=slug)


def slugs() -> list[str]:
    return list(SubBudget.objects.filter(budget=budget()).values_list("slug", flat=True))


def statuses() -> set[str]:
    return set(SubBudget.objects.filter(budget=budget()).values_list("status", flat=True))


def approve_all() -> None:
    SubBudget.objects.filter(budget=budget()).update(status="approved")


def propose() -> None:
    approve_all()
    compile_budget(budget(), by=find_user("ekonom"))
    propose_budget(budget(), by=find_user("ekonom"))


def decide(**values: Any) -> Decision:
    given = {"body": "board", "kind": "adopt_budget", "text": "Budget 2027", "meeting_on": date(2026, 12, 20)}
    return Decision.objects.create(**{**given, "announced_on": date(2026, 12, 10), **values})


def make_negative() -> None:
    line = CostLine.objects.filter(
        budget=budget(), cost_kind="direct_cost", budget_product__sub_budget__slug="grundanslag"
    )
    product = BudgetProduct.objects.filter(budget=budget(), sub_budget__slug="grundanslag").earliest("pk")
    CostLine.objects.create(
        budget=budget(), budget_product=line[0].budget_product if line else product, text="Eget kapital",
        cost_kind="use_of_equity", amount_1_ore=-500_00, amount_2_ore=0, amount_3_ore=0,
    )  # fmt: skip
