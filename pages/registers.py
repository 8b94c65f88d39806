"""What the pages of registers have in common: the keepers' forms, removing what nothing rests on, and taking back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from objects.selectors.registers import can_keep
from objects.services.registers import InUseError
from pages.form_view import FormView, ReaderView
from pages.uses import tell_uses
from records.selectors.uses import Use
from web.views import Crumb


def draw_moves(slug: str, name: str, *, is_first: bool, is_last: bool) -> SafeString:
    """Return the buttons that move a row up and down by the list's form `move`; one with nowhere to go is off."""
    ways = (
        ("up", is_first, "↑", _("Move %(title)s up")),
        ("down", is_last, "↓", _("Move %(title)s down")),
    )
    buttons = [
        format_html(
            '<button class="row-act" form="move" name="{}" value="{}" type="submit"{}><span aria-hidden="true">{}</span>'
            '<span class="visually-hidden">{}</span></button>',
            direction, slug, " disabled" if is_end else "", arrow, said % {"title": name},
        )
        for direction, is_end, arrow, said in ways
    ]  # fmt: skip
    return format_html("{}{}", *buttons)


class InRegister(ReaderView):
    """A page below a register's list."""

    list_label: str | Promise = ""

    @property
    def list_url(self) -> str:
        """The list's address."""
        raise NotImplementedError

    def require(self) -> None:
        """Stop those who keep no register."""
        if not can_keep(self.reader):
            raise PermissionDenied

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the list."""
        return [*super().get_crumbs(), (str(self.list_label), self.list_url)]


class KeepView(InRegister, FormView):
    """A form of those who keep the register; what rests on how the row is now is shown as `uses`."""

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Save, or show what is to be corrected, or what rests on it."""
        try:
            return super().post(request, *args, **kwargs)
        except InUseError as used:
            form = self.get_form(request.POST)
            form.is_valid()
            return self.show(form, status=422, uses=tell_uses(used.uses))

    def get_return_url(self) -> str:
        """Return the list."""
        return self.list_url


class RemoveRowView(InRegister):
    """Asks before a row is removed, and says what rests on it where it stays."""

    template_name = "pages/remove_row.html"
    goes_with: str | Promise = ""
    instead: str | Promise = ""

    def find_row(self) -> Model:
        """Return the address's row; 404 when there is none."""
        raise NotImplementedError

    def name_row(self) -> str:
        """Return what the row is called."""
        return str(self.find_row())

    def list_uses(self) -> list[Use]:
        """Return what points to it."""
        raise NotImplementedError

    def remove(self) -> None:
        """Remove it. InUseError, ValidationError."""
        raise NotImplementedError

    def get_return_url(self) -> str:
        """Return where cancelling leads."""
        return self.list_url

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Ask, or say at once what rests on it."""
        self.require()
        return self.show(uses=tell_uses(self.list_uses()))

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Remove it, or say why it stays."""
        self.require()
        name = self.name_row()
        try:
            self.remove()
        except InUseError as used:
            return self.show(status=422, uses=tell_uses(used.uses))
        except ValidationError as refused:
            return self.show(status=422, refused=" ".join(refused.messages))
        messages.success(request, _("“%(name)s” is removed. It can be undone below the list.") % {"name": name})
        return HttpResponseRedirect(self.list_url)

    def show(self, *, status: int = 200, **shown: Any) -> HttpResponse:
        """Return the page."""
        own = {
            "thing": self.name_row(),
            "goes_with": self.goes_with,
            "instead": self.instead,
            "return_url": self.get_return_url(),
        }
        return self.render_to_response(self.get_context_data(**own, **shown), status=status)


class UndoActView(InRegister):
    """Takes back a change of a register."""

    http_method_names = ["post"]

    def undo(self) -> None:
        """Take the address's act back. ValidationError with words."""
        raise NotImplementedError

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Take it back, or say why it can't be."""
        self.require()
        try:
            self.undo()
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        else:
            messages.success(request, _("The change is undone."))
        return HttpResponseRedirect(self.list_url)
