"""What the pages of imports have in common."""

from __future__ import annotations

from functools import cached_property

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from objects.selectors.decisions import can_register
from pages.form_view import ReaderView
from records.import_kinds import ImportKind, kind_of
from records.models import Import
from records.selectors.imports import find_import
from web.views import Crumb


class InImports(ReaderView):
    """A page of those who import: the economist and the administrator."""

    nav_key = "imports"

    def require(self) -> None:
        """Stop everybody else."""
        if not can_register(self.reader):
            raise PermissionDenied

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the list."""
        return [(_("Imports"), reverse("records:imports"))]


class InImport(InImports):
    """A page about one import; one that the reader may not see does not exist."""

    @cached_property
    def row(self) -> Import:
        """The address's import."""
        row = find_import(self.reader, self.kwargs["import_"])
        if row is None:
            raise Http404
        return row

    @property
    def kind(self) -> ImportKind:
        """What it is."""
        return kind_of(self.row.kind)

    def get_title(self) -> str:
        """Return what is read in."""
        return _("Read in %(kind)s") % {"kind": str(self.kind.label)[0].lower() + str(self.kind.label)[1:]}
