"""Object plans: an object's texts, its plans, and their items in order of priority."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db.models import F, Max
from django.utils.translation import gettext as _

from objects.models import DevelopmentItem, GovernanceObject, ObjectPlan
from objects.selectors.plans import can_plan
from objects.services.rows import save_checked
from records.reasons import Reason
from records.services import change
from records.services.stale import require_fresh, require_same

if TYPE_CHECKING:
    from accounts.models import User

TEXTS = GovernanceObject.TEXTS
# As the constraint of plans has them.
FIRST_YEAR, LAST_YEAR = 2000, 2200


def save_texts(governance_object: GovernanceObject, *, by: User, seen: str | None = None) -> None:
    """Write an object's essential texts; `seen` is the digest of those that the author saw.

    PermissionDenied as for all here: the economist, its owners and managers. StaleError when somebody else changed
    them meanwhile.
    """
    _require(by, governance_object)
    with change(by=by.email, reason=Reason.TEXTS_OF_OBJECT):
        require_same(governance_object, TEXTS, seen)
        governance_object.save(update_fields=TEXTS)


def save_plan(plan: ObjectPlan, *, by: User, seen: datetime | None = None) -> ObjectPlan:
    """Make a plan or change one. ValidationError by field, StaleError when somebody else changed it meanwhile."""
    _require(by, plan.governance_object)
    with change(by=by.email, reason=Reason.CHANGE_OBJECT_PLAN if plan.pk else Reason.NEW_OBJECT_PLAN):
        require_fresh(plan, seen)
        save_checked(plan, find_plan_faults(plan))
    return plan


def save_item(item: DevelopmentItem, *, by: User, seen: datetime | None = None) -> DevelopmentItem:
    """Add an item at the end of its plan, or change one. Errors as for a plan."""
    _require(by, item.plan.governance_object)
    with change(by=by.email, reason=Reason.CHANGE_DEVELOPMENT_ITEM if item.pk else Reason.NEW_DEVELOPMENT_ITEM):
        require_fresh(item, seen)
        if item.pk is None:
            item.priority = _lock_items(item.plan) + 1
        save_checked(item, find_item_faults(item))
    return item


def move_item(item: DevelopmentItem, *, up: bool, by: User) -> bool:
    """Change places with the item before or after it; False when there is none."""
    _require(by, item.plan.governance_object)
    with change(by=by.email, reason=Reason.PRIORITY_OF_DEVELOPMENT_ITEM):
        _lock_items(item.plan)
        item.refresh_from_db(fields=["priority"])
        wanted = item.priority + (-1 if up else 1)
        other = DevelopmentItem.objects.filter(plan=item.plan_id, priority=wanted).first()
        if other is None:
            return False
        other.priority, item.priority = item.priority, wanted
        DevelopmentItem.objects.bulk_update([item, other], ["priority"])
    return True


def remove_item(item: DevelopmentItem, *, by: User) -> None:
    """Take an item out of its plan and close the gap; history keeps it."""
    _require(by, item.plan.governance_object)
    with change(by=by.email, reason=Reason.REMOVE_DEVELOPMENT_ITEM):
        _lock_items(item.plan)
        item.refresh_from_db(fields=["priority"])
        item.delete()
        DevelopmentItem.objects.filter(plan=item.plan_id, priority__gt=item.priority).update(priority=F("priority") - 1)


def find_plan_faults(plan: ObjectPlan) -> list[tuple[str, str]]:
    """Return what can't be with a plan's period, as (field, words)."""
    if plan.from_year is None or plan.to_year is None:
        return []
    for name in ("from_year", "to_year"):
        if not FIRST_YEAR <= getattr(plan, name) <= LAST_YEAR:
            said = _("Enter a year between %(first)s and %(last)s.")
            return [(name, said % {"first": FIRST_YEAR, "last": LAST_YEAR})]
    if plan.to_year < plan.from_year:
        return [("to_year", _("The last year is before the first, %(year)s.") % {"year": plan.from_year})]
    others = ObjectPlan.objects.filter(governance_object=plan.governance_object_id).exclude(pk=plan.pk)
    other = others.filter(from_year__lte=plan.to_year, to_year__gte=plan.from_year).first()
    if other is not None:
        said = _("The object has a plan for %(period)s already. Change that one, or choose years outside it.")
        return [("from_year", said % {"period": other.period})]
    outside = (
        plan.items.exclude(year=None).exclude(year__range=(plan.from_year, plan.to_year)).first() if plan.pk else None
    )
    if outside is not None:
        said = _("“%(title)s” is planned for %(year)s, which would be outside the plan. Move it first.")
        return [("from_year", said % {"title": outside.title, "year": outside.year})]
    return []


def find_item_faults(item: DevelopmentItem) -> list[tuple[str, str]]:
    """Return what can't be with an item's time, as (field, words)."""
    if item.quarter is not None and item.year is None:
        return [("year", _("Enter the year of the quarter too."))]
    if item.year is not None and not item.plan.from_year <= item.year <= item.plan.to_year:
        return [("year", _("The plan is for %(period)s. Enter a year in it.") % {"period": item.plan.period})]
    return []


def _lock_items(plan: ObjectPlan) -> int:
    """Keep others from changing the order until the end of the transaction; return the last priority."""
    ObjectPlan.objects.select_for_update(of=("self",)).only("pk").get(pk=plan.pk)
    last: int | None = DevelopmentItem.objects.filter(plan=plan).aggregate(last=Max("priority"))["last"]
    return last or 0


def _require(user: User, governance_object: GovernanceObject) -> None:
    if not can_plan(user, governance_object):
        raise PermissionDenied
