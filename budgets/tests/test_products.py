"""What a product is in a budget: added, changed, ended, split and merged as one act each, which can be undone."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Sum

from accounts.models import User
from budgets.models import AllocationKey, Budget, BudgetProduct, CostLine
from budgets.selectors.product_acts import list_product_acts
from budgets.services.products.parts import end_product, merge_products, split_product
from budgets.services.products.register import ProductValues, add_product, change_product, confirm_category
from budgets.services.products.undoing import undo_product_act
from budgets.services.shown import ChangedError, mark_shown
from engine.years import AMOUNTS
from records.models import Provenance
from records.services.stale import StaleError
from tests.cast import (
    ADMINISTRATOR,
    ADOPTED,
    DRAFT,
    ECONOMIST,
    GRANT,
    OTHER,
    OWN,
    PEOPLE,
    get_budget,
    get_sub_budget,
    get_user,
    list_open,
    put_sub_budget,
)

pytestmark = pytest.mark.django_db
KEEPERS = (ECONOMIST, ADMINISTRATOR)


def values(**given: Any) -> ProductValues:
    key = AllocationKey.objects.get(budget__slug=DRAFT, slug="invanare")
    usual = {"name": "Ny tjänst", "sub_budget": get_sub_budget(), "category": "allocated", "vat_percent": Decimal(25)}
    return ProductValues(**{**usual, "allocation_key": key, **given})


def product_of(slug: str = OWN, budget: str = DRAFT) -> BudgetProduct:
    rows = BudgetProduct.objects.filter(budget__slug=budget, sub_budget__slug=slug, cost_lines__isnull=False)
    return rows.select_related("sub_budget__budget", "product", "budget").earliest("pk")


def sums(budget: str = DRAFT) -> dict[str, int]:
    return CostLine.objects.filter(budget__slug=budget).aggregate(**{name: Sum(name) for name in AMOUNTS})


def state() -> tuple[Any, ...]:
    """All of the draft that a change of products may touch, by its own keys."""
    fields = ("pk", "lineage", "name", "sub_budget", "category", "vat_percent", "allocation_key", "product", "position")
    lines = CostLine.objects.filter(budget__slug=DRAFT).order_by("pk")
    products = BudgetProduct.objects.filter(budget__slug=DRAFT).order_by("pk")
    names = products.values_list("product__name", "product__ended_on", "product__governance_object")
    return (
        list(products.values_list(*fields, "provenance")),
        list(names),
        list(lines.values_list("pk", "lineage", "budget_product", "text", "position", *AMOUNTS)),
    )


def undo_last() -> None:
    act = list_product_acts(get_budget(), get_user(ECONOMIST))[0]
    assert act.is_newest
    undo_product_act(get_budget(), act.id, by=get_user(ECONOMIST))


def test_new_product_comes_last_in_its_sub_budget_and_lasts() -> None:
    new = add_product(values(), by=get_user(ECONOMIST))
    assert new.product.name == "Ny tjänst" and new.product.governance_object == new.sub_budget.governance_object
    assert new.provenance == Provenance.ENTERED
    assert list(BudgetProduct.objects.filter(sub_budget=new.sub_budget).order_by("position"))[-1] == new


def test_product_that_had_ended_goes_on_when_it_is_added_again() -> None:
    product, lines = product_of(), product_of().cost_lines.count()
    lasting, amount = product.product, sums()
    end_product(product, by=get_user(ECONOMIST), with_lines=lines > 0)
    lasting.refresh_from_db()
    assert lasting.ended_on is not None and lasting.ended_on.year == 2026 and sums() != amount
    again = add_product(values(name=lasting.name), by=get_user(ECONOMIST), product=lasting)
    lasting.refresh_from_db()
    assert again.product == lasting and lasting.ended_on is None


def test_renamed_and_moved_product_keeps_its_name_in_the_adopted_budget() -> None:
    product = product_of()
    old, before = product.name, sums()
    change_product(product, values(name="Nytt namn", sub_budget=get_sub_budget(OTHER)), by=get_user(ECONOMIST))
    product.refresh_from_db()
    assert (product.name, product.sub_budget.slug, product.product.name) == ("Nytt namn", OTHER, "Nytt namn")
    assert BudgetProduct.objects.get(budget__slug=ADOPTED, product=product.product).name == old
    assert sums() == before


def test_product_with_lines_is_ended_only_with_them() -> None:
    product = product_of()
    with pytest.raises(ValidationError, match=str(product.cost_lines.count())):
        end_product(product, by=get_user(ECONOMIST))
    assert product_of() == product
    end_product(product, by=get_user(ECONOMIST), with_lines=True)
    assert not CostLine.objects.filter(budget__slug=DRAFT, budget_product=product.pk).exists()


def test_merged_lines_follow_and_the_budget_costs_the_same_to_the_ore() -> None:
    product, into, before = product_of(), product_of(OTHER), sums()
    lines = set(product.cost_lines.values_list("lineage", flat=True)) | set(
        into.cost_lines.values_list("lineage", flat=True)
    )
    merge_products(product, into, by=get_user(ECONOMIST))
    assert sums() == before
    assert set(into.cost_lines.values_list("lineage", flat=True)) == lines
    assert not BudgetProduct.objects.filter(budget__slug=DRAFT, lineage=product.lineage).exists()


def test_split_product_and_the_new_one_cost_together_what_it_cost() -> None:
    product, before = product_of(), sums()
    line = product.cost_lines.earliest("pk")
    new = split_product(product, values(), [line.lineage], by=get_user(ECONOMIST))
    assert [row.lineage for row in new.cost_lines.all()] == [line.lineage]
    assert sums() == before


def test_split_needs_a_line() -> None:
    with pytest.raises(ValidationError) as refused:
        split_product(product_of(), values(), [], by=get_user(ECONOMIST))
    assert "lines" in refused.value.message_dict
    assert not BudgetProduct.objects.filter(name="Ny tjänst").exists()


ACTS: dict[str, Callable[[User], object]] = {
    "add": lambda by: add_product(values(), by=by),
    "change": lambda by: change_product(product_of(), values(sub_budget=get_sub_budget(OTHER)), by=by),
    "confirm": lambda by: confirm_category(BudgetProduct.objects.filter(budget__slug=DRAFT, provenance="assumed")[0], by=by),
    "end": lambda by: end_product(product_of(), by=by, with_lines=True),
    "split": lambda by: split_product(product_of(), values(), [product_of().cost_lines.earliest("pk").lineage], by=by),
    "merge": lambda by: merge_products(product_of(), product_of(OTHER), by=by),
}  # fmt: skip


@pytest.mark.parametrize("name", ACTS)
def test_every_act_is_undone_as_one_and_the_undo_too(name: str) -> None:
    before = state()
    ACTS[name](get_user(ECONOMIST))
    after = state()
    assert after != before
    undo_last()
    assert state() == before
    undo_last()
    assert state() == after


def test_act_is_not_undone_over_somebody_elses_change() -> None:
    product = product_of()
    change_product(product, values(name="Nytt namn"), by=get_user(ECONOMIST))
    first = list_product_acts(get_budget(), get_user(ECONOMIST))[0]
    change_product(product, values(name="Ännu ett"), by=get_user(ADMINISTRATOR))
    acts = list_product_acts(get_budget(), get_user(ECONOMIST))
    assert [act.is_newest for act in acts[:2]] == [True, False]
    with pytest.raises(ValidationError):
        undo_product_act(get_budget(), first.id, by=get_user(ECONOMIST))
    product.refresh_from_db()
    assert product.name == "Ännu ett"


@pytest.mark.parametrize("name", ACTS)
@pytest.mark.parametrize("who", sorted(set(PEOPLE) - set(KEEPERS)))
def test_others_than_economist_and_administrator_change_no_product(name: str, who: str) -> None:
    before = state()
    with pytest.raises(PermissionDenied):
        ACTS[name](get_user(who))
    assert state() == before


def test_adopted_budget_and_locked_sub_budget_refuse_in_words() -> None:
    with pytest.raises(ValidationError, match="Budget 2026"):
        end_product(product_of(budget=ADOPTED), by=get_user(ECONOMIST), with_lines=True)
    put_sub_budget("locked")
    for name in set(ACTS) - {"confirm"}:
        with pytest.raises(ValidationError):
            ACTS[name](get_user(ECONOMIST))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"category": "base_grant"}, "category"),
        ({"sub_budget": GRANT}, "category"),
        ({"allocation_key": ADOPTED}, "allocation_key"),
        ({"name": "namesake"}, "name"),
        ({"vat_percent": Decimal(101)}, "vat_percent"),
    ],
)
def test_what_can_not_be_is_said_at_its_field(given: dict[str, Any], field: str) -> None:
    if "sub_budget" in given:
        given = {"sub_budget": get_sub_budget(GRANT)}
    if "allocation_key" in given:
        given = {"allocation_key": AllocationKey.objects.filter(budget__slug=ADOPTED)[0]}
    if "name" in given:
        given = {"name": product_of().name}
    with pytest.raises(ValidationError) as refused:
        add_product(values(**given), by=get_user(ECONOMIST))
    assert list(refused.value.message_dict) == [field]


def test_confirmed_category_is_entered_by_who_confirmed_it_and_a_stale_one_is_not() -> None:
    product = BudgetProduct.objects.filter(budget__slug=DRAFT, provenance="assumed").earliest("pk")
    with pytest.raises(StaleError):
        confirm_category(product, by=get_user(ECONOMIST), seen="other")
    confirm_category(product, by=get_user(ECONOMIST))
    product.refresh_from_db()
    assert product.provenance == Provenance.ENTERED
    assert list_product_acts(get_budget(), get_user(ECONOMIST))[0].by == get_user(ECONOMIST).email


def test_product_is_ended_as_its_page_showed_it() -> None:
    product, mark = product_of(), mark_shown(get_sub_budget())
    line = list_open()[0]
    CostLine.objects.filter(pk=line.pk).update(amount_2_ore=line.amount_2_ore + 100)
    with pytest.raises(ChangedError):
        end_product(product, by=get_user(ECONOMIST), with_lines=True, shown=mark)
    assert Budget.objects.get(slug=DRAFT).budget_products.filter(pk=product.pk).exists()
