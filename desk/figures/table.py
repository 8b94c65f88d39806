"""Published figures as a table, and what they can be filtered by."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from budgets.models import PublishedFigure
from desk.figures.words import join_figure, name_edition
from desk.reconciliation.words import Words, name_column
from web.filters import BaseFilterSet, containing
from web.tables import OPTIONAL, BaseTable, CountColumn


class FigureTable(BaseTable):
    """Figures as printed, tkr."""

    label = tables.Column(verbose_name=gettext_lazy("Row"), order_by=("label", "position"))
    table = tables.Column(verbose_name=gettext_lazy("Table"), order_by=("table", "position"), attrs=OPTIONAL)
    column = tables.Column(verbose_name=gettext_lazy("Column"), order_by=("column", "position"), attrs=OPTIONAL)
    edition = tables.Column(verbose_name=gettext_lazy("Year and kind of figure"))
    tkr = CountColumn(verbose_name=gettext_lazy("Amount, tkr"), default="x")
    note = tables.Column(verbose_name=pgettext_lazy("of a line", "Note"), default="", orderable=False, attrs=OPTIONAL)

    class Meta:
        empty_text = gettext_lazy("No figure matches.")

    def __init__(self, data: Iterable[PublishedFigure], *, words: Words, can_keep: bool) -> None:
        super().__init__(data, caption=_("Published figures of %(budget)s, tkr") % {"budget": words.budget.name})
        self.words = words
        self.url = reverse("budgets:edit_figure", args=[words.budget.slug]) if can_keep else ""

    def render_label(self, record: PublishedFigure) -> SafeString | str:
        """Name the row in words; those who keep the register get a link to its form."""
        name = self.value_label(record)
        if not self.url:
            return name
        return format_html('<a href="{}?{}">{}</a>', self.url, urlencode({"figure": join_figure(record)}), name)

    def value_label(self, record: PublishedFigure) -> str:
        """Name the row in words, for files."""
        return self.words.name_row(record.row, record.label)

    def render_table(self, record: PublishedFigure) -> str:
        """Name the table in words."""
        return self.words.name_table(record.table)

    def value_table(self, record: PublishedFigure) -> str:
        """Name the table in words, for files."""
        return self.render_table(record)

    def render_column(self, record: PublishedFigure) -> str:
        """Name the column in words."""
        return name_column(record.column)

    def render_edition(self, record: PublishedFigure) -> str:
        """Name year and kind in words."""
        return name_edition(record.edition)


class FigureFilter(BaseFilterSet):
    """By words, table, column, and kind and year."""

    q = django_filters.CharFilter(label=gettext_lazy("Row"), method="by_words")
    table = django_filters.ChoiceFilter(label=gettext_lazy("Table"), empty_label=gettext_lazy("All"))
    column = django_filters.ChoiceFilter(label=gettext_lazy("Column"), empty_label=gettext_lazy("All"))
    edition = django_filters.ChoiceFilter(
        label=gettext_lazy("Year and kind of figure"), empty_label=gettext_lazy("All")
    )

    class Meta:
        model = PublishedFigure
        fields = ("q", "table", "column", "edition")

    def __init__(self, *args: Any, words: Words, places: list[tuple[str, str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = {"table": words.name_table, "column": name_column, "edition": name_edition}
        for place, (field, say) in enumerate(names.items()):
            values = dict.fromkeys(row[place] for row in places)
            self.filters[field].extra["choices"] = [(value, say(value)) for value in values]

    def by_words(self, rows: QuerySet[PublishedFigure], name: str, value: str) -> QuerySet[PublishedFigure]:
        """Keep those with the words in heading or note."""
        return rows.filter(containing(value, "label", "row", "note"))
