"""Keeping a package: beginning it, its text, sending it, a council's plan, documents, and reminders."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from desk.council_package.base import InPackage, KeepPackageView
from desk.council_package.clauses import compose_text
from desk.council_package.form import PlanForm, SendForm, TextForm
from desk.council_package.papers import list_papers
from desk.council_package.words import say_wait
from forecasts.selectors.councils import CouncilStep
from investments.models import PackageCouncil
from investments.selectors.packages import find_package_document
from investments.services.packages import (
    add_package_document,
    plan_council,
    remove_package_document,
    save_package_text,
    say_frozen,
    send_package,
    start_package,
)
from investments.services.reminders import Reminder, list_reminded, remind_officers
from objects.selectors.decisions import can_register
from records.forms import AttachmentForm
from records.models import StoredFile
from web import marks
from web.views import Context


class StartPackageView(InPackage):
    """Begins the package of a framework with a proposed text."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Begin it, and lead to its text."""
        if not can_register(self.reader):
            raise PermissionDenied
        start_package(self.framework, compose_text(self.state, self.federation_name), by=self.reader)
        messages.success(
            request, _("The package is begun with a proposed text. Read it and change it before it is sent.")
        )
        return HttpResponseRedirect(reverse("objects:edit_package", args=[self.framework.uuid]))


class TextView(KeepPackageView):
    """Changes the text of a package that is not sent."""

    title = gettext_lazy("What each council is asked to decide")
    submit = gettext_lazy("Save")

    def get_form(self, data: Mapping[str, object] | None = None) -> TextForm:
        """Return the form; a text that is sent is refused as a whole."""
        form = TextForm(data, instance=self.package)
        if self.package.sent_at is not None:
            form.fields["text"].disabled = True
        return form

    def save(self, form: TextForm) -> str:
        """Save it."""
        if self.package.sent_at is not None:
            raise ValidationError(say_frozen())
        save_package_text(form.instance, by=self.reader, seen=form.cleaned_data["seen"])
        return _("The text is saved.")


class SendView(KeepPackageView):
    """Says that the package was sent; the first time its text is frozen."""

    title = gettext_lazy("Send the package")
    submit = gettext_lazy("Register as sent")
    template_name = "desk/council_package/send.html"

    def get_form(self, data: Mapping[str, object] | None = None) -> SendForm:
        """Return the form with the councils; those it was sent to are not chosen."""
        councils = {step.municipality.pk: step.way.sent_on is not None for step in self.package_state.steps}
        return SendForm(data, package=self.package, councils=councils)

    def get_context_data(self, **kwargs: object) -> Context:
        """Add the text that is frozen."""
        return super().get_context_data(package=self.package, **kwargs)

    def save(self, form: SendForm) -> str:
        """Freeze it, with the documents that it makes as they are now."""
        councils = list(form.cleaned_data["councils"])
        is_first = self.package.sent_at is None
        files = [paper.make(self.facts) for paper in list_papers(self.package_state)] if is_first else []
        send_package(self.package, councils, sent_on=form.cleaned_data["sent_on"], files=files, by=self.reader)
        words = ngettext(
            "The package is sent to %(count)s council.", "The package is sent to %(count)s councils.", len(councils)
        )
        return words % {"count": len(councils)}


class PlanView(KeepPackageView):
    """When the package was sent to a council, and when the council plans to decide."""

    submit = gettext_lazy("Save")
    template_name = "desk/council_package/plan.html"

    @cached_property
    def step(self) -> CouncilStep:
        """The address's council; one that is not asked does not exist."""
        found = next((row for row in self.package_state.steps if row.municipality.code == self.kwargs["council"]), None)
        if found is None:
            raise Http404
        return found

    def get_title(self) -> str:
        """Return whose council it is."""
        return _("The council of %(municipality)s") % {"municipality": self.step.municipality}

    def get_context_data(self, **kwargs: object) -> Context:
        """Add what is registered on other pages."""
        source = self.step.plan.provenance if self.step.plan is not None else ""
        shown = {
            "step": self.step,
            "waits_for": say_wait(self.step, self.package_state.on),
            "framework": self.framework,
            "days_assumed": marks.say_doubt(_("The planned days are"), source),
        }
        return super().get_context_data(**shown, **kwargs)

    def get_form(self, data: Mapping[str, object] | None = None) -> PlanForm:
        """Return the form."""
        empty = PackageCouncil(package=self.package, municipality=self.step.municipality)
        row = self.step.plan or empty
        row.package = self.package
        return PlanForm(data, instance=row)

    def save(self, form: PlanForm) -> str:
        """Save it."""
        plan_council(form.instance, by=self.reader, seen=form.cleaned_data["seen"])
        return _("The council's days are saved.")


class NewPackageDocumentView(KeepPackageView):
    """Adds a document to a package."""

    title = gettext_lazy("Add a document")
    submit = gettext_lazy("Add")
    template_name = "desk/decisions/document_form.html"

    def get_form(self, data: QueryDict | None = None) -> AttachmentForm:
        """Return the form."""
        return AttachmentForm(data, self.request.FILES if data is not None else None)

    def save(self, form: AttachmentForm) -> str:
        """Keep the file."""
        add_package_document(self.package, form.upload, by=self.reader)
        return _("“%(name)s” is added.") % {"name": form.upload.name}


class RemovePackageDocumentView(KeepPackageView):
    """Removes a document of a package that is not sent, after a question."""

    title = gettext_lazy("Remove the document?")
    template_name = "pages/remove.html"

    @cached_property
    def file(self) -> StoredFile:
        """The address's document; one of another package does not exist."""
        file = find_package_document(self.package, self.kwargs["file"])
        if file is None:
            raise Http404
        return file

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Ask, or say at once that it stays."""
        self.require()
        return self.ask(refused=say_frozen() if self.package.sent_at is not None else "")

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Remove it, or say why it stays."""
        self.require()
        name = str(self.file)
        try:
            remove_package_document(self.package, self.file, by=self.reader)
        except ValidationError as error:
            return self.ask(status=422, refused=" ".join(error.messages))
        messages.success(request, _("“%(name)s” is removed.") % {"name": name})
        return HttpResponseRedirect(self.get_return_url())

    def ask(self, *, status: int = 200, **extra: object) -> HttpResponse:
        """Ask."""
        own = {"thing": self.file, "return_url": self.get_return_url(), "is_final": True}
        return self.render_to_response(self.get_context_data(**own, **extra), status=status)


class RemindView(KeepPackageView):
    """Reminds those whose municipality something waits for, by mail, after a question."""

    title = gettext_lazy("Remind those it waits for?")
    template_name = "desk/council_package/remind.html"

    @property
    def reminders(self) -> list[Reminder]:
        """What waits for each municipality."""
        state = self.package_state
        return [
            Reminder(step.municipality, partial(say_wait, step, state.on))
            for step in state.waiting
            if step.wait.is_of_municipality
        ]

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Ask."""
        self.require()
        shown = {"reminded": list_reminded(self.reminders), "return_url": self.get_return_url()}
        return self.render_to_response(self.get_context_data(**shown))

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Put the mails in the outbox."""
        self.require()
        count = remind_officers(self.package, self.reminders, on=self.package_state.on, by=self.reader)
        words = ngettext("%(count)s reminder is on its way.", "%(count)s reminders are on their way.", count)
        messages.success(request, words % {"count": count})
        return HttpResponseRedirect(self.get_return_url())
