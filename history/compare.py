"""The page of two moments compared: a budget's or sub-budget's lines as they were at each, put together again from their events.

The trick: a line's row at a moment is its last event until then, unless that is its deletion; where its product was
then is told by the product's events in the same way.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

import django_tables2 as tables
from django import forms
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts.models import User
from budgets.models import Budget, SubBudget
from budgets.selectors.sub_budgets import list_sub_budgets
from engine.alphabet import swedish_key
from engine.result import sum_amounts
from engine.years import Amounts
from history.nouns import LINE, PRODUCT, SUB_BUDGET
from history.parts import MOMENT, MomentInput, check_year, show_moment, start_of
from history.stories import find_start
from pages.base import InBudget, InSubBudget
from web.generics import SqlRow
from web.names import name_of
from web.numbers import format_sek
from web.tables import BaseTable, SekColumn, total_label
from web.views import BaseListView, Context, Crumb
from web.workbook import Form

AS_OF = """
    SELECT * FROM (
        SELECT DISTINCT ON (pgh_obj_id) pgh_label, pgh_obj_id, {columns} FROM {table}
        WHERE budget_id = %s AND pgh_created_at <= %s ORDER BY pgh_obj_id, pgh_id DESC) AS last
    WHERE pgh_label <> 'delete'"""
LINE_COLUMNS = "lineage, text, budget_product_id, cost_kind, amount_1_ore, amount_2_ore, amount_3_ore, quantity, unit_price_ore, note, governance_object_id"
ZERO: Amounts = (0, 0, 0)


@dataclass(frozen=True)
class LineThen:
    """A line as it was: the fields that people set, and where it lay."""

    lineage: UUID
    text: str
    product: str
    sub_budget: int | None
    amounts: Amounts
    rest: SqlRow


@dataclass(frozen=True)
class Difference:
    """A line at both moments, None where it was not there."""

    place: str
    before: LineThen | None
    after: LineThen | None

    @property
    def line(self) -> LineThen:
        """The newer of the two."""
        line = self.after or self.before
        assert line is not None
        return line

    @property
    def text(self) -> str:
        """The line's text, with the earlier one when it was another."""
        if self.before and self.after and self.before.text != self.after.text:
            return f"{self.before.text} → {self.after.text}"
        return self.line.text

    @property
    def product(self) -> str:
        return self.line.product

    @property
    def what(self) -> str:
        """What happened between the moments."""
        if self.before is None:
            return _("added")
        if self.after is None:
            return _("deleted")
        if self.before.sub_budget != self.after.sub_budget or self.before.product != self.after.product:
            return _("moved")
        return _("changed")

    @property
    def was(self) -> int | None:
        return self.before.amounts[0] if self.before else None

    @property
    def now(self) -> int | None:
        return self.after.amounts[0] if self.after else None

    @property
    def changes(self) -> Amounts:
        """By how much each year's amount differs, öre."""
        return subtract(self.after.amounts if self.after else ZERO, self.before.amounts if self.before else ZERO)


@dataclass(frozen=True)
class Sum:
    """A sub-budget's sum, or that of all, at both moments."""

    name: str
    slug: str
    before: Amounts
    after: Amounts

    @property
    def change(self) -> int:
        """By how much the first year differs, öre."""
        return self.after[0] - self.before[0]


@dataclass(frozen=True)
class Comparison:
    """The lines that differ, and the sums of all lines."""

    differences: list[Difference]
    sums: list[Sum]
    total: Sum
    counts: tuple[int, int]


def subtract(after: Amounts, before: Amounts) -> Amounts:
    """Return the difference year by year."""
    return (after[0] - before[0], after[1] - before[1], after[2] - before[2])


def compare(
    budget: Budget, sub_budget: SubBudget | None, user: User, *, first: datetime, second: datetime
) -> Comparison:
    """Return the budget's lines at two moments, or only those that lay in the sub-budget at either."""
    homes = list(list_sub_budgets(budget, user))
    wanted = {home.pk for home in homes if sub_budget is None or home.pk == sub_budget.pk}
    names = {home.pk: name_of(home) for home in homes}
    before, after = (_keep(_load(budget, moment), wanted, all_of=sub_budget is None) for moment in (first, second))
    differences = [
        Difference(names.get(line.sub_budget or 0, ""), before.get(key), after.get(key))
        for key, line in {**before, **after}.items()
        if before.get(key) != after.get(key)
    ]
    places = {home.pk: place for place, home in enumerate(homes)}
    differences.sort(
        key=lambda row: (places.get(row.line.sub_budget or 0, -1), swedish_key(row.product), swedish_key(row.line.text))
    )
    sums = [_sum(home, before.values(), after.values()) for home in homes if home.pk in wanted]
    total = Sum(
        "",
        "",
        sum_amounts(line.amounts for line in before.values()),
        sum_amounts(line.amounts for line in after.values()),
    )
    return Comparison(
        differences, [row for row in sums if any((*row.before, *row.after))], total, (len(before), len(after))
    )


def _keep(lines: Iterable[LineThen], wanted: set[int], *, all_of: bool) -> dict[UUID, LineThen]:
    return {line.lineage: line for line in lines if all_of or line.sub_budget in wanted}


def _sum(home: SubBudget, before: Iterable[LineThen], after: Iterable[LineThen]) -> Sum:
    then, now = (sum_amounts(line.amounts for line in lines if line.sub_budget == home.pk) for lines in (before, after))
    return Sum(name_of(home), home.slug, then, now)


def _load(budget: Budget, moment: datetime) -> list[LineThen]:
    """Return all lines of the budget as they were at a moment; two queries."""
    products = {
        pk: (name, home) for _label, pk, name, home in _as_of(PRODUCT.table, "name, sub_budget_id", budget, moment)
    }
    lines = []
    for _label, _pk, lineage, text, product, kind, one, two, three, *rest in _as_of(
        LINE.table, LINE_COLUMNS, budget, moment
    ):
        name, home = products.get(product, ("", None))
        lines.append(LineThen(lineage, text, name, home, (one, two, three), (kind, *rest)))
    return lines


def _as_of(table: str, columns: str, budget: Budget, moment: datetime) -> list[SqlRow]:
    with connection.cursor() as cursor:
        cursor.execute(AS_OF.format(table=table, columns=columns), [budget.pk, moment])
        rows: list[SqlRow] = cursor.fetchall()
    return rows


def find_first_moment(budget: Budget) -> datetime | None:
    """Return when the budget's history begins."""
    first = SUB_BUDGET.events.filter(budget=budget).order_by("pgh_created_at").values_list("pgh_created_at", flat=True)
    return first.first()


class MomentsForm(forms.Form):
    """Two moments; the second is now when left out."""

    use_required_attribute = False
    first = forms.DateTimeField(label=gettext_lazy("As it was"), widget=MomentInput, validators=[check_year])
    second = forms.DateTimeField(
        label=gettext_lazy("Against (now, when left empty)"),
        required=False,
        widget=MomentInput,
        validators=[check_year],
    )

    def clean_second(self) -> datetime:
        """Return the moment; now when it is left out."""
        return self.cleaned_data["second"] or timezone.now()

    def clean(self) -> dict[str, object]:
        """Refuse a first moment that is not the earlier one."""
        values = self.cleaned_data
        first, second = values.get("first"), values.get("second")
        if first and second and first >= second:
            self.add_error("first", _("This moment is not before the other. Write an earlier one."))
        return values


def default_moments() -> dict[str, str]:
    """Return the moments since the day began, for a form that nobody has filled in."""
    return {"first": start_of(timezone.localdate()).strftime(MOMENT), "second": ""}


class SekChange(SekColumn):
    """A difference in öre as signed kronor."""

    form = Form.CHANGE

    def show(self, value: int | None) -> str:
        """Return signed kronor."""
        return ("+" if value and value > 0 else "") + format_sek(value, decimals=2)


class CompareTable(BaseTable):
    """The lines that differ between two moments, SEK; the footer is of all lines."""

    text = tables.Column(verbose_name=gettext_lazy("Line"), footer=total_label)
    product = tables.Column(verbose_name=gettext_lazy("Product"))
    place = tables.Column(verbose_name=gettext_lazy("Sub-budget"))
    what = tables.Column(verbose_name=gettext_lazy("What was done"))
    was = SekColumn(total=True, css="cmp cmp-first")
    now = SekColumn(total=True, css="now")
    first = SekChange(accessor="changes__0", total=True)
    second = SekChange(accessor="changes__1", total=True)
    third = SekChange(accessor="changes__2", total=True)

    class Meta:
        orderable = False
        empty_text = gettext_lazy("No line differs between the two moments.")

    def __init__(self, *args: object, budget: Budget, moments: tuple[str, str], is_one: bool, **kwargs: Any) -> None:
        caption = _("Lines that differ, SEK")
        super().__init__(*args, caption=caption, exclude=("place",) if is_one else (), **kwargs)
        self.budget = budget
        year = str(budget.fiscal_year)
        for name, moment in zip(("was", "now"), moments, strict=True):
            self.columns[name].column.verbose_name = f"{year}, {moment}"
        word = pgettext("amount", "Change")
        for name, of_year in zip(("first", "second", "third"), budget.years, strict=True):
            self.columns[name].column.verbose_name = f"{word} {of_year}"


class CompareView(InBudget, BaseListView[Difference]):
    """Two moments compared: the lines that differ, and the sums."""

    template_name = "history/compare.html"
    table_class = CompareTable
    paginate_by = 100

    @property
    def home(self) -> SubBudget | None:
        """The one sub-budget that is compared; None for the whole budget."""
        return None

    @cached_property
    def form(self) -> MomentsForm:
        """The two moments, from this morning on when none are chosen."""
        return MomentsForm(self.request.GET if "first" in self.request.GET else default_moments())

    @cached_property
    def comparison(self) -> Comparison | None:
        """What differs; None when the form has an error. Drafts are not shown to those outside."""
        if not self.form.is_valid():
            return None
        start = find_start(self.budget, self.reader)
        first, second = (
            max(self.form.cleaned_data[name], start) if start else self.form.cleaned_data[name]
            for name in ("first", "second")
        )
        return compare(self.budget, self.home, self.reader, first=first, second=second)

    def get_rows(self, user: User) -> Any:
        """Return the lines that differ."""
        return self.comparison.differences if self.comparison else []

    def get_table_kwargs(self) -> dict[str, object]:
        """Put the budget's years in the headings, and the sums of all lines in the footer.

        A file has no form above it, so its headings say the moments.
        """
        compared, totals = self.comparison, {}
        moments = (_("As it was"), _("Against"))
        if compared:
            if "export" in self.request.GET:
                values = self.form.cleaned_data
                moments = (show_moment(values["first"]), show_moment(values["second"]))
            changes = [
                after - before for after, before in zip(compared.total.after, compared.total.before, strict=True)
            ]
            totals = {"was": compared.total.before[0], "now": compared.total.after[0]}
            totals |= dict(zip(("first", "second", "third"), changes, strict=True))
        return {"budget": self.budget, "moments": moments, "totals": totals, "is_one": self.home is not None}

    def get_context_data(self, **kwargs: object) -> Context:
        """Add the form and the sums; with an error nothing can be taken out."""
        context = super().get_context_data(**{"form": self.form, "comparison": self.comparison, **kwargs})
        if self.comparison is None:
            context["exports"] = []
        return context


class BudgetCompareView(CompareView):
    """A budget at two moments."""

    title = gettext_lazy("Compare two moments")
    nav_key = "overview"

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the budget's history."""
        return [*super().get_crumbs(), (_("History"), reverse("reports:budget_history", args=[self.budget.slug]))]


class SubBudgetCompareView(InSubBudget, CompareView):
    """A sub-budget at two moments."""

    @property
    def home(self) -> SubBudget:
        """The address's sub-budget."""
        return self.sub_budget

    def get_title(self) -> str:
        """Return what is compared."""
        return _("Compare two moments: %(name)s") % {"name": name_of(self.sub_budget)}

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the sub-budget's history."""
        return [
            *super().get_crumbs(),
            (name_of(self.sub_budget), self.page_url()),
            (_("History"), reverse("reports:sub_budget_history", args=self.address)),
        ]
