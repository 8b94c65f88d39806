"""One purchase with how far it has come, and the forms of the investment budget."""

from __future__ import annotations

from functools import cached_property

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from desk.investments.base import BelowInvestments
from desk.investments.form import ITEM_FIELDS, ROW_FIELDS, CarriersForm, ItemForm, RowForm, StateForm
from investments.models import AssetClass, Investment, InvestmentItem, ProductClass, PurchaseState
from investments.selectors.purchases import find_investment, list_carriers
from investments.selectors.side_by_side import can_follow, find_state
from investments.services.purchases import remove_item, remove_row, save_carriers, save_item, save_row
from investments.services.states import save_state
from pages.changes import load_changes
from pages.form_view import FormView
from web.views import Context, Crumb


class InForm(BelowInvestments, FormView):
    """A form of the investment budget, for the economist until the budget is proposed."""

    submit = gettext_lazy("Save")

    def require(self) -> None:
        """Stop all others."""
        if not self.can_edit:
            raise PermissionDenied

    def get_return_url(self) -> str:
        """Return the list."""
        return self.list_url


class NewItemView(InForm):
    """Adds a purchase; `row` in the address chooses its class."""

    title = gettext_lazy("New purchase")

    @cached_property
    def instance(self) -> InvestmentItem:
        """A new one, of the budget's first year."""
        item = InvestmentItem(budget=self.budget, year=self.budget.years[0])
        row = next((row for row in self.rows if str(row.lineage) == self.request.GET.get("row")), None)
        if row is not None:
            item.investment, item.unit_price_ore = row, row.unit_price_ore
        return item

    def get_form(self, data: QueryDict | None = None) -> BaseForm:
        """Return the form."""
        return ItemForm(data, instance=self.instance)

    def save(self, form: ItemForm) -> str:
        """Save it."""
        item = save_item(form.instance, by=self.reader, shown=ITEM_FIELDS, seen=form.cleaned_data["seen"])
        return _("“%(text)s” is saved.") % {"text": item.name}


class EditItemView(NewItemView):
    """Changes a purchase."""

    title = gettext_lazy("Change the purchase")

    @cached_property
    def instance(self) -> InvestmentItem:
        """The address's purchase."""
        self.item.budget = self.budget
        return self.item

    def get_return_url(self) -> str:
        """Return its page."""
        return reverse("budgets:purchase", args=[self.budget.slug, self.item.lineage])


class ItemView(BelowInvestments, TemplateView):
    """One purchase: what it is, how far it has come, and its history."""

    template_name = "desk/investments/item.html"

    def get_title(self) -> str:
        """Return what it is."""
        return str(self.item.name)

    @cached_property
    def can_follow(self) -> bool:
        """Whether the reader notes how far it has come, also in an adopted budget."""
        return can_follow(self.reader)

    @cached_property
    def state(self) -> PurchaseState:
        """How far it has come; planned, where nobody has said more."""
        return find_state(self.item.lineage) or PurchaseState(item_lineage=self.item.lineage)

    def get_context_data(self, **kwargs: object) -> Context:
        """Add it with its state and changes."""
        own = {
            "purchase": self.item,
            "state": self.state,
            "form": StateForm(instance=self.state) if self.can_follow else None,
            "can_edit": self.can_edit,
            "changes": load_changes(self.reader, self.item),
        }
        return super().get_context_data(**{**kwargs, **own})

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Note how far it has come."""
        if not self.can_follow:
            raise PermissionDenied
        form = StateForm(request.POST, instance=self.state)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        try:
            save_state(form.instance, item=self.item, by=self.reader, seen=form.cleaned_data["seen"])
        except ValidationError as error:
            form.add_error(None, error)
            return self.render_to_response(self.get_context_data(form=form), status=422)
        messages.success(request, _("How far the purchase has come is noted."))
        return HttpResponseRedirect(request.path)


class RemoveItemView(BelowInvestments, TemplateView):
    """Removes a purchase, which can be taken back."""

    http_method_names = ["post"]
    writes = True

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Remove it."""
        item = self.item
        item.budget = self.budget
        remove_item(item, by=self.reader)
        messages.success(request, _("“%(name)s” is removed. It can be undone below the list.") % {"name": item.name})
        return HttpResponseRedirect(self.list_url)


class NewRowView(InForm):
    """Adds a class to the investment budget."""

    title = gettext_lazy("New class in the investment budget")

    @cached_property
    def instance(self) -> Investment:
        """A new one, which buys nothing yet."""
        return Investment(budget=self.budget, amount_1_ore=0, amount_2_ore=0, amount_3_ore=0)

    def get_form(self, data: QueryDict | None = None) -> BaseForm:
        """Return the form."""
        return RowForm(data, instance=self.instance)

    def save(self, form: RowForm) -> str:
        """Save it."""
        row = save_row(form.instance, by=self.reader, shown=ROW_FIELDS, seen=form.cleaned_data["seen"])
        return _("“%(text)s” is saved.") % {"text": row.asset_class}


class EditRowView(NewRowView):
    """Changes a class's life, price and amounts in the budget."""

    title = gettext_lazy("Change the class in this budget")
    template_name = "desk/investments/row_form.html"

    @cached_property
    def instance(self) -> Investment:
        """The address's row."""
        found = find_investment(self.budget, self.kwargs["investment"], self.reader)
        if found is None:
            raise Http404
        found.budget = self.budget
        return found

    def get_context_data(self, **kwargs: object) -> Context:
        """Add its history."""
        own = {"row": self.instance, "changes": load_changes(self.reader, self.instance)}
        return super().get_context_data(**{**own, **kwargs})


class RemoveRowView(BelowInvestments, TemplateView):
    """Removes a class that buys nothing, which can be taken back."""

    http_method_names = ["post"]
    writes = True

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Remove it, or say why it stays."""
        row = self.row
        row.budget = self.budget
        try:
            remove_row(row, by=self.reader)
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        else:
            said = _("“%(name)s” is removed. It can be undone below the list.") % {"name": row.asset_class}
            messages.success(request, said)
        return HttpResponseRedirect(self.list_url)


NO_CLASS = "none"


class CarriersView(InForm):
    """Which products carry an asset class's depreciation and interest, by weight."""

    @cached_property
    def part(self) -> AssetClass | None:
        """The address's class; none for loans that pay for no class."""
        slug = self.kwargs["asset_class"]
        if slug == NO_CLASS:
            return None
        found: AssetClass | None = AssetClass.objects.visible_to(self.reader).filter(slug=slug).first()
        if found is None:
            raise Http404
        return found

    @property
    def part_name(self) -> str:
        """What is carried."""
        return self.part.name if self.part else _("Loans that pay for no asset class")

    def get_title(self) -> str:
        """Return what is carried."""
        return _("Who carries %(name)s") % {"name": self.part_name}

    @cached_property
    def carriers(self) -> list[ProductClass]:
        """Those that carry it now."""
        part = self.part.pk if self.part else None
        return [row for row in list_carriers(self.budget) if row.asset_class_id == part]

    def get_form(self, data: QueryDict | None = None) -> BaseForm:
        """Return the form."""
        return CarriersForm(data, budget=self.budget, carriers=self.carriers)

    def save(self, form: CarriersForm) -> str:
        """Save them."""
        part = self.part.pk if self.part else None
        save_carriers(self.budget, form.read(self.budget, part), part=part, by=self.reader, name=self.part_name)
        return _("Who carries “%(name)s” is saved.") % {"name": self.part_name}

    def get_return_url(self) -> str:
        """Return the part of the list on capital cost."""
        return f"{self.list_url}#capital"

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the list."""
        return super().get_crumbs()
