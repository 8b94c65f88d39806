"""The text on a sub-budget's essential changes, which is collected with the others' for the budget document."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from budgets.models import SubBudget
from budgets.selectors.sub_budgets import can_edit
from budgets.services.collaboration import ESSENTIALS, change_essentials
from desk.teamwork.form import EssentialChangesForm
from pages.base import InSubBudget
from records.services.stale import StaleError, digest_of
from web.names import name_of
from web.views import Crumb


class EssentialChangesView(InSubBudget):
    """The year's essential changes, as a page, and in their place on the sub-budget's page for htmx."""

    template_name = "desk/teamwork/changes.html"

    def get_title(self) -> str:
        """Return what the form is about."""
        return _("Essential changes in %(name)s") % {"name": name_of(self.sub_budget)}

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the sub-budget."""
        return [*super().get_crumbs(), (name_of(self.sub_budget), self.page_url())]

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Show the form; with `shown=1` the text as it is, for a reader who leaves the form."""
        if self.is_fragment and request.GET.get("shown"):
            return self.show_text()
        self.require_edit()
        return self.show_form(self.make_form(self.sub_budget, self.sub_budget.changes_sv))

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Save, or show both texts when somebody else has written another meanwhile."""
        self.require_edit()
        form = EssentialChangesForm(request.POST, auto_id="changes-%s")
        if not form.is_valid():
            return self.show_form(form, status=422)
        values = form.cleaned_data
        try:
            change_essentials(self.sub_budget, text=values["text"], by=self.reader, seen=values["seen"])
        except StaleError as stale:
            form = self.make_form(stale.saved, values["text"])
            title = _("Somebody else has changed this text since you opened it")
            shown = {"stale_title": title, "saved_text": stale.saved.changes_sv}
            return self.show_form(form, status=422, is_stale=True, **shown)
        said = _("The text on essential changes is saved.")
        if self.is_fragment:
            self.sub_budget.refresh_from_db(fields=["changes_sv"])
            return self.show_text(said)
        messages.success(request, said)
        return HttpResponseRedirect(f"{self.page_url()}#changes")

    def make_form(self, saved: SubBudget, text: str) -> EssentialChangesForm:
        """Return the form with a text, which knows what was saved when it was shown."""
        return EssentialChangesForm(initial={"text": text, "seen": digest_of(saved, ESSENTIALS)}, auto_id="changes-%s")

    def show_form(self, form: EssentialChangesForm, *, status: int = 200, **shown: object) -> HttpResponse:
        """Show the form."""
        template = "desk/teamwork/_changes_form.html" if self.is_fragment else self.template_name
        return self.render_part(template, self.get_context_data(form=form, **shown), status=status)

    def show_text(self, said: str = "") -> HttpResponse:
        """Show the text in its place."""
        own = {"can_edit_changes": can_edit(self.reader, self.sub_budget)}
        return self.render_part("desk/teamwork/_changes.html", self.get_context_data(**own), announce=said)
