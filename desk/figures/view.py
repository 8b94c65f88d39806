"""Published figures of a budget: the list, their form, removing them, and taking a change back."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from budgets.models import PublishedFigure
from budgets.selectors.published import list_figure_places, list_register
from desk.figures.form import FigureForm
from desk.figures.table import FigureFilter, FigureTable
from desk.figures.words import join_figure, name_edition, split_figure
from desk.reconciliation.words import TABLES, Words, load_words, name_column
from forecasts.services.figures import REGISTER, list_figure_uses, remove_figure, save_figure
from objects.selectors.registers import can_keep, list_register_acts
from objects.services.registers import undo_act
from pages.acts import tell_acts
from pages.base import InBudget
from pages.changes import load_changes
from pages.registers import InRegister, KeepView, RemoveRowView, UndoActView
from records.selectors.uses import Use
from web.views import BaseListView, Context, Crumb, Rows


class InFigures(InBudget):
    """A page about a budget's published figures."""

    nav_key = "figures"

    @property
    def list_url(self) -> str:
        """The list's address."""
        return reverse("budgets:figures", args=[self.budget.slug])

    @cached_property
    def words(self) -> Words:
        """The figures' names."""
        return load_words(self.budget)


class FigureListView(InFigures, BaseListView[PublishedFigure]):
    """All figures that a budget's documents print, in their order, with what has been corrected last."""

    title = gettext_lazy("Published figures")
    template_name = "desk/figures/figures.html"
    table_class = FigureTable
    object_list: QuerySet[PublishedFigure]

    def get_rows(self, user: User) -> QuerySet[PublishedFigure]:
        """Return those the reader may see."""
        return list_register(self.budget, user)

    def get_filterset(self, rows: Rows[PublishedFigure]) -> FigureFilter:
        """Filter by what this budget's documents hold."""
        return FigureFilter(
            self.request.GET,
            queryset=rows,
            request=self.request,
            words=self.words,
            places=list_figure_places(self.budget),
        )

    def get_table_kwargs(self) -> dict[str, object]:
        """Give the table its words."""
        return {"words": self.words, "can_keep": can_keep(self.reader)}

    def get_context_data(self, **kwargs: object) -> Context:
        """Add what the reader may do, and what has been done."""

        def undo_url(act: UUID) -> str:
            return reverse("budgets:undo_figure_act", args=[self.budget.slug, act])

        shown = {
            "can_keep": can_keep(self.reader),
            "acts": tell_acts(list_register_acts(REGISTER, self.reader, budget=self.budget), undo_url),
            "has_rows": bool(list_figure_places(self.budget)),
        }
        return super().get_context_data(**shown, **kwargs)


class FigurePage(InFigures, InRegister):
    """A page of those who keep the figures."""

    def require(self) -> None:
        """Stop those who keep no register; a budget that the reader may not see does not exist."""
        if self.budget:
            super().require()

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the list."""
        return [*super().get_crumbs(), (_("Published figures"), self.list_url)]

    def list_tables(self) -> list[tuple[str, str]]:
        """Return the tables that a figure can stand in, by name: those there are, and what the system computes."""
        codes = [table for table, _column, _edition in list_figure_places(self.budget)]
        computed = [*TABLES, *(f"sub_budget/{slug}" for slug in self.words.sub_budgets)]
        return [(code, self.words.name_table(code)) for code in dict.fromkeys([*codes, *computed])]


class NewFigureView(FigurePage, KeepView):
    """Enters a figure."""

    title = gettext_lazy("New published figure")
    submit = gettext_lazy("Save")
    template_name = "desk/figures/figure_form.html"

    @cached_property
    def figure(self) -> PublishedFigure:
        """A new one."""
        return PublishedFigure(budget=self.budget, edition=f"budget:{self.budget.fiscal_year}")

    def get_form(self, data: QueryDict | None = None) -> FigureForm:
        """Return the form."""
        return FigureForm(data, instance=self.figure, tables=self.list_tables())

    def save(self, form: FigureForm) -> str:
        """Save it."""
        save_figure(form.get_figure(), by=self.reader, seen=form.cleaned_data["seen"])
        return _("The figure is saved.")

    def show(self, form: Any, *, status: int = 200, **extra: object) -> HttpResponse:
        """Return the page, with the rows and columns that there are."""
        own = PublishedFigure.objects.filter(budget=self.budget).order_by("position")
        rows = dict.fromkeys(own.values_list("row", "label"))
        columns = dict.fromkeys(own.values_list("column", flat=True))
        shown = {"rows": list(rows), "columns": [(column, name_column(column)) for column in columns]}
        return super().show(form, status=status, **shown, **extra)


class InFigure(FigurePage):
    """A page about the address's figure."""

    @cached_property
    def figure(self) -> PublishedFigure:
        """The address's figure."""
        place = split_figure(self.request.GET.get("figure", ""))
        figure = list_register(self.budget, self.reader).filter(**place).first() if place else None
        if figure is None:
            raise Http404
        return figure

    @property
    def query(self) -> str:
        """The figure in an address."""
        return urlencode({"figure": join_figure(self.figure)})

    def say_name(self) -> str:
        """Return the figure's place in words."""
        figure = self.figure
        parts = (self.words.name_table(figure.table), self.words.name_row(figure.row, figure.label))
        return ", ".join((*parts, name_edition(figure.edition)))


class EditFigureView(InFigure, NewFigureView):
    """Corrects a figure, and tells what has been done with it."""

    title = gettext_lazy("Correct the published figure")

    # Of a figure that is there, not of a new one.
    figure = InFigure.figure

    def get_context_data(self, **kwargs: object) -> Context:
        """Add its history and where it is compared."""
        reconciled = reverse("forecasts:reconciliation", args=[self.budget.slug])
        shown = {
            "remove_url": f"{reverse('budgets:remove_figure', args=[self.budget.slug])}?{self.query}",
            "compared_url": f"{reconciled}?{urlencode({'outcome': 'all', 'q': self.figure.label, 'table': self.figure.table})}",
            "changes": load_changes(self.reader, self.figure),
        }
        return super().get_context_data(**{**kwargs, **shown})


class RemoveFigureView(InFigure, RemoveRowView):
    """Removes a figure that no reason is linked to."""

    title = gettext_lazy("Remove the published figure?")
    instead = gettext_lazy("Remove the reason first, or correct the amount.")

    def find_row(self) -> PublishedFigure:
        """Return the figure."""
        return self.figure

    def name_row(self) -> str:
        """Return its place in words."""
        return self.say_name()

    def list_uses(self) -> list[Use]:
        """Return the reason that is linked to it."""
        return list_figure_uses(self.figure)

    def remove(self) -> None:
        """Remove it."""
        remove_figure(self.figure, by=self.reader)

    def get_return_url(self) -> str:
        """Return the figure's form."""
        return f"{reverse('budgets:edit_figure', args=[self.budget.slug])}?{self.query}"


class UndoFigureView(FigurePage, UndoActView):
    """Takes back a change of figures."""

    def undo(self) -> None:
        """Take it back."""
        undo_act(REGISTER, self.kwargs["act"], by=self.reader)
