"""Governance objects: added, changed, put in order and removed, and given a sub-budget in a draft.

Sub-budgets of drafts that are not locked follow their object's name; those of adopted budgets keep theirs.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, ProtectedError
from django.utils.text import slugify
from django.utils.translation import gettext as _

from budgets.models import Budget, SubBudget
from objects.models import GovernanceObject
from objects.selectors.registers import Register
from objects.services.registers import hold, open_register, remove_row, require_mark, swap_places
from objects.services.rows import save_checked
from records.reasons import Reason
from records.services.stale import digest_of
from web.faults import retried
from web.names import name_of

if TYPE_CHECKING:
    from accounts.models import User

REGISTER = Register(
    (GovernanceObject, SubBudget),
    frozenset(
        {
            Reason.ADD_OBJECT,
            Reason.CHANGE_OBJECT,
            Reason.ORDER_OBJECTS,
            Reason.REMOVE_OBJECT,
            Reason.REMOVE_SUB_BUDGET,
            Reason.UNDO_REGISTER,
        }
    ),
)
OBJECT_FIELDS = ("name_sv", "name_en", "kind", "has_own_budget")
# Parts of addresses that follow the objects' own.
TAKEN = frozenset({"plans", "items", "new"})


def find_object_faults(row: GovernanceObject) -> list[tuple[str, str]]:
    """Return what can't be with an object, as (field, words)."""
    others = GovernanceObject.objects.exclude(pk=row.pk)
    faults = [
        (field, _("There is an object “%(name)s” already.") % {"name": name})
        for field, name in (("name_sv", row.name_sv), ("name_en", row.name_en))
        if name and others.filter(**{f"{field}__iexact": name}).exists()
    ]
    in_work = SubBudget.objects.filter(governance_object=row.pk, budget__status=Budget.Status.DRAFT)
    if row.pk and not row.has_own_budget and (sub_budget := in_work.select_related("budget").first()):
        said = _("%(budget)s has a sub-budget of it. It can be without one from the next budget on.")
        faults.append(("has_own_budget", said % {"budget": sub_budget.budget.name}))
    return faults


@retried
def save_object(row: GovernanceObject, *, by: User, seen: str | None = None) -> GovernanceObject:
    """Add an object or change one. PermissionDenied, ValidationError by field, StaleError."""
    reason = Reason.CHANGE_OBJECT if row.pk else Reason.ADD_OBJECT
    with open_register(by=by, reason=reason, row=row.name_sv):
        hold(row)
        if row.pk:
            saved = GovernanceObject.objects.get(pk=row.pk)
            require_mark(saved, digest_of(saved, OBJECT_FIELDS), seen)
        else:
            last = GovernanceObject.objects.aggregate(last=Max("position"))["last"]
            row.position, row.slug = (last or 0) + 1, _find_slug(row.name_sv)
        save_checked(row, find_object_faults(row))
        _rename_sub_budgets(row)
    return row


def _rename_sub_budgets(row: GovernanceObject) -> None:
    own = SubBudget.objects.filter(governance_object=row, budget__status=Budget.Status.DRAFT)
    for sub_budget in own.exclude(status=SubBudget.Status.LOCKED):
        if (sub_budget.name_sv, sub_budget.name_en) != (row.name_sv, row.name_en):
            sub_budget.name_sv, sub_budget.name_en = row.name_sv, row.name_en
            sub_budget.save(update_fields=["name_sv", "name_en"])


def _find_slug(name: str) -> str:
    base = slugify(name)[:50] or "objekt"
    taken = TAKEN | set(GovernanceObject.objects.values_list("slug", flat=True))
    taken |= set(SubBudget.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, 1000))) if slug not in taken)


@retried
def move_object(row: GovernanceObject, *, up: bool, by: User) -> None:
    """Change places with the object of the same kind before or after it; nothing where there is none."""
    with open_register(by=by, reason=Reason.ORDER_OBJECTS):
        swap_places(GovernanceObject.objects.filter(kind=row.kind), row, up=up)
        _order_sub_budgets(row.kind)


def _order_sub_budgets(kind: str) -> None:
    """Let the sub-budgets of drafts stand in the order of their objects, in the places that they have between them."""
    own = SubBudget.objects.filter(governance_object__kind=kind, budget__status=Budget.Status.DRAFT)
    held = own.exclude(status=SubBudget.Status.LOCKED).select_for_update(of=("self",))
    by_budget = defaultdict[int, list[SubBudget]](list)
    for row in held.order_by("governance_object__position", "position", "pk"):
        by_budget[row.budget_id].append(row)
    for rows in by_budget.values():
        for row, place in zip(rows, sorted(row.position for row in rows), strict=True):
            if row.position != place:
                row.position = place
                row.save(update_fields=["position"])


def remove_object(row: GovernanceObject, *, by: User) -> None:
    """Remove an object that nothing rests on. PermissionDenied, InUseError."""
    remove_row(row, by=by, reason=Reason.REMOVE_OBJECT)


@retried
def add_sub_budget(row: GovernanceObject, budget: Budget, *, by: User) -> SubBudget:
    """Give an object an empty sub-budget, the last in a draft. PermissionDenied, ValidationError with words."""
    with open_register(by=by, reason=Reason.ADD_SUB_BUDGET, row=f"{row.name_sv}, {budget.name}"):
        held = _hold_open(budget)
        if SubBudget.objects.filter(budget=held, governance_object=row).exists():
            said = _("%(budget)s has a sub-budget for %(name)s already.")
            raise ValidationError(said % {"budget": held.name, "name": name_of(row)})
        if not row.has_own_budget:
            raise ValidationError(_("The object is to have no sub-budget. Change that first."))
        last = SubBudget.objects.filter(budget=held).aggregate(last=Max("position"))["last"]
        names = {"slug": row.slug, "name_sv": row.name_sv, "name_en": row.name_en}
        sub_budget = SubBudget(budget=held, governance_object=row, position=(last or 0) + 1, **names)
        sub_budget.full_clean()
        sub_budget.save()
    return sub_budget


def _hold_open(budget: Budget) -> Budget:
    """Lock a draft whose sub-budgets may still come and go. ValidationError."""
    held: Budget = Budget.objects.select_for_update(no_key=True).get(pk=budget.pk)
    if held.status != Budget.Status.DRAFT or held.phase != Budget.Phase.OPEN:
        said = _("%(budget)s is compiled or adopted, so its sub-budgets are settled.")
        raise ValidationError(said % {"budget": held.name})
    return held


@retried
def remove_sub_budget(row: GovernanceObject, budget: Budget, *, by: User) -> None:
    """Take an object's empty sub-budget out of a draft; it can be undone. PermissionDenied, ValidationError with words."""
    with open_register(by=by, reason=Reason.REMOVE_SUB_BUDGET, row=f"{row.name_sv}, {budget.name}"):
        held = _hold_open(budget)
        sub_budget = SubBudget.objects.select_for_update().filter(budget=held, governance_object=row).first()
        if sub_budget is None:
            raise ValidationError(_("Somebody else has removed it since you opened it."))
        try:
            with transaction.atomic():
                sub_budget.delete()
        except ProtectedError as error:
            said = _("The sub-budget has products or steps, so it stays. Move or end its products first.")
            raise ValidationError(said) from error
