"""The list of loans, and what it can be filtered by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import django_filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.loan_register.words import say_rate
from investments.models import Loan
from investments.selectors.loan_terms import LoanState
from web import marks
from web.filters import BaseFilterSet, containing
from web.tables import OPTIONAL, BaseTable, DayColumn, ProvenanceColumn, SekColumn


class LoanTable(BaseTable):
    """Loans with what is owed today, the rate, and what comes."""

    caption = gettext_lazy("Loans with what is owed today by their plans, SEK")
    caption_hidden = True
    name = tables.Column(verbose_name=gettext_lazy("Loan"))
    lender = tables.Column(verbose_name=gettext_lazy("Lender"), default="–")
    number = tables.Column(verbose_name=gettext_lazy("Loan number"), default="–", attrs=OPTIONAL)
    debt = SekColumn(accessor="pk", verbose_name=gettext_lazy("Debt, SEK"), orderable=False)
    rate = tables.Column(
        accessor="pk",
        verbose_name=gettext_lazy("Rate"),
        orderable=False,
        attrs={"th": {"class": "n"}, "td": {"class": "n"}},
    )
    resets_on = tables.Column(accessor="pk", verbose_name=gettext_lazy("Next reset"), orderable=False)
    matures_on = DayColumn(verbose_name=gettext_lazy("Matures on"), default="–")
    state = tables.Column(accessor="pk", verbose_name=gettext_lazy("Against the lender"), orderable=False)
    provenance = ProvenanceColumn(verbose_name=gettext_lazy("Source"), attrs=OPTIONAL)

    class Meta:
        empty_text = gettext_lazy("No loan matches.")

    def __init__(self, data: QuerySet[Loan], *, states: Mapping[int, LoanState]) -> None:
        super().__init__(data)
        self.states = states

    def render_name(self, record: Loan) -> SafeString:
        """Return a link to the loan."""
        return format_html('<a href="{}">{}</a>', reverse("objects:loan", args=[record.uuid]), record.name)

    def value_name(self, record: Loan) -> str:
        """Return the name, for files."""
        return record.name

    def render_debt(self, record: Loan) -> SafeString | str:
        """Return what is owed today."""
        ore = self.states[record.pk].debt_ore
        return marks.unknown() if ore is None else SekColumn().show(ore)

    def value_debt(self, record: Loan) -> object:
        """Return the same as a number, for files."""
        ore = self.states[record.pk].debt_ore
        return None if ore is None else SekColumn().value(ore)

    def render_rate(self, record: Loan) -> str:
        """Return today's rate."""
        return say_rate(self.states[record.pk].rate_percent) or "–"

    def render_resets_on(self, record: Loan) -> str:
        """Return the next day on which the rate is set anew."""
        day: date | None = self.states[record.pk].resets_on
        return day.isoformat() if day else "–"

    def render_state(self, record: Loan) -> SafeString:
        """Return whether the newest statement agrees with the plan."""
        mark, words = _say_state(self.states[record.pk], record)
        return marks.status(mark, words)

    def value_state(self, record: Loan) -> str:
        """Return the same as words, for files."""
        return _say_state(self.states[record.pk], record)[1]


def _say_state(state: LoanState, loan: Loan) -> tuple[str, str]:
    if state.is_contradicted:
        return "bad", _("differs from the plan")
    if not list(loan.statements.all()):
        return "draft", _("no statement")
    return "approved", _("agrees")


class LoanFilter(BaseFilterSet):
    """By words."""

    q = django_filters.CharFilter(label=gettext_lazy("Name, lender or number"), method="by_text")

    class Meta:
        model = Loan
        fields = ("q",)

    def by_text(self, rows: QuerySet[Loan], name: str, value: str) -> QuerySet[Loan]:
        """Keep those with the words in one of their texts."""
        return rows.filter(containing(value, "name", "lender", "number", "note"))
