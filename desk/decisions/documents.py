"""A decision's documents: adding one, taking it out, and removing one."""

from __future__ import annotations

from functools import cached_property

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.decisions.edit import OfDecisionView
from objects.selectors.decisions import find_document
from objects.services.documents import add_document, remove_document
from records.forms import AttachmentForm
from records.models import StoredFile
from records.views import send_file


class NewDocumentView(OfDecisionView):
    """Adds a document to a decision."""

    title = gettext_lazy("Add a document")
    submit = gettext_lazy("Add")
    template_name = "desk/decisions/document_form.html"

    def get_form(self, data: QueryDict | None = None) -> AttachmentForm:
        """Return the form."""
        return AttachmentForm(data, self.request.FILES if data is not None else None)

    def save(self, form: AttachmentForm) -> str:
        """Keep the file."""
        add_document(self.decision, form.upload, by=self.reader)
        return _("“%(name)s” is added.") % {"name": form.upload.name}


class OfDocumentView(OfDecisionView):
    """A page about one document of a decision."""

    @cached_property
    def file(self) -> StoredFile:
        """The address's document; one of another decision does not exist."""
        file = find_document(self.decision, self.kwargs["file"])
        if file is None:
            raise Http404
        return file


class DocumentView(OfDocumentView):
    """A document as a download, for everybody who sees the decision."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:  # type: ignore[override]
        """Send the file, which the browser never shows or keeps."""
        return send_file(request, self.file)


class RemoveDocumentView(OfDocumentView):
    """Removes a document, after a question."""

    title = gettext_lazy("Remove the document?")
    template_name = "pages/remove.html"

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Ask."""
        self.require()
        shown = {"thing": self.file, "return_url": self.get_return_url(), "is_final": True}
        return self.render_to_response(self.get_context_data(**shown))

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Remove it."""
        self.require()
        remove_document(self.file, by=self.reader)
        messages.success(request, _("“%(name)s” is removed.") % {"name": self.file})
        return HttpResponseRedirect(self.get_return_url())
