"""Cost lines: who may add, change and delete them, and what quantity and price make of the first amount."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from celery import Celery
from celery._state import get_current_app
from django.conf import settings as django_settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import User
from budgets.models import LINE_FIELDS, BudgetProduct, CostLine, SubBudget
from budgets.services.editing import request_roll_up
from budgets.services.grid.edits import GridRefusedError
from budgets.services.lines import add_line, change_line, delete_line, restore_line
from engine.money import multiply
from forecasts.selectors import sub_budgets_behind
from records.models import Provenance
from records.services.stale import StaleError
from tests.cast import (
    ADMINISTRATOR,
    ECONOMIST,
    MAY_EDIT,
    MAY_NOT_EDIT,
    NEW,
    OWN,
    OWNER,
    PEOPLE,
    email_of,
    get_budget,
    get_line,
    get_user,
)

pytestmark = pytest.mark.django_db


def attempts(line: CostLine, by: User) -> dict[str, Callable[[], Any]]:
    return {
        "add": lambda: add_line(line.budget_product, NEW, by=by),
        "change": lambda: change_line(line, NEW, by=by),
        "delete": lambda: delete_line(line, by=by),
        "restore": lambda: restore_line(line.budget_product.sub_budget, line.lineage, by=by),
    }


def test_every_person_of_the_demo_is_tried_here() -> None:
    assert set(User.objects.values_list("email", flat=True)) == {email_of(name) for name in PEOPLE}


def assert_refused(line: CostLine, by: User) -> None:
    before = list(CostLine.objects.order_by("pk").values())
    for attempt in attempts(line, by).values():
        with pytest.raises(PermissionDenied):
            attempt()
    assert list(CostLine.objects.order_by("pk").values()) == before
    assert sub_budgets_behind() == []


@pytest.mark.parametrize(("name", "sub_budget"), sorted(MAY_EDIT))
def test_owner_manager_and_economist_add_change_and_delete_where_they_may(name: str, sub_budget: str) -> None:
    by, product = get_user(name), get_line(sub_budget).budget_product
    line = add_line(product, NEW, by=by)
    assert (line.amounts, line.provenance, line.budget) == ((100, 200, 300), Provenance.ENTERED, product.budget)
    assert line.position == max(product.cost_lines.values_list("position", flat=True))
    changed = change_line(line, {"amount_2_ore": 250}, by=by, seen=line.edited_at)
    assert (changed.amounts, changed.text) == ((100, 250, 300), "Licenser")
    delete_line(changed, by=by)
    assert not CostLine.objects.filter(lineage=line.lineage).exists()
    assert sub_budgets_behind() == [product.sub_budget_id]


@pytest.mark.parametrize(("name", "sub_budget"), MAY_NOT_EDIT)
def test_nobody_else_changes_a_line(name: str, sub_budget: str) -> None:
    assert_refused(get_line(sub_budget), get_user(name))


@pytest.mark.parametrize("name", [OWNER, ECONOMIST, ADMINISTRATOR])
def test_nobody_changes_a_line_of_an_adopted_budget(name: str) -> None:
    assert_refused(get_line(budget="budget-2026"), get_user(name))


@pytest.mark.parametrize(
    ("status", "owner", "economist"),
    [("draft", True, True), ("submitted", False, True), ("approved", False, True), ("locked", False, False)],
)
def test_submitted_sub_budget_is_left_to_the_economist_and_a_locked_one_to_nobody(
    status: str, owner: bool, economist: bool
) -> None:
    SubBudget.objects.filter(slug=OWN, budget__slug="budget-2027").update(status=status)
    for name, may in ((OWNER, owner), (ECONOMIST, economist)):
        line, by = get_line(), get_user(name)
        if may:
            change_line(line, {"note": status}, by=by)
        else:
            with pytest.raises(PermissionDenied):
                change_line(line, {"note": status}, by=by)


def test_line_that_somebody_else_has_changed_is_not_overwritten() -> None:
    line = get_line()
    changed = change_line(line, {"amount_1_ore": 1}, by=get_user(ECONOMIST), seen=line.edited_at)
    with pytest.raises(StaleError) as caught:
        change_line(line, {"amount_1_ore": 2}, by=get_user(OWNER), seen=line.edited_at)
    assert caught.value.saved.amount_1_ore == 1
    assert CostLine.objects.get(pk=line.pk).amount_1_ore == 1
    change_line(changed, {"amount_1_ore": 2}, by=get_user(OWNER), seen=caught.value.saved.edited_at)
    assert CostLine.objects.get(pk=line.pk).amount_1_ore == 2


def test_change_without_what_the_author_saw_is_written() -> None:
    line = get_line()
    change_line(line, {"amount_1_ore": 1}, by=get_user(ECONOMIST))
    assert change_line(line, {"amount_2_ore": 2}, by=get_user(OWNER)).amounts[:2] == (1, 2)


def test_line_that_was_deleted_meanwhile_is_not_changed() -> None:
    line = get_line()
    CostLine.objects.filter(pk=line.pk).delete()
    with pytest.raises(CostLine.DoesNotExist):
        change_line(line, {"amount_1_ore": 1}, by=get_user(ECONOMIST))


def test_deleted_line_comes_back_as_it_was() -> None:
    line, by = get_line(), get_user(OWNER)
    change_line(line, {"quantity": Decimal("2.5"), "unit_price_ore": 3}, by=by)
    kept = CostLine.objects.filter(pk=line.pk).values(*sorted({*NEW, "quantity", "position", "lineage"})).get()
    sub_budget = line.budget_product.sub_budget
    lineage = line.lineage
    delete_line(line, by=by)
    restored = restore_line(sub_budget, lineage, by=by)
    assert CostLine.objects.filter(pk=restored.pk).values(*kept).get() == kept
    assert restore_line(sub_budget, lineage, by=by).pk == restored.pk


def test_line_that_never_was_is_not_restored() -> None:
    with pytest.raises(CostLine.DoesNotExist):
        restore_line(get_line().budget_product.sub_budget, uuid.uuid4(), by=get_user(OWNER))


# Quantity and price


@pytest.mark.parametrize(
    ("quantity", "price", "amount"),
    [("2.5", 101, 253), ("-2.5", 101, -253), ("2.5", -101, -253), ("0.4999", 1, 0), ("0.5", 1, 1), ("0", 7, 0)],
)
def test_quantity_times_price_is_the_first_amount_rounded_half_away_from_zero(
    quantity: str, price: int, amount: int
) -> None:
    factors = {"quantity": Decimal(quantity), "unit_price_ore": price}
    line = add_line(get_line().budget_product, {**NEW, **factors, "amount_1_ore": None}, by=get_user(OWNER))
    assert line.amounts == (amount, 200, 300)
    assert CostLine.objects.get(pk=line.pk).amounts == (amount, 200, 300)


@pytest.mark.parametrize(
    "wrong", [{"amount_1_ore": 252}, {"quantity": None}, {"unit_price_ore": None}, {"quantity": 3}]
)
def test_database_ties_quantity_and_price_to_the_first_amount(wrong: dict[str, object]) -> None:
    factors = {"quantity": Decimal("2.5"), "unit_price_ore": 101}
    line = add_line(get_line().budget_product, {**NEW, **factors, "amount_1_ore": None}, by=get_user(OWNER))
    with pytest.raises(IntegrityError, match="quantity_times_price_is_the_first_amount"), transaction.atomic():
        CostLine.objects.filter(pk=line.pk).update(**wrong)


def test_clearing_quantity_and_price_leaves_a_typed_amount() -> None:
    line, by = get_line(), get_user(OWNER)
    change_line(line, {"quantity": Decimal(2), "unit_price_ore": 50}, by=by)
    typed = change_line(line, {"quantity": None, "unit_price_ore": None, "amount_1_ore": 7}, by=by)
    assert (typed.quantity, typed.unit_price_ore, typed.amount_1_ore) == (None, None, 7)


class QuantityTimesPrice(TestCase):
    """What the engine rounds is what the database accepts, and nothing else is."""

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        quantity=st.decimals(min_value=-(10**6), max_value=10**6, places=4),
        price=st.integers(-(10**8), 10**8) | st.sampled_from([-5000, -1, 1, 5000, 12500]),
        off=st.sampled_from([-1, 1]),
    )
    def test_database_rounds_as_the_engine_does(self, quantity: Decimal, price: int, off: int) -> None:
        product = get_line().budget_product
        amount = multiply(quantity, price)
        row: dict[str, Any] = {"budget": product.budget, "budget_product": product, "cost_kind": "direct_cost"}
        CostLine.objects.create(**row, text="right", quantity=quantity, unit_price_ore=price, amount_1_ore=amount)
        with pytest.raises(IntegrityError), transaction.atomic():
            CostLine.objects.create(
                **row, text="wrong", quantity=quantity, unit_price_ore=price, amount_1_ore=amount + off
            )


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount_1_ore": 10**15 + 1},
        {"amount_3_ore": -(10**15) - 1},
        {"cost_kind": "rent"},
    ],
)
def test_amount_or_kind_that_cannot_be_is_refused_and_nothing_saved(wrong: dict[str, object]) -> None:
    count = CostLine.objects.count()
    with pytest.raises(IntegrityError), transaction.atomic():
        add_line(get_line().budget_product, {**NEW, **wrong}, by=get_user(OWNER))
    assert CostLine.objects.count() == count


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"cost_kind": "use_of_equity", "amount_1_ore": -1}, "cost_kind"),
        ({"quantity": Decimal(2), "unit_price_ore": 5, "amount_1_ore": 11}, "amount_1_ore"),
        ({"quantity": Decimal(2)}, "quantity"),
    ],
)
def test_figures_that_do_not_go_together_are_refused_as_in_the_grid(wrong: dict[str, Any], field: str) -> None:
    count = CostLine.objects.count()
    with pytest.raises(GridRefusedError) as caught:
        add_line(get_line().budget_product, {**NEW, **wrong}, by=get_user(OWNER))
    assert [bad.field for bad in caught.value.bad] == [field]
    assert CostLine.objects.count() == count


# Starting the roll-up


def site_options() -> dict[str, Any]:
    return {"broker_transport_options": django_settings.CELERY_BROKER_TRANSPORT_OPTIONS}


@pytest.fixture
def dead_broker() -> Iterator[None]:
    """The site's Celery with a broker at a port where nobody listens."""
    before = get_current_app()
    app = Celery("dead")
    app.config_from_object({**site_options(), "broker_url": "redis://127.0.0.1:1/0"})
    app.set_current()
    yield
    before.set_current()
    app.close()


def test_edit_starts_the_roll_up_of_its_sub_budget_after_commit(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    sent: list[tuple[str, list[int]]] = []
    monkeypatch.setattr(Celery, "send_task", lambda _app, name, args, **_options: sent.append((name, args)))
    line, by = get_line(), get_user(OWNER)
    with django_capture_on_commit_callbacks(execute=True):
        change_line(line, {"note": "x"}, by=by)
        assert sent == []
    assert sent == [("forecasts.roll_up", [line.budget_product.sub_budget_id])]


def test_broker_that_is_down_is_logged_and_the_edit_stands(
    dead_broker: None, django_capture_on_commit_callbacks: Any, caplog: pytest.LogCaptureFixture
) -> None:
    line, by = get_line(), get_user(OWNER)
    started = time.monotonic()
    with caplog.at_level(logging.WARNING), django_capture_on_commit_callbacks(execute=True):
        change_line(line, {"amount_1_ore": 4711}, by=by)
    assert time.monotonic() - started < 2
    assert "broker" in caplog.text
    assert CostLine.objects.get(pk=line.pk).amount_1_ore == 4711
    assert sub_budgets_behind() == [line.budget_product.sub_budget_id]


def test_request_with_the_broker_down_does_not_raise(
    dead_broker: None, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        request_roll_up(BudgetProduct.objects.filter(budget=get_budget())[0].sub_budget_id)
    assert len(callbacks) == 1


def test_what_people_write_in_a_line_is_all_but_its_place_and_what_the_system_keeps() -> None:
    kept = {"id", "budget_id", "budget_product_id", "lineage", "position", "provenance", "edited_at"}
    kept |= {"index_provenance", "is_calculated"}
    assert {field.attname for field in CostLine._meta.concrete_fields} == kept | set(LINE_FIELDS)
