"""Asks the one who did something why, from the history and from the grid, and keeps the words with the act."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pages.form_view import FormView
from records.models import ActReason
from records.models.acts import LONGEST_WORDS
from records.services.acts import give_reason, is_own_act
from web.views import own_address


class ReasonForm(forms.Form):
    """Why; empty takes it back."""

    use_required_attribute = False
    words = forms.CharField(
        label=gettext_lazy("Why?"),
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("Stands beside what you did, in the history. Leave it empty to take it back."),
    )


class ReasonView(FormView):
    """Why the reader did something."""

    title = gettext_lazy("Why did you do this?")
    submit = gettext_lazy("Save")
    kwargs: dict[str, UUID]

    @cached_property
    def act(self) -> UUID:
        """The address's act."""
        return self.kwargs["act"]

    def require(self) -> None:
        """Stop those who did not do it."""
        if not is_own_act(self.act, self.reader):
            raise PermissionDenied

    def get_form(self, data: QueryDict | None = None) -> ReasonForm:
        """Return the form with what was written before."""
        given = ActReason.objects.visible_to(self.reader).filter(act=self.act).first()
        return ReasonForm(data, initial={"words": given.words if given else ""})

    def save(self, form: Any) -> str:
        """Keep it."""
        give_reason(self.act, form.cleaned_data["words"], by=self.reader)
        return _("What you wrote stands in the history.")

    def get_return_url(self) -> str:
        """Return where the reader came from."""
        return own_address(self.request.GET.get("next", "")) or reverse("reports:home")

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Save; the grid's script is told so by the status alone."""
        if request.headers.get("X-Grid") != "1":
            return super().post(request, *args, **kwargs)
        self.require()
        form = self.get_form(request.POST)
        if not form.is_valid():
            return HttpResponse(form.errors["words"][0], status=422, content_type="text/plain; charset=utf-8")
        self.save(form)
        return HttpResponse(status=204)
