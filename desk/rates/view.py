"""Planning rates: the list, one of them with its use and history, and the forms, which show the effect before they save."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from functools import cached_property
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budgets.models import COST_KINDS, IndexRate, PlanningRate
from budgets.selectors.rates import (
    can_read_rates,
    can_set_rates,
    find_index,
    find_index_keeper,
    find_rate,
    find_rate_keeper,
    is_following,
    list_users_of,
)
from budgets.services.rates import INDEX_FIELDS, RATE_FIELDS, save_index, save_rate, say_kept
from desk.rates.form import IndexForm, RateForm
from desk.rates.rows import address_of, address_of_index, load_index_groups, load_rate_groups
from desk.rates.words import say_problems
from pages.changes import load_changes
from pages.form_view import FormView, ReaderView
from pricing.services.effects import Effect, weigh_index, weigh_rate
from records.services.stale import digest_of
from web.views import Context, Crumb


class OfRates(ReaderView):
    """A page about rates, for the federation."""

    nav_key = "rates"

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Return the page to those who read rates."""
        self.require()
        return super().get(request, *args, **kwargs)

    def require(self) -> None:
        """Stop those outside."""
        if not can_read_rates(self.reader):
            raise PermissionDenied

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the list."""
        return [(_("Planning rates"), reverse("budgets:rates"))]


class RateListView(OfRates):
    """All rates by kind, and the indexes by kind of cost."""

    title = gettext_lazy("Planning rates")
    template_name = "desk/rates/rates.html"

    def get_crumbs(self) -> list[Crumb]:
        """Return none: it is the top itself."""
        return []

    def get_context_data(self, **kwargs: object) -> Context:
        """Read them."""
        shown = {
            "rates": load_rate_groups(self.reader),
            "indexes": load_index_groups(self.reader),
            "can_set": can_set_rates(self.reader),
        }
        return super().get_context_data(**{**kwargs, **shown})


class RateView(OfRates):
    """One planning rate: what it says, which budgets use it, and its history."""

    template_name = "desk/rates/rate.html"

    @cached_property
    def rate(self) -> PlanningRate:
        """The address's rate."""
        return get_rate(self, self.kwargs["rate"])

    def get_title(self) -> str:
        """Return its kind and day."""
        return _("%(kind)s from %(day)s") % {
            "kind": self.rate.get_kind_display().capitalize(),
            "day": self.rate.valid_from_on,
        }

    def get_context_data(self, **kwargs: object) -> Context:
        """Read its use and history."""
        users = list_users_of(self.rate)
        shown = {
            "rate": self.rate,
            "users": [{"budget": budget, "follows": is_following(budget)} for budget in users],
            "keeper": find_rate_keeper(self.rate),
            "changes": load_changes(self.reader, self.rate),
            "can_set": can_set_rates(self.reader),
        }
        return super().get_context_data(**{**kwargs, **shown})


class IndexView(OfRates):
    """One index and its history."""

    template_name = "desk/rates/index.html"

    @cached_property
    def index(self) -> IndexRate:
        """The address's index."""
        return get_index(self)

    def get_title(self) -> str:
        """Return its kind of cost and year."""
        kind = dict(COST_KINDS).get(self.index.cost_kind, self.index.cost_kind)
        return _("Index of %(kind)s, %(year)s") % {"kind": str(kind).lower(), "year": self.index.year}

    def get_context_data(self, **kwargs: object) -> Context:
        """Read its history."""
        shown = {
            "index": self.index,
            "keeper": find_index_keeper(self.index),
            "changes": load_changes(self.reader, self.index),
            "can_set": can_set_rates(self.reader),
            "change_url": address_of_index(self.index, "edit_index"),
        }
        return super().get_context_data(**{**kwargs, **shown})


def get_rate(view: OfRates, uuid: UUID | str) -> PlanningRate:
    """Return a rate that the reader may see; any other does not exist."""
    try:
        rate = find_rate(view.reader, UUID(str(uuid)))
    except ValueError:
        rate = None
    if rate is None:
        raise Http404
    return rate


def get_index(view: OfRates) -> IndexRate:
    """Return the address's index."""
    try:
        day = date.fromisoformat(view.kwargs["day"])
    except ValueError as error:
        raise Http404 from error
    index = find_index(view.reader, view.kwargs["cost_kind"], view.kwargs["year"], day)
    if index is None:
        raise Http404
    return index


class EffectView(OfRates, FormView):
    """A form that shows its effect, and saves what it has shown when it is sent again."""

    template_name = "desk/rates/form.html"
    submit = gettext_lazy("Show the effect")

    def require(self) -> None:
        """Stop everybody but the economist."""
        if not can_set_rates(self.reader):
            raise PermissionDenied

    def get_form(self, data: QueryDict | None = None) -> RateForm | IndexForm:
        """Return the form."""
        raise NotImplementedError

    def weigh(self, form: RateForm | IndexForm) -> list[Effect]:
        """Return what saving would change."""
        raise NotImplementedError

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Show the effect of what was typed, or save what was shown."""
        self.require()
        form = self.get_form(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        effects = self.weigh(form)
        mark = _mark(form, effects)
        if form.cleaned_data["shown"] != mark:
            return self._show_effects(request, effects, mark, is_another=bool(form.cleaned_data["shown"]))
        return self.save_or_tell(request, form)

    def _show_effects(
        self, request: HttpRequest, effects: list[Effect], mark: str, *, is_another: bool
    ) -> HttpResponse:
        typed = request.POST.copy()
        typed["shown"] = mark
        self.submit = gettext_lazy("Save")
        shown = [{"effect": effect, "problems": say_problems(effect.problems)} for effect in effects]
        return self.show(self.get_form(typed), effects=shown, is_weighed=True, is_another=is_another)


def _mark(form: RateForm | IndexForm, effects: list[Effect]) -> str:
    """Return what tells what was typed and its effect from any other."""
    names = RATE_FIELDS if isinstance(form, RateForm) else INDEX_FIELDS
    budgets = sorted(budget.slug for budget in form.cleaned_data.get("budgets") or ())
    amounts = [(effect.budget.slug, effect.total, str(effect.problems)) for effect in effects]
    told = [digest_of(form.instance, names), budgets, amounts]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


class NewRateView(EffectView):
    """Adds a planning rate; `?from=` is one that it begins as a copy of."""

    title = gettext_lazy("New planning rate")

    @cached_property
    def rate(self) -> PlanningRate:
        """A new one, with what the other says but its day."""
        if "from" not in self.request.GET:
            return PlanningRate()
        other = get_rate(self, self.request.GET["from"])
        names = [name for name in RATE_FIELDS if name not in ("valid_from_on", "source")]
        return PlanningRate(**{name: getattr(other, name) for name in names})

    def get_form(self, data: QueryDict | None = None) -> RateForm:
        """Return the form."""
        return RateForm(data, instance=self.rate)

    def get_return_url(self) -> str:
        """Return the rate's page, or the list."""
        return address_of(self.rate) if self.rate.pk else reverse("budgets:rates")

    def weigh(self, form: RateForm | IndexForm) -> list[Effect]:
        """Return what the rate would change in the drafts that use it or would."""
        assert isinstance(form, RateForm)
        return weigh_rate(form.instance, form.cleaned_data["budgets"])

    def save(self, form: RateForm) -> str:
        """Save it and what uses it."""
        save_rate(form.instance, form.cleaned_data["budgets"], by=self.reader, seen=form.cleaned_data["seen"])
        return _("The rate is saved. The budgets that use it are calculated now.")


class EditRateView(NewRateView):
    """Changes a planning rate, or which budgets use it."""

    title = gettext_lazy("Change planning rate")

    @cached_property
    def rate(self) -> PlanningRate:
        """The address's rate."""
        return get_rate(self, self.kwargs["rate"])

    def get_context_data(self, **kwargs: object) -> Context:
        """Say why the fields are closed, where a budget keeps the rate."""
        keeper = find_rate_keeper(self.rate)
        return super().get_context_data(kept=say_kept(keeper) if keeper else "", **kwargs)


class NewIndexView(EffectView):
    """Adds an index."""

    title = gettext_lazy("New index")

    @cached_property
    def index(self) -> IndexRate:
        """A new one."""
        return IndexRate()

    def get_form(self, data: QueryDict | None = None) -> IndexForm:
        """Return the form."""
        return IndexForm(data, instance=self.index)

    def get_return_url(self) -> str:
        """Return the list."""
        return reverse("budgets:rates")

    def weigh(self, form: RateForm | IndexForm) -> list[Effect]:
        """Return what the index would change in the drafts."""
        return weigh_index(form.instance)

    def save(self, form: IndexForm) -> str:
        """Save it."""
        save_index(form.instance, by=self.reader, seen=form.cleaned_data["seen"])
        return _("The index is saved.")


class EditIndexView(NewIndexView):
    """Changes an index that no budget keeps."""

    title = gettext_lazy("Change index")

    @cached_property
    def index(self) -> IndexRate:
        """The address's index."""
        return get_index(self)

    def require(self) -> None:
        """Stop also where a budget keeps it: its page says so."""
        super().require()
        if find_index_keeper(self.index):
            raise PermissionDenied
