"""How a list is arranged by its address: its order, its page and how many rows that has; what can't be followed is said.

A link that was kept, cut or typed by hand may ask for what no list has. The list is then shown as it is by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django.http import HttpRequest, QueryDict

    from web.tables import BaseTable

MOST_ROWS = 500
# A page beyond any list; more digits are not read at all.
MOST_PAGES = 10**9


def drop_unreadable(request: HttpRequest) -> Iterator[str]:
    """Take numbers that are none out of a request's address, so that its links lack them too; yield what is said."""
    asked = request.GET.copy()
    for name, most, text in (
        ("page", MOST_PAGES, _("“%(value)s” is not a page of a list. This is the first.")),
        ("per_page", MOST_ROWS, _("A page can't have “%(value)s” rows: write a number from 1 to %(most)s.")),
    ):
        typed = asked.get(name)
        if typed is not None and not _is_number(typed, most):
            del asked[name]
            yield text % {"value": typed[:40], "most": most}
    request.GET = asked  # type: ignore[assignment]


def find_unfollowed(table: BaseTable, asked: QueryDict) -> Iterator[str]:
    """Yield what is said of an order or a page that a table does not have."""
    orders = [alias for part in asked.getlist("sort") for alias in part.split(",") if alias]
    unknown = [alias for alias in orders if alias not in (table.order_by or ())]
    if unknown:
        yield _("The list can't be sorted by “%(value)s”. It is in its own order.") % {"value": unknown[0][:40]}
    page = getattr(table, "page", None)
    if page is not None and page.number < int(asked.get("page", 1)):
        text = _("There is no page %(page)s. This is the last, %(last)s.")
        yield text % {"page": asked["page"], "last": page.number}


def _is_number(typed: str, most: int) -> bool:
    return typed.isascii() and typed.isdecimal() and len(typed) < 10 and 1 <= int(typed) <= most
