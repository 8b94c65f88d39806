"""Planning rates: what is refused, what a change would move before it is saved, and what keeps a rate as it is."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import TestCase

from budgets.models import AllocationKey, Budget, ChosenRate, IndexRate, KeyWeight, PlanningRate
from budgets.selectors.shares import load_customer_totals
from budgets.selectors.totals import load_totals_by_sub_budget
from budgets.services.rates import choose_rate, find_rate_faults, save_rate
from engine.personnel import RateKind
from forecasts.services.roll_up import roll_up_budget
from objects.models import Customer
from pricing.models import Post, PostPart
from pricing.services.effects import weigh_index, weigh_rate
from pricing.tests.test_calculating import RATES, START, Cast, make_cast
from tests.cast import ECONOMIST, OWNER, client_of, get_user

if TYPE_CHECKING:
    from accounts.models import User


def make_rates(budget: Budget) -> dict[str, PlanningRate]:
    rates = {}
    for kind, value in RATES.items():
        rates[kind.value] = PlanningRate.objects.create(kind=kind, valid_from_on=START, value=Decimal(value))
        ChosenRate.objects.create(budget=budget, rate=rates[kind.value])
    return rates


class AChange(TestCase):
    cast: Cast
    rates: dict[str, PlanningRate]
    economist: User

    @classmethod
    def setUpTestData(cls) -> None:
        cls.economist = get_user(ECONOMIST)
        cls.cast = make_cast("rated")
        budget = cls.cast.budget
        cls.rates = make_rates(budget)
        post = Post.objects.create(budget=budget, title="Tekniker", monthly_pay_ore=4_850_000, pay_from_on=START)
        PostPart.objects.create(post=post, pool=cls.cast.team)
        key = AllocationKey.objects.create(budget=budget, slug="half", name_sv="Hälften", name_en="Half")
        for customer, weight in zip(Customer.objects.order_by("pk")[:2], (2, 1), strict=True):
            KeyWeight.objects.create(key=key, customer=customer, weight=weight)
        for product in cls.cast.products.values():
            product.allocation_key = key
            product.save()
        roll_up_budget(budget)

    def test_shown_effect_is_what_saving_then_does_to_every_sub_budget_and_customer(self) -> None:
        budget, rate = self.cast.budget, self.rates["pension"]
        rate.value = Decimal("12.5")
        (effect,) = weigh_rate(rate, [budget])
        sums, customers = load_totals_by_sub_budget(budget), load_customer_totals(budget)
        save_rate(rate, [budget], by=self.economist)
        roll_up_budget(budget)
        after, paid = load_totals_by_sub_budget(budget), load_customer_totals(budget)
        moved = {row.lineage: amounts for row, amounts in effect.sub_budgets}
        assert moved
        for lineage, amounts in sums.items():
            wanted = tuple(new - old for new, old in zip(after[lineage], amounts, strict=True))
            assert moved.get(lineage, (0, 0, 0)) == wanted
        shares = {row.pk: amounts for row, amounts in effect.customers}
        for key, amounts in customers.items():
            assert shares[key] == tuple(new - old for new, old in zip(paid[key], amounts, strict=True))

    def test_index_of_personnel_moves_the_later_years_of_drafts_and_others_move_nothing(self) -> None:
        moving = IndexRate(cost_kind="personnel", year=2027, valid_from_on=START, percent=Decimal(5))
        effects = {effect.budget.slug: effect for effect in weigh_index(moving)}
        first, second, third = effects["rated"].total
        assert first == 0 < second <= third
        assert not weigh_index(IndexRate(cost_kind="interest", year=2027, valid_from_on=START, percent=Decimal(5)))

    def test_taking_away_the_only_rate_of_a_kind_says_what_would_be_missing(self) -> None:
        (effect,) = weigh_rate(self.rates["pension"], [])
        assert effect.problems == [{"problem": "rate_missing", "rate": "pension", "month": "2026-01-01"}]

    def test_new_row_of_the_same_day_takes_the_place_of_what_an_adopted_budget_keeps(self) -> None:
        kept = self.rates["insurance"]
        other = make_cast("other").budget
        ChosenRate.objects.create(budget=other, rate=kept)
        Budget.objects.filter(pk=other.pk).update(phase=Budget.Phase.PROPOSED)
        kept.value = Decimal("0.9")
        with pytest.raises(ValidationError, match="other"):
            save_rate(kept, [], by=self.economist)
        new = PlanningRate(kind="insurance", valid_from_on=START, value=Decimal("0.9"))
        save_rate(new, [self.cast.budget], by=self.economist)
        assert set(ChosenRate.objects.filter(budget=self.cast.budget, rate__kind="insurance").values_list("rate")) == {
            (new.pk,)
        }
        assert ChosenRate.objects.filter(budget=other, rate=kept).exists()

    def test_only_the_economist_sets_a_rate(self) -> None:
        with pytest.raises(PermissionDenied):
            choose_rate(self.rates["pension"], [], by=get_user(OWNER))

    def test_form_shows_the_effect_first_and_saves_when_it_is_sent_again(self) -> None:
        rate, client = self.rates["pension"], client_of(ECONOMIST)
        url = f"/rates/{rate.uuid}/change/"
        typed = {
            "kind": "pension", "valid_from_on": "2026-01-01", "value": "12,5", "budgets": [self.cast.budget.pk],
        }  # fmt: skip
        shown = client.post(url, typed)
        assert not shown.context["form"].errors
        rate.refresh_from_db()
        assert (shown.status_code, rate.value) == (200, Decimal("9.77"))
        mark = shown.context["form"]["shown"].value()
        assert client.post(url, {**typed, "value": "12,6", "shown": mark}).status_code == 200
        assert client.post(url, {**typed, "shown": mark}).status_code == 302
        rate.refresh_from_db()
        assert rate.value == Decimal("12.5")
        assert client_of(OWNER).get(f"/rates/{rate.uuid}/").status_code == 200
        assert client_of(OWNER).get(url).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"age_class": "young"}, "ceiling_ore"),
        ({"age_class": "young", "ceiling_ore": 100, "is_uncapped": True}, "ceiling_ore"),
        ({"ceiling_ore": 2_500_000}, "age_class"),
        ({"kind": "pension", "age_class": "young", "is_uncapped": True}, "age_class"),
        ({"value": Decimal(101)}, "value"),
        ({"kind": "hours", "value": Decimal(0)}, "value"),
        ({"valid_from_on": date(2025, 1, 1)}, "valid_from_on"),
    ],
)
def test_what_can_not_be_of_a_rate_is_told_at_its_field(changed: dict[str, object], field: str) -> None:
    kind = RateKind.EMPLOYER_CONTRIBUTIONS.value
    PlanningRate.objects.create(kind=kind, valid_from_on=date(2025, 1, 1), value=Decimal("31.42"))
    values: dict[str, object] = {"kind": kind, "valid_from_on": date(2026, 2, 1), "value": Decimal("31.42"), **changed}
    assert [name for name, _said in find_rate_faults(PlanningRate(**values))] == [field]
    values = {"kind": kind, "valid_from_on": date(2026, 2, 1), "value": Decimal("31.42")}
    assert not find_rate_faults(PlanningRate(**values))
