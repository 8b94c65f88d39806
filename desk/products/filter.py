"""The filter of the register of products."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from budgets.models import AllocationKey, BudgetProduct, RevenueCategory, SubBudget
from records.models import Provenance
from web.filters import BaseFilterSet, containing
from web.names import name_of


class ProductFilter(BaseFilterSet):
    """By name, sub-budget, category, key and source."""

    q = django_filters.CharFilter(label=_("Name"), method="by_name")
    sub_budget = django_filters.ChoiceFilter(label=_("Sub-budget"), field_name="sub_budget__slug", empty_label=_("All"))
    category = django_filters.ChoiceFilter(
        label=_("Revenue category"), choices=RevenueCategory.choices, empty_label=_("All")
    )
    key = django_filters.ChoiceFilter(label=_("Key"), field_name="allocation_key__slug", empty_label=_("All"))
    provenance = django_filters.ChoiceFilter(label=_("Source"), choices=Provenance.choices, empty_label=_("All"))

    class Meta:
        model = BudgetProduct
        fields = ("q", "sub_budget", "category", "key", "provenance")

    def __init__(self, *args: object, places: list[SubBudget], keys: list[AllocationKey], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.filters["sub_budget"].extra["choices"] = [(place.slug, name_of(place)) for place in places]
        self.filters["key"].extra["choices"] = [(key.slug, name_of(key)) for key in keys]

    def by_name(self, rows: QuerySet[BudgetProduct], name: str, value: str) -> QuerySet[BudgetProduct]:
        """Keep those with the words in their name."""
        return rows.filter(containing(value, "name"))
