"""How every form looks: `{{ form }}` and `{{ field.as_field_group }}` give our labels, help and errors.

The trick: Django asks the renderer for templates and for the class that binds a field, so no form, ours or a package's,
has to say anything about looks.
"""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms.boundfield import BoundField
from django.forms.renderers import Jinja2, TemplatesSetting
from django.forms.widgets import Input
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

# What Django offers where nothing is chosen.
DASHES = str(BLANK_CHOICE_DASH[0][1])


def _class_of(widget: forms.Widget) -> str:
    """Return the sheet's class for a widget, empty for one that has none."""
    if isinstance(widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "form-check-input"
    if isinstance(widget, forms.Select):
        return "form-select"
    if isinstance(widget, Input | forms.Textarea | forms.MultiWidget) and not widget.is_hidden:
        return "form-control"
    return ""


def _name_nothing(field: forms.Field) -> None:
    """Say in words what Django offers as a row of dashes: nothing, or that a choice is still to be made."""
    words = gettext("Choose") if field.required else gettext("None")
    if isinstance(field, forms.ModelChoiceField):
        if field.empty_label == DASHES:
            field.empty_label = words
    elif isinstance(field, forms.ChoiceField):
        choices = cast("Iterable[tuple[object, object]]", field.choices)
        if next(iter(choices), ("", ""))[1] == DASHES:
            field.choices = [("", words), *list(choices)[1:]]


class PageBoundField(BoundField):
    """A field on a form, with the sheet's classes; Django itself adds what screen readers need."""

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        _name_nothing(field)
        # A package's form says there what our label says above the field.
        field.widget.attrs.pop("placeholder", None)
        super().__init__(form, field, name)

    def build_widget_attrs(
        self, attrs: dict[str, str | bool], widget: forms.Widget | None = None
    ) -> dict[str, str | bool]:
        """Add the classes to those the widget has of its own."""
        used = widget or self.field.widget
        built = super().build_widget_attrs(attrs, widget)
        classes = [str(built.get("class") or used.attrs.get("class", "")), _class_of(used)]
        if self.errors and not used.is_hidden:
            classes.append("is-invalid")
        names = list(dict.fromkeys(" ".join(classes).split()))
        if names:
            built["class"] = " ".join(names)
        return built

    @property
    def help_html(self) -> SafeString:
        """Return the help; a package's own is HTML, such as the list of rules for passwords."""
        return mark_safe(self.help_text)

    @property
    def is_check(self) -> bool:
        """Say whether the label follows the box instead of standing above the field."""
        return isinstance(self.field.widget, forms.CheckboxInput)


WIDGETS = "django/forms/widgets/"


class PageRenderer(TemplatesSetting):
    """The project's form renderer (setting FORM_RENDERER).

    Django's own widgets are drawn by its Jinja2 templates: a filter has hundreds of options, each a template.
    """

    _widgets = Jinja2()

    form_template_name = "web/form.html"
    field_template_name = "web/field.jinja"
    bound_field_class = PageBoundField

    def get_template(self, template_name: str) -> Any:
        """Return the template of a form, a field or a widget."""
        if template_name.startswith(WIDGETS):
            return self._widgets.get_template(template_name)
        return super().get_template(template_name)
