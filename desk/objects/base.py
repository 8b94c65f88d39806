"""What the pages of one governance object have in common."""

from __future__ import annotations

from functools import cached_property

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from objects.models import GovernanceObject
from objects.selectors.objects import find_object
from pages.form_view import ReaderView
from web.views import Crumb


class InObject(ReaderView):
    """A page about the address's object."""

    nav_key = "objects"

    @cached_property
    def governance_object(self) -> GovernanceObject:
        """The address's object."""
        governance_object = find_object(self.reader, self.kwargs["governance_object"])
        if governance_object is None:
            raise Http404
        return governance_object

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the list."""
        return [(_("Objects"), reverse("reports:objects"))]
