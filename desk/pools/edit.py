"""Forms of a cost pool: a new one, one that is there, and taking one away."""

from __future__ import annotations

from functools import cached_property

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from desk.pools.base import UnderPools
from desk.pools.form import LineFormSet, PoolForm, make_lines
from desk.pools.words import pool_url
from pages.form_view import FormView
from pages.pools import InPools
from pricing.models import CostPool, PoolLine
from pricing.services.pools import list_obstacles, remove_pool, save_pool
from web.names import name_of
from web.typing import Context


class NewPoolView(UnderPools, FormView):
    """Adds a pool."""

    title = gettext_lazy("New team or cost pool")
    template_name = "desk/pools/pool_form.html"
    submit = gettext_lazy("Add")
    writes = True

    def require(self) -> None:
        """Nobody else gets this far."""

    @cached_property
    def pool(self) -> CostPool:
        """A new one."""
        return CostPool(budget=self.budget)

    @cached_property
    def lines(self) -> LineFormSet:
        """Its own costs."""
        return make_lines(self.pool, self.budget, self.request.POST if self.request.method == "POST" else None)

    def get_form(self, data: QueryDict | None = None) -> PoolForm:
        """Return the form."""
        return PoolForm(data, instance=self.pool)

    def get_return_url(self) -> str:
        """Return where pools are told."""
        return self.pools_url

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Save pool and lines together, or show what is to be corrected."""
        if self.lines.is_valid():
            return super().post(request, *args, **kwargs)
        form = self.get_form(request.POST)
        form.is_valid()
        return self.show(form, status=422)

    def save(self, form: PoolForm) -> str:
        """Save."""
        kept: list[PoolLine] = self.lines.save(commit=False)
        save_pool(form.instance, kept, self.lines.deleted_objects, by=self.reader, seen=form.cleaned_data["seen"])
        return _("“%(text)s” is saved.") % {"text": name_of(form.instance)}

    def get_context_data(self, **kwargs: object) -> Context:
        """Add the lines."""
        return super().get_context_data(**{"lines": self.lines, **kwargs})


class EditPoolView(NewPoolView):
    """Changes a pool."""

    title = gettext_lazy("Change the cost pool")
    submit = gettext_lazy("Save")
    pool = InPools.pool

    def get_return_url(self) -> str:
        """Return the pool's page."""
        return pool_url(self.budget, self.pool)


class RemovePoolView(UnderPools, TemplateView):
    """Takes a pool away, after a question."""

    title = gettext_lazy("Remove the cost pool?")
    template_name = "pages/remove.html"
    writes = True

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Ask, or say at once why it stays."""
        return self._show(list_obstacles(self.pool))

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Remove it."""
        name = name_of(self.pool)
        try:
            remove_pool(self.pool, by=self.reader)
        except ValidationError as error:
            return self._show(error.messages, status=422)
        messages.success(request, _("“%(text)s” is removed.") % {"text": name})
        return HttpResponseRedirect(self.pools_url)

    def _show(self, obstacles: list[str], status: int = 200) -> HttpResponse:
        shown = {
            "thing": name_of(self.pool),
            "refused": " ".join(obstacles),
            "return_url": pool_url(self.budget, self.pool),
        }
        return self.render_to_response(self.get_context_data(**shown), status=status)
