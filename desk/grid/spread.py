"""A new sum on a product's or the sub-budget's total: a form, what each line would become, and the change."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from budgets.selectors.sheets import Sheet, SheetLine, is_closed, list_counted, load_sheet
from budgets.selectors.sub_budgets import is_economist
from budgets.services.grid.edits import GridRefusedError
from budgets.services.grid.saving import save_edit
from budgets.services.grid.spreading import Spreading, plan_spread
from desk.grid.change_many import ManyView
from desk.grid.form import SpreadForm
from engine.money import AllocationError
from engine.result import is_income
from engine.spreading import Spread


class SpreadView(ManyView):
    """Asks how a sum is spread, shows each line before and after, and changes them."""

    page_name = "desk/grid/spread.html"
    part_name = "desk/grid/_spread_form.html"

    def get_title(self) -> str:
        """Return what it does."""
        return _("Spread a new sum")

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Show the form."""
        return self.show(self._form(load_sheet(self.sub_budget, self.reader)))

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Show what it would come to; with `apply`, change the lines unless they have changed since they were shown."""
        sheet = load_sheet(self.sub_budget, self.reader)
        form = self._form(sheet, request.POST)
        plan = self._plan(sheet, form) if form.is_valid() else None
        if plan is None:
            return self.show(form, status=422)
        shown = _sign(plan)
        if "apply" not in request.POST or not plan.count or request.POST.get("shown") != shown:
            is_new = "apply" in request.POST and bool(plan.count)
            year, untouched = self.budget.years[form.cleaned_data["year"]], self._say_untouched(sheet, form, plan)
            return self.show(form, plan=plan, shown=shown, is_new=is_new, year=year, untouched=untouched)
        try:
            saved = save_edit(self.sub_budget, plan.edit, by=self.reader)
        except GridRefusedError as refused:
            self.tell_refused(sheet, form, refused)
            return self.show(form, status=422)
        return self.done(len(saved.changed))

    def _form(self, sheet: Sheet, data: Mapping[str, object] | None = None) -> SpreadForm:
        return SpreadForm(data, products=[row.product for row in sheet.products], years=self.budget.years)

    def _plan(self, sheet: Sheet, form: SpreadForm) -> Spreading | None:
        asked, chosen, by_economist = form.cleaned_data, self._choose(sheet, form), is_economist(self.reader)
        if chosen and all(is_closed(line.line, by_economist=by_economist) for line in chosen):
            form.add_error("scope", _("All of these lines are calculated and keep their amounts."))
            return None
        try:
            return plan_spread(chosen, asked["year"], asked["total"], Spread(asked["how"]), by_economist=by_economist)
        except AllocationError:
            form.add_error("how", _("None of these lines has an amount to be in proportion to. Choose equal parts."))
            return None

    def _choose(self, sheet: Sheet, form: SpreadForm) -> list[SheetLine]:
        scope, visible = form.cleaned_data["scope"], form.cleaned_data["visible"]
        shown = set(visible.split(",")) if visible else None
        kind = self.choices.get("kind", "")
        return [
            line
            for row in sheet.products
            for line in row.lines
            # What is shown as the sum, and so spread anew, is the lines' cost.
            if (kind or not is_income(line.line.cost_kind))
            and scope in ("all", str(row.product.lineage))
            and (shown is None or str(line.line.lineage) in shown)
        ]

    def _say_untouched(self, sheet: Sheet, form: SpreadForm, plan: Spreading) -> list[str]:
        """Say which lines of the scope keep their amounts: those that are calculated, and those that a filter hides."""
        chosen = self._choose(sheet, form)
        scope = form.cleaned_data["scope"]
        every = sum(
            len(list_counted(row.lines)) for row in sheet.products if scope in ("all", str(row.product.lineage))
        )
        said, hidden = self.say_closed(len(chosen) - len(plan.rows)), every - len(chosen)
        if hidden:
            said.append(
                ngettext(
                    "%(count)s line that the filter hides is not changed.",
                    "%(count)s lines that the filter hides are not changed.",
                    hidden,
                )
                % {"count": hidden}
            )
        return said


def _sign(plan: Spreading) -> str:
    """Return what tells one plan from another."""
    told = [(str(line.lineage), before, after) for line, before, after in plan.rows]
    return hashlib.sha256(repr((told, plan.closed)).encode()).hexdigest()
