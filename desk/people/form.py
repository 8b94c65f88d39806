"""The forms of a new user and of a role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from objects.models import Customer, GovernanceObject, Municipality, Role
from web.names import name_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    ObjectChoice = forms.ModelChoiceField[GovernanceObject]
else:
    ObjectChoice = forms.ModelChoiceField


class ObjectField(ObjectChoice):
    """Objects by name, known by slug."""

    def label_from_instance(self, obj: GovernanceObject) -> str:
        """Return its name in the reader's language."""
        return name_of(obj)


class RoleForm(forms.Form):
    """A role, and what it is held for."""

    role = forms.ChoiceField(label=_("Role"))
    governance_object = ObjectField(
        GovernanceObject.objects.none(),
        to_field_name="slug",
        required=False,
        label=_("Object"),
        empty_label=_("none"),
        help_text=_("For object owners, object managers and steering groups."),
    )
    municipality = forms.ModelChoiceField(
        Municipality.objects.none(),
        to_field_name="code",
        required=False,
        label=_("Municipality"),
        empty_label=_("none"),
        help_text=_("For municipality officers; or choose a customer."),
    )
    customer = forms.ModelChoiceField(
        Customer.objects.none(), to_field_name="uuid", required=False, label=_("Customer"), empty_label=_("none")
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, roles: Iterable[Role] = Role) -> None:
        super().__init__(data)
        choices = [("", _("Choose")), *((role.value, role.label) for role in roles)]
        cast("forms.ChoiceField", self.fields["role"]).choices = choices
        cast(ObjectChoice, self.fields["governance_object"]).queryset = GovernanceObject.objects.order_by("position")
        cast("forms.ModelChoiceField[Municipality]", self.fields["municipality"]).queryset = Municipality.objects.all()
        cast("forms.ModelChoiceField[Customer]", self.fields["customer"]).queryset = Customer.objects.all()


class InviteForm(RoleForm):
    """Who is invited, with the first role."""

    name = forms.CharField(label=_("Name"), max_length=150)
    email = forms.EmailField(label=_("E-mail address"), help_text=_("The invitation is sent here."))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    field_order = ("name", "email", "language", "role", "governance_object", "municipality", "customer")
