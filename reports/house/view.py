"""Pages of the house, which everyone may read, also without signing in: accessibility statement and help."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from objects.models.roles import roles_of
from records.services.reports import TooManyError, add_report
from reports.house.form import LONGEST_PAGE, ReportForm
from reports.house.selectors import load_statement
from reports.models import HouseText
from web.views import Context


class HouseView(TemplateView):
    """A page with menu and budget for who is signed in, and a plain one for others."""

    title: str | Promise = ""

    def get_context_data(self, **kwargs: object) -> Context:
        """Add title and layout."""
        layout = "base.html" if self.request.user.is_authenticated else "base_plain.html"
        return super().get_context_data(**{"title": str(self.title), "layout": layout, **kwargs})


class AccessibilityView(HouseView):
    """The statement that the law on the accessibility of digital public services asks for (SFS 2018:1937)."""

    title = gettext_lazy("Accessibility statement")
    template_name = "reports/house/accessibility.html"

    def get_context_data(self, **kwargs: object) -> Context:
        """Read the text."""
        statement = load_statement(HouseText.Slug.ACCESSIBILITY, self.request.user, get_language() or "sv")
        own = {"statement": statement, "address": settings.ACCESSIBILITY_EMAIL}
        return super().get_context_data(**own, **kwargs)


class AccessibilityReportView(HouseView):
    """Tells the federation what is not accessible, also without signing in."""

    title = gettext_lazy("Report what is not accessible")
    template_name = "reports/house/report.html"

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Show the form, with the page that the reader comes from."""
        return self.show(ReportForm(initial={"page": request.headers.get("Referer", "")[:LONGEST_PAGE]}))

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Keep the report, or say what is to be corrected; nothing typed is lost."""
        form = ReportForm(request.POST)
        if form.is_valid():
            try:
                add_report(**form.cleaned_data)
            except TooManyError:
                form.add_error(
                    None,
                    _("Very many reports have come. Write to %(address)s instead.")
                    % {"address": settings.ACCESSIBILITY_EMAIL},
                )
            else:
                messages.success(request, _("Thank you. Your report is saved and sent to the federation."))
                return HttpResponseRedirect(reverse("reports:accessibility"))
        return self.show(form, status=422)

    def show(self, form: ReportForm, *, status: int = 200) -> HttpResponse:
        """Return the page with the form."""
        context = self.get_context_data(form=form, address=settings.ACCESSIBILITY_EMAIL)
        return self.render_to_response(context, status=status)


class HelpView(HouseView):
    """The guide: what each role does first, how numbers are typed, what marks mean, and the words."""

    title = gettext_lazy("Help")
    template_name = "reports/house/help.html"

    def get_context_data(self, **kwargs: object) -> Context:
        """Choose the language's text, and name the reader's roles, whose part stands out."""
        guide = f"reports/house/_help_{'en' if get_language() == 'en' else 'sv'}.html"
        user = self.request.user
        roles = roles_of(user) if user.is_authenticated else frozenset()
        return super().get_context_data(guide=guide, roles=roles, **kwargs)
