"""A sub-budget and its table of lines. Forms are ordinary pages; htmx swaps the table instead when there is script."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from budgets.models import COST_KINDS, Budget, CostLine, WorkflowStep
from budgets.selectors.bar import load_bar, load_corrections
from budgets.selectors.budgets import load_progress
from budgets.selectors.changes import Changes
from budgets.selectors.collaboration import can_read, load_comment_counts
from budgets.selectors.compared import differ_by_rounding
from budgets.selectors.grid import find_mark, load_steps, load_touched
from budgets.selectors.members import MemberCosts, load_member_costs
from budgets.selectors.sheets import Sheet, list_counted, load_equity, load_sheet
from budgets.selectors.sub_budgets import (
    can_edit,
    is_economist,
    list_neighbours,
    list_own_texts,
)
from budgets.selectors.workflow import list_steps
from budgets.words import (
    LineChange,
    list_buttons,
    list_warnings,
    name_earlier,
    say_next,
    say_since,
    tell_changes,
    tell_sums,
)
from desk.grid.rows import Entered, grid_lines, list_kinds, number_lines
from desk.sub_budget.rows import NOBODY, Said, Shown, Table, explain_signs, say_comments
from desk.teamwork.parts import collaboration_context
from engine.result import INCOMES, REDUCTIONS
from forecasts.selectors.stored import load_result
from objects.selectors.plans import can_plan, load_plan_part
from pages.base import InSubBudget
from pricing.selectors.editing import can_read_pools
from web.numbers import format_tkr
from web.views import Context


class LinesPage(InSubBudget):
    """A page that shows the sub-budget's table of lines, whole or as the part that htmx swaps."""

    @cached_property
    def steps(self) -> list[WorkflowStep]:
        """The sub-budget's steps that the reader may read."""
        return list_steps(self.sub_budget, self.reader)

    @cached_property
    def corrections(self) -> Changes:
        """What reviewers have changed in the latest submission."""
        return load_corrections(self.sub_budget, self.steps)

    @cached_property
    def told_corrections(self) -> dict[UUID, LineChange]:
        """The same in words, by line, to mark the lines with."""
        return {line.lineage: line for line in tell_changes(self.corrections, self.budget.years)}

    @property
    def members(self) -> MemberCosts | None:
        """What each member pays, as far as the totals are summed."""
        return load_member_costs([self.sub_budget], self.reader).get(self.sub_budget.pk)

    def section_context(self, entered: Entered | None = None) -> Context:
        """Return what the table of lines needs; `entered` is what was typed in the grid and what is wrong with it."""
        kind, unit = self.choices.get("kind", ""), self.choices.get("unit", "tkr")
        may_edit = can_edit(self.reader, self.sub_budget)
        mark = find_mark(self.sub_budget) if may_edit else 0
        sheet = load_sheet(self.sub_budget, self.reader, kind=kind)
        return {
            "sheet": sheet,
            "table": self._table(sheet, kind, self.show_in(unit), (entered or Entered()) if may_edit else None),
            "grid": {**self._grid_context(sheet), "mark": mark} if may_edit else None,
            "kind": kind,
            "years": self.budget.years,
            "earlier_year": name_earlier(self.budget),
            "can_edit": may_edit,
            "can_read_comments": can_read(self.reader),
            "chips": list(self._chips(sheet, kind)),
            "units": [("tkr", self._with(unit="")), ("kr", self._with(unit="kr"))],
            "is_rounded": any(_rounded(sheet)),
            "signs": explain_signs(sheet),
            "progress": load_progress(self.budget),
            "result": load_result(self.budget),
            "members": self.members,
            "is_fragment": self.is_fragment,
            "undo_url": self._undo_url(self.request.GET.get("deleted")) if may_edit else "",
        }

    def show_in(self, unit: str) -> Shown:
        """Return how the page shows rows, with their comments and what reviewers have changed."""
        address = reverse("budgets:sub_budget", args=self.address)
        return Shown(
            address,
            "lines/" if self.request.path == address else f"{address}lines/",
            unit,
            self.query,
            self.told_corrections,
            say_comments(load_comment_counts(self.sub_budget, self.reader)),
            by_economist=is_economist(self.reader),
            rests_on=reverse("budgets:product_rests_on", args=[self.budget.slug, NOBODY])
            if can_read_pools(self.reader)
            else "",
        )

    def _table(self, sheet: Sheet, kind: str, shown: Shown, entered: Entered | None) -> Table:
        has_equity = self.sub_budget.is_base_grant and not kind
        return Table(
            sheet=sheet,
            equity=load_equity(self.sub_budget, sheet) if has_equity else None,
            shown=shown,
            kinds=list_kinds(),
            kind=kind,
            earlier_year=name_earlier(self.budget),
            is_base_grant=self.sub_budget.is_base_grant,
            lines=grid_lines(sheet, shown, self.budget.years, entered) if entered else None,
        )

    def _undo_url(self, deleted: str | None) -> str:
        """Return where a deletion is undone; nothing where the address names no line."""
        if not deleted:
            return ""
        try:
            return reverse("budgets:restore_line", args=[*self.address, deleted]) + self.query
        except NoReverseMatch:
            return ""

    def _grid_context(self, sheet: Sheet) -> Context:
        lines = [row.line for product in sheet.products for row in product.lines]
        steps = load_steps(self.sub_budget, self.reader)
        return {
            "loaded": max((line.edited_at for line in lines), default=self.budget.created_at).isoformat(),
            "numbered": " ".join(number_lines(sheet)),
            "kinds": [label for _kind, label in COST_KINDS],
            "reductions": "|".join(str(label) for kind, label in COST_KINDS if kind in REDUCTIONS),
            "incomes": "|".join(str(label) for kind, label in COST_KINDS if kind in INCOMES),
            "undo": steps.undo,
            "redo": steps.redo,
            "count": len(lines),
            "touched": ",".join(
                " ".join([str(line), *names]) for line, names in load_touched(sheet, self.steps).items()
            ),
        }

    def _with(self, **choices: str) -> str:
        query = urlencode({name: value for name, value in {**self.choices, **choices}.items() if value})
        return f"?{query}" if query else reverse("budgets:sub_budget", args=self.address)

    def _chips(self, sheet: Sheet, kind: str) -> Iterator[dict[str, object]]:
        every = sum(sheet.counts.values())
        yield {"label": _("All"), "kind": "", "count": every, "url": self._with(kind=""), "current": not kind}
        for name, label in COST_KINDS:
            if name in sheet.counts:
                count = sheet.counts[name]
                yield {
                    "label": label,
                    "kind": label,
                    "count": count,
                    "url": self._with(kind=name),
                    "current": kind == name,
                }

    def answer_section(self, said: str, *, beside: UUID, deleted: CostLine | None = None) -> HttpResponse:
        """Answer a change: for htmx the table, with what was said in the row `beside` it; else lead on to the page."""
        if not self.is_fragment:
            messages.success(self.request, said)
            return HttpResponseRedirect(self.page_url(**({"deleted": str(deleted.lineage)} if deleted else {})))
        is_whole = not self.choices.get("kind")
        undo_url = self._undo_url(str(deleted.lineage) if deleted else None)
        context = {
            **self.get_context_data(),
            **self.section_context(),
            "note": said,
            "said": Said(said, beside, undo_url) if is_whole else None,
            "undo_url": undo_url,
        }
        response = self.render_part("desk/sub_budget/_lines_section.html", context, announce=said)
        if is_whole:
            response["HX-Reswap"] = f"outerHTML show:#form-{beside}:bottom"
        return response

    def render_page(self, section: Context, *, status: int = 200) -> HttpResponse:
        """Show the sub-budget's page with its section of lines."""
        before, after = list_neighbours(self.sub_budget, self.reader)
        is_draft = self.budget.status == Budget.Status.DRAFT
        shown = {
            "before": before,
            "after": after,
            "texts": list_own_texts(self.sub_budget),
            "can_write_texts": is_draft and can_plan(self.reader, self.sub_budget.governance_object),
            **collaboration_context(self.sub_budget, self.reader),
            "plan_part": load_plan_part(self.reader, self.sub_budget.governance_object),
            **self._bar_context(None if section["kind"] else section["sheet"]),
        }
        context = {**self.get_context_data(**section), **shown}
        return self.response_class(
            self.request, "desk/sub_budget/sub_budget.html", context, using=self.template_engine, status=status
        )

    def _bar_context(self, sheet: Sheet | None) -> Context:
        """The workflow's bar; `sheet` holds all lines, or is None when not all are shown."""
        bar = load_bar(self.sub_budget, self.reader, self.steps, self.corrections)
        return {
            "bar": bar,
            "buttons": list_buttons(bar.actions),
            "what_next": say_next(self.sub_budget),
            "advice": list_warnings(sheet, self.budget) if sheet is not None and bar.is_prepared else [],
            "corrections": list(self.told_corrections.values()) if bar.can_read else [],
            "news": tell_changes(bar.news, self.budget.years),
            "since": say_since(bar, self.budget),
            "compare_url": f"{reverse('reports:compare', args=[self.budget.slug])}?object={self.sub_budget.slug}",
            "news_sums": tell_sums(bar.news, self.budget.years),
            "correction_sums": tell_sums(self.corrections, self.budget.years),
        }

    def say_total(self, text: str) -> str:
        """Say what was done, and the total after it."""
        total = format_tkr(load_sheet(self.sub_budget, self.reader).amounts[0])
        return f"{text} " + _("The total for %(year)s is now %(total)s tkr.") % {
            "year": self.budget.fiscal_year,
            "total": total,
        }


def _rounded(sheet: Sheet) -> Iterator[bool]:
    for year in range(3):
        yield differ_by_rounding([product.amounts[year] for product in sheet.products], sheet.amounts[year])
        for product in sheet.products:
            yield differ_by_rounding(
                [line.amounts[year] for line in list_counted(product.lines)], product.amounts[year]
            )
