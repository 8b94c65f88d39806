"""API access: the tokens, a new one with its secret shown once, and revoking one."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView

from accounts.models import User
from desk.tokens.form import TokenForm
from desk.tokens.parts import describe_addresses, find_problem
from objects.models import ApiToken
from objects.models.tokens import WARNED_DAYS
from objects.selectors.tokens import (
    LIVE,
    can_make_tokens,
    can_see_tokens,
    find_token,
    list_states,
    list_token_customers,
    list_tokens,
)
from objects.services.tokens import create_token, revoke_token
from pages.form_view import ReaderView
from web.problems import PROBLEMS
from web.views import Context, Crumb

API_ROOT = "/api/v1"
# How a token's state looks.
MARKS = {
    ApiToken.State.ACTIVE: "approved",
    ApiToken.State.EXPIRING: "warn",
    ApiToken.State.EXPIRED: "bad",
    ApiToken.State.REVOKED: "locked",
    ApiToken.State.ENDED: "bad",
    ApiToken.State.EXPOSED: "bad",
}


class ApiAccessView(ReaderView):
    """A page for those who see tokens."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Keep others out."""
        if request.user.is_authenticated and not self.is_for(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def is_for(self, user: User) -> bool:
        """Return whether the page is for this user."""
        return can_see_tokens(user)

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the list."""
        return [(_("API access"), reverse("objects:tokens"))]

    def get_context_data(self, **kwargs: object) -> Context:
        """Add the API's address."""
        return super().get_context_data(**{**kwargs, "api_root": self.request.build_absolute_uri(API_ROOT)})


class TokenListView(ApiAccessView):
    """The tokens the reader may see, with how they are used."""

    title = gettext_lazy("API access")
    template_name = "desk/tokens/tokens.html"

    def get_crumbs(self) -> list[Crumb]:
        """Return none: it is the top itself."""
        return []

    def get_context_data(self, **kwargs: object) -> Context:
        """Read the tokens."""
        mine = set(list_token_customers(self.reader).values_list("pk", flat=True))
        tokens = [_show(token, state, mine) for token, state in list_states(list_tokens(self.reader))]
        shown = {
            "tokens": tokens,
            "exposed": [row for row in tokens if row["state"] == ApiToken.State.EXPOSED],
            "expiring": [row for row in tokens if row["left"]],
            "can_make": can_make_tokens(self.reader),
        }
        return super().get_context_data(**shown, **kwargs)


def _show(token: ApiToken, state: ApiToken.State, mine: set[int]) -> dict[str, object]:
    left = say_left(token.days_left) if state in LIVE and token.days_left <= max(WARNED_DAYS) else ""
    return {"token": token, "state": state, "mark": MARKS[state], "can_revoke": _can_revoke(token, mine), "left": left}


def say_left(days: int) -> str:
    """Return how long a token that ends soon has left."""
    if days == 0:
        return _("ends today")
    return ngettext("%(count)s day left", "%(count)s days left", days) % {"count": days}


def _can_revoke(token: ApiToken, customers: set[int]) -> bool:
    return token.customer_id in customers and token.state in LIVE


class NewTokenView(ApiAccessView):
    """A new token. Its secret is in the answer to the form and nowhere else."""

    title = gettext_lazy("New API token")
    template_name = "desk/tokens/new_token.html"

    def is_for(self, user: User) -> bool:
        """Return whether the user makes tokens."""
        return can_make_tokens(user)

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Show the form."""
        return self.render_to_response(self.get_context_data(form=TokenForm(user=self.reader)))

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Make the token and show its secret, or show what is to be corrected."""
        form = TokenForm(request.POST, user=self.reader)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        token, secret = create_token(by=self.reader, **form.cleaned_data)
        shown = self.get_context_data(token=token, secret=secret, title=_("The token is made"))
        response = self.render_to_response(shown)
        add_never_cache_headers(response)
        response["Content-Location"] = reverse("objects:tokens")
        return response


class RevokeTokenView(ApiAccessView):
    """Revoking a token, after a question."""

    title = gettext_lazy("Revoke API token")
    template_name = "desk/tokens/revoke_token.html"

    def is_for(self, user: User) -> bool:
        """Return whether the user makes tokens."""
        return can_make_tokens(user)

    def get_token(self) -> ApiToken:
        """Return the token if the reader may revoke it; any other does not exist."""
        token = find_token(self.reader, self.kwargs["token"])
        if token is None or not list_token_customers(self.reader).filter(pk=token.customer_id).exists():
            raise Http404
        return token

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Ask."""
        return self.render_to_response(self.get_context_data(token=self.get_token()))

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Revoke it, and go back to the list."""
        token = self.get_token()
        if revoke_token(token, by=self.reader):
            messages.success(request, _("“%(name)s” is revoked and stops at once.") % {"name": token.name})
        else:
            messages.info(request, _("“%(name)s” was already revoked.") % {"name": token.name})
        return HttpResponseRedirect(reverse("objects:tokens"))


class ReferenceView(TemplateView):
    """How the API is used, and what its errors mean; each problem's type leads here, so it is open to everybody."""

    template_name = "desk/tokens/api_reference.html"

    def get_context_data(self, **kwargs: object) -> Context:
        """Add the addresses as the API's document has them, and the errors."""
        root = self.request.build_absolute_uri(API_ROOT)
        document = import_string(settings.API_DOCUMENT)(self.request)
        own = {
            "title": _("The API in short"),
            "errors": [(status, *words) for status, words in PROBLEMS.items()],
            "api_root": root,
            "document_url": f"{root}/openapi.json",
            "addresses": describe_addresses(document, root),
            "problem": find_problem(document),
            "requests": settings.API_REQUESTS_PER_MINUTE,
        }
        return super().get_context_data(**own, **kwargs)
