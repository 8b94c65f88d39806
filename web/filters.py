"""Filters on amounts, typed in kronor, which `BaseFilterSet` picks for `OreField` by itself; the search for words; and a
filter in words."""

import unicodedata
from collections.abc import Iterator
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters.fields import RangeField
from django_filters.widgets import SuffixedMultiWidget

from web.fields import OreField, OreFormField, OreInput
from web.numbers import format_sek


def containing(words: str, *paths: str) -> Q:
    """Return the condition that one of some texts has these words.

    What was stored before texts had one form is kept as it was, since it may be frozen and is sealed: it is looked for too.
    """
    forms = dict.fromkeys((words, unicodedata.normalize("NFD", words)))
    return reduce(or_, (Q(**{f"{path}__icontains": form}) for path in paths for form in forms))


class OreFilter(django_filters.Filter):
    """One amount in kronor."""

    field_class = OreFormField


class OreRangeWidget(SuffixedMultiWidget):
    """Two inputs, `<name>_min` and `<name>_max`."""

    template_name = "django_filters/widgets/multiwidget.html"
    suffixes = ["min", "max"]
    use_fieldset = True

    def __init__(self, attrs: dict[str, object] | None = None) -> None:
        inputs = (OreInput({"aria-label": _("At least, SEK")}), OreInput({"aria-label": _("At most, SEK")}))
        super().__init__(inputs, attrs)

    def decompress(self, value: slice | None) -> list[int | None]:
        """Return the range's two ends."""
        return [value.start, value.stop] if value else [None, None]


class OreRangeField(RangeField):
    """From and to, in kronor."""

    widget = OreRangeWidget

    def __init__(self, *args: object, **kwargs: object) -> None:
        parts: tuple[forms.Field, ...] = (OreFormField(), OreFormField())
        super().__init__(parts, *args, **kwargs)


class OreRangeFilter(django_filters.RangeFilter):
    """Amounts from and to, in kronor."""

    field_class = OreRangeField


class BaseFilterSet(django_filters.FilterSet):
    """A FilterSet that knows amounts."""

    FILTER_DEFAULTS = {**django_filters.FilterSet.FILTER_DEFAULTS, OreField: {"filter_class": OreFilter}}


def say_chosen(form: forms.BaseForm) -> str:
    """Return what is chosen in a filter's form, as “Status draft; Text “lic””; nothing when all is shown.

    A form whose field leaves rows out also while nothing is chosen names it in `always_chosen`.
    """
    if not form.is_valid():
        return ""
    chosen = dict.fromkeys([*form.changed_data, *getattr(form, "always_chosen", ())])
    return "; ".join(f"{form[name].label} {_say_value(form, name)}" for name in chosen)


def _say_value(form: forms.BaseForm, name: str) -> str:
    """Return the chosen words of a list of choices; what was typed stands in the reader's own quotation marks."""
    field, value = form.fields[name], form.cleaned_data[name]
    if isinstance(field, forms.ChoiceField):
        chosen = [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]
        return ", ".join(label for key, label in _flatten(field.choices) if key in chosen)
    if isinstance(value, slice):
        return "–".join("" if end is None else format_sek(end) for end in (value.start, value.stop))
    if isinstance(value, date):
        return value.isoformat()
    return gettext("“%(text)s”") % {"text": value}


def _flatten(choices: Any) -> Iterator[tuple[str, str]]:
    """Yield the choices, also those that are gathered under a heading."""
    for key, label in choices:
        if isinstance(label, list | tuple):
            yield from _flatten(label)
        else:
            yield str(key), str(label)
