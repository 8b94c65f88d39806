"""What the economist reads on the way to adoption: free decisions, what was announced too late, and revisions."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from budgets.models import Budget
from budgets.selectors.budgets import list_budgets
from objects.models import Decision

if TYPE_CHECKING:
    from accounts.models import User

# Rule 9: the meeting that sets the budget is announced at least seven days before.
ANNOUNCED_BEFORE = timedelta(days=7)


def list_free_decisions(user: User) -> QuerySet[Decision]:
    """Decisions to adopt a budget by which none is adopted yet, and which no later one supersedes, newest first."""
    rows: QuerySet[Decision] = Decision.objects.visible_to(user).filter(kind=Decision.Kind.ADOPT_BUDGET)
    return rows.filter(adopted_budgets=None, superseded_by=None)


def name_decision(decision: Decision) -> str:
    """A decision's date, paragraph and text, and what is to be known about its announcement."""
    day = date_format(decision.meeting_on, "Y-m-d") if decision.meeting_on else _("date not known")
    paragraph = f" § {decision.paragraph}" if decision.paragraph else ""
    warning = warn_of_announcement(decision)
    return f"{day}{paragraph}: {decision}" + (f" ({warning})" if warning else "")


def warn_of_announcement(decision: Decision) -> str:
    """What is wrong with the announcement of the decision's meeting; empty when it was in time."""
    if decision.meeting_on is None or decision.announced_on is None:
        return _("it is not known whether the meeting was announced seven days before")
    if decision.meeting_on - decision.announced_on < ANNOUNCED_BEFORE:
        days = (decision.meeting_on - decision.announced_on).days
        return _("the meeting was announced %(days)s days before, not seven") % {"days": max(days, 0)}
    return ""


def find_revision(budget: Budget, user: User) -> Budget | None:
    """The budget that replaces this one or will when it is adopted, if the user may see it."""
    found: Budget | None = list_budgets(user).filter(replaces=budget).first()
    return found


def is_name_taken(name: str, slug: str) -> bool:
    """Whether a budget has this name or address."""
    return Budget.objects.filter(Q(name__iexact=name) | Q(slug=slug)).exists()
