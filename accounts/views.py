"""My account, and the choice of language."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.http import require_POST
from django.views.generic import FormView
from django.views.i18n import set_language as set_site_language

from accounts.forms import ProfileForm
from accounts.services import choose_language, update_profile
from web.views import PageView

if TYPE_CHECKING:
    ProfileFormView = FormView[ProfileForm]
else:
    ProfileFormView = FormView


class ProfileView(PageView, ProfileFormView):
    """My account: name and language, and the ways to password and second factor."""

    title = gettext_lazy("My account")
    template_name = "account/profile.html"
    form_class = ProfileForm
    success_url = reverse_lazy("account_profile")

    def get_form_kwargs(self) -> dict[str, object]:
        """Show the reader's own values."""
        return {**super().get_form_kwargs(), "instance": self.reader}

    def form_valid(self, form: ProfileForm) -> HttpResponse:
        """Save, and go on in the chosen language."""
        language = form.cleaned_data["language"]
        update_profile(self.reader, name=form.cleaned_data["name"], language=language)
        with override(language):
            messages.success(self.request, _("Your account is saved."))
        response = super().form_valid(form)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, samesite="Lax", secure=settings.LANGUAGE_COOKIE_SECURE
        )
        return response


@require_POST
def set_language(request: HttpRequest) -> HttpResponseBase:
    """Change language as Django does, and remember it with the user."""
    language = request.POST.get("language", "")
    if request.user.is_authenticated and language in dict(settings.LANGUAGES):
        choose_language(request.user, language=language)
    return set_site_language(request)
