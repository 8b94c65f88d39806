"""The page that lays kept scenarios side by side, also as a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView

from desk.stress.side_by_side import SideColumn, lay_side_by_side, list_frameworks, list_years
from desk.stress.view import BelowStress
from desk.stress.words import say_faults
from desk.stress.workbook import write_workbook
from engine.stress import Inputs
from forecasts.models import StressScenario
from forecasts.selectors.scenarios import list_scenarios, open_scenario, try_inputs
from forecasts.selectors.stress_base import StressBase
from forecasts.services.scenarios import REGISTER
from objects.selectors.registers import list_register_acts
from pages.acts import tell_acts
from pages.stress_words import say_month_above
from web.charts import Chart, Colour, ColumnPlot, Line, Place, Size
from web.numbers import format_tkr
from web.views import Context
from web.workbook import CONTENT_TYPE

# Three of them stand beside each other; of more year ends than these not all have their text.
SMALL, MOST_NAMED = Size("small", 400, 13, 136, rise=190), 6


@dataclass(frozen=True)
class SmallChart:
    """A column's picture with its title and what it shows."""

    title: str
    said: str
    image: SafeString


class CompareView(BelowStress, TemplateView):
    """The budget as planned and every kept scenario; one whose budget has changed has today's figures beside it."""

    title = gettext_lazy("Compare scenarios")
    template_name = "desk/stress/compare.html"

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Return the page, or the file when it is asked for."""
        if request.GET.get("export") != "xlsx":
            return super().get(request, *args, **kwargs)
        columns = self.list_columns()
        response = HttpResponse(
            write_workbook(self.budget, columns, lay_side_by_side(columns)), content_type=CONTENT_TYPE
        )
        subject = _("scenarios")
        response["Content-Disposition"] = f'attachment; filename="{self.budget.slug}-{subject}.xlsx"'
        return response

    def list_columns(self) -> list[SideColumn]:
        """Return the budget as planned, to the farthest horizon of the scenarios, and then these."""
        scenarios = list_scenarios(self.reader, self.budget)
        return [*self._plan(scenarios, self.base), *self._list_scenarios(scenarios, self.base)]

    def _plan(self, scenarios: Sequence[StressScenario], base: StressBase | None) -> Iterator[SideColumn]:
        if base is not None:
            until = max([base.debt.years[-1], *(row.inputs.get("until_year", 0) for row in scenarios)])
            yield SideColumn(_("As planned"), _("the budget"), try_inputs(base, Inputs(until_year=until)))

    def _list_scenarios(self, scenarios: Sequence[StressScenario], base: StressBase | None) -> Iterator[SideColumn]:
        for row in scenarios:
            opened = open_scenario(row, base)
            said = _("saved %(day)s") % {"day": date_format(row.saved_at, "Y-m-d")}
            yield SideColumn(row.name, said, opened.kept, row)
            if opened.is_changed:
                faults = say_faults(opened.faults)
                yield SideColumn(
                    row.name, _("with the budget of today"), opened.today, row, is_today=True, faults=faults
                )

    def get_context_data(self, **kwargs: object) -> Context:
        """Add the columns with their charts and sections, and what has been done."""
        columns = self.list_columns()
        saved = [column for column in columns if column.scenario and not column.is_today]
        shown = {
            "columns": columns,
            "saved": saved,
            "said": _say_count(len(saved)),
            "charts": draw_columns([column for column in columns if not column.is_today]),
            "headline": say_headline(columns),
            "sections": lay_side_by_side(columns),
            "can_keep": self.can_keep,
            "acts": self._tell_acts() if self.can_keep else [],
        }
        return super().get_context_data(**{**shown, **kwargs})

    def _tell_acts(self) -> list[object]:
        def undo_url(act: UUID) -> str:
            return reverse("forecasts:undo_scenario_act", args=[self.budget.slug, act])

        return [*tell_acts(list_register_acts(REGISTER, self.reader, budget=self.budget.pk), undo_url)]


def _say_count(count: int) -> str:
    words = ngettext("%(count)s saved scenario", "%(count)s saved scenarios", count)
    return words % {"count": count}


def say_headline(columns: Sequence[SideColumn]) -> str:
    """Return how many of what is compared exceed the framework in force, and whether a proposed one is enough for all."""
    answers = [column.tried for column in columns if column.tried is not None]
    if not answers:
        return ""
    over = sum(tried.found.first_breach is not None for tried in answers)
    highest = max(row.debt for tried in answers for row in tried.found.months)
    proposed = [row.amount for tried in answers for row in tried.frameworks if row.from_on is None]
    if not over:
        return _("The framework in force is enough in every case")
    if any(amount >= highest for amount in proposed):
        return _("Only the proposed framework is enough in every case")
    words = ngettext(
        "%(over)s of %(count)s case exceeds the framework in force",
        "%(over)s of %(count)s cases exceed the framework in force",
        len(answers),
    )
    return words % {"over": over, "count": len(answers)}


def draw_columns(columns: Sequence[SideColumn]) -> list[SmallChart]:
    """Return a small chart of each column on one scale: debt at the year ends and the frameworks."""
    years = list_years(columns)
    amounts = list_frameworks(columns)
    ends = [end.debt for column in columns for end in column.year_ends.values()]
    reach = max([*ends, *(ore for ore, _title in amounts)], default=0)
    return [_draw(column, number, years, reach) for number, column in enumerate(columns) if column.tried]


def _draw(column: SideColumn, number: int, years: Sequence[int], reach: int) -> SmallChart:
    tried = column.tried
    assert tried is not None
    before = tried.base.debt.years[0] - 1
    debts = {before: tried.found.opening} | {year: end.debt for year, end in column.year_ends.items()}
    places = [before, *(year for year in years if year != before)]
    ore = [debts.get(year) for year in places]
    shown = _show_some(ore)
    colour = Colour.FIRST if column.is_planned else Colour.SECOND
    line = Line(ore, colour=colour, is_dashed=not column.is_planned, shown=shown)
    plot = ColumnPlot([Place(str(year)) for year in places], (), [line, *_limit(column, places)], reach=reach)
    said = say_month_above(tried.found)
    chart = Chart(f"scenario-{number}", f"{column.title}: {said}", _("Debt 31 December, tkr"), plot)
    return SmallChart(column.title, said, chart.draw(SMALL))


def _show_some(amounts: Sequence[int | None]) -> list[str]:
    """Return the texts at the dots; where there is no room for all, the first, the highest and the last."""
    known = [place for place, ore in enumerate(amounts) if ore is not None]
    highest = max(known, key=lambda place: amounts[place] or 0, default=0)
    named = known if len(known) <= MOST_NAMED else {known[0], highest, known[-1]}
    return [format_tkr(ore) if place in named else "" for place, ore in enumerate(amounts)]


def _limit(column: SideColumn, places: Sequence[int]) -> list[Line]:
    """Return a line for each framework: over the years in which it is in force, or over all while it is proposed."""
    tried = column.tried
    assert tried is not None
    ends = [column.year_ends.get(year) for year in places]
    held = [None if end is None else end.framework for end in ends]
    in_force = {ore for ore in held if ore is not None}
    proposed = {row.amount for row in tried.frameworks if row.from_on is None}
    words, waiting = _("In force %(amount)s"), _("Proposed %(amount)s")
    return [
        *(_go_across([each if each == ore else None for each in held], words, ore) for ore in sorted(in_force)),
        *(_go_across([ore] * len(ends), waiting, ore, is_dashed=True) for ore in sorted(proposed)),
    ]


def _go_across(amounts: Sequence[int | None], words: str, ore: int, *, is_dashed: bool = False) -> Line:
    """Return a framework's line with its text behind it, or above it where another follows."""
    said = words % {"amount": format_tkr(ore)}
    if amounts[-1] is not None:
        return Line(amounts, last=said, colour=Colour.INK, is_dashed=is_dashed, has_dots=False)
    above = [said if each is not None else "" for each in amounts]
    first = next(place for place, each in enumerate(amounts) if each is not None)
    shown = [text if place == first else "" for place, text in enumerate(above)]
    return Line(amounts, colour=Colour.INK, is_dashed=is_dashed, has_dots=False, shown=shown)
