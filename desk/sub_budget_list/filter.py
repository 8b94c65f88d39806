"""The filter of the list of sub-budgets."""

from __future__ import annotations

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from budgets.models import Action, SubBudget
from budgets.selectors.sub_budgets import BASE_GRANT
from objects.models import GovernanceObject
from web.filters import BaseFilterSet, containing


class SubBudgetFilter(BaseFilterSet):
    """By name, status and kind of object."""

    name = django_filters.CharFilter(label=_("Name"), method="by_name")
    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=SubBudget.STATES, method="by_status", empty_label=_("All")
    )
    kind = django_filters.ChoiceFilter(
        label=_("Kind of object"),
        choices=[(BASE_GRANT, _("Base grant")), *GovernanceObject.Kind.choices],
        method="by_kind",
        empty_label=_("All"),
    )

    class Meta:
        model = SubBudget
        fields = ("name", "status", "kind")

    def by_name(self, rows: QuerySet[SubBudget], name: str, value: str) -> QuerySet[SubBudget]:
        """Keep those with the words in their name, in either language."""
        return rows.filter(containing(value, "name_sv", "name_en"))

    def by_status(self, rows: QuerySet[SubBudget], name: str, value: str) -> QuerySet[SubBudget]:
        """Keep those of which the list shows the status; a returned one is a draft that says so."""
        returned = Q(status=SubBudget.Status.DRAFT, last_action=Action.RETURN)
        if value == SubBudget.RETURNED:
            return rows.filter(returned)
        chosen = rows.filter(status=value)
        return chosen.exclude(returned) if value == SubBudget.Status.DRAFT else chosen

    def by_kind(self, rows: QuerySet[SubBudget], name: str, value: str) -> QuerySet[SubBudget]:
        """Keep those whose object is of the kind; the base grant has no object."""
        if value == BASE_GRANT:
            return rows.filter(governance_object=None)
        return rows.filter(governance_object__kind=value)
