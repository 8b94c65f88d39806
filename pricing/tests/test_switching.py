"""The switch between entered and calculated: what was replaced comes back as it was."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.test import TestCase
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as PropertyCase

from accounts.models import User
from budgets.models import CostLine, SubBudget
from forecasts.services.roll_up import roll_up_budget
from pricing.models import CalculatedKind
from pricing.selectors.proof import list_entered
from pricing.services.switching import OWN, switch_to_calculated, switch_to_entered
from pricing.tests.test_calculating import Cast, list_lines, make_cast
from pricing.tests.test_weights import make_economist

KIND = "staff_time"
AMOUNT = st.integers(-(10**12), 10**12)
LINES = st.lists(
    st.tuples(
        st.text("abcåäö 1", min_size=1, max_size=20).map(lambda text: f"x{text}".strip()), AMOUNT, AMOUNT, AMOUNT
    ),
    min_size=1,
    max_size=5,
)


def make_entered(cast: Cast, rows: list[tuple[str, int, int, int]]) -> None:
    """Enter lines where the calculation stood."""
    product = cast.products["phones"]
    CalculatedKind.objects.filter(budget_product=product).delete()
    CostLine.objects.filter(budget_product=product).delete()
    for place, (text, *amounts) in enumerate(rows):
        one, two, three = amounts
        CostLine.objects.create(
            budget=cast.budget,
            budget_product=product,
            cost_kind=KIND,
            text=text,
            position=place,
            amount_1_ore=one,
            amount_2_ore=two,
            amount_3_ore=three,
        )


def read_lines(cast: Cast) -> list[dict[str, object]]:
    """All that lines hold but for their key and when they were edited."""
    names = [field.attname for field in CostLine._meta.concrete_fields if field.name not in OWN]
    rows = CostLine.objects.filter(budget_product=cast.products["phones"]).order_by("position", "lineage")
    return list(rows.values(*names))


class AnyLines(PropertyCase):
    @settings(max_examples=8, deadline=None)
    @given(LINES)
    def test_lines_come_back_exactly(self, rows: list[tuple[str, int, int, int]]) -> None:
        cast, economist = make_cast(), make_economist()
        roll_up_budget(cast.budget)
        calculated = list_lines(cast.budget)["phones", KIND]
        make_entered(cast, rows)
        before = read_lines(cast)
        switch_to_calculated(cast.products["phones"], KIND, by=economist)
        assert list_lines(cast.budget)["phones", KIND] == calculated
        assert len(read_lines(cast)) == 1
        switch_to_entered(cast.products["phones"], KIND, by=economist)
        assert read_lines(cast) == before


class Switching(TestCase):
    cast: Cast
    economist: User

    @classmethod
    def setUpTestData(cls) -> None:
        cls.cast = make_cast()
        cls.economist = make_economist()
        roll_up_budget(cls.cast.budget)

    def test_the_calculated_line_goes_on_as_the_line_it_replaces(self) -> None:
        """Else a page would compare it with nothing, and tell of last year's line as gone."""
        make_entered(self.cast, [("x", 1, 2, 3), ("y", 4, 5, 6)])
        product = self.cast.products["phones"]
        first = CostLine.objects.get(budget_product=product, text="x").lineage
        for _time in range(2):
            switch_to_calculated(product, KIND, by=self.economist)
            assert [line.lineage for line in CostLine.objects.filter(budget_product=product)] == [first]
            switch_to_entered(product, KIND, by=self.economist)

    def test_a_line_entered_beside_the_calculated_one_is_told_of(self) -> None:
        product = self.cast.products["phones"]
        assert product.name not in [name for _slug, _lineage, name in list_entered(self.cast.budget)]
        CostLine.objects.create(
            budget=self.cast.budget, budget_product=product, cost_kind=KIND, text="x", amount_1_ore=1
        )
        assert product.name in [name for _slug, _lineage, name in list_entered(self.cast.budget)]

    def test_a_locked_sub_budget_is_not_switched(self) -> None:
        product = self.cast.products["phones"]
        make_entered(self.cast, [("x", 1, 2, 3)])
        SubBudget.objects.filter(pk=product.sub_budget_id).update(status=SubBudget.Status.LOCKED)
        with pytest.raises(ValidationError):
            switch_to_calculated(product, KIND, by=self.economist)

    def test_what_cannot_be_calculated_stays_entered(self) -> None:
        make_entered(self.cast, [("x", 1, 2, 3)])
        self.cast.team.weights.all().delete()
        with pytest.raises(ValidationError):
            switch_to_calculated(self.cast.products["phones"], KIND, by=self.economist)
        assert CostLine.objects.filter(text="x").exists()

    def test_a_calculated_line_that_replaced_nothing_stays_as_an_entered_one(self) -> None:
        product = self.cast.products["phones"]
        switch_to_entered(product, KIND, by=self.economist)
        line = CostLine.objects.get(budget_product=product)
        assert (line.is_calculated, line.amount_1_ore) == (False, 204_306_488)
