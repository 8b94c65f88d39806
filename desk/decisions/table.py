"""The register of decisions as a table."""

from __future__ import annotations

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from desk.decisions.parts import DecisionRow
from web import marks
from web.tables import BaseTable, NumberColumn

NO_WRAP = {"td": {"class": "nowrap"}}


class DecisionTable(BaseTable):
    """Decisions with their standing and what they govern."""

    caption = _("Decisions")
    text = tables.Column(accessor="decision__text", verbose_name=_("Decision"))
    meeting_on = tables.DateColumn(
        accessor="decision__meeting_on", format="Y-m-d", verbose_name=_("Meeting"), attrs=NO_WRAP
    )
    paragraph = NumberColumn(accessor="decision__paragraph", verbose_name="§")
    body = tables.Column(verbose_name=_("Decided by"))
    kind = tables.Column(accessor="decision__get_kind_display", verbose_name=pgettext_lazy("decision", "Kind"))
    registry_no = tables.Column(accessor="decision__registry_no", verbose_name=_("Registry number"), attrs=NO_WRAP)
    words = tables.Column(verbose_name=pgettext_lazy("decision", "State"))
    governs_label = tables.Column(verbose_name=_("Governs"))

    class Meta:
        empty_text = _("No decision matches.")

    def render_text(self, record: DecisionRow) -> SafeString:
        """Return a link to the decision."""
        url = reverse("reports:decision", args=[record.decision.uuid])
        return format_html('<a href="{}">{}</a>', url, record.decision.text)

    def render_paragraph(self, value: int) -> str:
        """Return its number alone."""
        return str(value)

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
