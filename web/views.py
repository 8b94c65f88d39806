"""What pages start from: a signed-in reader, a title, crumbs, the active menu item; and lists with filters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, Self, TypeVar, cast

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.generic import TemplateView
from django.views.generic.base import ContextMixin, View
from django_filters import FilterSet
from django_tables2 import SingleTableMixin

from web.arranging import drop_unreadable, find_unfollowed
from web.errors import is_htmx, method_not_allowed, session_expired
from web.exports import ExportMixin
from web.typing import Context

if TYPE_CHECKING:
    # The stubs' name for the project's own user, accounts.models.User: web imports no app above it.
    from django.contrib.auth.models import _User as User

__all__ = ["BaseListView", "Context", "Crumb", "PageView", "Rows", "own_address"]

Crumb = tuple[str | Promise, str]
Row = TypeVar("Row", covariant=True)


class Rows(Protocol[Row]):
    """What a list shows: a queryset, or anything else that is read and narrowed like one."""

    def __iter__(self) -> Iterator[Row]: ...

    def __len__(self) -> int: ...

    def none(self) -> Self:
        """Return no rows."""
        ...


def own_address(asked: str) -> str:
    """Return the address that a request asks to be led back to, when it is one of ours; else nothing."""
    is_ours = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if is_ours else ""


class PageView(LoginRequiredMixin, ContextMixin, View):
    """A page for someone signed in. `nav_key` is the key of its item in the side bar, `help_key` its part of the help."""

    title: str | Promise = ""
    nav_key: ClassVar[str] = ""
    help_key: ClassVar[str] = ""

    @cached_property
    def reader(self) -> User:
        """Return who reads the page: someone signed in, for nobody else gets this far."""
        return cast("User", self.request.user)

    # Django promises a redirect, which an answer to htmx is not.
    def handle_no_permission(self) -> Any:
        """Ask to sign in; what was typed before the session ended is kept, and htmx swaps in no sign-in page."""
        request = self.request
        if not request.user.is_authenticated and (request.method == "POST" or is_htmx(request)):
            return session_expired(request)
        return super().handle_no_permission()

    def http_method_not_allowed(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Say so on a page."""
        return method_not_allowed(request, [name.upper() for name in self.http_method_names if hasattr(self, name)])

    def get_title(self) -> str:
        """Return the heading, which is also the window's title."""
        return str(self.title)

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return (label, address) of the pages above; an empty address shows the label alone."""
        return ()

    def get_context_data(self, **kwargs: object) -> Context:
        """Add `title`, `crumbs`, `nav_key` and `help_key`."""
        head = {
            "title": self.get_title(),
            "crumbs": self.get_crumbs(),
            "nav_key": self.nav_key,
            "help_key": self.help_key or self.nav_key,
        }
        return super().get_context_data(**{**head, **kwargs})


class BaseListView(ExportMixin, PageView, SingleTableMixin, TemplateView, Generic[Row]):
    """A table of what the reader may see, also as a file, with a filter when `filterset_class` is set. Set `table_class`."""

    template_name = "web/list.html"
    filterset_class: type[FilterSet] | None = None
    paginate_by = 50
    # The rows that the filter leaves; a view of a queryset may say so: `object_list: QuerySet[CostLine]`.
    object_list: Rows[Row]

    def get_rows(self, user: User) -> Rows[Row]:
        """Return the rows this user may see: call a selector here."""
        raise NotImplementedError

    def get_filterset(self, rows: Rows[Row]) -> FilterSet | None:
        """Return the filter bound to the address, or None when the list has none."""
        if self.filterset_class is None:
            return None
        return self.filterset_class(self.request.GET, queryset=rows, request=self.request)

    def get_table(self, **kwargs: Any) -> Any:
        """Return the table as the address arranges it, and say what of that can't be followed."""
        said = list(drop_unreadable(self.request))
        table = super().get_table(**kwargs)
        for text in (*said, *find_unfollowed(table, self.request.GET)):
            messages.warning(self.request, text)
        return table

    def get_context_data(self, **kwargs: object) -> Context:
        """Add `filter` and `table`; a filter with an error shows no rows, and says why."""
        rows = self.get_rows(self.reader)
        chosen = self.get_filterset(rows)
        if chosen is not None:
            rows = chosen.qs if chosen.is_valid() else rows.none()
        self.object_list = rows
        return super().get_context_data(**{"filter": chosen, **kwargs})
