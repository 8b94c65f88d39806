"""The page of history's seals, for those who look after it, and the newest of them as a file to keep elsewhere."""

from __future__ import annotations

import json
from typing import cast

import django_tables2 as tables
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from accounts.models import User
from pages.authors import may_read_people
from records.chain.sealing import count_unsealed, describe_head
from records.models import HistoryDigest
from web.tables import BaseTable, CountColumn, DayColumn, MomentColumn
from web.views import BaseListView, Context, PageView


def list_digests(user: User) -> QuerySet[HistoryDigest]:
    """Return the digests the user may see, newest first, with the record of their disposal."""
    rows: QuerySet[HistoryDigest] = HistoryDigest.objects.visible_to(user)
    return rows.select_related("disposal").order_by("-number")


class DigestTable(BaseTable):
    """The seals of history, newest first."""

    caption = gettext_lazy("Seals, newest first")
    caption_hidden = True
    row_header = "number"
    number = CountColumn(verbose_name=gettext_lazy("Number"))
    day = DayColumn(verbose_name=gettext_lazy("Day (UTC)"))
    count = CountColumn(verbose_name=gettext_lazy("Events"))
    sealed_at = MomentColumn(verbose_name=gettext_lazy("Sealed"))
    disposal = tables.Column(verbose_name=gettext_lazy("Disposed of"), empty_values=())
    hash = tables.Column(verbose_name=gettext_lazy("Hash"))

    class Meta:
        orderable = False
        empty_text = gettext_lazy("Nothing is sealed yet. It is done once an hour, or by manage.py seal_history.")

    def render_disposal(self, record: HistoryDigest) -> str:
        """Say by whom and why its events were removed."""
        disposal = getattr(record, "disposal", None)
        if disposal is None:
            return ""
        return _("by %(who)s, because “%(reason)s”") % {"who": disposal.disposed_by, "reason": disposal.reason}

    def render_hash(self, value: str) -> SafeString:
        """Return all of it, so that it can be compared by eye."""
        return format_html('<span class="wrap num small">{}</span>', value)


class SealsView(BaseListView[HistoryDigest]):
    """The seals of history, for those who look after the system; the newest can be taken out."""

    title = gettext_lazy("Seals of history")
    template_name = "history/seals.html"
    table_class = DigestTable

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Show them only to those who may read what people do."""
        if not may_read_people(cast(User, request.user)):
            raise PermissionDenied
        return super().get(request, *args, **kwargs)

    def get_rows(self, user: User) -> QuerySet[HistoryDigest]:
        """Return the seals, newest first."""
        return list_digests(user)

    def get_context_data(self, **kwargs: object) -> Context:
        """Add what is not yet sealed."""
        return super().get_context_data(**{"unsealed": count_unsealed(), **kwargs})


class HeadView(PageView, TemplateView):
    """The newest seal as a file, to be kept outside the system."""

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Show the same as manage.py history_head prints."""
        if not may_read_people(cast(User, request.user)):
            raise PermissionDenied
        head = describe_head()
        if head is None:
            raise Http404
        response = HttpResponse(json.dumps(head, indent=1) + "\n", content_type="application/json")
        response["Content-Disposition"] = f'attachment; filename="history-head-{head["day"]}-{head["number"]}.json"'
        return response
