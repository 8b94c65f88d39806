"""The forms of a framework: the framework itself, its recourse agreement, and who has signed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.frameworks.base import KeepFrameworkView
from desk.frameworks.form import FrameworkForm, SharesForm, SignForm
from forecasts.selectors import FrameworkState
from investments.models import BorrowingFramework, RecourseAgreement, RecourseParty
from investments.selectors.recourse import find_recourse, list_replaceable
from investments.services.frameworks import save_framework
from investments.services.recourse import save_agreement, sign_agreement
from objects.models import Municipality
from records.services.stale import StaleError
from web.views import Crumb


class EditFrameworkView(KeepFrameworkView):
    """Changes a framework."""

    title = gettext_lazy("Change the borrowing framework")
    submit = gettext_lazy("Save")

    def get_form(self, data: Mapping[str, object] | None = None) -> FrameworkForm:
        """Return the form."""
        return FrameworkForm(data, instance=self.framework)

    def save(self, form: FrameworkForm) -> str:
        """Save it; the forecasts follow."""
        save_framework(form.instance, by=self.reader, seen=form.cleaned_data["seen"])
        return _("The framework is saved.")


class NewFrameworkView(EditFrameworkView):
    """Enters a framework that the board proposes."""

    title = gettext_lazy("Enter a borrowing framework")
    submit = gettext_lazy("Enter the framework")

    @cached_property
    def state(self) -> FrameworkState:
        """A new one, that no council has decided on."""
        return FrameworkState(BorrowingFramework(), [], None)

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the register of decisions."""
        return [(_("Decisions"), reverse("reports:decisions"))]

    def get_return_url(self) -> str:
        """Return the new framework's page, or the register."""
        return self.framework_url if self.framework.pk else reverse("reports:decisions")


class RecourseView(KeepFrameworkView):
    """The shares of a framework's recourse agreement."""

    title = gettext_lazy("Shares of the recourse agreement")
    submit = gettext_lazy("Save")

    @cached_property
    def agreement(self) -> RecourseAgreement:
        """The framework's agreement, or a new one."""
        return find_recourse(self.framework) or RecourseAgreement(framework=self.framework)

    def get_form(self, data: Mapping[str, object] | None = None) -> SharesForm:
        """Return the form with a share for each party: those of the agreement, and who are asked to decide."""
        kept = list(self.agreement.parties.all()) if self.agreement.pk else []
        parties = {row.municipality_id: row.municipality for row in kept}
        parties |= {row.municipality.pk: row.municipality for row in self.state.councils}
        return SharesForm(
            data,
            instance=self.agreement,
            parties=sorted(parties.values(), key=lambda row: row.name),
            shares={row.municipality_id: row.share_percent for row in kept},
            replaceable=list_replaceable(self.framework),
        )

    def save(self, form: SharesForm) -> str:
        """Save them; the stress test shares by them when all have signed."""
        values = form.cleaned_data
        self.agreement.basis, self.agreement.replaces = values["basis"], values["replaces"]
        save_agreement(self.agreement, form.shares, by=self.reader, seen=values["seen"] or None)
        return _("The shares are saved.")

    def show_stale(self, request: HttpRequest, stale: StaleError) -> HttpResponse:
        """Return the form as typed, with what is saved by now told by its page."""
        typed = request.POST.copy()
        del self.agreement
        form = self.get_form(typed)
        typed["seen"] = form.mark()
        form.is_valid()
        shown = [f"{row.municipality.name} {row.share_percent} %" for row in self.agreement.parties.all()]
        return self.show(form, status=422, is_stale=True, saved_text="\n".join(shown))


class SignView(KeepFrameworkView):
    """When a member signed the recourse agreement."""

    submit = gettext_lazy("Save")

    @cached_property
    def party(self) -> RecourseParty:
        """The address's member's part of the agreement."""
        agreement = find_recourse(self.framework)
        rows = agreement.parties.all() if agreement is not None else []
        found = next((row for row in rows if row.municipality.code == self.kwargs["council"]), None)
        if found is None:
            raise Http404
        return found

    @property
    def municipality(self) -> Municipality:
        """Who signs."""
        return self.party.municipality

    def get_title(self) -> str:
        """Return whose signature it is."""
        return _("Signature of %(municipality)s") % {"municipality": self.municipality}

    def get_return_url(self) -> str:
        """Return the page that it was asked from."""
        return self.package_url if self.package_state.package is not None else self.framework_url

    def get_form(self, data: Mapping[str, object] | None = None) -> SignForm:
        """Return the form."""
        decisions = (row.decision for row in self.state.councils if row.municipality.pk == self.municipality.pk)
        decision = next(decisions, None)
        return SignForm(data, instance=self.party, decided_on=decision.decided_on if decision is not None else None)

    def save(self, form: SignForm) -> str:
        """Save it."""
        values = form.cleaned_data
        sign_agreement(self.party, values["signed_on"], by=self.reader, seen=values["seen"])
        return _("The signature of %(municipality)s is saved.") % {"municipality": self.municipality}
