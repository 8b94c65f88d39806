"""What people read of a decision in the register: who decides, and what it is worth."""

from __future__ import annotations

from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from desk.decisions.selectors import Worth
from engine.decisions import Condition, Standing
from objects.models import Decision

STANDINGS: dict[Standing, str | Promise] = {
    Standing.PLANNED: pgettext_lazy("decision", "planned"),
    Standing.WAITS: gettext_lazy("waits for something"),
    Standing.APPEALABLE: gettext_lazy("may be appealed"),
    Standing.IN_FORCE: gettext_lazy("in force"),
    Standing.UNKNOWN: gettext_lazy("decided, legal force not known"),
    Standing.NOTED: pgettext_lazy("decision", "noted"),
    Standing.SUPERSEDED: gettext_lazy("superseded"),
}


def name_body(decision: Decision) -> str:
    """Who decides: the board, or a municipality's council."""
    if decision.municipality is None:
        return str(decision.get_body_display())
    return _("council of %(municipality)s") % {"municipality": decision.municipality}


def say_worth(worth: Worth) -> str:
    """What a decision is worth, with the day or with what it waits for."""
    standing, day = worth.standing, worth.in_force_on
    if standing == Standing.WAITS:
        return _say_waits(worth.conditions, worth.still_open)
    if standing == Standing.IN_FORCE and day:
        return _("in force from %(day)s") % {"day": _shown(day)}
    if standing == Standing.APPEALABLE and day:
        return _("gains legal force %(day)s") % {"day": _shown(day)}
    return str(STANDINGS[standing])


def _say_waits(conditions: list[Condition], still_open: list[Condition]) -> str:
    counts = {"open": len(still_open), "all": len(conditions)}
    if all(condition.council for condition in conditions):
        said = ngettext(
            "waits for %(open)s of %(all)s council", "waits for %(open)s of %(all)s councils", counts["all"]
        )
    else:
        said = ngettext(
            "waits for %(open)s of %(all)s condition", "waits for %(open)s of %(all)s conditions", counts["all"]
        )
    return said % counts


def _shown(day: date) -> str:
    return date_format(day, "Y-m-d")
