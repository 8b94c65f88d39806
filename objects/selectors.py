"""What is read of API tokens, decisions and object plans, and who may do what with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Count, F, Model, Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from engine.decisions import announce_by, notice_by
from objects.models import (
    ApiToken,
    Customer,
    Decision,
    DecisionCondition,
    DevelopmentItem,
    EssentialTexts,
    GovernanceObject,
    Municipality,
    ObjectPlan,
    Product,
    Role,
    RoleAssignment,
)
from objects.models.roles import EDITORS, FEDERATION_ROLES, OBJECT_ROLES, objects_of, roles_of
from objects.models.tokens import TOKEN_READERS, served_customers
from records.models import StoredFile

if TYPE_CHECKING:
    from accounts.models import User


def list_tokens(user: User) -> QuerySet[ApiToken]:
    """The tokens the user may see, by customer and newest first."""
    tokens: QuerySet[ApiToken] = ApiToken.objects.visible_to(user)
    return tokens.select_related("customer", "created_by", "revoked_by", "use")


def find_token(user: User, uuid: Any) -> ApiToken | None:
    """One token, if the user may see it."""
    return list_tokens(user).filter(uuid=uuid).first()


def find_token_by_digest(digest: str) -> ApiToken | None:
    """The token with this digest, whatever its state, with its customer; one query."""
    return ApiToken.objects.filter(digest=digest).select_related("customer").first()


def list_token_customers(user: User) -> QuerySet[Customer]:
    """The customers for which the user may make and revoke tokens: an administrator all, an officer those served."""
    if Role.ADMINISTRATOR in roles_of(user):
        return Customer.objects.order_by("name")
    return Customer.objects.filter(served_customers(user)).order_by("name")


def can_see_tokens(user: User) -> bool:
    """Whether the page on API access is for this user."""
    return bool(roles_of(user) & {*TOKEN_READERS, Role.MUNICIPALITY_OFFICER})


def can_make_tokens(user: User) -> bool:
    """Whether the user may make tokens for anybody."""
    return bool(roles_of(user) & {Role.ADMINISTRATOR, Role.MUNICIPALITY_OFFICER})


def page_context(request: HttpRequest) -> dict[str, Any]:
    """What the account menu needs to know."""
    user: Any = request.user
    return {"can_see_tokens": can_see_tokens(user)}


# Decisions


REGISTRARS = frozenset({Role.ECONOMIST, Role.ADMINISTRATOR})


def can_register(user: User) -> bool:
    """Whether the user keeps the register of decisions."""
    return bool(roles_of(user) & REGISTRARS)


def list_decisions(user: User) -> QuerySet[Decision]:
    """The decisions the user may see, with what they wait for and what supersedes them; newest meeting first."""
    conditions = DecisionCondition.objects.select_related("municipality", "met_by").order_by(
        "text", "municipality__name"
    )
    later = Decision.objects.visible_to(user).prefetch_related(Prefetch("conditions", conditions))
    rows: QuerySet[Decision] = Decision.objects.visible_to(user).select_related("municipality", "supersedes")
    rows = rows.prefetch_related(Prefetch("conditions", conditions), Prefetch("superseded_by", later))
    return rows.order_by(F("meeting_on").desc(nulls_last=True), "paragraph", "pk")


def find_decision(user: User, uuid: Any) -> Decision | None:
    """One decision, if the user may see it."""
    return list_decisions(user).filter(uuid=uuid).first()


def list_documents(decision: Decision) -> QuerySet[StoredFile]:
    """The documents kept with a decision: whoever sees it may have them."""
    return StoredFile.objects.filter(about=decision.uuid).order_by("created_at")


def find_document(decision: Decision, uuid: Any) -> StoredFile | None:
    """One document of a decision that the reader sees."""
    return list_documents(decision).filter(uuid=uuid).first()


def list_decision_years(user: User) -> list[int]:
    """The years in which there are meetings, newest first."""
    days = Decision.objects.visible_to(user).filter(meeting_on__isnull=False)
    return sorted({day.year for day in days.values_list("meeting_on", flat=True)}, reverse=True)


def list_next_items(user: User) -> QuerySet[Decision]:
    """The decisions that are planned: those of a dated meeting first, the soonest at the top."""
    rows = Decision.objects.visible_to(user).filter(stage=Decision.Stage.PLANNED).select_related("municipality")
    return rows.order_by(F("meeting_on").asc(nulls_last=True), "body", "municipality__name", "pk")


def list_earlier_decisions(decision: Decision | None) -> QuerySet[Decision]:
    """What a decision can supersede or a condition be met by: every decided one but itself."""
    rows = Decision.objects.filter(stage=Decision.Stage.DECIDED).order_by(F("meeting_on").desc(nulls_last=True), "pk")
    return rows.exclude(pk=decision.pk) if decision is not None and decision.pk else rows


def find_condition(user: User, uuid: Any) -> DecisionCondition | None:
    """One condition, if the user may see its decision."""
    rows = DecisionCondition.objects.visible_to(user).select_related("decision", "municipality", "met_by")
    found: DecisionCondition | None = rows.filter(uuid=uuid).first()
    return found


def list_members() -> QuerySet[Municipality]:
    """Today's member municipalities, whose councils decide."""
    return Municipality.objects.filter(member_to_on=None)


def name_decision(decision: Decision) -> str:
    """A decision's place in the minutes, and its text: § 18, 2026-03-26: New guarantee."""
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
    """What is late or lacks with a decision, and the day it should have been (rule 9)."""
    found = [_warn_of_announcement(decision), _warn_of_minutes(decision, today), _warn_of_notice(decision)]
    return [warning for warning in found if warning]


def _warn_of_announcement(decision: Decision) -> str:
    """The board's meeting that sets the budget is announced seven days before."""
    sets_budget = (decision.kind, decision.body) == (Decision.Kind.ADOPT_BUDGET, Decision.Body.BOARD)
    if not sets_budget or decision.meeting_on is None:
        return ""
    by, announced = announce_by(decision.meeting_on), decision.announced_on
    if announced is None:
        said = _(
            "It is not entered when the meeting was announced. A meeting that sets the budget is announced at least "
            "seven days before: by %(by)s."
        )
        return said % {"by": _shown(by)}
    if announced <= by:
        return ""
    days = (decision.meeting_on - announced).days
    said = ngettext(
        "The meeting was announced %(announced)s, %(days)s day before. It should have been by %(by)s, seven days before.",
        "The meeting was announced %(announced)s, %(days)s days before. It should have been by %(by)s, seven days before.",
        days,
    )
    return said % {"announced": _shown(announced), "days": days, "by": _shown(by)}


def _warn_of_minutes(decision: Decision, today: date) -> str:
    if not decision.is_planned or decision.meeting_on is None or decision.meeting_on >= today:
        return ""
    said = _("The meeting was held %(day)s. Enter what it decided with its paragraph, or plan another meeting.")
    return said % {"day": _shown(decision.meeting_on)}


def _warn_of_notice(decision: Decision) -> str:
    if decision.approved_on is None or decision.noticed_on is None:
        return ""
    by = notice_by(decision.approved_on)
    if decision.noticed_on <= by:
        return ""
    said = _(
        "The notice was put up %(day)s. It should have been by %(by)s, the second day after the minutes were approved."
    )
    return said % {"day": _shown(decision.noticed_on), "by": _shown(by)}


def _shown(day: date) -> str:
    return date_format(day, "Y-m-d")


# What has been done with a row


@dataclass(frozen=True)
class Change:
    """An event of a row's history: who did what, and each field that became another, as (name, before, after).

    `about` names the row where it is a part of what is read about.
    """

    at: Any
    by: str
    label: str
    about: str
    fields: list[tuple[str, str, str]]


@dataclass(frozen=True)
class Changes:
    """The newest changes of a row, and how many older ones are left out."""

    rows: list[Change]
    left_out: int = 0

    def __bool__(self) -> bool:
        return bool(self.rows)


# Of no interest to a reader.
SILENT = {"id", "uuid", "edited_at", "decision", "plan", "governance_object"}
MOST_CHANGES = 50


def list_changes(user: User, row: Model, parts: type[Model] | None = None) -> Changes:
    """What has been done with a row and with its `parts`, also those that are gone; newest first, two queries.

    Nothing for those outside the federation: it tells of drafts, and of the people who wrote them.
    """
    if not roles_of(user) & FEDERATION_ROLES:
        return Changes([])
    found = _changes_of(type(row), {"pgh_obj_id": row.pk}, is_part=False)
    if parts is not None:
        found += _changes_of(parts, {"plan" if parts is DevelopmentItem else "decision": row.pk}, is_part=True)
    found.sort(key=lambda change: change.at, reverse=True)
    return Changes(found[:MOST_CHANGES], len(found[MOST_CHANGES:]))


def _changes_of(model: type[Model], of: dict[str, Any], *, is_part: bool) -> list[Change]:
    fields = [field for field in model._meta.concrete_fields if field.name not in SILENT]
    # Without a name, select_related would join every key, also that of the row, and leave out rows that are gone.
    related: list[Any] = [field.name for field in fields if field.is_relation] or [None]
    events = apps.get_model(model._meta.app_label, f"{model.__name__}Event")._default_manager.filter(**of)
    changes: list[Change] = []
    earlier: dict[Any, dict[Any, str]] = {}
    for event in events.select_related(*related).order_by("pgh_id"):
        shown = {field: _show_field(event, field) for field in fields}
        before = earlier.get(event.pgh_obj_id, {})
        differs = [
            (str(field.verbose_name), before.get(field, ""), value)
            for field, value in shown.items()
            if value != before.get(field, "")
        ]
        context = event.pgh_context or {}
        about = _name_part(event) if is_part else ""
        changes.append(Change(event.pgh_created_at, context.get("by", ""), event.pgh_label, about, differs))
        earlier[event.pgh_obj_id] = shown
    return changes[::-1]


def _name_part(event: Any) -> str:
    if hasattr(event, "title"):
        return str(event.title)
    return f"{event.text}: {event.municipality}" if event.municipality else str(event.text)


def _show_field(event: Any, field: Any) -> str:
    value = getattr(event, field.name)
    if value is None or value == "":
        return ""
    if isinstance(value, date):
        return _shown(value)
    say = getattr(event, f"get_{field.name}_display", None)
    return str(say()) if say else str(value)


# Objects and their plans


def list_objects(user: User) -> QuerySet[GovernanceObject]:
    """The governance objects the user may see, each with its plans and how far their items are."""
    done = Count("items", filter=Q(items__state=DevelopmentItem.State.DONE))
    plans = ObjectPlan.objects.visible_to(user).annotate(item_count=Count("items"), done_count=done)
    rows: QuerySet[GovernanceObject] = GovernanceObject.objects.visible_to(user)
    return rows.prefetch_related(Prefetch("plans", plans.order_by("-from_year"))).order_by("position")


def find_object(user: User, slug: str) -> GovernanceObject | None:
    """One governance object, if the user may see it."""
    found: GovernanceObject | None = GovernanceObject.objects.visible_to(user).filter(slug=slug).first()
    return found


def list_plans(user: User, governance_object: GovernanceObject | None) -> list[ObjectPlan]:
    """An object's plans with their items, newest period first; none for the base grant, which has no object."""
    if governance_object is None:
        return []
    rows = ObjectPlan.objects.visible_to(user).filter(governance_object=governance_object)
    return list(rows.order_by("-from_year").prefetch_related("items"))


@dataclass(frozen=True)
class Text:
    """One of the essential texts with its heading; `language` where it is another than the reader's."""

    heading: str
    text: str
    language: str


def list_texts(of: EssentialTexts) -> list[Text]:
    """Essential texts that are not empty, in the reader's language or the one there is."""
    first, second = ("en", "sv") if get_language() == "en" else ("sv", "en")
    headings = {"text": "", "purpose": _("Purpose"), "scope": _("Scope")}
    found = []
    for name, heading in headings.items():
        own, other = getattr(of, f"{name}_{first}"), getattr(of, f"{name}_{second}")
        if own or other:
            found.append(Text(heading, own or other, "" if own else second))
    return found


def find_plan(user: User, uuid: Any) -> ObjectPlan | None:
    """One plan, if the user may see it."""
    rows = ObjectPlan.objects.visible_to(user).filter(uuid=uuid).select_related("governance_object")
    found: ObjectPlan | None = rows.first()
    return found


def find_item(user: User, uuid: Any) -> DevelopmentItem | None:
    """One development item, if the user may see it."""
    rows = DevelopmentItem.objects.visible_to(user).filter(uuid=uuid).select_related("plan__governance_object")
    found: DevelopmentItem | None = rows.first()
    return found


def can_plan(user: User, governance_object: GovernanceObject | None) -> bool:
    """Whether the user may change an object's texts and plans: the economist, its owners and its managers."""
    if governance_object is None:
        return False
    return Role.ECONOMIST in roles_of(user) or governance_object.pk in objects_of(user, EDITORS)


def list_object_products(user: User, governance_object: GovernanceObject) -> QuerySet[Product]:
    """The object's products that have not ended."""
    rows: QuerySet[Product] = Product.objects.visible_to(user).filter(governance_object=governance_object)
    return rows.filter(ended_on=None).order_by("name")


def list_object_people(user: User) -> QuerySet[RoleAssignment]:
    """Who owns, manages and steers the objects, which is no secret within the federation; none for others."""
    if not roles_of(user) & FEDERATION_ROLES:
        return RoleAssignment.objects.none()
    rows = RoleAssignment.objects.filter(role__in=[role.value for role in OBJECT_ROLES], user__is_active=True)
    return rows.select_related("user").order_by("governance_object__position", "role", "user__name")


@dataclass(frozen=True)
class PlanPart:
    """What another page shows of an object's plans."""

    governance_object: GovernanceObject
    plans: list[ObjectPlan]
    can_plan: bool


def load_plan_part(user: User, governance_object: GovernanceObject | None) -> PlanPart | None:
    """The newest plan of an object for a page about something else; None for the base grant."""
    if governance_object is None:
        return None
    return PlanPart(governance_object, list_plans(user, governance_object)[:1], can_plan(user, governance_object))
