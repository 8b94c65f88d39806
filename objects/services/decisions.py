"""Keeping the register of decisions: entering and changing one, its conditions, and taking a planned one away."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, cast

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from objects.models import Decision, DecisionCondition, Municipality
from objects.selectors.decisions import can_register, list_documents
from objects.services.rows import save_checked
from records.reasons import Reason
from records.services import change
from records.services.files import remove_files
from records.services.stale import require_fresh, require_same

if TYPE_CHECKING:
    from django.db.models import Field

    from accounts.models import User

STAYS = gettext_lazy("What is decided stays in the register. Supersede it by a later decision instead.")


def save_decision(decision: Decision, *, by: User, seen: datetime | None = None) -> Decision:
    """Enter a decision or change one; `seen` is when the row that the author saw was last changed.

    PermissionDenied when `by` keeps no register, ValidationError by field for bad dates, StaleError when somebody
    else changed it meanwhile.
    """
    _require(by)
    with change(by=by.email, reason=Reason.CHANGE_DECISION if decision.pk else Reason.ENTER_DECISION):
        require_fresh(decision, seen)
        save_checked(decision, find_faults(decision))
    return decision


def remove_decision(decision: Decision, *, by: User) -> None:
    """Take away a decision that was only planned, with its documents.

    ValidationError when it is decided or something rests on it.
    """
    _require(by)
    with change(by=by.email, reason=Reason.REMOVE_PLANNED_DECISION):
        held = Decision.objects.select_for_update(of=("self",)).filter(pk=decision.pk).first()
        if held is not None and not held.is_planned:
            raise ValidationError(STAYS)
        try:
            decision.delete()
        except ProtectedError as error:
            raise ValidationError(_("Something depends on this decision, so it can't be removed.")) from error
        remove_files(list_documents(decision), reason=Reason.REMOVE_PLANNED_DECISION, by=by.email)


def add_conditions(
    decision: Decision, *, text: str, councils: Iterable[Municipality], by: User
) -> list[DecisionCondition]:
    """Make a decision valid only with something: one condition for each council, or one that is tied to none."""
    _require(by)
    tied: list[Municipality | None] = [*councils] or [None]
    rows = [DecisionCondition(decision=decision, text=text.strip(), municipality=council) for council in tied]
    with change(by=by.email, reason=Reason.ADD_CONDITION):
        for row in rows:
            if _has_condition(row):
                raise ValidationError({"text": _("The decision has this condition already.")})
            row.full_clean()
            row.save()
    return rows


# How a condition is met.
MET = ("met_by", "met_on")


def meet_condition(
    condition: DecisionCondition, *, met_by: Decision | None, met_on: date | None, by: User, seen: str | None = None
) -> DecisionCondition:
    """Say by what decision or on what day a condition is met; with neither it is open again.

    `seen` is the digest of what the author saw; StaleError when it is another by now.
    """
    _require(by)
    condition.met_by, condition.met_on = met_by, met_on
    faults = find_condition_faults(condition)
    if faults:
        raise ValidationError(dict(faults))
    with change(by=by.email, reason=Reason.CONDITION_MET if met_by or met_on else Reason.CONDITION_OPEN_AGAIN):
        require_same(condition, MET, seen)
        condition.full_clean()
        condition.save()
    return condition


def remove_condition(condition: DecisionCondition, *, by: User) -> None:
    """Take a condition away; history keeps it."""
    _require(by)
    with change(by=by.email, reason=Reason.REMOVE_CONDITION):
        condition.delete()


def find_faults(decision: Decision) -> list[tuple[str, str]]:
    """Return what can't be with a decision, as (field, words); each has a constraint or a trigger behind it."""
    faults = [*_find_order_faults(decision), *_find_stage_faults(decision), *_find_supersedes_faults(decision)]
    is_council = decision.body == Decision.Body.COUNCIL
    if is_council and decision.municipality_id is None:
        faults.append(("municipality", _("Choose which municipality's council decides.")))
    if not is_council and decision.municipality_id is not None:
        faults.append(
            ("municipality", _("The board belongs to no single municipality. Leave this empty, or choose council."))
        )
    if decision.paragraph == 0:
        faults.append(("paragraph", _("Paragraphs are numbered from 1.")))
    if decision.paragraph and decision.meeting_on and _is_taken(decision):
        taken = _("The minutes of %(day)s have another decision with § %(paragraph)s. Check the number and the day.")
        faults.append(("paragraph", taken % {"day": _shown(decision.meeting_on), "paragraph": decision.paragraph}))
    return faults


def find_condition_faults(condition: DecisionCondition) -> list[tuple[str, str]]:
    """Return what can't be with how a condition is met."""
    met_by: Decision | None = condition.met_by
    faults: list[tuple[str, str]] = []
    if met_by is not None and met_by.pk == condition.decision_id:
        faults.append(("met_by", _("A decision can't meet its own condition. Choose another decision.")))
    elif met_by is not None and condition.municipality_id and met_by.municipality_id != condition.municipality_id:
        said = _("This condition is tied to the council of %(name)s. Choose a decision of that council.")
        faults.append(("met_by", said % {"name": condition.municipality}))
    return faults


# (field, the field it may not be before, what is said when it is)
ORDER = (
    ("meeting_on", "announced_on", "announced_on"),
    ("approved_on", "meeting_on", "approved_on"),
    ("noticed_on", "meeting_on", "noticed_on"),
    ("noticed_on", "approved_on", "noticed_on"),
    ("legal_force_on", "meeting_on", "legal_force_on"),
    ("legal_force_on", "noticed_on", "legal_force_on"),
    ("appealed_on", "meeting_on", "appealed_on"),
)


def _find_order_faults(decision: Decision) -> list[tuple[str, str]]:
    faults: dict[str, str] = {}
    for late, early, field in ORDER:
        later, earlier = getattr(decision, late), getattr(decision, early)
        if later is not None and earlier is not None and later < earlier:
            said = _("%(late)s, %(late_day)s, is before %(early)s, %(early_day)s.")
            words = {"late": _name(late), "early": _name(early).lower()}
            faults.setdefault(field, said % {**words, "late_day": _shown(later), "early_day": _shown(earlier)})
    if decision.meeting_on is None:
        for field in ("paragraph", "approved_on", "noticed_on", "announced_on"):
            if getattr(decision, field) is not None:
                faults[field] = _("Enter the day of the meeting too.")
    return list(faults.items())


def _find_stage_faults(decision: Decision) -> list[tuple[str, str]]:
    today = timezone.localdate()
    faults: list[tuple[str, str]] = []
    if decision.is_planned:
        said = _("A planned decision has none yet. Choose the stage decided, or leave it empty.")
        names = ("paragraph", "approved_on", "noticed_on", "appealed_on", "legal_force_on")
        faults += [(name, said) for name in names if getattr(decision, name) is not None]
        if _was_decided(decision):
            faults.append(("stage", str(STAYS)))
    elif decision.meeting_on is not None and decision.meeting_on > today:
        said = _("The meeting is on %(day)s. Until then the decision is planned.")
        faults.append(("stage", said % {"day": _shown(decision.meeting_on)}))
    return faults


def _find_supersedes_faults(decision: Decision) -> list[tuple[str, str]]:
    earlier = decision.supersedes
    if earlier is None:
        return []
    chain, place = [], decision.supersedes
    while place is not None and place.pk not in chain:
        chain.append(place.pk)
        place = place.supersedes
    if decision.pk in chain[:1]:
        return [("supersedes", _("A decision can't supersede itself. Choose another one."))]
    if decision.pk in chain:
        said = _("“%(text)s” is itself superseded by this decision, directly or through others. Choose another one.")
        return [("supersedes", said % {"text": earlier})]
    if decision.meeting_on and earlier.meeting_on and earlier.meeting_on > decision.meeting_on:
        said = _("“%(text)s” was decided later, %(day)s. A decision supersedes an earlier one.")
        return [("supersedes", said % {"text": earlier, "day": _shown(earlier.meeting_on)})]
    return []


def _was_decided(decision: Decision) -> bool:
    return Decision.objects.filter(pk=decision.pk, stage=Decision.Stage.DECIDED).exists()


def _is_taken(decision: Decision) -> bool:
    same = Decision.objects.filter(
        body=decision.body,
        municipality=decision.municipality_id,
        meeting_on=decision.meeting_on,
        paragraph=decision.paragraph,
    )
    return same.exclude(pk=decision.pk).exists()


def _has_condition(row: DecisionCondition) -> bool:
    same = DecisionCondition.objects.filter(decision=row.decision, text=row.text, municipality=row.municipality)
    return same.exists()


def _name(field: str) -> str:
    name = str(cast("Field[object, object]", Decision._meta.get_field(field)).verbose_name)
    return name[:1].upper() + name[1:]


def _shown(day: date) -> str:
    return date_format(day, "Y-m-d")


def _require(user: User) -> None:
    if not can_register(user):
        raise PermissionDenied
