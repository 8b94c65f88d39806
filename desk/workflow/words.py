"""What the economist is told of a decision to adopt a budget by."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from budgets.models import SubBudget
from engine.decisions import is_announced_in_time
from objects.models import Decision


def say_count(status: str, count: int) -> str:
    """Return how many sub-budgets have a status."""
    words = {
        SubBudget.Status.DRAFT: ngettext("%(count)s draft", "%(count)s drafts", count),
        SubBudget.Status.SUBMITTED: ngettext("%(count)s submitted", "%(count)s submitted", count),
        SubBudget.Status.APPROVED: ngettext("%(count)s approved", "%(count)s approved", count),
        SubBudget.Status.LOCKED: ngettext("%(count)s locked", "%(count)s locked", count),
    }
    return words[SubBudget.Status(status)] % {"count": count}


def warn_of_announcement(decision: Decision) -> str:
    """What is wrong with the announcement of the decision's meeting; empty when it was in time."""
    if decision.meeting_on is None or decision.announced_on is None:
        return _("it is not known whether the meeting was announced seven days before")
    if not is_announced_in_time(decision.meeting_on, decision.announced_on):
        days = (decision.meeting_on - decision.announced_on).days
        return _("the meeting was announced %(days)s days before, not seven") % {"days": max(days, 0)}
    return ""
