"""Cost pools and staff time of a budget: what pools cost and who takes it, and the table of hours that says why."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cached_property

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView

from desk.pools.figures import Drawn, draw_matrix
from desk.pools.overview import Overview, load_overview
from desk.pools.requests import UnreadableError, read_form, read_json
from pages.pools import InPools
from pricing.models import WeightStep
from pricing.selectors.matrix import Matrix, WeightSteps, load_matrix, load_weight_steps
from pricing.services.editing import calculate_again
from pricing.services.weights import (
    RefusedWeight,
    SavedWeights,
    StepRefusedError,
    redo_weights,
    save_weights,
    undo_weights,
)
from web import errors
from web.typing import Context


class InMatrix(InPools, TemplateView):
    """The table of hours as the address chooses it: the year, and hours or full-time equivalents."""

    title = gettext_lazy("Cost pools and staff time")
    template_name = "desk/pools/pools.html"

    @property
    def in_equivalents(self) -> bool:
        """Whether cells are in full-time equivalents."""
        return self.request.GET.get("unit") == "fte" and self.matrix.hours is not None

    @cached_property
    def matrix(self) -> Matrix:
        """The table."""
        return load_matrix(self.budget, self.year)

    def choose(self, **changed: str) -> str:
        """Return the page's address with the reader's choices, some of them changed."""
        chosen = {
            "year": str(self.budget.years[self.year]) if self.year else "",
            "unit": "fte" if self.in_equivalents else "",
        }
        query = urlencode({name: value for name, value in {**chosen, **changed}.items() if value})
        return self.pools_url + (f"?{query}" if query else "")

    @property
    def query(self) -> str:
        """The reader's choices as the end of an address."""
        return self.choose().removeprefix(self.pools_url)

    def load_overview(self) -> Overview:
        """Load what stands above the table."""
        return load_overview(self.matrix, with_posts=self.can_edit)

    def page_context(self, refused: Iterable[RefusedWeight] = ()) -> Context:
        """Return all that the page shows; `refused` are cells of its form that could not be saved."""
        drawn = draw_matrix(self.matrix, in_equivalents=self.in_equivalents)
        refused = list(refused)
        shown = {
            f"{row.number}:{place}": text
            for g in drawn.groups
            for row in g.rows
            for place, text in enumerate(row.cells, 1)
            if text
        }
        return {
            **self.overview_context(),
            "drawn": drawn,
            "steps": load_weight_steps(self.budget, self.reader) if self.can_edit else WeightSteps(None, None),
            "shown": json.dumps(shown, separators=(",", ":")),
            "refused": {(cell.cell.to, cell.cell.pool): cell for cell in refused},
            "wrong": say_refused(refused, drawn),
            "query": self.query,
            "hours": self.matrix.hours,
            "in_equivalents": self.in_equivalents,
            "years": [
                (year, self.choose(year=str(year) if place else ""), place == self.year)
                for place, year in enumerate(self.budget.years)
            ],
            "units": [
                (_("Hours"), self.choose(unit=""), not self.in_equivalents),
                (_("Full-time equivalents"), self.choose(unit="fte"), self.in_equivalents),
            ],
            "unit_word": _("full-time equivalents") if self.in_equivalents else _("hours"),
        }

    def overview_context(self) -> Context:
        """Return what the part above the table shows, which is drawn anew after each calculation."""
        overview = self.load_overview()
        return {
            "overview": overview,
            "year": self.budget.years[self.year],
            "can_edit": self.can_edit,
            "has_server": overview.total.server_operation or any(row.server_operation for row in overview.rows),
        }

    def show(self, refused: Iterable[RefusedWeight] = (), *, status: int = 200) -> HttpResponse:
        """Return the page."""
        context = self.get_context_data(**self.page_context(refused))
        return self.render_to_response(context, status=status)


def say_refused(refused: list[RefusedWeight], drawn: Drawn) -> list[tuple[str, str]]:
    """Return each refused cell in words with the id of its input."""
    rows = {row.key: row for group in drawn.groups for row in group.rows}
    pools = {str(pool.lineage): place for place, pool in enumerate(drawn.pools, 1)}
    said = []
    for cell in refused:
        row, place = rows.get(cell.cell.to), pools.get(cell.cell.pool)
        where = f"c{row.number}-{place}" if row and place else ""
        said.append((f"{row.name if row else '–'}: {cell.reason}", where))
    return said


class PoolsView(InMatrix):
    """The page."""

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Return it."""
        return self.show()


class MatrixView(InMatrix):
    """Saves cells; tells how far the calculation is."""

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
            sent = read_json(request.body) if is_script else read_form(request.POST)
        except UnreadableError as error:
            return errors.bad_request(request, error)
        saved = save_weights(
            self.budget,
            sent.cells,
            year=self.year,
            by=self.reader,
            in_equivalents=self.in_equivalents,
            action=sent.action,
        )
        self.__dict__.pop("matrix", None)
        return self.answer(saved) if is_script else self._answer_form(saved)

    def _answer_form(self, saved: SavedWeights) -> HttpResponse:
        said = ngettext("%(count)s cell is saved.", "%(count)s cells are saved.", saved.count) % {"count": saved.count}
        if saved.refused:
            return self.show(saved.refused, status=422)
        messages.success(self.request, said if saved.count else _("Nothing was changed."))
        return HttpResponseRedirect(self.choose())

    def answer(self, saved: SavedWeights | None = None, **more: object) -> JsonResponse:
        """Answer the script with cells, sums, how far the calculation is, and the part above the table."""
        drawn = draw_matrix(self.matrix, in_equivalents=self.in_equivalents)
        context = self.overview_context()
        refused = saved.refused if saved else []
        return JsonResponse(
            {
                "count": saved.count if saved else 0,
                "refused": [
                    {
                        "pool": cell.cell.pool,
                        "to": cell.cell.to,
                        "typed": cell.cell.typed,
                        "reason": cell.reason,
                        "stored": cell.stored,
                    }
                    for cell in refused
                ],
                "cells": drawn.cells(),
                "figures": drawn.figures(),
                "isBehind": context["overview"].calculation.is_behind and context["overview"].calculation.follows,
                "overview": render_to_string(
                    "desk/pools/_overview.html", {**context, "budget": self.budget}, self.request
                ),
                **steps_in_words(load_weight_steps(self.budget, self.reader)),
                **more,
            }
        )


def steps_in_words(steps: WeightSteps) -> dict[str, object]:
    """Return the next undo and redo as words for their buttons, and the steps that these name."""
    return {
        "undo": _say_step(_("Undo: %(action)s"), steps.undo),
        "redo": _say_step(_("Redo: %(action)s"), steps.redo),
    }


def _say_step(words: str, step: WeightStep | None) -> dict[str, object]:
    return (
        {"step": step.pk, "words": words % {"action": step.get_action_display()}} if step else {"step": "", "words": ""}
    )


class StepView(MatrixView):
    """Undo or redo of the reader's own last step."""

    http_method_names = ["post"]
    direction = ""
    writes = True

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Take the step; where that can't be done, say why."""
        take = undo_weights if self.direction == "undo" else redo_weights
        number = request.POST.get("step", "")
        by_script = request.headers.get("X-Grid") == "1"
        try:
            step = take(
                self.budget, by=self.reader, number=int(number) if number.isdecimal() and len(number) < 18 else None
            )
        except StepRefusedError as refused:
            if by_script:
                return self.answer(said=str(refused), isRefused=True)
            messages.error(request, str(refused))
            return HttpResponseRedirect(self.choose())
        words = _("Undone: %(action)s.") if self.direction == "undo" else _("Redone: %(action)s.")
        said = words % {"action": step.get_action_display()}
        if by_script:
            return self.answer(said=said)
        messages.success(request, said)
        return HttpResponseRedirect(self.choose())


class CalculateView(InMatrix):
    """Has everything calculated again, at once."""

    http_method_names = ["post"]
    writes = True

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Ask for it; the page shows how far it is."""
        calculate_again(self.budget, by=self.reader)
        messages.success(
            request, _("The pools are being placed again. The page shows the result as soon as it is there.")
        )
        return HttpResponseRedirect(self.choose())
