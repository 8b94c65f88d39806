"""Equity: each year against the floor, funds that use it, and what is entered of them and of the balance sheet."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any, cast
from uuid import UUID

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from desk.equity.form import FORMS, EquityForm
from desk.equity.words import TITLES, VERDICTS, list_fund_warnings, say_headline, say_origin
from engine.balance import Item
from engine.equity import EquityYear
from forecasts.selectors.equity import EquityReport, load_equity
from investments.models import BalanceChange, BalanceStatement, EquityFund
from investments.services.equity import (
    REGISTER,
    EquityRow,
    remove_equity_row,
    save_equity_row,
    undo_equity_act,
)
from objects.selectors.registers import can_keep, list_register_acts
from pages.acts import tell_acts
from pages.base import InBudget
from pages.changes import load_changes
from pages.registers import InRegister, KeepView, RemoveRowView, UndoActView
from records.selectors.uses import Use, list_uses
from web.views import Context, Crumb

TITLE = gettext_lazy("Equity")


class InEquity(InBudget):
    """A page about a budget's equity."""

    nav_key = "equity"


class EquityView(InEquity, TemplateView):
    """Equity by year, funds, and what is missing."""

    title = TITLE
    template_name = "desk/equity/equity.html"

    def get_context_data(self, **kwargs: object) -> Context:
        """Read the stored results and what is entered."""
        report = load_equity(self.budget, self.reader)
        mark, headline = say_headline(report)
        acts = list_register_acts(REGISTER, self.reader)
        shown = {
            "report": report,
            "mark": mark,
            "headline": headline,
            "rows": tell_years(report),
            "funds": [(state, list_fund_warnings(state)) for state in report.funds],
            "can_keep": can_keep(self.reader),
            "acts": tell_acts(acts, self._undo_url),
        }
        return super().get_context_data(**{**shown, **kwargs})

    def _undo_url(self, act: UUID) -> str:
        return reverse("forecasts:undo_equity_act", args=[self.budget.slug, act])


def tell_years(report: EquityReport) -> list[tuple[EquityYear, str, Any, str]]:
    """Return each year with its verdict's mark and words, and where its result is read."""
    return [(row, *VERDICTS[row.verdict], say_origin(report.origins[row.year], row.year)) for row in report.years]


class InEquityRegister(InEquity, InRegister):
    """A page of those who keep equity."""

    list_label = TITLE

    def require(self) -> None:
        """Stop those who keep no register; a budget that the reader may not see does not exist."""
        if self.budget:
            super().require()

    @property
    def leads_to_balance(self) -> bool:
        """Whether the reader comes from the balance sheet."""
        return self.request.GET.get("to") == "balance"

    @property
    def list_url(self) -> str:
        """The page that the reader comes from."""
        name = "reports:balance" if self.leads_to_balance else "forecasts:equity"
        return reverse(name, args=[self.budget.slug])

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to it."""
        label = _("Budgeted balance sheet") if self.leads_to_balance else _("Equity")
        return [*super(InRegister, self).get_crumbs(), (label, self.list_url)]


class InPart(InEquityRegister):
    """A page about the address's part: statements, changes, floors, funds, years or initiatives."""

    @property
    def part(self) -> str:
        """The part's name; any other does not exist."""
        if self.kwargs["equity_part"] not in FORMS:
            raise Http404
        return str(self.kwargs["equity_part"])

    @property
    def form_class(self) -> type[EquityForm]:
        """The part's form."""
        return FORMS[self.part]

    @cached_property
    def row(self) -> EquityRow:
        """The address's row."""
        model = cast(Any, self.form_class._meta.model)
        rows = model.objects.visible_to(self.reader)
        own = {"budget": self.budget, "lineage": self.kwargs["equity_row"]}
        found = rows.filter(**(own if model is BalanceChange else {"uuid": self.kwargs["equity_row"]})).first()
        if found is None:
            raise Http404
        return cast(EquityRow, found)


def parse_day(text: str) -> date | None:
    """Return a day of an address; None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


class NewEquityRowView(InPart, KeepView):
    """Enters a row."""

    submit = gettext_lazy("Save")
    template_name = "desk/equity/equity_form.html"

    def get_title(self) -> str:
        """Say what is entered."""
        return str(TITLES[self.part][0])

    @cached_property
    def instance(self) -> EquityRow:
        """A new one, of the budget, fund or item that the address names."""
        model = cast(Any, self.form_class._meta.model)
        row: Any = model(budget=self.budget) if model is BalanceChange else model()
        if hasattr(model, "item"):
            row.item = self.request.GET.get("item", Item.EQUITY if model is not BalanceChange else Item.PROVISIONS)
        if model is BalanceStatement:
            row.stated_on = parse_day(self.request.GET.get("day", ""))
        if hasattr(model, "fund"):
            row.fund = EquityFund.objects.visible_to(self.reader).filter(name=self.request.GET.get("fund", "")).first()
        return cast(EquityRow, row)

    def get_form(self, data: QueryDict | None = None) -> EquityForm:
        """Return the form."""
        return self.form_class(data, instance=self.instance)

    def save(self, form: EquityForm) -> str:
        """Save it."""
        row = save_equity_row(form.instance, by=self.reader, seen=form.cleaned_data["seen"])
        return _("“%(name)s” is saved.") % {"name": row}


class EditEquityRowView(NewEquityRowView):
    """Changes a row, and tells what has been done with it."""

    def get_title(self) -> str:
        """Say what is changed."""
        return str(TITLES[self.part][1])

    @cached_property
    def instance(self) -> EquityRow:
        """The address's row."""
        return self.row

    def get_context_data(self, **kwargs: object) -> Context:
        """Add its history, and where it is removed."""
        query = "?to=balance" if self.leads_to_balance else ""
        remove = reverse("forecasts:remove_equity_row", kwargs=self.kwargs) + query
        return super().get_context_data(remove_url=remove, changes=load_changes(self.reader, self.row), **kwargs)


class RemoveEquityRowView(InPart, RemoveRowView):
    """Removes a row that nothing rests on."""

    def get_title(self) -> str:
        """Ask."""
        return str(TITLES[self.part][2])

    def find_row(self) -> EquityRow:
        """Return it."""
        return self.row

    def list_uses(self) -> list[Use]:
        """Return what points to it, but for a fund's years, which go with it."""
        return [use for use in list_uses(self.row) if use.model._meta.model_name != "equityfundyear"]

    def remove(self) -> None:
        """Remove it."""
        remove_equity_row(self.row, by=self.reader)


class UndoEquityView(InEquityRegister, UndoActView):
    """Takes back a change."""

    def undo(self) -> None:
        """Take it back."""
        undo_equity_act(self.kwargs["act"], by=self.reader)
