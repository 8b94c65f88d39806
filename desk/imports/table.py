"""The history of imports as a table, and what it can be filtered by."""

from __future__ import annotations

import django_filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from records.import_kinds import list_kinds
from records.models import Import
from web import marks
from web.filters import BaseFilterSet, containing
from web.tables import OPTIONAL, BaseTable, CountColumn, MomentColumn

MARKS = {"checking": "submitted", "review": "draft", "saved": "approved", "undone": "returned"}


class ImportTable(BaseTable):
    """Files that were read in, with what came of them."""

    caption = _("Imports")
    file_name = tables.Column(verbose_name=_("File"))
    kind_label = tables.Column(verbose_name=pgettext_lazy("of an import", "Kind"), order_by=("kind",))
    source = tables.Column(verbose_name=pgettext_lazy("of an import", "Source"))
    period_label = tables.Column(verbose_name=_("Period"), order_by=("period",))
    rows_count = CountColumn(accessor="counts__rows", verbose_name=_("Rows"), orderable=False)
    status = tables.Column(verbose_name=pgettext_lazy("import", "State"))
    by = tables.Column(accessor="by__name", verbose_name=_("Read in by"), attrs=OPTIONAL)
    created_at = MomentColumn(verbose_name=_("Chosen"))

    class Meta:
        empty_text = _("Nothing has been read in.")

    def render_file_name(self, record: Import) -> SafeString:
        """Return a link to the import."""
        return format_html('<a href="{}">{}</a>', reverse("records:import", args=[record.uuid]), record.file_name)

    def render_status(self, record: Import) -> SafeString:
        """Return how it stands."""
        return marks.status(MARKS[record.status], record.get_status_display())

    def value_status(self, record: Import) -> str:
        """Return the same without its mark, for files."""
        return str(record.get_status_display())


class ImportFilter(BaseFilterSet):
    """By words, kind and state."""

    q = django_filters.CharFilter(label=_("File or source"), method="by_text")
    kind = django_filters.ChoiceFilter(label=pgettext_lazy("of an import", "Kind"), empty_label=_("All"))
    status = django_filters.ChoiceFilter(
        label=pgettext_lazy("import", "State"), choices=Import.Status.choices, empty_label=_("All")
    )

    class Meta:
        model = Import
        fields = ("q", "kind", "status")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.filters["kind"].extra["choices"] = [(kind.key, kind.label) for kind in list_kinds(self.request.user)]

    def by_text(self, rows: QuerySet[Import], name: str, value: str) -> QuerySet[Import]:
        """Keep those whose file or source has the words."""
        return rows.filter(containing(value, "file_name", "source"))
