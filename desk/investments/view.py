"""The investment budget of a budget: the grid of classes and purchases, what they come to, and what a limit pays for."""

from __future__ import annotations

import json
from functools import cached_property
from typing import NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView

from desk.investments.base import InInvestments
from desk.investments.drawn import Drawn, draw_investments
from desk.investments.limits import read_limit
from desk.investments.overview import Overview, load_overview
from desk.investments.requests import UnreadableError, read_form, read_json
from investments.selectors.side_by_side import load_side_by_side, load_states
from investments.services.cells import COLUMNS, SavedCells, save_cells
from investments.services.counting import count_capital, enter_capital
from investments.services.purchases import OF_BUDGET, undo_purchases
from objects.selectors.registers import list_register_acts
from pages.acts import ToldAct, tell_acts
from pricing.selectors.editing import can_read_pools
from web import errors
from web.typing import Context


class Head(NamedTuple):
    """A column of the grid: its name in requests, its words, and its unit."""

    name: str
    label: str
    unit: str


class InGrid(InInvestments, TemplateView):
    """The grid."""

    title = gettext_lazy("Investments")
    template_name = "desk/investments/investments.html"

    @cached_property
    def states(self):  # type: ignore[no-untyped-def]
        """How far the purchases have come."""
        return load_states(self.rows)

    @cached_property
    def drawn(self) -> Drawn:
        """The grid as it is shown."""
        return draw_investments(self.rows, self.states)

    def load_overview(self) -> Overview:
        """Load what the purchases come to."""
        return load_overview(self.budget, self.rows)

    @property
    def heads(self) -> list[Head]:
        """The columns of the grid."""
        labels = [_("Month"), _("Quantity"), _("Price each"), *map(str, self.budget.years), _("Priority")]
        units = ["", "", "kr", "kr", "kr", "kr", ""]
        return [Head(*row) for row in zip(COLUMNS, labels, units, strict=True)]

    def list_acts(self) -> list[ToldAct]:
        """Return the latest changes of this budget's investments, with what takes each back."""
        acts = list_register_acts(OF_BUDGET, self.reader, budget_id=self.budget.pk) if self.can_edit else []
        return tell_acts(acts, lambda act: reverse("budgets:undo_purchases", args=[self.budget.slug, act]))

    def page_context(self, saved: SavedCells | None = None) -> Context:
        """Return all that the page shows; cells of its form that could not be saved are `refused`."""
        refused = saved.refused if saved else []
        cells = {
            f"{row.number}:{place}": text for row in self.all_rows for place, text in enumerate(row.cells, 1) if text
        }
        overview = self.load_overview()
        limit = read_limit(self.request.GET, self.budget, self.rows, overview)
        return {
            "can_edit": self.can_edit,
            "drawn": self.drawn,
            "tables": [("financed", self.drawn.financed), ("leased", self.drawn.leased)],
            "heads": self.heads,
            "shown": json.dumps(cells, separators=(",", ":")),
            "refused": {(cell.cell.row, cell.cell.column): cell for cell in refused},
            "can_read_pools": can_read_pools(self.reader),
            "overview": overview,
            "limit": limit,
            "side_by_side": load_side_by_side(self.budget, self.rows, self.states),
            "has_states": bool(self.states) or self.budget.replaces_id is not None,
            "acts": self.list_acts(),
            "years": self.budget.years,
        }

    @property
    def all_rows(self):  # type: ignore[no-untyped-def]
        """All rows of both tables."""
        return [
            row
            for _name, table in (("", self.drawn.financed), ("", self.drawn.leased))
            for g in table.groups
            for row in g.rows
        ]

    def show(self, saved: SavedCells | None = None, *, status: int = 200) -> HttpResponse:
        """Return the page."""
        return self.render_to_response(self.get_context_data(**self.page_context(saved)), status=status)


class InvestmentsView(InGrid):
    """The page."""

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Return it."""
        return self.show()


class CellsView(InGrid):
    """Saves cells; tells how far the chain is."""

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Answer with all sums and cells as they are now."""
        return self.answer()

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Save what can be read, and say what stands against the rest."""
        if not self.can_edit:
            raise PermissionDenied
        is_script = request.content_type == "application/json"
        try:
            cells, is_paste = read_json(request.body) if is_script else read_form(request.POST)
        except UnreadableError as error:
            return errors.bad_request(request, error)
        saved = save_cells(self.budget, cells, by=self.reader, is_paste=is_paste)
        self.__dict__.pop("rows", None)
        return self.answer(saved) if is_script else self._answer_form(saved)

    def _answer_form(self, saved: SavedCells) -> HttpResponse:
        said = ngettext("%(count)s cell is saved.", "%(count)s cells are saved.", saved.count) % {"count": saved.count}
        if saved.refused:
            return self.show(saved, status=422)
        messages.success(self.request, said if saved.count else _("Nothing was changed."))
        return HttpResponseRedirect(self.list_url)

    def answer(self, saved: SavedCells | None = None, **more: object) -> JsonResponse:
        """Answer the script with cells, sums, how far the chain is, and what the purchases come to."""
        overview = self.load_overview()
        context = {
            "overview": overview,
            "budget": self.budget,
            "can_edit": self.can_edit,
            "can_read_pools": can_read_pools(self.reader),
            "years": self.budget.years,
        }
        undo = next((told for told in self.list_acts() if told.undo_url), None)
        return JsonResponse(
            {
                "count": saved.count if saved else 0,
                "refused": [
                    {
                        "pool": cell.cell.column,
                        "to": cell.cell.row,
                        "typed": cell.cell.typed,
                        "reason": cell.reason,
                        "stored": cell.stored,
                    }
                    for cell in (saved.refused if saved else [])
                ],
                "cells": self.drawn.cells(),
                "figures": self.drawn.figures(),
                "isBehind": overview.is_behind,
                "overview": render_to_string("desk/investments/_overview.html", context, self.request),
                "undo": {"step": str(undo.act.id), "words": undo.said} if undo else {"step": "", "words": ""},
                "redo": {"step": "", "words": ""},
                **more,
            }
        )


class UndoView(CellsView):
    """Takes back a change."""

    http_method_names = ["post"]
    writes = True

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Take the address's act back, or say why it can't be."""
        by_script = request.headers.get("X-Grid") == "1"
        try:
            undo_purchases(self.budget, self.kwargs["act"], by=self.reader)
        except ValidationError as refused:
            said = " ".join(refused.messages)
            if by_script:
                return self.answer(said=said, isRefused=True)
            messages.error(request, said)
            return HttpResponseRedirect(self.list_url)
        if by_script:
            return self.answer(said=_("The change is undone."))
        messages.success(request, _("The change is undone."))
        return HttpResponseRedirect(self.list_url)


class UndoLastView(UndoView):
    """Takes back the change that the grid's button names."""

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Take it back."""
        named = next((told for told in self.list_acts() if str(told.act.id) == request.POST.get("step")), None)
        if named is None:
            return errors.bad_request(request, ValueError("no such change"))
        self.kwargs["act"] = named.act.id
        return super().post(request, *args, **kwargs)


class CountView(InInvestments, TemplateView):
    """Has the depreciation and interest of all products calculated, or entered again, after showing what differs."""

    title = gettext_lazy("Depreciation and interest")
    template_name = "desk/investments/count.html"
    writes = True

    def get_context_data(self, **kwargs: object) -> Context:
        """Add what stands there and what would."""
        overview = load_overview(self.budget, self.rows)
        own = {
            "overview": overview,
            "years": self.budget.years,
            "return_url": self.list_url,
            "can_read_pools": True,
        }
        return super().get_context_data(**{**kwargs, **own})

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Switch all, or say why it can't be."""
        to = request.POST.get("to")
        if to not in ("calculated", "entered"):
            return errors.bad_request(request, ValueError("neither calculated nor entered"))
        try:
            count = (count_capital if to == "calculated" else enter_capital)(self.budget, by=self.reader)
        except ValidationError as error:
            return self.render_to_response(self.get_context_data(refused=" ".join(error.messages)), status=422)
        if to == "calculated":
            words = ngettext(
                "%(count)s cost is calculated from now on.", "%(count)s costs are calculated from now on.", count
            )
        else:
            words = ngettext("%(count)s cost is entered again.", "%(count)s costs are entered again.", count)
        messages.success(request, words % {"count": count})
        return HttpResponseRedirect(f"{self.list_url}#capital")
