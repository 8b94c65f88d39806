"""What people read of decisions: their names, and sentences on what is late or missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from objects.models import Decision
from objects.selectors.decisions import Lapse, LapseKind, list_lapses


def name_decision(decision: Decision) -> str:
    """Return a decision's place in the minutes, and its text: § 18, 2026-03-26: New guarantee."""
    place = ", ".join(
        filter(
            None,
            (
                f"§ {decision.paragraph}" if decision.paragraph else "",
                date_format(decision.meeting_on, "Y-m-d") if decision.meeting_on else "",
            ),
        )
    )
    return f"{place}: {decision}" if place else str(decision)


def list_warnings(decision: Decision, today: date) -> list[str]:
    """Return what is late or missing with a decision, and the day it should have been (rule 9)."""
    return [_SAYINGS[lapse.kind](lapse) for lapse in list_lapses(decision, today)]


def _say_not_announced(lapse: Lapse) -> str:
    said = _(
        "The day when the meeting was announced is missing. A meeting that adopts the budget is announced at least "
        "seven days before: by %(by)s."
    )
    return said % {"by": _shown(lapse.by)}


def _say_announced_late(lapse: Lapse) -> str:
    said = ngettext(
        "The meeting was announced %(announced)s, %(days)s day before. It should have been by %(by)s, seven days before.",
        "The meeting was announced %(announced)s, %(days)s days before. It should have been by %(by)s, seven days before.",
        lapse.days,
    )
    return said % {"announced": _shown(lapse.day), "days": lapse.days, "by": _shown(lapse.by)}


def _say_no_minutes(lapse: Lapse) -> str:
    said = _("The meeting was held %(day)s. Enter what it decided with its paragraph, or plan another meeting.")
    return said % {"day": _shown(lapse.day)}


def _say_noticed_late(lapse: Lapse) -> str:
    said = _(
        "The notice was put up %(day)s. It should have been by %(by)s, the second day after the minutes were approved."
    )
    return said % {"day": _shown(lapse.day), "by": _shown(lapse.by)}


_SAYINGS: dict[LapseKind, Callable[[Lapse], str]] = {
    LapseKind.NOT_ANNOUNCED: _say_not_announced,
    LapseKind.ANNOUNCED_LATE: _say_announced_late,
    LapseKind.NO_MINUTES: _say_no_minutes,
    LapseKind.NOTICED_LATE: _say_noticed_late,
}


def _shown(day: date | None) -> str:
    return date_format(day, "Y-m-d") if day else ""
