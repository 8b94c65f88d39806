"""Asset classes: the register, their form, their order, removing them, and taking a change back."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, cast
from uuid import UUID

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from investments.models import AssetClass
from investments.selectors.classes import ASSET_FIELDS, list_asset_classes, list_parents
from investments.services.classes import (
    REGISTER,
    find_asset_class_faults,
    move_asset_class,
    remove_asset_class,
    save_asset_class,
    undo_asset_class_act,
)
from objects.selectors.registers import Ends, can_keep, find_ends, list_register_acts
from pages.acts import tell_acts
from pages.changes import load_changes
from pages.forms import DigestForm
from pages.registers import InRegister, KeepView, RemoveRowView, UndoActView, draw_moves
from records.selectors.uses import Use, list_uses
from web.fields import NumberField
from web.filters import BaseFilterSet, containing
from web.tables import OPTIONAL, BaseTable, CountColumn
from web.views import BaseListView, Context, Crumb

if TYPE_CHECKING:
    ParentField = forms.ModelChoiceField[AssetClass]
else:
    ParentField = forms.ModelChoiceField

TITLE = gettext_lazy("Asset classes")


class AssetClassTable(BaseTable):
    """Asset classes with their lives, and how much of the budgets rests on them."""

    caption = TITLE
    caption_hidden = True
    name = tables.Column(verbose_name=gettext_lazy("Asset class"))
    useful_life_years = CountColumn(verbose_name=gettext_lazy("Useful life, years"), default="–")
    assumed_life_years = CountColumn(verbose_name=gettext_lazy("Assumed life, years"), default="–")
    parent = tables.Column(accessor="parent__name", verbose_name=gettext_lazy("Part of"), default="–")
    investment_count = CountColumn(verbose_name=gettext_lazy("Investments"), css="opt")
    loan_count = CountColumn(verbose_name=gettext_lazy("Planned loans"), css="opt")
    position = CountColumn(verbose_name=gettext_lazy("Place in the order"), attrs=OPTIONAL)

    class Meta:
        empty_text = gettext_lazy("No asset class matches.")

    def __init__(self, data: QuerySet[AssetClass], *, ends: Ends | None) -> None:
        super().__init__(data)
        self.ends = ends

    def render_name(self, record: AssetClass) -> SafeString | str:
        """Return the name; those who keep the register get a link to its form."""
        if self.ends is None:
            return record.name
        return format_html('<a href="{}">{}</a>', reverse("objects:edit_asset_class", args=[record.slug]), record.name)

    def render_position(self, value: int, record: AssetClass) -> SafeString | str:
        """Return the place, and for those who keep the register what moves it."""
        if self.ends is None:
            return str(value)
        is_first, is_last = record.pk in self.ends.first, record.pk in self.ends.last
        return format_html("{} {}", value, draw_moves(record.slug, record.name, is_first=is_first, is_last=is_last))


class AssetClassFilter(BaseFilterSet):
    """By name."""

    q = django_filters.CharFilter(label=gettext_lazy("Name"), method="by_name")

    class Meta:
        model = AssetClass
        fields = ("q",)

    def by_name(self, rows: QuerySet[AssetClass], name: str, value: str) -> QuerySet[AssetClass]:
        """Keep those with the words in their name."""
        return rows.filter(containing(value, "name"))


class AssetClassForm(DigestForm):
    """An asset class and its life."""

    useful_life_years = NumberField(
        label=gettext_lazy("Useful life, years"),
        max_digits=3,
        required=False,
        help_text=gettext_lazy("As decided. Loans for it are repaid over so many years."),
    )
    assumed_life_years = NumberField(
        label=gettext_lazy("Assumed life, years"),
        max_digits=3,
        required=False,
        help_text=gettext_lazy("Counts while the useful life is not known; what rests on it is shown as assumed."),
    )

    class Meta:
        model = AssetClass
        fields = ASSET_FIELDS
        help_texts = {
            "parent": gettext_lazy("Counted with that class wherever it is named, with a life of its own."),
            "is_device": gettext_lazy(
                "Each has a customer in the device register, and is replaced when its life ends."
            ),
        }

    def __init__(self, data: Mapping[str, object] | None = None, *, instance: AssetClass) -> None:
        super().__init__(data, instance=instance)
        parent = cast(ParentField, self.fields["parent"])
        parent.queryset, parent.empty_label = list_parents(instance), _("No other class")

    def clean_useful_life_years(self) -> int | None:
        """Return whole years."""
        return _as_int(self.cleaned_data["useful_life_years"])

    def clean_assumed_life_years(self) -> int | None:
        """Return whole years."""
        return _as_int(self.cleaned_data["assumed_life_years"])

    def clean(self) -> None:
        """Look at what the fields say together."""
        super().clean()
        typed = {name: self.cleaned_data.get(name) for name in ASSET_FIELDS}
        self.add_faults(
            find_asset_class_faults(
                AssetClass(
                    pk=self.instance.pk,
                    **{**typed, "name": typed["name"] or "", "is_device": bool(typed["is_device"])},
                )
            )
        )


def _as_int(value: object) -> int | None:
    return None if value is None else int(str(value))


class AssetClassListView(BaseListView[AssetClass]):
    """All asset classes in their order."""

    title = TITLE
    nav_key = "asset_classes"
    template_name = "desk/asset_classes/asset_classes.html"
    table_class = AssetClassTable
    filterset_class = AssetClassFilter

    def get_rows(self, user: User) -> QuerySet[AssetClass]:
        """Return those the reader may see."""
        return list_asset_classes(user)

    def get_table_kwargs(self) -> dict[str, object]:
        """Say how far each can be moved by those who keep them."""
        keeps = can_keep(self.reader)
        return {"ends": find_ends(AssetClass.objects.visible_to(self.reader)) if keeps else None}

    def get_context_data(self, **kwargs: object) -> Context:
        """Add what the reader may do, and what has been done."""
        acts = tell_acts(list_register_acts(REGISTER, self.reader), _undo_url)
        shown = {"can_keep": can_keep(self.reader), "acts": acts, "has_rows": AssetClass.objects.exists()}
        return super().get_context_data(**shown, **kwargs)


def _undo_url(act: UUID) -> str:
    return reverse("objects:undo_asset_class_act", args=[act])


class InAssetClasses(InRegister):
    """A page below the register."""

    nav_key = "asset_classes"
    list_label = TITLE

    @property
    def list_url(self) -> str:
        """The list's address."""
        return reverse("objects:asset_classes")


class NewAssetClassView(InAssetClasses, KeepView):
    """Adds an asset class."""

    title = gettext_lazy("New asset class")
    submit = gettext_lazy("Save")
    template_name = "desk/asset_classes/asset_class_form.html"

    @cached_property
    def row(self) -> AssetClass:
        """A new one."""
        return AssetClass()

    def get_form(self, data: QueryDict | None = None) -> forms.BaseForm:
        """Return the form."""
        return AssetClassForm(data, instance=self.row)

    def save(self, form: AssetClassForm) -> str:
        """Save it."""
        row = save_asset_class(form.instance, by=self.reader, seen=form.cleaned_data["seen"])
        return _("“%(name)s” is saved.") % {"name": row.name}


class InAssetClass(InAssetClasses):
    """A page about the address's asset class."""

    @cached_property
    def row(self) -> AssetClass:
        """The address's asset class."""
        row = AssetClass.objects.visible_to(self.reader).filter(slug=self.kwargs["asset_class"]).first()
        if row is None:
            raise Http404
        return row


class EditAssetClassView(InAssetClass, NewAssetClassView):
    """Changes an asset class, and tells what has been done with it."""

    title = gettext_lazy("Change the asset class")

    # Of one that is there, not of a new one.
    row = InAssetClass.row

    def get_context_data(self, **kwargs: object) -> Context:
        """Add its history."""
        return super().get_context_data(row=self.row, changes=load_changes(self.reader, self.row), **kwargs)


class RemoveAssetClassView(InAssetClass, RemoveRowView):
    """Removes an asset class that no budget uses."""

    title = gettext_lazy("Remove the asset class?")

    def find_row(self) -> AssetClass:
        """Return it."""
        return self.row

    def list_uses(self) -> list[Use]:
        """Return what points to it."""
        return list_uses(self.row)

    def remove(self) -> None:
        """Remove it."""
        remove_asset_class(self.row, by=self.reader)

    def get_return_url(self) -> str:
        """Return its form."""
        return reverse("objects:edit_asset_class", args=[self.row.slug])

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to it."""
        return [*super().get_crumbs(), (self.row.name, self.get_return_url())]


class MoveAssetClassView(InAssetClasses):
    """Moves an asset class one place."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Move it."""
        self.require()
        is_up = "up" in request.POST
        row = AssetClass.objects.filter(slug=request.POST.get("up" if is_up else "down", "")).first()
        if row is None:
            raise Http404
        move_asset_class(row, up=is_up, by=self.reader)
        return HttpResponseRedirect(self.list_url)


class UndoAssetClassView(InAssetClasses, UndoActView):
    """Takes back a change of asset classes."""

    def undo(self) -> None:
        """Take it back."""
        undo_asset_class_act(self.kwargs["act"], by=self.reader)
