"""What the frame of every page needs to know of its reader: the budget switcher, roles, and what waits."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from budgets.models import Budget
from budgets.selectors.budgets import find_default_budget, read_budgets
from budgets.selectors.collaboration import count_waiting_for
from objects.models.roles import roles_of
from objects.selectors.tokens import can_see_tokens
from web.typing import Context


def page_context(request: HttpRequest) -> Context:
    """Return the budget switcher, what the side bar and the account menu need, and how much waits for the reader."""
    user = cast(User, request.user)
    shown = _budget_context(request, user)
    current = cast("Budget | None", shown.pop("budget", None))
    waiting, steps = count_waiting_for(user, current)
    return {
        **shown,
        "tasks_waiting": waiting,
        "nav_counts": {"my_tasks": waiting, "workflow": steps},
        "can_see_tokens": can_see_tokens(user),
    }


def budgets_of(request: HttpRequest) -> list[Budget]:
    """Return the budgets that the reader may see, newest year first, read once and kept on the request."""
    kept: dict[str, object] = request.__dict__
    if "_budgets" not in kept:
        kept["_budgets"] = read_budgets(cast(User, request.user))
    return cast(list[Budget], kept["_budgets"])


def _budget_context(request: HttpRequest, user: User) -> Context:
    """Return the current budget is the address's, else the default."""
    budgets = budgets_of(request)
    match = request.resolver_match
    slug = match.kwargs.get("budget") if match else None
    current = next((budget for budget in budgets if budget.slug == slug), None) or find_default_budget(user)
    if current is None:
        return {"roles": roles_of(user)}
    groups = [
        (_("In progress"), [_switcher_item(b, current) for b in budgets if b.status == Budget.Status.DRAFT]),
        (_("Adopted"), [_switcher_item(b, current) for b in budgets if b.status != Budget.Status.DRAFT]),
    ]
    return {
        "roles": roles_of(user),
        "budget": current,
        "nav_kwargs": {"budget": current.slug},
        "switcher": {"current": _switcher_item(current, current), "groups": [group for group in groups if group[1]]},
    }


STATES = {Budget.Status.DRAFT: "draft", Budget.Status.ADOPTED: "locked", Budget.Status.PUBLISHED_FIGURES: "locked"}


def _say_day(budget: Budget) -> str:
    """Return the day a budget was decided, or a draft begun; an adopted budget's decision may not say its day."""
    if budget.adopted_by is not None:
        decided_on = budget.adopted_by.meeting_on
        return date_format(decided_on, "Y-m-d") if decided_on else _("day not known")
    return date_format(budget.created_at, "Y-m-d") if budget.status == Budget.Status.DRAFT else ""


def _switcher_item(budget: Budget, current: Budget) -> Context:
    return {
        "name": budget.name,
        "kind": "" if budget.title == budget.name else budget.get_kind_display(),
        "status": STATES[Budget.Status(budget.status)],
        "status_label": budget.stage,
        "date_label": _say_day(budget),
        "url": reverse("reports:overview", args=[budget.slug]),
        "current": budget.pk == current.pk,
    }
