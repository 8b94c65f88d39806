"""Amounts: öre in the database, kronor in forms, SEK strings in the API."""

from typing import cast

import django_filters
import pytest
from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.test import RequestFactory
from django.test.utils import isolate_apps
from django.utils.translation import override
from rest_framework import serializers

from engine.money import MAX_ORE
from web.fields import OreField, OreFormField
from web.filters import BaseFilterSet, OreFilter, OreRangeFilter
from web.serializers import BaseModelSerializer, OreSerializerField


@pytest.fixture(scope="module")
def cost() -> type[models.Model]:
    """A model with an amount, known to nobody else."""
    with isolate_apps("web"):

        class Cost(models.Model):
            amount_ore = OreField("amount")

            class Meta:
                app_label = "web"

    return Cost


def test_a_model_form_reads_and_writes_kronor(cost: type[models.Model]) -> None:
    form_class = forms.modelform_factory(cost, fields=["amount_ore"])
    form = form_class({"amount_ore": "1 234,50"})
    assert form.is_valid()
    assert form.cleaned_data["amount_ore"] == 123_450
    with override("sv"):
        shown = str(form_class(initial={"amount_ore": 123_450})["amount_ore"])
    assert 'value="1\u202f234,50"' in shown
    assert 'inputmode="decimal"' in shown
    assert 'type="text"' in shown


def test_the_admin_takes_kronor_in_a_text_input(cost: type[models.Model]) -> None:
    field = admin.ModelAdmin(cost, admin.site).formfield_for_dbfield(
        cast(OreField, cost._meta.get_field("amount_ore")), request=RequestFactory().get("/")
    )
    assert isinstance(field, OreFormField)
    assert not isinstance(field.widget, forms.NumberInput)


def test_an_ambiguous_amount_stays_as_typed_with_the_error(cost: type[models.Model]) -> None:
    form = forms.modelform_factory(cost, fields=["amount_ore"])({"amount_ore": "1.234"})
    assert not form.is_valid()
    shown = str(form["amount_ore"])
    assert 'value="1.234"' in shown
    assert 'aria-invalid="true"' in shown


@pytest.mark.parametrize("ore", [MAX_ORE + 1, -MAX_ORE - 1])
def test_an_amount_beyond_the_limit_is_refused(cost: type[models.Model], ore: int) -> None:
    with pytest.raises(ValidationError):
        cost(amount_ore=ore).clean_fields()


@pytest.mark.parametrize(
    ("initial", "typed", "changed"),
    [
        (123_450, "1 234,5", False),
        (123_450, "1234", True),
        (None, "", False),
        (None, "0", True),
        (0, "", True),
        (5, "x", True),
    ],
)
def test_only_another_amount_is_a_change(initial: int | None, typed: str, changed: bool) -> None:
    assert OreFormField(required=False).has_changed(initial, typed) is changed


def test_a_serializer_picks_the_amount_field_by_itself(cost: type[models.Model]) -> None:
    class CostSerializer(BaseModelSerializer[models.Model]):
        class Meta:
            model = cost
            fields = ["amount_ore"]

    serializer = CostSerializer(data={"amount_ore": "-1234.5"})
    assert isinstance(serializer.fields["amount_ore"], OreSerializerField)
    assert serializer.is_valid(), serializer.errors
    assert serializer.validated_data["amount_ore"] == -123_450
    assert CostSerializer(cost(amount_ore=-5)).data == {"amount_ore": "-0.05"}


@pytest.mark.parametrize(
    "sent", ["", "1,5", "1.234", "1e5", "NaN", "1 000", 1234.5, 12, True, None, [], "10000000000000.01"]
)
def test_the_api_refuses_what_is_not_an_exact_string(sent: object) -> None:
    with pytest.raises(serializers.ValidationError):
        OreSerializerField().run_validation(sent)


def test_a_filter_set_picks_the_amount_filter_by_itself(cost: type[models.Model]) -> None:
    class CostFilter(BaseFilterSet):
        between = OreRangeFilter("amount_ore", label="Amount")

        class Meta:
            model = cost
            fields = ["amount_ore"]

    filters = CostFilter({"between_min": "1 000", "between_max": "2 tkr"}, queryset=cost._default_manager.all())
    assert isinstance(filters.filters["amount_ore"], OreFilter)
    assert isinstance(filters, django_filters.FilterSet)
    assert filters.is_valid(), filters.errors
    assert filters.form.cleaned_data["between"] == slice(100_000, 200_000)
    assert "BETWEEN 100000 AND 200000" in str(filters.qs.query)
