"""What the economist is told of a decision to adopt a budget by."""

from __future__ import annotations

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from budgets.models import Budget, SubBudget
from engine.decisions import is_announced_in_time
from forecasts.selectors.adoption import is_name_taken
from objects.models import Decision


def name_revision(budget: Budget) -> str:
    """Return a free name for the revision of a budget, which says once that it is one."""
    word = str(Budget.Kind.REVISED.label)
    first = budget.name if word in budget.name else _("%(budget)s, revised") % {"budget": budget.name}
    names = [first, *(f"{first} {number}" for number in range(2, 20))]
    return next((name for name in names if not is_name_taken(name, slugify(name)[:60])), first)


def say_count(state: str, count: int) -> str:
    """Return how many sub-budgets have a state."""
    words = {
        SubBudget.Status.DRAFT: ngettext("%(count)s draft", "%(count)s drafts", count),
        SubBudget.RETURNED: ngettext("%(count)s returned", "%(count)s returned", count),
        SubBudget.Status.SUBMITTED: ngettext("%(count)s submitted", "%(count)s submitted", count),
        SubBudget.Status.APPROVED: ngettext("%(count)s approved", "%(count)s approved", count),
        SubBudget.Status.LOCKED: ngettext("%(count)s locked", "%(count)s locked", count),
    }
    return words[state] % {"count": count}


def warn_of_announcement(decision: Decision) -> str:
    """What is wrong with the announcement of the decision's meeting; empty when it was in time."""
    if decision.meeting_on is None or decision.announced_on is None:
        return _("it is not known whether the meeting was announced seven days before")
    if not is_announced_in_time(decision.meeting_on, decision.announced_on):
        days = (decision.meeting_on - decision.announced_on).days
        return _("the meeting was announced %(days)s days before, not seven") % {"days": max(days, 0)}
    return ""
