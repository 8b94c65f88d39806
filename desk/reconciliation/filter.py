"""What the reconciliation can be filtered by. Its rows are compared in Python, so this filters a list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from desk.reconciliation.words import OUTCOMES, Words, name_column
from engine.texts import compose
from forecasts.selectors.reconciliation import NOT_COMPUTED, Difference

ALL = "all"
EXACT = ("exact", NOT_COMPUTED)


def is_of_class(row: Difference, chosen: str) -> bool:
    """Return whether a row is shown when a class, ALL, or nothing is chosen; nothing shows what is not exact."""
    if chosen == ALL:
        return True
    return row.outcome == chosen if chosen else row.outcome not in EXACT


class Differences(list[Difference]):
    """A list that can be emptied as a queryset can, which lists with filters ask for."""

    def none(self) -> Differences:
        """Return no rows."""
        return Differences()


class DifferenceFilter(forms.Form):
    """By class, table, column and text; offers only what the budget's figures hold."""

    # Exact figures are left out until they are asked for.
    always_chosen = ("outcome",)
    q = forms.CharField(label=_("Row, table or reason contains"), required=False)
    outcome = forms.ChoiceField(label=_("Class"), required=False)
    table = forms.ChoiceField(label=_("Table"), required=False)
    column = forms.ChoiceField(label=_("Column"), required=False)

    def __init__(self, data: Mapping[str, object], *, rows: list[Difference], words: Words) -> None:
        super().__init__(data)
        self.rows, self.words = rows, words
        tables, columns = dict.fromkeys(row.table for row in rows), dict.fromkeys(row.column for row in rows)
        choices: dict[str, list[tuple[str, str | Promise]]] = {
            "outcome": [(ALL, _("All")), *OUTCOMES.items()],
            "table": [(table, words.name_table(table)) for table in tables],
            "column": [(column, name_column(column)) for column in sorted(columns)],
        }
        for name, own in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", pgettext_lazy("difference", "Not exact") if name == "outcome" else _("All")), *own]

    @property
    def form(self) -> DifferenceFilter:
        """Itself, as other filters have it."""
        return self

    @property
    def qs(self) -> Differences:
        """The rows that match; none when something chosen does not exist."""
        if not self.is_valid():
            return Differences()
        chosen = self.cleaned_data["outcome"]
        return Differences(row for row in self._of_any_class() if is_of_class(row, chosen))

    def count_outcomes(self) -> Counter[str]:
        """Count how many of each class match what else is chosen."""
        return Counter(row.outcome for row in self._of_any_class()) if self.is_valid() else Counter()

    def _of_any_class(self) -> list[Difference]:
        table, column = self.cleaned_data["table"], self.cleaned_data["column"]
        rows = [row for row in self.rows if table in ("", row.table) and column in ("", row.column)]
        text = self.cleaned_data["q"].casefold()
        return [row for row in rows if text in self._text_of(row)] if text else rows

    def _text_of(self, row: Difference) -> str:
        words = (self.words.name_table(row.table), self.words.name_row(row.row, row.label), row.label)
        return compose(" ".join((*words, row.reason.text if row.reason else ""))).casefold()
