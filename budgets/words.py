"""What people read of a sub-budget, on pages and in mail: its name, its steps, what comes next and what has changed.

Selectors say what is the case; these functions say it in the reader's language.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import cast
from uuid import UUID

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override, pgettext, pgettext_lazy

from budgets.models import COST_KINDS, Action, Budget, SubBudget, WorkflowStep
from budgets.selectors.bar import Bar
from budgets.selectors.changes import ChangedField, ChangedLine, Changes
from budgets.selectors.collaboration import Subject
from budgets.selectors.readiness import list_findings
from budgets.selectors.sheets import Sheet
from budgets.selectors.workflow import TRANSITIONS, Status
from engine.readiness import Check, Finding
from engine.years import AMOUNTS, Amounts
from web.names import name_of
from web.numbers import format_percent, format_quantity, format_sek


def place_name(sub_budget: SubBudget) -> str:
    """Return what a sub-budget is called beside others: with its budget."""
    return f"{name_of(sub_budget)}, {sub_budget.budget.name}"


def name_earlier(budget: Budget) -> str:
    """Return what the figures are called that a budget is compared with, as `find_earlier` finds them: a year."""
    if budget.replaces_id is not None:
        return _("%(year)s before revision") % {"year": budget.fiscal_year}
    if budget.made_from is not None:
        return _("%(year)s of the original") % {"year": budget.fiscal_year}
    return str(budget.fiscal_year - 1)


def place_within(sub_budget: SubBudget, subject: Subject) -> str:
    """Return the product and line that something is about, with their sub-budget; that alone when it is about the whole."""
    inner = "" if subject.kind == "sub_budget" else subject.full_name
    return ", ".join(filter(None, (inner, place_name(sub_budget))))


# Steps

STEP_LABELS: dict[Action, str | Promise] = {
    Action.SUBMIT: gettext_lazy("Submit"),
    Action.WITHDRAW: gettext_lazy("Take back to draft"),
    Action.APPROVE: pgettext_lazy("a sub-budget", "Approve"),
    Action.RETURN: gettext_lazy("Return with a comment"),
    Action.LOCK: pgettext_lazy("a sub-budget", "Lock"),
    Action.UNLOCK: pgettext_lazy("a sub-budget", "Unlock"),
}


@dataclass(frozen=True)
class StepButton:
    """A step that the reader may take."""

    action: Action
    label: str | Promise
    is_main: bool


def list_buttons(actions: Iterable[Action]) -> list[StepButton]:
    """Return the steps with their labels."""
    return [StepButton(action, STEP_LABELS[action], TRANSITIONS[action].is_main) for action in actions]


def say_late(days: int) -> str:
    """Return how late a step is; empty when it is not."""
    return ngettext("%(counter)s day late", "%(counter)s days late", days) % {"counter": days} if days else ""


def say_next(sub_budget: SubBudget) -> str:
    """Return who can do what next, in a sentence."""
    if sub_budget.budget.status != Budget.Status.DRAFT:
        return _("The budget is adopted, so nothing in it changes. The economist can make a revised budget.")
    if sub_budget.is_base_grant:
        return _GRANT_NEXT[Status(sub_budget.status)]()
    return _NEXT[Status(sub_budget.status)]()


_NEXT = {
    Status.DRAFT: lambda: _("The object's owner or manager finishes the lines and submits."),
    Status.SUBMITTED: lambda: _(
        "The steering group approves it, corrects small things itself, or returns it with a comment. The owner can take it back."
    ),
    Status.APPROVED: lambda: _("The economist locks it. The steering group can still return it with a comment."),
    Status.LOCKED: lambda: _("It is part of the compiled budget. The economist can unlock it, with a reason."),
}
_GRANT_NEXT = {
    Status.DRAFT: lambda: _("The economist finishes the lines and submits."),
    Status.SUBMITTED: lambda: _("The economist approves the base grant or takes it back."),
    Status.APPROVED: lambda: _("The economist locks it."),
    Status.LOCKED: _NEXT[Status.LOCKED],
}


# What to look at


@dataclass(frozen=True)
class Advice:
    """A finding in words, and the place on the sub-budget's page."""

    place: str
    where: str
    text: str


def list_warnings(sheet: Sheet, budget: Budget) -> list[Advice]:
    """Return what to look at before a sub-budget is submitted, in the page's order; the sheet must hold all lines."""
    return [_tell(finding, budget) for finding in list_findings(sheet, budget, unnamed=_placeholders())]


@cache
def _placeholders() -> Collection[str]:
    """Return what the grid calls a line that nobody has named yet, in both languages."""
    placeholders = set()
    for language in ("sv", "en"):
        with override(language):
            placeholders.add(_("New line"))
    return frozenset(placeholders)


def _tell(finding: Finding, budget: Budget) -> Advice:
    if finding.product is None:
        return Advice("lines", _("The whole"), _say(finding, budget))
    if finding.line is None:
        return Advice(f"product-{finding.product.key}", finding.product.name, _say(finding, budget))
    text = finding.line.text.strip() or _("line without text")
    where = f"{finding.product.name}, {text}"
    return Advice(f"line-{finding.line.key}", where, _say(finding, budget))


def _say(finding: Finding, budget: Budget) -> str:
    if finding.check == Check.JUMP:
        shown = {"percent": format_percent(finding.percent, signed=True), "limit": format_percent(budget.jump_percent)}
        why = _("%(percent)s %% against %(year)s, more than %(limit)s %%, and no note says why")
        bare = _("%(percent)s %% against %(year)s, more than %(limit)s %%")
        return (bare if finding.line is None else why) % {**shown, "year": name_earlier(budget)}
    return {
        Check.COPIED: _("depreciation, interest, staff time or server operation is copied and not yet calculated"),
        Check.NEW: _("it is new since %(year)s, and no note says why") % {"year": name_earlier(budget)},
        Check.EMPTY_YEAR: _("a plan year is empty, and no note says why"),
        Check.NEGATIVE: _("an amount is negative"),
        Check.INCOME: _("its income is larger than its cost, so its customers would be paid the rest"),
        Check.NO_LINES: _("the product has no lines"),
        Check.NO_TEXT: _("an amount has no text"),
        Check.ASSUMED: _("the amount is still assumed"),
    }[finding.check]


# What has changed


@dataclass(frozen=True)
class ShownField:
    """A field that differs: its name, and both values as shown."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class LineChange:
    """What became of a line, in words; `kind` is added, changed or deleted."""

    lineage: UUID
    kind: str
    text: str
    product: str
    fields: list[ShownField]
    by: str
    at: datetime


def say_since(bar: Bar, budget: Budget) -> str:
    """Return since when the bar's news are news, as the end of a sentence; empty when nothing was ever submitted or read."""
    if bar.look is not None:
        return _("you last marked as read or took a step, %(moment)s") % {"moment": _say_moment(bar.look.seen_at)}
    if isinstance(bar.turn, WorkflowStep):
        done = bar.turn.get_action_display().lower()
        return _("%(moment)s (%(done)s)") % {"moment": _say_moment(bar.turn.at), "done": done}
    if bar.turn is None:
        return ""
    if budget.based_on is None:
        return _("it was made")
    return _("it was copied from %(budget)s") % {"budget": budget.based_on.name}


def _say_moment(moment: datetime) -> str:
    return date_format(localtime(moment), "Y-m-d H:i")


def tell_sums(changes: Changes, years: Amounts) -> list[tuple[int, str]]:
    """Return by how much the changed lines together differ, SEK by year."""
    return [(year, ("+" if ore > 0 else "") + format_sek(ore)) for year, ore in zip(years, changes.change, strict=True)]


def tell_changes(changes: Changes, years: Amounts) -> list[LineChange]:
    """Return the changed lines in words."""
    labels = _labels(years)
    return [_tell_line(line, labels) for line in changes.lines]


def _tell_line(line: ChangedLine, labels: dict[str, str]) -> LineChange:
    fields = [_tell_field(field, labels, empty="–" if line.kind == "changed" else "") for field in line.fields]
    return LineChange(line.lineage, line.kind, line.text, line.product, fields, line.by, line.at)


def _tell_field(field: ChangedField, labels: dict[str, str], *, empty: str) -> ShownField:
    old, new = (empty if value in (None, "") else _show(field.name, value) for value in (field.old, field.new))
    return ShownField(labels[field.name], old, new)


def _labels(years: Amounts) -> dict[str, str]:
    return {
        "product": _("Product"),
        "text": _("Text"),
        "cost_kind": _("Cost kind"),
        "quantity": _("Quantity"),
        "unit_price_ore": _("Unit price, SEK"),
        **{name: str(year) for name, year in zip(AMOUNTS, years, strict=True)},
        "object": _("Object that the cost is for"),
        "note": pgettext("of a line", "Note"),
    }


def _show(name: str, value: object) -> str:
    if name in AMOUNTS or name == "unit_price_ore":
        return format_sek(cast(int, value))
    if name == "quantity":
        return format_quantity(cast(Decimal, value))
    return str(dict(COST_KINDS)[cast(str, value)]) if name == "cost_kind" else str(value)
