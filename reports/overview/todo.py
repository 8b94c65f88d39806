"""What there is to decide or mend in a budget, in words, and where the reader does it.

Only who may act gets an address: to others a link would lead to a page without a form.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from budgets.models import Budget
from budgets.selectors.sub_budgets import is_economist
from forecasts.selectors.reconciliation import can_explain
from investments.models import Investment, PlannedLoan
from objects.selectors.decisions import can_register
from pricing.selectors.editing import can_read_pools
from web.numbers import format_quantity, format_tkr

if TYPE_CHECKING:
    from accounts.models import User
    from budgets.models import PlanningRate
    from reports.overview.selectors import Todo


@dataclass(frozen=True)
class Item:
    """A thing to do; `url` is empty for those who can't do it."""

    text: str
    note: str = ""
    url: str = ""


def list_todo(todo: Todo, budget: Budget, reader: User) -> list[Item]:
    """Return the things to do, as the reader may do them."""
    return [
        *_adoption(budget, reader),
        *_left(todo, budget, reader),
        *_councils(todo, reader),
        *_investments(todo, budget, reader),
        *_differences(todo, budget, reader),
    ]


def _adoption(budget: Budget, reader: User) -> Iterator[Item]:
    """Say that a proposed budget is what the board has to decide."""
    if (budget.status, budget.phase) == (Budget.Status.DRAFT, Budget.Phase.PROPOSED):
        url = reverse("forecasts:adopt", args=[budget.slug]) if is_economist(reader) else ""
        note = _("Proposed to the board, which adopts it by a decision")
        yield Item(_("Decide on %(budget)s") % {"budget": budget.name}, note, url)


def _left(todo: Todo, budget: Budget, reader: User) -> Iterator[Item]:
    """Say that a proposed budget no longer follows what it was calculated by; what is written stays as it is."""
    if not todo.left:
        return
    rates = [_name_rate(rate) for rate in todo.left.rates]
    other = [_("posts, pools or an index")] if todo.left.has_other else []
    note = _("Changed since it was proposed: %(changed)s. Reopen the budget to have it calculated again.")
    page = "budgets:rates" if rates else "budgets:pools"
    url = reverse(page, args=[] if rates else [budget.slug]) if can_read_pools(reader) else ""
    yield Item(_("The budget no longer follows its rates"), note % {"changed": ", ".join([*rates, *other])}, url)


def _name_rate(rate: PlanningRate) -> str:
    kind = f"{rate.get_kind_display()} {rate.get_age_class_display()}".strip()
    return f"{kind} {rate.valid_from_on} {format_quantity(rate.value)}"


def _councils(todo: Todo, reader: User) -> Iterator[Item]:
    for state in todo.awaited:
        missing, decision = len(state.missing), state.framework.decided_by
        words = ngettext(
            "%(counter)s council decision is missing", "%(counter)s council decisions are missing", missing
        )
        note = _("Proposed framework %(amount)s tkr") % {"amount": format_tkr(state.framework.amount_ore)}
        url = reverse("reports:decision", args=[decision.uuid]) if decision and can_register(reader) else ""
        yield Item(words % {"counter": missing}, note, url and f"{url}#conditions")


def _investments(todo: Todo, budget: Budget, reader: User) -> Iterator[Item]:
    if todo.unknown:
        words = ngettext(
            "The amount of %(counter)s investment is not known",
            "The amounts of %(counter)s investments are not known",
            todo.unknown_count,
        )
        names = ", ".join(investment.asset_class.name for investment in todo.unknown)
        url = _administer(todo.unknown, Investment, budget, reader)
        yield Item(words % {"counter": todo.unknown_count}, names, url)
    if count := len(todo.without_plan):
        words = ngettext(
            "%(counter)s planned loan has no repayment plan", "%(counter)s planned loans have no repayment plan", count
        )
        yield Item(words % {"counter": count}, "", _administer(todo.without_plan, PlannedLoan, budget, reader))


def _administer(rows: Iterable[Model], model: type[Model], budget: Budget, reader: User) -> str:
    """Return the list of these rows in the administration, for who may change them there."""
    name = model._meta.model_name
    may = reader.is_staff and reader.has_perm(f"{model._meta.app_label}.change_{name}")
    if not may or budget.is_adopted:
        return ""
    keys = ",".join(str(row.pk) for row in rows)
    return f"{reverse(f'admin:{model._meta.app_label}_{name}_changelist')}?id__in={keys}"


def _differences(todo: Todo, budget: Budget, reader: User) -> Iterator[Item]:
    if todo.unexplained:
        words = ngettext(
            "%(counter)s unexplained difference", "%(counter)s unexplained differences", todo.unexplained
        ) % {"counter": todo.unexplained}
        page = reverse("forecasts:reconciliation", args=[budget.slug])
        url = f"{page}?outcome=unexplained" if can_explain(reader) else ""
        yield Item(words, _("Published figures against computed"), url)
