"""The form of a post with who carries it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from budgets.models import Budget, BudgetProduct
from pages.forms import SeenForm
from pricing.models import CostPool, Post, PostPart
from pricing.services.posts import Part, carrier_of, find_post_faults
from web.fields import NumberField
from web.names import name_of

PARTS = 5


class PostForm(SeenForm):
    """A post; its carriers are chosen by name, each with its part."""

    class Meta:
        model = Post
        fields = (
            "title",
            "unit",
            "kind",
            "employment_percent",
            "monthly_pay_ore",
            "pay_from_on",
            "from_on",
            "to_on",
            "age_class",
            "note",
        )
        field_classes = {"employment_percent": NumberField}
        labels = {"title": pgettext_lazy("of a post", "Title")}
        widgets = {"note": forms.TextInput()}

    def __init__(
        self, data: Mapping[str, object] | None = None, *, instance: Post, parts: list[PostPart] | None = None
    ) -> None:
        super().__init__(data, instance=instance)
        self.carriers = _list_carriers(instance.budget)
        choices = [("", _("Nobody")), *((key, _name(carrier)) for key, carrier in self.carriers.items())]
        shown = parts or []
        for place in range(max(PARTS, len(shown) + 1)):
            part = shown[place] if place < len(shown) else None
            carrier = carrier_of(part) if part else None
            self.fields[f"carrier_{place}"] = forms.ChoiceField(
                label=_("Carried by"), choices=choices, required=False, initial=_key(carrier) if carrier else ""
            )
            self.fields[f"weight_{place}"] = NumberField(
                label=_("Part"),
                max_digits=9,
                decimal_places=4,
                min_value=0,
                required=False,
                initial=part.weight if part else None,
                help_text=gettext_lazy("60 and 40, or 0.6 and 0.4: parts are weights") if not place else "",
            )

    def clean(self) -> dict[str, Any] | None:
        """Say at each field what can't be with the post."""
        cleaned = super().clean()
        for name, said in find_post_faults(self.cleaned_data).items():
            self.add_error(name, said)
        return cleaned

    @property
    def part_fields(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The fields of carriers with those of their parts."""
        places = [name.removeprefix("carrier_") for name in self.fields if name.startswith("carrier_")]
        return [(self[f"carrier_{place}"], self[f"weight_{place}"]) for place in places]

    @property
    def own_fields(self) -> list[forms.BoundField]:
        """The fields of the post itself."""
        return [field for field in self.visible_fields() if not field.name.startswith(("carrier_", "weight_"))]

    def list_parts(self) -> list[Part]:
        """Return who carries the post, with weights. Raise ValidationError for a part of nobody."""
        parts = []
        for carrier, weight in self.part_fields:
            key, given = self.cleaned_data.get(carrier.name), self.cleaned_data.get(weight.name)
            if key:
                parts.append((self.carriers[key], Decimal(1) if given is None else given))
            elif given:
                raise ValidationError(_("A part has no carrier. Choose one, or empty the part."))
        return parts


def _list_carriers(budget: Budget) -> dict[str, CostPool | BudgetProduct]:
    pools = CostPool.objects.filter(budget=budget).order_by("position", "pk")
    products = BudgetProduct.objects.filter(budget=budget, sub_budget__governance_object__isnull=True)
    rows: list[CostPool | BudgetProduct] = [*pools, *products.select_related("sub_budget").order_by("position", "pk")]
    return {_key(row): row for row in rows}


def _key(carrier: CostPool | BudgetProduct) -> str:
    return f"{'pool' if isinstance(carrier, CostPool) else 'product'}.{carrier.lineage}"


def _name(carrier: CostPool | BudgetProduct) -> str:
    if isinstance(carrier, CostPool):
        return name_of(carrier)
    return _("Base grant: %(product)s") % {"product": carrier.name}
