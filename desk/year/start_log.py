"""The log of a start: every amount it set, from which, by which index, as a page and as a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

import django_tables2 as tables
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.models import User
from budgets.models import COST_KINDS, BudgetStart, StartedIndex
from budgets.selectors.starting import find_start, list_set_amounts, list_started_sums
from budgets.selectors.workflow import can_read_steps, may_run_budget
from budgets.services.undoing_start import why_not_undone
from desk.year.rows import show_sums
from desk.year.words import say_copied, say_index
from engine.years import AMOUNTS
from pages.base import InBudget
from web.numbers import format_quantity
from web.tables import OPTIONAL, BaseTable, SekColumn
from web.views import BaseListView, Context, Rows

PLANS = ("plan_1_ore", "plan_2_ore")
# Columns of files; the page has them below the line, so that every amount stands in sight.
IN_FILES = ("product", "cost_kind")


class SetAmountTable(BaseTable):
    """Lines with the plan amounts they came from, SEK. The old plan years are the new first two (rule 2)."""

    text = tables.Column(verbose_name=gettext_lazy("Line"))
    product = tables.Column(accessor="product_name", verbose_name=gettext_lazy("Product"))
    sub_budget = tables.Column(accessor="sub_budget_sv", verbose_name=gettext_lazy("Sub-budget"), attrs=OPTIONAL)
    cost_kind = tables.Column(verbose_name=gettext_lazy("Cost kind"))
    plan_1_ore = SekColumn(accessor=AMOUNTS[0], css="cmp cmp-first opt", orderable=False)
    plan_2_ore = SekColumn(accessor=AMOUNTS[1], css="cmp opt", orderable=False)
    amount_1_ore = SekColumn(css="now")
    amount_2_ore = SekColumn(css="opt")
    amount_3_ore = SekColumn()
    index = tables.Column(accessor="cost_kind", verbose_name=gettext_lazy("Index"), orderable=False, attrs=OPTIONAL)

    class Meta:
        empty_text = gettext_lazy("The start copied no lines.")

    def __init__(
        self, data: Iterable[Any], *, start: BudgetStart, indexes: Mapping[str, StartedIndex], left_out: Iterable[str]
    ) -> None:
        caption = _("Amounts that the start of %(budget)s set, SEK") % {"budget": start.budget.name}
        super().__init__(data, caption=caption, exclude=tuple(left_out))
        self.indexes, self.start = indexes, start
        for name, year in zip(AMOUNTS, start.budget.years, strict=True):
            self.columns[name].column.verbose_name = str(year)
        for name, year in zip(PLANS, start.budget.years, strict=False):
            said = _("%(year)s in %(source)s") % {"year": year, "source": start.source.name}
            self.columns[name].column.verbose_name = said

    def render_sub_budget(self, record: Any) -> str:
        """Return its name in the reader's language."""
        return str(record.sub_budget_en if get_language() == "en" else record.sub_budget_sv)

    def render_text(self, record: Any) -> SafeString:
        """Return the line, with its product and its cost kind unless the line is called so."""
        kind = str(dict(COST_KINDS)[record.cost_kind])
        about = record.product_name if kind == record.text else f"{record.product_name} · {kind}"
        return format_html('<span class="wrap">{}<br><span class="muted small">{}</span></span>', record.text, about)

    def value_text(self, record: Any) -> str:
        """Return the line's text, for files."""
        return str(record.text)

    def render_index(self, record: Any) -> str:
        """Return by which index; where that comes from stands above the table."""
        index = self.indexes.get(record.cost_kind)
        return f"{format_quantity(index.percent)} %" if index and not self.is_copied else self.value_index(record)

    def value_index(self, record: Any) -> str:
        """Return by which index, and where that comes from, for files."""
        return _("copied") if self.is_copied else say_copied(self.indexes.get(record.cost_kind))

    @property
    def is_copied(self) -> bool:
        """Whether the years are the same, so that no index made an amount."""
        return bool(self.start.budget.fiscal_year == self.start.source.fiscal_year)

    value_sub_budget = render_sub_budget


class StartLogView(InBudget, BaseListView[Any]):
    """How a budget was started: sums before and after, indexes, and the amounts line by line."""

    title = gettext_lazy("How it was started")
    nav_key = "year"
    template_name = "desk/year/start_log.html"
    table_class = SetAmountTable

    @cached_property
    def start(self) -> BudgetStart:
        """The start of the address's budget."""
        if not can_read_steps(self.reader):
            raise PermissionDenied
        start = find_start(self.reader, self.budget)
        if start is None:
            raise Http404
        return start

    def get_rows(self, user: User) -> Rows[Any]:
        """Return the lines as they were made."""
        return list_set_amounts(self.start)

    def get_table_kwargs(self) -> dict[str, object]:
        """Give the table what it says of the years and indexes."""
        left_out = () if "export" in self.request.GET else IN_FILES
        indexes = {row.cost_kind: row for row in self.start.indexes.all()}
        return {"start": self.start, "indexes": indexes, "left_out": left_out}

    def get_context_data(self, **kwargs: object) -> Context:
        """Add the sums and the indexes."""
        start = self.start
        sums = list_started_sums(start.source, start.budget)
        shown = {
            "start": start,
            "sums": show_sums(sums, start.source, start.budget.fiscal_year, of=start.budget),
            "indexes": [(row.get_cost_kind_display(), say_index(row)) for row in start.indexes.all()],
            "ended": start.ended.splitlines(),
            "may_undo": may_run_budget(self.reader) and not why_not_undone(start.budget),
        }
        return super().get_context_data(**{**shown, **kwargs})
