"""Published figures of a budget's documents: entered, corrected and removed, whatever the budget's status.

They are what was printed. A figure that somebody has linked a reason to keeps its place until the reason is removed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _

from budgets.models import Budget, PublishedFigure
from engine.years import EDITION_KINDS, split_edition
from forecasts.models import ReconciliationReason
from objects.selectors.registers import Register
from objects.services.registers import InUseError, hold, open_register, remove_row, require_mark
from records.reasons import Reason
from records.selectors.uses import Use
from records.services.stale import digest_of
from web.faults import retried

if TYPE_CHECKING:
    from accounts.models import User

REGISTER = Register(
    (PublishedFigure,),
    frozenset({Reason.ADD_FIGURE, Reason.CHANGE_FIGURE, Reason.REMOVE_FIGURE, Reason.UNDO_REGISTER}),
)
PLACE = ("table", "row", "column")
FIELDS = (*PLACE, "edition", "label", "tkr", "is_unknown", "note")
LARGEST_TKR = 10**10


def find_figure_faults(figure: PublishedFigure) -> list[tuple[str, str]]:
    """Return what can't be with a published figure, as (field, words)."""
    faults = []
    if figure.is_unknown != (figure.tkr is None):
        said = _("Write the amount as printed, or say that it is not yet known; not both.")
        faults.append(("tkr", said))
    if figure.tkr is not None and abs(figure.tkr) > LARGEST_TKR:
        faults.append(("tkr", _("Write an amount in tkr. This one is too large.")))
    kind, year = split_edition(figure.edition)
    if kind not in EDITION_KINDS:
        faults.append(("edition_kind", _("Choose what kind of figure it is.")))
    elif not 2000 <= year <= 2099:
        faults.append(("edition_year", _("Write a year from 2000 to 2099.")))
    place = {name: getattr(figure, name) for name in (*PLACE, "edition")}
    if PublishedFigure.objects.filter(budget=figure.budget_id, **place).exclude(pk=figure.pk).exists():
        said = _("This row and column has a figure of that year and kind already. Correct it instead.")
        faults.append(("row", said))
    return faults


def list_figure_uses(figure: PublishedFigure) -> list[Use]:
    """Return the reason that is linked to a figure, where no other figure is printed at the same place."""
    place = {name: getattr(figure, name) for name in PLACE}
    others = PublishedFigure.objects.filter(budget=figure.budget_id, **place).exclude(pk=figure.pk)
    reasons = [] if others.exists() else list(ReconciliationReason.objects.filter(budget=figure.budget_id, **place))
    return [Use(ReconciliationReason, reasons, len(reasons))] if reasons else []


@retried
def save_figure(figure: PublishedFigure, *, by: User, seen: str | None = None) -> PublishedFigure:
    """Enter a published figure or correct one. PermissionDenied, ValidationError by field, StaleError, InUseError."""
    reason = Reason.CHANGE_FIGURE if figure.pk else Reason.ADD_FIGURE
    with open_register(by=by, reason=reason, row=f"{figure.label or figure.row}, {figure.edition}"):
        # One at a time, so that two that are entered at once have places of their own in the order.
        Budget.objects.select_for_update(no_key=True).only("pk").get(pk=figure.budget_id)
        hold(figure)
        figure.label = figure.label or figure.row
        if figure.pk:
            _require_place(figure, seen)
        else:
            figure.position = _find_position(figure)
        if faults := find_figure_faults(figure):
            raise ValidationError(dict(faults))
        # What is not yet known has no amount.
        figure.full_clean(exclude=["tkr"] if figure.is_unknown else None)
        figure.save()
    return figure


def remove_figure(figure: PublishedFigure, *, by: User) -> None:
    """Remove a published figure that no reason is linked to. PermissionDenied, InUseError."""
    if uses := list_figure_uses(figure):
        raise InUseError(uses)
    remove_row(figure, by=by, reason=Reason.REMOVE_FIGURE, name=f"{figure.label}, {figure.edition}")


def _require_place(figure: PublishedFigure, seen: str | None) -> None:
    saved = PublishedFigure.objects.get(pk=figure.pk)
    require_mark(saved, digest_of(saved, FIELDS), seen)
    is_moved = any(getattr(saved, name) != getattr(figure, name) for name in PLACE)
    if is_moved and (uses := list_figure_uses(saved)):
        raise InUseError(uses)


def _find_position(figure: PublishedFigure) -> int:
    """Return the place after the table's last row, or after all tables."""
    own = PublishedFigure.objects.filter(budget=figure.budget_id)
    last = own.filter(table=figure.table).aggregate(last=Max("position"))["last"]
    last = own.aggregate(last=Max("position"))["last"] if last is None else last
    return 0 if last is None else last + 1
