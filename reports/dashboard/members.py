"""What the members pay, as the board's dashboard shows it: each of them, all others together, and what no key shares out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet

from budgets.models import Budget
from budgets.selectors.compared import Compared
from budgets.selectors.shares import load_customer_totals
from engine.money import round_ore
from objects.models import Customer, Inhabitants, Municipality
from objects.selectors.reader import compiled_for_reader
from records.models import Provenance
from reports.overview.selectors import ZERO, Overview, OverviewRow
from web.compiled import compiled
from web.ordering import in_swedish

if TYPE_CHECKING:
    from accounts.models import User

Part = TypeVar("Part", bound=Compared)


def divide(ore: int, count: int | None) -> int | None:
    """Return öre each, rounded once; None where nobody is counted."""
    return round_ore(Fraction(ore, count)) if count else None


@dataclass(frozen=True)
class MemberCost(Compared):
    """What a member pays, öre, and its inhabitants, None where nobody has counted them.

    `customer` is whose costs the reader may open, if the member's. Addresses are the page's.
    """

    name: str
    inhabitants: int | None
    is_assumed: bool
    customer: UUID | None = None
    url: str = ""
    earlier_url: str = ""

    @property
    def per_inhabitant(self) -> int | None:
        """Öre per inhabitant in the budget year."""
        return divide(self.amounts[0], self.inhabitants)

    @property
    def earlier_per_inhabitant(self) -> int | None:
        """Last year's amount per inhabitant, by the same count, so that only the cost differs."""
        return None if self.earlier is None else divide(self.earlier, self.inhabitants)


def load_members(
    budget: Budget, user: User, earlier: Budget | None, overview: Overview
) -> tuple[list[MemberCost], Compared | None, OverviewRow | None, Compared | None]:
    """Return each member's cost; what others pay together; income; and revenue that no key shares out.

    Without a key there is nothing.
    """
    totals, before = load_customer_totals(budget), load_customer_totals(earlier) if earlier else {}
    if not totals:
        return [], None, None, None
    counts = _load_inhabitants(budget)
    customers = dict(_list_customers(user))
    members = []
    for member in _list_members(user, budget.fiscal_year):
        key = member.customer_id
        was = before.get(key, ZERO)[0] if before else None
        count, is_assumed = counts.get(member.pk, (None, False))
        members.append(MemberCost(totals.get(key, ZERO), was, member.name, count, is_assumed, customers.get(key)))
    paid = sum(member.amounts[0] for member in members), sum(member.earlier or 0 for member in members)
    shared = sum(amounts[0] for amounts in totals.values()), sum(amounts[0] for amounts in before.values())
    revenue = overview.result[0]
    others = Compared((shared[0] - paid[0], 0, 0), shared[1] - paid[1] if before else None)
    income = next((row for row in overview.parts if row.code == "income"), None)
    earned = (income.amounts[0], income.earlier or 0) if income else (0, 0)
    missing = None if not before or revenue.earlier is None else revenue.earlier - shared[1] - earned[1]
    unshared = Compared((revenue.amounts[0] - shared[0] - earned[0], 0, 0), missing)
    return members, _unless_zero(others), _unless_zero(income), _unless_zero(unshared)


def _unless_zero(part: Part | None) -> Part | None:
    return part if part and (part.amounts[0] or part.earlier) else None


@compiled_for_reader
def _list_customers(user: User) -> QuerySet[Customer, tuple[int, UUID]]:
    return Customer.objects.visible_to(user).values_list("pk", "uuid")


@compiled_for_reader
def _list_members(user: User, fiscal_year: int) -> QuerySet[Municipality]:
    """Return the municipalities that are members in the budget's year: what they pay of an adopted budget is public."""
    first, last = date(fiscal_year, 1, 1), date(fiscal_year, 12, 31)
    stays = Q(member_to_on=None) | Q(member_to_on__gte=first)
    joined = Q(member_from_on=None) | Q(member_from_on__lte=last)
    return Municipality.objects.visible_to(user).filter(stays, joined).order_by(in_swedish("name"))


def _load_inhabitants(budget: Budget) -> dict[int, tuple[int, bool]]:
    """Return the newest count before the budget's year by municipality, and whether it is assumed."""
    rows = _list_counts(budget.fiscal_year)
    return {key: (count, provenance == Provenance.ASSUMED) for key, count, provenance in rows}


@compiled
def _list_counts(fiscal_year: int) -> QuerySet[Inhabitants, tuple[int, int, str]]:
    counts = Inhabitants.objects.filter(counted_on__lt=date(fiscal_year, 1, 1)).order_by("counted_on")
    return counts.values_list("municipality", "count", "provenance")
