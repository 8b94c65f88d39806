"""What has changed since a page was shown, in the reader's words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from budgets.models import Budget
from budgets.services.shown import ChangedRows, ShownChanges
from budgets.words import LineChange, tell_changes
from web.names import name_of


@dataclass(frozen=True)
class ToldChanges:
    """Changed lines by the sub-budget's name and slug, and sentences on what else has changed."""

    lines: list[tuple[str, str, list[LineChange]]]
    others: list[str]


def tell_shown_changes(changes: ShownChanges, budget: Budget) -> ToldChanges:
    """Return what has changed since a page of the budget was shown."""
    lines = [(name_of(row), row.slug, tell_changes(changed, budget.years)) for row, changed in changes.lines]
    return ToldChanges(lines, [_say(rows) for rows in changes.others])


def _say(rows: ChangedRows) -> str:
    said = ngettext("%(what)s: %(count)s change", "%(what)s: %(count)s changes", rows.count)
    name = str(rows.model._meta.verbose_name_plural)
    shown = said % {"what": name[:1].upper() + name[1:], "count": rows.count}
    return shown + (_(", by %(names)s") % {"names": ", ".join(rows.authors)} if rows.authors else "")
