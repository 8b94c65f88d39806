"""Plans the loans of a budget's new last year, and says what can't be with repayments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from budgets.models import Budget
from budgets.services.totals import execute
from engine.loans import PlanFault, find_plan_faults
from records.reasons import Reason
from records.services import change
from web.numbers import format_sek

if TYPE_CHECKING:
    from collections.abc import Mapping


# The last year is new: it borrows for what it plans to buy, as the year before did.
ADD_LAST_YEAR = """
    INSERT INTO investments_plannedloan (budget_id, purpose, year, principal_ore, asset_class_id, life_years, provenance, note)
    SELECT %(target)s, purpose, %(year)s, principal_ore, asset_class_id, life_years, 'assumed', note
    FROM investments_plannedloan WHERE budget_id = %(source)s AND year = %(year)s - 1 AND purpose = 'investments'"""


def borrow_in_last_year(source: Budget, target: Budget, *, by: str) -> None:
    """Give `target`, a copy of `source` one year on, the loans of its last year."""
    with change(by=by, reason=Reason.COPY_FORWARD, budget=source.slug):
        execute(ADD_LAST_YEAR, {"source": source.pk, "target": target.pk, "year": target.years[2]})


def find_repayment_faults(debt_ore: int, plan: Mapping[int, int], *, raised_year: int = 0) -> list[str]:
    """Return in words what can't be with a loan's repayments, öre by year; triggers hold the same (rule 8)."""
    repaid = sum(plan.values())
    says = {
        PlanFault.BEFORE: _("The loan is raised in %(year)s. Remove the repayments before that year."),
        PlanFault.EXCEEDS: _(
            "The repayments total %(repaid)s kr, more than the loan of %(debt)s kr. Reduce them by %(over)s kr."
        ),
    }
    shown = {
        name: format_sek(ore) for name, ore in (("repaid", repaid), ("debt", debt_ore), ("over", repaid - debt_ore))
    }
    return [says[fault] % {"year": raised_year, **shown} for fault in find_plan_faults(debt_ore, plan, raised_year)]
