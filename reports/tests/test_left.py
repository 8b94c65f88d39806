"""A proposed budget says on its overview what it no longer follows, and nothing of it is written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from budgets.models import ChosenRate, CostLine, PlanningRate
from pricing.models import CalculationState
from pricing.selectors.following import find_left
from tests.cast import DRAFT, ECONOMIST, OWNER, client_of, get_budget, propose

# The rate is to come later than the proposal, as history keeps their moments.
pytestmark = pytest.mark.usefixtures("committed")
SAID = "The budget no longer follows its rates"


def overview(name: str = ECONOMIST) -> str:
    return client_of(name, "en").get(f"/budgets/{DRAFT}/").content.decode()


def add_rate(value: str, day: date = date(2027, 1, 1)) -> PlanningRate:
    rate: PlanningRate = PlanningRate.objects.create(kind="pension", valid_from_on=day, value=Decimal(value))
    return rate


def test_rate_that_is_added_after_the_proposal_is_told_as_a_state() -> None:
    propose()
    budget = get_budget()
    before = list(CostLine.objects.filter(budget=budget).values_list("pk", "amount_1_ore"))
    rate = add_rate("12.5")
    assert find_left(budget).rates == [rate]
    page = overview()
    assert SAID in page and "pension 2027-01-01 12.5" in page and 'href="/rates/' in page
    assert SAID in overview(OWNER)
    assert list(CostLine.objects.filter(budget=budget).values_list("pk", "amount_1_ore")) == before


def test_change_of_posts_or_pools_after_the_proposal_is_told_too() -> None:
    propose()
    assert not find_left(get_budget()).has_other
    CalculationState.objects.filter(budget__slug=DRAFT).update(changed=10**6)
    assert find_left(get_budget()).has_other and "posts, pools or an index" in overview()


def test_same_value_later_years_and_an_open_budget_are_no_news() -> None:
    budget = get_budget()
    add_rate("12.5")
    assert not find_left(budget)
    assert SAID not in overview()
    propose()
    budget = get_budget()
    held = ChosenRate.objects.filter(budget=budget, rate__kind="pension").latest("rate__valid_from_on").rate
    add_rate(str(held.value), date(2028, 1, 1))
    add_rate("13", date(2030, 1, 1))
    assert not find_left(budget)
