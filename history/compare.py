"""The page of two moments compared: a budget's or sub-budget's lines as they were at each, put together from their events."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Any

import django_tables2 as tables
from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts.models import User
from budgets.models import Budget, SubBudget
from budgets.selectors.sub_budgets import list_sub_budgets
from history.differences import Comparison, Difference, compare_lines, load_lines_at
from history.parts import MOMENT, MomentInput, check_year, show_moment, start_of
from history.stories import find_start
from pages.base import InBudget, InSubBudget
from web.names import name_of
from web.numbers import format_sek
from web.tables import BaseTable, SekColumn, total_label
from web.views import BaseListView, Context, Crumb
from web.workbook import Form


def compare(
    budget: Budget, sub_budget: SubBudget | None, user: User, *, first: datetime, second: datetime
) -> Comparison:
    """Return the budget's lines at two moments, or only those that lay in the sub-budget at either."""
    before, after = load_lines_at(budget, first), load_lines_at(budget, second)
    homes = list(list_sub_budgets(budget, user))
    return compare_lines(before, after, homes, only=sub_budget.slug if sub_budget else "")


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
