"""The form of a cost pool and of its own costs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budgets.models import Budget
from pages.forms import DigestForm
from pricing.models import CostPool, PoolLine
from web.fields import AsksAboutSlips
from web.generics import ModelForm
from web.names import name_of

if TYPE_CHECKING:
    LineFormSet = forms.BaseInlineFormSet[PoolLine, CostPool, "PoolLineForm"]
else:
    LineFormSet = forms.BaseInlineFormSet


class PoolForm(DigestForm):
    """A pool: its names, what its weights are counted in, what it gives, and in whose row it is told."""

    part_of = forms.ChoiceField(
        label=gettext_lazy("Told in the row of"),
        required=False,
        help_text=gettext_lazy("In the table of what the pools cost; a pool of its own has a row."),
    )

    class Meta:
        model = CostPool
        fields = ("name_sv", "name_en", "unit", "gives", "part_of")

    def __init__(self, data: Mapping[str, object] | None = None, *, instance: CostPool) -> None:
        super().__init__(data, instance=instance)
        others = CostPool.objects.filter(budget=instance.budget, part_of="").exclude(pk=instance.pk)
        self.fields["part_of"].choices = [  # type: ignore[attr-defined]
            ("", _("a row of its own")),
            *((pool.slug, name_of(pool)) for pool in others.order_by("position", "pk")),
        ]


class PoolLineForm(AsksAboutSlips, ModelForm[PoolLine]):
    """A cost of a pool that is no post."""

    class Meta:
        model = PoolLine
        fields = ("text", "row", "amount_1_ore", "amount_2_ore", "amount_3_ore", "note")
        widgets = {"note": forms.TextInput()}

    def __init__(self, *args: Any, years: tuple[int, int, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place, year in enumerate(years, 1):
            field = self.fields[f"amount_{place}_ore"]
            field.label, field.required = f"{year}, kr", False

    def clean(self) -> dict[str, Any]:
        """Read an empty amount as nothing."""
        cleaned = super().clean() or self.cleaned_data
        for place in (1, 2, 3):
            if cleaned.get(f"amount_{place}_ore") is None and f"amount_{place}_ore" not in self.errors:
                cleaned[f"amount_{place}_ore"] = 0
        return cleaned


def make_lines(pool: CostPool, budget: Budget, data: Mapping[str, object] | None) -> LineFormSet:
    """Return the pool's lines as forms, and three empty ones."""
    made = forms.inlineformset_factory(
        CostPool, PoolLine, form=PoolLineForm, formset=forms.BaseInlineFormSet, extra=3, can_delete=True, max_num=200
    )
    formset: LineFormSet = made(data, instance=pool, prefix="line", form_kwargs={"years": budget.years})
    return formset
