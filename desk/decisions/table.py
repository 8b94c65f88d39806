"""The register of decisions as a table, and what it can be filtered by."""

from __future__ import annotations

import django_filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from desk.decisions.parts import DecisionRow
from desk.decisions.words import STANDINGS
from objects.models import Decision
from objects.selectors.decisions import list_decision_years
from web import marks
from web.filters import BaseFilterSet, containing
from web.tables import OPTIONAL, BaseTable, CountColumn, DayColumn


class DecisionTable(BaseTable):
    """Decisions with their standing and what they govern."""

    caption = _("Decisions")
    text = tables.Column(accessor="decision__text", verbose_name=_("Decision"))
    meeting_on = DayColumn(accessor="decision__meeting_on", verbose_name=_("Meeting"))
    paragraph = CountColumn(accessor="decision__paragraph", verbose_name="§", css="opt")
    body = tables.Column(verbose_name=_("Decided by"), attrs=OPTIONAL)
    kind = tables.Column(
        accessor="decision__get_kind_display", verbose_name=pgettext_lazy("decision", "Kind"), attrs=OPTIONAL
    )
    registry_no = tables.Column(accessor="decision__registry_no", verbose_name=_("Registry number"), attrs=OPTIONAL)
    words = tables.Column(verbose_name=pgettext_lazy("decision", "State"))
    governs_label = tables.Column(verbose_name=_("Governs"), attrs=OPTIONAL)

    class Meta:
        empty_text = _("No decision matches.")

    def render_text(self, record: DecisionRow) -> SafeString:
        """Return a link to the decision."""
        url = reverse("reports:decision", args=[record.decision.uuid])
        return format_html('<a href="{}">{}</a>', url, record.decision.heading)

    def render_words(self, record: DecisionRow) -> SafeString:
        """Return how it stands."""
        return marks.status(record.mark, record.words)

    def value_words(self, record: DecisionRow) -> str:
        """Return the same without its mark, for files."""
        return record.words

    def render_governs_label(self, record: DecisionRow) -> SafeString:
        """Return links to what it governs."""
        return format_html_join(
            ", ", '<a href="{}">{}</a>', ((governed.url, governed.label) for governed in record.governs)
        )

    def value_governs_label(self, record: DecisionRow) -> str:
        """Return the same as words, for files."""
        return record.governs_label


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
        return rows.filter(containing(value, "text", "registry_no", "state"))

    def by_state(self, rows: QuerySet[Decision], name: str, value: str) -> QuerySet[Decision]:
        """Keep all of them; `keep` chooses."""
        return rows

    def keep(self, rows: list[DecisionRow]) -> list[DecisionRow]:
        """Return the rows of the chosen state."""
        chosen = self.form.cleaned_data["state"] if self.form.is_valid() else ""
        return [row for row in rows if chosen in ("", row.standing)]
