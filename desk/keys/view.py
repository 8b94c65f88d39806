"""The forms of allocation keys: what a change means for every customer is shown before it is saved."""

from __future__ import annotations

from functools import cached_property

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budgets.models import AllocationKey
from budgets.selectors.keys import digest_key, find_key, load_effects
from budgets.services.keys import KeyChangedError, save_key, say_keys_closed, settle_weights
from desk.keys.form import KeyForm
from engine.result import sum_amounts
from objects.selectors.registers import can_keep
from pages.base import InBudget
from pages.changes import load_changes
from pages.form_view import ReaderView
from web.views import Context, Crumb


class NewKeyView(InBudget, ReaderView):
    """A new key of a draft budget."""

    title: str | Promise = gettext_lazy("New allocation key")
    nav_key = "keys"
    template_name = "desk/keys/key_form.html"

    @cached_property
    def key(self) -> AllocationKey:
        """A new one."""
        return AllocationKey(budget=self.budget)

    @property
    def list_url(self) -> str:
        """The page of all keys."""
        return reverse("invoices:keys", args=[self.budget.slug])

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the keys."""
        return [*super().get_crumbs(), (_("Allocation keys"), self.list_url)]

    def require(self) -> None:
        """Stop those who keep no register; a budget or key that the reader may not see does not exist."""
        if self.key and not can_keep(self.reader):
            raise PermissionDenied

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Return the form, or say why the key stays."""
        self.require()
        if closed := say_keys_closed(self.budget):
            return self.show(None, status=409, refused=closed)
        return self.show(KeyForm(key=self.key, user=self.reader))

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Show what the change leads to; save once that was shown."""
        self.require()
        if closed := say_keys_closed(self.budget):
            return self.show(None, status=409, refused=closed)
        form = KeyForm(request.POST, key=self.key, user=self.reader)
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            weights = settle_weights(form.get_values(), self.budget)
            effects = load_effects(self.budget, self.key, weights)
            mark = f"{sorted(weights.items())}"
            if request.POST.get("confirmed") != mark:
                return self.show(form, effects=effects, mark=mark)
            save_key(self.key, form.get_values(), by=self.reader, seen=form.cleaned_data["seen"])
        except KeyChangedError as changed:
            typed = request.POST.copy()
            typed["seen"] = digest_key(self.key)
            form = KeyForm(typed, key=self.key, user=self.reader)
            form.is_valid()
            form.add_error(None, changed)
            return self.show(form, status=422)
        except ValidationError as error:
            form.add_error(None, " ".join(error.messages))
            return self.show(form, status=422)
        messages.success(request, _("The key “%(name)s” is saved.") % {"name": form.cleaned_data["name_sv"]})
        return HttpResponseRedirect(self.list_url)

    def show(self, form: KeyForm | None, *, status: int = 200, **extra: object) -> HttpResponse:
        """Return the page."""
        effects = extra.get("effects") or []
        totals = sum_amounts(effect.changes for effect in effects)  # type: ignore[attr-defined]
        own = {"form": form, "return_url": self.list_url, "effect_totals": totals}
        return self.render_to_response(self.get_context_data(**own, **extra), status=status)


class EditKeyView(NewKeyView):
    """Changes a key of a draft budget."""

    title = gettext_lazy("Change allocation key")

    @cached_property
    def key(self) -> AllocationKey:
        """The address's key."""
        key = find_key(self.budget, self.reader, self.kwargs["allocation_key"])
        if key is None:
            raise Http404
        return key

    def get_context_data(self, **kwargs: object) -> Context:
        """Add what has been done with the key."""
        return super().get_context_data(changes=load_changes(self.reader, self.key), **kwargs)
