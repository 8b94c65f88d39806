"""Lets the one who did something say why, also afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models.fields.json import KT

from records.changes import events_of
from records.models import ActReason
from records.reasons import Reason
from records.services import change
from web.tracking import list_nouns

if TYPE_CHECKING:
    from accounts.models import User


def give_reason(act: UUID, words: str, *, by: User) -> None:
    """Write why `by` did an act, in place of what was written before; empty words take it back.

    Raise PermissionDenied where it is not the person's own act, ValidationError where the words are too long.
    """
    if not is_own_act(act, by):
        raise PermissionDenied
    words = " ".join(words.split())
    with change(by=by.email, reason=Reason.GIVE_REASON):
        if not words:
            ActReason.objects.filter(act=act).delete()
            return
        ActReason._meta.get_field("words").clean(words, None)
        ActReason.objects.update_or_create(act=act, defaults={"words": words, "by": by})


def is_own_act(act: UUID, by: User) -> bool:
    """Say whether an act is the person's, by the address that its events name; found by their index, newest first.

    Nobody is asked why something was said why.
    """
    for noun in (noun for noun in list_nouns() if not noun.is_beside):
        own = (
            events_of(noun.model).alias(change_by=KT("pgh_context__by")).filter(change_by=by.email, pgh_context_id=act)
        )
        if own.order_by("-pgh_created_at")[:1].exists():
            return True
    return False
