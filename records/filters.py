"""What the list of jobs can be filtered by."""

from __future__ import annotations

import django_filters
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from records.models import Job
from web.filters import BaseFilterSet


class JobFilter(BaseFilterSet):
    """By title, status and kind."""

    title = django_filters.CharFilter(label=_("Name"), lookup_expr="icontains")
    status = django_filters.ChoiceFilter(label=_("Status"), choices=Job.Status.choices, empty_label=_("All"))
    kind = django_filters.ChoiceFilter(label=pgettext_lazy("of a job", "Kind"), empty_label=_("All"))

    class Meta:
        model = Job
        fields = ("title", "status", "kind")

    def __init__(self, *args: object, kinds: list[tuple[str, str | Promise]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.filters["kind"].extra["choices"] = kinds
