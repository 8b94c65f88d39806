"""What the commands share: finding a budget by its slug, its debt, and printing a readable table."""

import unicodedata
from collections.abc import Sequence

from django.core.management.base import CommandError, OutputWrapper

from budgets.models import Budget
from budgets.selectors.budgets import is_behind
from engine.stress import Debt
from forecasts.selectors.stress import Assumed, UnknownDebtError, load_classes, load_debt
from investments.selectors.loans import list_planned_loans
from investments.selectors.purchases import list_investments


def get_budget(slug: str) -> Budget:
    """Return the budget with this slug. Raises CommandError that lists those there are."""
    budget: Budget | None = Budget.objects.filter(slug=slug).first()
    if budget is None:
        known = (
            ", ".join(Budget.objects.order_by("slug").values_list("slug", flat=True))
            or "none yet: run manage.py load_demo"
        )
        raise CommandError(f"There is no budget {slug!r}. The budgets are: {known}.")
    return budget


def get_budget_with_forecasts(slug: str, stderr: OutputWrapper) -> Budget:
    """Find a budget that has forecasts, and say on `stderr` when they are behind. Raises CommandError."""
    budget = get_budget(slug)
    if budget.status == Budget.Status.PUBLISHED_FIGURES:
        raise CommandError(f"{budget.slug} is published figures only and has no forecasts.")
    if is_behind(budget):
        stderr.write(f"The forecasts of {budget.slug} are behind: run manage.py roll_up {budget.slug}.")
    return budget


def load_budget_debt(budget: Budget) -> tuple[Debt, list[Assumed]]:
    """Return the debt that a budget plans, and what of it is assumed. Raises CommandError where it can't be known."""
    try:
        _names, parents = load_classes()
        return load_debt(budget, list_planned_loans(budget), list_investments(budget), parents)
    except UnknownDebtError as error:
        named = ", ".join(f"{name} {year}" for name, year in error.missing)
        why = f"the repayments of {named} are not entered" if named else "no loan's debt is entered for a day before it"
        raise CommandError(f"The debt before the first year of {budget.slug} is not known: {why}.") from error


def format_table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Columns padded to their widest cell; numbers to the right, and those of years as years are written."""
    texts = [
        [str(cell) if name == "year" else _text(cell) for name, cell in zip(head, row, strict=True)] for row in rows
    ]
    widths = [max(len(row[i]) for row in [list(head), *texts]) for i in range(len(head))]
    numeric = [bool(rows) and all(row[i] is None or isinstance(row[i], int) for row in rows) for i in range(len(head))]
    lines = [_line(row, widths, numeric) for row in [list(head), ["-" * width for width in widths], *texts]]
    return "\n".join(lines)


def _text(cell: object) -> str:
    if cell is None:
        return "–"
    text = f"{cell:,}".replace(",", " ").replace("-", "−") if isinstance(cell, int) else str(cell)
    return unicodedata.normalize("NFC", text)


def _line(cells: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> str:
    padded = [
        cell.rjust(width) if right else cell.ljust(width)
        for cell, width, right in zip(cells, widths, numeric, strict=True)
    ]
    return "  ".join(padded).rstrip()
