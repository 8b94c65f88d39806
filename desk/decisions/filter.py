"""What the register of decisions can be filtered by."""

from __future__ import annotations

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from desk.decisions.parts import DecisionRow
from desk.decisions.words import STANDINGS
from objects.models import Decision
from objects.selectors.decisions import list_decision_years
from web.filters import BaseFilterSet


class DecisionFilter(BaseFilterSet):
    """By text, who decides, kind, year and state. The state is worked out, so the rows are asked for it afterwards."""

    q = django_filters.CharFilter(label=_("Text or registry number"), method="by_text")
    body = django_filters.ChoiceFilter(label=_("Decided by"), choices=Decision.Body.choices, empty_label=_("All"))
    kind = django_filters.ChoiceFilter(
        label=pgettext_lazy("decision", "Kind"), choices=Decision.Kind.choices, empty_label=_("All")
    )
    year = django_filters.ChoiceFilter(label=_("Year"), field_name="meeting_on__year", empty_label=_("All"))
    state = django_filters.ChoiceFilter(
        label=pgettext_lazy("decision", "State"), method="by_state", empty_label=_("All")
    )

    class Meta:
        model = Decision
        fields = ("q", "body", "kind", "year", "state")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        years = list_decision_years(self.request.user)
        self.filters["year"].extra["choices"] = [(year, str(year)) for year in years]
        self.filters["state"].extra["choices"] = [(standing.value, label) for standing, label in STANDINGS.items()]

    def by_text(self, rows: QuerySet[Decision], name: str, value: str) -> QuerySet[Decision]:
        """Keep those with the words in their text, registry number or note."""
        return rows.filter(Q(text__icontains=value) | Q(registry_no__icontains=value) | Q(state__icontains=value))

    def by_state(self, rows: QuerySet[Decision], name: str, value: str) -> QuerySet[Decision]:
        """Keep all of them; `keep` chooses."""
        return rows

    def keep(self, rows: list[DecisionRow]) -> list[DecisionRow]:
        """Return the rows of the chosen state."""
        chosen = self.form.cleaned_data["state"] if self.form.is_valid() else ""
        return [row for row in rows if chosen in ("", row.standing)]
