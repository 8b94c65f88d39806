"""Sub-budgets and their lines. Forms are ordinary pages; htmx swaps the table instead when there is script."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from accounts.models import User
from budgets.filters import LineFilter, SubBudgetFilter
from budgets.models import COST_KINDS, Budget, CostLine, SubBudget, WorkflowStep
from budgets.selectors import (
    Progress,
    can_edit,
    differ_by_rounding,
    find_budget,
    find_earlier,
    find_sub_budget,
    list_choices,
    list_governance_objects,
    list_lines,
    list_neighbours,
    list_own_texts,
    list_sub_budget_rows,
    list_sub_budgets,
    load_progress,
    load_result,
    name_of,
    sum_all,
)
from budgets.selectors.bar import load_bar, load_corrections
from budgets.selectors.changes import Changes
from budgets.selectors.collaboration import can_read, load_comment_counts
from budgets.selectors.grid import load_steps
from budgets.selectors.members import MemberCosts, load_member_costs
from budgets.selectors.sheets import Equity, Sheet, load_equity, load_sheet
from budgets.selectors.workflow import list_steps
from budgets.tables import LineTable, SubBudgetTable
from budgets.views.drawing import Pen, draw_cells
from budgets.views.grid_drawing import GridPen
from budgets.views.parts import collaboration_context
from engine.result import CostKind
from itsam.web.numbers import format_tkr
from itsam.web.views import BaseListView, Crumb, PageView
from objects.selectors import can_plan, load_plan_part

if TYPE_CHECKING:
    from django.db.models import QuerySet


class InBudget(PageView):
    """A page about a budget that the reader may see; any other does not exist."""

    request: HttpRequest
    kwargs: dict[str, Any]

    @cached_property
    def reader(self) -> User:
        """Who reads the page."""
        return cast(User, self.request.user)

    @cached_property
    def budget(self) -> Budget:
        """The address's budget."""
        found = find_budget(self.reader, self.kwargs["budget"])
        if found is None:
            raise Http404
        return found

    def get_crumbs(self) -> list[Crumb]:
        """Up to the budget's overview."""
        return [(self.budget.name, reverse("reports:overview", args=[self.budget.slug]))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the budget."""
        return super().get_context_data(**{**kwargs, "budget": self.budget})


def is_news(request: HttpRequest, progress: Progress) -> bool:
    """Whether forecasts or their waiting changes differ from what the asking page shows."""
    behind = request.GET.get("behind", str(int(progress.behind)))
    return (request.GET.get("seen"), behind) != (str(progress.computed), str(int(progress.behind)))


class SubBudgetListView(InBudget, BaseListView):
    """All sub-budgets, filtered."""

    title = gettext_lazy("Sub-budgets")
    nav_key = "sub_budgets"
    template_name = "budgets/list.html"
    table_class = SubBudgetTable
    filterset_class = SubBudgetFilter

    def get_rows(self, user: Any) -> Any:
        """Those the reader may see."""
        return list_sub_budgets(self.budget, user)

    def get_table_data(self) -> Any:
        """Add totals and the year before's."""
        rows = cast("QuerySet[SubBudget]", self.object_list)
        return list_sub_budget_rows(rows, self.budget, find_earlier(self.budget))

    def get_table_kwargs(self) -> dict[str, Any]:
        """Tell the table its budget."""
        return {"budget": self.budget}


class LineListView(InBudget, BaseListView):
    """All cost lines, filtered: what figures elsewhere open."""

    title = gettext_lazy("Cost lines")
    nav_key = "sub_budgets"
    template_name = "budgets/list.html"
    table_class = LineTable

    def get_rows(self, user: Any) -> Any:
        """Those the reader may see."""
        return list_lines(self.budget, user)

    def get_filterset(self, rows: Any) -> LineFilter:
        """Filter by what this budget holds."""
        return LineFilter(
            self.request.GET,
            queryset=rows,
            request=self.request,
            products=list(list_choices(self.budget, self.reader)),
            governance_objects=list(list_governance_objects()),
        )

    def get_table_kwargs(self) -> dict[str, Any]:
        """Tell the table its budget, and the sum of all lines, not only of this page."""
        return {"budget": self.budget, "totals": sum_all(cast("QuerySet[CostLine]", self.object_list))}


class InSubBudget(InBudget, TemplateView):
    """A page about one sub-budget. `unit` and `kind` in the address choose how its lines are shown."""

    nav_key = "sub_budgets"

    @cached_property
    def sub_budget(self) -> SubBudget:
        """The address's sub-budget."""
        found = find_sub_budget(self.reader, self.kwargs["budget"], self.kwargs["sub_budget"])
        if found is None:
            raise Http404
        return found

    @cached_property
    def budget(self) -> Budget:
        """The sub-budget's budget, read with it."""
        return self.sub_budget.budget

    @cached_property
    def address(self) -> list[str]:
        """The parts of the sub-budget's address."""
        return [self.budget.slug, self.sub_budget.slug]

    @cached_property
    def choices(self) -> dict[str, str]:
        """The reader's choices of unit and cost kind."""
        kinds = [kind for kind, _label in COST_KINDS]
        allowed = {"unit": ["kr"], "kind": kinds}
        return {name: self.request.GET[name] for name in allowed if self.request.GET.get(name) in allowed[name]}

    @cached_property
    def steps(self) -> list[WorkflowStep]:
        """The sub-budget's steps that the reader may read."""
        return list_steps(self.sub_budget, self.reader)

    @cached_property
    def corrections(self) -> Changes:
        """What reviewers have changed in the latest submission."""
        return load_corrections(self.sub_budget, self.steps)

    @property
    def members(self) -> MemberCosts | None:
        """What each member pays, as far as the totals are summed."""
        return load_member_costs([self.sub_budget], self.reader).get(self.sub_budget.pk)

    @property
    def is_fragment(self) -> bool:
        """Whether htmx asks for a part of the page."""
        return self.request.headers.get("HX-Request") == "true"

    def page_url(self, **extra: str) -> str:
        """The sub-budget's page as the reader has chosen to see it."""
        query = urlencode({**self.choices, **extra})
        return reverse("budgets:sub_budget", args=self.address) + (f"?{query}" if query else "")

    def get_title(self) -> str:
        """The sub-budget's name."""
        return name_of(self.sub_budget)

    def get_crumbs(self) -> list[Crumb]:
        """Up to the list of sub-budgets."""
        return [*super().get_crumbs(), (_("Sub-budgets"), reverse("budgets:sub_budgets", args=[self.budget.slug]))]

    def require_edit(self) -> None:
        """Stop those who may not change lines here."""
        if not can_edit(self.reader, self.sub_budget):
            raise PermissionDenied

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the sub-budget and how it is shown."""
        shown = {"sub_budget": self.sub_budget, "query": self.query, "page_url": self.page_url()}
        return super().get_context_data(**{"unit": self.choices.get("unit", "tkr"), **kwargs, **shown})

    def section_context(self, **entered: Any) -> dict[str, Any]:
        """What the table of lines needs; `entered` is what was typed in the grid and what is wrong with it."""
        kind, unit = self.choices.get("kind", ""), self.choices.get("unit", "tkr")
        sheet = load_sheet(self.sub_budget, self.reader, kind=kind)
        equity = load_equity(self.sub_budget, sheet) if self.sub_budget.is_base_grant and not kind else None
        may_edit = can_edit(self.reader, self.sub_budget)
        return {
            "sheet": sheet,
            "products": self._pen(may_edit, unit, entered).draw(sheet),
            "grid": self._grid_context(sheet, equity) if may_edit else None,
            "total_cells": draw_cells(sheet, unit),
            "equity": [draw_cells(equity.cost, unit), draw_cells(equity.use, unit)] if equity else None,
            "kind": kind,
            "years": self.budget.years,
            "earlier_year": self.budget.fiscal_year - 1,
            "can_edit": may_edit,
            "can_read_comments": can_read(self.reader),
            "chips": list(self._chips(sheet, kind)),
            "units": [("tkr", self._with(unit="")), ("kr", self._with(unit="kr"))],
            "is_rounded": any(_rounded(sheet)),
            "progress": load_progress(self.budget),
            "result": load_result(self.budget),
            "members": self.members,
            "is_fragment": self.is_fragment,
            "deleted": self.request.GET.get("deleted"),
        }

    def _pen(self, may_edit: bool, unit: str, entered: dict[str, Any]) -> Pen:
        shown: dict[str, Any] = {
            "unit": unit,
            "query": self.query,
            "corrections": self.corrections.by_lineage,
            "comments": load_comment_counts(self.sub_budget, self.reader),
        }
        if may_edit:
            return GridPen(self.address, years=self.budget.years, **shown, **entered)
        return Pen(self.address, **shown)

    def _grid_context(self, sheet: Sheet, equity: Equity | None) -> dict[str, Any]:
        lines = [row.line for product in sheet.products for row in product.lines]
        steps = load_steps(self.sub_budget, self.reader)
        return {
            "loaded": max((line.edited_at for line in lines), default=self.budget.created_at).isoformat(),
            "kinds": [label for _kind, label in COST_KINDS],
            "equity_kind": dict(COST_KINDS)[CostKind.USE_OF_EQUITY],
            "equity_before": [equity.cost.earlier, equity.use.earlier] if equity else [],
            "undo": steps.undo,
            "redo": steps.redo,
        }

    @property
    def query(self) -> str:
        """The reader's choices as the end of an address."""
        return f"?{urlencode(self.choices)}" if self.choices else ""

    def _with(self, **choices: str) -> str:
        query = urlencode({name: value for name, value in {**self.choices, **choices}.items() if value})
        return f"?{query}" if query else reverse("budgets:sub_budget", args=self.address)

    def _chips(self, sheet: Sheet, kind: str) -> Iterator[dict[str, Any]]:
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
        """After a change: the table with what was said in the row kept `beside` it for htmx, else on to the page."""
        if not self.is_fragment:
            messages.success(self.request, said)
            return HttpResponseRedirect(self.page_url(**({"deleted": str(deleted.lineage)} if deleted else {})))
        gone = str(deleted.lineage) if deleted else None
        context = {
            **self.get_context_data(),
            **self.section_context(),
            "note": said,
            "beside": str(beside),
            "deleted": gone,
        }
        response = self.render_part("budgets/lines_section.html", context, announce=said)
        if not self.choices.get("kind"):
            response["HX-Reswap"] = f"outerHTML show:#form-{beside}:bottom"
        return response

    def render_part(
        self, template: str, context: dict[str, Any], *, announce: str = "", status: int = 200
    ) -> HttpResponse:
        """Answer htmx with a part of the page, and have it read out."""
        response = self.response_class(self.request, template, context, using=self.template_engine, status=status)
        if announce:
            response["HX-Trigger"] = json.dumps({"announce": announce})
        patch_vary_headers(response, ["HX-Request"])
        return response

    def render_page(self, section: dict[str, Any], *, status: int = 200) -> HttpResponse:
        """The sub-budget's page with its section of lines."""
        before, after = list_neighbours(self.sub_budget, self.reader)
        is_draft = self.budget.status == Budget.Status.DRAFT
        shown = {
            "before": before,
            "after": after,
            "texts": list_own_texts(self.sub_budget),
            "can_write_texts": is_draft and can_plan(self.reader, self.sub_budget.governance_object),
            **collaboration_context(self.sub_budget, self.reader),
            "plan_part": load_plan_part(self.reader, self.sub_budget.governance_object),
            "bar": load_bar(
                self.sub_budget,
                self.reader,
                None if section["kind"] else section["sheet"],
                self.steps,
                self.corrections,
            ),
        }
        context = {**self.get_context_data(**section), **shown}
        return self.response_class(
            self.request, "budgets/sub_budget.html", context, using=self.template_engine, status=status
        )

    def say_total(self, text: str) -> str:
        """What was done, and the total after it."""
        total = format_tkr(load_sheet(self.sub_budget, self.reader).amounts[0])
        return f"{text} " + _("The total for %(year)s is now %(total)s tkr.") % {
            "year": self.budget.fiscal_year,
            "total": total,
        }


def _rounded(sheet: Sheet) -> Iterator[bool]:
    for year in range(3):
        yield differ_by_rounding([product.amounts[year] for product in sheet.products], sheet.amounts[year])
        for product in sheet.products:
            yield differ_by_rounding([line.amounts[year] for line in product.lines], product.amounts[year])


class SubBudgetView(InSubBudget):
    """A sub-budget: its object's text, total and lines."""

    template_name = "budgets/sub_budget.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or only its lines for htmx."""
        if self.is_fragment:
            context = self.get_context_data(**self.section_context())
            return self.render_part("budgets/lines_section.html", context)
        response = self.render_page(self.section_context())
        patch_vary_headers(response, ["HX-Request"])
        return response


class StateView(InSubBudget):
    """How far the forecasts are, asked for every second while they are behind; nothing when nothing is new."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The panel of forecasts, or 204."""
        progress = load_progress(self.budget)
        if not is_news(request, progress):
            return HttpResponse(status=204)
        context = {"progress": progress, "result": load_result(self.budget), "members": self.members}
        context["is_fragment"] = True
        said = "" if progress.behind else _("The forecasts are up to date.")
        return self.render_part("budgets/state.html", self.get_context_data(**context), announce=said)
