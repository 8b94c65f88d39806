"""The forms of an object: its texts, its plans and their items. Without script each is an ordinary page."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import ProtectedError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from budgets.services.grid.edits import GridRefusedError
from desk.objects.base import InObject
from desk.objects.form import ItemForm, LinesForm, PlanForm, TextsForm
from objects.models import DevelopmentItem, GovernanceObject, ObjectPlan
from objects.selectors.plans import can_plan, find_item, find_plan
from objects.services.plans import move_item, remove_item, save_item, save_plan, save_texts
from pages.form_view import FormView
from pricing.selectors.origins import cost_item, list_item_targets
from pricing.services.origins import make_item_lines
from web.names import name_of
from web.views import Context, Crumb, own_address

PLAN_YEARS = 3


class OfObjectView(InObject, FormView):
    """A form about an object, for those who plan it."""

    def require(self) -> None:
        """Stop everybody but the economist, and the object's owners and managers."""
        if not can_plan(self.reader, self.governance_object):
            raise PermissionDenied

    def get_object_url(self) -> str:
        """Return the object's page."""
        return reverse("reports:object", args=[self.governance_object.slug])

    def get_return_url(self) -> str:
        """Return the object's page."""
        return self.get_object_url()

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the object."""
        return [*super().get_crumbs(), (name_of(self.governance_object), self.get_object_url())]


class TextsView(OfObjectView):
    """Writes an object's essential texts; `?next=` is the page of ours that the writer came from, and goes back to."""

    title = gettext_lazy("Texts about the object")
    submit = gettext_lazy("Save")

    def get_return_url(self) -> str:
        """Return where the writer came from, else the object's page."""
        return own_address(self.request.GET.get("next", "")) or super().get_return_url()

    def get_form(self, data: Mapping[str, object] | None = None) -> TextsForm:
        """Return the form."""
        return TextsForm(data, instance=self.governance_object)

    def save(self, form: TextsForm) -> str:
        """Save them."""
        save_texts(form.instance, by=self.reader, seen=form.cleaned_data["seen"])
        return _("The texts are saved.")


class OfPlanView(OfObjectView):
    """A form about one of an object's plans, or a part of it."""

    @cached_property
    def plan(self) -> ObjectPlan:
        """The address's plan."""
        plan = find_plan(self.reader, self.kwargs["plan"])
        if plan is None:
            raise Http404
        return plan

    @cached_property
    def governance_object(self) -> GovernanceObject:
        """The plan's object."""
        return self.plan.governance_object


class NewPlanView(OfObjectView):
    """Adds an object's next plan."""

    title = gettext_lazy("New object plan")
    submit = gettext_lazy("Create plan")

    @cached_property
    def plan(self) -> ObjectPlan:
        """A plan that begins when the last one ends."""
        last = self.governance_object.plans.order_by("-to_year").first()
        start = last.to_year + 1 if last else timezone.localdate().year + 1
        return ObjectPlan(governance_object=self.governance_object, from_year=start, to_year=start + PLAN_YEARS - 1)

    def get_form(self, data: Mapping[str, object] | None = None) -> PlanForm:
        """Return the form."""
        return PlanForm(data, instance=self.plan)

    def save(self, form: PlanForm) -> str:
        """Save it."""
        save_plan(form.instance, by=self.reader, seen=form.cleaned_data["seen"])
        return _("The plan is saved.")


class EditPlanView(OfPlanView, NewPlanView):
    """Changes a plan."""

    title = gettext_lazy("Change object plan")
    submit = gettext_lazy("Save")


class NewItemView(OfPlanView):
    """Adds a development item at the end of a plan."""

    title = gettext_lazy("New in the object plan")
    submit = gettext_lazy("Add")

    @cached_property
    def item(self) -> DevelopmentItem:
        """A new one."""
        return DevelopmentItem(plan=self.plan)

    def get_return_url(self) -> str:
        """Return the plan on the object's page."""
        return f"{super().get_return_url()}#plan"

    def get_form(self, data: Mapping[str, object] | None = None) -> ItemForm:
        """Return the form."""
        return ItemForm(data, instance=self.item)

    def save(self, form: ItemForm) -> str:
        """Save it."""
        save_item(form.instance, by=self.reader, seen=form.cleaned_data["seen"])
        return _("“%(title)s” is saved.") % {"title": form.instance.title}


class EditItemView(NewItemView):
    """Changes an item."""

    title = gettext_lazy("Change in the object plan")
    submit = gettext_lazy("Save")

    @cached_property
    def item(self) -> DevelopmentItem:
        """The address's item."""
        item = find_item(self.reader, self.kwargs["item"])
        if item is None:
            raise Http404
        return item

    @cached_property
    def plan(self) -> ObjectPlan:
        """The item's plan."""
        return self.item.plan


class MoveItemView(EditItemView):
    """Moves an item one step, `?to=up` or `?to=down`."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Move it."""
        self.require()
        if move_item(self.item, up=request.POST.get("to") == "up", by=self.reader):
            said = _("“%(title)s” now has priority %(priority)s.")
            messages.success(request, said % {"title": self.item.title, "priority": self.item.priority})
        return HttpResponseRedirect(self.get_return_url())


class ItemLinesView(EditItemView):
    """Makes an item a line, or several, of a draft."""

    title = gettext_lazy("Make it a line")
    submit = gettext_lazy("Make it a line")
    template_name = "desk/objects/item_lines.html"

    def get_form(self, data: Mapping[str, object] | None = None) -> forms.Form:  # type: ignore[override]
        """Return the form."""
        return LinesForm(data, targets=list_item_targets(self.reader, self.item))

    def get_context_data(self, **kwargs: object) -> Context:
        """Add what it would cost in each draft."""
        budgets = {target.budget: None for target in list_item_targets(self.reader, self.item)}
        costs = [(budget, cost_item(self.item, budget, 1)[0]) for budget in budgets]
        return super().get_context_data(item=self.item, costs=costs, **kwargs)

    def save(self, form: LinesForm) -> str:  # type: ignore[override]
        """Make them."""
        try:
            lines = make_item_lines(
                self.item, form.cleaned_data["products"], form.cleaned_data["cost_kind"], by=self.reader
            )
        except GridRefusedError as refused:
            raise ValidationError((refused.gone or refused.bad)[0].reason) from refused
        said = ngettext("%(count)s line is made of it.", "%(count)s lines are made of it.", len(lines))
        return said % {"count": len(lines)}


class RemoveItemView(EditItemView):
    """Takes an item out of its plan, after a question."""

    title = gettext_lazy("Remove it from the plan?")
    template_name = "pages/remove.html"

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Ask."""
        self.require()
        return self.render_to_response(self.get_context_data(thing=self.item, return_url=self.get_return_url()))

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Take it out."""
        self.require()
        address = self.get_return_url()
        try:
            remove_item(self.item, by=self.reader)
        except ProtectedError:
            refused = _("A budget has a line that comes from it, so it stays. Mark it as dropped instead.")
            shown = {"thing": self.item, "return_url": address, "refused": refused}
            return self.render_to_response(self.get_context_data(**shown), status=422)
        messages.success(
            request, _("“%(title)s” is removed from the plan. It stays in the history.") % {"title": self.item}
        )
        return HttpResponseRedirect(address)
