"""One table of typed numbers (`number_cases.json`) through every door where a number is typed; node runs it for the script."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.test import RequestFactory
from django.urls import reverse
from django.utils.translation import override
from rest_framework import serializers

from budgets.models import CostLine, IndexRate, KeyWeight
from budgets.services.grid.cells import CellError, read_cell
from desk.contracts.form import ContractForm
from desk.grid.form import ManyForm
from desk.line.form import LineForm
from desk.workflow.form import DeadlineForm
from investments.models import BorrowingFramework, Loan
from itsam.platform.embedded import CHECKOUT
from objects.models import DevelopmentItem, Inhabitants
from tests.cast import ECONOMIST, OWN, client_of, get_line
from tests.grid_form import as_posted
from tests.test_days import list_form_fields
from web.days import YearField, YearFormField
from web.fields import NumberField, OreField, OreFormField
from web.filters import OreRangeField
from web.formulas import parse_sum
from web.reading import NumberError
from web.serializers import OreSerializerField

Case = dict[str, Any]
CASES: list[Case] = json.loads((CHECKOUT / "tests" / "number_cases.json").read_text())
SWEDISH = [case for case in CASES if "language" not in case]
IN_KRONOR = [case for case in CASES if case["unit"] == "kr"]
NUMBERS = [case for case in CASES if "number" in case]


def meant(case: Case) -> int | Decimal | None:
    """Öre or a number, None where the text is refused."""
    if "number" in case:
        return None if case["number"] is None else Decimal(case["number"])
    ore: int | None = case["ore"]
    return ore


def taken(read: Callable[[str], Any], text: str) -> Any:
    """What a door makes of a text, None where it refuses it."""
    try:
        return read(text)
    except (NumberError, CellError, ValidationError, serializers.ValidationError) as refused:
        assert str(refused)
        return None


def by_many(how: str) -> Callable[[str], Any]:
    """The number that "change several" reads."""

    def read(text: str) -> Any:
        form = ManyForm(
            {"scope": "all", "years": ["0"], "how": how, "value": text}, products=[], years=(2027, 2028, 2029)
        )
        if not form.is_valid():
            raise ValidationError(form.errors.as_text())
        return form.cleaned_data["number"]

    return read


def in_admin(model: type[models.Model], name: str) -> Callable[[str], Any]:
    """How the administration's page of a model, or of the one it is shown with, reads a field."""
    field = admin_field(model, name)
    return lambda text: field.clean(text)


def admin_field(model: type[models.Model], name: str) -> forms.Field:
    shown = admin_of(model)
    field = shown.formfield_for_dbfield(model._meta.get_field(name), RequestFactory().get("/"))
    assert isinstance(field, forms.Field)
    return field


def admin_of(model: type[models.Model]) -> Any:
    if model in admin.site._registry:
        return admin.site._registry[model]
    return next(
        inline(type(shown.model), admin.site)
        for shown in admin.site._registry.values()
        for inline in shown.inlines
        if inline.model is model
    )


def by_filter(text: str) -> Any:
    return OreRangeField().clean([text, text]).start


AMOUNT_DOORS: dict[str, Callable[[str], Any]] = {
    "the reader": parse_sum,
    "a cell of the grid": lambda text: read_cell("amount_1_ore", text),
    "a unit price of the grid": lambda text: read_cell("unit_price_ore", text),
    "an amount of a form": OreFormField().clean,
    "the form of a line": LineForm.base_fields["amount_1_ore"].clean,
    "an object plan's item": forms.modelform_factory(DevelopmentItem, fields=["effect_ore"])
    .base_fields["effect_ore"]
    .clean,
    "change several by kronor": by_many("amount"),
    "a filter from and to": by_filter,
    "the administration of lines": in_admin(CostLine, "amount_2_ore"),
    "the administration of loans": in_admin(Loan, "debt_ore"),
    "the administration of frameworks": in_admin(BorrowingFramework, "amount_ore"),
}
NUMBER_DOORS: dict[str, Callable[[str], Any]] = {
    "a quantity of the grid": lambda text: read_cell("quantity", text),
    "the form of a line": LineForm.base_fields["quantity"].clean,
    "the administration of lines": in_admin(CostLine, "quantity"),
}


@pytest.mark.parametrize("door", AMOUNT_DOORS)
def test_typed_amount_means_the_same_at_every_door(door: str) -> None:
    for case in CASES:
        if "ore" not in case or not case["sent"]:
            continue
        with override(case.get("language", "sv")):
            assert taken(AMOUNT_DOORS[door], case["sent"]) == meant(case), case


@pytest.mark.parametrize("door", NUMBER_DOORS)
def test_typed_quantity_means_the_same_at_every_door(door: str) -> None:
    for case in NUMBERS:
        with override(case.get("language", "sv")):
            assert taken(NUMBER_DOORS[door], case["typed"]) == meant(case), case


# Doors that take fewer numbers: fewer decimals, or narrower limits.
NARROW_DOORS: dict[str, tuple[Callable[[str], Any], int, int, int]] = {
    "change several by per cent": (by_many("percent"), 4, -1000, 1000),
    "a jump that asks for a note": (DeadlineForm.base_fields["jump_percent"].clean, 1, 0, 1000),
    "an index": (in_admin(IndexRate, "percent"), 3, -999, 999),
    "a weight": (in_admin(KeyWeight, "weight"), 4, 0, 10**10),
    "a number of inhabitants": (in_admin(Inhabitants, "count"), 0, 0, 2**31 - 1),
}


@pytest.mark.parametrize("door", NARROW_DOORS)
def test_number_is_taken_for_what_it_is_or_not_at_all(door: str) -> None:
    read, places, least, most = NARROW_DOORS[door]
    for case in NUMBERS:
        with override(case.get("language", "sv")):
            value, wanted = taken(read, case["typed"]), meant(case)
        assert value in (wanted, None), case
        fits = wanted is not None and least <= wanted <= most and round(wanted, places) == wanted
        has_third = "," in case["typed"] and len(case["typed"].split(",")[-1]) == 3
        if fits and not (has_third and places < 3) and not case["typed"].startswith("="):
            assert value == wanted, case


@pytest.mark.parametrize("door", [*AMOUNT_DOORS, *NARROW_DOORS])
def test_advice_of_a_refusal_is_itself_taken(door: str) -> None:
    read = AMOUNT_DOORS.get(door) or NARROW_DOORS[door][0]
    for case in CASES:
        if case["sent"].startswith("="):
            continue  # what is advised there is a part of the sum
        with override(case.get("language", "sv")):
            for way in advice_of(read, case["sent"]):
                assert taken(read, way) is not None, (case, way)


def advice_of(read: Callable[[str], Any], text: str) -> tuple[str, ...]:
    """The ways to write a number that a door's refusal names."""
    try:
        read(text)
    except (NumberError, CellError, ValidationError) as refused:
        cause = refused if isinstance(refused, NumberError) else refused.__cause__
        return cause.advice if isinstance(cause, NumberError) else ()
    return ()


def test_api_takes_an_amount_for_what_it_is_or_not_at_all() -> None:
    field = OreSerializerField()
    for case in IN_KRONOR:
        assert taken(field.run_validation, case["typed"]) in (meant(case), None), case
    with pytest.raises(serializers.ValidationError) as refused:
        field.run_validation("12,500")
    advised = str(refused.value).split('"')[-2]
    assert field.run_validation(advised) == 123_450


def test_administration_reads_every_number_as_pages_do() -> None:
    request = RequestFactory().get("/")
    for shown in admin.site._registry.values():
        for page in (shown, *(inline(shown.model, admin.site) for inline in shown.inlines)):
            for field in page.model._meta.fields:
                if (
                    not isinstance(field, models.DecimalField | models.IntegerField)
                    or field.choices
                    or not field.editable
                ):
                    continue
                if isinstance(field, models.AutoField):
                    continue
                made = page.formfield_for_dbfield(field, request)
                own = {OreField: OreFormField, YearField: YearFormField}.get(type(field), NumberField)
                assert isinstance(made, own), field


def test_every_form_reads_every_number_as_pages_do() -> None:
    """Django's own fields take 1.234 and 1E+06 for what is not seen, and say in other words what they refuse."""
    own = forms.IntegerField | forms.DecimalField | forms.FloatField
    hidden = forms.HiddenInput
    fields = [(name, field) for name, field in list_form_fields() if not name.startswith("DecisionAdminForm.")]
    assert len(fields) > 200
    assert [name for name, field in fields if isinstance(field, own) and not isinstance(field.widget, hidden)] == []


@pytest.mark.parametrize("text", ["12,500", "1.234", "abc", "-5", "2027,5"])
def test_year_that_is_none_is_told_with_the_years_that_are(text: str) -> None:
    with override("sv"), pytest.raises(ValidationError) as refused:
        ContractForm.base_fields["price_year"].clean(text)
    assert refused.value.message.startswith(f"{text} är inget år. Skriv ett år från 19")


def test_number_of_a_form_is_refused_within_the_limits_of_its_model() -> None:
    with override("sv"), pytest.raises(ValidationError, match=r"99 är för stort. Skriv högst 60\."):
        ContractForm.base_fields["notice_months"].clean("99")
    assert ContractForm.base_fields["notice_months"].clean(" 12 ") == 12


# The pages themselves: the whole table in one request.


def make_lines(count: int) -> list[CostLine]:
    """Lines without amounts, for one number each."""
    like = get_line()
    own = {"budget": like.budget, "budget_product": like.budget_product, "cost_kind": like.cost_kind}
    lines = [CostLine(text=f"Tal {n}", position=5000 + n, lineage=uuid4(), **own) for n in range(count)]
    CostLine.objects.bulk_create(lines)
    return list(CostLine.objects.filter(lineage__in=[line.lineage for line in lines]).order_by("position"))


def cells_of(case: Case, text: str) -> dict[str, str]:
    return {"quantity": text, "unit_price_ore": "1"} if "number" in case else {"amount_2_ore": text}


def check_stored(cases: list[Case], lines: list[CostLine]) -> None:
    stored: dict[UUID, CostLine] = {
        line.lineage: line for line in CostLine.objects.filter(pk__in=[line.pk for line in lines])
    }
    for case, line in zip(cases, lines, strict=True):
        now = stored[line.lineage]
        if "number" in case:
            assert now.quantity == meant(case), case
        else:
            assert now.amount_2_ore == (meant(case) or 0), case


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["sv", "en"])
def test_grid_stores_what_its_script_sends_for_a_typed_number(language: str) -> None:
    cases = [case for case in CASES if case.get("language", "sv") == language and case["sent"]]
    lines = make_lines(len(cases))
    changed = [
        {
            "line": str(line.lineage),
            "seen": line.edited_at.isoformat(),
            "cells": cells_of(case, case["sent"]),
            "was": {},
        }
        for case, line in zip(cases, lines, strict=True)
    ]
    address = reverse("budgets:grid", args=["budget-2027", OWN])
    body = json.dumps({"action": "paste", "changed": changed, "partial": True})
    answer = client_of(ECONOMIST, language).post(address, body, content_type="application/json", HTTP_X_GRID="1")
    assert answer.status_code == 200, answer.content
    check_stored(cases, lines)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["sv", "en"])
def test_table_without_script_stores_a_typed_number(language: str) -> None:
    cases = [case for case in (*IN_KRONOR, *NUMBERS) if case.get("language", "sv") == language]
    lines = make_lines(len(cases))
    posted = {"loaded": max(line.edited_at for line in lines).isoformat(), "partial": "1"}
    for case, line in zip(cases, lines, strict=True):
        posted |= {f"{line.lineage}:{name}": text for name, text in cells_of(case, case["typed"]).items()}
    address = reverse("budgets:grid", args=["budget-2027", OWN])
    assert client_of(ECONOMIST, language).post(address, as_posted(posted)).status_code == 302
    check_stored(cases, lines)


def test_table_holds_every_door_to_both_languages_and_units() -> None:
    found = {(case["unit"], case.get("language", "sv"), "number" in case) for case in CASES}
    assert found == {(unit, language, unit == "") for unit in ("kr", "tkr", "") for language in ("sv", "en")}
