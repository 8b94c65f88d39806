"""The page on which two budgets, or two times of a budget, named or chosen by the clock, are compared line by line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, cast
from urllib.parse import urlencode

import django_tables2 as tables
from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from accounts.models import User
from budgets.models import COST_KINDS, Budget, SubBudget
from budgets.selectors.budgets import find_earlier
from engine.result import is_income
from history.differences import Comparison, Difference, compare_lines
from history.parts import MOMENT, MomentInput, check_year, show_moment, start_of
from history.sides import BEGUN, NOW, Moment, find_default_sides, list_comparable, list_homes, list_moments, make_moment
from history.stories import find_start
from pages.base import InBudget, InSubBudget
from pricing.selectors.moved import list_moved
from web.names import name_of
from web.numbers import format_sek
from web.tables import BaseTable, SekColumn, total_label
from web.views import BaseListView, Context, Crumb, PageView
from web.workbook import Form


def say_moment(moment: Moment) -> str:
    """Return which time of its budget it is."""
    if moment.key == BEGUN:
        return _("as it was made") if moment.budget.based_on is None else _("as it was copied")
    if moment.action is None:
        return show_moment(moment.at) if moment.at else _("as it is now")
    done = moment.action.label.lower()
    if moment.is_of_each:
        return _("last %(done)s, each object") % {"done": done}
    assert moment.at is not None
    return _("%(done)s, %(moment)s") % {"done": done, "moment": show_moment(moment.at)}


def name_sides(sides: tuple[Moment, Moment]) -> list[str]:
    """Return what heads the figures of each side: of one budget the times, else the budgets, with a time that is past."""
    if sides[0].budget == sides[1].budget:
        return [capfirst(say_moment(side)) for side in sides]
    return [side.budget.name + (f", {say_moment(side)}" if side.key else "") for side in sides]


SIDES = ("first", "second")
CHOICES = (*SIDES, "first_at", "second_at", "object")


def _moment_field(label: Any) -> forms.DateTimeField:
    return forms.DateTimeField(label=label, required=False, widget=MomentInput, validators=[check_year])


class SidesForm(forms.Form):
    """Which two are compared, and of which object; a day and time goes before what is chosen of its budget."""

    use_required_attribute = False
    first = forms.ChoiceField(label=gettext_lazy("Compare"))
    first_at = _moment_field(gettext_lazy("First side, day and time (may be empty)"))
    second = forms.ChoiceField(label=gettext_lazy("With"))
    second_at = _moment_field(gettext_lazy("Second side, day and time (may be empty)"))
    object = forms.ChoiceField(label=gettext_lazy("Object"), required=False)

    def __init__(self, data: Mapping[str, str] | None, moments: list[list[Moment]], homes: Mapping[str, str]) -> None:
        super().__init__(data)
        self.known = {moment.value: moment for of in moments for moment in of}
        sides = [
            (of[0].budget.title, [(moment.value, f"{of[0].budget.name}, {say_moment(moment)}") for moment in of])
            for of in moments
        ]
        for name in SIDES:
            field = cast(forms.ChoiceField, self.fields[name])
            field.choices = sides
            field.error_messages["invalid_choice"] = _("There is no such budget or time. Choose one of the list.")
        objects = cast(forms.ChoiceField, self.fields["object"])
        objects.choices = [("", _("All")), *homes.items()]
        objects.error_messages["invalid_choice"] = _("Neither has that object. Choose one of the list.")

    def clean(self) -> Context:
        """Refuse to hold something against itself, or a moment against an earlier one."""
        if self.errors:
            return self.cleaned_data
        first, second = self.sides
        if first.value == second.value:
            self.add_error("second", _("It is the same on both sides. Choose another."))
        elif first.is_by_clock and first.budget == second.budget and first.at and first.at >= _end(second):
            self.add_error("first_at", _("This moment is not before the other. Write an earlier one."))
        return self.cleaned_data

    @property
    def sides(self) -> tuple[Moment, Moment]:
        """The two that are chosen."""
        values = self.cleaned_data
        first, second = (make_moment(self.known[values[name]], values.get(f"{name}_at")) for name in SIDES)
        return first, second


def _end(moment: Moment) -> datetime:
    """Return the moment before which another has to lie: its own, or now; any does for one that was a step."""
    if moment.is_by_clock and moment.at:
        return moment.at
    return timezone.now() if moment.key == NOW else datetime.max.replace(tzinfo=UTC)


def address_since_morning(budget: Budget, home: str = "") -> str:
    """Return the address at which a budget, or one sub-budget by its slug, is compared with how the day began."""
    morning = start_of(timezone.localdate()).strftime(MOMENT)
    query = {"first": budget.slug, "first_at": morning, "second": budget.slug, **({"object": home} if home else {})}
    return f"{reverse('reports:compare', args=[budget.slug])}?{urlencode(query)}"


class SekChange(SekColumn):
    """A difference in öre as signed kronor."""

    form = Form.CHANGE

    def show(self, value: int | None) -> str:
        """Return signed kronor."""
        return ("+" if value and value > 0 else "") + format_sek(value, decimals=2)


# Left out on a phone, where now and the change say enough.
ON_WIDE = {name: {"class": "opt"} for name in ("th", "td", "tf")}


class CompareTable(BaseTable):
    """The lines that differ, SEK; the footer is of all lines."""

    text = tables.Column(verbose_name=gettext_lazy("Line"), footer=total_label)
    product = tables.Column(verbose_name=gettext_lazy("Product"))
    place = tables.Column(verbose_name=gettext_lazy("Object"), attrs=ON_WIDE)
    what = tables.Column(verbose_name=gettext_lazy("What was done"), attrs=ON_WIDE)
    was = SekColumn(total=True, css="cmp cmp-first opt")
    now = SekColumn(total=True, css="now")
    first = SekChange(accessor="changes__0", total=True)
    second = SekChange(accessor="changes__1", total=True)
    third = SekChange(accessor="changes__2", total=True)
    cost_kind = tables.Column(accessor="line__cost_kind", verbose_name=gettext_lazy("Cost kind"))
    note = tables.Column(verbose_name=pgettext_lazy("of a line", "Note"), default="")

    def __init__(
        self,
        *args: object,
        sides: tuple[Moment, Moment] | None,
        left_out: set[str],
        has_income: bool = False,
        **kwargs: Any,
    ) -> None:
        caption = _("Lines that differ, SEK") + (". " + _("Income is not in the sum.") if has_income else "")
        super().__init__(*args, caption=caption, exclude=tuple(left_out), **kwargs)
        self.sides = sides
        if sides is None:
            return
        for name, words in zip(("was", "now"), name_sides(sides), strict=True):
            self.columns[name].column.verbose_name = words
        word = pgettext("amount", "Change")
        if sides[0].budget.fiscal_year != sides[1].budget.fiscal_year:
            self.columns["first"].column.verbose_name = word
            return
        for name, year in zip(("first", "second", "third"), sides[1].budget.years, strict=True):
            if name in self.columns:
                self.columns[name].column.verbose_name = f"{word} {year}"

    def render_text(self, record: Difference) -> SafeString:
        """Return the line, which leads to where it lies, with its product and what is noted of it."""
        about = f"{record.product}. {record.note}" if record.note else record.product
        return format_html(
            '<span class="wrap"><a href="{}">{}</a><br><span class="muted small">{}</span></span>',
            self._address(record),
            record.text or _("line without text"),
            about,
        )

    def value_cost_kind(self, record: Difference) -> str:
        """Return the kind in words: income is in no sum."""
        return str(dict(COST_KINDS)[record.line.cost_kind])

    def value_text(self, record: Difference) -> str:
        """Return the line's text, for files."""
        return record.text

    def _address(self, record: Difference) -> str:
        assert self.sides is not None
        budget = self.sides[1 if record.after else 0].budget
        return f"{reverse('budgets:sub_budget', args=[budget.slug, record.line.home])}#line-{record.line.lineage}"


class CompareView(InBudget, BaseListView[Difference]):
    """Two budgets, or two times of a budget, compared line by line."""

    title = gettext_lazy("Compare line by line")
    nav_key = "overview"
    template_name = "history/compare.html"
    table_class = CompareTable
    paginate_by = 50

    @cached_property
    def moments(self) -> list[list[Moment]]:
        """What may be chosen: the times of each budget, this one's first."""
        budgets = sorted(list_comparable(self.reader), key=lambda row: row != self.budget)
        return list_moments(budgets, self.reader)

    @cached_property
    def homes(self) -> list[SubBudget]:
        """The sub-budgets of this budget, then those that only others have."""
        rows = list_homes([of[0].budget for of in self.moments], self.reader)
        rows.sort(key=lambda row: row.budget_id != self.budget.pk)
        return list({row.slug: row for row in reversed(rows)}.values())[::-1]

    @cached_property
    def form(self) -> SidesForm:
        """What is compared: what this budget is usually compared with and itself, when nobody has chosen."""
        asked = {name: self.request.GET[name] for name in CHOICES if name in self.request.GET}
        first, second = find_default_sides(self.budget, self.reader)
        names = {row.slug: name_of(row) for row in self.homes}
        known = {moment.value for of in self.moments for moment in of}
        # Who sees no other budget and none of its steps has nothing to begin with: the form waits for a choice.
        data = {"first": first, "second": second, **asked} if asked or {first, second} <= known else None
        return SidesForm(data, self.moments, names)

    @cached_property
    def sides(self) -> tuple[Moment, Moment] | None:
        """The two that are compared; None when the form has an error."""
        if not self.form.is_valid():
            return None
        first, second = self.form.sides
        return self._as_seen(first), self._as_seen(second)

    def _as_seen(self, moment: Moment) -> Moment:
        """Return the moment, or the beginning of what the reader may read; drafts are not shown to those outside."""
        start = find_start(moment.budget, self.reader) if moment.is_by_clock else None
        return make_moment(moment, max(moment.at, start)) if start and moment.at else moment

    @cached_property
    def is_same_year(self) -> bool:
        """Whether both are of the same year, so that their plan years can be compared too."""
        return self.sides is None or self.sides[0].budget.fiscal_year == self.sides[1].budget.fiscal_year

    @cached_property
    def comparison(self) -> Comparison | None:
        """What differs; None when the form has an error."""
        if self.sides is None:
            return None
        before, after = (side.load_lines() for side in self.sides)
        only = self.form.cleaned_data["object"]
        return compare_lines(before, after, self.homes, only=only, same_years=self.is_same_year)

    def get_rows(self, user: User) -> Any:
        """Return the lines that differ."""
        return self.comparison.differences if self.comparison else []

    def get_table_kwargs(self) -> dict[str, object]:
        """Name the columns by the sides, and put the sums of all lines in the footer."""
        left_out = set() if self.is_same_year else {"second", "third"}
        if "export" not in self.request.GET:
            left_out |= {"product", "cost_kind", "note"} | (
                {"place"} if self.form.is_valid() and self.form.cleaned_data["object"] else set()
            )
        totals: dict[str, int] = {}
        has_income = False
        if self.comparison:
            has_income = any(is_income(row.line.cost_kind) for row in self.comparison.differences)
            total = self.comparison.total
            changes = [after - before for after, before in zip(total.after, total.before, strict=True)]
            totals = {"was": total.before[0], "now": total.after[0]}
            totals |= dict(zip(("first", "second", "third"), changes, strict=True))
        return {"sides": self.sides, "left_out": left_out, "totals": totals, "has_income": has_income}

    def get_title(self) -> str:
        """Name the object, where it is only about one."""
        chosen = self.form.cleaned_data["object"] if self.form.is_valid() else ""
        name = next((name_of(row) for row in self.homes if row.slug == chosen), "")
        return f"{self.title}: {name}" if name else str(self.title)

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the object, where it is only about one."""
        chosen = self.form.cleaned_data["object"] if self.form.is_valid() else ""
        own = next((row for row in self.homes if row.slug == chosen and row.budget_id == self.budget.pk), None)
        above = [(name_of(own), reverse("budgets:sub_budget", args=[self.budget.slug, own.slug]))] if own else []
        return [*super().get_crumbs(), *above]

    def get_context_data(self, **kwargs: object) -> Context:
        """Add the form, the sums and what each side is; with an error nothing can be taken out."""
        shown: Context = {"form": self.form, "comparison": self.comparison}
        if self.sides:
            shown |= {"names": name_sides(self.sides)}
            shown |= {"query": self._query(), "is_same_year": self.is_same_year, "moved_url": self._find_moved()}
        context = super().get_context_data(**{**shown, **kwargs})
        if self.comparison is None:
            context["exports"] = []
        return context

    def _find_moved(self) -> str:
        """Return where it is told what moved into the later budget since the one that it is held against."""
        assert self.sides is not None
        before, after = (side.budget for side in self.sides)
        is_bridge = before != after and find_earlier(after) == before
        has_moved = is_bridge and list_moved(after, self.reader).exists()
        return reverse("budgets:moved", args=[after.slug]) if has_moved else ""

    def _query(self) -> str:
        """Return the two sides as the address says them, to which an object is added."""
        data = self.request.GET.copy()
        for name in ("object", "page", "sort"):
            data.pop(name, None)
        return data.urlencode()


class MomentsView(InBudget, PageView):
    """The address that two moments of a budget had before, which leads on to where they are compared now."""

    @property
    def home(self) -> str:
        """The slug of the one sub-budget that is compared; empty for the whole budget."""
        return ""

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Lead on, with the moments that are asked for."""
        slug, address = self.budget.slug, address_since_morning(self.budget, self.home)
        if "first" in request.GET:
            moments = {f"{name}_at": request.GET.get(name, "") for name in SIDES}
            asked = {"first": slug, "second": slug, **moments, "object": self.home}
            asked |= {"export": request.GET["export"]} if "export" in request.GET else {}
            address = f"{reverse('reports:compare', args=[slug])}?{urlencode(asked)}"
        return HttpResponseRedirect(address)


class SubBudgetMomentsView(InSubBudget, MomentsView):
    """The same of a sub-budget."""

    @property
    def home(self) -> str:
        """The sub-budget's slug."""
        return str(self.sub_budget.slug)
