"""Imports: their history, a new one, what it would change, saving and undoing."""

from __future__ import annotations

from functools import cached_property

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from desk.imports.base import InImport, InImports
from desk.imports.corrected import CorrectedFile
from desk.imports.form import BeginForm
from desk.imports.parts import Review
from desk.imports.table import ImportFilter, ImportTable
from objects.selectors.decisions import can_register
from pages.form_view import FormView
from records.import_kinds import ImportKind, kind_of, list_kinds
from records.models import Import
from records.selectors.imports import list_imports
from records.services.imports.checking import Choice, check_import
from records.services.imports.saving import (
    BYTES_AT_ONCE,
    ROWS_AT_ONCE,
    discard_import,
    find_obstacles,
    read_again,
    save_import,
    start_import,
    undo_import,
)
from records.services.jobs import start_job
from records.views import send_file
from web.views import BaseListView, Context, Crumb


class ImportListView(BaseListView[Import]):
    """What has been read in, newest first."""

    title = gettext_lazy("Imports")
    nav_key = "imports"
    template_name = "desk/imports/imports.html"
    table_class = ImportTable
    filterset_class = ImportFilter

    def get_rows(self, user: User) -> QuerySet[Import]:
        """Return those the reader may see."""
        if not can_register(user):
            raise PermissionDenied
        return list_imports(user)

    def get_context_data(self, **kwargs: object) -> Context:
        """Add what can be read in."""
        return super().get_context_data(kinds=list_kinds(self.reader), **kwargs)


class NewImportView(InImports, FormView):
    """Begins an import of one kind."""

    template_name = "desk/imports/new.html"
    submit = gettext_lazy("Read the file")

    @cached_property
    def kind(self) -> ImportKind:
        """The address's kind; one that the reader does not import is not there."""
        self.require()
        found = next((kind for kind in list_kinds(self.reader) if kind.key == self.kwargs["kind"]), None)
        if found is None:
            raise Http404
        return found

    def get_title(self) -> str:
        """Return what is read in."""
        return _("Read in: %(kind)s") % {"kind": self.kind.label}

    def get_context_data(self, **kwargs: object) -> Context:
        """Add the kind."""
        return super().get_context_data(kind=self.kind, **kwargs)

    def get_return_url(self) -> str:
        """Return the new import's page, or the list."""
        return self.address

    @cached_property
    def address(self) -> str:
        """Where cancelling leads; saving sets it."""
        return reverse("records:imports")

    def get_form(self, data: QueryDict | None = None) -> BeginForm:
        """Return the form."""
        period = self.request.GET.get("period", "")
        files = self.request.FILES if data is not None else None
        return BeginForm(data, files, kind=self.kind, user=self.reader, period=period)

    def save(self, form: BeginForm) -> str:
        """Keep the file and read it, by a job when it is long."""
        values = form.cleaned_data
        row = start_import(
            form.content,
            name=form.name,
            kind=self.kind,
            source=values["source"],
            period=values["period"],
            by=self.reader,
        )
        self.address = address_of(row)
        if len(form.content) > BYTES_AT_ONCE:
            self.address = start_long(row, "records.check_import", by=self.reader)
            return _("The file is long, so it is read in the background.")
        check_import(row, by=self.reader)
        return _("The file is read. Nothing is saved yet.")


class ImportView(InImport):
    """An import: what the file says, what is wrong in it, and what it would change."""

    template_name = "desk/imports/import.html"

    def get_context_data(self, **kwargs: object) -> Context:
        """Add what is reviewed."""
        review = Review(self.row, self.request.GET, self.reader)
        return super().get_context_data(row=self.row, kind=self.kind, review=review, **kwargs)


class OfImportView(InImport):
    """An act on an import, which leads back to it."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Do it, or say why it can't be done."""
        self.require()
        try:
            said, address = self.act(request.POST)
        except ValidationError as error:
            for text in error.messages:
                messages.error(request, text)
            if getattr(error, "code", "") == "moved":
                read_again(self.row, by=self.reader)
            return HttpResponseRedirect(address_of(self.row))
        messages.success(request, said)
        return HttpResponseRedirect(address)

    def act(self, data: QueryDict) -> tuple[str, str]:
        """Do it; return what is said, and where it leads."""
        raise NotImplementedError


class MapView(OfImportView):
    """Reads the file again as it is told: the sheet, the row of the headings, what each column is read as."""

    def act(self, data: QueryDict) -> tuple[str, str]:
        """Read it."""
        sheet, number = data.get("sheet", ""), data.get("header_row", "")
        is_same = sheet == self.row.sheet and number == str(self.row.header_row)
        mapping = [data.get(f"column_{place}", "") for place in range(len(self.row.headings))] if is_same else None
        choice = Choice(sheet, int(number) if number.isdecimal() and len(number) < 7 else 0, mapping)
        if self.row.status != Import.Status.REVIEW:
            raise ValidationError(_("The import is not as it was shown any more. Look at it again."))
        if self.row.file.size > BYTES_AT_ONCE:
            chosen = {"sheet": choice.sheet, "header_row": choice.header_row, "mapping": mapping}
            return _("The file is long, so it is read in the background."), start_long(
                self.row, "records.check_import", by=self.reader, **chosen
            )
        check_import(self.row, by=self.reader, choice=choice)
        return _("The file has been read again. Nothing is saved yet."), address_of(self.row)


class SaveView(OfImportView):
    """Saves an import, whole or not at all."""

    def act(self, data: QueryDict) -> tuple[str, str]:
        """Save it, by a job when it is long."""
        version = int(data.get("version", "0")) if data.get("version", "0").isdecimal() else 0
        if self.row.counts.get("rows", 0) > ROWS_AT_ONCE:
            address = start_long(self.row, "records.save_import", by=self.reader, version=version)
            return _("The file is long, so it is saved in the background."), address
        save_import(self.row, by=self.reader, version=version)
        return _("The import is saved."), address_of(self.row)


class DiscardView(OfImportView):
    """Forgets a file that was never saved."""

    def act(self, data: QueryDict) -> tuple[str, str]:
        """Forget it."""
        discard_import(self.row, by=self.reader)
        return _("The file is discarded. Nothing was saved."), reverse("records:imports")


class UndoView(InImport):
    """Asks whether to undo a saved import, says what stands in the way, and does it."""

    template_name = "desk/imports/undo.html"

    def get_title(self) -> str:
        """Return the question."""
        return _("Undo the import of %(name)s?") % {"name": self.row.file_name}

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the import."""
        return [*super().get_crumbs(), (self.row.file_name, address_of(self.row))]

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Ask."""
        return self.ask(find_obstacles(self.row) if self.row.status == Import.Status.SAVED else [])

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Undo it, or say why it can't be."""
        self.require()
        try:
            undo_import(self.row, by=self.reader)
        except ValidationError as error:
            return self.ask(error.messages, status=422)
        messages.success(request, _("The import is undone: what was there before is back."))
        return HttpResponseRedirect(address_of(self.row))

    def ask(self, obstacles: list[str], *, status: int = 200) -> HttpResponse:
        """Ask, or say why not."""
        context = self.get_context_data(row=self.row, obstacles=obstacles, return_url=address_of(self.row))
        return self.render_to_response(context, status=status)


class FileView(InImport):
    """The file as it was read in."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:  # type: ignore[override]
        """Send it."""
        return send_file(request, self.row.file)


class CorrectedView(InImport):
    """The file with what is wrong marked, to be corrected in Excel."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Make it."""
        return CorrectedFile(self.row).respond()


def address_of(row: Import) -> str:
    """Return an import's page."""
    return reverse("records:import", args=[row.uuid])


def start_long(row: Import, task: str, *, by: User, **arguments: object) -> str:
    """Start a job about an import; return the job's page, which leads on to the import's."""
    given = {"import": str(row.uuid), "url": address_of(row), **arguments}
    title = _("Import of %(name)s, %(kind)s") % {"name": row.file_name, "kind": kind_of(row.kind).label}
    job = start_job(kind="import", title=title, task=task, arguments=given, by=by)
    return reverse("records:job", args=[job.uuid])
