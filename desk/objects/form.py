"""The forms of an object's texts, plans and items."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from budgets.models import COST_KINDS, BudgetProduct
from budgets.services.objects import OBJECT_FIELDS, find_object_faults
from engine.result import CostKind
from objects.models import (
    DevelopmentItem,
    GovernanceObject,
    ObjectPlan,
    Role,
)
from objects.services.plans import TEXTS, find_item_faults, find_plan_faults
from pages.forms import DigestForm, SeenForm, text_area
from web.ordering import in_swedish


class TextsForm(DigestForm):
    """An object's essential texts."""

    class Meta:
        model = GovernanceObject
        fields = TEXTS
        widgets = {name: text_area(4) for name in TEXTS}


class ObjectForm(DigestForm):
    """What an object is called, of which kind it is, and whether it has a sub-budget."""

    class Meta:
        model = GovernanceObject
        fields = OBJECT_FIELDS
        help_texts = {
            "name_sv": _("Sub-budgets of it in budgets in work follow the name; adopted ones keep theirs."),
            "has_own_budget": _("Without one its cost lies in other sub-budgets."),
        }

    def clean(self) -> None:
        """Look at what the fields say together."""
        super().clean()
        typed = {name: self.cleaned_data.get(name) or "" for name in OBJECT_FIELDS if name != "has_own_budget"}
        own = bool(self.cleaned_data.get("has_own_budget"))
        self.add_faults(find_object_faults(GovernanceObject(pk=self.instance.pk, has_own_budget=own, **typed)))


class AppointForm(forms.Form):
    """Who gets which role for an object."""

    person = forms.ModelChoiceField(
        User.objects.none(), to_field_name="uuid", label=_("User"), empty_label=_("Choose"),
        help_text=_("Somebody who is not there yet is invited under Users and roles."),
    )  # fmt: skip
    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, data: Mapping[str, object] | None = None) -> None:
        super().__init__(data)
        people = User.objects.filter(is_active=True).order_by(in_swedish("name"), "email")
        cast("forms.ModelChoiceField[User]", self.fields["person"]).queryset = people
        roles = [(role.value, role.label) for role in (Role.OBJECT_OWNER, Role.OBJECT_MANAGER, Role.STEERING_GROUP)]
        cast(forms.ChoiceField, self.fields["role"]).choices = roles


class PlanForm(SeenForm):
    """An object plan without its items."""

    class Meta:
        model = ObjectPlan
        fields = ("from_year", "to_year", "state", "goal_sv", "goal_en", "watched")
        widgets = {"goal_sv": text_area(4), "goal_en": text_area(4), "watched": text_area(3)}
        help_texts = {"watched": _("What the object follows besides its priorities.")}

    def clean(self) -> None:
        """Look at what the fields say together."""
        super().clean()
        values = self.cleaned_data
        years = {name: values.get(name) for name in ("from_year", "to_year")}
        plan = ObjectPlan(pk=self.instance.pk, governance_object=self.instance.governance_object, **years)
        self.add_faults(find_plan_faults(plan))


class ItemForm(SeenForm):
    """A development item; its priority is changed in the list."""

    quarter = forms.TypedChoiceField(
        label=_("Quarter"),
        choices=[("", _("not known")), *((number, str(number)) for number in range(1, 5))],
        coerce=int,
        empty_value=None,
        required=False,
    )

    class Meta:
        model = DevelopmentItem
        fields = ("title", "text", "state", "year", "quarter", "effect_ore")
        widgets = {"text": text_area(4)}
        help_texts = {
            "effect_ore": _("What a full year costs more, or less with a minus. Leave empty when it is not known.")
        }

    def clean(self) -> None:
        """Look at what the fields say together."""
        super().clean()
        values = self.cleaned_data
        item = DevelopmentItem(plan=self.instance.plan, year=values.get("year"), quarter=values.get("quarter"))
        self.add_faults(find_item_faults(item))


class LinesForm(forms.Form):
    """Which products of a draft get a line of a development item, and of which kind of cost."""

    products = forms.MultipleChoiceField(
        label=_("Products"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Each gets a line; they share the cost evenly."),
        error_messages={"required": _("Choose at least one product.")},
    )
    cost_kind = forms.ChoiceField(label=_("Cost kind"), initial=CostKind.DIRECT_COST.value)

    def __init__(self, data: Mapping[str, object] | None = None, *, targets: list[BudgetProduct]) -> None:
        super().__init__(data)
        self.targets = {f"{target.budget.slug}/{target.lineage}": target for target in targets}
        choices = [(key, f"{target.budget.name}: {target.name}") for key, target in self.targets.items()]
        cast(forms.MultipleChoiceField, self.fields["products"]).choices = choices
        kinds = [kind for kind in COST_KINDS if kind[0] != CostKind.USE_OF_EQUITY]
        cast(forms.ChoiceField, self.fields["cost_kind"]).choices = kinds

    def clean_products(self) -> list[BudgetProduct]:
        """Return the products themselves."""
        return [self.targets[key] for key in self.cleaned_data["products"]]
