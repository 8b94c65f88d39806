"""What the pages of one framework have in common."""

from __future__ import annotations

from functools import cached_property

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from forecasts.selectors import FrameworkState, list_framework_states
from forecasts.selectors.councils import PackageState, find_framework_state, load_package_state
from investments.models import BorrowingFramework
from objects.models import Decision
from objects.selectors.decisions import can_register
from pages.form_view import FormView, ReaderView
from web.numbers import format_tkr
from web.views import Crumb


def name_framework(framework: BorrowingFramework) -> str:
    """Return a framework's name."""
    return _("Borrowing framework %(amount)s tkr") % {"amount": format_tkr(framework.amount_ore)}


class InFramework(ReaderView):
    """A page about the address's framework."""

    nav_key = "decisions"

    @cached_property
    def states(self) -> list[FrameworkState]:
        """All frameworks that the reader may see, with their councils."""
        return list_framework_states(self.reader)

    @cached_property
    def state(self) -> FrameworkState:
        """The address's framework with its councils; one the reader may not see does not exist."""
        state = find_framework_state(self.states, self.kwargs["framework"])
        if state is None:
            raise Http404
        return state

    @property
    def framework(self) -> BorrowingFramework:
        """The framework itself."""
        return self.state.framework

    @cached_property
    def package_state(self) -> PackageState:
        """How far it has come with each council today."""
        return load_package_state(self.reader, self.state, timezone.localdate())

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the register of decisions, and to the decision behind the framework."""
        return [(_("Decisions"), reverse("reports:decisions"))]

    @property
    def framework_url(self) -> str:
        """The framework's page."""
        return reverse("reports:framework", args=[self.framework.uuid])

    @property
    def package_url(self) -> str:
        """The page of its council package."""
        return reverse("reports:council_package", args=[self.framework.uuid])

    @property
    def decision(self) -> Decision | None:
        """The decision that raises it."""
        return self.framework.decided_by


class KeepFrameworkView(InFramework, FormView):
    """A form about a framework, for those who keep the register of decisions."""

    def require(self) -> None:
        """Stop everybody but the economist and the administrator."""
        if not can_register(self.reader):
            raise PermissionDenied

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the framework."""
        return [*super().get_crumbs(), (name_framework(self.framework), self.framework_url)]

    def get_return_url(self) -> str:
        """Return the framework's page."""
        return self.framework_url
