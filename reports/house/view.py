"""Pages of the house, which everyone may read, also without signing in: accessibility statement and help."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.views.generic import TemplateView

from objects.models.roles import roles_of
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
        return super().get_context_data(statement=statement, **kwargs)


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
