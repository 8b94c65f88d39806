"""What the pages of one decision have in common."""

from __future__ import annotations

from functools import cached_property

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from objects.models import Decision
from objects.selectors.decisions import find_decision
from pages.form_view import ReaderView
from web.views import Crumb


class InDecision(ReaderView):
    """A page about the address's decision."""

    nav_key = "decisions"

    @cached_property
    def decision(self) -> Decision:
        """The address's decision; one the reader may not see does not exist."""
        decision = find_decision(self.reader, self.kwargs["decision"])
        if decision is None:
            raise Http404
        return decision

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the register."""
        return [(_("Decisions"), reverse("reports:decisions"))]
