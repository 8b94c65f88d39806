"""A product that pools and posts give to is ended, merged, moved and left out with all that points to it, as one act."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.test import TestCase
from django.utils.translation import override

from accounts.models import User
from budgets.models import BudgetProduct, CostLine, ProductProposal
from budgets.selectors.product_acts import list_product_acts
from budgets.services.products.parts import end_product, merge_products, split_product
from budgets.services.products.proposals import accept_proposal
from budgets.services.products.register import ProductValues, change_product
from budgets.services.products.undoing import undo_product_act
from engine.years import AMOUNTS
from forecasts.services.roll_up import roll_up_budget
from pricing.models import (
    CalculatedKind,
    CalculationState,
    MovedCost,
    PoolProduct,
    PoolWeight,
    Post,
    PostPart,
)
from pricing.services.switching import switch_to_entered
from pricing.tests.test_calculating import START, Cast, list_lines, make_cast, weigh
from pricing.tests.test_weights import make_economist

# By what their budget is found.
MODELS = {
    BudgetProduct: "budget",
    CostLine: "budget",
    PoolWeight: "pool__budget",
    PoolProduct: "pool__budget",
    PostPart: "post__budget",
    CalculatedKind: "budget",
    MovedCost: "budget",
}


class GivenProducts(TestCase):
    cast: Cast
    economist: User

    @classmethod
    def setUpTestData(cls) -> None:
        cls.cast = make_cast()
        cls.economist = make_economist()
        roll_up_budget(cls.cast.budget)

    def _product(self, name: str) -> BudgetProduct:
        rows = BudgetProduct.objects.select_related("sub_budget__budget", "product", "budget")
        return rows.get(pk=self.cast.products[name].pk)

    def setUp(self) -> None:
        self.enterContext(override("en"))

    def _sums(self) -> dict[str, int]:
        lines = CostLine.objects.filter(budget=self.cast.budget)
        return lines.aggregate(**{name: Sum(name, default=0) for name in AMOUNTS})

    def _state(self) -> list[object]:
        """All rows that an act on a product may touch, but for when lines were edited."""
        rows: list[object] = []
        for model, path in MODELS.items():
            names = [field.attname for field in model._meta.concrete_fields if field.name != "edited_at"]
            own = model._default_manager.filter(**{path: self.cast.budget})
            rows.append(list(own.order_by("pk").values_list(*names)))
        return rows

    def _undo(self) -> None:
        act = list_product_acts(self.cast.budget, self.economist)[0]
        undo_product_act(self.cast.budget, act.id, by=self.economist)

    def _add_everything(self) -> None:
        """Let everything there is point to the product of the base grant."""
        director = self.cast.products["director"]
        post = Post.objects.create(
            budget=self.cast.budget, title="Direktör", monthly_pay_ore=1, pay_from_on=START, employment_percent=100
        )
        PostPart.objects.create(post=post, budget_product=director)
        PoolProduct.objects.create(pool=self.cast.overhead, budget_product=director)
        names = {"from_product": director, "to_product": self.cast.products["phones"]}
        MovedCost.objects.create(budget=self.cast.budget, reason="flyttad", amount_1_ore=100, **names)

    def test_product_that_is_given_is_refused_with_the_names_of_what_gives(self) -> None:
        CostLine.objects.filter(budget=self.cast.budget).delete()
        with pytest.raises(ValidationError, match=r"Overhead, Support"):
            end_product(self._product("phones"), by=self.economist)
        assert BudgetProduct.objects.filter(pk=self.cast.products["phones"].pk).exists()

    def test_everything_that_points_to_an_ended_product_goes_with_it_and_comes_back_as_one(self) -> None:
        self._add_everything()
        before = self._state()
        with pytest.raises(ValidationError, match=r"1 post"):
            end_product(self._product("director"), by=self.economist)
        end_product(self._product("director"), by=self.economist, with_lines=True)
        after = self._state()
        assert not any(
            model._default_manager.filter(**{path: self.cast.budget}).exists()
            for model, path in MODELS.items()
            if model in (PostPart, PoolProduct, MovedCost)
        )
        self._undo()
        assert self._state() == before
        self._undo()
        assert self._state() == after

    def test_pool_whose_per_cents_no_longer_sum_says_so_and_lines_stay(self) -> None:
        end_product(self._product("phones"), by=self.economist, with_lines=True)
        before = list_lines(self.cast.budget)
        roll_up_budget(self.cast.budget)
        problems = CalculationState.objects.get(pk=self.cast.budget.pk).problems
        assert {(found["problem"], found["total"]) for found in problems} == {("not_a_hundred", "75.0")}
        assert list_lines(self.cast.budget) == before and ("phones", "staff_time") not in before

    def test_undo_holds_though_the_rest_was_calculated_anew_since(self) -> None:
        before = self._state()
        merge_products(self._product("phones"), self._product("computers"), by=self.economist)
        CostLine.objects.filter(budget=self.cast.budget, is_calculated=True).update(amount_1_ore=1)
        self._undo()
        assert self._state() == before

    def test_merged_products_take_together_what_each_took(self) -> None:
        sums, before = self._sums(), list_lines(self.cast.budget)
        merge_products(self._product("phones"), self._product("computers"), by=self.economist)
        assert self._sums() == sums
        weights = PoolWeight.objects.filter(budget_product=self.cast.products["computers"])
        assert dict(weights.values_list("pool__slug", "weight_1")) == {
            "overhead": Decimal(65),
            "support": Decimal(2670),
        }
        both = before["computers", "staff_time"] + before["phones", "staff_time"]
        assert list_lines(self.cast.budget)["computers", "staff_time"] == both
        roll_up_budget(self.cast.budget)
        assert self._sums() == sums
        assert abs(list_lines(self.cast.budget)["computers", "staff_time"] - both) <= 2

    def test_merge_that_would_lose_a_calculated_cost_is_refused(self) -> None:
        switch_to_entered(self._product("computers"), "staff_time", by=self.economist)
        before = self._state()
        with pytest.raises(ValidationError, match=r"Itsamtid|time"):
            merge_products(self._product("phones"), self._product("computers"), by=self.economist)
        with pytest.raises(ValidationError):
            merge_products(self._product("director"), self._product("phones"), by=self.economist)
        assert self._state() == before

    def test_lines_that_a_merged_kind_replaced_are_put_back_in_the_product_they_joined(self) -> None:
        kept = {"text": "gammal", "budget_id": str(self.cast.budget.pk), "cost_kind": "staff_time", "amount_1_ore": "5"}
        for name in ("phones", "computers"):
            own = {**kept, "budget_product_id": str(self.cast.products[name].pk), "amount_2_ore": "0"}
            kind = CalculatedKind.objects.filter(budget_product=self.cast.products[name], cost_kind="staff_time")
            kind.update(replaced=[{**own, "amount_3_ore": "0"}])
        merge_products(self._product("phones"), self._product("computers"), by=self.economist)
        switch_to_entered(self._product("computers"), "staff_time", by=self.economist)
        lines = CostLine.objects.filter(budget_product=self.cast.products["computers"], text="gammal")
        assert lines.count() == 2

    def test_moved_cost_follows_into_the_merged_product(self) -> None:
        products = self.cast.products
        for to in ("computers", "lifecare"):
            names = {"from_product": products["phones"], "to_product": products[to]}
            MovedCost.objects.create(budget=self.cast.budget, reason=to, amount_1_ore=100, **names)
        merge_products(self._product("phones"), self._product("computers"), by=self.economist)
        (left,) = MovedCost.objects.filter(budget=self.cast.budget)
        assert (left.from_product, left.to_product) == (products["computers"], products["lifecare"])

    def test_given_product_stays_on_its_side_of_the_base_grant(self) -> None:
        product = self._product("director")
        place = self._product("phones").sub_budget
        values = ProductValues(product.name, place, "usage", Decimal(25))
        with pytest.raises(ValidationError, match="Overhead"):
            change_product(product, values, by=self.economist)
        PoolWeight.objects.filter(budget_product=product).delete()
        change_product(product, values, by=self.economist)

    def test_calculated_line_is_not_split_off(self) -> None:
        product = self._product("phones")
        values = ProductValues("Ny", product.sub_budget, "usage", Decimal(25))
        lines = list(product.cost_lines.values_list("lineage", flat=True))
        with pytest.raises(ValidationError):
            split_product(product, values, lines, by=self.economist)

    def test_accepted_proposal_to_end_takes_along_what_gives(self) -> None:
        product = self._product("phones")
        proposal = ProductProposal.objects.create(
            budget=self.cast.budget,
            sub_budget=product.sub_budget,
            product=product.product,
            kind="end",
            name=product.name,
            note="x",
            proposed_by=self.economist,
        )
        with pytest.raises(ValidationError, match="Support"):
            accept_proposal(proposal, by=self.economist)
        accept_proposal(proposal, by=self.economist, with_lines=True)
        assert not PoolWeight.objects.filter(budget_product=product.pk).exists()
        self._undo()
        assert PoolWeight.objects.filter(budget_product=product.pk).count() == 2

    def test_act_is_not_undone_when_the_pool_it_rested_on_is_gone(self) -> None:
        extra = type(self.cast.team).objects.create(budget=self.cast.budget, slug="extra", name_sv="E", name_en="E")
        weigh(extra, self.cast.products["phones"], 5)
        end_product(self._product("phones"), by=self.economist, with_lines=True)
        extra.delete()
        with pytest.raises(ValidationError):
            self._undo()
