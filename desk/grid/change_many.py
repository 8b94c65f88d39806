"""Changing several amounts at once: a form, what it would come to, and the change; a page, or a dialog with script."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from budgets.selectors.budgets import find_year_before
from budgets.selectors.compared import load_earlier_amounts
from budgets.selectors.grid import load_rates
from budgets.selectors.sheets import Sheet, SheetLine, load_sheet
from budgets.selectors.sub_budgets import is_economist
from budgets.services.grid.edits import BadCell, GridRefusedError
from budgets.services.grid.many import Plan, Rule, by_amount, by_index, by_percent, plan_many
from budgets.services.grid.saving import save_edit
from desk.grid.form import ManyForm
from desk.grid.view import InGrid
from engine.years import AMOUNTS
from web.names import name_of
from web.views import Crumb

MOST_SHOWN = 10


class ManyView(InGrid):
    """Changes many amounts at once: a page, or with script a dialog of the grid, that shows first what it comes to."""

    page_name = ""
    part_name = ""

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the sub-budget."""
        return [*super().get_crumbs(), (name_of(self.sub_budget), self.page_url())]

    def tell_refused(self, sheet: Sheet, form: Form, refused: GridRefusedError) -> None:
        """Put what stood against the change on the form."""
        for said in self._describe_bad(sheet, refused.bad):
            form.add_error(None, said)
        if not refused.bad:
            form.add_error(None, _("Somebody else has just changed one of the lines. Look at the sums again."))

    def show(self, form: Form, *, status: int = 200, **more: object) -> HttpResponse:
        """Show the form, with what it would come to."""
        context = self.get_context_data(form=form, action=self.request.get_full_path(), **more)
        template = self.part_name if self.is_fragment else self.page_name
        return self.render_part(template, context, status=status)

    def _describe_bad(self, sheet: Sheet, bad: list[BadCell]) -> Iterator[str]:
        """Say what is wrong where, for the first of many."""
        texts = {line.line.lineage: line.line.text for row in sheet.products for line in row.lines}
        years = dict(zip(AMOUNTS, self.budget.years, strict=True))
        for cell in bad[:MOST_SHOWN]:
            yield f"{texts.get(cell.line, '–')}, {years.get(cell.field, '–')}: {cell.reason}"
        rest = len(bad) - MOST_SHOWN
        if rest > 0:
            yield ngettext("%(count)s more amount is wrong.", "%(count)s more amounts are wrong.", rest) % {
                "count": rest
            }

    def say_closed(self, count: int) -> list[str]:
        """Say of the lines that are not typed that they keep their amounts."""
        words = ngettext(
            "%(count)s calculated line keeps its amount.", "%(count)s calculated lines keep their amounts.", count
        )
        return [words % {"count": count}] if count else []

    def done(self, count: int) -> HttpResponse:
        """Answer a change: for htmx the table; else lead on to the page."""
        changed = ngettext("%(count)s line is changed.", "%(count)s lines are changed.", count) % {"count": count}
        said = self.say_total(changed)
        if not self.is_fragment:
            messages.success(self.request, said)
            return HttpResponseRedirect(self.page_url())
        context = {**self.get_context_data(), **self.section_context()}
        response = self.render_part("desk/sub_budget/_lines_section.html", context, announce=said)
        response["HX-Retarget"], response["HX-Reswap"] = "#lines", "outerHTML"
        return response


class ChangeManyView(ManyView):
    """Asks which amounts and by how much, shows the sums before and after, and changes them."""

    page_name = "desk/grid/change_many.html"
    part_name = "desk/grid/_change_many_form.html"

    def get_title(self) -> str:
        """Return what it does."""
        return _("Change several amounts")

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Show the form."""
        return self._show(self._form(load_sheet(self.sub_budget, self.reader)))

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Show what it would come to; with `apply`, change the lines unless they have changed since they were shown."""
        sheet = load_sheet(self.sub_budget, self.reader)
        form = self._form(sheet, request.POST)
        if not form.is_valid():
            return self._show(form, status=422)
        chosen = self._choose(sheet, form)
        by_economist = is_economist(self.reader)
        plan = plan_many(chosen, form.cleaned_data["years"], self._rule(form), by_economist=by_economist)
        shown = ",".join(map(str, (*plan.before, *plan.after)))
        if "apply" not in request.POST or not plan.count or request.POST.get("shown") != shown:
            is_new = "apply" in request.POST and bool(plan.count)
            untouched = [*self.say_closed(plan.closed), *self._say_hidden(sheet, chosen, form)]
            return self._show(form, plan=plan, shown=shown, is_new=is_new, untouched=untouched)
        try:
            saved = save_edit(self.sub_budget, plan.edit, by=self.reader)
        except GridRefusedError as refused:
            self.tell_refused(sheet, form, refused)
            return self._show(form, status=422)
        return self.done(len(saved.changed))

    def _form(self, sheet: Sheet, data: Mapping[str, object] | None = None) -> ManyForm:
        return ManyForm(
            data,
            products=[row.product for row in sheet.products],
            years=self.budget.years,
            kind=self.choices.get("kind", ""),
            by_script=self.is_fragment and data is None,
        )

    def _say_hidden(self, sheet: Sheet, chosen: list[SheetLine], form: ManyForm) -> list[str]:
        """Say of the lines that the grid's filter hides whether they are changed; nothing where it hides none."""
        visible, scope = form.cleaned_data["visible"], form.cleaned_data["scope"]
        if not visible or scope == "selected":
            return []
        shown = set(visible.split(","))
        concerned = [line for row in sheet.products for line in row.lines] if scope == "visible" else chosen
        count = sum(str(line.line.lineage) not in shown for line in concerned)
        if not count:
            return []
        if scope == "visible":
            words = ngettext(
                "%(count)s line that the filter hides is not changed.",
                "%(count)s lines that the filter hides are not changed.",
                count,
            )
        else:
            words = ngettext(
                "%(count)s of these lines is hidden by the filter.",
                "%(count)s of these lines are hidden by the filter.",
                count,
            )
        return [words % {"count": count}]

    def _choose(self, sheet: Sheet, form: ManyForm) -> list[SheetLine]:
        scope, kind = form.cleaned_data["scope"], form.cleaned_data["kind"]
        named = {"selected": form.cleaned_data["lines"], "visible": form.cleaned_data["visible"]}
        wanted = set(named.get(scope, "").split(","))
        return [
            line
            for row in sheet.products
            for line in row.lines
            if (not kind or line.line.cost_kind == kind)
            and (scope in ("all", str(row.product.lineage)) or (scope in named and str(line.line.lineage) in wanted))
        ]

    def _rule(self, form: ManyForm) -> Rule:
        how = form.cleaned_data["how"]
        if how == "index":
            today = timezone.localdate()
            before = load_earlier_amounts(self.sub_budget, find_year_before(self.budget))
            return by_index(load_rates(self.budget.years, today), self.budget.years, today, before)
        number = form.cleaned_data["number"]
        return by_percent(number) if how == "percent" else by_amount(number)

    def _show(self, form: ManyForm, *, status: int = 200, plan: Plan | None = None, **more: object) -> HttpResponse:
        rows = list(zip(self.budget.years, plan.before, plan.after, strict=True)) if plan else []
        return self.show(form, status=status, plan=plan, rows=rows, **more)
