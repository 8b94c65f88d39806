"""A framework's own page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from budgets.models import Budget
from budgets.selectors.budgets import find_default_budget
from desk.frameworks.base import InFramework, name_framework
from engine.framework import last_day_of_appeal
from forecasts.models import Forecast
from forecasts.selectors.councils import CouncilStep, list_low_headroom, list_old_guarantees
from forecasts.selectors.loans import load_year_debts
from forecasts.selectors.stored import load_stored
from investments.models import CouncilDecision
from objects.selectors.decisions import can_register
from pages.changes import load_changes
from pages.words import join
from web import marks
from web.numbers import format_tkr
from web.views import Context


@dataclass(frozen=True)
class CouncilRow:
    """A council with the last day to appeal, and whether its legal force is as entered."""

    step: CouncilStep
    last_appeal_on: date | None
    is_force_entered: bool


class FrameworkView(InFramework):
    """A framework: its members on the day, the councils' decisions, the recourse agreement, and warnings."""

    template_name = "desk/frameworks/framework.html"

    def get_title(self) -> str:
        """Return its name."""
        return name_framework(self.framework)

    def get_context_data(self, **kwargs: object) -> Context:
        """Read what belongs to it."""
        package = self.package_state
        agreement = package.agreement
        shown = {
            "state": self.state,
            "framework": self.framework,
            "package": package,
            "rows": [_row(step) for step in package.steps],
            "agreement": agreement,
            "shares_assumed": marks.say_doubt(_("The shares are"), agreement.provenance)
            if agreement is not None
            else "",
            "warnings": list(self.list_warnings(find_default_budget(self.reader))),
            "changes": load_changes(self.reader, self.framework, CouncilDecision),
            "can_register": can_register(self.reader),
            "today": package.on,
        }
        return super().get_context_data(**{**kwargs, **shown})

    def list_warnings(self, budget: Budget | None) -> list[tuple[str, str]]:
        """Return what to look out for, as (words, explanation); by the budget that a first page shows."""
        found = self._warn_of_missing()
        if budget is None:
            return found
        for council, year in list_old_guarantees(self.state, budget):
            words = _("The guarantee of %(name)s is older than ten years when a loan is raised in %(year)s")
            note = _("Ask the council to decide again before then. It decided on %(day)s.")
            day = council.decision.decided_on if council.decision is not None else None
            found.append((words % {"name": council.municipality.name, "year": year}, note % {"day": day}))
        debts = load_year_debts(budget, load_stored(budget, Forecast.Kind.LOAN)[Forecast.Kind.LOAN])
        for row in list_low_headroom(self.state, debts):
            left = self.state.headroom_over(row.debt) or 0
            words = (
                _("The debt is %(amount)s tkr above the framework at the end of %(year)s")
                if left < 0
                else _("%(amount)s tkr is left of the framework at the end of %(year)s")
            )
            note = _("By %(budget)s.") % {"budget": budget.name}
            found.append((words % {"amount": format_tkr(abs(left)), "year": row.year}, note))
        return found

    def _warn_of_missing(self) -> list[tuple[str, str]]:
        missing = [council.municipality.name for council in self.state.missing]
        if not missing:
            return []
        words = ngettext(
            "%(count)s council's decision is missing", "%(count)s councils' decisions are missing", len(missing)
        )
        note = _(
            "The framework is in force when every member's council has decided with legal force. Missing: %(names)s."
        )
        return [(words % {"count": len(missing)}, note % {"names": join(missing)})]


def _row(step: CouncilStep) -> CouncilRow:
    decision = step.council.decision
    announced = decision.announced_on if decision is not None else None
    entered = decision is not None and decision.legal_force_on is not None
    return CouncilRow(step, last_day_of_appeal(announced) if announced else None, entered)
