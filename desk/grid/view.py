"""The grid's own requests: a save, what others have changed, undo and redo. JSON for the script, a page without it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from budgets.models import CostLine, EditStep
from budgets.selectors.grid import (
    Author,
    Steps,
    list_changed_since,
    list_unseen,
    load_as_at,
    load_authors,
    load_orders,
    load_sheet_lines,
    load_steps,
    load_sums,
)
from budgets.selectors.sheets import is_closed, load_sheet, sheet_line
from budgets.selectors.sub_budgets import is_economist
from budgets.services.grid.edits import CELLS, BadCell, Clash, GridRefusedError, Saved, UndoRefusedError
from budgets.services.grid.saving import save_edit
from budgets.services.grid.undoing import redo_step, undo_step
from desk.grid.requests import PostedForm, UnreadableError, read_json, read_moment, read_number
from desk.grid.rows import Entered, draw_rows, list_kinds, write_cells
from desk.sub_budget.base import LinesPage
from desk.sub_budget.rows import mark_sources, source_of
from engine.years import AMOUNTS
from records.services import ACT_OF_REQUEST
from web import errors


class InGrid(LinesPage):
    """A request of the grid. What it answers holds all that the script shows."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Stop those who may not change lines; nobody signed in is asked to sign in first."""
        if request.user.is_authenticated:
            self.require_edit()
        return super().dispatch(request, *args, **kwargs)

    @property
    def by_script(self) -> bool:
        """Whether the grid's script asks."""
        return self.request.headers.get("X-Grid") == "1"

    @property
    def _unit(self) -> str:
        return "kr" if self.request.headers.get("X-Unit") == "kr" else "tkr"

    def answer(self, saved: Saved, *, since: datetime | None = None, **more: object) -> JsonResponse:
        """Answer with stored values, rows with a new place, what others have changed since, and sums now."""
        placed = {line.lineage for line in saved.placed}
        sums = load_sums(self.sub_budget)
        own = {line.lineage for line in saved.changed} | placed
        return JsonResponse(
            {
                "lines": self._write_lines([line for line in saved.changed if line.lineage not in placed]),
                "rows": self._write_rows(saved) if placed else [],
                "places": load_orders(saved.placed),
                "gone": [str(lineage) for lineage in saved.gone],
                "news": self._news(since, own) if since else {},
                "count": sums.count,
                "products": sums.products,
                "act": str(ACT_OF_REQUEST.get() or "") if saved.changed or saved.placed or saved.gone else "",
                **self.own_steps(),
                **more,
            }
        )

    def _write_rows(self, saved: Saved) -> list[dict[str, str]]:
        rows = load_sheet_lines(self.sub_budget, saved.placed)
        drawn = draw_rows(rows, self.show_in(self._unit), self.budget.years)
        return [
            {
                "line": str(row.line.lineage),
                "product": str(row.line.budget_product.lineage),
                "seen": row.line.edited_at.isoformat(),
                "html": drawn[row.line.lineage],
            }
            for row in sorted(rows, key=lambda row: row.line.position)
        ]

    def _write_lines(self, lines: Iterable[CostLine]) -> dict[str, dict[str, object]]:
        kinds, sources, by_economist = list_kinds(), mark_sources(), is_economist(self.reader)
        return {
            str(row.line.lineage): {
                "seen": row.line.edited_at.isoformat(),
                "cells": write_cells(row.line, kinds),
                "source": sources[source_of(row)],
                "closed": is_closed(row.line, by_economist=by_economist),
            }
            for row in (sheet_line(line, None) for line in lines)
        }

    def _news(self, since: datetime, own: set[UUID]) -> dict[str, dict[str, object]]:
        lines = [line for line in list_changed_since(self.sub_budget, self.reader, since) if line.lineage not in own]
        written = self._write_lines(lines)
        authors = load_authors(self.budget, [line.lineage for line in lines]) if lines else {}
        for line in lines:
            author = authors.get(line.lineage)
            if author is not None and author.email != self.reader.email:
                changed = {"who": author.name, "time": _clock(author.at)}
                written[str(line.lineage)]["words"] = _("Changed by %(who)s at %(time)s") % changed
        return written

    def own_steps(self) -> dict[str, object]:
        """Return what the buttons undo and redo do next, in words, and which steps these are; empty when there is nothing."""
        return steps_in_words(load_steps(self.sub_budget, self.reader))


def steps_in_words(steps: Steps) -> dict[str, object]:
    """Return the next undo and redo as words for their buttons, and the steps that these name."""
    return {
        "steps": {"undo": steps.undo.pk if steps.undo else "", "redo": steps.redo.pk if steps.redo else ""},
        "undo": _("Undo: %(action)s") % {"action": steps.undo.get_action_display()} if steps.undo else "",
        "redo": _("Redo: %(action)s") % {"action": steps.redo.get_action_display()} if steps.redo else "",
    }


class GridView(InGrid):
    """Saves cells; shows what others have changed."""

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Answer with what has changed since the moment `since`, and with the sums now."""
        since = read_moment(request.GET.get("since"))
        return self.answer(Saved(), since=since or timezone.now())

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Save everything, or show what stands against it and save nothing."""
        if request.content_type != "application/json":
            return self._save_form()
        try:
            edit = read_json(request.body)
        except UnreadableError as error:
            return errors.bad_request(request, error)
        try:
            saved = save_edit(self.sub_budget, edit, by=self.reader)
        except GridRefusedError as refused:
            return self._refuse(refused)
        return self.answer(saved, since=read_moment(request.headers.get("X-Since")))

    def _refuse(self, refused: GridRefusedError) -> JsonResponse:
        words = self._words()
        bad = [
            {
                "line": str(cell.line),
                "field": cell.field,
                "typed": cell.typed,
                "place": words.get(cell.field, ""),
                "reason": cell.reason,
            }
            for cell in (*refused.bad, *refused.gone)
        ]
        is_bad = bool(refused.bad) and not (refused.clashes or refused.gone)
        authors = load_authors(self.budget, {clash.line.lineage for clash in refused.clashes})
        answer = {
            "bad": bad[: len(refused.bad)],
            "gone": bad[len(refused.bad) :],
            "clashes": [self._write_clash(clash, authors) for clash in refused.clashes],
            "lines": self._write_lines([clash.line for clash in refused.clashes]),
        }
        return JsonResponse(answer, status=422 if is_bad else 409)

    def _write_clash(self, clash: Clash, authors: dict[UUID, Author]) -> dict[str, str]:
        words = self._describe_clash(clash, authors)
        return {"line": str(clash.line.lineage), "field": clash.field, "typed": clash.typed, **words}

    def _describe_clash(self, clash: Clash, authors: dict[UUID, Author]) -> dict[str, str]:
        author = authors.get(clash.line.lineage)
        who = author.name if author else "–"
        parts = {"who": who, "time": _clock(author.at) if author else "–", "text": clash.line.text}
        if not clash.field:
            return {
                "words": _("%(who)s changed “%(text)s” at %(time)s, after you had opened it.") % parts,
                "keep": _("Delete it anyway"),
                "take": _("Keep the line"),
            }
        theirs = write_cells(clash.line, list_kinds())[CELLS.index(clash.field)] or _("nothing")
        if clash.field in AMOUNTS and self._unit != "kr":
            theirs += " kr"  # beside what was typed, which has the column's unit
        parts |= {"theirs": theirs, "mine": clash.typed.strip() or _("nothing"), "place": self._words()[clash.field]}
        return {
            "words": _("%(place)s: %(who)s saved %(theirs)s at %(time)s, while you wrote %(mine)s.") % parts,
            "keep": _("Keep mine, %(mine)s") % parts,
            "take": _("Take theirs, %(theirs)s") % parts,
        }

    def _words(self) -> dict[str, str]:
        years = [str(year) for year in self.budget.years]
        names = [_("Text"), _("Cost kind"), _("Quantity"), _("Unit price"), *years, pgettext("of a line", "Note")]
        return dict(zip(CELLS, names, strict=True))

    def _save_form(self) -> HttpResponse:
        """Save the changed cells of the whole form without script, or show it again with what is wrong."""
        sheet = load_sheet(self.sub_budget, self.reader)
        lines = [row.line for product in sheet.products for row in product.lines]
        try:
            form = PostedForm(self.request.POST, lines)
        except UnreadableError as error:
            return errors.bad_request(self.request, error)
        unseen = list_unseen(self.budget, form.sent, form.mark) if form.mark is not None else set[UUID]()
        as_seen = load_as_at(self.budget, unseen, form.mark) if unseen and form.mark is not None else {}
        edit = form.read(list_kinds(), unseen, as_seen)
        try:
            saved = save_edit(self.sub_budget, edit, by=self.reader)
        except GridRefusedError as refused:
            typed = {(e.line, name): typed for e in edit.changed for name, typed in e.cells.items()}
            return self._show_form(refused, typed, {line: seen.text for line, seen in as_seen.items()})
        count = len(saved.changed)
        said = ngettext("%(count)s line is saved.", "%(count)s lines are saved.", count) % {"count": count}
        messages.success(self.request, self.say_total(said) if count else _("Nothing was changed."))
        return HttpResponseRedirect(self.page_url())

    def _show_form(
        self, refused: GridRefusedError, typed: dict[tuple[UUID, str], str], texts: dict[UUID, str]
    ) -> HttpResponse:
        concerned = {clash.line.lineage for clash in refused.clashes} | {cell.line for cell in refused.gone}
        authors = load_authors(self.budget, concerned)
        problems: dict[UUID, list[tuple[str, str]]] = {}
        for cell in refused.bad:
            problems.setdefault(cell.line, []).append((cell.field, cell.reason))
        for clash in refused.clashes:
            words = _("%(who)s has saved %(theirs)s meanwhile. Save again to keep yours.") % {
                "who": authors[clash.line.lineage].name if clash.line.lineage in authors else "–",
                "theirs": write_cells(clash.line, list_kinds())[CELLS.index(clash.field)] or _("nothing"),
            }
            problems.setdefault(clash.line.lineage, []).append((clash.field, words))
        asked = {(cell.line, cell.field): cell.asked for cell in refused.bad if cell.asked is not None}
        context = self.section_context(Entered(typed, problems, asked))
        count = sum(map(len, problems.values())) + len(refused.gone)
        wrong = ngettext("%(count)s cell could not be saved", "%(count)s cells could not be saved", count) % {
            "count": count
        }
        own = {"wrong": wrong, "can_take_good": bool(refused.bad) and len(typed) > count}
        gone = self._describe_gone(refused.gone, texts, authors)
        return self.render_page({**context, **own, "gone": gone}, status=422)

    def _describe_gone(self, gone: list[BadCell], texts: dict[UUID, str], authors: dict[UUID, Author]) -> list[str]:
        """Say what was typed in each line that is gone, so that it can be written elsewhere."""
        words, wrote = self._words(), dict[UUID, list[str]]()
        for cell in gone:
            typed = cell.typed.strip() or _("nothing")
            wrote.setdefault(cell.line, []).append(f"{words[cell.field]} {typed}")
        sentences = []
        for line, cells in wrote.items():
            author = authors.get(line)
            shown = {"text": texts.get(line, "–"), "cells": ", ".join(cells)}
            shown |= {"who": author.name if author else "–", "time": _clock(author.at) if author else "–"}
            sentences.append(_("%(who)s deleted “%(text)s” at %(time)s. You wrote: %(cells)s.") % shown)
        return sentences


class UndoRedoView(InGrid):
    """Undo or redo of the reader's own last step."""

    http_method_names = ["post"]
    direction = ""

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Take the step; where that can't be done, say why."""
        take = undo_step if self.direction == "undo" else redo_step
        try:
            step, saved = take(self.sub_budget, by=self.reader, number=read_number(request.POST.get("step", "")))
        except UndoRefusedError as refused:
            if self.by_script:
                return JsonResponse({"refused": str(refused), **self.own_steps()}, status=409)
            messages.error(request, str(refused))
            return HttpResponseRedirect(self.page_url())
        said = self._say(step)
        if self.by_script:
            return self.answer(saved, since=read_moment(request.headers.get("X-Since")), said=said)
        messages.success(request, self.say_total(said))
        return HttpResponseRedirect(self.page_url())

    def _say(self, step: EditStep) -> str:
        words = _("Undone: %(action)s.") if self.direction == "undo" else _("Redone: %(action)s.")
        return words % {"action": step.get_action_display()}


def _clock(moment: datetime) -> str:
    here = timezone.localtime(moment)
    is_today = here.date() == timezone.localdate()
    return date_format(here, "H:i" if is_today else "Y-m-d H:i")
