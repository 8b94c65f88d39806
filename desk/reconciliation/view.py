"""The reconciliation: published figures against computed ones, and the reasons for what differs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.generic import TemplateView

from accounts.models import User
from budgets.models import PublishedFigure
from desk.reconciliation.filter import ALL, EXACT, DifferenceFilter, Differences
from desk.reconciliation.form import ReasonForm
from desk.reconciliation.table import STATES, DifferenceTable, join_place, split_place
from desk.reconciliation.words import OUTCOMES, Words, load_words, name_column
from forecasts.selectors.reconciliation import (
    Difference,
    Place,
    can_explain,
    count_not_known,
    find_figure,
    find_reason,
    has_plan,
    list_differences,
    list_reason_events,
)
from forecasts.services.reasons import remove_reason, save_reason, undo_reason
from pages.base import InBudget
from pages.imports import find_import_url
from records.services.stale import StaleError
from web.views import BaseListView, Context, Crumb, Rows

# What is chosen in the list, and is chosen again when one comes back to it.
KEPT = ("q", "outcome", "table", "column", "sort", "page")


def keep_chosen(query: Mapping[str, str]) -> dict[str, str]:
    """Return what of an address says what is chosen in the list."""
    return {name: query[name] for name in KEPT if query.get(name)}


class ReconciliationView(InBudget, BaseListView[Difference]):
    """Every published figure of a budget beside what it should be; those that need attention come first."""

    title = gettext_lazy("Reconciliation")
    nav_key = "reconciliation"
    template_name = "desk/reconciliation/reconciliation.html"
    table_class = DifferenceTable

    @cached_property
    def words(self) -> Words:
        """The figures' names."""
        return load_words(self.budget)

    @cached_property
    def differences(self) -> list[Difference]:
        """All of them; those that need attention come first."""
        return sorted(list_differences(self.budget), key=lambda row: (row.severity, row.position))

    def get_rows(self, user: User) -> Differences:
        """Return all that is compared: whoever sees the budget sees its published figures."""
        return Differences(self.differences)

    def get_filterset(self, rows: Rows[Difference]) -> DifferenceFilter:
        """Return a filter of what this budget's documents hold."""
        return DifferenceFilter(self.request.GET, rows=self.differences, words=self.words)

    def get_table_kwargs(self) -> dict[str, object]:
        """Give the table its words, and say whether the reader may link reasons."""
        chosen = keep_chosen(self.request.GET)
        return {"words": self.words, "can_explain": can_explain(self.reader), "chosen": chosen}

    def get_context_data(self, **kwargs: object) -> Context:
        """Add the counts of each class as links."""
        context = super().get_context_data(**kwargs)
        counts = context["filter"].count_outcomes()
        undo = split_place(self.request.GET.get("undo", "")) if can_explain(self.reader) else None
        return {
            **context,
            "chips": list(self._chips(counts)),
            "has_figures": bool(self.differences),
            "import_url": find_import_url("figures", self.reader, self.budget.slug),
            "agrees": not keep_chosen(self.request.GET) and not context["table"].rows,
            "compared_count": counts.total(),
            "not_known": count_not_known(self.budget),
            "undo": join_place(undo) if undo else "",
            "kept_query": urlencode(keep_chosen(self.request.GET)),
            "has_plan": has_plan(self.budget),
            "earlier_year": self.budget.fiscal_year - 1,
        }

    def _chips(self, counts: Counter[str]) -> Iterator[dict[str, object]]:
        chosen = self.request.GET.get("outcome", "")
        differing = sum(count for outcome, count in counts.items() if outcome not in EXACT)
        label = pgettext("difference", "Not exact")
        yield {"label": label, "count": differing, "url": self._with(""), "current": not chosen}
        yield {"label": _("All"), "count": counts.total(), "url": self._with(ALL), "current": chosen == ALL}
        for outcome, word in OUTCOMES.items():
            url, current = self._with(outcome), chosen == outcome
            yield {"label": word, "count": counts[outcome], "url": url, "current": current, "state": STATES[outcome]}

    def _with(self, outcome: str) -> str:
        kept = {name: self.request.GET[name] for name in ("q", "table", "column") if self.request.GET.get(name)}
        query = urlencode({**kept, **({"outcome": outcome} if outcome else {})})
        return f"?{query}" if query else self.request.path


class InFigure(InBudget, TemplateView):
    """A page about one published figure, which the address names by table, row and column."""

    nav_key = "reconciliation"

    @cached_property
    def figure(self) -> PublishedFigure:
        """The address's figure."""
        place = split_place(self.request.GET.get("figure", ""))
        figure = find_figure(self.budget, place) if place else None
        if figure is None:
            raise Http404
        return figure

    @property
    def place(self) -> Place:
        """Where the figure is printed."""
        return self.figure.table, self.figure.row, self.figure.column

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the reconciliation."""
        return [*super().get_crumbs(), (_("Reconciliation"), self.list_url())]

    def list_url(self, **query: str) -> str:
        """Return the reconciliation's address."""
        url = reverse("forecasts:reconciliation", args=[self.budget.slug])
        query = {**keep_chosen(self.request.GET), **query}
        return f"{url}?{urlencode(query)}" if query else url

    def require_economist(self) -> None:
        """Stop those who only read."""
        if not can_explain(self.reader):
            raise PermissionDenied

    def answer(self, said: str, *, undo: bool = True) -> HttpResponseRedirect:
        """Lead back to the list, with what was done and a way to take it back."""
        messages.success(self.request, said)
        return HttpResponseRedirect(self.list_url(**({"undo": join_place(self.place)} if undo else {})))

    def get_context_data(self, **kwargs: object) -> Context:
        """Add the figure in words, its comparisons and its reason."""
        words = load_words(self.budget)
        differences = [row for row in list_differences(self.budget) if row.place == self.place]
        return super().get_context_data(
            **{
                "figure": self.figure,
                "figure_key": join_place(self.place),
                "table_name": words.name_table(self.figure.table),
                "row_name": words.name_row(self.figure.row, self.figure.label),
                "column_name": name_column(self.figure.column),
                "comparisons": [
                    (row, words.name_basis(row), STATES[row.outcome], OUTCOMES[row.outcome]) for row in differences
                ],
                "reason": find_reason(self.budget, self.place),
                "list_url": self.list_url(),
                "kept_query": urlencode(keep_chosen(self.request.GET)),
                "can_explain": can_explain(self.reader),
                **kwargs,
            }
        )


class ReasonView(InFigure):
    """Why a figure differs: read by all, written by the economist."""

    title = gettext_lazy("Reason for a difference")
    template_name = "desk/reconciliation/reason.html"

    def get_context_data(self, **kwargs: object) -> Context:
        """Add the form and what has been done with the reason."""
        context = super().get_context_data(**kwargs)
        saved = context["reason"].text if context["reason"] else ""
        form = kwargs.get("form") or ReasonForm(initial={"text": saved, "seen": saved})
        return {**context, "form": form, "events": list_reason_events(self.budget, self.place, 20)}

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Link or change the reason."""
        self.require_economist()
        form = ReasonForm(request.POST)
        if not form.is_valid():
            return self._again(form)
        text, seen = form.cleaned_data["text"], form.cleaned_data["seen"]
        try:
            save_reason(self.budget, self.place, text=text, by=self.reader, seen=seen)
        except StaleError as stale:
            saved = stale.saved.text if stale.saved else ""
            title = _("Somebody else has changed the reason since you opened it")
            return self._again(ReasonForm({"text": text, "seen": saved}), stale_title=title, saved_text=saved)
        return self.answer(_("The reason is saved."))

    def _again(self, form: ReasonForm, **stale: str) -> HttpResponse:
        context = self.get_context_data(form=form, is_stale=bool(stale), **stale)
        return self.render_to_response(context, status=422)


class RemoveReasonView(InFigure):
    """Asks before a reason is removed."""

    title = gettext_lazy("Remove the reason?")
    template_name = "desk/reconciliation/remove.html"

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Ask."""
        self.require_economist()
        return self.render_to_response(self.get_context_data())

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Remove it."""
        self.require_economist()
        remove_reason(self.budget, self.place, by=self.reader)
        return self.answer(_("The reason is removed."))


class UndoReasonView(InFigure):
    """Takes back what was last done with a reason."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Take it back."""
        self.require_economist()
        undo_reason(self.budget, self.place, by=self.reader)
        return self.answer(_("The change is undone."), undo=False)
