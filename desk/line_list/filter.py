"""The filter of the list of cost lines."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from budgets.models import COST_KINDS, BudgetProduct, CostLine, RevenueCategory
from budgets.selectors.lines import counted_to
from budgets.selectors.sub_budgets import BASE_GRANT
from objects.models import GovernanceObject
from records.models import Provenance
from web.filters import BaseFilterSet, containing
from web.names import name_of


class LineFilter(BaseFilterSet):
    """By text, place, cost kind, revenue category and where the figures come from."""

    q = django_filters.CharFilter(label=_("Text"), method="by_text")
    sub_budget = django_filters.ChoiceFilter(
        label=_("Sub-budget"), field_name="budget_product__sub_budget__slug", empty_label=_("All")
    )
    product = django_filters.ChoiceFilter(
        label=_("Product"), field_name="budget_product__lineage", empty_label=_("All")
    )
    cost_kind = django_filters.MultipleChoiceFilter(label=_("Cost kind"), choices=COST_KINDS)
    category = django_filters.ChoiceFilter(
        label=_("Revenue category"),
        field_name="budget_product__category",
        choices=RevenueCategory.choices,
        empty_label=_("All"),
    )
    governance_object = django_filters.ChoiceFilter(label=_("Object"), method="by_object", empty_label=_("All"))
    provenance = django_filters.ChoiceFilter(label=_("Source"), choices=Provenance.choices, empty_label=_("All"))

    class Meta:
        model = CostLine
        fields = ("q", "sub_budget", "product", "category", "governance_object", "provenance", "cost_kind")

    def __init__(
        self, *args: object, products: list[BudgetProduct], governance_objects: list[GovernanceObject], **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)
        self.filters["governance_object"].extra["choices"] = [
            (BASE_GRANT, _("Base grant")),
            *((governance_object.slug, name_of(governance_object)) for governance_object in governance_objects),
        ]
        chosen = self.data.get("sub_budget")
        parts = {product.sub_budget.slug: name_of(product.sub_budget) for product in products}
        self.filters["sub_budget"].extra["choices"] = list(parts.items())
        self.filters["product"].extra["choices"] = [
            (str(product.lineage), product.name)
            for product in products
            if chosen in (None, "", product.sub_budget.slug)
        ]

    def by_text(self, rows: QuerySet[CostLine], name: str, value: str) -> QuerySet[CostLine]:
        """Keep those with the words in the line's text, its note or its product's name."""
        return rows.filter(containing(value, "text", "note", "budget_product__name"))

    def by_object(self, rows: QuerySet[CostLine], name: str, value: str) -> QuerySet[CostLine]:
        """Count as the dashboard does: lines of the base grant that name an object belong to the object."""
        return rows.filter(counted_to(value))
