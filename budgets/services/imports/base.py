"""What imports into a budget have in common: it is a draft, and its sub-budgets are held in the one order of locks."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _

from budgets.models import Budget, SubBudget
from budgets.selectors.budgets import read_budgets
from budgets.selectors.sub_budgets import can_edit, is_economist
from budgets.services.editing import request_roll_up
from records.import_kinds import ImportKind
from records.models import Import
from web.names import name_of

if TYPE_CHECKING:
    from accounts.models import User

TOUCHED = """
    SELECT DISTINCT p.sub_budget_id FROM records_importrow AS r JOIN budgets_budgetproduct AS p ON p.id IN (
        (r.values ->> 'budget_product_id')::bigint, (r.before ->> 'budget_product_id')::bigint)
    WHERE r.import_id = %s AND r.status IN ('new', 'changed', 'gone') ORDER BY 1"""
MOVED = """
    SELECT DISTINCT s.id FROM records_importrow AS r JOIN budgets_subbudget AS s ON s.id IN (
        (r.values ->> 'sub_budget_id')::bigint, (r.before ->> 'sub_budget_id')::bigint)
    WHERE r.import_id = %s AND r.status IN ('new', 'changed', 'gone') ORDER BY 1"""
LOCK = "SELECT FROM budgets_rollupstate WHERE sub_budget_id = ANY(%s) ORDER BY sub_budget_id FOR UPDATE"


class BudgetImport(ImportKind):
    """Rows of a draft budget; the period is the budget. `touched` finds the sub-budgets that it changes."""

    touched = TOUCHED

    def may(self, user: User) -> bool:
        """The economist."""
        return is_economist(user)

    def list_periods(self, user: User) -> list[tuple[str, str]]:
        """The drafts."""
        return [(row.slug, row.title) for row in read_budgets(user) if row.status == Budget.Status.DRAFT]

    def name_period(self, period: str) -> str:
        """The budget's name."""
        return Budget.objects.filter(slug=period).values_list("name", flat=True).first() or period

    def scope(self, period: str) -> tuple[str, dict[str, int | str]]:
        """The budget's rows."""
        return "t.budget_id = %(budget)s", {"budget": Budget.objects.get(slug=period).pk}

    def lock(self, row: Import, by: User) -> None:
        """Hold the sub-budgets; refuse where one may not be edited any more."""
        found = list_touched(self.touched, row)
        with connection.cursor() as cursor:
            cursor.execute(LOCK, [found])
        held = (
            SubBudget.objects.select_related("budget").select_for_update(of=("self",), no_key=True).filter(pk__in=found)
        )
        closed = [sub_budget for sub_budget in held.order_by("pk") if not can_edit(by, sub_budget)]
        if closed:
            names = ", ".join(name_of(sub_budget) for sub_budget in closed)
            raise ValidationError(
                _("%(names)s can't be changed any more: it is locked, or the budget is adopted.") % {"names": names}
            )

    def finish(self, row: Import) -> None:
        """Sum the sub-budgets anew."""
        for sub_budget in list_touched(self.touched, row):
            request_roll_up(sub_budget)


def list_touched(statement: str, row: Import) -> list[int]:
    """Return the primary keys of the sub-budgets that an import changes, in order."""
    with connection.cursor() as cursor:
        cursor.execute(statement, [row.pk])
        return [key for (key,) in cursor.fetchall()]


def load_sub_budgets(budget: Budget) -> dict[str, SubBudget]:
    """Return a budget's sub-budgets by slug and by name in both languages."""
    found: dict[str, SubBudget] = {}
    for row in SubBudget.objects.filter(budget=budget).select_related("budget"):
        found |= dict.fromkeys((row.slug.casefold(), row.name_sv.casefold(), row.name_en.casefold()), row)
    return found


def say_near(name: str, known: Iterable[str], words: str) -> str:
    """Return that a name is not known, with the nearest of the known ones; `words` say of what it is none."""
    near = next(iter(get_close_matches(name, list(known), n=1)), "")
    said = words % {"name": name}
    return " ".join([said, _("Nearest is %(near)s.") % {"near": near}]) if near else said
