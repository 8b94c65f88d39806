"""Starting a budget from another one: the choices beside what they would give; the log of what a start set; its undo."""

from __future__ import annotations

from functools import cached_property

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from budgets.models import Budget
from budgets.product_givers import name_gifts
from budgets.selectors.starting import list_ending_products, list_own_sub_budgets
from budgets.selectors.workflow import may_run_budget
from budgets.services.starting import StartKind, StartPlan, YearExistsError, check_start
from budgets.services.undoing_start import undo_start, why_not_undone
from budgets.services.workflow import RefusedError
from desk.year.rows import show_sums
from desk.year.start_form import StartForm
from desk.year.words import say_years_made
from forecasts.services.versions import preview_start, start_budget
from pages.base import InBudget
from pages.context import budgets_of
from pricing.selectors.gifts import list_left_posts
from web.errors import is_htmx
from web.views import Context, Crumb

LOOK, ONCE = "look", "once"


class StartView(InBudget, TemplateView):
    """The economist chooses and sees at once what it would give; `Preview` asks by address, `Start` carries it out."""

    title = gettext_lazy("Start a new budget")
    nav_key = "year"
    template_name = "desk/year/start.html"

    @cached_property
    def source(self) -> Budget:
        """The budget that is chosen in the form, else the address's."""
        asked = (self.request.POST if self.request.method == "POST" else self.request.GET).get("source")
        found = [budget for budget in self.sources if budget.slug == asked]
        return found[0] if found else self.budget

    @cached_property
    def sources(self) -> list[Budget]:
        """Every budget with lines."""
        return [row for row in budgets_of(self.request) if row.status != Budget.Status.PUBLISHED_FIGURES]

    def make_form(self, data: QueryDict | None = None) -> StartForm:
        """Return the form of the source."""
        return StartForm(
            data,
            source=self.source,
            sources=self.sources,
            products=list_ending_products(self.source),
            sub_budgets=list_own_sub_budgets(self.source),
        )

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Show what was chosen with what it would give; or what is proposed, to which htmx adds that a moment later.

        It asks again whenever a choice is changed, so that nobody starts another budget than the one that is shown.

        What it would give is known by starting it and taking that back, which is longer than a page may take.
        """
        self._require()
        if "kind" in request.GET:
            form = self.make_form(request.GET)
            return self._show(form, form if form.is_valid() else None)
        initial = _list_initial(self.make_form())
        proposed = self.make_form(initial)
        if not proposed.is_valid():
            return self._show(self.make_form(), None, name_errors=proposed.errors)
        return self._show(self.make_form(), None, plan=proposed.get_plan(), is_asked=True)

    def get_template_names(self) -> list[str]:
        """Return the page, or for htmx the part that tells what it would give."""
        return ["desk/year/_preview.html"] if is_htmx(self.request) else super().get_template_names()

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Start it."""
        self._require()
        if LOOK in request.POST:
            return HttpResponseRedirect(f"{request.path}?{_list_choices(request.POST)}#preview")
        form = self.make_form(request.POST)
        if not form.is_valid():
            return self._show(form, None, status=422)
        try:
            target = start_budget(self.source, form.get_plan(), by=self.reader)
        except ValidationError as error:
            _add_error(form, error)
            return self._show(form, None, status=422)
        except RefusedError as refused:
            return self._show(form, None, status=409, refused=refused)
        messages.success(request, _("%(budget)s is started. Its sub-budgets are drafts.") % {"budget": target.name})
        return HttpResponseRedirect(reverse("budgets:start_log", args=[target.slug]))

    def _require(self) -> None:
        if not may_run_budget(self.reader):
            raise PermissionDenied

    def _show(
        self, form: StartForm, chosen: StartForm | None, *, status: int = 200, refused: object = None, **extra: object
    ) -> HttpResponse:
        is_part = is_htmx(self.request)
        shown: Context = {"form": form, "source": self.source, "refused": refused, "is_part": is_part, **extra}
        if chosen is None:
            shown["refused"] = refused or self._find_refusal(form)
        else:
            try:
                shown |= self._preview(chosen.get_plan())
            except ValidationError as error:
                _add_error(form, error)
            except RefusedError as found:
                shown["refused"] = found
        if isinstance(shown["refused"], YearExistsError):
            shown["existing"] = shown["refused"].found
        return self.render_to_response(self.get_context_data(**shown), status=status)

    def _find_refusal(self, form: StartForm) -> RefusedError | None:
        """Return what stands against it whatever else is mended."""
        kind = form["kind"].value()
        plan = StartPlan("", "", kind=StartKind(kind) if kind in set(StartKind) else StartKind.NEXT)
        try:
            check_start(self.source, plan)
        except RefusedError as refused:
            return refused
        return None

    def _preview(self, plan: StartPlan) -> Context:
        preview = preview_start(self.source, plan, by=self.reader)
        words = say_years_made(plan.is_year_on, preview.years)
        ended = self.source.budget_products.filter(lineage__in=plan.ended).select_related("sub_budget")
        return {
            "plan": plan,
            "preview": preview,
            "ending": [(row.name, name_gifts(row)) for row in ended.order_by("position", "pk")],
            "left_posts": list_left_posts(self.source, plan.ended) if plan.ended else [],
            "sums": show_sums(preview.rows, self.source, preview.years[0], of=self.source),
            "years": list(zip(preview.years, words, preview.totals, strict=True)),
        }


def _list_choices(posted: QueryDict) -> str:
    """Return what was chosen as the query of an address: without the form's keys, which are nobody else's to see."""
    data = posted.copy()
    for name in (LOOK, ONCE, "csrfmiddlewaretoken"):
        data.pop(name, None)
    return data.urlencode()


def _list_initial(form: StartForm) -> QueryDict:
    """Return what a form proposes, as if it had been sent."""
    data = QueryDict(mutable=True)
    for field in form:
        value = field.initial
        if value is not None and value is not False:
            data[field.name] = "on" if value is True else str(value)
    return data


def _add_error(form: StartForm, error: ValidationError) -> None:
    """Tie what the service refused to its field; an unbound form shows it above."""
    if form.is_bound:
        known = hasattr(error, "error_dict") and set(error.error_dict) <= set(form.fields)
        form.add_error(None, error if known else ValidationError(error.messages))


class OfStart(InBudget, TemplateView):
    """A page about how a budget was started."""

    nav_key = "year"

    @property
    def log_url(self) -> str:
        """The log's page."""
        return reverse("budgets:start_log", args=[self.budget.slug])


class UndoStartView(OfStart):
    """Asks, and removes the budget whole."""

    title = gettext_lazy("Undo the start?")
    template_name = "desk/year/undo_start.html"

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the log."""
        return [*super().get_crumbs(), (_("How it was started"), self.log_url)]

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Ask, or say why not."""
        if not may_run_budget(self.reader):
            raise PermissionDenied
        return self._ask(why_not_undone(self.budget))

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Remove it, or say why not."""
        if not may_run_budget(self.reader):
            raise PermissionDenied
        based_on = self.budget.based_on
        try:
            name = undo_start(self.budget, by=self.reader)
        except RefusedError as refused:
            return self._ask(str(refused), status=409)
        except Budget.DoesNotExist as gone:
            raise Http404 from gone
        messages.success(request, _("The start is undone: %(budget)s is removed.") % {"budget": name})
        assert based_on is not None
        return HttpResponseRedirect(reverse("budgets:start", args=[based_on.slug]))

    def _ask(self, refused: str, *, status: int = 200) -> HttpResponse:
        context = self.get_context_data(refused=refused, back_url=self.log_url)
        return self.render_to_response(context, status=status)
