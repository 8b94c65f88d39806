"""Comments in tables of a sub-budget: `{% load collaboration %}`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from itsam.web import marks
from records.selectors.collaboration import Counts

register = template.Library()


@register.simple_tag(takes_context=True)
def comment_link(context: Any, lineage: UUID | str, name: str) -> SafeString:
    """The link to the comments on a line or product: `{% comment_link line.lineage line.text %}`.

    It needs `budget`, `sub_budget` and `comment_counts` in the context; without counts, which those outside the
    federation have not, it is empty.
    """
    counts: Mapping[UUID, Counts] | None = context.get("comment_counts")
    if counts is None:
        return SafeString()
    address = reverse("budgets:comments", args=[context["budget"].slug, context["sub_budget"].slug])
    return draw_comment_link(address, UUID(str(lineage)), name, counts)


def draw_comment_link(address: str, lineage: UUID, name: str, counts: Mapping[UUID, Counts]) -> SafeString:
    """The same for rows that are drawn in Python; `address` is that of the sub-budget's comments."""
    own = counts.get(lineage)
    said = (
        ngettext("%(count)s comment", "%(count)s comments", own.total) % {"count": own.total} if own else _("Comment")
    )
    if own and own.open:
        said += ", " + ngettext("%(count)s open", "%(count)s open", own.open) % {"count": own.open}
    return format_html(
        '<a class="row-act" href="{}?about={}" title="{}">{}{}<span class="visually-hidden"> {}: {}</span></a>',
        address,
        lineage,
        said,
        marks.icon("comment"),
        f" {own.total}" if own else "",
        said,
        name,
    )
