"""Moved cost of a budget: the list with the bridge from the budget before, and one that is added, changed or removed."""

from __future__ import annotations

from functools import cached_property
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from accounts.models import User
from desk.moved.form import MovedForm
from desk.moved.table import MovedFilter, MovedTable
from engine.result import sum_amounts
from engine.years import AMOUNTS
from pages.base import InBudget
from pages.changes import load_changes
from pages.form_view import FormView
from pricing.models import MovedCost
from pricing.selectors.editing import can_edit_pools
from pricing.selectors.moved import BridgeRow, find_compared, find_moved, list_moved, load_bridge
from pricing.services.moved import remove_moved, restore_moved, save_moved
from web.views import BaseListView, Context, Crumb


class InMoved(InBudget):
    """A page on a budget's moved cost; everybody who sees the budget reads it."""

    nav_key = "moved"
    help_key = "moved"

    @property
    def list_url(self) -> str:
        """The list."""
        return reverse("budgets:moved", args=[self.budget.slug])

    @cached_property
    def can_edit(self) -> bool:
        """Whether the reader may change it."""
        return can_edit_pools(self.reader, self.budget)

    def require_edit(self) -> None:
        """Stop those who may not change it."""
        if not self.can_edit:
            raise PermissionDenied

    @cached_property
    def moved_cost(self) -> MovedCost:
        """The address's record."""
        found = find_moved(self.budget, self.kwargs["moved"], self.reader)
        if found is None:
            raise Http404
        return found


class MovedListView(InMoved, BaseListView[MovedCost]):
    """What moved into a budget, and the bridge from the one before."""

    title = gettext_lazy("Moved cost")
    template_name = "desk/moved/moved.html"
    table_class = MovedTable
    filterset_class = MovedFilter
    object_list: QuerySet[MovedCost]

    def get_rows(self, user: User) -> QuerySet[MovedCost]:
        """Return those the reader may see."""
        return list_moved(self.budget, user)

    def get_table_kwargs(self) -> dict[str, object]:
        """Give the table its budget, and the sums of all rows."""
        amounts = [tuple(getattr(row, name) for name in AMOUNTS) for row in self.object_list]
        totals = dict(zip(AMOUNTS, sum_amounts(amounts), strict=True)) if amounts else {}
        return {"budget": self.budget, "totals": totals, "as_file": "export" in self.request.GET}

    def get_context_data(self, **kwargs: object) -> Context:
        """Add the bridge, and what can be put back."""
        earlier = find_compared(self.budget, self.reader)
        bridge = load_bridge(self.budget, earlier, self.reader) if earlier else []
        removed = _read_lineage(self.request.GET.get("removed", "")) if self.can_edit else None
        shown = {
            "can_edit": self.can_edit,
            "removed": removed,
            "earlier": earlier,
            "bridge": bridge,
            "bridge_total": _sum(bridge),
        }
        return super().get_context_data(**shown, **kwargs)


def _sum(bridge: list[BridgeRow]) -> dict[str, int]:
    names = ("before", "moved", "other", "after")
    return {name: sum(getattr(row.step, name) for row in bridge) for name in names}


def _read_lineage(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


class MovedCostView(InMoved, TemplateView):
    """One moved cost with its history."""

    template_name = "desk/moved/moved_cost.html"

    def get_title(self) -> str:
        """Return why it moved."""
        return str(self.moved_cost.reason)

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the list."""
        return [*super().get_crumbs(), (_("Moved cost"), self.list_url)]

    def get_context_data(self, **kwargs: object) -> Context:
        """Add the record and its changes."""
        row = self.moved_cost
        amounts = [(year, getattr(row, name)) for year, name in zip(self.budget.years, AMOUNTS, strict=True)]
        shown = {"moved_cost": row, "amounts": amounts, "can_edit": self.can_edit}
        return super().get_context_data(**shown, changes=load_changes(self.reader, row), **kwargs)


class NewMovedView(InMoved, FormView):
    """Adds a moved cost."""

    title = gettext_lazy("New moved cost")
    submit = gettext_lazy("Save")

    @cached_property
    def instance(self) -> MovedCost:
        """A new one."""
        return MovedCost(budget=self.budget)

    def require(self) -> None:
        """Stop everybody but the economist, and all once the budget is proposed."""
        self.require_edit()

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the list."""
        return [*super().get_crumbs(), (_("Moved cost"), self.list_url)]

    def get_form(self, data: QueryDict | None = None) -> MovedForm:
        """Return the form."""
        return MovedForm(data, instance=self.instance)

    def get_return_url(self) -> str:
        """Return the list."""
        return self.list_url

    def save(self, form: MovedForm) -> str:
        """Save it."""
        row = save_moved(form.instance, by=self.reader, shown=MovedForm.Meta.fields, seen=form.cleaned_data["seen"])
        return _("“%(text)s” is saved.") % {"text": row.reason}


class EditMovedView(NewMovedView):
    """Changes a moved cost."""

    title = gettext_lazy("Change moved cost")

    @cached_property
    def instance(self) -> MovedCost:
        """The address's record."""
        return self.moved_cost


class RemoveMovedView(InMoved, TemplateView):
    """Removes a moved cost, which can be put back."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Remove it, and offer to put it back."""
        self.require_edit()
        row = self.moved_cost
        remove_moved(row, by=self.reader)
        messages.success(request, _("“%(text)s” is removed.") % {"text": row.reason})
        return HttpResponseRedirect(f"{self.list_url}?removed={row.lineage}")


class RestoreMovedView(InMoved, TemplateView):
    """Puts a removed moved cost back."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Put it back, or say why it can't be."""
        self.require_edit()
        try:
            row = restore_moved(self.budget, self.kwargs["moved"], by=self.reader)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("“%(text)s” is back.") % {"text": row.reason})
        return HttpResponseRedirect(self.list_url)
