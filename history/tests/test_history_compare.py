"""Two moments compared, where time really passes between changes."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from budgets.models import BudgetProduct, CostLine
from budgets.services.lines import add_line, change_line, delete_line
from history.differences import compare_lines, load_lines_at
from tests.cast import get_user

WHOLE = 114_200_000


def test_added_changed_deleted_and_moved_lines_are_told_apart(committed: str) -> None:
    by = get_user("ekonom")
    products = BudgetProduct.objects.filter(sub_budget__budget__slug="budget-2027", sub_budget__slug="socialtjanst")
    first, second, *_rest = products.select_related("sub_budget__budget").order_by("pk")

    def new_line(text: str) -> CostLine:
        values: dict[str, Any] = {"text": text, "cost_kind": "direct_cost", "amount_1_ore": WHOLE}
        return add_line(first, values, by=by)

    lines = {text: new_line(text) for text in ("changed", "deleted", "moved", "same")}
    middle = timezone.now()
    change_line(lines["changed"], {"amount_1_ore": 1}, by=by)
    delete_line(lines["deleted"], by=by)
    CostLine.objects.filter(pk=lines["moved"].pk).update(budget_product=second)
    new_line("added")
    sub_budget = first.sub_budget
    before, after = (load_lines_at(sub_budget.budget, at) for at in (middle, timezone.now()))
    found = compare_lines(before, after, [sub_budget], only=sub_budget.slug)
    assert {row.text: (row.was, row.now) for row in found.differences} == {
        "changed": (WHOLE, 1), "deleted": (WHOLE, None), "moved": (WHOLE, WHOLE), "added": (None, WHOLE),
    }  # fmt: skip
    assert len({str(row.what) for row in found.differences}) == 4
    assert found.total.change == 1 - WHOLE == sum(row.change for row in found.sums)
    assert found.total.change == sum(row.changes[0] for row in found.differences)
