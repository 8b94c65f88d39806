"""Adding, changing and deleting a line: each a page of its own, and a row below the line when there is script."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from budgets.models import BudgetProduct, CostLine
from budgets.selectors.grid import load_places
from budgets.selectors.lines import find_line, find_product, list_products
from budgets.selectors.sheets import is_closed
from budgets.selectors.sub_budgets import is_economist
from budgets.services.grid.cells import say_closed
from budgets.services.grid.edits import GridRefusedError
from budgets.services.grid.placing import place_line
from budgets.services.grid.saving import save_edit
from budgets.services.lines import add_line, change_line, delete_line, restore_line
from desk.line.form import LineForm, PlaceForm, describe_changes
from desk.sub_budget.base import LinesPage
from desk.year.words import say_made
from pages.forms import read_seen
from pricing.selectors.origins import find_origin
from records.import_kinds import kind_of
from records.models import Provenance
from records.selectors.imports import find_origin as find_read_in
from records.services.stale import StaleError
from web.names import name_of
from web.numbers import format_tkr
from web.views import Crumb


class OfLine(LinesPage):
    """A page about a line."""

    def say_closed(self, line: CostLine) -> str:
        """Return why the reader can't change the line's figures; empty where that is no matter."""
        return say_closed(line) if is_closed(line, by_economist=is_economist(self.reader)) else ""


class LineFormView(OfLine):
    """The form of a line, as a page or as a row below the line. Subclasses say which line and what saving does."""

    template_name = "desk/line/form.html"

    @cached_property
    def line(self) -> CostLine | None:
        """The line to change, or None when one is added."""
        return None

    @cached_property
    def product(self) -> BudgetProduct:
        """The line's product."""
        raise NotImplementedError

    def save(self, form: LineForm) -> tuple[str, CostLine]:
        """Save; return what was done, in the reader's words, and the line."""
        raise NotImplementedError

    def get_title(self) -> str:
        """Return what the form does."""
        return _("Change line") if self.line else _("Add line to %(product)s") % {"product": self.product.name}

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the sub-budget."""
        return [*super().get_crumbs(), (name_of(self.sub_budget), self.page_url())]

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Show the form."""
        _product = self.product
        self.require_edit()
        return self.show_form(self.make_form())

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Save, or show what is to be corrected with everything that was typed."""
        _product = self.product
        self.require_edit()
        form = self.make_form(request.POST)
        if not form.is_valid():
            return self.show_form(form, status=422)
        try:
            said, line = self.save(form)
        except StaleError as stale:
            typed = request.POST.copy()
            typed["seen"] = stale.saved.edited_at.isoformat()
            form = self.make_form(typed)
            form.is_valid()
            return self.show_form(form, status=422, differs=describe_changes(form, stale.saved), is_stale=True)
        except CostLine.DoesNotExist as gone:
            raise Http404 from gone
        except GridRefusedError as refused:
            for cell in refused.bad:
                form.add_error(cell.field if cell.field in form.fields else None, cell.reason)
            return self.show_form(form, status=422)
        return self.answer_section(self.say_total(said), beside=line.lineage)

    def make_form(self, data: Mapping[str, object] | None = None) -> LineForm:
        """Return the form of the line, whose figures may be closed to the reader."""
        closed = self.say_closed(self.line) if self.line else ""
        return LineForm(data, product=self.product, line=self.line, closed=closed)

    def show_form(self, form: LineForm, *, status: int = 200, **extra: object) -> HttpResponse:
        """Show the form as a page, or for htmx as the row that is kept for it."""
        slot = f"form-{self.line.lineage if self.line else self.product.lineage}"
        own = {
            "stale_title": _("Somebody else has changed this line since you opened it"),
            "form": form,
            "line": self.line,
            "product": self.product,
            "slot": slot,
            "action": self.request.get_full_path(),
            "made": say_made(self.line) if self.line else "",
        }
        context = self.get_context_data(**own, **extra)
        template = "desk/line/_row.html" if self.is_fragment else self.template_name
        response = self.render_part(template, context, status=status)
        if self.is_fragment:
            response["HX-Retarget"] = f"#{slot}"
            response["HX-Reswap"] = "outerHTML"
        return response


class AddLineView(LineFormView):
    """Adds a line to a product."""

    @cached_property
    def product(self) -> BudgetProduct:
        """The address's product."""
        product = find_product(self.sub_budget, self.reader, self.kwargs["product"])
        if product is None:
            raise Http404
        return product

    def save(self, form: LineForm) -> tuple[str, CostLine]:
        """Add it."""
        line = add_line(self.product, form.get_values(), by=self.reader)
        amounts = {"text": line.text, "amount": format_tkr(line.amount_1_ore)}
        return _("Added “%(text)s”, %(amount)s tkr.") % amounts, line


class InLine(OfLine):
    """A page about one line that is there."""

    @cached_property
    def line(self) -> CostLine:
        """The address's line."""
        line = find_line(self.sub_budget, self.reader, self.kwargs["line"])
        if line is None:
            raise Http404
        return line


class EditLineView(InLine, LineFormView):
    """Changes a line."""

    @cached_property
    def product(self) -> BudgetProduct:
        """The line's own."""
        return self.line.budget_product

    @cached_property
    def products(self) -> list[BudgetProduct]:
        """The products that the line can be moved between."""
        return list(list_products(self.sub_budget, self.reader).prefetch_related(None))

    def show_form(self, form: LineForm, *, status: int = 200, **extra: object) -> HttpResponse:
        """Show the form on its page with what else can be done with the line."""
        if not self.is_fragment:
            order = load_places(self.sub_budget)[self.product.lineage]
            place_form = PlaceForm(line=self.line, products=self.products)
            place = {"place": order.index(self.line.lineage) + 1, "count": len(order)}
            extra = {
                "place_form": place_form,
                "comes_from": find_origin(self.line),
                **place,
                **self.find_read_in(),
                **extra,
            }
        return super().show_form(form, status=status, **extra)

    def find_read_in(self) -> dict[str, object]:
        """Return which row of which file the line was read in from, with an address for those who see imports."""
        if self.line.provenance != Provenance.IMPORTED:
            return {}
        origin = find_read_in("lines", self.line.pk)
        if origin is None:
            return {}
        url = reverse("records:import", args=[origin.of.uuid]) if kind_of(origin.of.kind).may(self.reader) else ""
        return {"origin": origin, "origin_url": url}

    def save(self, form: LineForm) -> tuple[str, CostLine]:
        """Change it, unless somebody else has since it was opened."""
        before = self.line.amount_1_ore
        after = change_line(self.line, form.get_values(), by=self.reader, seen=read_seen(form.cleaned_data["seen"]))
        if after.amount_1_ore == before:
            return _("Saved “%(text)s”.") % {"text": after.text}, after
        amounts = {"text": after.text, "before": format_tkr(before), "after": format_tkr(after.amount_1_ore)}
        return _("Saved “%(text)s”: %(before)s → %(after)s tkr.") % amounts, after


class PlaceLineView(EditLineView):
    """Copies the line or moves it, for those without the grid's script; one step that can be undone."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Do it, and go on to the line's new place; a form that says nothing is shown again on the line's page."""
        line = self.line
        self.require_edit()
        form = PlaceForm(request.POST, line=line, products=self.products)
        if not form.is_valid():
            return self.show_form(self.make_form(), status=422, place_form=form)
        edit = place_line(line, load_places(self.sub_budget), **form.cleaned_data)
        try:
            saved = save_edit(self.sub_budget, edit, by=self.reader)
        except GridRefusedError as refused:
            messages.error(request, (refused.gone or refused.bad)[0].reason)
            return HttpResponseRedirect(self.page_url())
        if not saved.placed:
            messages.info(request, _("“%(text)s” was not moved.") % {"text": line.text})
            return HttpResponseRedirect(self.page_url())
        (placed,) = saved.placed
        said = _("“%(text)s” is copied.") if edit.added else _("“%(text)s” is moved.")
        messages.success(request, self.say_total(said % {"text": line.text}))
        return HttpResponseRedirect(f"{self.page_url()}#line-{placed.lineage}")


class DeleteLineView(InLine):
    """Asks before deleting a line, and deletes it."""

    template_name = "desk/line/delete_line.html"

    def get_title(self) -> str:
        """Return the question."""
        return _("Delete “%(text)s”?") % {"text": self.line.text}

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Ask."""
        line = self.line
        self.require_edit()
        return self._ask(line)

    def _ask(self, line: CostLine, *, status: int = 200, **extra: object) -> HttpResponse:
        """Ask on a page, or in the row kept for the question."""
        slot = f"form-{line.lineage}"
        own = {"line": line, "slot": slot, "action": self.request.get_full_path(), "closed": self.say_closed(line)}
        context = self.get_context_data(**own, **extra)
        template = "desk/line/_delete_row.html" if self.is_fragment else self.template_name
        response = self.render_part(template, context, status=status)
        if self.is_fragment:
            response["HX-Retarget"], response["HX-Reswap"] = f"#{slot}", "outerHTML"
        return response

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Delete it, unless somebody else has changed it since the question was asked."""
        line = self.line
        self.require_edit()
        try:
            delete_line(line, by=self.reader, seen=read_seen(request.POST.get("seen", "")))
        except StaleError as stale:
            self.line = stale.saved
            return self._ask(stale.saved, status=422, stale=True)
        except GridRefusedError:
            return self._ask(line, status=422)
        except CostLine.DoesNotExist as gone:
            raise Http404 from gone
        said = _("Deleted “%(text)s”, %(amount)s tkr.") % {"text": line.text, "amount": format_tkr(line.amount_1_ore)}
        return self.answer_section(self.say_total(said), beside=line.budget_product.lineage, deleted=line)


class RestoreLineView(LinesPage):
    """Takes back the deletion of a line."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Add it again as it was."""
        self.require_edit()
        try:
            line = restore_line(self.sub_budget, self.kwargs["line"], by=self.reader)
        except CostLine.DoesNotExist as error:
            raise Http404 from error
        said = _("“%(text)s” is back.") % {"text": line.text}
        return self.answer_section(self.say_total(said), beside=line.lineage)
