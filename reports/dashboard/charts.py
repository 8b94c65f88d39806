"""The dashboard's charts: for each a picture, the sentence it shows, worked out from its figures, and its table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from budgets.models import Budget
from budgets.selectors.compared import Compared
from budgets.words import name_earlier
from engine.bridge import Step, Verdict
from engine.money import round_to_tkr
from forecasts.selectors.loans import YearDebt
from pages.debt_chart import limit_frameworks, limit_proposed, name_edition, place_debt
from pages.words import join, say_broken_framework, say_condition, say_years
from reports.dashboard.members import MemberCost
from reports.dashboard.parts import (
    draw_step,
    list_beside_members,
    member_row,
    note_doubt,
    note_moved,
    note_objects,
    notes_on,
    place_member,
    place_result,
    place_result_of,
    plot_compared,
    result_row,
    say_bars,
    say_members,
    say_objects,
)
from reports.dashboard.selectors import Dashboard, ObjectCost, YearResult
from reports.overview.selectors import is_rounded
from web import marks
from web.charts import Chart, ColumnPlot, Place, Row, RowPlot, Table, TableCell
from web.numbers import format_change, format_growth, format_percent, format_tkr, format_whole


@dataclass(frozen=True)
class Pen:
    """Draws the charts of one dashboard."""

    budget: Budget
    dashboard: Dashboard

    @property
    def year(self) -> int:
        """The budget's year."""
        return int(self.budget.fiscal_year)

    @property
    def before(self) -> str:
        """What it is compared with."""
        return name_earlier(self.budget)

    def draw(self) -> dict[str, Chart]:
        """Return all charts by key."""
        charts = [self.bridge(), self.revenue(), self.objects(), self.per_inhabitant(), self.members(), self.debt()]
        return {chart.key: chart for chart in [*charts, self.results()]}

    # What changed

    def bridge(self) -> Chart:
        """Draw the way from the result that it is compared with to its own."""
        net, steps = self.dashboard.overview.result[-1], self.dashboard.bridge
        words = {"before": self.before, "year": self.year}
        unit = _("From the result of budget %(before)s to that of budget %(year)s, tkr") % words
        if net.earlier is None:
            return Chart("bridge", _("What changed"), unit, notes=[_("There is no budget to compare with.")])
        labels = self._label_steps()
        first, last = place_result_of(self.before, net.earlier), place_result_of(self.year, net.amounts[0])
        between = [Place(labels[step.row], format_change(step.amount), [draw_step(step)]) for step in steps]
        lines = [
            Row(first.label, [TableCell("", css="n"), TableCell(first.shown, net.earlier_url, "n")]),
            *(self._bridge_row(labels[step.row], step) for step in steps),
            Row(last.label, [TableCell("", css="n"), TableCell(last.shown, net.url, "n")], "total"),
        ]
        table = Table(unit, [_("Item"), _("Change, tkr"), "tkr"], lines)
        shown = round_to_tkr(net.earlier) + sum(round_to_tkr(step.amount) for step in steps)
        notes = [
            *self._note_year(),
            *note_moved(self.budget, self.dashboard),
            *notes_on(shown != round_to_tkr(net.amounts[0])),
        ]
        title = self._say_bridge(net.earlier, net.amounts[0])
        return Chart("bridge", title, unit, RowPlot([first, *between, last]), table, notes)

    def _label_steps(self) -> dict[str, str]:
        labels = {row.code: str(row.label) for row in self.dashboard.overview.result}
        return labels | {"rounding": _("Rounding in the printed figures")}

    def _bridge_row(self, label: str, step: Step) -> Row:
        """Return what a row changes, and the row this year with its lines."""
        row = next((row for row in self.dashboard.overview.result if row.code == step.row), None)
        now = TableCell("", css="n") if row is None else TableCell(format_tkr(row.amounts[0]), row.url, "n")
        return Row(label, [TableCell(format_change(step.amount), css="n"), now])

    def _say_bridge(self, before: int, now: int) -> str:
        change = round_to_tkr(now - before)
        if round_to_tkr(now) == 0 and before < 0 and change:
            return _("The result is zero when equity is no longer used")
        words = {"change": format_whole(abs(change)), "now": format_tkr(now)}
        if change > 0:
            return _("The result improves by %(change)s tkr to %(now)s") % words
        if change < 0:
            return _("The result weakens by %(change)s tkr to %(now)s") % words
        return _("The result is unchanged, %(now)s tkr") % words

    # Revenue

    def revenue(self) -> Chart:
        """Return revenue by category beside last year's."""
        *categories, total = self.dashboard.overview.categories
        rows = sorted(categories, key=lambda row: -row.amounts[0])
        title = self._say_revenue(total)
        unit = self._unit(_("By category, tkr."), rows)
        plot = plot_compared([(str(row.label), row) for row in rows])
        lines = [self._compared(str(row.label), row, row.url, row.earlier_url) for row in rows]
        table = Table(
            unit,
            self._heads(_("Category")),
            [*lines, self._compared(str(total.label), total, total.url, total.earlier_url, "total")],
        )
        notes = [*self._note_categories(), *notes_on(is_rounded(rows, total, years=1))]
        return Chart("revenue", title, unit, plot, table, notes)

    def _note_year(self) -> list[str | SafeString]:
        """Return the note on a budget year whose figures are not all entered or calculated."""
        return note_doubt(
            _("The figures of %(year)s are in part") % {"year": self.year}, self.dashboard.overview.sources[0]
        )

    def _note_categories(self) -> list[str | SafeString]:
        is_assumed = self.dashboard.overview.has_assumed_categories
        own = note_doubt(_("The products' categories are in part"), "assumed") if is_assumed else []
        return [*self._note_year(), *own]

    def _say_revenue(self, total: Compared) -> str:
        if total.change is None or total.percent is None:
            return _("Revenue is %(amount)s tkr") % {"amount": format_tkr(total.amounts[0])}
        words = {"percent": format_percent(abs(total.percent))}
        if total.change > 0:
            return _("Revenue rises by %(percent)s per cent") % words
        return _("Revenue falls by %(percent)s per cent") % words if total.change < 0 else _("Revenue is unchanged")

    # Objects

    def objects(self) -> Chart:
        """Return cost by object beside last year's."""
        rows, total = self.dashboard.objects, self.dashboard.overview.total
        title, unit = say_objects(rows, total), self._unit(_("By object, tkr."), rows)
        plot = plot_compared([(row.name, row) for row in rows])
        has_moved = any(row.moved for row in rows)
        whole = self.dashboard.overview.categories[-1]
        sums = self._compared(_("Total"), total, whole.url, whole.earlier_url, "total")
        lines = [self._object(row, has_moved=has_moved) for row in rows]
        heads = self._heads(_("Object"))
        if has_moved:
            sums = Row(
                sums.label,
                [
                    TableCell(format_tkr(total.amounts[0]), whole.url, "n"),
                    TableCell(format_change(0), css="n"),
                    *sums.cells,
                ],
                "total",
            )
            heads = [heads[0], _("Own sub-budget"), _("From the base grant"), *heads[1:]]
        if rest := self._rest():
            lines.append(rest)
        notes = [*note_objects(self.budget, self.dashboard, has_moved=has_moved), *self._note_year()]
        notes += notes_on(is_rounded(rows, total, years=1) and not self.dashboard.overview.unplaced)
        return Chart("objects", title, unit, plot, Table(unit, heads, [*lines, sums]), notes)

    def _rest(self) -> Row | None:
        """Return the row of last year's revenue that is in no printed sub-budget, so that the rows reach the total."""
        unplaced = self.dashboard.overview.unplaced
        if not unplaced:
            return None
        cells = [TableCell("", css="n"), TableCell(format_tkr(unplaced), css="n cmp cmp-first"), TableCell("", css="n")]
        return Row(_("In no printed sub-budget"), [*cells, TableCell("", css="n cmp")])

    def _object(self, row: ObjectCost, *, has_moved: bool) -> Row:
        line = self._compared(row.name, row, row.url, row.earlier_url)
        if not has_moved:
            return line
        moved = TableCell(format_change(row.moved), row.moved_url if row.moved else "", "n")
        parts = [TableCell(format_tkr(row.own), row.own_url, "n"), moved]
        return Row(row.name, [*parts, *line.cells])

    # Members

    def per_inhabitant(self) -> Chart:
        """Return what each member pays per inhabitant."""
        members = sorted(self._counted(), key=lambda member: -(member.per_inhabitant or 0))
        unit = self._unit(_("SEK per inhabitant."), members)
        if not members:
            return Chart("per_inhabitant", _("Cost per inhabitant"), unit, notes=[self._without_members()])
        title = _("%(member)s pays most per inhabitant") % {"member": members[0].name}
        each = _("%(year)s, SEK each")
        heads = [_("Member"), _("Inhabitants"), each % {"year": self.year}, each % {"year": self.before}]
        table = Table(unit, heads, [member_row(member) for member in self.dashboard.members])
        notes = self._note_keys(any(member.is_assumed for member in members))
        plot = RowPlot([place_member(member) for member in members])
        return Chart("per_inhabitant", title, unit, plot, table, notes)

    def members(self) -> Chart:
        """Return what each member pays."""
        rows = sorted(self.dashboard.members, key=lambda member: -member.amounts[0])
        unit = self._unit(_("By member, tkr."), rows)
        if not rows:
            return Chart("members", _("The members' cost"), unit, notes=[self._without_members()])
        total = Compared(
            (sum(row.amounts[0] for row in rows), 0, 0),
            sum(row.earlier or 0 for row in rows) if rows[0].earlier is not None else None,
        )
        title = say_members(rows[0], total)
        beside = list_beside_members(self.dashboard)
        whole = self.dashboard.overview.categories[-1]
        lines = [
            *(self._compared(row.name, row, row.url, row.earlier_url) for row in rows),
            self._compared(_("All members"), total, style="sub"),
            *(self._compared(*part) for part in beside),
            self._compared(str(whole.label), whole, whole.url, whole.earlier_url, "total"),
        ]
        table = Table(unit, self._heads(_("Customer")), lines)
        notes = self._note_keys(has_assumed_counts=False)
        notes += notes_on(is_rounded([*rows, *(part for _label, part, *_urls in beside)], whole, years=1))
        return Chart("members", title, unit, plot_compared([(row.name, row) for row in rows]), table, notes)

    def _note_keys(self, has_assumed_counts: bool) -> list[str | SafeString]:
        """Return the notes on what the members' cost rests on: the cost itself, and what it is shared by."""
        words = {
            (True, True): _("Keys and inhabitants are"),
            (True, False): _("Keys are"),
            (False, True): _("Inhabitants are"),
        }.get((self.dashboard.has_assumed_keys, has_assumed_counts))
        return [*self._note_year(), *(note_doubt(words, "assumed") if words else [])]

    def _counted(self) -> list[MemberCost]:
        return [member for member in self.dashboard.members if member.inhabitants]

    def _without_members(self) -> str:
        if self.dashboard.members:
            return _(
                "Nobody has entered how many inhabitants the members have. The economist enters them in the administration."
            )
        return _(
            "The budget has no allocation keys, so what each member pays can't be shown. The economist enters keys and gives each product one."
        )

    # The debt

    def debt(self) -> Chart:
        """Return debt at each year end against the framework."""
        years = self.dashboard.debts
        unit = ". ".join(filter(None, [_("Debt 31 December, tkr"), say_bars(years)]))
        if not years:
            return Chart(
                "debt",
                _("Debt against framework"),
                unit,
                notes=[_("There is no loan forecast. Enter the existing loans with their debt first.")],
            )
        table = Table(
            unit,
            [_("31 December"), _("Debt"), _("Framework in force"), _("Headroom")],
            [self._debt_row(y) for y in years],
        )
        proposed = [state.framework.amount_ore for state in self.dashboard.proposed]
        limits = [*limit_frameworks(years), *limit_proposed(proposed, len(years))]
        plot = ColumnPlot([place_debt(year) for year in years], limits)
        return Chart("debt", self._say_debt(years), unit, plot, table, self._debt_notes())

    def _say_debt(self, years: Sequence[YearDebt]) -> str:
        """Return the headline with the assumed movements that it rests on: those until the last year it speaks of."""
        known = [year for year in years if year.headroom is not None]
        over = [year for year in known if (year.headroom or 0) < 0]
        if over:
            return say_broken_framework([year.year for year in over], over[-1].assumed)
        if not known:
            return _("No borrowing framework is in force")
        if len(known) < len([year for year in years if year.edition != "opening"]):
            return say_condition(_("The debt fits the framework in force the years that are known"), known[-1].assumed)
        return say_condition(_("The debt fits the framework in force every year"), known[-1].assumed)

    def _debt_row(self, year: YearDebt) -> Row:
        unknown, url = marks.unknown(), reverse("forecasts:loans", args=[self.budget.slug])
        figures = (year.debt, year.framework, year.headroom)
        if year.edition == "opening":
            cells = [format_tkr(year.debt), format_tkr(None), format_tkr(None)]
        else:
            cells = [unknown if ore is None else format_tkr(ore) for ore in figures]
            cells[0] = format_html("{} {}", cells[0], marks.doubt(year.source))
        return Row(f"{year.year} ({name_edition(year.edition)})", [TableCell(text, url, "n") for text in cells])

    def _debt_notes(self) -> list[str | SafeString]:
        todo = self.dashboard.overview.todo
        doubtful = [year for year in self.dashboard.debts if year.source == "assumed"]
        years = say_years([year.year for year in doubtful])
        notes = note_doubt(_("The figures of debt %(years)s are") % {"years": years}, "assumed") if doubtful else []
        if todo.unknown:
            names = ", ".join(investment.asset_class.name for investment in todo.unknown)
            notes.append(_("Investments that are not yet known are not included: %(names)s.") % {"names": names})
        if todo.without_plan:
            notes.append(_("Some planned loans have no repayment plan, so their debt stays."))
        return notes

    # Results over the years

    def results(self) -> Chart:
        """Return the years' results against the bound."""
        years = self.dashboard.results
        unit = ". ".join(filter(None, [_("Net result, tkr. Grey: ±1.5 per cent of revenue"), say_bars(years)]))
        title = self._say_results(years)
        heads = [_("Year"), _("Result"), _("±1.5 per cent of revenue"), _("Per cent of revenue"), _("Within")]
        table = Table(unit, heads, [result_row(year) for year in years])
        plot = ColumnPlot([place_result(year) for year in years])
        return Chart("results", title, unit, plot, table, self._note_results(years))

    def _note_results(self, years: Sequence[YearResult]) -> list[str | SafeString]:
        """Return the exception that the goal itself makes, the stored reason, and which years rest on assumptions."""
        notes: list[str | SafeString] = []
        if excepted := [year for year in years if year.verdict == Verdict.EXCEPTED]:
            used = ", ".join(f"{year.year}: {format_tkr(year.decided_equity)}" for year in excepted)
            notes.append(_("The goal leaves out the use of equity that is decided, tkr: %(used)s.") % {"used": used})
        if self.budget.result_reason:
            notes.append(_("Reason for the negative result: %(reason)s") % {"reason": self.budget.result_reason})
        if doubtful := [year.year for year in years if year.source == "assumed"]:
            notes += note_doubt(_("The figures of %(year)s are in part") % {"year": say_years(doubtful)}, "assumed")
        return notes

    def _say_results(self, years: Sequence[YearResult]) -> str:
        own = [year for year in years if year.year >= self.year]
        outside = [str(year.year) for year in own if year.verdict == Verdict.BEYOND]
        if outside:
            return _("The result is beyond ±1.5 per cent of revenue in %(years)s") % {"years": join(outside)}
        words = {"first": own[0].year, "last": own[-1].year}
        if any(year.verdict == Verdict.EXCEPTED for year in own):
            title = _(
                "Apart from the decided use of equity the result is within ±1.5 per cent of revenue %(first)s–%(last)s"
            )
            return title % words
        return _("The result is within ±1.5 per cent of revenue %(first)s–%(last)s") % words

    # Tables

    def _unit(self, measure: str, rows: Sequence[Compared]) -> str:
        """Return the measure, and what the bars mean where a row has two."""
        if all(row.earlier is None for row in rows):
            return measure.rstrip(".")
        words = {"measure": measure, "year": self.year, "before": self.before}
        return _("%(measure)s Wide bar: budget %(year)s. Thin bar: budget %(before)s") % words

    def _heads(self, first: str) -> list[str]:
        budget = _("Budget")
        return [first, f"{budget} {self.year}", f"{budget} {self.before}", pgettext("amount", "Change"), "%"]

    def _compared(self, label: str, row: Compared, url: str = "", earlier_url: str = "", style: str = "") -> Row:
        cells = [
            TableCell(format_tkr(row.amounts[0]), url, "n now"),
            TableCell(format_tkr(row.earlier), earlier_url, "n cmp cmp-first"),
            TableCell(format_change(row.change), css="n"),
            TableCell(format_growth(row.growth), css="n cmp"),
        ]
        return Row(label, cells, style)
