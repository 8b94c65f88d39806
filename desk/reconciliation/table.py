"""The reconciliation as a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import django_tables2 as tables
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from desk.reconciliation.words import OUTCOMES, Words, name_column
from forecasts.selectors.reconciliation import Difference, Place
from web import marks
from web.numbers import format_tkr
from web.tables import BaseTable, ChangeColumn, TkrColumn

STATES = {
    "unexplained": "bad",
    "explained": "submitted",
    "rounding": "info",
    "exact": "approved",
    "not_computed": "draft",
}


def join_place(place: Place) -> str:
    """Return a figure's place as the value of one query parameter; only the row may hold the separator."""
    return "|".join(place)


def split_place(value: str) -> Place | None:
    """Return the place that `join_place` wrote; None for anything else."""
    table, first, rest = value.partition("|")
    row, last, column = rest.rpartition("|")
    return (table, row, column) if first and last else None


class DifferenceTable(BaseTable):
    """Published figures beside what they should be, tkr."""

    row = tables.Column(verbose_name=gettext_lazy("Row"), order_by=("label", "position"))
    table = tables.Column(verbose_name=gettext_lazy("Table"), order_by=("table", "position"))
    column = tables.Column(verbose_name=gettext_lazy("Column"), order_by=("column", "position"))
    published = TkrColumn(verbose_name=gettext_lazy("Published"), accessor="published_ore")
    computed = TkrColumn(verbose_name=gettext_lazy("Computed"), accessor="computed_ore")
    difference = ChangeColumn(verbose_name=gettext_lazy("Difference"), accessor="difference_ore")
    outcome = tables.Column(verbose_name=gettext_lazy("Class"), order_by=("severity", "position"))
    basis = tables.Column(verbose_name=gettext_lazy("Compared with"), empty_values=(), orderable=False)
    reason = tables.Column(verbose_name=gettext_lazy("Reason"), empty_values=(), orderable=False)

    class Meta:
        empty_text = gettext_lazy("No figure matches.")

    def __init__(
        self, data: Iterable[Difference], *, words: Words, can_explain: bool, chosen: Mapping[str, str]
    ) -> None:
        caption = _("Published and computed figures of %(budget)s, tkr") % {"budget": words.budget.name}
        super().__init__(data, caption=caption)
        self.words, self.can_explain, self.chosen = words, can_explain, chosen
        self.reason_url = reverse("forecasts:reason", args=[words.budget.slug])

    def render_row(self, record: Difference) -> str:
        """Name the row in words."""
        return self.words.name_row(record.row, record.label)

    def render_table(self, record: Difference) -> str:
        """Name the table in words."""
        return self.words.name_table(record.table)

    def render_column(self, record: Difference) -> str:
        """Name the column in words."""
        return name_column(record.column)

    def render_computed(self, record: Difference) -> str | SafeString:
        """Link the figure to what it was computed from."""
        shown, url = format_tkr(record.computed_ore), self.words.find_url(record)
        linked = format_html('<a class="fig" href="{}">{}</a>', url, shown) if url else shown
        elsewhere = format_html('<br><span class="muted small nowrap">{}</span>', _("printed elsewhere"))
        return format_html("{}{}", linked, elsewhere) if record.parts else linked

    def render_outcome(self, record: Difference) -> SafeString:
        """Return an icon and a word."""
        return marks.status(STATES[record.outcome], OUTCOMES[record.outcome])

    def render_basis(self, record: Difference) -> SafeString:
        """Return what the figure is compared with."""
        return format_html('<span class="muted wrap">{}</span>', self.words.name_basis(record))

    def render_reason(self, record: Difference) -> str | SafeString:
        """Return the reason with its author and day; where one is needed, offer the economist a way to write it."""
        if record.reason is None and not (self.can_explain and record.outcome == "unexplained"):
            return ""
        url = f"{self.reason_url}?{urlencode({'figure': join_place(record.place), **self.chosen})}"
        name = f"{self.render_row(record)}, {self.render_table(record)}, {self.render_column(record)}"
        if record.reason is None:
            return format_html(
                '<a class="nowrap" href="{}">{}<span class="visually-hidden">: {}</span></a>',
                url,
                _("Link a reason"),
                name,
            )
        signed = f"{record.reason.author}, {date_format(record.reason.created_at, 'Y-m-d')}"
        return format_html(
            '<span class="reason">{} <span class="muted nowrap">{}</span> <a href="{}">{}<span class="visually-hidden">: {}</span></a></span>',
            record.reason.text,
            signed,
            url,
            pgettext("verb", "Change") if self.can_explain else _("History"),
            name,
        )

    def value_table(self, record: Difference) -> str:
        """Name the table in words, also in an exported file."""
        return self.render_table(record)

    def value_outcome(self, record: Difference) -> str:
        """Return the word alone, in an exported file."""
        return str(OUTCOMES[record.outcome])

    def value_basis(self, record: Difference) -> str:
        """Return the words alone, in an exported file."""
        return self.words.name_basis(record)

    def value_reason(self, record: Difference) -> str:
        """Return the text alone, in an exported file."""
        return record.reason.text if record.reason else ""
