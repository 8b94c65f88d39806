"""What the economist is told of a decision to adopt a budget by."""

from __future__ import annotations

from django.utils.translation import gettext as _

from engine.decisions import is_announced_in_time
from objects.models import Decision


def warn_of_announcement(decision: Decision) -> str:
    """What is wrong with the announcement of the decision's meeting; empty when it was in time."""
    if decision.meeting_on is None or decision.announced_on is None:
        return _("it is not known whether the meeting was announced seven days before")
    if not is_announced_in_time(decision.meeting_on, decision.announced_on):
        days = (decision.meeting_on - decision.announced_on).days
        return _("the meeting was announced %(days)s days before, not seven") % {"days": max(days, 0)}
    return ""
