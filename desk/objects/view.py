"""The governance objects: all of them, and one with its texts, plan, products, people and cost over the years."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from accounts.models import User
from desk.objects.base import InObject
from desk.objects.selectors import PEOPLE, list_object_rows, list_year_rows, load_people
from objects.models import DevelopmentItem, GovernanceObject, ObjectPlan
from objects.selectors.objects import list_object_products, list_texts
from objects.selectors.people import can_keep_people
from objects.selectors.plans import can_plan, list_plans
from objects.selectors.registers import can_keep
from pages.changes import load_changes
from pages.form_view import ReaderView
from pricing.selectors.origins import load_item_costs
from web.names import name_of
from web.views import Context


class ObjectListView(ReaderView):
    """The objects by kind, each with its plan and people."""

    title = gettext_lazy("Objects and plans")
    nav_key = "objects"
    template_name = "desk/objects/objects.html"

    def get_context_data(self, **kwargs: object) -> Context:
        """Read the objects."""
        rows = list_object_rows(self.reader)
        groups = [
            (label, own_rows)
            for kind, label in GovernanceObject.Kind.choices
            if (own_rows := [row for row in rows if row.governance_object.kind == kind])
        ]
        return super().get_context_data(groups=groups, can_keep=can_keep(self.reader), **kwargs)


class ObjectView(InObject):
    """One object."""

    template_name = "desk/objects/object.html"

    def get_title(self) -> str:
        """Return its name in the reader's language."""
        return name_of(self.governance_object)

    def get_context_data(self, **kwargs: object) -> Context:
        """Read what belongs to it."""
        governance_object = self.governance_object
        people = load_people(self.reader).get(governance_object.pk, {})
        plans = list_plans(self.reader, governance_object)
        _add_costs(plans, self.reader)
        shown = {
            "governance_object": governance_object,
            "texts": list_texts(governance_object),
            "people": [(role.label, people.get(role, [])) for role in PEOPLE],
            "plans": plans,
            "changes": load_changes(self.reader, plans[0], DevelopmentItem) if plans else None,
            "products": list(list_object_products(self.reader, governance_object)),
            "years": list_year_rows(self.reader, governance_object),
            "can_plan": can_plan(self.reader, governance_object),
            "can_keep": can_keep(self.reader),
            "can_appoint": can_keep_people(self.reader),
        }
        return super().get_context_data(**{**kwargs, **shown})


def _add_costs(plans: list[ObjectPlan], user: User) -> None:
    """Give each item of the plans what it costs now: `costs`, newest budget first."""
    items = [item for plan in plans for item in plan.items.all()]
    costs = load_item_costs(user, items)
    for item in items:
        item.costs = costs.get(item.pk, [])  # type: ignore[attr-defined]
