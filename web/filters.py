"""Filters on amounts, typed in kronor, which `BaseFilterSet` picks for `OreField` by itself; and the search for words."""

import unicodedata
from functools import reduce
from operator import or_

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_filters.fields import RangeField
from django_filters.widgets import SuffixedMultiWidget

from web.fields import OreField, OreFormField, OreInput


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
