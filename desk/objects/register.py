"""The register of governance objects: the list, the form, the order, who holds a role, and sub-budgets in drafts."""

from __future__ import annotations

from uuid import UUID

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import User
from budgets.models import Budget
from budgets.selectors.objects import list_lacking
from budgets.services.objects import REGISTER, add_sub_budget, move_object, remove_object, save_object
from desk.objects.base import InObject
from desk.objects.form import AppointForm, ObjectForm
from desk.objects.selectors import ObjectRow, load_object_rows
from objects.models import GovernanceObject, Role
from objects.selectors.objects import list_objects
from objects.selectors.people import can_keep_people
from objects.selectors.registers import can_keep, list_register_acts
from objects.services.people import give_role
from objects.services.registers import undo_act
from pages.acts import tell_acts
from pages.changes import load_changes
from pages.form_view import FormView
from pages.registers import InRegister, KeepView, RemoveRowView, UndoActView, draw_moves
from records.selectors.uses import Use, list_uses
from web.filters import BaseFilterSet, containing
from web.names import name_of
from web.tables import OPTIONAL, BaseTable, CountColumn
from web.views import BaseListView, Context, Crumb

TITLE = gettext_lazy("Register of objects")


class RegisterTable(BaseTable):
    """Objects in their order, with who answers for them."""

    caption = TITLE
    caption_hidden = True
    name = tables.Column(accessor="governance_object__name_sv", verbose_name=gettext_lazy("Name"))
    kind = tables.Column(accessor="governance_object__get_kind_display", verbose_name=gettext_lazy("Kind of object"))
    own = tables.Column(
        accessor="governance_object__has_own_budget", verbose_name=gettext_lazy("Has a sub-budget"), attrs=OPTIONAL
    )
    owner = tables.Column(
        accessor="people", verbose_name=pgettext_lazy("object", "Owner"), orderable=False, attrs=OPTIONAL
    )
    manager = tables.Column(
        accessor="people", verbose_name=pgettext_lazy("object", "Manager"), orderable=False, attrs=OPTIONAL
    )
    group = tables.Column(
        accessor="people", verbose_name=gettext_lazy("Steering group"), orderable=False, attrs=OPTIONAL
    )
    position = CountColumn(
        accessor="governance_object__position", verbose_name=gettext_lazy("Place in the order"), attrs={}
    )

    class Meta:
        empty_text = gettext_lazy("No object matches.")

    def __init__(self, data: list[ObjectRow], *, can_keep: bool) -> None:
        super().__init__(data)
        self.can_keep = can_keep

    def render_name(self, record: ObjectRow) -> SafeString:
        """Return a link to the object's page, by its name in the reader's language."""
        url = reverse("reports:object", args=[record.governance_object.slug])
        return format_html('<a href="{}">{}</a>', url, name_of(record.governance_object))

    def render_own(self, value: bool) -> str:
        """Return it as a word."""
        return _("yes") if value else _("no sub-budget of its own")

    def render_owner(self, record: ObjectRow) -> str:
        """Return the names."""
        return self._say(record, Role.OBJECT_OWNER)

    def render_manager(self, record: ObjectRow) -> str:
        """Return the names."""
        return self._say(record, Role.OBJECT_MANAGER)

    def render_group(self, record: ObjectRow) -> str:
        """Return the names."""
        return self._say(record, Role.STEERING_GROUP)

    def _say(self, record: ObjectRow, role: Role) -> str:
        return ", ".join(record.people.get(role, [])) or "–"

    def render_position(self, value: int, record: ObjectRow) -> SafeString | str:
        """Return the place, and for those who keep the register what moves it."""
        if not self.can_keep:
            return str(value)
        row = record.governance_object
        return format_html("{} {}", value, draw_moves(row.slug, name_of(row)))


class RegisterFilter(BaseFilterSet):
    """By name and kind."""

    q = django_filters.CharFilter(label=gettext_lazy("Name"), method="by_name")
    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("Kind of object"), choices=GovernanceObject.Kind.choices, empty_label=gettext_lazy("All")
    )

    class Meta:
        model = GovernanceObject
        fields = ("q", "kind")

    def by_name(self, rows: QuerySet[GovernanceObject], name: str, value: str) -> QuerySet[GovernanceObject]:
        """Keep those with the words in one of their names."""
        return rows.filter(containing(value, "name_sv", "name_en"))


class ObjectRegisterView(BaseListView[GovernanceObject]):
    """All objects, filtered."""

    title = TITLE
    nav_key = "objects"
    template_name = "desk/objects/register.html"
    table_class = RegisterTable
    filterset_class = RegisterFilter
    object_list: QuerySet[GovernanceObject]

    def get_rows(self, user: User) -> QuerySet[GovernanceObject]:
        """Return those the reader may see."""
        return list_objects(user)

    def get_table_data(self) -> list[ObjectRow]:
        """Add who answers for each."""
        return load_object_rows(self.object_list, self.reader)

    def get_table_kwargs(self) -> dict[str, object]:
        """Say whether the reader moves them."""
        return {"can_keep": can_keep(self.reader)}

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the objects."""
        return [(_("Objects"), reverse("reports:objects"))]

    def get_context_data(self, **kwargs: object) -> Context:
        """Add what the reader may do, and what has been done."""
        acts = tell_acts(list_register_acts(REGISTER, self.reader), _undo_url)
        return super().get_context_data(can_keep=can_keep(self.reader), acts=acts, **kwargs)


def _undo_url(act: UUID) -> str:
    return reverse("objects:undo_object_act", args=[act])


class InObjectRegister(InRegister):
    """A page below the register."""

    nav_key = "objects"
    list_label = TITLE

    @property
    def list_url(self) -> str:
        """The list's address."""
        return reverse("objects:object_register")


class NewObjectView(InObjectRegister, KeepView):
    """Adds an object."""

    title = gettext_lazy("New object")
    submit = gettext_lazy("Add object")

    def get_form(self, data: QueryDict | None = None) -> ObjectForm:
        """Return the form."""
        return ObjectForm(data, instance=GovernanceObject())

    def save(self, form: ObjectForm) -> str:
        """Add it."""
        row = save_object(form.instance, by=self.reader)
        return _("“%(name)s” is added. Give it a sub-budget on its form, and people their roles.") % {
            "name": name_of(row)
        }


class InRegisteredObject(InObject, InObjectRegister):
    """A page below an object's own."""

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the object."""
        url = reverse("reports:object", args=[self.kwargs["governance_object"]])
        return [*super().get_crumbs(), (name_of(self.governance_object), url)]


class EditObjectView(InRegisteredObject, KeepView):
    """Changes an object; lists the drafts in which it has no sub-budget, and what has been done with it."""

    title = gettext_lazy("Change the object")
    submit = gettext_lazy("Save")
    template_name = "desk/objects/object_form.html"

    def get_form(self, data: QueryDict | None = None) -> ObjectForm:
        """Return the form."""
        return ObjectForm(data, instance=self.governance_object)

    def save(self, form: ObjectForm) -> str:
        """Save it."""
        row = save_object(form.instance, by=self.reader, seen=form.cleaned_data["seen"])
        return _("“%(name)s” is saved.") % {"name": name_of(row)}

    def get_return_url(self) -> str:
        """Return the object's page."""
        return reverse("reports:object", args=[self.kwargs["governance_object"]])

    def get_context_data(self, **kwargs: object) -> Context:
        """Add drafts without it, and its history."""
        row = GovernanceObject.objects.get(pk=self.governance_object.pk)
        shown = {
            "governance_object": row,
            "lacking": list_lacking(self.reader, row),
            "changes": load_changes(self.reader, row),
        }
        return super().get_context_data(**{**kwargs, **shown})


class MoveObjectView(InObjectRegister):
    """Moves an object one place."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Move it."""
        self.require()
        is_up = "up" in request.POST
        slug = request.POST.get("up" if is_up else "down", "")
        row = GovernanceObject.objects.filter(slug=slug).first()
        if row is None:
            raise Http404
        move_object(row, up=is_up, by=self.reader)
        return HttpResponseRedirect(self.list_url)


class RemoveObjectView(InRegisteredObject, RemoveRowView):
    """Removes an object that nothing rests on."""

    title = gettext_lazy("Remove the object?")
    instead = gettext_lazy("An object that is to have no more cost is left without a sub-budget in the next budget.")

    def find_row(self) -> GovernanceObject:
        """Return the object."""
        return self.governance_object

    def name_row(self) -> str:
        """Return its name."""
        return name_of(self.governance_object)

    def list_uses(self) -> list[Use]:
        """Return what points to it."""
        return list_uses(self.governance_object)

    def remove(self) -> None:
        """Remove it."""
        remove_object(self.governance_object, by=self.reader)

    def get_return_url(self) -> str:
        """Return the object's form."""
        return reverse("objects:edit_object", args=[self.kwargs["governance_object"]])


class AddSubBudgetView(InRegisteredObject):
    """Gives an object a sub-budget in a draft."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Give it, or say why not."""
        self.require()
        budget = Budget.objects.visible_to(self.reader).filter(slug=request.POST.get("budget", "")).first()
        if budget is None:
            raise Http404
        try:
            sub_budget = add_sub_budget(self.governance_object, budget, by=self.reader)
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
            return HttpResponseRedirect(reverse("objects:edit_object", args=[self.governance_object.slug]))
        messages.success(request, _("%(budget)s has a sub-budget for it. Add its products.") % {"budget": budget.name})
        return HttpResponseRedirect(reverse("budgets:sub_budget", args=[budget.slug, sub_budget.slug]))


class AppointView(InObject, FormView):
    """Gives somebody a role for the object."""

    title = gettext_lazy("Give a role for the object")
    submit = gettext_lazy("Give role")

    def require(self) -> None:
        """Stop all but the administrator."""
        if not can_keep_people(self.reader):
            raise PermissionDenied

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the object."""
        return [*super().get_crumbs(), (name_of(self.governance_object), self.get_return_url())]

    def get_form(self, data: QueryDict | None = None) -> AppointForm:
        """Return the form."""
        return AppointForm(data)

    def save(self, form: AppointForm) -> str:
        """Give it."""
        person: User = form.cleaned_data["person"]
        give_role(person, role=form.cleaned_data["role"], by=self.reader, governance_object=self.governance_object)
        return _("The role is given. It is taken back on the user's page.")

    def get_return_url(self) -> str:
        """Return the object's page."""
        return reverse("reports:object", args=[self.kwargs["governance_object"]])


class UndoObjectView(InObjectRegister, UndoActView):
    """Takes back a change of objects."""

    def undo(self) -> None:
        """Take it back."""
        undo_act(REGISTER, self.kwargs["act"], by=self.reader)
