"""What a user may, in words that follow from the rules themselves: each row asks the rule that the pages ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import User
from budgets.models import SubBudget
from budgets.selectors.products import can_propose
from budgets.selectors.sub_budgets import can_edit
from budgets.selectors.workflow import can_read_steps, list_actions, may_run_budget
from budgets.words import STEP_LABELS
from forecasts.selectors.reconciliation import can_explain
from objects.models import RoleAssignment
from objects.selectors.decisions import can_register
from objects.selectors.people import can_keep_people, can_see_people
from objects.selectors.registers import can_keep
from objects.selectors.tokens import can_make_tokens, can_see_tokens
from pages.authors import may_read_people
from web.names import name_of

RULES: tuple[tuple[str | Promise, Callable[[User], bool]], ...] = (
    (gettext_lazy("Read budgets in work, with comments and steps"), can_read_steps),
    (gettext_lazy("Compile, propose and adopt budgets"), may_run_budget),
    (gettext_lazy("Keep products, keys and other registers"), can_keep),
    (gettext_lazy("Keep the register of decisions"), can_register),
    (gettext_lazy("Explain differences in the reconciliation"), can_explain),
    (gettext_lazy("See API access"), can_see_tokens),
    (gettext_lazy("Make API tokens"), can_make_tokens),
    (gettext_lazy("Read what a person has done"), may_read_people),
    (gettext_lazy("See users and roles"), can_see_people),
    (gettext_lazy("Invite and close users, and give roles"), can_keep_people),
)
STATES: dict[str, tuple[str, str | Promise]] = {
    "active": ("approved", pgettext_lazy("user", "active")),
    "invited": ("submitted", pgettext_lazy("user", "invited")),
    "expired": ("warn", pgettext_lazy("user", "invitation has ended")),
    "withdrawn": ("returned", pgettext_lazy("user", "invitation withdrawn")),
    "closed": ("locked", pgettext_lazy("user", "closed")),
}


@dataclass(frozen=True)
class PlaceRow:
    """What a user may now in a sub-budget."""

    name: str
    edits: bool
    proposes: bool
    steps: str


def list_rules(person: User) -> list[tuple[str | Promise, bool]]:
    """Return every rule with whether the user may."""
    return [(label, person.is_active and may(person)) for label, may in RULES]


def list_place_rows(person: User, sub_budgets: list[SubBudget]) -> list[PlaceRow]:
    """Return the sub-budgets where the user may do something now."""
    rows = [
        PlaceRow(
            name_of(row),
            can_edit(person, row),
            can_propose(person, row),
            ", ".join(str(STEP_LABELS[action]) for action in list_actions(person, row)),
        )
        for row in sub_budgets
    ]
    return [row for row in rows if person.is_active and (row.edits or row.proposes or row.steps)]


def name_role(assignment: RoleAssignment) -> str:
    """Return a role with what it is held for."""
    of = assignment.governance_object
    held_for = name_of(of) if of else str(assignment.municipality or assignment.customer or "")
    return f"{assignment.get_role_display()}: {held_for}" if held_for else str(assignment.get_role_display())
