"""What a comment can be about, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from budgets.models import SubBudget
from budgets.selectors.collaboration import list_products


def list_subjects(sub_budget: SubBudget) -> list[tuple[str, list[tuple[str, str]]]]:
    """All that can be commented on, for a choice: the sub-budget, then each product with its lines."""
    groups = [("", [(str(sub_budget.lineage), _("The whole sub-budget"))])]
    for product in list_products(sub_budget):
        lines = [(str(line.lineage), line.text) for line in product.cost_lines.all()]
        whole = (str(product.lineage), _("%(name)s, all of it") % {"name": product.name})
        groups.append((product.name, [whole, *lines]))
    return groups
