"""The seals of history, and the newest of them as a file to keep elsewhere."""

from __future__ import annotations

import json
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from accounts.models import User
from history.seals import count_unsealed, describe_head, list_digests
from history.tables import DigestTable
from pages.authors import may_read_people
from web.views import BaseListView, PageView


class SealsView(BaseListView):
    """The seals of history, for those who look after the system; the newest can be taken out."""

    title = gettext_lazy("Seals of history")
    template_name = "history/seals.html"
    table_class = DigestTable

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Only for those who may read what people do."""
        if not may_read_people(cast(User, request.user)):
            raise PermissionDenied
        return super().get(request, *args, **kwargs)

    def get_rows(self, user: Any) -> Any:
        """Newest first."""
        return list_digests(user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what is not yet sealed."""
        return super().get_context_data(**{"unsealed": count_unsealed(), **kwargs})


class HeadView(PageView, TemplateView):
    """The newest seal as a file, to be kept outside the system."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The same as manage.py history_head prints."""
        if not may_read_people(cast(User, request.user)):
            raise PermissionDenied
        head = describe_head()
        if head is None:
            raise Http404
        response = HttpResponse(json.dumps(head, indent=1) + "\n", content_type="application/json")
        response["Content-Disposition"] = f'attachment; filename="history-head-{head["day"]}-{head["number"]}.json"'
        return response
