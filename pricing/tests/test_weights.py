"""The table of hours: each cell saved as typed, refused in its place, and undone on the server."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.test import TestCase

from accounts.models import User
from budgets.models import Budget
from forecasts.services.roll_up import roll_up_budget, roll_up_calculated
from objects.models import Role, RoleAssignment
from pricing.models import CostPool, PoolLine, PoolProduct, PoolShare, PoolWeight
from pricing.selectors.matrix import key_of, load_matrix
from pricing.selectors.proof import prove
from pricing.selectors.tables import load_pool_table
from pricing.services.weights import (
    SavedWeights,
    StepRefusedError,
    TypedWeight,
    redo_weights,
    save_weights,
    undo_weights,
)
from pricing.tests.test_calculating import Cast, list_lines, make_cast


def make_economist() -> User:
    """Somebody who keeps the budgets."""
    user = User.objects.create_user(email="ekonom@pools.example", password="x")
    RoleAssignment.objects.create(user=user, role=Role.ECONOMIST)
    return user


class TableOfHours(TestCase):
    cast: Cast
    economist: User

    @classmethod
    def setUpTestData(cls) -> None:
        cls.cast = make_cast()
        cls.economist = make_economist()
        roll_up_budget(cls.cast.budget)

    def _save(self, name: str, typed: str, *, was: str | None = None, year: int = 0) -> SavedWeights:
        cell = TypedWeight(str(self.cast.team.lineage), key_of(self.cast.products[name]), typed, was)
        return save_weights(self.cast.budget, [cell], year=year, by=self.economist)

    def _weight(self, name: str) -> Decimal:
        row = PoolWeight.objects.get(pool=self.cast.team, budget_product=self.cast.products[name])
        return row.weight_1

    def test_a_pool_that_only_tells_what_products_cost_has_no_column_until_something_is_its_own(self) -> None:
        premises = CostPool.objects.create(
            budget=self.cast.budget, slug="premises", name_sv="Lokaler", name_en="Premises", gives="staff_time"
        )
        assert premises in load_matrix(self.cast.budget, 0).pools
        PoolProduct.objects.create(pool=premises, budget_product=self.cast.products["director"])
        assert premises not in load_matrix(self.cast.budget, 0).pools
        PoolLine.objects.create(pool=premises, text="Hyra", row="other", amount_1_ore=1)
        matrix = load_matrix(self.cast.budget, 0)
        assert premises in matrix.pools
        assert key_of(premises) in {row.key for row in matrix.rows}

    def test_a_weight_is_saved_as_typed_and_the_products_cost_follows(self) -> None:
        before = list_lines(self.cast.budget)
        assert self._save("phones", "1 000,5", was="950").count == 1
        roll_up_calculated(self.cast.budget.pk)
        after = list_lines(self.cast.budget)
        assert self._weight("phones") == Decimal("1000.50")
        assert after["phones", "staff_time"] > before["phones", "staff_time"]
        assert sum(after.values()) == sum(before.values())

    def test_only_the_year_that_is_shown_changes(self) -> None:
        self._save("phones", "7", year=1)
        row = PoolWeight.objects.get(pool=self.cast.team, budget_product=self.cast.products["phones"])
        assert (row.weight_1, row.weight_2, row.weight_3) == (Decimal(950), Decimal(7), Decimal(950))

    def test_what_can_be_read_in_two_ways_is_refused_and_the_rest_is_saved(self) -> None:
        cells = [
            TypedWeight(str(self.cast.team.lineage), key_of(self.cast.products[name]), typed)
            for name, typed in (("phones", "3.024"), ("lifecare", "12"))
        ]
        saved = save_weights(self.cast.budget, cells, year=0, by=self.economist)
        assert (saved.count, len(saved.refused), saved.refused[0].stored) == (1, 1, "950")
        assert (self._weight("phones"), self._weight("lifecare")) == (Decimal(950), Decimal(12))

    def test_what_another_saved_meanwhile_is_not_overwritten_unseen(self) -> None:
        self._save("phones", "900")
        assert self._save("phones", "800", was="950").refused
        assert self._weight("phones") == 900

    def test_a_pool_never_serves_itself(self) -> None:
        cell = TypedWeight(str(self.cast.team.lineage), key_of(self.cast.team), "1")
        assert save_weights(self.cast.budget, [cell], year=0, by=self.economist).refused

    def test_a_step_is_undone_and_done_again(self) -> None:
        self._save("phones", "900")
        undo_weights(self.cast.budget, by=self.economist)
        assert self._weight("phones") == 950
        redo_weights(self.cast.budget, by=self.economist)
        assert self._weight("phones") == 900

    def test_a_step_is_not_undone_over_what_another_has_saved(self) -> None:
        self._save("phones", "900")
        PoolWeight.objects.filter(pool=self.cast.team, budget_product=self.cast.products["phones"]).update(weight_1=1)
        with pytest.raises(StepRefusedError):
            undo_weights(self.cast.budget, by=self.economist)

    def test_an_emptied_use_is_none_and_comes_back_by_undo(self) -> None:
        for year in range(3):
            self._save("lifecare", "", year=year)
        assert not PoolWeight.objects.filter(budget_product=self.cast.products["lifecare"]).exists()
        undo_weights(self.cast.budget, by=self.economist)
        row = PoolWeight.objects.get(budget_product=self.cast.products["lifecare"])
        assert (row.weight_1, row.weight_3) == (Decimal(0), Decimal("33.5"))

    def test_nobody_changes_the_weights_of_a_proposed_budget(self) -> None:
        Budget.objects.filter(pk=self.cast.budget.pk).update(phase=Budget.Phase.PROPOSED)
        with pytest.raises(PermissionDenied):
            self._save("phones", "1")

    def test_only_the_economist_changes_weights(self) -> None:
        other = User.objects.create_user(email="admin@pools.example", password="x")
        RoleAssignment.objects.create(user=other, role=Role.ADMINISTRATOR)
        cell = TypedWeight(str(self.cast.team.lineage), key_of(self.cast.products["phones"]), "1")
        with pytest.raises(PermissionDenied):
            save_weights(self.cast.budget, [cell], year=0, by=other)

    def test_products_and_base_grant_take_exactly_what_the_pools_cost(self) -> None:
        for year in range(3):
            proof = prove(self.cast.budget, load_pool_table(self.cast.budget), year)
            assert (proof.cost, proof.difference) == (604_691_356, 0)
        assert proof.base_grant == 30_864_197

    def test_the_table_holds_all_rows_of_pools_and_products(self) -> None:
        matrix = load_matrix(self.cast.budget, 0)
        assert [row.key for row in matrix.rows if row.weights] == [
            key_of(row)
            for row in (
                self.cast.team,
                self.cast.products["director"],
                self.cast.products["computers"],
                self.cast.products["phones"],
                self.cast.products["lifecare"],
            )
        ]
        assert PoolShare.objects.filter(pool__budget=self.cast.budget).count() == 7
