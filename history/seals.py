"""The seals of history, for those who look after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from records.chain.sealing import count_unsealed, describe_head
from records.models import HistoryDigest

if TYPE_CHECKING:
    from accounts.models import User

__all__ = ["count_unsealed", "describe_head", "list_digests"]


def list_digests(user: User) -> QuerySet[HistoryDigest]:
    """The digests the user may see, newest first, with the record of their disposal."""
    rows: QuerySet[HistoryDigest] = HistoryDigest.objects.visible_to(user)
    return rows.select_related("disposal").order_by("-number")
