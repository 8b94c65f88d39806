"""Object plans: what an object will develop in a period, in the order of priority its steering group has agreed on."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from objects.models.governance import GovernanceObject
from objects.models.roles import FEDERATION_ROLES, roles_of
from records.models import Provenance
from web.days import YearField
from web.fields import OreField
from web.tracking import tracked

if TYPE_CHECKING:
    from accounts.models import User


def name_plan(language: str) -> Concat:
    """Return a plan as its object and its years."""
    years = ("from_year", Value("–"), "to_year")
    return Concat(f"governance_object__name_{language}", Value(" "), *years, output_field=models.CharField())


Row = TypeVar("Row", bound=models.Model, covariant=True)


class PlanQuerySet(models.QuerySet[Row]):
    """The federation sees every plan, others with a role those that are agreed on."""

    plan_path = ""

    def visible_to(self, user: User) -> Self:
        roles = roles_of(user)
        if roles & FEDERATION_ROLES:
            return self
        return self.exclude(**{f"{self.plan_path}state": "draft"}) if roles else self.none()


class ItemQuerySet(PlanQuerySet["DevelopmentItem"]):
    plan_path = "plan__"


@tracked(
    key="plan",
    shown=("from_year", "to_year", "state"),
    title="governance_object",
    name=name_plan("sv"),
    name_en=name_plan("en"),
)
class ObjectPlan(models.Model):
    """An object's plan for some years."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("object plan", "draft")
        AGREED = "agreed", pgettext_lazy("object plan", "agreed on by the steering group")
        ENDED = "ended", pgettext_lazy("object plan", "ended")

    uuid = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    governance_object = models.ForeignKey(
        GovernanceObject, models.PROTECT, related_name="plans", verbose_name=_("Object")
    )
    from_year = YearField(_("first year"))
    to_year = YearField(_("last year"))
    state = models.CharField(pgettext_lazy("object plan", "state"), max_length=10, choices=State, default=State.DRAFT)
    goal_sv = models.TextField(_("goal in Swedish"), blank=True)
    goal_en = models.TextField(_("goal in English"), blank=True)
    watched = models.TextField(_("followed during the period"), blank=True)
    provenance = models.CharField(_("source"), max_length=10, choices=Provenance, default=Provenance.ENTERED)
    edited_at = models.DateTimeField(_("Edited"), auto_now=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("object plan")
        verbose_name_plural = _("object plans")
        ordering = ["governance_object", "-from_year"]
        constraints = [
            models.CheckConstraint(
                condition=Q(from_year__gte=2000, to_year__lte=2200, to_year__gte=F("from_year")),
                name="plan_ends_after_it_begins",
            ),
            models.UniqueConstraint(fields=["governance_object", "from_year"], name="one_plan_begins_a_year"),
            models.UniqueConstraint(fields=["governance_object", "to_year"], name="one_plan_ends_a_year"),
        ]

    def __str__(self) -> str:
        return f"{self.governance_object} {self.period}"

    @property
    def period(self) -> str:
        """Its years."""
        return str(self.from_year) if self.from_year == self.to_year else f"{self.from_year}–{self.to_year}"


@tracked(key="item", shown=("state", "year", "effect_ore"), title="title", place="plan")
class DevelopmentItem(models.Model):
    """Something a plan develops; `priority` counts from 1, without gaps. The effect is on a full year's cost."""

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("development", "proposed")
        PLANNED = "planned", pgettext_lazy("development", "planned")
        IN_PROGRESS = "in_progress", pgettext_lazy("development", "in progress")
        DONE = "done", pgettext_lazy("development", "done")
        DROPPED = "dropped", pgettext_lazy("development", "dropped")

    uuid = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(ObjectPlan, models.CASCADE, related_name="items", verbose_name=_("Object plan"))
    priority = models.PositiveSmallIntegerField(_("priority"))
    title = models.CharField(pgettext_lazy("development", "what"), max_length=200)
    text = models.TextField(pgettext_lazy("development", "description"), blank=True)
    state = models.CharField(
        pgettext_lazy("development", "state"), max_length=12, choices=State, default=State.PROPOSED
    )
    year = YearField(pgettext_lazy("development", "year"), null=True, blank=True)
    quarter = models.PositiveSmallIntegerField(_("quarter"), null=True, blank=True)
    effect_ore = OreField(_("effect on a year's cost, SEK"), null=True, blank=True)
    provenance = models.CharField(_("source"), max_length=10, choices=Provenance, default=Provenance.ENTERED)
    edited_at = models.DateTimeField(_("Edited"), auto_now=True)

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("development item")
        verbose_name_plural = _("development items")
        ordering = ["plan", "priority"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "priority"], deferrable=models.Deferrable.DEFERRED, name="priority_once_a_plan"
            ),
            models.CheckConstraint(
                condition=Q(quarter__isnull=True) | Q(year__isnull=False, quarter__gte=1, quarter__lte=4),
                name="quarter_is_of_a_year",
            ),
            models.CheckConstraint(
                condition=Q(year__isnull=True) | Q(year__gte=2000, year__lte=2200), name="item_year_is_a_year"
            ),
            models.CheckConstraint(
                condition=Q(effect_ore__isnull=True) | Q(effect_ore__range=(-(10**15), 10**15)),
                name="item_effect_in_range",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def mark(self) -> str:
        """Return how its state is marked (`web.marks.STATES`)."""
        return MARKS.get(self.state, "draft")

    @property
    def when(self) -> str:
        """Its year and quarter, as far as they are known."""
        if self.quarter:
            return str(_("%(year)s, quarter %(quarter)s")) % {"year": self.year, "quarter": self.quarter}
        return str(self.year or "")


MARKS: dict[str, str] = {
    DevelopmentItem.State.IN_PROGRESS: "submitted",
    DevelopmentItem.State.DONE: "approved",
    DevelopmentItem.State.DROPPED: "locked",
}
