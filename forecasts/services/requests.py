"""Supplementary requests in the chain: gathered into a revised budget that is rolled up, and tried before they are granted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from budgets.models import Budget
from budgets.selectors.shares import load_customer_totals
from budgets.selectors.sub_budgets import is_economist
from budgets.services.copying import copy_as_revision
from engine.years import Amounts
from forecasts.models import Forecast
from forecasts.selectors.stored import Figures, load_amounts_by_kind
from forecasts.services.roll_up import roll_up_budget
from investments.models import SupplementaryRequest
from investments.selectors.requests import find_draft_revision, find_in_force
from investments.services.capital import follow_purchases
from investments.services.gathering import put_in, take_out
from investments.services.requests import set_answer
from objects.models import Customer
from records.reasons import Reason
from records.services import change
from web.faults import retried
from web.ordering import in_swedish

if TYPE_CHECKING:
    from accounts.models import User

# What a grant moves, of the result forecast and of the loan forecast, in the order it is shown.
RESULT_ROWS = ("operating_revenue", "operating_costs", "depreciation", "financial_costs", "net_result")
LOAN_ROWS = ("closing_debt", "headroom")


@dataclass(frozen=True)
class Effect:
    """A figure in each of the budget's years, öre, before and after; None is not known."""

    row: str
    before: list[int | None]
    after: list[int | None]

    @property
    def changes(self) -> list[int | None]:
        """After less before; None where one is not known."""
        pairs = zip(self.before, self.after, strict=True)
        return [None if old is None or new is None else new - old for old, new in pairs]

    @property
    def is_moved(self) -> bool:
        return any(self.changes)


@dataclass(frozen=True)
class Effects:
    """What granting requests leads to: rows of the forecasts, and what each customer pays, by name."""

    years: tuple[int, int, int]
    rows: list[Effect]
    members: list[Effect]


@dataclass(frozen=True)
class _State:
    figures: Figures
    customers: dict[int, Amounts]


def _read(budget: Budget) -> _State:
    kinds = (Forecast.Kind.RESULT, Forecast.Kind.LOAN)
    by_kind = load_amounts_by_kind(budget, *kinds)
    return _State({**by_kind[kinds[0]], **by_kind[kinds[1]]}, load_customer_totals(budget))


def preview_answer(request: SupplementaryRequest, *, state: str, granted: Amounts, by: User) -> Effects:
    """Return what an answer would lead to, by gathering it into a revised budget and taking that back.

    The revised budget is the one under way, as it is rolled up by now, else a copy of the one in force. Raise as `put_in`.
    """
    if not is_economist(by):
        raise PermissionDenied
    with transaction.atomic():
        target = find_draft_revision(request.budget) or _copy(request.budget, by)
        roll_up_budget(target)
        before = _read(target)
        tried = SupplementaryRequest.objects.select_related("asset_class", "product", "budget").get(pk=request.pk)
        set_answer(tried, state, granted)
        if tried.is_granted:
            put_in(tried, target, by=by)
            roll_up_budget(target)
        effects = _compare(target.years, before, _read(target))
        transaction.set_rollback(True)
    return effects


def _copy(budget: Budget, by: User) -> Budget:
    """Return a revised budget for a moment: it is never committed."""
    source = find_in_force(budget) or budget
    slug = f"trial-{uuid4()}"
    target = copy_as_revision(source, slug=slug, name=slug, by=by.email)
    follow_purchases(target)
    roll_up_budget(target, everything=True)
    return target


def _compare(years: tuple[int, int, int], before: _State, after: _State) -> Effects:
    def of(state: _State, row: str) -> list[int | None]:
        return [state.figures.get(row, {}).get(year) for year in years]

    rows = [Effect(row, of(before, row), of(after, row)) for row in (*RESULT_ROWS, *LOAN_ROWS)]
    keys = {*before.customers, *after.customers}
    zeros: Amounts = (0, 0, 0)
    customers = Customer.objects.filter(pk__in=keys).order_by(in_swedish("name"), "pk")
    members = [
        Effect(customer.name, [*before.customers.get(customer.pk, zeros)], [*after.customers.get(customer.pk, zeros)])
        for customer in customers
    ]
    return Effects(years, rows, members)


@retried
def gather_requests(requests: Sequence[SupplementaryRequest], *, into: Budget, by: User) -> None:
    """Put granted requests into one revised budget by its own rows, as one act, and roll it up.

    PermissionDenied for all but the economist; ValidationError with words, and nothing is gathered.
    """
    if not is_economist(by):
        raise PermissionDenied
    if not requests:
        raise ValidationError(_("Choose at least one request."))
    with change(by=by.email, reason=Reason.GATHER_REQUESTS, budget=into.slug):
        rows = SupplementaryRequest.objects.select_for_update(of=("self",)).select_related(
            "asset_class", "product", "budget"
        )
        held = list(rows.filter(pk__in=[row.pk for row in requests]).order_by("pk"))
        for request in held:
            if not request.is_granted or request.gathered_in_id is not None:
                said = _("“%(name)s” is not granted, or stands in a revised budget already.")
                raise ValidationError(said % {"name": request.name})
            if request.budget.fiscal_year != into.fiscal_year or into.replaces is None:
                said = _("%(budget)s is not a revised budget of the request's year.")
                raise ValidationError(said % {"budget": into.name})
            put_in(request, into, by=by)
            request.save()
        roll_up_budget(into)


@retried
def take_out_request(request: SupplementaryRequest, *, by: User) -> None:
    """Take a request's rows out of the revised budget and roll it up. Raise as `take_out` does."""
    name = request.gathered_in.slug if request.gathered_in else ""
    with change(by=by.email, reason=Reason.TAKE_OUT_REQUEST, row=request.name, budget=name):
        rows = SupplementaryRequest.objects.select_for_update(of=("self",)).select_related("gathered_in")
        held = rows.get(pk=request.pk)
        target = take_out(held, by=by)
        held.save()
        roll_up_budget(target)
