"""What pages with a form have in common: 422 with what was typed, and what somebody else saved shown beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.functional import Promise
from django.views.generic import TemplateView

from pages.forms import SeenForm
from records.services.stale import StaleError
from web.views import PageView

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.forms import BaseForm


class ReaderView(PageView, TemplateView):
    """A page of its own template, for somebody signed in."""


class FormView(ReaderView):
    """A page with one form. Subclasses say who may, which form, what saving does and where it leads."""

    template_name = "pages/form.html"
    submit: str | Promise = ""

    def require(self) -> None:
        """Stop those who may not."""
        raise NotImplementedError

    def get_form(self, data: QueryDict | None = None) -> BaseForm:
        """Return the form, bound when something was posted."""
        raise NotImplementedError

    def save(self, form: Any) -> str:
        """Save what was typed; return what is said of it."""
        raise NotImplementedError

    def get_return_url(self) -> str:
        """Return where saving and cancelling lead."""
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Return the form."""
        self.require()
        return self.show(self.get_form())

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Save, or show what is to be corrected."""
        self.require()
        form = self.get_form(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        return self.save_or_tell(request, form)

    def save_or_tell(self, request: HttpRequest, form: Any) -> HttpResponse:
        """Save a valid form and lead on; or show it with what stands against it."""
        try:
            said = self.save(form)
        except StaleError as stale:
            return self.show_stale(request, stale)
        except ValidationError as error:
            form.add_error(None, error)
            return self.show(form, status=422)
        messages.success(request, said)
        return HttpResponseRedirect(self.get_return_url())

    def show_stale(self, request: HttpRequest, stale: StaleError) -> HttpResponse:
        """Return the form as typed, with what is saved by now; saving again keeps what was typed."""
        typed = request.POST.copy()
        form = cast(SeenForm, self.get_form(typed))
        saved = type(form)(instance=stale.saved)
        typed["seen"] = saved.mark()
        form.is_valid()
        differs = [
            {"label": form[name].label, "mine": _shown(form, name, typed), "theirs": _shown(saved, name, saved.initial)}
            for name in form.fields
            if name != "seen" and _shown(form, name, typed) != _shown(saved, name, saved.initial)
        ]
        return self.show(form, status=422, differs=differs, is_stale=True)

    def show(self, form: BaseForm, *, status: int = 200, **extra: object) -> HttpResponse:
        """Return the page with the form."""
        own = {"form": form, "return_url": self.get_return_url(), "submit": self.submit}
        return self.render_to_response(self.get_context_data(**own, **extra), status=status)


def _shown(form: BaseForm, name: str, values: Mapping[str, object]) -> str:
    """Return a field's value as a reader knows it: a choice by its words."""
    field = form.fields[name]
    value = values.get(name)
    value = "" if value is None else field.prepare_value(value)
    choices = {str(key): str(label) for key, label in getattr(field, "choices", ())}
    return choices.get(str(value), str(value)).strip()
