"""The forms of a planning rate and of an index, each with what was shown of its effect before it is saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from budgets.models import COST_KINDS, Budget, IndexRate, PlanningRate
from budgets.selectors.rates import (
    find_rate_keeper,
    list_following,
    list_users_of,
)
from budgets.services.rates import INDEX_FIELDS, RATE_FIELDS, find_index_faults, find_rate_faults
from pages.forms import DigestForm
from web.fields import NumberField


class RateForm(DigestForm):
    """A planning rate and the drafts that use it; what a budget keeps is shown, and can be chosen but not changed."""

    shown = forms.CharField(required=False, widget=forms.HiddenInput())
    value = NumberField(
        label=_("Value, per cent or hours"),
        max_digits=9,
        decimal_places=3,
        help_text=_("Per cent, or hours for hours per full-time equivalent."),
    )
    budgets = forms.ModelMultipleChoiceField(
        Budget.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        label=_("Budgets that use it"),
        required=False,
        help_text=_(
            "Those in work. In each it takes the place of another of the same kind, age class and day. "
            "What is proposed or adopted keeps what it was calculated by."
        ),
    )

    class Meta:
        model = PlanningRate
        fields = RATE_FIELDS
        help_texts = {
            "age_class": _("For employer contributions that differ by age."),
            "ceiling_ore": _("For an age class: the month's pay that the rate holds up to."),
            "source": _("The decision, circular or law, with its date."),
        }

    def __init__(self, data: Mapping[str, object] | None = None, *, instance: PlanningRate) -> None:
        super().__init__(data, instance=instance)
        following = list_following()
        field = cast("forms.ModelMultipleChoiceField[Budget]", self.fields["budgets"])
        field.queryset = Budget.objects.filter(pk__in=[budget.pk for budget in following]).order_by("fiscal_year")
        if instance.pk:
            field.initial = [budget for budget in list_users_of(instance) if budget in following]
            if find_rate_keeper(instance):
                for name in RATE_FIELDS:
                    self.fields[name].disabled = True
        else:
            field.initial = following

    def clean(self) -> None:
        """Look at what the fields say together."""
        super().clean()
        if not self.fields["kind"].disabled:
            rate = PlanningRate(pk=self.instance.pk, **{name: self.cleaned_data.get(name) for name in RATE_FIELDS})
            self.add_faults(find_rate_faults(rate))


class IndexForm(DigestForm):
    """An index: by how much a kind of cost rises in a year."""

    shown = forms.CharField(required=False, widget=forms.HiddenInput())
    cost_kind = forms.ChoiceField(label=_("Cost kind"), choices=COST_KINDS)
    percent = NumberField(
        label=_("Per cent"),
        max_digits=6,
        decimal_places=3,
        help_text=_(
            "A budget that is copied to the next year raises its last year by it. That of personnel also raises pay "
            "in years without a wage revision."
        ),
    )

    class Meta:
        model = IndexRate
        fields = INDEX_FIELDS
        help_texts = {
            "valid_from_on": _("Of several for the same year the newest holds."),
        }

    def clean(self) -> None:
        """Look at what the fields say together."""
        super().clean()
        index = IndexRate(pk=self.instance.pk, **{name: self.cleaned_data.get(name) for name in INDEX_FIELDS})
        self.add_faults(find_index_faults(index))
